"""Does a term's rendering differ between two scopes by more than chance?

The distance is the Jensen–Shannon divergence of the two rendering distributions. Its significance
comes from a permutation test whose blocks are documents: a translator who has chosen a word repeats
it within a document, so single occurrences are not independent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.judging.outcome import ALPHA
from xindaya.metrics.terminology.measures import jensen_shannon

PERMUTATIONS = 2000
_TINY = 1e-9

Counts = Mapping[str, int]
"""Rendering to how often it is used."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between two scopes in one term.

    Attributes:
        divergence: Jensen–Shannon divergence in [0, 1]; None if a side has no rendering.
        p_value: Of the permutation test, or None where no p below 0.05 is possible.
        n: Renderings on the two sides.
        blocks: Documents (or occurrences, if there is one document) that could be exchanged.
    """

    divergence: float | None
    p_value: float | None
    n: tuple[int, int]
    blocks: int

    @property
    def too_few(self) -> bool:
        """True if the data cannot tell, however they fall."""
        return self.p_value is None


def paired_drift(
    blocks: Sequence[tuple[Counts, Counts]],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Drift:
    """Compares two texts of the same documents, such as a system and a reference.

    Under the null hypothesis the two texts of a document could be exchanged, so each permutation
    swaps the two sides of some documents. Documents in which both sides agree change nothing.

    Args:
        blocks: One pair of counts a document.
        permutations: How many are drawn where there are too many to try all.
        seed: Of the random numbers.
    """
    names, left, right = _matrix([a for a, _ in blocks], [b for _, b in blocks])
    differing = (left != right).any(axis=1)
    observed = _divergence_of(left.sum(axis=0), right.sum(axis=0))
    n = (int(left.sum()), int(right.sum()))
    k = int(differing.sum())
    # Swapping every block gives the same divergence: the smallest p is 2 / 2^k.
    if observed is None or (k and 2 / 2**k >= ALPHA):
        return Drift(observed, None, n, k)
    if k == 0 or not names:
        return Drift(observed, 1.0, n, k)
    swaps = _swaps(k, permutations, seed)
    change = (right - left)[differing]
    moved = swaps @ change
    return Drift(
        observed,
        _p_value(left.sum(axis=0) + moved, right.sum(axis=0) - moved, observed, 2**k),
        n,
        k,
    )


def unpaired_drift(
    first: Sequence[Counts],
    second: Sequence[Counts],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Drift:
    """Compares two groups of documents, such as two deliveries, or one document and the rest.

    Under the null hypothesis any of the documents could belong to either group, so each
    permutation deals the documents anew. A single document on each side is dealt by occurrence.

    Args:
        first: Counts of each document of the first group.
        second: Counts of each document of the second group.
        permutations: How many are drawn where there are too many to try all.
        seed: Of the random numbers.
    """
    if len(first) == len(second) == 1:
        first, second = _single(first[0]), _single(second[0])
    _, left, right = _matrix(first, second)
    left, right = left[left.any(axis=1)], right[right.any(axis=1)]
    observed = _divergence_of(left.sum(axis=0), right.sum(axis=0))
    n = (int(left.sum()), int(right.sum()))
    size, other = len(left), len(right)
    deals = math.comb(size + other, size)
    # With groups of one size, exchanging them whole gives the same divergence.
    if observed is None or (2 if size == other else 1) / deals >= ALPHA:
        return Drift(observed, None, n, size + other)
    both = np.concatenate([left, right])
    chosen = _deals(size + other, size, deals, permutations, seed) @ both
    p = _p_value(chosen, both.sum(axis=0) - chosen, observed, deals)
    return Drift(observed, p, n, size + other)


def benjamini_hochberg(p_values: Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Adjusts p-values for the number of terms tested (Benjamini & Hochberg 1995).

    Returns:
        Key to adjusted p-value; flagging those below α keeps the expected share of false flags
        below α.
    """
    adjusted: dict[Hashable, float] = {}
    smallest, total = 1.0, len(p_values)
    ranked = sorted(p_values.items(), key=lambda item: item[1], reverse=True)
    for position, (key, p) in enumerate(ranked):
        smallest = min(smallest, p * total / (total - position))
        adjusted[key] = smallest
    return adjusted


def _matrix(
    first: Sequence[Counts], second: Sequence[Counts]
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Lays counts out as (documents, renderings), with the same columns on both sides."""
    names = sorted({name for counts in (*first, *second) for name in counts})
    left, right = (
        np.array([[c.get(n, 0) for n in names] for c in side], dtype=np.int64).reshape(
            len(side), len(names)
        )
        for side in (first, second)
    )
    return names, left, right


def _single(counts: Counts) -> list[Counts]:
    return [{name: 1} for name in sorted(counts) for _ in range(counts[name])]


def _swaps(blocks: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Returns which blocks are swapped: all patterns if there are few, else random ones."""
    if 2**blocks <= permutations:
        return np.array(list(itertools.product((0, 1), repeat=blocks)), dtype=np.int64)
    rng = np.random.default_rng(seed)
    return rng.integers(2, size=(permutations, blocks), dtype=np.int64)


def _deals(total: int, size: int, deals: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Returns which documents fall into the first group: all deals if few, else random ones."""
    if deals <= permutations:
        chosen = np.array(list(itertools.combinations(range(total), size)))
    else:
        rng = np.random.default_rng(seed)
        chosen = rng.permuted(np.tile(np.arange(total), (permutations, 1)), axis=1)[:, :size]
    picks = np.zeros((len(chosen), total), dtype=np.int64)
    np.put_along_axis(picks, chosen, 1, axis=1)
    return picks


def _p_value(
    left: NDArray[np.int64], right: NDArray[np.int64], observed: float, patterns: int
) -> float:
    """Share of permutations at least as far apart as what was observed."""
    beyond = int((_divergences(left, right) >= observed - _TINY).sum())
    exact = len(left) == patterns
    return beyond / patterns if exact else (beyond + 1) / (len(left) + 1)


def _divergences(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Jensen–Shannon divergence (base 2) of each row; 0 where a side is empty."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = left / left.sum(axis=1, keepdims=True)
        q = right / right.sum(axis=1, keepdims=True)
        middle = (p + q) / 2
        terms = [np.where(x > 0, x * np.log2(x / middle), 0) for x in (p, q)]
    divergences: NDArray[np.float64] = 0.5 * (terms[0] + terms[1]).sum(axis=1)
    return np.nan_to_num(divergences)


def _divergence_of(left: NDArray[np.int64], right: NDArray[np.int64]) -> float | None:
    return jensen_shannon(
        {str(k): int(c) for k, c in enumerate(left) if c},
        {str(k): int(c) for k, c in enumerate(right) if c},
    )

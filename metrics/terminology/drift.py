"""Does a term's rendering differ between two scopes by more than chance?

The distance is the Jensen–Shannon divergence of the two rendering distributions. Its significance
comes from a permutation test whose blocks are documents: a translator who has chosen a word repeats
it within a document, so single occurrences are not independent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.judging.outcome import ALPHA, Outcome
from xindaya.metrics.terminology.measures import jensen_shannon

PERMUTATIONS = 2000
NONE_FOUND = ""
"""The rendering of an occurrence for which none of the listed forms was found: a kind of its own."""

_TINY = 1e-9
_SELDOM = 10  # arrangements as far apart, below which a large family asks for more trials
_AT_ONCE = 2000  # arrangements held in memory together

Counts = Mapping[str, int]
"""Rendering to how often it is used; `NONE_FOUND` is one of them."""

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between two scopes in one term.

    Attributes:
        divergence: Jensen–Shannon divergence in [0, 1]; None if a side has no rendering.
        p_value: Of the permutation test, or None where no p below 0.05 is possible.
        n: Renderings on the two sides.
        blocks: Documents (or occurrences, if there is one document) that could be exchanged.
        least: The smallest p-value that so many blocks could give; after `judged`, adjusted.
        q_value: The p-value adjusted for the tests it was `judged` with, or None where too few to
            tell.
    """

    divergence: float | None
    p_value: float | None
    n: tuple[int, int]
    blocks: int
    least: float = 0.0
    q_value: float | None = None

    @property
    def too_few(self) -> bool:
        """True if the data cannot tell, however they fall."""
        return self.p_value is None

    @property
    def outcome(self) -> Outcome:
        """What the difference comes to among those it was `judged` with: the one place for it."""
        if self.divergence is not None and not self.divergence:
            return Outcome.IDENTICAL
        if self.q_value is None:
            return Outcome.TOO_FEW
        if self.q_value < ALPHA:
            return Outcome.REAL
        return Outcome.TOO_FEW if self.least >= ALPHA else Outcome.CHANCE


def paired_drift(
    blocks: Sequence[tuple[Counts, Counts]],
    *,
    permutations: int = PERMUTATIONS,
    tests: int = 1,
    seed: int = 0,
) -> Drift:
    """Compares two texts of the same documents, such as a system and a reference.

    Under the null hypothesis the two texts of a document could be exchanged, so each permutation
    swaps the two sides of some documents. Documents in which both sides agree change nothing.

    Args:
        blocks: One pair of counts a document.
        permutations: How many are drawn where there are too many to try all.
        tests: How many are judged together: more are drawn where a small p-value has to be told
            from a smaller one.
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
    change = (right - left)[differing]

    def distances(moved: NDArray[np.int64]) -> NDArray[np.float64]:
        return _divergences(left.sum(axis=0) + moved, right.sum(axis=0) - moved)

    trials = _Trials(2**k, 2, permutations, tests, seed)
    # Documents that change alike are drawn together: how many of them are swapped.
    kinds, sizes = _kinds(change)
    p = trials.p_value(
        lambda: np.array(list(itertools.product((0, 1), repeat=k))) @ change,
        lambda number, rng: rng.binomial(sizes, 0.5, size=(number, len(sizes))) @ kinds,
        distances,
        observed,
    )
    return Drift(observed, p, n, k, trials.least)


def unpaired_drift(
    first: Sequence[Counts],
    second: Sequence[Counts],
    *,
    by_occurrence: bool = True,
    permutations: int = PERMUTATIONS,
    tests: int = 1,
    seed: int = 0,
) -> Drift:
    """Compares two groups of documents, such as two deliveries, or one document and the rest.

    Under the null hypothesis any of the documents could belong to either group, so each
    permutation deals the documents anew.

    Args:
        first: Counts of each document of the first group.
        second: Counts of each document of the second group.
        by_occurrence: Deal a single document on each side by occurrence, as if each were chosen
            anew; else there are too few to tell.
        permutations: How many are drawn where there are too many to try all.
        tests: How many are judged together, as in `paired_drift`.
        seed: Of the random numbers.
    """
    if by_occurrence and len(first) == len(second) == 1:
        first, second = _single(first[0]), _single(second[0])
    _, left, right = _matrix(first, second)
    left, right = left[left.any(axis=1)], right[right.any(axis=1)]
    observed = _divergence_of(left.sum(axis=0), right.sum(axis=0))
    n = (int(left.sum()), int(right.sum()))
    size, other = len(left), len(right)
    total = size + other
    # With groups of one size, exchanging them whole gives the same divergence.
    trials = _Trials(math.comb(total, size), 2 if size == other else 1, permutations, tests, seed)
    if observed is None or trials.alike / trials.patterns >= ALPHA:
        return Drift(observed, None, n, total)
    both = np.concatenate([left, right])

    def distances(chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        return _divergences(chosen, both.sum(axis=0) - chosen)

    kinds, sizes = _kinds(both)
    p = trials.p_value(
        lambda: both[list(itertools.combinations(range(total), size))].sum(axis=1),
        lambda number, rng: rng.multivariate_hypergeometric(sizes, size, number) @ kinds,
        distances,
        observed,
    )
    return Drift(observed, p, n, total, trials.least)


@dataclass(frozen=True, slots=True)
class _Trials:
    """How many arrangements there are, and how many are tried.

    Attributes:
        patterns: Arrangements there are.
        alike: How many of them are at least as far apart as the farthest.
        permutations: Drawn at first where they are too many to try all.
        tests: Tests in the family.
        seed: Of the random numbers.
    """

    patterns: int
    alike: int
    permutations: int
    tests: int
    seed: int

    @property
    def most(self) -> int:
        """Trials with which one test of the family can be real even if no other is."""
        return max(self.permutations, round(2 * self.tests / ALPHA))

    @property
    def least(self) -> float:
        """The smallest p-value there could be."""
        drawn = 0.0 if self.patterns <= self.permutations else 1 / (self.most + 1)
        return max(self.alike / self.patterns, drawn)

    def p_value(
        self,
        all_of: Callable[[], NDArray[np.int64]],
        some: Callable[[int, np.random.Generator], NDArray[np.int64]],
        distances: Callable[[NDArray[np.int64]], NDArray[np.float64]],
        observed: float,
    ) -> float:
        """Returns the share of arrangements at least as far apart as what was observed.

        Args:
            all_of: Makes every arrangement.
            some: Draws a number of them.
            distances: Of arrangements.
            observed: Distance.
        """

        def beyond(arrangements: NDArray[np.int64]) -> int:
            return int((distances(arrangements) >= observed - _TINY).sum())

        if self.patterns <= self.permutations:
            return beyond(all_of()) / self.patterns
        rng = np.random.default_rng(self.seed)
        found, trials = beyond(some(self.permutations, rng)), self.permutations
        if found < _SELDOM and self.most > self.permutations:
            # Anew, so that stopping early where nothing is to be found makes no p-value smaller.
            found, trials = 0, self.most
            for start in range(0, trials, _AT_ONCE):
                found += beyond(some(min(_AT_ONCE, trials - start), rng))
        return (found + 1) / (trials + 1)


def judged(drifts: Mapping[_Key, Drift]) -> dict[_Key, Drift]:
    """Adjusts tests for their number, so that each has its `Drift.outcome`.

    Args:
        drifts: All that are looked at together, such as every term of a system.
    """
    p_values = {key: d.p_value for key, d in drifts.items() if d.p_value is not None}
    adjusted = benjamini_hochberg(p_values)

    def attainable(key: _Key, drift: Drift, p: float) -> float:
        if adjusted[key] < ALPHA:
            return adjusted[key]
        return benjamini_hochberg({**p_values, key: min(drift.least, p)})[key]

    return {
        key: d
        if d.p_value is None
        else replace(d, q_value=adjusted[key], least=attainable(key, d, d.p_value))
        for key, d in drifts.items()
    }


def benjamini_hochberg(p_values: Mapping[_Key, float]) -> dict[_Key, float]:
    """Adjusts p-values for the number of terms tested (Benjamini & Hochberg 1995).

    Returns:
        Key to adjusted p-value; flagging those below α keeps the expected share of false flags
        below α.
    """
    adjusted: dict[_Key, float] = {}
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


def _kinds(documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the different rows, in the order in which they come, and how often each does."""
    _, places, counts = np.unique(documents, axis=0, return_index=True, return_counts=True)
    order = np.argsort(places)
    return documents[places[order]], counts[order]


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

"""Is one metric better than another? Permutation tests of Deutsch, Dror and Roth 2021.

The test is their PERM-BOTH as the WMT metrics tasks use it: both metrics' scores are standardised,
then each score is exchanged with the other metric's at random, and the difference of the statistic
between the two mixtures is compared with the one observed. It is two-sided here. Of systems, whose
scores are corpus scores, the system scores are exchanged; of segments, each output's score. Up to
2^12 arrangements are all tried; else the p-value counts the observed one, too: (k + 1) / (n + 1).

For the tie-calibrated accuracy each metric's threshold stays as calibrated, and the two accuracies
within a segment are exchanged (their PERM-INPUTS).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.bootstrap import blocks
from xindaya.metrics.agreement.correlation import (
    STATISTICS,
    Floats,
    pairs_of,
    signs,
    tau_of_signs,
)

Masks = NDArray[np.bool_]
_EXACT_BITS = 12
_ROUNDING = 1e-12  # a difference this close to the observed one equals it
_Delta = Callable[[Masks], Floats]


def is_exact(units: int) -> bool:
    """True if all arrangements of so many scores are tried."""
    return units <= _EXACT_BITS


def permutations(units: int, samples: int) -> int:
    """Returns how many arrangements are tried."""
    return 2**units if is_exact(units) else samples


def system_test(
    statistic: str, metrics: tuple[Floats, Floats], human: Floats, samples: int, seed: int
) -> tuple[float, float]:
    """Tests two metrics on systems.

    Args:
        statistic: One of `STATISTICS`.
        metrics: System scores of two metrics, shape (systems,), higher is better.
        human: Those of people.
        samples: Permutations, unless there are few enough to try all.
        seed: Of the random numbers.

    Returns:
        Statistic of the second minus that of the first, and the p-value.
    """
    first, second = (_standardised(scores) for scores in metrics)
    of = STATISTICS[statistic]

    def delta(masks: Masks) -> Floats:
        gold = np.broadcast_to(human, masks.shape)
        mixed = np.where(masks, second, first), np.where(masks, first, second)
        return of(mixed[1], gold) - of(mixed[0], gold)

    return _test(delta, len(human), len(human) ** 2, samples, seed)


def pooled_pearson_test(
    metrics: tuple[Floats, Floats], human: Floats, samples: int, seed: int
) -> tuple[float, float]:
    """Tests two metrics' Pearson correlation over all scored outputs together.

    The three sums a correlation needs are sums over outputs, so an exchange is a product.

    Args:
        metrics: Scores of outputs, shape (outputs,), higher is better.
        human: Those of people.
        samples: Permutations.
        seed: Of the random numbers.

    Returns:
        Correlation of the second minus that of the first, and the p-value.
    """
    first, second = (_standardised(scores) for scores in metrics)
    gold = _standardised(human)
    swapped = np.stack([second - first, second**2 - first**2, (second - first) * gold], axis=1)
    base = np.array([0.0, (first**2).sum(), (first * gold).sum()])
    both = np.array([0.0, (first**2 + second**2).sum(), ((first + second) * gold).sum()])
    n, spread = len(gold), (gold**2).sum()

    def correlation(sums: Floats) -> Floats:
        total, squares, products = sums.T
        scale = np.sqrt(np.maximum(squares - total * total / n, 0.0) * spread)
        known: Floats = np.where(scale > 0, products / np.where(scale > 0, scale, 1.0), np.nan)
        return known

    def delta(masks: Masks) -> Floats:
        one = base + masks.astype(np.float64) @ swapped
        return correlation(both - one) - correlation(one)

    return _test(delta, n, n, samples, seed)


def item_tau_test(
    metrics: tuple[Floats, Floats], human: Floats, samples: int, seed: int
) -> tuple[float, float]:
    """Tests two metrics' mean tau-b within segments.

    Args:
        metrics: Scores, shape (systems, segments), higher is better.
        human: Those of people; NaN where nobody scored.
        samples: Permutations.
        seed: Of the random numbers.

    Returns:
        Mean tau of the second minus that of the first, and the p-value.
    """
    scored = np.isfinite(human)
    pairs = pairs_of(len(human))
    gold = signs(human.T, pairs)
    first, second = _joint_ranks(metrics, scored)
    first, second, scored = first.T, second.T, scored.T  # segments first: pairs lie side by side
    outside = pairs_outside(scored, pairs)

    def mean_tau(ranks: NDArray[np.int32]) -> Floats:
        said = signs(ranks, pairs)
        said[:, outside] = 0
        taus = tau_of_signs(said, np.broadcast_to(gold, said.shape))
        defined = np.isfinite(taus)
        total = np.where(defined, taus, 0.0).sum(axis=1)
        mean: Floats = total / np.maximum(defined.sum(axis=1), 1)
        return mean

    def delta(masks: Masks) -> Floats:
        masks = masks.reshape(len(masks), *first.shape)
        one, other = np.where(masks, second, first), np.where(masks, first, second)
        return mean_tau(other) - mean_tau(one)

    return _test(delta, first.size, 8 * gold.size, samples, seed)


def item_mean_test(
    accuracies: tuple[Floats, Floats], samples: int, seed: int
) -> tuple[float, float]:
    """Tests the difference of two means over segments by exchanging within segments.

    Args:
        accuracies: Shape (segments,), NaN in both where there is none.
        samples: Permutations.
        seed: Of the random numbers.

    Returns:
        Mean of the second minus that of the first, and the p-value.
    """
    differences = accuracies[1] - accuracies[0]
    differences = differences[np.isfinite(differences)]

    def delta(masks: Masks) -> Floats:
        total = differences.sum() - 2 * (masks.astype(np.float64) @ differences)
        mean: Floats = total / len(differences)
        return mean

    return _test(delta, len(differences), len(differences), samples, seed)


def pairs_outside(scored: Masks, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Masks:
    """Marks the pairs of which people scored not both, shape (segments, pairs)."""
    return ~(scored[:, pairs[0]] & scored[:, pairs[1]])


def _test(delta: _Delta, units: int, width: int, samples: int, seed: int) -> tuple[float, float]:
    """Compares the observed difference with those of exchanged scores.

    Args:
        delta: Gives the difference for masks of shape (n, units) that say what is exchanged.
        units: How many scores may be exchanged.
        width: Doubles one permutation takes, for the size of a block.
        samples: Permutations, unless all are tried.
        seed: Of the random numbers.
    """
    observed = float(delta(np.zeros((1, units), dtype=np.bool_))[0])
    if not np.isfinite(observed):
        return observed, 1.0
    limit = abs(observed) - _ROUNDING
    beyond = 0
    for masks in _masks(units, width, samples, seed):
        # An arrangement in which a correlation is undefined speaks against a difference.
        differences = np.nan_to_num(np.abs(delta(masks)), nan=np.inf)
        beyond += int((differences >= limit).sum())
    if is_exact(units):
        return observed, beyond / 2**units
    return observed, (beyond + 1) / (samples + 1)


def _masks(units: int, width: int, samples: int, seed: int) -> Iterator[Masks]:
    if is_exact(units):
        numbers = np.arange(2**units)
        yield (numbers[:, None] >> np.arange(units)) & 1 == 1
        return
    rng = np.random.default_rng(seed)
    for size in blocks(samples, max(units, width)):
        yield rng.integers(2, size=(size, units), dtype=bool)


def _standardised(scores: Floats) -> Floats:
    spread = float(scores.std())
    standard: Floats = (scores - scores.mean()) / (spread if spread > 0 else 1.0)
    return standard


def _joint_ranks(
    metrics: tuple[Floats, Floats], scored: Masks
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Ranks both metrics' standardised scores in one order: integers compare faster."""
    standard = []
    for scores in metrics:
        full = np.zeros(scores.shape)
        full[scored] = _standardised(scores[scored])
        standard.append(full)
    _, ranks = np.unique(np.stack(standard), return_inverse=True)
    first, second = ranks.astype(np.int32).reshape(2, *scored.shape)
    return first, second

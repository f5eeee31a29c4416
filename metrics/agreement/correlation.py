"""Correlations of many short vectors at once, and Kendall's tau of a long one.

Of many, the last axis is correlated and the others batch.

Pearson's r. Kendall's tau-b (Kendall 1945) = (C − D) / sqrt((n0 − Tx)(n0 − Ty)), with C and D the
concordant and discordant of all n0 pairs, and Tx, Ty those tied in x or in y; equivalently, the sum
of sgn(x_i − x_j) sgn(y_i − y_j) over the root of the sums of their squares. And the pairwise
accuracy of Kocmi et al. 2021, "To Ship or Not to Ship": the share of system pairs with
sgn(metric_i − metric_j) = sgn(human_i − human_j), so that a tie on both sides agrees and a tie on
one side does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Pairs: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp]]


def pearson(x: Floats, y: Floats) -> Floats:
    """Correlates the last axis of two arrays of one shape; NaN where a vector is constant."""
    dx, dy = x - x.mean(axis=-1, keepdims=True), y - y.mean(axis=-1, keepdims=True)
    scale = np.sqrt((dx * dx).sum(axis=-1) * (dy * dy).sum(axis=-1))
    flat = (np.ptp(x, axis=-1) == 0) | (np.ptp(y, axis=-1) == 0) | (scale == 0)
    r = (dx * dy).sum(axis=-1) / np.where(flat, 1.0, scale)
    return np.where(flat, np.nan, np.clip(r, -1.0, 1.0))


def kendall(x: Floats, y: Floats) -> Floats:
    """Tau-b over the last axis; NaN where a vector is constant."""
    pairs = pairs_of(x.shape[-1])
    return tau_of_signs(signs(x, pairs), signs(y, pairs))


def accuracy(x: Floats, y: Floats, drawn: NDArray[np.intp] | None = None) -> Floats:
    """Pairwise accuracy over the last axis; NaN where all pairs are ties on a side, as tau is.

    Args:
        x: Scores of systems.
        y: Scores of the same systems.
        drawn: Of resampled systems, which one each is: two copies of one are no pair.
    """
    pairs = pairs_of(x.shape[-1])
    said, gold = signs(x, pairs), signs(y, pairs)
    counted = np.ones(said.shape, bool) if drawn is None else signs(drawn, pairs) != 0
    total = counted.sum(axis=-1)
    share = ((said == gold) & counted).sum(axis=-1) / np.maximum(total, 1)
    return np.where(said.any(axis=-1) & gold.any(axis=-1), share, np.nan)


def accuracy_by_chance(x: Floats, y: Floats) -> Floats:
    """Mean pairwise accuracy over all orders of `y`, on the last axis.

    Each pair then has each pair of people's scores equally often: both sides tie with the product
    of their shares of ties, and of the pairs tied on neither side half are ordered alike.
    """
    pairs = pairs_of(x.shape[-1])
    ties = [(signs(v, pairs) == 0).mean(axis=-1) for v in (x, y)]
    line: Floats = ties[0] * ties[1] + (1 - ties[0]) * (1 - ties[1]) / 2
    return line


STATISTICS: Mapping[str, Callable[[Floats, Floats], Floats]] = MappingProxyType(
    {PEARSON: pearson, KENDALL: kendall, ACCURACY: accuracy}
)
"""What is computed of systems, by name."""


def pairs_of(n: int) -> Pairs:
    """Returns the positions (i, j), i < j, of all pairs of n things."""
    return np.triu_indices(n, 1)


def signs(values: NDArray[Any], pairs: Pairs) -> NDArray[np.int8]:
    """Returns the sign of each pair's difference along the last axis; 0 where one is NaN."""
    first, second = values[..., pairs[0]], values[..., pairs[1]]
    above: NDArray[np.int8] = (first > second).astype(np.int8)
    return above - (first < second).astype(np.int8)


def tau_of_signs(x: NDArray[np.int8], y: NDArray[np.int8]) -> Floats:
    """Tau-b over the last axis of two arrays of signs; NaN where one is all ties."""
    agreeing = (x * y).sum(axis=-1, dtype=np.int64)
    untied = np.abs(x).sum(axis=-1, dtype=np.int64), np.abs(y).sum(axis=-1, dtype=np.int64)
    scale = np.sqrt(untied[0].astype(np.float64) * untied[1])
    return np.where(scale > 0, agreeing / np.where(scale > 0, scale, 1.0), np.nan)


def item_taus(x: Floats, y: Floats) -> Floats:
    """Returns tau-b within each segment; NaN where one side has only ties."""
    pairs = pairs_of(len(x))
    scored = np.where(np.isfinite(y), x, np.nan)
    return tau_of_signs(signs(scored.T, pairs), signs(y.T, pairs))


def tau_b(x: NDArray[Any], y: NDArray[Any]) -> float:
    """Returns tau-b of two vectors of shape (n,), in O(n log² n); NaN if one is constant."""
    agreeing, untied_x, untied_y = pair_sums(x, y)
    return tau_from_sums(int(agreeing.sum()), int(untied_x.sum()), int(untied_y.sum()))


def tau_from_sums(agreeing: float, untied_x: float, untied_y: float) -> float:
    """Returns tau-b from the totals of `pair_sums`."""
    if untied_x <= 0 or untied_y <= 0:
        return float("nan")
    tau = agreeing / np.sqrt(untied_x) / np.sqrt(untied_y)
    return float(min(1.0, max(-1.0, tau)))


def pair_sums(x: NDArray[Any], y: NDArray[Any]) -> tuple[Ints, Ints, Ints]:
    """Counts the pairs each observation is in.

    Returns:
        Three arrays of shape (n,): concordant minus discordant partners, partners not tied in x,
        partners not tied in y. Every pair is counted at both of its ends.
    """
    ranks_x, tied_x = _ranks(x)
    ranks_y, tied_y = _ranks(y)
    both = ranks_x * (ranks_y.max(initial=0) + 1) + ranks_y
    _, tied_both = _ranks(both)
    discordant = _discordant(ranks_x, ranks_y)
    others = len(ranks_x) - 1
    concordant = others - (tied_x + tied_y - tied_both) - discordant
    return concordant - discordant, others - tied_x, others - tied_y


def _ranks(values: NDArray[Any]) -> tuple[Ints, Ints]:
    """Returns dense ranks from 0, and with how many others each value is tied."""
    _, ranks, counts = np.unique(values, return_inverse=True, return_counts=True)
    return ranks.astype(np.int64), (counts[ranks] - 1).astype(np.int64)


def _discordant(x: Ints, y: Ints) -> Ints:
    """Counts each observation's discordant partners by merging ever longer sorted runs.

    In the order of x (ties by y) they are the inversions of y (Knight 1966): an element passes,
    in all merges together, exactly the partners it is inverted with.
    """
    size = len(x)
    order = np.lexsort((y, x))
    place, values = order, y[order]  # observations and their y, in runs sorted by y
    found = np.zeros(size, dtype=np.int64)
    span = int(y.max(initial=0)) + 1
    positions = np.arange(size)
    width = 1
    while width < size:
        block = positions // (2 * width)
        from_left = positions % (2 * width) < width
        merged = np.argsort(block * span + values, kind="stable")
        from_left, block = from_left[merged], block[merged]
        before: Ints = np.cumsum(from_left) - from_left  # elements of left runs before each
        start = block * 2 * width
        left_before: Ints = before - before[start]
        left_size = np.minimum(width, size - start)
        right_before = positions - start - left_before
        # Stable: a tie keeps the left element first, so only strict inversions are counted.
        inverted = np.where(from_left, right_before, left_size - left_before)
        place, values = place[merged], values[merged]
        found[place] += inverted
        width *= 2
    return found

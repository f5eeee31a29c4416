"""Kendall's tau-b (Kendall 1945): rank correlation with ties on both sides.

tau_b = (C − D) / sqrt((n0 − Tx)(n0 − Ty)), with C and D the concordant and discordant of all n0
pairs, and Tx, Ty those tied in x or in y. Equivalently: the sum of sgn(x_i − x_j) sgn(y_i − y_j)
over the root of the sums of their squares, which is how it is computed for many short groups.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


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


def pair_sums(x: NDArray[Any], y: NDArray[Any]) -> tuple[_Ints, _Ints, _Ints]:
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


def _ranks(values: NDArray[Any]) -> tuple[_Ints, _Ints]:
    """Returns dense ranks from 0, and with how many others each value is tied."""
    _, ranks, counts = np.unique(values, return_inverse=True, return_counts=True)
    return ranks.astype(np.int64), (counts[ranks] - 1).astype(np.int64)


def _discordant(x: _Ints, y: _Ints) -> _Ints:
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
        before: _Ints = np.cumsum(from_left) - from_left  # elements of left runs before each
        start = block * 2 * width
        left_before: _Ints = before - before[start]
        left_size = np.minimum(width, size - start)
        right_before = positions - start - left_before
        # Stable: a tie keeps the left element first, so only strict inversions are counted.
        inverted = np.where(from_left, right_before, left_size - left_before)
        place, values = place[merged], values[merged]
        found[place] += inverted
        width *= 2
    return found

"""Correlations of many short vectors at once: the last axis is correlated, the others batch.

Pearson's r; Kendall's tau-b (see `kendall`); and the pairwise accuracy of Kocmi et al. 2021, "To
Ship or Not to Ship": the share of system pairs with sgn(metric_i − metric_j) = sgn(human_i −
human_j), so that a tie on both sides agrees and a tie on one side does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON

Floats: TypeAlias = NDArray[np.float64]
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
    """Pairwise accuracy over the last axis; NaN where there is no pair.

    Args:
        x: Scores of systems.
        y: Scores of the same systems.
        drawn: Of resampled systems, which one each is: two copies of one are no pair.
    """
    pairs = pairs_of(x.shape[-1])
    alike = signs(x, pairs) == signs(y, pairs)
    counted = np.ones_like(alike) if drawn is None else signs(drawn, pairs) != 0
    total = counted.sum(axis=-1)
    share = (alike & counted).sum(axis=-1) / np.maximum(total, 1)
    return np.where(total > 0, share, np.nan)


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

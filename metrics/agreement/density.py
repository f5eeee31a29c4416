"""Thousands of segment scores as a few hundred squares."""

from __future__ import annotations

import numpy as np

from xindaya.metrics.agreement.correlation import Floats
from xindaya.metrics.agreement.values import Cell, Density

_BINS = 24


def density(metric: Floats, human: Floats) -> Density:
    """Counts scores in squares.

    The axes reach from the 1 % to the 99 % percentile, so that a few outliers do not squeeze the
    rest together; what lies beyond is counted in the outermost squares.

    Args:
        metric: Scores, shape (n,).
        human: Scores of the same outputs, finite.
    """
    metric_edges, human_edges = _edges(metric), _edges(human)
    places = _place(metric, metric_edges), _place(human, human_edges)
    counts = np.zeros((_BINS, _BINS), dtype=np.int64)
    np.add.at(counts, places, 1)
    cells = tuple(
        Cell(int(i), int(j), int(counts[i, j])) for i, j in zip(*np.nonzero(counts), strict=True)
    )
    return Density(tuple(metric_edges.tolist()), tuple(human_edges.tolist()), cells)


def _edges(values: Floats) -> Floats:
    low, high = (np.percentile(values, [1, 99])) if len(values) else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, low + 0.5
    return np.linspace(low, high, _BINS + 1)


def _place(values: Floats, edges: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)

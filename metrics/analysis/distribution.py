"""How the segment scores of a metric are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.metric import Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 20


@dataclass(frozen=True, slots=True)
class Distribution:
    """Histograms of the systems' segment scores over the same bins.

    Attributes:
        edges: Of the bins, one more than there are bins. A score on an edge
            belongs above it, on the last edge below.
        counts: One histogram a system.
        above: Scores beyond the last edge, a number a system (TER has no upper end).
        quartiles: Lower quartile, median and upper quartile of each system, interpolated; None
            where no score is finite.
    """

    edges: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]
    above: tuple[int, ...]
    quartiles: tuple[tuple[float, float, float] | None, ...]


def distribution(evaluation: Evaluation, metric: str) -> Distribution:
    """Returns the distribution of one metric's segment scores."""
    scores = [_finite(column) for column in evaluation.segment_scores[metric].values()]
    of_hundred = evaluation.metrics[metric].digits == Metric.digits
    edges = _edges(np.concatenate([*scores, np.zeros(0)]), of_hundred)
    return Distribution(
        edges=tuple(edges.tolist()),
        counts=tuple(tuple(np.histogram(s, edges)[0].tolist()) for s in scores),
        above=tuple(int((s > edges[-1]).sum()) for s in scores),
        quartiles=tuple(_quartiles(s) for s in scores),
    )


def _finite(column: Sequence[float]) -> NDArray[np.float64]:
    # Rounded because a perfect BLEU comes out as 100.00000000000004, beyond the last edge.
    values: NDArray[np.float64] = np.array(column, dtype=np.float64).round(9)
    return values[np.isfinite(values)]


def _edges(scores: NDArray[Any], of_hundred: bool) -> NDArray[np.float64]:
    """Returns 0 to 100 or 0 to 1, whichever is the metric's scale, or else its own range."""
    low, high = (scores.min(), scores.max()) if scores.size else (0.0, 100.0)
    if low >= 0 and (of_hundred or high <= 1.5):
        return np.linspace(0, 100 if high > 1.5 else 1, BINS + 1)
    return np.linspace(min(low, 0.0), high, BINS + 1)


def _quartiles(scores: NDArray[Any]) -> tuple[float, float, float] | None:
    if not scores.size:
        return None
    low, middle, high = np.quantile(scores, (0.25, 0.5, 0.75)).tolist()
    return low, middle, high

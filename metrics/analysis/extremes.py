"""Segments to look at first: where scores are worst, and where systems differ most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xindaya.metrics.evaluation import Evaluation

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 15


@dataclass(frozen=True, slots=True)
class Extremes:
    """Positions of segments, the first to look at first; level ones in document order.

    Attributes:
        worst: With the worst mean score over the systems.
        worst_of: With the worst score of each system.
        different: With the largest range of scores between systems; empty for one system.
    """

    worst: tuple[int, ...]
    worst_of: tuple[tuple[int, ...], ...]
    different: tuple[int, ...]


def extremes(evaluation: Evaluation, metric: str, most: int = MOST) -> Extremes:
    """Returns the worst and most different segments by one metric, at most so many each.

    A segment with a score that is no number is left out.
    """
    scores = np.array(list(evaluation.segment_scores[metric].values()), dtype=np.float64)
    scores = scores.reshape(len(evaluation.systems), len(evaluation.corpus.segments))
    badness = -scores if evaluation.metrics[metric].higher_is_better else scores
    spread = scores.max(axis=0, initial=-np.inf) - scores.min(axis=0, initial=np.inf)
    several = len(scores) > 1
    return Extremes(
        worst=_first(badness.mean(axis=0), most) if len(scores) else (),
        worst_of=tuple(_first(column, most) for column in badness),
        different=_first(np.where(spread > 0, spread, np.nan), most) if several else (),
    )


def _first(values: NDArray[np.float64], most: int) -> tuple[int, ...]:
    """Returns the positions of the largest finite values."""
    known = np.flatnonzero(np.isfinite(values))
    order = np.argsort(-values[known], kind="stable")[:most]
    return tuple(known[order].tolist())

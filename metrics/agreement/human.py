"""Human scores joined to a corpus, and how they fit the one idea: rows that add up, and a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.metric import Metric, Progress, Rows
from xindaya.pairs import Segment


@dataclass(frozen=True, slots=True)
class HumanScores:
    """Human scores of the systems of a corpus.

    Attributes:
        systems: Scored systems, in the order of the corpus.
        scores: Of their outputs, shape (systems, segments), NaN where nobody scored; None if only
            systems were scored.
        totals: Of the systems, shape (systems,): the file's, or the mean of the scored segments.
        higher_is_better: Whether a higher score is better.
    """

    systems: tuple[str, ...]
    scores: NDArray[np.float64] | None
    totals: NDArray[np.float64]
    higher_is_better: bool

    @property
    def sign(self) -> float:
        """Factor that makes higher better."""
        return 1.0 if self.higher_is_better else -1.0

    def rows(self) -> Rows:
        """Returns the sum and the number of scores, shape (systems, segments, 2)."""
        assert self.scores is not None
        rated = np.isfinite(self.scores)
        return np.stack([np.where(rated, self.scores, 0.0), rated], axis=2)


def means(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the mean of each system's scored segments; every system has at least one."""
    mean: NDArray[np.float64] = np.nansum(scores, axis=1) / np.isfinite(scores).sum(axis=1)
    return mean


@dataclass(frozen=True)
class HumanMean(Metric):
    """The mean human score of segments, as a metric: a sum and a count."""

    @property
    def name(self) -> str:
        return "human"

    @property
    def columns(self) -> tuple[str, ...]:
        return ("sum", "count")

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        raise NotImplementedError("people score, not programs: see HumanScores.rows")

    def score(self, row: Sequence[Any]) -> float:
        total, count = row
        return total / count if count else float("nan")

    def scores(self, rows: Rows) -> Rows:
        mean: Rows = rows[:, 0] / np.where(rows[:, 1] > 0, rows[:, 1], np.nan)
        return mean

    def signature(self, segments: Sequence[Segment]) -> str:
        return "human"

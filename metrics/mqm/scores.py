"""MQM scores of segments, documents and systems: mean penalty, lower is better.

A segment's score is the mean over its raters of the penalties each of them gave; a rater who
found nothing counts with 0. A system's score is the mean of its rated segments, as WMT publishes
it (there negated). A segment that nobody rated has no score; it is not 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xindaya.metrics.mqm.weights import WMT, Weights
from xindaya.pairs import InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.errors import preview

if TYPE_CHECKING:
    import pandas as pd

    from xindaya.pairs.formats import MqmError


@dataclass(frozen=True)
class MqmScores:
    """Mean penalties, in points a segment.

    Attributes:
        weights: The weights they were computed with.
        segments: System to segment id to score, in the order of the ratings.
        raters: System to segment id to the number of raters.
    """

    weights: Weights
    segments: Mapping[str, Mapping[str, float]]
    raters: Mapping[str, Mapping[str, int]]

    @cached_property
    def systems(self) -> dict[str, float]:
        """System to the mean over its rated segments."""
        return {name: _mean(scores.values()) for name, scores in self.segments.items()}

    def documents(self, document_of: Mapping[str, str]) -> dict[str, dict[str, float]]:
        """Returns system to document to the mean over its rated segments.

        Args:
            document_of: Segment id to document id.
        """
        result: dict[str, dict[str, float]] = {}
        for system, scores in self.segments.items():
            groups: dict[str, list[float]] = {}
            for segment, score in scores.items():
                groups.setdefault(document_of[segment], []).append(score)
            result[system] = {document: _mean(group) for document, group in groups.items()}
        return result

    def describe(self) -> str:
        """Returns what the numbers are, in one line."""
        most = max(n for counts in self.raters.values() for n in counts.values())
        raters = "1 rater" if most == 1 else f"mean over 1 to {most} raters"
        return (
            f"MQM penalty a segment, {raters}, lower is better; weights {self.weights.describe()}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns system scores and their parameters for JSON."""
        return {
            "weights": self.weights.to_dict(),
            "systems": [
                {"name": name, "score": score, "segments": len(self.segments[name])}
                for name, score in self.systems.items()
            ],
        }

    def frame(self) -> pd.DataFrame:
        """Returns segment scores as a frame with the columns system, segment, score, raters."""
        import pandas as pd

        rows = [
            (system, segment, score, self.raters[system][segment])
            for system, scores in self.segments.items()
            for segment, score in scores.items()
        ]
        return pd.DataFrame(rows, columns=["system", "segment", "score", "raters"])


def score_errors(errors: Iterable[MqmError], weights: Weights = WMT) -> MqmScores:
    """Scores ratings.

    Args:
        errors: Rows of ratings, also those that say ``No-error``.
        weights: Penalty points.

    Raises:
        InputError: If the weights do not know a severity of a file.
        UsageError: If they do not know one that comes from no file.
        NothingToEvaluateError: If there is no rating.
    """
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for e in errors:
        by_rater = found.setdefault(e.system, {}).setdefault(e.segment, {})
        by_rater.setdefault(e.rater, []).append(_penalty(e, weights))
    if not found:
        raise NothingToEvaluateError("no rating: there is nothing to score")
    return MqmScores(
        weights,
        {
            system: {
                segment: _mean([math.fsum(points) for points in by_rater.values()])
                for segment, by_rater in segments.items()
            }
            for system, segments in found.items()
        },
        {
            system: {segment: len(by_rater) for segment, by_rater in segments.items()}
            for system, segments in found.items()
        },
    )


def _penalty(error: MqmError, weights: Weights) -> float:
    try:
        return weights.penalty(error.category, error.severity)
    except UsageError as unknown:
        if error.path is None:
            raise
        raise InputError(
            error.path,
            f"the severity {preview(error.severity)}",
            f"one that {weights.name} weights know: {', '.join(weights.severities)}",
            line=error.line,
            hint="correct it, or choose other weights",
        ) from unknown


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return math.fsum(held) / len(held)

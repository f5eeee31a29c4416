"""What changed from one evaluation to another of the same test set."""

from xindaya.metrics.changes.changes import compare_evaluations
from xindaya.metrics.changes.matching import Matching, match_systems
from xindaya.metrics.changes.model import (
    Changes,
    FindingChanges,
    GateChange,
    OccurrenceChange,
    RenderingChange,
    ScoreChange,
    SegmentChange,
    SegmentChanges,
    SystemChange,
    TermChange,
    TermChanges,
)
from xindaya.metrics.changes.words import Stretch, word_difference

__all__ = [
    "Changes",
    "FindingChanges",
    "GateChange",
    "Matching",
    "OccurrenceChange",
    "RenderingChange",
    "ScoreChange",
    "SegmentChange",
    "SegmentChanges",
    "Stretch",
    "SystemChange",
    "TermChange",
    "TermChanges",
    "compare_evaluations",
    "match_systems",
    "word_difference",
]

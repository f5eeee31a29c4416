"""What changed from one evaluation to another of the same test set."""

from xindaya.metrics.changes.changes import compare_evaluations
from xindaya.metrics.changes.comparable import check_same_measure, signature_changes
from xindaya.metrics.changes.matching import Matching, match_systems
from xindaya.metrics.changes.model import (
    Changes,
    FindingChanges,
    GateChange,
    OccurrenceChange,
    Outcome,
    RenderingChange,
    ScoreChange,
    SegmentChange,
    SegmentChanges,
    SystemChange,
    TermChange,
    TermChanges,
)
from xindaya.metrics.changes.terms import is_error
from xindaya.metrics.changes.words import Stretch, word_difference

__all__ = [
    "Changes",
    "FindingChanges",
    "GateChange",
    "Matching",
    "OccurrenceChange",
    "Outcome",
    "RenderingChange",
    "ScoreChange",
    "SegmentChange",
    "SegmentChanges",
    "Stretch",
    "SystemChange",
    "TermChange",
    "TermChanges",
    "check_same_measure",
    "compare_evaluations",
    "is_error",
    "match_systems",
    "signature_changes",
    "word_difference",
]

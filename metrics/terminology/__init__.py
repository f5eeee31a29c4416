"""Terminology: how each text renders each term, and whether that follows the termbase."""

from xindaya.metrics.terminology.drift import Drift
from xindaya.metrics.terminology.metric import TermAdherence
from xindaya.metrics.terminology.neutralisation import Neutralisation
from xindaya.metrics.terminology.report import (
    Rendering,
    Terminology,
    TermSummary,
    TermUse,
    check_corpus,
    current_id,
    occurrence_id,
)
from xindaya.metrics.terminology.spans import Tier
from xindaya.metrics.terminology.verdicts import Occurrence, TermChecker, Verdict

__all__ = [
    "Drift",
    "Neutralisation",
    "Occurrence",
    "Rendering",
    "TermAdherence",
    "TermChecker",
    "TermSummary",
    "TermUse",
    "Terminology",
    "Tier",
    "Verdict",
    "check_corpus",
    "current_id",
    "occurrence_id",
]

"""Metrics: statistics plus a score, significance, and terminology."""

from xindaya.metrics.bleu import BLEU
from xindaya.metrics.chrf import CHRF
from xindaya.metrics.evaluation import (
    Evaluation,
    Finding,
    GateResult,
    Provenance,
    Unscored,
)
from xindaya.metrics.metric import Metric, Rows
from xindaya.metrics.registry import METRIC_NAMES, make_metrics
from xindaya.metrics.resampling import Comparison, Interval
from xindaya.metrics.ter import TER
from xindaya.metrics.terminology import TermAdherence, Terminology, check_corpus

__all__ = [
    "BLEU",
    "CHRF",
    "METRIC_NAMES",
    "TER",
    "Comparison",
    "Evaluation",
    "Finding",
    "GateResult",
    "Interval",
    "Metric",
    "Provenance",
    "Rows",
    "TermAdherence",
    "Terminology",
    "Unscored",
    "check_corpus",
    "make_metrics",
]

"""Metrics: statistics plus a score, significance, and terminology.

Each name is loaded when it is first used: a plain score needs neither NumPy nor jieba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xindaya.pairs.lazy import lazy_names

if TYPE_CHECKING:
    from xindaya.metrics.bleu import BLEU
    from xindaya.metrics.chrf import CHRF
    from xindaya.metrics.evaluation import (
        Evaluation,
        Finding,
        GateResult,
        Provenance,
        Unscored,
    )
    from xindaya.metrics.judging.outcome import Comparison, Interval
    from xindaya.metrics.measures import METRIC_NAMES, make_metrics
    from xindaya.metrics.metric import Metric, Rows
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

__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(__all__, "xindaya.metrics.evaluation")
    | dict.fromkeys(("Comparison", "Interval"), "xindaya.metrics.judging.outcome")
    | dict.fromkeys(("METRIC_NAMES", "make_metrics"), "xindaya.metrics.measures")
    | dict.fromkeys(("Metric", "Rows"), "xindaya.metrics.metric")
    | dict.fromkeys(("TermAdherence", "Terminology", "check_corpus"), "xindaya.metrics.terminology")
    | {
        "BLEU": "xindaya.metrics.bleu",
        "CHRF": "xindaya.metrics.chrf",
        "TER": "xindaya.metrics.ter",
    },
)

"""Human error ratings as scores: segments and systems as WMT does it, and lots with a verdict."""

from xindaya.metrics.mqm.intervals import CONFIDENCE, penalty_interval
from xindaya.metrics.mqm.lots import (
    LEAST_SIZE,
    LotScore,
    Verdict,
    passing_in_words,
    score_lot,
    smallest_passing,
)
from xindaya.metrics.mqm.scores import MqmScores, score_errors
from xindaya.metrics.mqm.sizes import SIDES, sample_size
from xindaya.metrics.mqm.tolerance import Linear, Logarithmic, Tolerance, logarithmic
from xindaya.metrics.mqm.weights import (
    J2450_LIKE,
    MQM,
    NO_ERROR,
    PRESETS,
    WMT,
    WMT24,
    Weights,
    preset,
)

__all__ = [
    "CONFIDENCE",
    "J2450_LIKE",
    "LEAST_SIZE",
    "MQM",
    "NO_ERROR",
    "PRESETS",
    "SIDES",
    "WMT",
    "WMT24",
    "Linear",
    "Logarithmic",
    "LotScore",
    "MqmScores",
    "Tolerance",
    "Verdict",
    "Weights",
    "logarithmic",
    "passing_in_words",
    "penalty_interval",
    "preset",
    "sample_size",
    "score_errors",
    "score_lot",
    "smallest_passing",
]

"""Where the difference lies: an evaluation cut into parts, each part a plain value.

Every number is read off the evaluation's rows and texts; nothing is scored again. `analyse` makes
all of it, the functions of each file a part.
"""

from __future__ import annotations

from xindaya.metrics.analysis.analyse import Analysis, analyse
from xindaya.metrics.analysis.distribution import Distribution, distribution
from xindaya.metrics.analysis.extremes import Extremes, extremes
from xindaya.metrics.analysis.ngrams import NGram, NGramComparison, compare_ngrams
from xindaya.metrics.analysis.slices import Slice, by_document, by_domain, by_length
from xindaya.metrics.analysis.words import WordAccuracy, word_accuracy

__all__ = [
    "Analysis",
    "Distribution",
    "Extremes",
    "NGram",
    "NGramComparison",
    "Slice",
    "WordAccuracy",
    "analyse",
    "by_document",
    "by_domain",
    "by_length",
    "compare_ngrams",
    "distribution",
    "extremes",
    "word_accuracy",
]

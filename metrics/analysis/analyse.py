"""The whole analysis of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xindaya.metrics.analysis.distribution import Distribution, distribution
from xindaya.metrics.analysis.extremes import Extremes, extremes
from xindaya.metrics.analysis.ngrams import NGramComparison, compare_ngrams
from xindaya.metrics.analysis.slices import Slice, by_document, by_domain, by_length
from xindaya.metrics.analysis.texts import metric_coder
from xindaya.metrics.analysis.words import WordAccuracy, word_accuracy
from xindaya.metrics.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Analysis:
    """All parts of the analysis; a part that the corpus has no ground for is empty or None.

    Attributes:
        documents: Scores by document; empty unless there are several, some of several segments
            (else they are the segment scores).
        domains: Scores by domain; empty unless there are several.
        lengths: Scores by length of the source; empty without sources.
        distributions: Metric name to how its segment scores are distributed.
        extremes: Metric name to its worst and most different segments.
        ngrams: The baseline against each other system; empty without a baseline or references.
        words: Word accuracy by frequency; None without references.
    """

    documents: tuple[Slice, ...]
    domains: tuple[Slice, ...]
    lengths: tuple[Slice, ...]
    distributions: Mapping[str, Distribution]
    extremes: Mapping[str, Extremes]
    ngrams: tuple[NGramComparison, ...]
    words: WordAccuracy | None


def analyse(evaluation: Evaluation) -> Analysis:
    """Computes every part of the analysis; each text is cut into tokens once."""
    coder = metric_coder(evaluation) if evaluation.corpus.reference_names else None
    return Analysis(
        documents=by_document(evaluation),
        domains=by_domain(evaluation),
        lengths=by_length(evaluation),
        distributions={name: distribution(evaluation, name) for name in evaluation.metrics},
        extremes={name: extremes(evaluation, name) for name in evaluation.metrics},
        ngrams=compare_ngrams(evaluation, coder),
        words=word_accuracy(evaluation, coder),
    )

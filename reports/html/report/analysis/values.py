"""What the analysis section draws, as JSON types: columns, with scores as whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from xindaya.metrics import Evaluation
from xindaya.metrics.analysis import (
    Analysis,
    Distribution,
    NGram,
    NGramComparison,
    Slice,
    WordAccuracy,
    analyse,
)

F_DECIMALS = 1  # of an F-measure in per cent


def build_analysis(evaluation: Evaluation, decimals: Sequence[int]) -> dict[str, Any]:
    """Turns the analysis into a value of JSON types.

    Args:
        evaluation: What to analyse.
        decimals: Of each metric, as it is shown.
    """
    found = analyse(evaluation)
    number = {name: k for k, name in enumerate(evaluation.systems)}
    return {
        "parts": _parts(found, evaluation, decimals),
        "whole": [
            [_whole(s, d) for s in evaluation.scores[m].values()]
            for m, d in zip(evaluation.metrics, decimals, strict=True)
        ],
        "unit": evaluation.corpus.source_lang,
        "distributions": [_distribution(d) for d in found.distributions.values()],
        "extremes": [
            {"worst": e.worst, "worstOf": e.worst_of, "different": e.different}
            for e in found.extremes.values()
        ],
        "ngrams": [_comparison(c, number) for c in found.ngrams],
        "words": _words(found.words, number) if found.words else None,
    }


def _parts(found: Analysis, evaluation: Evaluation, decimals: Sequence[int]) -> dict[str, Any]:
    """Returns each way to cut the corpus that there is; documents are numbered as elsewhere."""
    kinds = {"document": found.documents, "domain": found.domains, "length": found.lengths}
    size = len(evaluation.corpus.segments)
    parts: dict[str, Any] = {k: _slices(s, decimals) for k, s in kinds.items() if s}
    for kind in parts.keys() - {"document"}:  # the segments say themselves which document is theirs
        parts[kind]["of"] = _bucket_of_segments(kinds[kind], size)
    return parts


def _slices(slices: Sequence[Slice], decimals: Sequence[int]) -> dict[str, Any]:
    metrics = list(slices[0].scores)
    return {
        "labels": [s.label for s in slices],
        "sizes": [len(s.places) for s in slices],
        "scores": [
            [_whole(score, places) for s in slices for score in s.scores[metric]]
            for metric, places in zip(metrics, decimals, strict=True)
        ],
    }


def _bucket_of_segments(slices: Sequence[Slice], size: int) -> list[int]:
    found = [-1] * size
    for bucket, s in enumerate(slices):
        for place in s.places:
            found[place] = bucket
    return found


def _whole(score: float, decimals: int) -> int | None:
    return round(score * 10**decimals) if math.isfinite(score) else None


def _distribution(found: Distribution) -> dict[str, Any]:
    return {
        "edges": [round(e, 4) for e in found.edges],
        "counts": found.counts,
        "above": found.above,
        "quartiles": [q and [round(x, 4) for x in q] for q in found.quartiles],
    }


def _comparison(found: NGramComparison, number: dict[str, int]) -> dict[str, Any]:
    return {
        "system": number[found.system],
        "gained": [_ngram(g) for g in found.gained],
        "missed": [_ngram(g) for g in found.missed],
    }


def _ngram(found: NGram) -> list[Any]:
    return [found.text, found.only, found.other, found.segments]


def _words(found: WordAccuracy, number: dict[str, int]) -> dict[str, Any]:
    return {
        "labels": found.labels,
        "words": found.words,
        "systems": [number[s] for s in found.systems],
        "leftOut": [number[s] for s in found.left_out],
        "f": [
            [None if f is None else _whole(100 * f, F_DECIMALS) for f in row]
            for row in found.f_measure
        ],
        "unknown": [_whole(100 * share, F_DECIMALS) for share in found.unknown],
        "decimals": F_DECIMALS,
        "cut": found.cut,
    }

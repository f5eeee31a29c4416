"""From links to renderings: the target words that stand for each occurrence of a term.

A span's score multiplies two kinds of evidence: the links in its sentence (`spans`) and the company
its words keep in all sentences (`company`). Where a term occurs several times, its occurrences are
read together: a rendering that explains several of them wins over a longer or shorter cut of it,
and two occurrences in one sentence do not claim the same words. An occurrence can still only choose
a span that its own sentence offers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.company import Company
from xindaya.metrics.terminology.discovery.spans import Occurrence, Rendering, candidate_spans
from xindaya.metrics.terminology.discovery.words import Key, cluster_key, normal_form

_COMPANY_FLOOR = 0.3  # how little company may count against links
_SHARPNESS = 2.0  # power of a span's own score against the other occurrences' choice
_ROUNDS = 3
_TINY = 1e-12
_SHARED = 0.03  # an occurrence takes second best down to this share of its best, then shares it

_Scores = NDArray[np.float64]


def extract(
    occurrences: Sequence[Occurrence], term: Sequence[str] = (), company: Company | None = None
) -> list[Rendering | None]:
    """Finds the spans of all occurrences of one term, reading them together.

    Expectation maximisation of a mixture: the share of a rendering (by `cluster_key`) is the sum of
    the occurrences' posteriors; an occurrence's posterior is its own score times the share.

    Args:
        occurrences: Occurrences of the same term.
        term: The term's tokens, for `company`.
        company: The sentences at large.

    Returns:
        For each occurrence its span, without function words at its edges, or None where the term
        links to nothing.
    """
    by_sentence: defaultdict[int, list[int]] = defaultdict(list)
    for place, occurrence in enumerate(occurrences):
        by_sentence[occurrence.sentence].append(place)
    spans: list[list[Rendering]] = [[] for _ in occurrences]
    keys: list[list[Key]] = [[] for _ in occurrences]
    scores: list[_Scores] = [np.zeros(0) for _ in occurrences]
    words = tuple(normal_form(token) for token in term)
    for places in by_sentence.values():
        together = [occurrences[place] for place in places]
        choice, nearness = candidate_spans(together)
        names = [cluster_key(together[0].target[span.start : span.end]) for span in choice]
        fit = np.array([span.confidence for span in choice])
        if company is not None and words:
            fit *= _COMPANY_FLOOR + np.array([company.precision(words, name) for name in names])
        for place, near in zip(places, nearness, strict=True):
            spans[place], keys[place] = choice, names
            scores[place] = (fit * near) ** _SHARPNESS + _TINY
    posteriors = _agree(keys, scores)
    chosen: list[Rendering | None] = [None] * len(occurrences)
    for places in by_sentence.values():
        found = _assign([spans[p] for p in places], [posteriors[p] for p in places])
        for place, span in zip(places, found, strict=True):
            chosen[place] = span
    return chosen


def _agree(keys: Sequence[Sequence[Key]], scores: Sequence[_Scores]) -> list[_Scores]:
    """Returns each occurrence's posterior over its spans, shape (spans,)."""
    posteriors = [score / score.sum() if len(score) else score for score in scores]
    for _ in range(_ROUNDS if len(scores) > 1 else 0):
        share: defaultdict[Key, float] = defaultdict(float)
        for names, posterior in zip(keys, posteriors, strict=True):
            for name, part in zip(names, posterior.tolist(), strict=True):
                share[name] += part
        for place, names in enumerate(keys):
            if names:
                weights = scores[place] * np.array([share[name] for name in names])
                posteriors[place] = weights / max(float(weights.sum()), _TINY)
    return posteriors


def _assign(
    spans: Sequence[Sequence[Rendering]], posteriors: Sequence[_Scores]
) -> list[Rendering | None]:
    """Gives each occurrence of one sentence a span, the surest first.

    Words are claimed once, unless all that is left to an occurrence is much worse than its best
    span: one rendering can stand for two occurrences. A shared span has half its confidence.
    """
    chosen: list[Rendering | None] = [None] * len(spans)
    order = sorted(
        (-share, place, at)
        for place, posterior in enumerate(posteriors)
        for at, share in enumerate(posterior.tolist())
    )
    best = [float(posterior.max(initial=0.0)) for posterior in posteriors]
    taken: set[int] = set()
    for share, place, at in order:
        span = spans[place][at]
        fair = -share >= _SHARED * best[place] and taken.isdisjoint(range(span.start, span.end))
        if chosen[place] is None and fair:
            chosen[place] = span
            taken.update(range(span.start, span.end))
    for _, place, at in order:
        if chosen[place] is None:
            span = spans[place][at]
            chosen[place] = Rendering(span.start, span.end, span.confidence / 2)
    return chosen

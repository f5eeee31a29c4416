"""Scores of parts of a corpus: rows add up, so a part is scored as a corpus is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import Segment

_Key = TypeVar("_Key")

LENGTHS = {"zh": (10, 20, 40, 60, 100), "en": (10, 20, 30, 40, 60)}
"""Where one length bucket ends and the next begins: characters of zh, words of en. They are the
same for every corpus, so that two reports can be laid side by side."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a corpus and its scores.

    Attributes:
        label: Document id, domain, or range of lengths such as ``20–39``.
        places: Positions of its segments.
        scores: Metric name to one corpus score a system, of this part alone.
    """

    label: str
    places: tuple[int, ...]
    scores: Mapping[str, tuple[float, ...]]


def by_document(evaluation: Evaluation) -> tuple[Slice, ...]:
    """Returns the documents in their order, or nothing where they would say nothing new."""
    documents = evaluation.corpus.documents
    if not 1 < len(documents) < len(evaluation.corpus.segments):
        return ()
    called = evaluation.corpus.document_name
    return _scored(evaluation, {called(d): places for d, places in documents.items()})


def by_domain(evaluation: Evaluation) -> tuple[Slice, ...]:
    """Returns the domains in order of first appearance, or nothing if there are not several."""
    found = _grouped(evaluation.corpus.segments, lambda s: s.domain)
    return _scored(evaluation, found) if len(found) > 1 else ()


def by_length(evaluation: Evaluation) -> tuple[Slice, ...]:
    """Returns the buckets of source length that have segments, the shortest first."""
    corpus = evaluation.corpus
    if not corpus.has_source:
        return ()
    edges, language = LENGTHS[corpus.source_lang], corpus.source_lang
    found = _grouped(corpus.segments, lambda s: bisect_right(edges, length(s.source, language)))
    return _scored(evaluation, {_range(edges, k): found[k] for k in sorted(found)})


def length(text: str | None, language: str) -> int:
    """Counts characters of Chinese (white space apart), or words of English."""
    words = (text or "").split()
    return sum(map(len, words)) if language == "zh" else len(words)


def _range(edges: Sequence[int], bucket: int) -> str:
    if bucket == 0:
        return f"< {edges[0]}"
    if bucket == len(edges):
        return f"≥ {edges[-1]}"
    return f"{edges[bucket - 1]}–{edges[bucket] - 1}"


def _grouped(segments: Iterable[Segment], key: Callable[[Segment], _Key]) -> dict[_Key, list[int]]:
    groups: dict[_Key, list[int]] = {}
    for place, segment in enumerate(segments):
        groups.setdefault(key(segment), []).append(place)
    return groups


def _scored(evaluation: Evaluation, parts: Mapping[str, Sequence[int]]) -> tuple[Slice, ...]:
    return tuple(
        Slice(label, tuple(places), _scores(evaluation, list(places)))
        for label, places in parts.items()
    )


def _scores(evaluation: Evaluation, places: list[int]) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(metric.score(sum_rows(rows[places])) for rows in evaluation.rows[name])
        for name, metric in evaluation.metrics.items()
    }

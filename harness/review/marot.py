"""Reviews to and from Marot's table, so that its viewer and its raters can be used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xindaya.metrics import Evaluation
from xindaya.metrics.scores import ErrorSpan, Scores
from xindaya.pairs import Corpus, InputError, UsageError
from xindaya.pairs.errors import preview
from xindaya.pairs.formats import MqmError, read_marot, write_marot
from xindaya.reports.review.columns import ARBITRATION, VERDICTS
from xindaya.reports.review.model import Item, Review
from xindaya.reports.review.outcome import Mark, Outcome, Reviewer, Row
from xindaya.review.ratings import NO_ERROR, ratings_of
from xindaya.review.returned.marks import REASONS
from xindaya.review.returned.problems import Problems, fold


def write_outcome_marot(corpus: Corpus, outcome: Outcome, path: Path) -> None:
    """Writes the judged texts and every reviewer's errors.

    Raises:
        InputError: If a text holds a tab or a line break, which the table cannot.
    """
    review = outcome.review
    part = _part(corpus, review.system, {item.id for item in review.items})
    ratings = [rating for reviewer in outcome.reviewers for rating in ratings_of(review, reviewer)]
    write_marot(part, path, ratings)


def write_errors_marot(
    evaluation: Evaluation, system: str, wanted: Sequence[str], path: Path
) -> None:
    """Writes the errors that measures place in the outputs of a system, a measure a rater.

    What a measure has no score of, it has not rated.

    Args:
        evaluation: The run.
        system: Whose outputs.
        wanted: Ids of the segments.
        path: Where.

    Raises:
        UsageError: If no measure places errors.
        InputError: If a text holds a tab or a line break, which the table cannot.
    """
    part = _part(evaluation.corpus, system, set(wanted))
    placing = [m for m in evaluation.metrics.values() if isinstance(m, Scores) and m.places_errors]
    if not placing:
        raise UsageError(
            "no measure of this run places errors; a judge does: add [scores.NAME] with judge = URL"
        )
    ratings: list[MqmError] = []
    for measure in placing:
        for segment, output in zip(part.segments, part.systems[system], strict=True):
            entry = measure.entry(segment, output)
            if entry is None or entry.value is None:
                continue
            nothing = MqmError(system, segment.id, measure.title, NO_ERROR, NO_ERROR)
            ratings += [_placed(span, nothing) for span in entry.spans] or [nothing]
    write_marot(part, path, ratings)


def _placed(span: ErrorSpan, nothing: MqmError) -> MqmError:
    in_source = span.text_of == "source"
    place = ((span.start, span.end),)
    return replace(
        nothing,
        category=span.category or "Other",
        severity=span.severity.capitalize(),
        source_spans=place if in_source else (),
        target_spans=() if in_source else place,
        metadata=json.dumps({"note": span.note}, ensure_ascii=False) if span.note else "",
    )


def _part(corpus: Corpus, system: str, wanted: set[str]) -> Corpus:
    """Returns some segments of a corpus, and the outputs of one system."""
    places = [k for k, segment in enumerate(corpus.segments) if segment.id in wanted]
    outputs = corpus.systems[system]
    return replace(
        corpus,
        segments=tuple(corpus.segments[k] for k in places),
        systems={system: tuple(outputs[k] for k in places)},
    )


def read_reviewers(path: Path, review: Review) -> list[Reviewer]:
    """Reads every rater of a Marot table as a reviewer of this review; other systems are ignored.

    Raises:
        InputError: If it rates other texts, or a category or severity is unknown.
    """
    corpus, ratings = read_marot(
        path, source_lang=review.source_lang, target_lang=review.target_lang
    )
    _check_texts(path, corpus, review)
    items = {item.id: item for item in review.items}
    problems = Problems(path)
    raters: dict[str, list[MqmError]] = {}
    for rating in ratings:
        if rating.system == review.system:
            raters.setdefault(rating.rater, []).append(rating)
    reviewers = []
    for name, own in raters.items():
        marks = [m for r in own for m in _marks(r, items[r.segment], review, problems)]
        rows = {r.segment: _row(r, any(m.segment == r.segment for m in marks)) for r in own}
        order = [item.id for item in review.items if item.id in rows]
        reviewers.append(Reviewer(name, path.name, tuple(rows[i] for i in order), tuple(marks)))
    problems.check()
    return reviewers


def _check_texts(path: Path, corpus: Corpus, review: Review) -> None:
    if review.system not in corpus.systems:
        raise InputError(path, f"the systems {', '.join(corpus.systems)}", review.system)
    items = {item.id: item for item in review.items}
    for segment, target in zip(corpus.segments, corpus.systems[review.system], strict=True):
        item = items.get(segment.id)
        if item is None:
            raise InputError(path, f"the segment {preview(segment.id)}", "one of the review")
        for name, found, expected in (
            ("source", segment.source, item.source),
            ("target", target, item.target),
        ):
            if found != expected:
                raise InputError(
                    path, f"another {name} of segment {preview(segment.id)}: {preview(found or '')}",
                    preview(expected),
                )  # fmt: skip


def _row(rating: MqmError, has_error: bool) -> Row:
    """Returns what stands beside a segment; who rated it and found nothing has accepted it."""
    told = _told(rating)
    verdict = told.get("verdict", "") or ("" if has_error else "accept")
    return Row(rating.segment, verdict, told.get("revised", ""), told.get("remark", ""), "", "", "")


def _marks(rating: MqmError, item: Item, review: Review, problems: Problems) -> Iterator[Mark]:
    """Yields the error of a row, if it reports one."""
    told = _told(rating)
    if fold(rating.severity) in ("", fold(NO_ERROR)) and not told.get("uncounted"):
        return
    place = f"{rating.rater}, segment {rating.segment}"
    category = problems.choose(
        place, told.get("category", rating.category), "a category",
        [c.name for c in review.categories],
    )  # fmt: skip
    severity = problems.choose(
        place, told.get("severity", rating.severity), "a severity",
        [s.name for s in review.severities],
    )  # fmt: skip
    if category and severity:
        yield Mark(
            segment=rating.segment,
            category=category,
            severity=severity,
            span=told.get("span", "") or _words(rating, item),
            repeated=bool(told.get("repeated")),
            comment=told.get("comment", ""),
            reply=told.get("reply", ""),
            arbitration=told.get("arbitration", ""),
            uncounted=told.get("uncounted", ""),
        )


def _told(rating: MqmError) -> dict[str, Any]:
    """Returns what `ratings_of` put into the metadata; nothing of what others may have."""
    told = json.loads(rating.metadata).get("review") if rating.metadata else None
    if not isinstance(told, dict):
        return {}
    known = {k: v for k, v in told.items() if isinstance(v, bool if k == "repeated" else str)}
    limits = {
        "uncounted": REASONS,
        "verdict": [c.name for c in VERDICTS],
        "arbitration": [c.name for c in ARBITRATION],
    }
    return {k: v for k, v in known.items() if v in limits.get(k, (v,))}


def _words(rating: MqmError, item: Item) -> str:
    """Returns the first marked words."""
    for text, spans in ((item.target, rating.target_spans), (item.source, rating.source_spans)):
        if spans:
            begin, end = spans[0]
            return text[begin:end]
    return ""

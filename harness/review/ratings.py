"""Reviewers' errors as rows of ratings: what scores are computed from and Marot shows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from xindaya.pairs.formats import MqmError
from xindaya.reports.review.model import Item, Review
from xindaya.reports.review.outcome import Mark, Reviewer, Row

NO_ERROR = "No-error"
NEUTRAL = "neutral"


def judged_by(reviewer: Reviewer) -> set[str]:
    """Returns the segments that a reviewer gave a verdict or named an error in."""
    named = {mark.segment for mark in reviewer.marks}
    return named | {row.segment for row in reviewer.rows if row.verdict}


def ratings_of(review: Review, reviewer: Reviewer) -> list[MqmError]:
    """Returns one row an error, or one that says ``No-error`` for a judged segment without any.

    An error that costs nothing (a repeated, rejected or withdrawn one) is such a row too; what the
    reviewer wrote stands in its metadata.
    """
    by_segment: dict[str, list[Mark]] = {}
    for mark in reviewer.marks:
        by_segment.setdefault(mark.segment, []).append(mark)
    written = {row.segment: row for row in reviewer.rows}
    judged = judged_by(reviewer)
    ratings = []
    for item in review.items:
        if item.id in judged:
            row = _told_of_row(written.get(item.id))
            nothing = MqmError(
                review.system, item.id, reviewer.name, NO_ERROR, NO_ERROR, metadata=_metadata(row)
            )
            marks = by_segment.get(item.id, [])
            ratings += [_rating(mark, item, nothing, row) for mark in marks] or [nothing]
    return ratings


def costing(ratings: Iterable[MqmError]) -> list[MqmError]:
    """Returns the rows with neutral ones as ``No-error``: neutral is nothing, in any category."""
    return [
        replace(r, category=NO_ERROR, severity=NO_ERROR) if r.severity.lower() == NEUTRAL else r
        for r in ratings
    ]


def _rating(mark: Mark, item: Item, nothing: MqmError, row: dict[str, Any]) -> MqmError:
    told = row | {
        "span": mark.span, "comment": mark.comment, "reply": mark.reply,
        "arbitration": mark.arbitration, "repeated": mark.repeated,
    }  # fmt: skip
    if mark.uncounted:
        told |= {
            "uncounted": mark.uncounted, "category": mark.category, "severity": mark.severity,
        }  # fmt: skip
    target, source = _places(item.target, mark.span), _places(item.source, mark.span)
    return replace(
        nothing,
        category=NO_ERROR if mark.uncounted else mark.category,
        severity=NO_ERROR if mark.uncounted else mark.severity.capitalize(),
        target_spans=target,
        source_spans=() if target else source,
        metadata=_metadata(told),
    )


def _told_of_row(row: Row | None) -> dict[str, Any]:
    return {"verdict": row.verdict, "revised": row.revised, "remark": row.comment} if row else {}


def _metadata(told: dict[str, Any]) -> str:
    kept = {name: value for name, value in told.items() if value}
    return json.dumps({"review": kept}, ensure_ascii=False) if kept else ""


def _places(text: str, span: str) -> tuple[tuple[int, int], ...]:
    """Returns where the words stand, if they stand there once: else nobody knows which is meant."""
    if not span or text.count(span) != 1:
        return ()
    begin = text.index(span)
    return ((begin, begin + len(span)),)

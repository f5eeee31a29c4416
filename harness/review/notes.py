"""What should be said beside a decision: what is odd in the files, and where reviewers differ."""

from __future__ import annotations

from collections.abc import Sequence

from xindaya.pairs.errors import preview
from xindaya.pairs.wording import counted
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Agreement, Judged, Reviewer
from xindaya.review.ratings import judged_by

LOW = 0.4
"""Agreement up to here is at most "fair" (Landis and Koch 1977)."""


def notes_of(review: Review, returned: Sequence[Reviewer]) -> tuple[str, ...]:
    """Returns what is odd in what came back, but for what makes a review unfinished."""
    texts = {item.id: (item.source, item.target) for item in review.items}
    notes = []
    for reviewer in returned:
        name = preview(reviewer.name)
        if not judged_by(reviewer):
            notes.append(f"{name} ({preview(reviewer.file)}) judged nothing and is left out")
            continue
        if reviewer.deleted:
            rows = counted(len(reviewer.deleted), "row")
            notes.append(f"{name}: {rows} deleted, {reviewer.deleted[0]} first")
        lost = [
            mark
            for mark in reviewer.marks
            if mark.span and not any(mark.span in text for text in texts[mark.segment])
        ]
        if lost:
            spans = counted(len(lost), "span stands", "spans stand")
            notes.append(
                f"{name}: {spans} neither in source nor target; "
                f"{preview(lost[0].span)} in {lost[0].segment} first"
            )
    return tuple(notes)


def unfinished_rows(reviewers: Sequence[Reviewer]) -> tuple[str, ...]:
    """Returns file and cell of each row that says fix or reject without an error to its segment."""
    found = []
    for reviewer in reviewers:
        named = {mark.segment for mark in reviewer.marks}
        found += [
            f"{reviewer.file} {row.place or row.segment}"
            for row in reviewer.rows
            if row.verdict in ("fix", "reject") and row.segment not in named
        ]
    return tuple(found)


def warnings_of(
    judged: Sequence[Judged], together: Judged, agreement: Sequence[Agreement]
) -> tuple[str, ...]:
    """Returns why several reviewers' common decision should not be taken at its word."""
    warnings = []
    if len({one.decision for one in (*judged, together)}) > 1:
        each = ", ".join(f"{preview(one.name)} {one.decision}" for one in judged)
        warnings.append(f"the reviewers do not agree on the decision: {each}; {together.name} "
                        f"{together.decision}")  # fmt: skip
    low = [a for a in agreement if a.value is not None and a.value < LOW]
    if low:
        each = ", ".join(f"{a.measure} of {a.question} {a.value:.2f}" for a in low)
        warnings.append(
            f"low agreement, below {LOW:g}: {each}; settle the differences before you rely on the "
            "decision"
        )
    return tuple(warnings)

"""The sheets of a result: what every reviewer wrote, side by side, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xindaya.reports.review.columns import Column
from xindaya.reports.review.heights import height
from xindaya.reports.review.outcome import Outcome
from xindaya.reports.review.shown import cell
from xindaya.reports.review.styles import A3, Styles, page
from xindaya.reports.review.table import put

AGREEMENT = "Agreement"

_DELETED = "[row deleted]"

_VERDICT_COLUMNS = (
    Column("id", 18), Column("document", 16), Column("source", 42), Column("target", 50),
    Column("reviewer", 14), Column("verdict", 13), Column("revised text", 50),
    Column("comment", 34), Column("translator's reply", 30), Column("arbitration", 13),
)  # fmt: skip
_MARK_COLUMNS = (
    Column("id", 18), Column("reviewer", 14), Column("span", 34), Column("category", 36),
    Column("severity", 11), Column("counted", 14), Column("comment", 34),
    Column("translator's reply", 30), Column("arbitration", 13),
)  # fmt: skip
_AGREEMENT_COLUMNS = (
    Column("question", 14), Column("measure", 22), Column("value", 12), Column("segments", 12),
    Column("note", 70),
)  # fmt: skip


def write_verdicts(sheet: Any, styles: Styles, outcome: Outcome) -> None:
    """Writes a row a segment and reviewer, also where a reviewer deleted the row."""
    written = {(r.name, row.segment): row for r in outcome.reviewers for row in r.rows}
    rows = []
    for item in outcome.review.items:
        for reviewer in outcome.reviewers:
            row = written.get((reviewer.name, item.id))
            told = ["", "", _DELETED if item.id in reviewer.deleted else "", "", ""]
            if row is not None:
                told = [row.verdict, row.revised, row.comment, row.reply, row.arbitration]
            rows.append([item.id, item.document, item.source, item.target, reviewer.name, *told])
    _write(sheet, styles, _VERDICT_COLUMNS, rows)


def write_marks(sheet: Any, styles: Styles, outcome: Outcome) -> None:
    """Writes a row an error, with why it is not counted where it is not."""
    rows = [
        [m.segment, r.name, m.span, m.category, m.severity,
         f"no: {m.uncounted}" if m.uncounted else "yes", m.comment, m.reply, m.arbitration]
        for r in outcome.reviewers for m in r.marks
    ]  # fmt: skip
    _write(sheet, styles, _MARK_COLUMNS, rows)


def write_agreement(sheet: Any, styles: Styles, outcome: Outcome) -> None:
    """Writes a row a question and measure."""
    rows = [
        [a.question, a.measure, "undefined" if a.value is None else f"{a.value:.3f}",
         f"{a.items:,}", a.note]
        for a in outcome.agreement
    ]  # fmt: skip
    _write(sheet, styles, _AGREEMENT_COLUMNS, rows)


def _write(
    sheet: Any, styles: Styles, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        put(sheet, 0, place, column.name, styles.head)
    for number, row in enumerate(rows, 1):
        # A reviewer's own line breaks stay what they are.
        texts = [cell(text, lines=True) for text in row]
        sheet.set_row(number, height(zip(texts, (c.width for c in columns), strict=True)))
        for place, text in enumerate(texts):
            put(sheet, number, place, text, styles.text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    page(sheet, paper=A3, head_rows=1)

"""The errors of a returned workbook: one beside a segment, any number on the sheet Errors."""

from __future__ import annotations

from xindaya.reports.review.columns import ARBITRATION, ERROR_COLUMNS, YES_NO
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Mark
from xindaya.review.returned.given import Ids
from xindaya.review.returned.grid import Sheet, TableRow, table_rows
from xindaya.review.returned.problems import Problems

NOT_AN_ERROR, WITHDRAWN, REPEATED = REASONS = "not an error", "withdrawn", "repeated"
"""Why an error costs nothing."""


def read_errors(sheet: Sheet, review: Review, problems: Problems) -> tuple[Mark, ...]:
    """Returns the errors of the sheet Errors in its order."""
    ids = Ids(review)
    marks = []
    for line in table_rows(sheet, [c.name for c in ERROR_COLUMNS], problems):
        if not any(text.strip() for text in line.cells):
            continue
        item = ids.find(line, problems)
        mark = read_mark(line, item.id if item else "", review, problems)
        if mark is not None:
            marks.append(mark)
        elif not (line["category"] + line["severity"]).strip():
            problems.add(line.place("category"), "no error", "a category and a severity")
    return tuple(marks)


def read_mark(
    line: TableRow, segment: str, review: Review, problems: Problems, verdict: str = ""
) -> Mark | None:
    """Returns the error that a row names, or None if it names none.

    Args:
        line: A row of Review or Errors.
        segment: Its segment.
        review: Gives the category set.
        problems: Where half an error is noted.
        verdict: That of the row.
    """
    category = problems.choose(
        line.place("category"), line["category"], "a category", [c.name for c in review.categories]
    )
    severity = problems.choose(
        line.place("severity"), line["severity"], "a severity", [s.name for s in review.severities]
    )
    repeated = problems.choose(
        line.place("repeated"), line["repeated"], "yes or no", [c.name for c in YES_NO]
    )
    for name, other in (("category", "severity"), ("severity", "category")):
        if line[name].strip() and not line[other].strip():
            problems.add(line.place(other), f"no {other}", f"one, for the {name} beside it")
    if repeated == "yes" and not (line["category"] + line["severity"]).strip():
        problems.add(line.place("repeated"), "a repeated error", "its category and severity too")
    arbitration = problems.choose(
        line.place("arbitration"), line["arbitration"], "an arbitration",
        [c.name for c in ARBITRATION],
    )  # fmt: skip
    if not (category and severity):
        return None
    return Mark(
        segment=segment,
        category=category,
        severity=severity,
        span=line["span"].strip() if "span" in line.columns else "",
        repeated=repeated == "yes",
        comment=line["comment"].strip(),
        reply=line["translator's reply"].strip(),
        arbitration=arbitration,
        place=line.place("severity"),
        uncounted=_why_not(verdict, arbitration, repeated),
    )


def _why_not(verdict: str, arbitration: str, repeated: str) -> str:
    if arbitration == WITHDRAWN:
        return WITHDRAWN
    if verdict == NOT_AN_ERROR:
        return NOT_AN_ERROR
    return REPEATED if repeated == "yes" else ""

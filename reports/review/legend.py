"""The sheet Legend: what may stand in the drop-downs, what it means and what it costs."""

from __future__ import annotations

from typing import Any

from xindaya.reports.review.columns import ARBITRATION, LEGEND, VERDICTS, YES_NO
from xindaya.reports.review.model import Choice, Review
from xindaya.reports.review.shown import cell
from xindaya.reports.review.styles import Styles, page
from xindaya.reports.review.table import put

_RULES = (
    "Give every row of Review a verdict: a row without one counts as not reviewed.",
    "Name the error of every row that says fix or reject: without one it is not finished.",
    "Name one error beside its segment; name further ones on the sheet Errors, as many as there are.",
    "A repeated error is counted once: mark every later one as repeated.",
    "A change of taste is not an error: choose the severity neutral, or the verdict “not an error”.",
    "Machine flags are hints. They are never errors by themselves and never part of a score.",
    "[NUL], [TAB] and the like stand for characters that cannot be seen.",
)


def lists_of(review: Review) -> dict[str, tuple[Choice, ...]]:
    """Returns what each drop-down offers."""
    return {
        "verdict": VERDICTS,
        "category": review.categories,
        "severity": review.severities,
        "repeated": YES_NO,
        "arbitration": ARBITRATION,
    }


def write_legend(sheet: Any, styles: Styles, review: Review) -> dict[str, str]:
    """Writes the sheet.

    Returns:
        Name of each list to the range where its entries stand.
    """
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 84)
    sheet.set_column(2, 2, 22)
    sheet.write_string(0, 0, "How to review", styles.title)
    row = 2
    for rule in _RULES:
        sheet.merge_range(row, 0, row, 2, rule, styles.text)
        row += 1
    ranges = {}
    for name, choices in lists_of(review).items():
        row += 1
        for column, head in enumerate((name, "meaning", "points")):
            sheet.write_string(row, column, head, styles.head)
        first = row + 2  # counted from 1, below the header
        for choice in choices:
            row += 1
            for column, text in enumerate((choice.name, choice.meaning, choice.points)):
                put(sheet, row, column, cell(text), styles.text)
        ranges[name] = f"={LEGEND}!$A${first}:$A${row + 1}"
        row += 1
    sheet.protect()
    page(sheet)
    return ranges

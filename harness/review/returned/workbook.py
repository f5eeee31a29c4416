"""One returned workbook: which review it belongs to, and what its reviewer wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs import InputError
from xindaya.reports.review.columns import ERRORS, LONG, META, REVIEW, REVIEWER_LABEL, SCORECARD
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Reviewer
from xindaya.review.returned.given import check_long_texts
from xindaya.review.returned.grid import Sheet, read_sheets
from xindaya.review.returned.marks import read_errors
from xindaya.review.returned.meta import Meta, read_meta
from xindaya.review.returned.problems import Problems, fold
from xindaya.review.returned.rows import read_rows


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook whose hidden sheet is sound."""

    path: Path
    sheets: Mapping[str, Sheet]
    meta: Meta


def open_workbook(path: Path) -> Workbook:
    """Reads a workbook and its hidden sheet.

    Raises:
        InputError: If it is none, lacks a sheet, or its hidden sheet was changed.
    """
    sheets = read_sheets(path)
    if missing := [name for name in (META, SCORECARD, REVIEW, ERRORS) if name not in sheets]:
        raise InputError(
            path, f"no sheet {', '.join(missing)}", "the workbook that `review export` wrote",
            hint="were sheets deleted or renamed?",
        )  # fmt: skip
    return Workbook(path, sheets, read_meta(path, sheets[META]))


def read_reviewer(book: Workbook, review: Review, name: str = "") -> Reviewer:
    """Reads what the reviewer wrote.

    Args:
        book: The workbook.
        review: The review it belongs to.
        name: Of the reviewer; if empty, that on the Scorecard, else the name of the file.

    Raises:
        InputError: With the address of every cell (up to 20) that cannot be understood.
    """
    problems = Problems(book.path)
    rows, marks, deleted = read_rows(book.sheets[REVIEW], review, problems)
    further = read_errors(book.sheets[ERRORS], review, problems)
    check_long_texts(book.sheets.get(LONG), review, problems)
    stated = _stated_reviewer(book.sheets[SCORECARD], problems)
    problems.check()
    return Reviewer(
        name or stated or book.path.stem, book.path.name, rows, (*marks, *further), deleted
    )


def _stated_reviewer(sheet: Sheet, problems: Problems) -> str:
    for _, cells in sheet.rows:
        if cells and fold(cells[0]) == fold(REVIEWER_LABEL):
            return " ".join(cells[1].split()) if len(cells) > 1 else ""
    problems.add(f"{sheet.name}!A", f"no row {REVIEWER_LABEL!r}", "the Scorecard as exported")
    return ""

"""The workbooks: the one a reviewer gets, and the one with the result."""

from __future__ import annotations

import io

from xindaya.reports.review.columns import ERRORS, LEGEND, LONG, META, REVIEW, SCORECARD
from xindaya.reports.review.legend import write_legend
from xindaya.reports.review.meta import write_meta
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Outcome
from xindaya.reports.review.results import AGREEMENT, write_agreement, write_marks, write_verdicts
from xindaya.reports.review.scorecard import write_scorecard
from xindaya.reports.review.styles import Styles, new_book
from xindaya.reports.review.texts import long_rows, write_errors, write_long, write_review


def review_workbook(review: Review) -> bytes:
    """Returns the XLSX file that a reviewer fills in; the same review gives the same bytes.

    Raises:
        InputError: If a name or an id is longer than a cell can be.
    """
    buffer = io.BytesIO()
    book = new_book(buffer)
    styles = Styles(book)
    names = [SCORECARD, REVIEW, ERRORS, LEGEND, *([LONG] if long_rows(review) else []), META]
    sheets = {name: book.add_worksheet(name) for name in names}
    write_scorecard(sheets[SCORECARD], styles, review)
    lists = write_legend(sheets[LEGEND], styles, review)
    write_review(sheets[REVIEW], styles, review, lists)
    write_errors(sheets[ERRORS], styles, review, lists)
    if LONG in sheets:
        write_long(sheets[LONG], styles, review)
    write_meta(sheets[META], review)
    book.close()
    return buffer.getvalue()


def outcome_workbook(outcome: Outcome) -> bytes:
    """Returns the XLSX file of a result: scorecards, agreement, and what every reviewer wrote."""
    buffer = io.BytesIO()
    book = new_book(buffer)
    styles = Styles(book)
    write_scorecard(book.add_worksheet(SCORECARD), styles, outcome.review, outcome.together)
    if len(outcome.judged) > 1:
        for number, judged in enumerate(outcome.judged, 1):
            # Names of sheets are short and allow few characters: the name stands inside.
            sheet = book.add_worksheet(f"{SCORECARD} {number}")
            write_scorecard(sheet, styles, outcome.review, judged)
        write_agreement(book.add_worksheet(AGREEMENT), styles, outcome)
    write_verdicts(book.add_worksheet(REVIEW), styles, outcome)
    write_marks(book.add_worksheet(ERRORS), styles, outcome)
    write_legend(book.add_worksheet(LEGEND), styles, outcome.review)
    if long_rows(outcome.review):
        write_long(book.add_worksheet(LONG), styles, outcome.review)
    book.close()
    return buffer.getvalue()

"""The review spreadsheet: what a reviewer gets and what a manager files.

The values it shows are in `model`; `shown` says how text stands in a cell.
"""

from xindaya.reports.review.book import outcome_workbook, review_workbook
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Outcome

__all__ = ["Outcome", "Review", "outcome_workbook", "review_workbook"]

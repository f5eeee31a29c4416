"""The columns of the sheets that come back, shared by writer and reader."""

from __future__ import annotations

from dataclasses import dataclass

from xindaya.reports.review.model import Choice

SCORECARD, REVIEW, ERRORS, LEGEND, LONG, META = (
    "Scorecard", "Review", "Errors", "Legend", "Long texts", "_meta",
)  # fmt: skip

REVIEWER_LABEL = "Reviewer"

VERDICTS = (
    Choice("accept", "Good as it is, or with the errors named."),
    Choice("fix", "Needs the change under “revised text”."),
    Choice("reject", "Has to be translated again."),
    Choice("not an error", "What is flagged or named here is none, or a matter of taste."),
)
YES_NO = (
    Choice("yes", "The same error was named before: it is counted once."),
    Choice("no", "The same as an empty cell."),
)
ARBITRATION = (
    Choice("upheld", "The error stands after the translator's reply."),
    Choice("withdrawn", "The error does not stand: it costs nothing."),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A headed column.

    Attributes:
        name: The header.
        width: In characters.
        kind: ``text``, ``machine``, or ``input`` for what a person writes.
        choices: Name of the list that its drop-down offers, or empty.
    """

    name: str
    width: int
    kind: str = "input"
    choices: str = ""


_CATEGORY = Column("category", 24, choices="category")
_SEVERITY = Column("severity", 11, choices="severity")
_REPEATED = Column("repeated", 10, choices="repeated")
_AFTER = (
    Column("comment", 34),
    Column("translator's reply", 30),
    Column("arbitration", 13, choices="arbitration"),
)
_REFERENCE = Column("reference", 42, "text")

REVIEW_COLUMNS = (
    Column("id", 18, "text"),
    Column("document", 16, "text"),
    Column("source", 42, "text"),
    Column("target", 50, "text"),
    _REFERENCE,
    Column("machine flags", 44, "machine"),
    Column("verdict", 13, choices="verdict"),
    _CATEGORY,
    _SEVERITY,
    _REPEATED,
    Column("revised text", 50),
    *_AFTER,
)
ERROR_COLUMNS = (
    Column("id", 18, choices="id"),
    Column("span", 34),
    _CATEGORY,
    _SEVERITY,
    _REPEATED,
    *_AFTER,
)
LONG_COLUMNS = (
    Column("id", 18, "text"),
    Column("side", 12, "text"),
    Column("part", 8, "text"),
    Column("text", 120, "text"),
)


def review_columns(has_reference: bool) -> tuple[Column, ...]:
    """Returns the columns of the sheet Review."""
    return tuple(c for c in REVIEW_COLUMNS if has_reference or c is not _REFERENCE)

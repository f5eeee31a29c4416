"""From the files that came back to the outcome of a review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xindaya.metrics import Evaluation
from xindaya.pairs import InputError, UsageError
from xindaya.reports.review.outcome import Outcome, Reviewer
from xindaya.review.judge import conclude
from xindaya.review.marot import read_reviewers
from xindaya.review.returned import open_workbook, read_reviewer
from xindaya.review.returned.meta import rebuild


def read_outcome(evaluation: Evaluation, arguments: Sequence[str]) -> Outcome:
    """Reads returned workbooks, and Marot tables beside them.

    Args:
        evaluation: The run that the review was exported from.
        arguments: ``FILE`` or ``NAME=FILE``.

    Raises:
        InputError: If a file is not understood, with its cells, or belongs to another review.
        UsageError: If there is no workbook, or two files are of one reviewer.
        NothingToEvaluateError: If nobody judged anything.
    """
    files = [_split(argument) for argument in arguments]
    books = [(name, open_workbook(path)) for name, path in files if path.suffix.lower() != ".tsv"]
    if not books:
        raise UsageError(
            "only Marot tables: give the exported workbook too, filled in or not; it says how the "
            "sample was drawn and is scored"
        )
    first = books[0][1]
    for _, book in books[1:]:
        if book.meta.digest != first.meta.digest:
            raise InputError(
                book.path, "the workbook of another review", f"a copy of that in {first.path}",
                hint="import each review by itself",
            )  # fmt: skip
    review = rebuild(first.path, first.meta, evaluation)
    reviewers: list[Reviewer] = [read_reviewer(book, review, name) for name, book in books]
    for name, path in files:
        if path.suffix.lower() == ".tsv":
            if name:
                raise UsageError(f"{name}={path}: a Marot table names its raters itself")
            reviewers += read_reviewers(path, review)
    return conclude(evaluation.corpus, review, reviewers)


def _split(argument: str) -> tuple[str, Path]:
    """Splits ``NAME=FILE``; a file that exists is no such pair."""
    name, equals, file = argument.partition("=")
    if not equals or Path(argument).exists():
        return "", Path(argument)
    if not name or not file:
        raise UsageError(f"{argument!r}: expected NAME=FILE")
    return name, Path(file)

"""The sheet Review as it came back."""

from __future__ import annotations

from xindaya.reports.review.columns import VERDICTS, review_columns
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Mark, Row
from xindaya.review.returned.given import Ids, check_given
from xindaya.review.returned.grid import Sheet, TableRow, table_rows
from xindaya.review.returned.marks import read_mark
from xindaya.review.returned.problems import Problems

Read = tuple[tuple[Row, ...], tuple[Mark, ...], tuple[str, ...]]


def read_rows(sheet: Sheet, review: Review, problems: Problems) -> Read:
    """Returns the rows in the order of the review, the errors named in them, and deleted ids."""
    names = [c.name for c in review_columns(review.has_reference)]
    ids = Ids(review)
    rows: dict[str, tuple[Row, Mark | None]] = {}
    for line in table_rows(sheet, names, problems):
        if not any(text.strip() for text in line.cells):
            continue
        item = ids.find(line, problems)
        if item is None:
            continue
        if item.id in rows:
            problems.add(
                line.place("id"), "the id of another row",
                "each id once; further errors stand on the sheet Errors",
            )  # fmt: skip
            continue
        check_given(line, item, review, problems)
        rows[item.id] = _row(line, item.id, review, problems)
    order = [item.id for item in review.items]
    present = [rows[id_] for id_ in order if id_ in rows]
    return (
        tuple(row for row, _ in present),
        tuple(mark for _, mark in present if mark is not None),
        tuple(id_ for id_ in order if id_ not in rows),
    )


def _row(
    line: TableRow, segment: str, review: Review, problems: Problems
) -> tuple[Row, Mark | None]:
    place = line.place("verdict")
    verdict = problems.choose(place, line["verdict"], "a verdict", [c.name for c in VERDICTS])
    mark = read_mark(line, segment, review, problems, verdict)
    row = Row(
        segment=segment,
        verdict=verdict,
        revised=line["revised text"].strip(),
        comment=line["comment"].strip(),
        reply=line["translator's reply"].strip(),
        arbitration=line["arbitration"].strip(),
        place=place,
    )
    return row, mark

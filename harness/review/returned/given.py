"""The cells that were given to the reviewer and must have come back as they were."""

from __future__ import annotations

import difflib

from xindaya.pairs.errors import preview
from xindaya.reports.review.columns import LONG, LONG_COLUMNS
from xindaya.reports.review.model import Item, Review
from xindaya.reports.review.shown import cell, same, settled, shown
from xindaya.reports.review.texts import long_rows
from xindaya.review.returned.grid import Sheet, TableRow, table_rows
from xindaya.review.returned.problems import Problems


class Ids:
    """Finds items by the id that stands in a cell."""

    def __init__(self, review: Review) -> None:
        self._items = {settled(shown(item.id)): item for item in review.items}

    def find(self, row: TableRow, problems: Problems) -> Item | None:
        """Returns the item of a row; an id that is none is noted."""
        text = settled(row["id"])
        item = self._items.get(text) or self._items.get(text.strip())
        if item is None:
            close = difflib.get_close_matches(text.strip(), self._items, 1)
            meant = f"; did you mean {preview(close[0])}?" if close else ""
            found = f"the id {preview(text)}" if text.strip() else "no id"
            problems.add(row.place("id"), found, f"a segment of this review{meant}")
        return item


def check_given(row: TableRow, item: Item, review: Review, problems: Problems) -> None:
    """Notes texts of a row that are not those that were exported."""
    texts = {"source": item.source, "target": item.target}
    if review.has_reference:
        texts["reference"] = item.reference
    for name, text in texts.items():
        _compare(row, name, cell(text), problems)


def check_long_texts(sheet: Sheet | None, review: Review, problems: Problems) -> None:
    """Notes parts of long texts that are missing or changed."""
    missing = {(settled(id_), side, part): text for id_, side, part, text in long_rows(review)}
    if sheet is not None:
        for row in table_rows(sheet, [c.name for c in LONG_COLUMNS], problems):
            key = settled(row["id"]), row["side"], row["part"]
            if key in missing:
                _compare(row, "text", missing.pop(key), problems)
            elif any(cell.strip() for cell in row.cells):
                problems.add(row.place("id"), preview(" ".join(key)), "a part that was exported")
    for id_, side, part in missing:
        problems.add(LONG, f"no part {part} of the {side} of {preview(id_)}", "all parts")


def _compare(row: TableRow, name: str, expected: str, problems: Problems) -> None:
    found = row[name]
    if same(found, expected):
        return
    # A long text is shown where it begins to differ.
    pairs = enumerate(zip(found, expected, strict=False))
    place = next((k for k, (a, b) in pairs if a != b), min(len(found), len(expected)))
    begin = max(0, place - 20)
    problems.add(
        row.place(name), f"a changed {name}, {preview(found[begin:])}",
        preview(expected[begin:]),
    )  # fmt: skip

"""A sheet with a headed table: frozen header, filter, drop-downs, everything locked but the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xindaya.pairs import InputError
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.workbook import MAX_CELL_CHARS, units, write_text
from xindaya.reports.review.columns import Column
from xindaya.reports.review.heights import height
from xindaya.reports.review.styles import A3, Styles, page

_DROP_DOWN = {"validate": "list", "error_type": "stop", "ignore_blank": True}
# A person may sort, filter, widen and hide, but not change what was given.
_PROTECTION = {
    "autofilter": True,
    "sort": True,
    "format_columns": True,
    "format_rows": True,
    "delete_rows": True,
}


def write_table(
    sheet: Any,
    styles: Styles,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    languages: Mapping[str, str],
    lists: Mapping[str, str],
    spare: int = 0,
) -> None:
    """Writes a table that a person fills in.

    Args:
        sheet: The worksheet.
        styles: Of its workbook.
        columns: In their order.
        rows: Texts of a row's first columns as they are shown; the others are empty input cells.
        languages: Column name to the language of its texts, where it is known.
        lists: Name of a list of choices to the range where it stands.
        spare: Number of empty rows for input below.
    """
    heads = {"text": styles.head, "machine": styles.machine_head, "input": styles.input_head}
    looks = {"machine": styles.machine, "input": styles.input}
    formats = [looks.get(c.kind) or styles.of(languages.get(c.name, "")) for c in columns]
    last = len(rows) + spare
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.name, heads[column.kind])
        if column.choices and last:
            _offer(sheet, place, last, column.name, lists[column.choices])
    for number in range(1, last + 1):
        texts = rows[number - 1] if number <= len(rows) else ()
        if texts:
            cells = zip(texts, (c.width for c in columns), strict=False)
            sheet.set_row(number, height(cells))
        for place, look in enumerate(formats):
            put(sheet, number, place, texts[place] if place < len(texts) else "", look)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, last), len(columns) - 1)
    sheet.protect("", _PROTECTION)
    page(sheet, paper=A3, head_rows=1)


def put(sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:
    """Writes a text, never anything else; an empty one keeps its look.

    Raises:
        InputError: If a cell cannot hold the text; the library would leave it out and say nothing.
    """
    if text:
        if not write_text(sheet, row, column, text, look):
            raise InputError(
                f"{sheet.get_name()}, row {row + 1}",
                f"{preview(text)} of {units(text):,} UTF-16 units",
                f"at most {MAX_CELL_CHARS:,}, which is what a cell holds",
            )
    else:
        sheet.write_blank(row, column, None, look)


def _offer(sheet: Any, column: int, last: int, name: str, source: str) -> None:
    sheet.data_validation(
        1, column, last, column,
        {
            **_DROP_DOWN,
            "source": source,
            "error_title": name,
            "error_message": "Choose an entry of the list; the sheet Legend explains them.",
        },
    )  # fmt: skip

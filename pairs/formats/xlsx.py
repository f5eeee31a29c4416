"""A corpus in a spreadsheet: headed columns, one row a segment, no cell that runs."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_bytes
from xindaya.pairs.formats.columns import Columns, cells_of, column_names
from xindaya.pairs.formats.headed import Row, Tables
from xindaya.pairs.formats.records import records_of
from xindaya.pairs.formats.sheets import (
    Beside,
    ErrorValue,
    error_value,
    iter_sheets,
    sheet_texts,
)
from xindaya.pairs.formats.workbook import (
    MAX_CELL_CHARS,
    check_size,
    check_unpacked,
    units,
    write_text,
)
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

_UNWRITABLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS = {"source": 60, "note": 40, "zh": 30, "en": 30}


def read_xlsx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from the sheets that have a heading with the same columns; see `columns`.

    Other sheets, rows above a heading, comments and text boxes are left out and named.

    Raises:
        InputError: If the file is no XLSX, unpacks to too much, no sheet has such columns, or there
            is no sheet of the name that is asked for.
        NothingToEvaluateError: If there is no row.
    """
    path = Path(path)
    layout = columns or Columns(stated(source_lang, target_lang))
    tables = Tables(path, layout, max_chars=max_chars, notes=notes)
    names, beside = list[str](), list[Beside]()
    with contextlib.closing(iter_sheets(path, errors=True)) as sheets:
        for sheet in sheets:
            names.append(sheet.name)
            place = f"sheet {sheet.name}"
            if layout.sheet in (None, sheet.name):
                tables.add(place, sheet, partial(_fitted, tables, place))
                tables.carry(place, sheet.merged)
            else:
                tables.leave_out(place, sheet, "rows of sheets that --sheet does not name")
            beside += sheet.beside
    if layout.sheet is not None and layout.sheet not in names:
        raise InputError(
            path, f"the sheets {', '.join(map(preview, names))}", f"one named {layout.sheet!r}"
        )
    for place, kind, text in (*beside, *sheet_texts(path)):
        tables.left_out.append(LeftOut(f"sheet {place}", f"{kind} of sheets", text))
    if tables.empty:
        raise InputError(path, "only empty sheets", "a sheet with headed columns")
    return tables.corpus()


def write_xlsx(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as XLSX.

    Raises:
        InputError: If a reference is missing, a cell cannot hold a text (over 32,767 UTF-16 units), or
            there is more than `read_xlsx` reads (`workbook.MAX_CELLS` and the limits beside it).
    """
    rows = ((record.id, cells_of(path, record)) for record in records_of(corpus))
    write_sheet(path, "segments", column_names(corpus), rows, count=len(corpus.segments))


def write_sheet(
    path: str | Path,
    title: str,
    names: Sequence[str],
    rows: Iterable[tuple[str, Mapping[str, str]]],
    *,
    count: int,
) -> None:
    """Writes one sheet with headed columns as XLSX, each cell as text.

    Args:
        path: The file.
        title: Of the sheet.
        names: The headings.
        rows: Each with what it is called in errors, and its cells by heading.
        count: How many rows there are.

    Raises:
        InputError: If a cell cannot hold a text, or the sheet would be too large to be read.
    """
    import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

    texts: set[str] = {*names}
    # Finished in memory first: the library leaves a broken file when it fails.
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    sheet = book.add_worksheet(title)
    head, body = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    body.set_align("top")
    sheet.freeze_panes(1, 0)
    check_size(path, (), len(names) * (count + 1))
    for column, name in enumerate(names):
        is_text = name.startswith(("reference", "system"))
        sheet.set_column(column, column, 60 if is_text else _WIDTHS.get(name, 14))
        _write(path, sheet, 0, column, name, name, head)
    for row, (called, cells) in enumerate(rows, 1):
        check_writable(path, "XLSX", called, cells, _UNWRITABLE)
        texts.update(cells.values())
        for column, name in enumerate(names):
            _write(path, sheet, row, column, cells.get(name, ""), called, body)
    check_size(path, texts, 0)
    book.close()
    check_unpacked(path, buffer)
    write_bytes(path, buffer.getvalue())


def _write(
    path: str | Path, sheet: Any, row: int, column: int, text: str, segment: str, style: Any
) -> None:
    if not write_text(sheet, row, column, text, style):
        raise InputError(
            path,
            f"a text of {units(text):,} UTF-16 units in segment {preview(segment)}",
            f"at most {MAX_CELL_CHARS:,}, which is what a cell holds",
            hint="write TSV or JSONL instead",
        )


def _fitted(
    tables: Tables, place: str, names: list[str], _: dict[str, str], rows: Iterator[Row]
) -> tuple[list[str], Iterator[Row]]:
    """Makes rows as wide as the heading; what stands beside them is left out."""
    width = len(names)

    def fitting() -> Iterator[Row]:
        for line, cells in rows:
            if len(cells) > width:
                tables.leave_out(place, ((line, cells[width:]),), "cells beside the columns")
            if len(cells) != width:
                cells = [*cells[:width], *[""] * (width - len(cells))]
            if ErrorValue in map(type, cells):
                text = next(cell for cell in cells if isinstance(cell, ErrorValue))
                raise error_value(tables.path, line, text)
            yield line, cells

    return names, fitting()

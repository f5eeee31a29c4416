"""A corpus in a spreadsheet: headed columns, one row a segment, no cell that runs."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_bytes
from xindaya.pairs.formats.columns import Columns, cells_of, column_names, corpus_of_table
from xindaya.pairs.formats.records import records_of
from xindaya.pairs.formats.workbook import MAX_CELL_CHARS, iter_sheets
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

_MAX_ROWS = 1_048_576
_UNWRITABLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS = {"source": 60, "note": 40}


def read_xlsx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from the first sheet whose columns are understood; see `columns`.

    Raises:
        InputError: If the file is no XLSX, unpacks to too much, or no sheet has such columns.
        NothingToEvaluateError: If there is no row.
    """
    path = Path(path)
    layout = columns or Columns(stated(source_lang, target_lang))
    first_error: InputError | None = None
    with contextlib.closing(iter_sheets(path)) as sheets:
        for rows in sheets:
            head = next(rows, None)
            if head is None:
                continue
            header = [name.strip() or f"column {place}" for place, name in enumerate(head[1], 1)]
            try:
                layout.roles(path, header)
            except InputError as error:
                first_error = first_error or error
                continue
            body = ((line, _padded(path, line, cells, len(header))) for line, cells in rows)
            return corpus_of_table(path, header, body, layout, max_chars=max_chars, notes=notes)
    raise first_error or InputError(path, "only empty sheets", "a sheet with headed columns")


def write_xlsx(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as XLSX.

    Raises:
        InputError: If a reference is missing, or a cell cannot hold a text.
    """
    import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

    names = column_names(corpus)
    if len(corpus.segments) >= _MAX_ROWS:
        raise InputError(path, f"{len(corpus.segments):,} segments", f"under {_MAX_ROWS:,}")
    # Finished in memory first: the library leaves a broken file when it fails.
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {**_OPTIONS, "in_memory": True})
    sheet = book.add_worksheet("segments")
    head, body = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    body.set_align("top")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        is_text = name.startswith(("reference", "system"))
        sheet.set_column(column, column, 60 if is_text else _WIDTHS.get(name, 14))
        _write(path, sheet, 0, column, name, name, head)
    for row, record in enumerate(records_of(corpus), 1):
        cells = cells_of(path, record)
        check_writable(path, "XLSX", record.id, cells, _UNWRITABLE)
        for column, name in enumerate(names):
            _write(path, sheet, row, column, cells.get(name, ""), record.id, body)
    book.close()
    write_bytes(path, buffer.getvalue())


def _write(
    path: str | Path, sheet: Any, row: int, column: int, text: str, segment: str, style: Any
) -> None:
    if len(text) > MAX_CELL_CHARS:
        raise InputError(
            path,
            f"a text of {len(text):,} characters in segment {preview(segment)}",
            f"at most {MAX_CELL_CHARS:,}, which is what a cell holds",
            hint="write TSV or JSONL instead",
        )
    sheet.write_string(row, column, text, style)


def _padded(path: Path, line: int, cells: list[str], width: int) -> list[str]:
    if len(cells) > width:
        raise InputError(path, f"{len(cells)} cells", f"at most {width}, as the header", line=line)
    return cells + [""] * (width - len(cells))

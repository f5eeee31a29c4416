"""Termbases in spreadsheets (XLSX) with named columns: the project's own, or one a language.

Every sheet that has such columns is read; what its cells hold, see `workbook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.sheets import (
    Beside,
    Merged,
    iter_sheets,
    sheet_texts,
)
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase.columns import (
    heading_in,
    is_headed,
    left_out_rows,
    read_columns,
)
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.formats.termbase.losses import without_terms
from xindaya.pairs.formats.termbase.rows import REQUIRED, read_rows, rows_of
from xindaya.pairs.formats.xlsx import write_sheet
from xindaya.pairs.termbase import Termbase

# A termbase is held in memory whole, so it may be less large than a corpus.
_MAX_UNPACKED_BYTES = 64 << 20
_MAX_CELLS = 1_000_000


def read_termbase_xlsx(
    path: str | Path, *, source_lang: str = "zh", lenient: bool = False
) -> Termbase:
    """Reads a termbase from a spreadsheet; raises and is lenient as the readers of tables.

    Raises:
        InputError: Also if the file is no XLSX, or unpacks to more than is reasonable.
    """
    path = Path(path)
    drafts = Drafts(path, lenient=lenient)
    seen, unread, beside = list[str](), list[LeftOut](), list[Beside]()
    for sheet in iter_sheets(path, max_bytes=_MAX_UNPACKED_BYTES, max_cells=_MAX_CELLS):
        rows = list(sheet)
        beside += sheet.beside
        place = f"sheet {sheet.name}, "
        cells_only = [cells for _, cells in rows]
        at = heading_in(cells_only, lambda c: _is_own(c) or is_headed(c, source_lang))
        if at is None:
            seen += [", ".join(cells) for _, cells in rows[:1]]
            unread += left_out_rows(rows, "rows of sheets whose columns are not understood", place)
            continue
        above, (_, header), body = rows[:at], rows[at], rows[at + 1 :]
        for line in _carry(body, sheet.merged):
            why = "cells merged over several rows, whose text all of them have"
            drafts.left_out.append(LeftOut(f"{place}row {line}", why))
        drafts.left_out += left_out_rows(above, "rows above the headings", place)
        names = [name.strip() for name in header]
        if _is_own(names):
            table = Table(path, tuple(names), tuple(_row(path, names, *row) for row in body))
            read_rows(table, drafts)
        else:
            width = max(len(names), *(len(cells) for _, cells in body), 0)
            names += [""] * (width - len(names))
            read_columns(path, names, body, drafts, source_lang=source_lang, sheet=place)
    if seen and not drafts.ids() and not drafts.left_out:
        raise InputError(
            path, f"the columns {' / '.join(seen)}",
            "concept, zh, en; or a column for Chinese and one for English", line=1,
        )  # fmt: skip
    drafts.left_out += unread
    for place, kind, text in (*beside, *sheet_texts(path)):
        drafts.left_out.append(LeftOut(f"sheet {place}", f"{kind} of sheets", text))
    return drafts.termbase(path.stem)


def _carry(rows: Sequence[tuple[int, list[str]]], merged: Iterable[Merged]) -> Iterator[int]:
    """Gives the text of cells that are merged over several rows to all of these; yields their first."""
    at = dict(rows)
    for column, first, last in merged:
        text = at[first][column] if first in at and column < len(at[first]) else ""
        others = [at[line] for line in range(first + 1, last + 1) if line in at]
        for cells in others if text else ():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
        if text and others:
            yield first


def _is_own(names: Sequence[str]) -> bool:
    return {name.strip() for name in names} >= set(REQUIRED)


def write_termbase_xlsx(termbase: Termbase, path: str | Path) -> list[str]:
    """Writes the project's own columns, one row a term; no cell runs.

    Returns:
        What the table cannot hold, one message a kind.

    Raises:
        InputError: If a cell cannot hold a text, or the file cannot be written.
    """
    columns, rows = rows_of(Path(path), termbase)
    write_sheet(path, "terms", columns, ((row["concept"], row) for row in rows), count=len(rows))
    return without_terms(termbase)


def _row(path: Path, names: list[str], line: int, cells: list[str]) -> Row:
    if len(cells) > len(names):
        raise InputError(path, f"{len(cells)} fields", f"at most {len(names)}", line=line)
    padded = cells + [""] * (len(names) - len(cells))
    return Row(line, dict(zip(names, padded, strict=True)))

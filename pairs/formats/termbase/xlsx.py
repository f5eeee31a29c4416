"""Termbases in spreadsheets (XLSX) with named columns: the project's own, or one a language.

The first sheet that has such columns is read; what its cells hold, see `workbook`.
"""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase.columns import is_headed, termbase_of_columns
from xindaya.pairs.formats.termbase.rows import REQUIRED, termbase_of
from xindaya.pairs.formats.workbook import iter_sheets
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
    seen = []
    for sheet in iter_sheets(path, max_bytes=_MAX_UNPACKED_BYTES, max_cells=_MAX_CELLS):
        rows = list(sheet)
        if not rows:
            continue
        (_, header), *body = rows
        names = [name.strip() for name in header]
        if set(REQUIRED) <= set(names):
            table = Table(path, tuple(names), tuple(_row(path, names, *row) for row in body))
            return termbase_of(table, lenient=lenient)
        if is_headed(names, source_lang):
            return termbase_of_columns(path, names, body, source_lang=source_lang, lenient=lenient)
        seen.append(", ".join(names))
    raise InputError(
        path,
        f"the columns {' / '.join(seen) or '(none)'}",
        "concept, zh, en; or a column for Chinese and one for English",
        line=1,
    )


def _row(path: Path, names: list[str], line: int, cells: list[str]) -> Row:
    if len(cells) > len(names):
        raise InputError(path, f"{len(cells)} fields", f"at most {len(names)}", line=line)
    padded = cells + [""] * (len(names) - len(cells))
    return Row(line, dict(zip(names, padded, strict=True)))

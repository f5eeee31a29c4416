"""memoQ's CSV, and any CSV with a named column for each language.

memoQ's columns stand in a fixed order: ``Entry_…``, then for each language ``LANGUAGE_Def``,
``LANGUAGE``, ``Term_Info``, ``Term_Example``, the last three once a form. ``Term_Info`` holds
``CaseSense`` (or ``CasePermissive``, ``CaseInsense``), ``HalfPrefix`` (or ``NoPrefix``, ``Fuzzy``)
and ``Forbidden``, between semicolons.
"""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.headed import banner
from xindaya.pairs.formats.termbase.columns import (
    heading_in,
    is_headed,
    left_out_rows,
    termbase_of_columns,
)
from xindaya.pairs.formats.termbase.csv_ import csv_records
from xindaya.pairs.termbase import Termbase


def read_memoq(
    path: str | Path, *, delimiter: str = ",", source_lang: str = "zh", lenient: bool = False
) -> Termbase:
    """Reads a CSV with named columns; raises and is lenient as `termbase_of_columns`."""
    path = Path(path)
    records = list(csv_records(path, delimiter))
    if not records:
        raise InputError(path, "an empty file", "a header row")
    at = heading_in([r for _, r in records], lambda cells: is_headed(cells, source_lang)) or 0
    width = len(records[at][1])
    above = [(line, [banner(cells, delimiter, width)]) for line, cells in records[:at]]
    return termbase_of_columns(
        path, records[at][1], records[at + 1 :], source_lang=source_lang, lenient=lenient,
        left_out=left_out_rows(above, "rows above the headings"),
    )  # fmt: skip

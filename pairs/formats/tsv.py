"""A corpus in one TSV table: a row a segment.

Columns: ``id``, ``document``, ``domain``, ``source``, ``reference`` or
``reference:NAME`` for each reference set, ``system:NAME`` for each system. ``zh`` and ``en`` are
read as source and reference (or the other way round), so what `xindaya align` writes is a corpus.
Any other column is kept with the segment. A table whose columns are called as in other tools is read
as spreadsheets are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import InputError
from xindaya.pairs.files import open_atomic
from xindaya.pairs.formats.columns import Columns, cells_of, column_names
from xindaya.pairs.formats.headed import Row, Tables
from xindaya.pairs.formats.records import Record, records_of
from xindaya.pairs.formats.tables import format_row, format_table, ragged, require
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, read_lines

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def read_tsv(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from one TSV table.

    Args:
        path: The file.
        source_lang: ``zh`` or ``en``; None for what the data says (`xindaya.pairs.direction`).
        target_lang: The other one.
        columns: How to read the columns, if not by the names above. Ids are then made up where
            there are none.
        encoding: Of the file.
        max_chars: Longest cell accepted.
        notes: What the texts say of the direction is added here.

    Raises:
        InputError: If ``id`` is missing, no text column is known, or the table is malformed.
        NothingToEvaluateError: If the table has no row.
    """
    path = Path(path)
    lines = read_lines(path, encoding=encoding, max_chars=64 * max_chars)
    if not lines:
        raise InputError(path, "an empty file", "a header row")
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1)]
    layout = columns or Columns(stated(source_lang, target_lang))
    if columns is None and not _is_foreign(rows, layout):
        require(path, [name.strip() for name in rows[0][1]], "id")
        layout = replace(layout, loose=False)
    tables = Tables(path, layout, max_chars=max_chars, notes=notes)
    tables.add("", rows, lambda names, _, body: (names, _whole(path, names, body)))
    return tables.corpus()


def _is_foreign(rows: Sequence[Row], layout: Columns) -> bool:
    """True if the table names its columns as people do, not as the project does."""
    head = [name.strip() for name in rows[0][1]]
    own = replace(layout, loose=False)
    if "id" in head and own.names_both(head):
        return False
    return layout.heading([cells for _, cells in rows]) is not None


def _whole(path: Path, names: list[str], rows: Iterable[Row]) -> Iterator[Row]:
    for number, cells in rows:
        if len(cells) != len(names):
            raise ragged(path, number, cells, names)
        yield number, cells


def write_tsv(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as one TSV table.

    Raises:
        InputError: If a text holds a tab or a line break, or a reference is missing.
    """
    write_tsv_records(records_of(corpus), path, column_names(corpus))


def write_tsv_records(records: Iterable[Record], path: str | Path, columns: Sequence[str]) -> None:
    """Writes records as one TSV table, as they come; raises as `write_tsv`."""
    with open_atomic(path) as stream:
        stream.write(format_table(path, columns, []).encode())
        for record in records:
            cells = cells_of(path, record)
            check_writable(path, "TSV", record.id, cells, _UNWRITABLE)
            stream.write(format_row(path, columns, cells).encode())

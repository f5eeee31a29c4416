"""A corpus in one TSV table: a row a segment.

Columns: ``id`` (required), ``document``, ``domain``, ``source``, ``reference`` or
``reference:NAME`` for each reference set, ``system:NAME`` for each system. ``zh`` and ``en`` are
read as source and reference (or the other way round), so what `xindaya align` writes is a corpus.
Any other column is kept with the segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.files import open_atomic
from xindaya.pairs.formats.columns import Columns, cells_of, column_names, read_rows
from xindaya.pairs.formats.records import Record, build_corpus, records_of
from xindaya.pairs.formats.tables import format_row, format_table, read_table
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def read_tsv(
    path: str | Path,
    *,
    source_lang: str = "zh",
    target_lang: str = "en",
    columns: Columns | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
) -> Corpus:
    """Reads a corpus from one TSV table.

    Args:
        path: The file.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        columns: How to read the columns, if not by the names above. Ids are then made up where
            there is no column of them.
        encoding: Of the file.
        max_chars: Longest cell accepted.

    Raises:
        InputError: If ``id`` is missing, no text column is known, or the table is malformed.
        NothingToEvaluateError: If the table has no row.
    """
    path = Path(path)
    table = read_table(path, encoding=encoding, max_chars=max_chars)
    layout = columns or Columns(source_lang, target_lang, loose=False)
    if not layout.loose:
        table.require("id")
    rows = ((row.line, tuple(row.cells.values())) for row in table.rows)
    records = list(read_rows(path, table.columns, rows, layout, max_chars=max_chars))
    return build_corpus(
        path, records, name=plain_name(path).stem, source_lang=source_lang, target_lang=target_lang
    )


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

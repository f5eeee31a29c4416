"""A corpus as CSV (RFC 4180), for spreadsheets: quoted, CRLF, with a byte order mark, guarded."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import InputError, NothingToEvaluateError
from xindaya.pairs.files import write_bytes
from xindaya.pairs.formats.columns import Columns, cells_of, column_names
from xindaya.pairs.formats.headed import SCANNED, Tables, exact
from xindaya.pairs.formats.records import records_of
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.guard import guard, unguard
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, read_lines
from xindaya.pairs.sources import open_text

_DELIMITERS = (",", ";", "\t")
_QUOTED = re.compile(r'"[^"]*"')
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def read_csv(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from CSV with a heading; see `columns` for what columns may be called.

    Lines above the heading (a title, the ``sep=;`` of spreadsheets) are left out and named.

    Raises:
        InputError: If the file is no CSV, or its columns are not understood.
        NothingToEvaluateError: If it has no row.
    """
    path = Path(path)
    layout = columns or Columns(stated(source_lang, target_lang))
    tables = Tables(path, layout, max_chars=max_chars, notes=notes)
    tables.add("", _rows(path, encoding, max_chars, tables), exact(path))
    if tables.empty:
        raise NothingToEvaluateError(f"{path}: an empty file")
    return tables.corpus()


def write_csv(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as CSV; a spreadsheet runs none of its cells.

    Raises:
        InputError: If a reference is missing, or a text holds a NUL.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = column_names(corpus)
    writer.writerow(map(guard, names))
    for record in records_of(corpus):
        cells = cells_of(path, record)
        check_writable(path, "CSV", record.id, cells, _UNWRITABLE)
        writer.writerow([guard(cells.get(name, "")) for name in names])
    write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _rows(
    path: Path, encoding: str, max_chars: int, tables: Tables
) -> Iterator[tuple[int, list[str]]]:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    csv.field_size_limit(max(131_072, 2 * max_chars))
    line = 1
    try:
        with open_text(path) as raw:
            stream = io.TextIOWrapper(cast(BinaryIO, raw), encoding=encoding, newline="\n")
            lines = _limited(path, stream, 64 * max_chars)
            first = list(islice(lines, SCANNED))
            columns = tables.columns
            delimiter = delimiter_of(first, lambda cells: columns.heading([cells]) is not None)
            tables.between = delimiter
            reader = csv.reader(chain(first, lines), delimiter=delimiter, strict=True)
            for cells in reader:
                if cells:
                    yield line, [unguard(cell) for cell in cells]
                line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(path, f"no valid CSV ({error})", "CSV", line=line) from error
    except (UnicodeError, LookupError):
        # The strict line reader says what is wrong and where.
        read_lines(path, encoding=encoding.removesuffix("-sig"), max_chars=64 * max_chars)
        raise


def delimiter_of(lines: list[str], is_heading: Callable[[list[str]], bool]) -> str:
    """Returns what stands between the names of the columns; without any, what is most in line 1."""
    for line in lines:
        for delimiter in _DELIMITERS:
            with contextlib.suppress(csv.Error):
                if is_heading(next(csv.reader([line], delimiter=delimiter), [])):
                    return delimiter
    plain = _QUOTED.sub("", lines[0] if lines else "")
    return "\t" if "\t" in plain else max(_DELIMITERS, key=plain.count)


def _limited(path: Path, stream: io.TextIOBase, limit: int) -> Iterator[str]:
    """Yields the lines, and never holds one that is much longer than `limit`."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise InputError(path, f"a line longer than {limit:,} characters", "CSV", line=number)
        if "\0" in line:
            raise InputError(path, "a NUL character", "text without NUL", line=number)
        yield line

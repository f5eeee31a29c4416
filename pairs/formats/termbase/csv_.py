"""The project's termbase table as CSV (RFC 4180), for spreadsheets.

No cell is run as a formula (see `guard`). Everything is quoted, lines end with CRLF, and the file
begins with a byte order mark, without which spreadsheets take Chinese for something else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from xindaya.pairs.errors import InputError
from xindaya.pairs.files import write_bytes
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase.losses import without_terms
from xindaya.pairs.formats.termbase.rows import rows_of, termbase_of
from xindaya.pairs.guard import guard, unguard
from xindaya.pairs.lines import read_lines
from xindaya.pairs.sources import open_text
from xindaya.pairs.termbase import Termbase

MAX_BYTES = 64 << 20
"""Largest termbase file that is read whole."""


def read_termbase_csv(path: str | Path, *, delimiter: str = ",", lenient: bool = False) -> Termbase:
    """Reads a termbase table from CSV; raises and is lenient as `termbase_of`."""
    path = Path(path)
    records = list(csv_records(path, delimiter))
    if not records:
        raise InputError(path, "an empty file", "a header row")
    columns = tuple(c.strip() for c in records[0][1])
    for position, column in enumerate(columns):
        if column in columns[:position]:
            raise InputError(path, f"column {column!r} twice", "unique column names", line=1)
    rows = []
    for line, cells in records[1:]:
        if len(cells) != len(columns):
            raise InputError(
                path, f"{len(cells)} fields", f"{len(columns)}: {', '.join(columns)}", line=line
            )
        rows.append(Row(line, dict(zip(columns, cells, strict=True))))
    return termbase_of(Table(path, columns, tuple(rows)), lenient=lenient)


def write_termbase_csv(termbase: Termbase, path: str | Path) -> list[str]:
    """Writes a termbase table as CSV, one row a term.

    Returns:
        What the table cannot hold, one message a kind.

    Raises:
        InputError: If the file cannot be written.
    """
    path = Path(path)
    columns, rows = rows_of(path, termbase)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guard, columns))
    writer.writerows([guard(row.get(c, "")) for c in columns] for row in rows)
    write_bytes(path, text.getvalue().encode("utf-8-sig"))
    return without_terms(termbase)


def csv_records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields the records of a CSV file with the line they begin on; empty lines are left out.

    Raises:
        InputError: If the file cannot be read, is not UTF-8, is too large, or breaks off in quotes.
    """
    text = io.StringIO(read_whole(path), newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, [unguard(cell) for cell in record]
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(path, f"no valid CSV ({error})", "CSV", line=line) from error


def read_whole(path: Path) -> str:
    """Returns the text of a file, without its byte order mark.

    Raises:
        InputError: If the file cannot be read, is neither UTF-8 nor marked as UTF-16, or is larger than `MAX_BYTES`.
    """
    try:
        with open_text(path) as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise InputError(path, f"more than {MAX_BYTES:,} bytes", "a smaller termbase")
        # A byte order mark says the encoding; nothing is guessed.
        utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        # The strict line reader says what is wrong and where.
        read_lines(path)
        raise
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(path, "a NUL character", "text without NUL", line=line)
    return text

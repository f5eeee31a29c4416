"""Unquoted TSV with a header: the one table syntax of the project.

UTF-8, LF, no quoting: a cell holds any character but tab and LF, so what a spreadsheet or a CSV
library would reinterpret (quotes, ``NA``, ``007``) is text here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, read_lines


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with the line it stands on."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def require(self, *columns: str) -> None:
        """Raises InputError for the first column the table does not have."""
        for column in columns:
            require(self.path, self.columns, column)


def require(path: Path, columns: Sequence[str], column: str) -> None:
    """Raises InputError if a table does not have a column."""
    if column not in columns:
        close = difflib.get_close_matches(column, columns, 1)
        raise InputError(
            path,
            f"the columns {', '.join(columns)}",
            f"a column named {column!r}",
            line=1,
            hint=f"is {close[0]!r} meant? Rename it to {column!r}" if close else "",
        )


def read_table(
    path: str | Path, *, encoding: str = "utf-8", max_chars: int = MAX_SEGMENT_CHARS
) -> Table:
    """Reads a TSV file with a header row.

    Raises:
        InputError: If the file is empty, a column name repeats, or a row has more or fewer fields
            than the header.
    """
    path = Path(path)
    # A row may hold several segments, so the line limit is wider than one segment's.
    lines = read_lines(path, encoding=encoding, max_chars=64 * max_chars)
    if not lines:
        raise InputError(path, "an empty file", "a header row")
    columns = tuple(c.strip() for c in lines[0].split("\t"))
    for position, column in enumerate(columns):
        if column in columns[:position]:
            raise InputError(path, f"column {column!r} twice", "unique column names", line=1)
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ragged(path, number, cells, columns)
        for column, cell in zip(columns, cells, strict=True):
            if len(cell) > max_chars:
                raise InputError(
                    path,
                    f"a cell of {len(cell):,} characters in column {column!r}",
                    f"at most {max_chars:,}",
                    line=number,
                    hint="raise --max-segment-chars if such segments are meant",
                )
        rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    return Table(path, columns, tuple(rows))


def format_table(
    path: str | Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]
) -> str:
    """Returns the text of a TSV file.

    Raises:
        InputError: If a cell holds a tab or LF, which TSV cannot carry.
    """
    head = format_row(path, columns, {column: column for column in columns})
    return head + "".join(format_row(path, columns, row) for row in rows)


def format_row(path: str | Path, columns: Sequence[str], row: Mapping[str, str]) -> str:
    """Returns one line of a TSV file; raises as `format_table`."""
    cells = [row.get(column, "") for column in columns]
    line = "\t".join(cells)
    if line.count("\t") >= len(cells) or "\n" in line or "\r" in line:
        segment = f" of {preview(row['id'])}" if "id" in row else ""
        for column, cell in zip(columns, cells, strict=True):
            if "\t" in cell or "\n" in cell or cell.endswith("\r"):
                raise InputError(
                    path,
                    f"a tab or line break in {column!r}{segment}: {preview(cell)}",
                    "text that TSV can carry",
                    hint="write JSONL instead: it carries any text",
                )
    return line + "\n"


def ragged(path: Path, number: int, cells: Sequence[str], columns: Sequence[str]) -> InputError:
    """Returns the error for a row that is wider or narrower than the header."""
    line = "\t".join(cells)
    if not line:
        return InputError(path, "an empty line", f"{len(columns)} fields", line=number)
    missing = columns[len(cells) :]
    hint = (
        f"no value for: {', '.join(missing)}"
        if missing
        else "a tab inside a text splits it; write JSONL for such texts"
    )
    return InputError(
        path,
        f"{len(cells)} fields ({preview(line, 50)})",
        f"{len(columns)}: {', '.join(columns)}",
        line=number,
        hint=hint,
    )

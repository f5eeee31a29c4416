"""Tables for programs and spreadsheets: no quoting, and no cell that a spreadsheet or a terminal runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.guard import guard

Value = str | int | float | None


def tsv(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Returns a table with its header: tabs between cells, LF at the end of each line."""
    return "".join("\t".join(map(cell, row)) + "\n" for row in [columns, *rows])


def cell(value: Value) -> str:
    """Returns a cell: a number with all its digits; text on one line, guarded; None as empty."""
    if value is None:
        return ""
    return guard(ascii_controls(value)) if isinstance(value, str) else repr(value)

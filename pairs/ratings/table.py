"""Tables of human scores as lines of cells: tabs, commas or blanks, with a header or without."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.lines import iter_lines

MAX_ROWS = 1_000_000

_UNSCORED = ("", "none", "na", "n/a", "nan", "null", "-")
# What `float` takes besides is a slip, not a score: 1_0 for 1.0, digits of other scripts.
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
LARGEST = 1e100  # beyond it sums of squares are not finite


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read.

    Attributes:
        path: The file.
        header: Names of the columns; empty if the first line is already a row.
        rows: Line number and cells, each as wide as the header.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: str | Path, *, encoding: str = "utf-8") -> Table:
    """Reads a table whose separator is what its header uses.

    The rows of WMT's ``avg_seg_scores.tsv`` mix tabs and blanks under a header with blanks, and
    its tables of direct assessment are called CSV but have blanks: any blank separates then.

    Raises:
        InputError: If a row is not as wide as the first line, a quote is left open, or there are
            more than `MAX_ROWS` rows.
        NothingToEvaluateError: If there is no row.
    """
    path = Path(path)
    rows: list[tuple[int, tuple[str, ...]]] = []
    separator = ""
    known: dict[str, str] = {}  # names and ids stand in many rows: kept once
    for number, line in enumerate(iter_lines(path, encoding=encoding), 1):
        if not line.strip():
            continue
        if not rows:
            separator = next((c for c in "\t,;" if c in line), "")
        cells = _cells(path, number, line, separator)
        if rows and len(cells) != len(rows[0][1]):
            raise InputError(
                path, f"{len(cells)} fields: {preview(' | '.join(cells))}",
                f"{len(rows[0][1])}, as on line {rows[0][0]}", line=number,
            )  # fmt: skip
        if len(rows) > MAX_ROWS:
            raise InputError(path, f"over {MAX_ROWS:,} rows", "fewer", line=number)
        rows.append((number, tuple(known.setdefault(cell, cell) for cell in cells)))
    if not rows:
        raise NothingToEvaluateError(f"{path}: no score")
    first = rows[0][1]
    headless = len(first) == 2 and is_score(first[1])
    header = () if headless else first
    rows = rows if headless else rows[1:]
    if not rows:
        raise NothingToEvaluateError(f"{path}: a header and no score")
    return Table(path, header, tuple(rows))


def plain(name: str) -> str:
    """Returns a column's name without case and punctuation: ``Z.SCR`` is ``zscr``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_score(cell: str) -> bool:
    """True if a cell holds a number, or says that there is none."""
    if cell.strip().lower() in _UNSCORED:
        return True
    text = cell.strip()
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) <= LARGEST


def score_of(path: Path, line: int, cell: str) -> float | None:
    """Reads a score; None where the cell says that nobody scored.

    Raises:
        InputError: If it is neither, or too large to reckon with.
    """
    text = cell.strip()
    if _NUMBER.fullmatch(text) and abs(value := float(text)) <= LARGEST:
        return value
    if not is_score(cell):
        raise InputError(
            path, f"the score {preview(cell)}", "a finite number, or None if nobody scored",
            line=line,
        )  # fmt: skip
    return None


def _cells(path: Path, number: int, line: str, separator: str) -> tuple[str, ...]:
    if not separator:
        return tuple(line.split())
    if separator == "\t":
        return tuple(cell.strip() for cell in line.split("\t"))
    try:
        cells: Sequence[str] = next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError(path, f"broken CSV ({error})", "closed quotes", line=number) from error
    return tuple(cell.strip() for cell in cells)

"""Tables of human scores as lines of cells: tabs, commas or blanks, with a header or without."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.lines import read_lines

_UNSCORED = ("", "none", "na", "n/a", "nan", "null", "-")


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
        InputError: If a row is not as wide as the first line, or a quote is left open.
        NothingToEvaluateError: If there is no row.
    """
    path = Path(path)
    lines = [(n, line) for n, line in enumerate(read_lines(path, encoding=encoding), 1)]
    lines = [(n, line) for n, line in lines if line.strip()]
    if not lines:
        raise NothingToEvaluateError(f"{path}: no score")
    separator = next((c for c in "\t,;" if c in lines[0][1]), "")
    rows = [(n, _cells(path, n, line, separator)) for n, line in lines]
    width = len(rows[0][1])
    for number, cells in rows:
        if len(cells) != width:
            raise InputError(
                path, f"{len(cells)} fields: {preview(' | '.join(cells))}", f"{width}, as on "
                f"line {rows[0][0]}", line=number,
            )  # fmt: skip
    first = rows[0][1]
    headless = width == 2 and is_score(first[1])
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
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def score_of(path: Path, line: int, cell: str) -> float | None:
    """Reads a score; None where the cell says that nobody scored.

    Raises:
        InputError: If it is neither, or not finite.
    """
    if not is_score(cell):
        raise InputError(
            path, f"the score {preview(cell)}", "a finite number, or None if nobody scored",
            line=line,
        )  # fmt: skip
    return None if cell.strip().lower() in _UNSCORED else float(cell)


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

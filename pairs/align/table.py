"""Beads, and the TSV file that holds them: written for people to correct, read back strictly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.align.split import Unit
from xindaya.pairs.corpus import first_duplicate
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.tables import Row, Table, format_table, read_table

COLUMNS = ("id", "zh_lines", "en_lines", "zh", "en", "confidence")

_SENTENCE_MARK = "s"
"""Starts the ids of a file whose beads are sentences: there, beads may share a line."""


@dataclass(frozen=True, slots=True)
class Bead:
    """A run of Chinese units and the run of English units that translates it.

    Attributes:
        zh_lines: Line numbers, from 1, over the non-empty lines of the Chinese document; empty if
            the English stands alone.
        en_lines: The same for the English document.
        zh: The Chinese text, its lines joined.
        en: The English text, its lines joined by spaces.
        confidence: Chance, in [0, 1], that the bead is right as it is.
        unit: What the run is made of. Beads of sentences may share a line.
    """

    zh_lines: tuple[int, ...]
    en_lines: tuple[int, ...]
    zh: str
    en: str
    confidence: float
    unit: Unit = Unit.PASSAGE

    @property
    def matched(self) -> bool:
        """True if it has both sides."""
        return bool(self.zh_lines and self.en_lines)


def write_alignment(beads: Sequence[Bead], path: str | Path) -> int:
    """Writes beads as TSV, atomically.

    Tabs and line breaks inside a text become spaces, since TSV cannot hold them.

    Returns:
        The number of beads whose text was changed for that reason.
    """
    width = len(str(len(beads)))
    rows, changed = [], 0
    for number, bead in enumerate(beads, 1):
        zh, en = _one_line(bead.zh), _one_line(bead.en)
        changed += (zh, en) != (bead.zh, bead.en)
        mark = _SENTENCE_MARK if bead.unit is Unit.SENTENCE else ""
        rows.append({
            "id": f"{mark}{number:0{width}}",
            "zh_lines": ",".join(map(str, bead.zh_lines)),
            "en_lines": ",".join(map(str, bead.en_lines)),
            "zh": zh,
            "en": en,
            "confidence": f"{bead.confidence:.3f}",
        })  # fmt: skip
    write_text(path, format_table(path, COLUMNS, rows))
    return changed


def read_alignment(path: str | Path, *, encoding: str = "utf-8") -> list[Bead]:
    """Reads a file that `write_alignment` wrote and a person may have corrected.

    It may have been to a spreadsheet and back (`xindaya convert`), which names the texts ``source``
    and ``reference:A``.

    Rows may be joined, split, or moved to the other side of an empty cell, as long as each document
    is still there, whole and in order.

    Raises:
        InputError: If a cell cannot be understood, an id repeats, or a line number is missing, out
            of order or used twice (sentences of one line excepted).
    """
    table = _named_again(read_table(path, encoding=encoding))
    table.require(*COLUMNS)
    if not table.rows:
        return []
    path = table.path
    if duplicate := first_duplicate(row.cells["id"] for row in table.rows):
        line = [row.line for row in table.rows if row.cells["id"] == duplicate][1]
        raise InputError(path, f"id {duplicate!r} twice", "unique ids", line=line)
    sentences = table.rows[0].cells["id"].startswith(_SENTENCE_MARK)
    beads = [_bead(path, row, Unit.SENTENCE if sentences else Unit.PASSAGE) for row in table.rows]
    for side in ("zh", "en"):
        numbers = [(row, getattr(bead, f"{side}_lines"))
                   for row, bead in zip(table.rows, beads, strict=True)]  # fmt: skip
        _check_order(path, side, numbers, sentences=sentences)
    return beads


def _named_again(table: Table) -> Table:
    """Gives the text columns the names that `write_alignment` gave them."""
    names = {"source": "zh", "reference:A": "en"}
    if not names.keys() <= set(table.columns):
        return table
    return Table(
        table.path,
        tuple(names.get(c, c) for c in table.columns),
        tuple(
            Row(row.line, {names.get(c, c): cell for c, cell in row.cells.items()})
            for row in table.rows
        ),
    )


def _bead(path: Path, row: Row, unit: Unit) -> Bead:
    cells = row.cells
    zh_lines, en_lines = (_numbers(path, row, f"{side}_lines") for side in ("zh", "en"))
    for side, lines in (("zh", zh_lines), ("en", en_lines)):
        if bool(lines) != bool(cells[side].strip()):
            raise InputError(
                path,
                f"{side}_lines {cells[f'{side}_lines']!r} and {side} text {preview(cells[side])}",
                "both filled or both empty",
                line=row.line,
                hint="a text that moves to another row takes its line numbers along",
            )
    if not zh_lines and not en_lines:
        raise InputError(path, "a row without text", "text on at least one side", line=row.line,
                         hint="delete the row")  # fmt: skip
    return Bead(zh_lines, en_lines, cells["zh"], cells["en"], _confidence(path, row), unit)


def _numbers(path: Path, row: Row, column: str) -> tuple[int, ...]:
    cell = row.cells[column].strip()
    try:
        numbers = tuple(int(part) for part in cell.split(",")) if cell else ()
    except ValueError:
        numbers = (0,)
    if any(number < 1 for number in numbers):
        raise InputError(
            path,
            f"{preview(cell)} in {column!r}",
            "line numbers from 1, separated by commas",
            line=row.line,
        )
    return numbers


def _confidence(path: Path, row: Row) -> float:
    cell = row.cells["confidence"].strip()
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise InputError(
            path,
            f"confidence {preview(cell)}",
            "a number from 0 to 1",
            line=row.line,
            hint="a bead that a person has checked has confidence 1",
        )
    return value


def _check_order(
    path: Path, side: str, rows: Iterable[tuple[Row, tuple[int, ...]]], *, sentences: bool
) -> None:
    last, seen_at = 0, 0
    for row, numbers in rows:
        for position, number in enumerate(numbers):
            shared = sentences and position == 0 and number == last and last > 0
            if number == last + 1 or shared:
                last, seen_at = number, row.line
                continue
            if number == last:
                found = f"{side} line {number} again (line {seen_at} has it too)"
            elif number < last:
                found = f"{side} line {number} after {side} line {last}"
            else:
                found = f"{side} line {number}, but no {side} line {last + 1} before it"
            raise InputError(
                path,
                found,
                "every line of the document exactly once, in order",
                line=row.line,
                hint="a line without a counterpart is a row with the other side empty",
            )


def _one_line(text: str) -> str:
    for char in "\t\n\r":
        text = text.replace(char, " ")
    return text

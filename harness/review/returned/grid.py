"""The sheets of a workbook by name, and headed tables on them by cell address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs import InputError
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.sheets import Row, iter_sheets
from xindaya.pairs.formats.workbook import open_office
from xindaya.pairs.wording import lettered
from xindaya.review.returned.problems import Problems, expected, fold


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows with content, each with its number from 1."""

    name: str
    rows: tuple[Row, ...]

    def address(self, row: int, column: int) -> str:
        """Returns the address of a cell: ``Review!H17``."""
        return f"{self.name}!{lettered(column)}{row}"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a headed table."""

    sheet: Sheet
    number: int
    cells: Sequence[str]
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        place = self.columns[name]
        return self.cells[place] if place < len(self.cells) else ""

    def place(self, name: str) -> str:
        """Returns the address of a cell of this row."""
        return self.sheet.address(self.number, self.columns[name])


def read_sheets(path: Path) -> dict[str, Sheet]:
    """Reads a workbook.

    Raises:
        InputError: If it is none, too large, or two sheets have one name.
    """
    with open_office(path, "XLSX") as book:
        names = [str(s.get("name", "")) for s in book.elements("xl/workbook.xml", ("sheet",))]
    sheets: dict[str, Sheet] = {}
    # In step: rows can be read only while their sheet is the current one.
    for place, rows in enumerate(iter_sheets(path)):
        name = names[place]
        if name in sheets:
            raise InputError(path, f"two sheets {preview(name)}", "each name once")
        try:
            sheets[name] = Sheet(name, tuple(rows))
        except InputError as error:
            raise InputError(
                path, f"{error.found} on the sheet {preview(name)}", error.expected,
                line=error.line, hint="clear the cell and save again",
            ) from error  # fmt: skip
    if len(sheets) != len(names):
        raise InputError(path, "a sheet without content", "a sound XLSX file")
    return sheets


def table_rows(sheet: Sheet, names: Sequence[str], problems: Problems) -> Iterator[TableRow]:
    """Yields the rows of a table whose header has these columns, in any order, and no others.

    Missing and unknown columns, and cells outside the table, are noted as problems; without its
    columns a table has no rows.
    """
    number, header = next(iter(sheet.rows), (1, []))
    known = {fold(name): name for name in names}
    columns: dict[str, int] = {}
    for place, text in enumerate(header):
        name = known.get(fold(text))
        if name is not None and name not in columns:
            columns[name] = place
        elif text.strip():
            missing = {f: n for f, n in known.items() if n not in columns}
            problems.add(
                sheet.address(number, place),
                f"the column {preview(text)}",
                expected("a column of the exported sheet, once", fold(text), missing or known),
            )
    if lost := [name for name in names if name not in columns]:
        problems.add(
            sheet.address(number, 0), f"no column {', '.join(map(repr, lost))} in the header",
            "all columns of the exported sheet",
        )  # fmt: skip
        return
    own = set(columns.values())
    for line, cells in sheet.rows[1:]:
        for place, text in enumerate(cells):
            if place not in own and text.strip():
                problems.add(sheet.address(line, place), preview(text), "nothing outside the table")
        yield TableRow(sheet, line, cells, columns)

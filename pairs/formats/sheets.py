"""Rows of spreadsheets, read without a library, which would keep the whole grid that a hostile file claims.

Rows that are spelled alike are taken apart at once, by a pattern of that spelling; others cell by cell, or
as libxml2 gives them.
"""

from __future__ import annotations

import contextlib
import functools
import posixpath
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

from lxml import etree

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.workbook import (
    MAX_CELL_CHARS,
    MAX_CELLS,
    MAX_SHARED_CHARS,
    MAX_UNPACKED_BYTES,
    OfficeFile,
    open_office,
    too_much,
)
from xindaya.pairs.formats.xml import local_name
from xindaya.pairs.formats.xml_stream import (
    Batch,
    Form,
    UnusualError,
    all_unescaped,
    batches_of,
    has_usual_entities,
    unescaped,
)

MAX_SHEETS = 100
# Four digits, unlike in ids of XML: a cell with six of them has no escape.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")  # more digits than a sheet has rows
_SHEET, _STRINGS = Form("sheetData", "row"), Form("sst", "si")
_DIGITS = 8  # more than the place of a shared string has
_SPACE = r'(?: xml:space="preserve")?'
_STRING = re.compile(rf"<si>\s*<t{_SPACE}>([^<]*)</t>\s*</si>|<si>\s*<t/>\s*</si>|(\S)")
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)="([^"]*)"')
_NAMED = r' [^\s="<>]+="[^"<>\t\n]*"'
_USUAL = re.compile(rf"(?:{_NAMED})*\s*/?")
# The start of a row; a cell and its value, or what else it has; anything else but the end of a row.
_PIECE = re.compile(
    r'(<row)(?: r="([0-9]{1,7})")?((?:[ \n][^<>]*)?)>'
    r'|<(c)(?: r="([A-Z]{1,3})[0-9]{1,7}")?((?: [^<>]*)?)'
    r"(?<!/)>(?:<v>([^<]*)</v></c>|((?:[^<]|<(?!/c>))*)</c>)"
    r"|(<c(?: [^<>]*)?/>)|</row>|(\S)"
)
_FEW, _MANY = 8, 50  # rows and columns for which a pattern is made
_KINDS = {
    "s": "<v>([0-9]{1,7})</v>", "n": "<v>([^<]*)</v>", "str": "<v>([^<]*)</v>",
    "inlineStr": rf"<is><t{_SPACE}>([^<]*)</t></is>",
}  # fmt: skip
_CONTENT = re.compile(
    rf"\s*(?:<f(?:{_NAMED})*\s*(?:/>|>([^<]*)</f>)\s*)?"
    rf"(?:<v{_SPACE}>([^<]*)</v>|<v/>|<is>\s*<t{_SPACE}>([^<]*)</t>\s*</is>)?\s*"
)

# Parts beside a sheet: their texts, and what they are.
_TEXTS = {
    "comments": ("comment", "comments"), "threadedComments": ("threadedComment", "comments"),
    "drawings": ("txBody", "drawings"),
}  # fmt: skip
_LETTERS = ("t", "text")

Row = tuple[int, list[str]]


class ErrorValue(str):
    """A cell that holds ``#N/A`` or another error value."""

    __slots__ = ()


Beside = tuple[str, str, str]
"""What is written beside the cells: sheet and place, kind, text."""


Merged = tuple[int, int, int]
"""A cell that is merged over several rows: its column from 0, its first and last row."""


class Sheet(Iterator[Row]):
    """The rows with content of one sheet, its name, and, once they are read, what is beside them."""

    def __init__(
        self, name: str, rows: Iterator[Row], beside: Sequence[Beside], merged: Sequence[Merged]
    ) -> None:
        self.name, self._rows, self.beside, self._merged = name, rows, beside, merged

    @property
    def merged(self) -> Sequence[Merged]:
        """The cells merged over several rows, once these are read; none if they claim too many."""
        covered = sum(last - first for _, first, last in self._merged)
        return self._merged if covered <= MAX_CELLS else ()

    def __next__(self) -> Row:
        return next(self._rows)


def iter_sheets(
    path: Path,
    *,
    max_bytes: int = MAX_UNPACKED_BYTES,
    max_cells: int = MAX_CELLS,
    errors: bool = False,
) -> Generator[Sheet, None, None]:
    """Yields each sheet of a workbook in order, as (row number, cells) of the rows with content.

    A sheet's rows are to be read before the next sheet.

    Every cell is text: a number as it is stored, a formula as its own text (``=A1&B1``), never a
    cached result.

    Args:
        path: The file.
        max_bytes: Most it may unpack to.
        max_cells: Most cells of one sheet.
        errors: Give error values as `ErrorValue` rather than refuse the workbook for them.
    """
    with open_office(path, "XLSX", max_bytes=max_bytes) as book:
        shared = _shared_strings(book)
        parts = _sheet_parts(book)
        if len(parts) > MAX_SHEETS:
            raise InputError(path, f"{len(parts):,} sheets", f"at most {MAX_SHEETS:,}")
        for name, part in parts:
            beside, merged = list[Beside](), list[Merged]()
            around = functools.partial(_around, name, beside, merged)
            with contextlib.closing(_rows(book, part, shared, max_cells, errors, around)) as rows:
                yield Sheet(name, rows, beside, merged)


def sheet_texts(path: Path) -> Iterator[Beside]:
    """Yields the ``comments`` and ``drawings`` of sheets."""
    with open_office(path, "XLSX") as book:
        for name, part in _sheet_parts(book):
            folder, _, file = part.rpartition("/")
            for target in _targets(book, f"{folder}/_rels/{file}.rels", folder).values():
                kind = next((k for k in _TEXTS if f"/{k}" in target), "")
                tag, named = _TEXTS.get(kind, ("", ""))
                is_text = kind and target.endswith(".xml") and target in book.parts
                for item in book.elements(target, (tag,)) if is_text else ():
                    text = "".join(t.text or "" for t in item.iter() if local_name(t) in _LETTERS)
                    if text.strip():
                        yield f"{name}, {item.get('ref') or 'beside the cells'}", named, text


def _shared_strings(book: OfficeFile) -> list[str]:
    part = "xl/sharedStrings.xml"
    texts: list[str] = []
    size = 0
    if part not in book.parts:
        return texts
    with book.stream(part) as stream:
        for batch in batches_of(book.path, stream, _STRINGS, _nothing_outside):
            texts += (found := _strings(book.path, batch))
            size += sum(map(len, found))
            if len(texts) > MAX_CELLS:
                raise InputError(book.path, "too many texts", f"at most {MAX_CELLS:,}")
            if size > MAX_SHARED_CHARS:
                raise too_much(book.path, size)
    return texts


def _strings(path: Path, batch: Batch) -> Sequence[str]:
    """Returns some shared strings: at once where they are texts alone."""
    for text, _ in batch.spellings():
        found = _STRING.findall(text)
        if has_usual_entities(text) and not any(other for _, other in found):
            texts = all_unescaped([own for own, _ in found])
            texts = list(map(_unescaped, texts)) if "_x" in text else texts
            if max(map(len, texts), default=0) <= MAX_CELL_CHARS:
                return texts
    return [_text(path, item) for item in batch.body]


def _nothing_outside(*_: object) -> None:
    pass


def _sheet_parts(book: OfficeFile) -> list[tuple[str, str]]:
    """Returns the names of the sheets and their files in the order of the workbook."""
    targets = _targets(book, "xl/_rels/workbook.xml.rels", "xl")
    parts = []
    for sheet in book.elements("xl/workbook.xml", ("sheet",)):
        identifier = next((str(v) for a, v in sheet.items() if str(a).endswith("}id")), "")
        if identifier in targets:
            parts.append((str(sheet.get("name", "")), targets[identifier]))
    return parts


def _targets(book: OfficeFile, part: str, folder: str) -> dict[str, str]:
    """Returns the parts that another part names, by their ids there."""
    targets = {}
    for relation in book.elements(part, ("Relationship",)) if part in book.parts else ():
        target = posixpath.join("/" + folder, str(relation.get("Target", "")))
        targets[str(relation.get("Id"))] = posixpath.normpath(target).lstrip("/")
    return targets


def _around(
    sheet: str, beside: list[Beside], merged: list[Merged], element: etree._Element
) -> None:
    """Takes down what a sheet has below its rows."""
    if local_name(element) == "headerFooter":
        texts = (line.text for line in element if line.text and line.text.strip())
        beside += ((sheet, "headers and footers", text) for text in texts)
        return
    places = [*_REFERENCE.finditer(str(element.get("ref", "")))]
    if len({place[2] for place in places}) > 1:
        first, last = (int(place[2]) for place in (places[0], places[-1]))
        merged.append((_column(places[0][1]), first, last))


def _rows(
    book: OfficeFile, part: str, shared: list[str], max_cells: int, errors: bool,
    around: Callable[[etree._Element], None],
) -> Generator[Row, None, None]:  # fmt: skip
    def outside(root: etree._Element, *_: object) -> None:
        for element in root.iter("{*}mergeCell", "{*}headerFooter"):
            around(element)

    values = _Values(book.path, shared, errors)
    number, count = 0, 0
    with book.stream(part) as stream:
        for batch in batches_of(book.path, stream, _SHEET, outside):
            for declared, cells in values.rows(batch):
                number = int(declared) if _NUMBER.fullmatch(declared) else number + 1
                texts = values.texts(number, cells)
                count += len(texts)
                if count > max_cells:
                    raise InputError(
                        book.path, "a sheet that is too large", f"at most {max_cells:,} cells"
                    )
                if texts:
                    yield number, texts


_Cell = tuple[int, str, str]
"""A cell of a sheet: column, kind, content. The kind is that of its ``t``, or ``f`` for a formula."""
_Cells = list[_Cell] | list[str]
"""Those of a row; texts where they are known."""


class _Values:
    """Takes rows apart, and gives the texts of their cells."""

    def __init__(self, path: Path, shared: list[str], errors: bool) -> None:
        self._path, self._shared, self._errors = path, [*shared, ""], errors

    def rows(self, batch: Batch) -> Iterable[tuple[str, _Cells]]:
        """Returns the number of each row as it is declared, and its cells that say something."""
        for text, check in batch.spellings():
            with contextlib.suppress(UnusualError):
                if has_usual_entities(text):
                    return self._alike(text, check)
        return [(str(row.get("r", "")), list(self._walked(row))) for row in batch.body]

    def _walked(self, row: etree._Element) -> Iterator[_Cell]:
        column = -1
        for cell in row:
            reference = _REFERENCE.fullmatch(str(cell.get("r", "")))
            column = _column(reference[1]) if reference else column + 1
            parts = {local_name(part): part for part in cell}
            kind = str(cell.get("t", "n"))
            if "f" in parts and parts["f"].text:
                yield column, "f", parts["f"].text
            elif kind == "inlineStr" and "is" in parts:
                yield column, kind, _text(self._path, parts["is"])
            else:
                yield column, kind, (parts["v"].text or "") if "v" in parts else ""

    def _alike(self, text: str, check: Callable[[], None]) -> list[tuple[str, _Cells]]:
        """Takes rows apart, most of which are spelled as their neighbours are: by a pattern of that."""
        shape = None if "_x" in text else _shape(text)
        if shape is None:
            return _usual_rows(text, check)
        kinds, pattern = shape
        numbers, *found, others = zip(*pattern.findall(text), strict=True)
        columns: list[Sequence[str]] = [*found]
        for place, kind in enumerate(kinds):
            if kind == "s":
                with contextlib.suppress(IndexError):
                    columns[place] = [self._shared[int(value or -1)] for value in columns[place]]
                    continue
                return _usual_rows(text, check)
            columns[place] = all_unescaped(columns[place])
            if kind == "inlineStr" and max(map(len, columns[place])) > MAX_CELL_CHARS:
                return _usual_rows(text, check)
        if not any(others) and all(columns[-1]):
            return list(zip(numbers, map(list, zip(*columns, strict=True)), strict=True))
        rows: list[tuple[str, _Cells]] = []
        for number, other, *texts in zip(numbers, others, *columns, strict=True):
            if other:
                rows += _usual_rows(other, check)
            else:
                while texts and not texts[-1]:
                    texts.pop()
                rows.append((number, texts))
        return rows

    def texts(self, row: int, cells: _Cells) -> list[str]:
        """Returns the texts of a row, up to the last that is not empty."""
        texts: list[str] = []
        for cell in cells:
            if isinstance(cell, str):
                return cast(list[str], cells)
            column, kind, value = cell
            text = self._string(row, value) if kind == "s" else self._text(row, kind, value)
            if text:
                if column > len(texts):
                    texts += [""] * (column - len(texts))
                texts[column : column + 1] = (text,)
        return texts

    def _string(self, row: int, value: str) -> str:
        place = int(value) if value.isdecimal() and len(value) < _DIGITS else len(self._shared)
        if not value or place < len(self._shared) - 1:
            return self._shared[place if value else -1]
        found = f"no shared text {preview(value)}"
        raise InputError(self._path, found, "a sound XLSX file", line=row)

    def _text(self, row: int, kind: str, value: str) -> str:
        if kind == "f":
            return f"={value}"
        if kind == "inlineStr":
            return value
        if kind == "e" and not self._errors:
            raise error_value(self._path, row, value)
        if kind == "e":
            return ErrorValue(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return _unescaped(value)


def _shape(text: str) -> tuple[list[str], re.Pattern[str]] | None:
    """Returns the kinds of the cells of a row in a text, and a pattern of such rows and any others."""
    start = text.find("<row", text.find("</row>")) if text.count("</row>") > _FEW else -1
    found = _PIECE.findall(text[start : text.find("</row>", start)]) if start >= 0 else []
    cells = [(letters, head) for _, _, _, cell, letters, head, *_ in found[1:] if cell]
    kinds = tuple(_kind(head) for _, head in cells)
    known = not any(cell[-1] for cell in found) and kinds and {*kinds} <= {*_KINDS}
    in_order = [_column(letters) for letters, _ in cells] == list(range(len(cells)))
    return ([*kinds], _pattern(*cells)) if known and in_order and len(cells) < _MANY else None


@lru_cache(100)
def _pattern(*cells: tuple[str, str]) -> re.Pattern[str]:
    pieces = []
    for letters, head in cells:
        value = _KINDS[_kind(head)]
        cell = rf'<c r="{letters}[0-9]{{1,7}}"'
        pieces.append(rf"(?:{cell}{re.escape(head)}>{value}</c>|{cell}(?:{_NAMED})*\s*/>)?")
    row = rf'<row r="([0-9]{{1,7}})"(?:{_NAMED})*\s*>{"".join(pieces)}</row>'
    return re.compile(rf"\s*(?:{row}|((?s:.+?)(?:</row>|\Z)))\s*")


def _usual_rows(text: str, check: Callable[[], None]) -> list[tuple[str, _Cells]]:
    """Takes rows apart as they are spelled, once they are checked.

    Raises:
        UnusualError: If something in them is spelled otherwise than here.
    """
    check()
    rows: list[tuple[str, _Cells]] = []
    column, empty = -1, ""
    cells: list[_Cell] = []
    for row, declared, more, cell, letters, head, value, content, alone, other in _PIECE.findall(
        text
    ):
        if cell:
            if letters:
                column = _column(letters)
            elif empty:
                raise UnusualError
            else:
                column += 1
            empty, kind = "", _kind(head)
            if content:
                kind, value = _content(kind, content)
            cells.append((column, kind, unescaped(value) if "&" in value else value))
        elif row:
            column, empty, cells = -1, "", []
            rows.append((declared or _declared(more), cells))
        elif other:
            raise UnusualError
        else:
            empty = alone
    return rows


@lru_cache(1_000)
def _kind(head: str) -> str:
    """Returns what the attributes of a cell say of its kind."""
    if not _USUAL.fullmatch(head):
        raise UnusualError
    values = dict(_ATTRIBUTE.findall(head))
    if "r" in values:
        raise UnusualError
    return str(values.get("t", "n"))


def _declared(more: str) -> str:
    """Returns the number of a row whose attributes do not begin with it."""
    if not _USUAL.fullmatch(more):
        raise UnusualError
    return str(dict(_ATTRIBUTE.findall(more)).get("r", ""))


def _content(kind: str, content: str) -> tuple[str, str]:
    """Returns kind and value of a cell that holds more than a plain value."""
    found = _CONTENT.fullmatch(content)
    if found is None or (found[3] is not None and kind != "inlineStr"):
        raise UnusualError
    formula, value, inline = found.groups()
    if inline is not None:
        if "_x" in inline or len(inline) > MAX_CELL_CHARS:
            raise UnusualError
        return kind, inline
    return ("f", formula) if formula else (kind, value or "")


def error_value(path: Path, row: int, text: str) -> InputError:
    """Returns the error for an error value."""
    return InputError(path, f"the error value {preview(text)}", "text", line=row)


def _text(path: Path, item: etree._Element) -> str:
    """Returns the text of a string: its runs joined, without the phonetic ones."""
    runs = []
    for part in item:
        name = local_name(part)
        if name == "t":
            runs.append(part.text or "")
        elif name == "r":
            runs += [t.text or "" for t in part if local_name(t) == "t"]
    # An escape counts as one character, and does not go beyond its run.
    text = _unescaped(runs[0]) if len(runs) == 1 else "".join(map(_unescaped, runs))
    if len(text) > MAX_CELL_CHARS:
        raise InputError(path, f"a text of {len(text):,} characters", f"at most {MAX_CELL_CHARS:,}")
    return text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return escape[0] if 0xD800 <= code < 0xE000 else chr(code)


@lru_cache(1_000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

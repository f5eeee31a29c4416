"""Office files from strangers: sizes are checked before anything is unpacked, and counted after.

Rows of spreadsheets are read with lxml rather than a spreadsheet library, which would keep the
whole grid that a hostile file claims to have.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import reading
from xindaya.pairs.formats.xml import iter_elements, local_name, refuse_entities, unescaped

MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200
MAX_ENTRIES = 10_000
MAX_CELLS = 2_000_000
MAX_SHEETS = 100
MAX_CELL_CHARS = 32_767  # the format's own limit

_MAX_DIRECTORY_BYTES = 4 << 20
_MAX_SHARED, _MAX_SHARED_CHARS = 1_000_000, 32 << 20
_RATIO_FROM = 1 << 20  # bytes unpacked below which any ratio is harmless
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,7}")  # more digits than a sheet has rows
_END, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"

Row = tuple[int, list[str]]


class OfficeFile:
    """An open archive of XML parts; made by `open_office`."""

    def __init__(self, path: Path, form: str, archive: zipfile.ZipFile, max_bytes: int) -> None:
        self.path, self._form, self._archive = path, form, archive
        self.parts = frozenset(archive.namelist())
        self._left = self._max_bytes = max_bytes

    def elements(self, part: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """Yields the elements with these names in a part, forgetting each on the next step."""
        if part not in self.parts:
            raise _unreadable(self.path, self._form, f"no {part} inside")
        # The same part may be named many times: what counts is what is read in all.
        self._left -= self._archive.getinfo(part).file_size
        if self._left < 0:
            raise InputError(
                self.path, f"over {self._max_bytes:,} bytes unpacked", "a smaller file"
            )
        # Here too: rows are read after `open_office` has given the archive away.
        with _errors(self.path, self._form), self._archive.open(part) as stream:
            refuse_entities(self.path, stream)
            yield from iter_elements(self.path, stream, tags)


@contextlib.contextmanager
def open_office(
    path: Path, form: str, *, max_bytes: int = MAX_UNPACKED_BYTES
) -> Iterator[OfficeFile]:
    """Opens an XLSX or DOCX file.

    Raises:
        InputError: If it is no such file, or unpacks to more than is reasonable.
    """
    with reading(path), _errors(path, form):
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive, max_bytes)
            yield OfficeFile(path, form, archive, max_bytes)


@contextlib.contextmanager
def _errors(path: Path, form: str) -> Iterator[None]:
    """Turns what goes wrong in an archive into an InputError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError,
            RuntimeError) as error:  # fmt: skip
        raise _unreadable(path, form, str(error)) from error


def _unreadable(path: Path, form: str, why: str) -> InputError:
    found, expected = f"no readable {form} ({why})", f"a sound {form} file"
    return InputError(path, found, expected, hint="save the file again")


def iter_sheets(
    path: Path, *, max_bytes: int = MAX_UNPACKED_BYTES, max_cells: int = MAX_CELLS
) -> Generator[Iterator[Row], None, None]:
    """Yields each sheet of a workbook in order, as (row number, cells) of the rows with content.

    A sheet's rows are to be read before the next sheet.

    Every cell is text: a number as it is stored, a formula as its own text (``=A1&B1``), never a
    cached result.
    """
    with open_office(path, "XLSX", max_bytes=max_bytes) as book:
        shared = _shared_strings(book)
        parts = _sheet_parts(book)
        if len(parts) > MAX_SHEETS:
            raise InputError(path, f"{len(parts):,} sheets", f"at most {MAX_SHEETS:,}")
        for part in parts:
            with contextlib.closing(_rows(book, part, shared, max_cells)) as rows:
                yield rows


def _check_directory(path: Path) -> None:
    """Refuses a huge list of members, which would be read whole when the archive is opened."""
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - (1 << 16) - 64))
        tail = stream.read()
    for end in {tail.rfind(_END), len(tail) - 22}:
        if end < 0 or tail[end : end + 4] != _END:
            continue
        directory = int.from_bytes(tail[end + 12 : end + 16], "little")
        if directory > _MAX_DIRECTORY_BYTES or tail[max(0, end - 20) : end].startswith(_ZIP64):
            raise InputError(path, f"over {MAX_ENTRIES:,} files inside, or a huge one", "fewer")


def _check_sizes(path: Path, archive: zipfile.ZipFile, max_bytes: int) -> None:
    """Refuses what unpacks to too much; a member gives no more bytes than it declares."""
    members = archive.infolist()
    unpacked = sum(m.file_size for m in members)
    if len(members) > MAX_ENTRIES:
        raise InputError(path, f"{len(members):,} files inside", f"at most {MAX_ENTRIES:,}")
    if unpacked > max_bytes:
        raise InputError(path, f"{unpacked:,} bytes when unpacked", f"at most {max_bytes:,}")
    for member in members:
        if member.file_size > max(_RATIO_FROM, MAX_RATIO * member.compress_size):
            ratio = member.file_size // max(1, member.compress_size)
            raise InputError(
                path, f"a part that unpacks to {ratio:,} times its size",
                f"at most {MAX_RATIO} times",
            )  # fmt: skip


def _shared_strings(book: OfficeFile) -> list[str]:
    part = "xl/sharedStrings.xml"
    texts: list[str] = []
    size = 0
    if part in book.parts:
        for item in book.elements(part, ("si",)):
            texts.append(_text(book.path, item))
            size += len(texts[-1])
            if len(texts) > _MAX_SHARED or size > _MAX_SHARED_CHARS:
                raise InputError(
                    book.path, "too many texts", f"at most {_MAX_SHARED_CHARS:,} characters"
                )
    return texts


def _sheet_parts(book: OfficeFile) -> list[str]:
    """Returns the names of the sheets' files in the order of the workbook."""
    targets = {}
    for relation in book.elements("xl/_rels/workbook.xml.rels", ("Relationship",)):
        target = str(relation.get("Target", ""))
        absolute = target.startswith("/")
        targets[relation.get("Id")] = target[1:] if absolute else str(PurePosixPath("xl", target))
    parts = []
    for sheet in book.elements("xl/workbook.xml", ("sheet",)):
        identifier = next((str(v) for a, v in sheet.items() if str(a).endswith("}id")), "")
        if identifier in targets:
            parts.append(targets[identifier])
    return parts


def _rows(
    book: OfficeFile, part: str, shared: list[str], max_cells: int
) -> Generator[Row, None, None]:
    number, count = 0, 0
    for row in book.elements(part, ("row",)):
        declared = str(row.get("r", ""))
        number = int(declared) if _NUMBER.fullmatch(declared) else number + 1
        cells: dict[int, str] = {}
        column = -1
        for cell in row:
            reference = _REFERENCE.fullmatch(str(cell.get("r", "")))
            column = _column(reference[1]) if reference else column + 1
            if text := _cell_text(book.path, number, cell, shared):
                cells[column] = text
        count += max(cells, default=-1) + 1
        if count > max_cells:
            raise InputError(book.path, "a sheet that is too large", f"at most {max_cells:,} cells")
        if cells:
            yield number, [cells.get(c, "") for c in range(max(cells) + 1)]


def _cell_text(path: Path, row: int, cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    parts = {local_name(part): part for part in cell}
    if "f" in parts and parts["f"].text:
        return f"={parts['f'].text}"
    if kind == "inlineStr":
        return _text(path, parts["is"]) if "is" in parts else ""
    value = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s":
        if not _NUMBER.fullmatch(value) or int(value) >= len(shared):
            found = f"no shared text {preview(value)}"
            raise InputError(path, found, "a sound XLSX file", line=row)
        return shared[int(value)]
    if kind == "e":
        raise InputError(path, f"the error value {preview(value)}", "text", line=row)
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return unescaped(value)


def _text(path: Path, item: etree._Element) -> str:
    """Returns the text of a string: its runs joined, without the phonetic ones."""
    runs = []
    for part in item:
        name = local_name(part)
        if name == "t":
            runs.append(part.text or "")
        elif name == "r":
            runs += [t.text or "" for t in part if local_name(t) == "t"]
    # An escape counts as one character.
    text = unescaped("".join(runs))
    if len(text) > MAX_CELL_CHARS:
        raise InputError(path, f"a text of {len(text):,} characters", f"at most {MAX_CELL_CHARS:,}")
    return text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

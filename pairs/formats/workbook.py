"""Office files from strangers: sizes are checked before anything is unpacked, and counted after."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from xindaya.pairs.errors import InputError
from xindaya.pairs.files import reading
from xindaya.pairs.formats.xml import iter_elements, iter_outermost, refuse_entities
from xindaya.pairs.formats.xml_text import escaped

MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200
MAX_ENTRIES = 10_000
MAX_CELLS = 2_000_000
MAX_CELL_CHARS = 32_767  # the format's own limit, in UTF-16 units

_MAX_DIRECTORY_BYTES = 4 << 20
MAX_SHARED_CHARS = 32 << 20
_RATIO_FROM = 1 << 20  # bytes unpacked below which any ratio is harmless
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_END, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"


class OfficeFile:
    """An open archive of XML parts; made by `open_office`."""

    def __init__(self, path: Path, form: str, archive: zipfile.ZipFile, max_bytes: int) -> None:
        self.path, self._form, self._archive = path, form, archive
        self.parts = frozenset(archive.namelist())
        self._left = self._max_bytes = max_bytes

    def elements(
        self, part: str, tags: tuple[str, ...], *, outermost: bool = False
    ) -> Iterator[etree._Element]:
        """Yields the elements with these names in a part, forgetting each on the next step.

        Args:
            part: Name in the archive.
            tags: Local names.
            outermost: Leave out those inside another one, which is then whole.
        """
        with self.stream(part) as stream:
            walk = iter_outermost if outermost else iter_elements
            yield from walk(self.path, stream, tags)

    @contextlib.contextmanager
    def stream(self, part: str) -> Iterator[IO[bytes]]:
        """Opens a part."""
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
            yield stream


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
            _refuse_opendocument(path, archive)
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


def units(text: str) -> int:
    """Returns how long a text is to a spreadsheet: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def write_text(sheet: Any, row: int, column: int, text: str, look: Any = None) -> bool:
    """Writes a text to a cell with XlsxWriter, so that it reads back as it is.

    Returns:
        False if the cell cannot hold it.
    """
    if 2 * len(text) > MAX_CELL_CHARS and units(text) > MAX_CELL_CHARS:
        return False
    if text.startswith("<r>") or ("_x" in text and len(_LIKE_ESCAPE.findall(text)) > 1):
        # The library would take the first for markup of its own, and of ``_x0041_x0042_`` escape the
        # first half only. So it is given markup, in which the references keep it from escaping again.
        kept = _LIKE_ESCAPE.sub("_x005F_", text)
        text = f'<r><t xml:space="preserve">{escaped(kept).replace("_", "&#95;")}</t></r>'
    return not sheet.write_string(row, column, text, look)


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


def _refuse_opendocument(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuses a file of LibreOffice, which is an archive too, as what it is."""
    if not {"mimetype", "content.xml"} <= {*archive.namelist()}:
        return
    sheet = b"spreadsheet" in archive.read("mimetype")
    found, wanted = ("an ODS workbook", "XLSX") if sheet else ("an OpenDocument file", "DOCX")
    article = "an" if sheet else "a"
    raise InputError(path, found, f"{article} {wanted} file", hint=f"save it as {wanted}")


def check_size(path: str | Path, texts: Iterable[str], cells: int) -> None:
    """Raises InputError for what could be written and not be read again.

    Args:
        path: Where it is to be written.
        texts: Its different texts.
        cells: How many cells the sheet has.
    """
    hint = "write TSV or JSONL instead, or several workbooks"
    if cells > MAX_CELLS:
        raise InputError(path, f"{cells:,} cells", f"at most {MAX_CELLS:,}", hint=hint)
    if (size := sum(map(len, texts))) > MAX_SHARED_CHARS:
        raise too_much(path, size, hint)


def check_unpacked(path: str | Path, file: io.BytesIO) -> None:
    """Raises InputError if a workbook that was made unpacks to more than is read."""
    with zipfile.ZipFile(file) as archive:
        _check_sizes(Path(path), archive, MAX_UNPACKED_BYTES)


def too_much(path: str | Path, size: int, hint: str = "") -> InputError:
    """Returns the error for more text than a workbook may have."""
    found, expected = f"{size:,} characters of text or more", f"at most {MAX_SHARED_CHARS:,}"
    return InputError(path, found, expected, hint=hint)

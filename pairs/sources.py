"""Opening what a user names: a file, a gzip file as what is in it, ``-`` for standard input.

A reader gets bytes that it can read again from the start, and is never made to wait for a pipe that
nobody writes into. What is no text is named as what it is,
with the command that reads it, where lines are expected.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import IO, Any

from xindaya.pairs.errors import InputError
from xindaya.pairs.files import reading

STDIN = Path("-")
GZIP = b"\x1f\x8b\x08"
"""How a gzip file begins; no text in UTF-8 does."""

MAX_RATIO = 200
"""A gzip file may unpack to so many times its size: text packs to a tenth, repeated lines to less."""

_RATIO_FROM = 64 << 20  # bytes unpacked below which any ratio is harmless
_HEAD = 1 << 16
_TEXTS = "xindaya convert FILE FOLDER --to text makes files with one segment a line of it"
_PACKED = "unpack it first; a gzip file is read as it is"
_OFFICE = (
    (b"xl/", "an XLSX workbook", f"{_TEXTS}; --source-column and --target-column name its columns"),
    (b"word/", "a Word document (DOCX)", f"of a table with two columns, {_TEXTS}; save others as text"),
    (b"ppt/", "a PowerPoint file", "save its text as a text file"),
    (b"opendocument.spreadsheet", "an ODS workbook", f"save it as XLSX; then {_TEXTS}"),
    (b"opendocument", "an OpenDocument file", "save it as a text file"),
    (b"epub+zip", "an EPUB book", "save its text as a text file"),
)  # fmt: skip
_KINDS = (
    (b"%PDF-", "a PDF", "save its text (pdftotext FILE); xindaya align makes segments of two texts"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc)",
     "save it as XLSX or as text"),
    (b"{\\rtf", "an RTF document", "save it as a text file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _PACKED),
    (b"Rar!\x1a\x07", "a RAR archive", _PACKED),
    (b"BZh91AY&SY", "a bzip2 file", f"{_PACKED}, and so is bzip2 -dc FILE | xindaya score REF -i -"),
    (b"\xfd7zXZ\x00", "an xz file", f"{_PACKED}, and so is xz -dc FILE | xindaya score REF -i -"),
    (b"\x28\xb5\x2f\xfd", "a zstd file",
     f"{_PACKED}, and so is zstd -dc FILE | xindaya score REF -i -"),
    (b"PAR1\x15", "a Parquet file", "xindaya scale -i FILE reads it"),
    (b"SQLite format 3\x00", "an SQLite database", "write its texts to files, one segment a line"),
)  # fmt: skip
_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_MAGIC = (*(start for start, _, _ in _KINDS), *_ZIP)
_TAR = slice(257, 262)
_DESCRIPTOR = re.compile(r"/dev/(?:fd/([0-9]+)|stdin)|/proc/self/fd/([0-9]+)")
_NO_TEXT = re.compile("[\ud800-\udfff]")


def plain_name(path: str | Path) -> Path:
    """Returns a path without the ``.gz`` of a packed file: the name that says what is in it."""
    path = Path(path)
    return path.with_suffix("") if path.suffix.lower() == ".gz" else path


def printed_name(name: str) -> str:
    """Returns a name that came from a path as text: bytes of it that are none become U+FFFD."""
    return _NO_TEXT.sub("\ufffd", name)


@contextlib.contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file, unpacked if it is a gzip file, or standard input for ``-``.

    A pipe that this process was given open (``<(…)``, ``/dev/stdin``) is read as standard input is.

    Raises:
        InputError: If it is missing, a folder, another pipe, a device or not readable; while it is
            read, if it is a damaged gzip file or unpacks to far too much.
    """
    with contextlib.ExitStack() as stack:
        if (descriptor := _given(path)) is not None:
            stream: Any = stack.enter_context(_from_start(path, descriptor))
        else:
            stack.enter_context(reading(path))
            stream = stack.enter_context(path.open("rb"))
        if stream.peek(len(GZIP)).startswith(GZIP):
            stream = stack.enter_context(io.BufferedReader(_Unpacked(path, stream), _HEAD))
        yield stream


@contextlib.contextmanager
def open_text(path: Path) -> Iterator[IO[bytes]]:
    """As `open_bytes`, for what should be text.

    Raises:
        InputError: If it is a workbook, a document or an archive.
    """
    with open_bytes(path) as stream:
        head = stream.peek(_TAR.stop)  # type: ignore[attr-defined]
        if head.startswith(_MAGIC) or head[_TAR] == b"ustar":
            raise _no_text(path, stream.read(_HEAD))
        yield stream


def refuse_containers(path: Path, head: bytes) -> None:
    """Raises InputError if a file that begins so is no text and no workbook."""
    if (head.startswith(_MAGIC) and not head.startswith(_ZIP)) or head[_TAR] == b"ustar":
        raise _no_text(path, head)


def _no_text(path: Path, head: bytes) -> InputError:
    found, hint = "a tar archive", _PACKED
    if head.startswith(_ZIP):
        found, hint = _zipped(path, head)
    for start, name, advice in _KINDS:
        if head.startswith(start):
            found, hint = name, advice
    return InputError(path, found, "text, one segment a line", hint=hint.replace("FILE", str(path)))


def _zipped(path: Path, head: bytes) -> tuple[str, str]:
    """Tells Office files from other archives by the names of their parts, which stand at both ends."""
    names = head
    if path.is_file():
        with path.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, io.SEEK_END) - _HEAD))
            names += stream.read()
    for part, name, advice in _OFFICE:
        if part in names:
            return name, advice
    return "a ZIP archive", _PACKED


class _Unpacked(io.RawIOBase):
    """The content of a gzip file, as far as it is no bomb."""

    def __init__(self, path: Path, packed: IO[bytes]) -> None:
        import gzip

        super().__init__()
        self._path, self._packed = path, packed
        self._content = gzip.GzipFile(fileobj=packed, mode="rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._content.seek(offset, whence)

    def tell(self) -> int:
        return self._content.tell()

    def readinto(self, buffer: Any) -> int:
        import zlib

        try:
            found = self._content.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                self._path,
                f"a damaged gzip file ({error})",
                "a sound one",
                hint=f"gunzip -t {self._path} says what is wrong",
            ) from error
        unpacked = self._content.tell()
        if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * self._packed.tell():
            raise InputError(
                self._path,
                f"a gzip file that unpacks to more than {MAX_RATIO} times its size",
                "text",
                hint="if it is meant, unpack it first",
            )
        buffer[: len(found)] = found
        return len(found)


_spooled: dict[int, tuple[object, Any]] = {}  # descriptor to what it was, and a file of its content
_turn = Lock()


def _given(path: Path) -> int | None:
    """Returns the descriptor of standard input or of a pipe that was given open; None for a file."""
    if path == STDIN:
        return 0
    match = _DESCRIPTOR.fullmatch(str(path))
    if not match:
        return None
    descriptor = int(match[1] or match[2] or 0)
    try:
        mode = os.fstat(descriptor).st_mode
    except (OSError, OverflowError):
        return None
    return descriptor if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None


def _from_start(path: Path, descriptor: int) -> IO[bytes]:
    """Opens what can be read only once: it is read once, to a temporary file."""
    with _turn:
        what: object = sys.stdin
        if descriptor:
            status = os.fstat(descriptor)
            what = status.st_dev, status.st_ino
        if descriptor not in _spooled or _spooled[descriptor][0] != what:
            if descriptor in _spooled:
                _spooled.pop(descriptor)[1].close()
            _spooled[descriptor] = what, _copied(path, descriptor)
        return io.BufferedReader(_Window(_spooled[descriptor][1]))


def _copied(path: Path, descriptor: int) -> IO[bytes]:
    import atexit
    import shutil
    import tempfile

    if not _spooled:
        atexit.register(_forget)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
    try:
        if descriptor:
            with os.fdopen(os.dup(descriptor), "rb") as pipe:
                shutil.copyfileobj(pipe, file)
        elif (given := getattr(sys.stdin, "buffer", None)) is None:
            raise InputError(path, "it closed", "a text")
        else:
            shutil.copyfileobj(given, file)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise InputError(path, f"what cannot be read ({error.strerror})", "a text") from error
        raise
    return file


def _forget() -> None:
    for _, file in _spooled.values():
        file.close()
    _spooled.clear()


class _Window(io.RawIOBase):
    """A shared file with a position of its own."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _turn:
            self._file.seek(self._at)
            self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        with _turn:
            self._file.seek(self._at)
            count: int = self._file.readinto(buffer)
        self._at += count
        return count

"""Strict reading of a byte range of a text file, by the rules of `xindaya.pairs.lines`.

UTF-8, only LF ends a line, no NUL, nothing repaired. A range knows bytes and not line numbers, so
they are counted only when an error has to name one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from xindaya.pairs import InputError
from xindaya.pairs.sources import GZIP

BOM = b"\xef\xbb\xbf"
CELLS = 64
"""A line may be so many times longer than one segment, as in a TSV corpus."""


@contextlib.contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Opens a file for reading.

    Raises:
        InputError: If it is not there or may not be read. Other failures, as of a network, stay
            `OSError`: a cluster tries those again.
    """
    try:
        stream = Path(path).open("rb", buffering=1 << 18)  # noqa: SIM115
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise InputError(
            path,
            f"a file that cannot be read ({error.strerror})",
            "a readable file",
            hint="on a cluster, every worker must see the same files under the same paths",
        ) from error
    with stream:
        if stream.peek(len(GZIP)).startswith(GZIP):  # type: ignore[attr-defined]
            raise InputError(
                path, "a gzip file", "a file that can be read from the middle",
                hint=f"unpack it first: gunzip -k {path}",
            )  # fmt: skip
        yield stream


def range_lines(path: str, start: int, stop: int, max_chars: int) -> Iterator[tuple[int, str]]:
    """Yields offset and text of the lines that begin in a range, one in memory at a time.

    Raises:
        InputError: If a line is not UTF-8, holds a NUL, or is too long.
    """
    limit = 4 * CELLS * max_chars + 2
    with opened(path) as stream:
        stream.seek(start)
        offset = start
        while offset < stop and (raw := stream.readline(limit + 1)):
            if len(raw) > limit:
                raise error_at(path, offset, "a line that is too long", "one segment a line")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                bad = raw[error.start : error.start + 4].hex(" ")
                raise error_at(
                    path,
                    offset,
                    f"bytes {bad} at column {error.start + 1}, which are not UTF-8",
                    "UTF-8",
                ) from error
            text = text.removesuffix("\n").removesuffix("\r")
            if "\0" in text:
                raise error_at(path, offset, "a NUL character", "text without NUL")
            yield offset, text
            offset += len(raw)


def error_at(path: str, offset: int, found: str, expected: str, *, hint: str = "") -> InputError:
    """Makes the error for the line that begins at an offset."""
    return InputError(path, found, expected, line=line_at(path, offset), hint=hint)


def line_at(path: str, offset: int) -> int:
    """Returns the number, from 1, of the line that begins at an offset."""
    number = 1
    with opened(path) as stream:
        while offset > 0 and (read := stream.read(min(offset, 1 << 20))):
            number += read.count(b"\n")
            offset -= len(read)
    return number

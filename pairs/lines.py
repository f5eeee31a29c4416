"""Strict reading of text: UTF-8, only LF ends a line, nothing repaired in silence.

`str.splitlines` and Python's universal newlines also break at U+2028, U+0085, form feeds and lone
carriage returns, which shifts parallel files against each other; hence this one reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from xindaya.pairs.errors import InputError
from xindaya.pairs.sources import open_text

MAX_SEGMENT_CHARS = 100_000
"""Longest segment accepted by default, in characters."""

LARGEST_MAX_CHARS = 100_000_000
"""The most that may be accepted instead: a text is held in memory several times."""

_CHUNK = 1 << 16  # bytes read at once: few, so that their memory is soon used again
_BOM = b"\xef\xbb\xbf"
_SUGGESTIONS = ("gb18030", "utf-16", "big5hkscs")


def read_lines(
    path: str | Path, *, encoding: str = "utf-8", max_chars: int = MAX_SEGMENT_CHARS
) -> list[str]:
    """Reads a text file with one segment a line.

    Args:
        path: The file, packed with gzip or not, or ``-`` for standard input. A UTF-8 byte order
            mark is dropped.
        encoding: Name of the encoding; decoding is always strict.
        max_chars: Longest line accepted.

    Returns:
        The lines without their line end. One carriage return before LF belongs to the line end.

    Raises:
        InputError: If the file is missing, is a folder, is not valid in `encoding`, holds a NUL,
            or has a line longer than `max_chars`.
    """
    return list(iter_lines(path, encoding=encoding, max_chars=max_chars))


def iter_lines(
    path: str | Path, *, encoding: str = "utf-8", max_chars: int = MAX_SEGMENT_CHARS
) -> Iterator[str]:
    """Yields what `read_lines` returns, holding little of the file in memory."""
    # Chained, not yielded one by one: a loop of Python's would take as long as the reading.
    return chain.from_iterable(_line_blocks(Path(path), encoding, max_chars))


def _line_blocks(path: Path, encoding: str, max_chars: int) -> Iterator[list[str]]:
    """Yields the lines of a file, those of one piece at a time."""
    if not _is_utf8(encoding):
        yield _lines_in(encoding, path, max_chars)
        return
    with open_text(path) as stream:
        for block in _blocks(stream, 4 * max_chars + 2):
            lines = _plain_lines(block, max_chars)
            if lines is None:
                raise _fault(path, max_chars)
            yield lines


def _blocks(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yields a file in pieces that end with a line, the byte order mark left out.

    A line longer than `limit` ends the last piece unfinished: it is refused before it is read whole.
    """
    rest = b""
    start = _BOM
    while chunk := stream.read(_CHUNK):
        head, newline, rest = (rest + chunk.removeprefix(start)).rpartition(b"\n")
        start = b""
        if newline:
            yield head + newline
        if len(rest) > limit:
            break
    if rest:
        yield rest


def _plain_lines(block: bytes, max_chars: int) -> list[str] | None:
    """Cuts a piece of a file into lines; None if anything is to be said about it."""
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    return lines if max(map(len, lines)) <= max_chars else None


def _fault(path: Path, max_chars: int) -> InputError:
    """Finds the first fault of a file, line by line, for an error that names its place."""
    # A character takes at most 4 bytes in UTF-8; a longer line is refused before it is read whole.
    limit = 4 * max_chars + 2
    with open_text(path) as stream:
        number = 0
        while raw := stream.readline(limit + 1):
            number += 1
            if number == 1:
                raw = raw.removeprefix(_BOM)
            if len(raw) > limit:
                return _too_long(path, number, max_chars)
            try:
                _checked(path, number, _decode(path, number, raw), max_chars)
            except InputError as error:
                return error
    return InputError(path, "a file that changes while it is read", "a file at rest")


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _lines_in(encoding: str, path: Path, max_chars: int) -> list[str]:
    try:
        with open_text(path) as stream:
            text = stream.read().decode(encoding).removeprefix("\ufeff")
    except (LookupError, ValueError) as error:  # some codecs raise a bare UnicodeError
        raise undecodable(path, encoding, error) from error
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [_checked(path, number, line, max_chars) for number, line in enumerate(lines, 1)]


def undecodable(path: Path, encoding: str, error: Exception) -> InputError:
    """Returns the error of a file that is not in the encoding asked for, or of no encoding."""
    return InputError(path, f"text that is not {encoding} ({error})", "text in that encoding")


def _decode(path: Path, number: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = raw[error.start : error.start + 4].hex(" ")
        guess = _suggest_encoding(path)
        raise InputError(
            path,
            f"bytes {bad} at column {error.start + 1}, which are not UTF-8",
            "UTF-8",
            line=number,
            hint=f"the file reads well as {guess}: convert it (iconv -f {guess} -t utf-8), or pass "
            f"--encoding {guess} where the command takes it"
            if guess
            else "convert the file to UTF-8, or name its encoding with --encoding",
        ) from error


def _suggest_encoding(path: Path) -> str:
    """Names the first known encoding in which the file's start is plausible Chinese text."""
    with open_text(path) as stream:
        sample = stream.read(65_536)
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    kept = sample.decode("utf-8", errors="ignore").encode()
    if sum(byte >= 0x80 for byte in kept) > len(sample) - len(kept):
        return ""  # damaged UTF-8, not another encoding: converting it would make it worse
    best, best_share = "", 0.5
    for encoding in _SUGGESTIONS:
        try:
            # The sample may end inside a character: drop up to three bytes.
            text = sample[: len(sample) - len(sample) % 2].decode(encoding, errors="ignore")
        except LookupError:  # pragma: no cover - all three ship with Python
            continue
        if len(text.encode(encoding, errors="ignore")) < 0.99 * (len(sample) - 4):
            continue
        share = sum(_is_common(c) for c in text) / max(1, len(text))
        if share > best_share:
            best, best_share = encoding, share
    return best


def _is_common(char: str) -> bool:
    """True for ASCII text, common Chinese characters and the punctuation between them."""
    code = ord(char)
    return (
        0x20 <= code < 0x7F or char in "\r\n\t" or 0x4E00 <= code <= 0x9FA5 or
        0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF65 or 0x2010 <= code <= 0x2026
    )  # fmt: skip


def _checked(path: Path, number: int, line: str, max_chars: int) -> str:
    line = line.removesuffix("\n").removesuffix("\r")
    if "\0" in line:
        raise InputError(
            path,
            f"a NUL character at column {line.index(chr(0)) + 1}",
            "text without NUL",
            line=number,
            hint="this is a binary or UTF-16 file, or a damaged one",
        )
    if len(line) > max_chars:
        raise _too_long(path, number, max_chars)
    return line


def _too_long(path: Path, number: int, max_chars: int) -> InputError:
    return InputError(
        path,
        f"a line longer than {max_chars:,} characters",
        "one segment a line",
        line=number,
        hint="raise --max-segment-chars if such segments are meant",
    )

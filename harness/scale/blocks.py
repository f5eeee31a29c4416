"""Cutting files into blocks: ranges of rows that are scored apart and add up.

Cuts fall at LF (in Parquet: between row groups). Where terminology is checked they are moved on to
the end of a document, because an acronym is judged by what its document said before.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs import InputError, NothingToEvaluateError
from xindaya.scale.layout import Layout
from xindaya.scale.ranges import opened
from xindaya.scale.readers import Reader

BLOCK_BYTES = 64 << 20
"""Largest block by default; smaller ones are made where there are few."""

MakeReader = Callable[[str], Reader]


@dataclass(frozen=True, slots=True)
class Block:
    """A range of one file.

    Attributes:
        number: Place in reading order.
        path: The file.
        size: Bytes of the whole file when it was cut; a changed file is refused.
        start: First byte (in Parquet: row).
        stop: The byte or row after the last.
    """

    number: int
    path: str
    size: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A corpus cut into blocks.

    Attributes:
        layout: What all its files hold.
        blocks: In reading order.
        bytes: Of all files.
        hashes: SHA-256 of each file; empty for one without a row.
    """

    layout: Layout
    blocks: tuple[Block, ...]
    bytes: int
    hashes: Mapping[str, str]


def find_files(patterns: Sequence[str | Path]) -> list[str]:
    """Returns the files that paths or globs name, each once, sorted within a glob.

    Raises:
        InputError: If one names no file, is a link to nothing, or leads to the file of another.
    """
    files: dict[str, None] = {}
    for pattern in map(str, patterns):
        if Path(pattern).is_file():
            found = [pattern]
        else:
            matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - may be absolute
            found = sorted(f for f in matches if not Path(f).is_dir())
        if not found:
            raise InputError(pattern, "no such file", "a file, or a glob that some file matches")
        files.update(dict.fromkeys(found))
    _check_files(list(files))
    return list(files)


def _check_files(files: Sequence[str]) -> None:
    """Refuses a link to nothing, and a file that two names lead to."""
    names: dict[tuple[int, int], str] = {}
    for file in files:
        if not Path(file).is_file():
            raise InputError(file, "a link to nothing", "a file")
        stat = Path(file).stat()
        if (first := names.setdefault((stat.st_dev, stat.st_ino), file)) != file:
            raise InputError(file, f"the same file as {first}", "each file once")


def _hashed(files: Sequence[str]) -> dict[str, str]:
    """Returns the SHA-256 of each file; a copy of a part would be counted twice, and is refused."""
    hashes: dict[str, str] = {}
    for file in files:
        digest = hashlib.sha256()
        with opened(file) as stream:
            while read := stream.read(1 << 20):
                digest.update(read)
        hashes[file] = digest.hexdigest()
    first: dict[str, str] = {}
    for file, sha256 in hashes.items():
        if (other := first.setdefault(sha256, file)) != file:
            raise InputError(file, f"the same content as {other}", "each part once")
    return hashes


def plan_blocks(
    files: Sequence[str],
    make_reader: MakeReader,
    *,
    by_document: bool,
    block_bytes: int | None = None,
    at_least: int = 1,
) -> Plan:
    """Cuts files into blocks.

    Args:
        files: In reading order.
        make_reader: Opens one.
        by_document: Cut only between documents.
        block_bytes: About how much a block holds; None to choose.
        at_least: How many blocks to aim at where the choice is free.

    Raises:
        InputError: If a file is malformed, or does not hold the same texts as the first.
        NothingToEvaluateError: If no file has a row.
    """
    total = sum(Path(file).stat().st_size for file in files)
    size = block_bytes or min(BLOCK_BYTES, max(1 << 16, total // at_least))
    layout: Layout | None = None
    blocks: list[Block] = []
    for file in files:
        reader = make_reader(file)
        own = reader.layout
        if own is None:
            continue
        if layout is None:
            layout = own
        layout.check(file, own)
        if own.has_source != layout.has_source:
            with_source = file if own.has_source else "not this one"
            raise InputError(file, f"sources in some files ({with_source})", "in all or none")
        bytes_in_file = Path(file).stat().st_size
        for start, stop in _cut(reader, size, by_document=by_document, named=own.has_document):
            blocks.append(Block(len(blocks), file, bytes_in_file, start, stop))
    if layout is None or not blocks:
        raise NothingToEvaluateError(f"{files[0]}: no segment to evaluate")
    filled = dict.fromkeys(block.path for block in blocks)
    hashes = _hashed(list(filled)) | {f: "" for f in files if f not in filled}
    return Plan(layout, tuple(blocks), total, {file: hashes[file] for file in files})


def _cut(reader: Reader, size: int, *, by_document: bool, named: bool) -> Iterator[tuple[int, int]]:
    """Yields the ranges of one file, which is one document where documents are not named."""
    start, end = reader.span
    step = max(1, int(size / reader.unit))
    while start < end:
        stop = end
        if not by_document or named:
            stop = reader.row_from(start + step) if start + step < end else end
        if by_document and stop < end:
            stop = _document_end(reader, stop, end)
        yield start, stop
        start = stop


def _document_end(reader: Reader, place: int, end: int) -> int:
    """Returns where the document of the row at `place` ends."""
    rows = reader.documents(place)
    first = next(rows, None)
    return next((start for start, name in rows if first and name != first[1]), end)

"""Segments and outputs of one block, whatever the form of its file.

A reader is small: what a file holds, how long it is, where a document begins, and its rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from xindaya.pairs import InputError, Segment
from xindaya.pairs.errors import preview
from xindaya.scale.layout import Columns, Layout, read_columns
from xindaya.scale.ranges import BOM, CELLS, error_at, opened, range_lines

Row = tuple[Segment, tuple[str, ...]]
"""A segment, its document empty where none is named, and the outputs of the systems."""


class Reader(ABC):
    """Reads ranges of one file.

    Args:
        path: The file.
        source_lang: What a column of that name means.
        target_lang: What a column of that name means.
        max_chars: Longest text accepted.
    """

    def __init__(self, path: str, source_lang: str, target_lang: str, max_chars: int) -> None:
        self.path, self.max_chars = path, max_chars
        self.source_lang, self.target_lang = source_lang, target_lang

    @property
    @abstractmethod
    def layout(self) -> Layout | None:
        """What the file holds; None if it holds nothing."""

    @property
    @abstractmethod
    def span(self) -> tuple[int, int]:
        """Start and end of the rows: bytes in a text file, rows in a Parquet file."""

    @property
    def unit(self) -> float:
        """Bytes in the file for each step of `span`."""
        return 1.0

    @abstractmethod
    def row_from(self, place: int) -> int:
        """Returns the first start of a row that is not before `place`."""

    @abstractmethod
    def documents(self, start: int) -> Iterator[tuple[int, str]]:
        """Yields the start and the document of each row from `start` on."""

    @abstractmethod
    def rows(self, start: int, stop: int, layout: Layout) -> Iterator[Row]:
        """Yields the rows that begin in a range, with texts in the order of a layout."""


class LineReader(Reader):
    """Reads files in which a line is a row."""

    @property
    def span(self) -> tuple[int, int]:
        return self._start, Path(self.path).stat().st_size

    @property
    def _start(self) -> int:
        with opened(self.path) as stream:
            return len(BOM) if stream.read(len(BOM)) == BOM else 0

    def row_from(self, place: int) -> int:
        start, _ = self.span
        if place <= start:
            return start
        with opened(self.path) as stream:
            stream.seek(place - 1)
            while (read := stream.readline(1 << 20)) and not read.endswith(b"\n"):
                pass
            return stream.tell()

    def lines(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Yields offset and text of the lines of a range."""
        return range_lines(self.path, start, stop, self.max_chars)


class TsvReader(LineReader):
    """Reads unquoted TSV with a header."""

    def __init__(self, path: str, source_lang: str, target_lang: str, max_chars: int) -> None:
        super().__init__(path, source_lang, target_lang, max_chars)
        first = super()._start
        header = next(self.lines(first, first + 1), None)
        if header is None:
            raise InputError(path, "an empty file", "a header row")
        self.columns: Columns = read_columns(path, header[1].split("\t"), source_lang, target_lang)
        with opened(path) as stream:
            stream.readline(4 * CELLS * max_chars + 3)
            self._data = stream.tell()

    @property
    def _start(self) -> int:
        return self._data

    @property
    def layout(self) -> Layout:
        return self.columns.layout

    def documents(self, start: int) -> Iterator[tuple[int, str]]:
        place = self.columns.document
        for offset, line in self.lines(start, self.span[1]):
            cells = line.split("\t")
            yield offset, cells[place] if place is not None and place < len(cells) else ""

    def rows(self, start: int, stop: int, layout: Layout) -> Iterator[Row]:
        c = self.columns
        references = [c.references[name] for name in layout.references]
        systems = [c.systems[name] for name in layout.systems]
        for offset, line in self.lines(start, stop):
            cells = line.split("\t")
            if len(cells) != c.width:
                raise error_at(
                    self.path,
                    offset,
                    f"{len(cells)} fields ({preview(line, 50)})" if line else "an empty line",
                    f"{c.width} fields",
                    hint="a tab inside a text splits it; write JSONL for such texts",
                )
            if len(line) > self.max_chars and (longest := max(map(len, cells))) > self.max_chars:
                raise error_at(
                    self.path,
                    offset,
                    f"a cell of {longest:,} characters",
                    f"at most {self.max_chars:,}",
                    hint="raise --max-segment-chars if such segments are meant",
                )
            yield (
                Segment(
                    id="" if c.id is None else cells[c.id],
                    source=None if c.source is None else cells[c.source],
                    references=tuple([cells[k] for k in references]),
                    document="" if c.document is None else cells[c.document],
                ),
                tuple([cells[k] for k in systems]),
            )


def reader_for(path: str, source_lang: str, target_lang: str, max_chars: int) -> Reader:
    """Returns the reader of a file, chosen by its ending.

    Raises:
        InputError: If the ending is not known.
        UsageError: If a Parquet file is given and pyarrow is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending == ".tsv":
        return TsvReader(path, source_lang, target_lang, max_chars)
    if ending == ".jsonl":
        from xindaya.scale.jsonl import JsonlReader

        return JsonlReader(path, source_lang, target_lang, max_chars)
    if ending == ".parquet":
        from xindaya.scale.parquet import ParquetReader

        return ParquetReader(path, source_lang, target_lang, max_chars)
    raise InputError(
        path,
        f"the ending {ending!r}",
        ".tsv, .jsonl or .parquet",
        hint="a compressed file cannot be cut into blocks; unpack it first",
    )

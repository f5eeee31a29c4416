"""Parquet in blocks, through pyarrow where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from xindaya.pairs import InputError, Segment
from xindaya.scale.layout import Columns, Layout, read_columns
from xindaya.scale.optional import require
from xindaya.scale.ranges import opened
from xindaya.scale.readers import Reader, Row

_BATCH = 1024


class ParquetReader(Reader):
    """Reads ranges of rows; a null reference is a missing one, as in JSON lines."""

    @cached_property
    def _file(self) -> Any:
        parquet = require("pyarrow.parquet", "reading Parquet", "pip install pyarrow")
        with opened(self.path):
            pass  # the same message as for other files if it is not there
        try:
            return parquet.ParquetFile(self.path)
        except ValueError as error:  # pyarrow's ArrowInvalid
            raise InputError(self.path, f"no Parquet ({error})", "a Parquet file") from error

    @cached_property
    def columns(self) -> Columns:
        """Where the columns are."""
        names = self._file.schema_arrow.names
        return read_columns(self.path, names, self.source_lang, self.target_lang)

    @property
    def layout(self) -> Layout:
        return self.columns.layout

    @property
    def span(self) -> tuple[int, int]:
        return 0, self._file.metadata.num_rows

    @property
    def unit(self) -> float:
        metadata = self._file.metadata
        groups = range(metadata.num_row_groups)
        size = sum(metadata.row_group(k).total_byte_size for k in groups)
        return float(size / max(1, metadata.num_rows))

    def row_from(self, place: int) -> int:
        """Returns the start of a row group: groups are not cut, so that none is read twice."""
        starts = (first for first, _ in self._groups() if first >= place)
        return next(starts, self.span[1])

    def documents(self, start: int) -> Iterator[tuple[int, str]]:
        place = self.columns.document
        name = [self._file.schema_arrow.names[place]] if place is not None else []
        for row, cells in self._cells(start, self.span[1], name):
            yield row, (cells[0] or "") if cells else ""

    def rows(self, start: int, stop: int, layout: Layout) -> Iterator[Row]:
        c, names = self.columns, self._file.schema_arrow.names
        single = [k for k in (c.id, c.document, c.source) if k is not None]
        references = [c.references[name] for name in layout.references]
        systems = [c.systems[name] for name in layout.systems]
        wanted = [*single, *references, *systems]
        first, middle = len(single), len(single) + len(references)
        for row, cells in self._cells(start, stop, [names[k] for k in wanted]):
            self._check(row, [names[k] for k in wanted], cells, middle)
            known = dict(zip(single, cells, strict=False))
            source = None if c.source is None else known[c.source]
            if c.source is not None and source is None:
                raise InputError(self.path, f"no source in row {row + 1}", "a source in every row")
            segment = Segment(
                id="" if c.id is None else str(known[c.id]),
                source=source,
                references=tuple(cells[first:middle]),
                document=("" if c.document is None else known[c.document]) or "",
            )
            yield segment, tuple(cells[middle:])

    def _check(self, row: int, names: list[str], cells: list[Any], systems: int) -> None:
        for position, cell in enumerate(cells):
            wrong = not isinstance(cell, str)
            if (cell is None and position < systems) or names[position] == "id":
                continue
            if wrong or len(cell) > self.max_chars:
                found = type(cell).__name__ if wrong else f"a text of {len(cell):,} characters"
                raise InputError(
                    self.path,
                    f"{found} in column {names[position]!r} of row {row + 1}",
                    f"a text of at most {self.max_chars:,} characters",
                )

    def _groups(self) -> Iterator[tuple[int, int]]:
        metadata, start = self._file.metadata, 0
        for k in range(metadata.num_row_groups):
            stop = start + metadata.row_group(k).num_rows
            yield start, stop
            start = stop

    def _cells(self, start: int, stop: int, names: list[str]) -> Iterator[tuple[int, list[Any]]]:
        """Yields number and cells of the rows of a range, one row group after another."""
        if not names:
            yield from ((row, []) for row in range(start, stop))
            return
        for group, (first, last) in enumerate(self._groups()):
            if last <= start or first >= stop:
                continue
            row = first
            for batch in self._file.iter_batches(
                batch_size=_BATCH, row_groups=[group], columns=names
            ):
                if row + len(batch) > start and row < stop:
                    columns = [batch.column(name).to_pylist() for name in names]
                    for position, cells in enumerate(zip(*columns, strict=True)):
                        if start <= row + position < stop:
                            yield row + position, list(cells)
                row += len(batch)

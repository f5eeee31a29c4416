"""JSON lines in blocks: the objects that `xindaya.pairs.formats.jsonl` describes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xindaya.pairs import InputError, Segment
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.jsonl import is_id, parse_json, references_of
from xindaya.scale.layout import Layout
from xindaya.scale.ranges import error_at, line_at
from xindaya.scale.readers import LineReader, Row


class JsonlReader(LineReader):
    """Reads JSON lines; the first object says which texts all others have."""

    @property
    def layout(self) -> Layout | None:
        for offset, line in self.lines(*self.span):
            if line.strip():
                row, references, systems = self._parse(offset, line)
                return Layout(
                    systems=tuple(systems),
                    references=tuple(references),
                    has_source=row.get("source") is not None,
                    has_document=bool(row.get("document")),
                )
        return None

    def documents(self, start: int) -> Iterator[tuple[int, str]]:
        for offset, line in self.lines(start, self.span[1]):
            if line.strip():
                yield offset, self._parse(offset, line)[0].get("document") or ""

    def rows(self, start: int, stop: int, layout: Layout) -> Iterator[Row]:
        known = set(layout.references)
        for offset, line in self.lines(start, stop):
            if not line.strip():
                continue
            row, references, systems = self._parse(offset, line)
            if systems.keys() != set(layout.systems) or references.keys() - known:
                raise error_at(
                    self.path,
                    offset,
                    f"the texts {', '.join([*references, *systems])}",
                    f"{', '.join([*layout.references, *layout.systems])}, as in the first object",
                )
            if layout.has_source and row.get("source") is None:
                raise error_at(self.path, offset, "no source", "a source, as in the first object")
            segment = Segment(
                id=str(row.get("id", "")),
                source=row.get("source"),
                references=tuple([references.get(name) for name in layout.references]),
                document=row.get("document") or "",
            )
            yield segment, tuple([systems[name] for name in layout.systems])

    def _parse(
        self, offset: int, line: str
    ) -> tuple[dict[str, Any], dict[str, str | None], dict[str, str]]:
        try:
            row = parse_json(Path(self.path), line)
        except InputError as error:
            # Only now is it worth counting lines.
            number = line_at(self.path, offset)
            raise InputError(self.path, error.found, error.expected, line=number) from error
        if not isinstance(row, dict):
            raise error_at(self.path, offset, preview(line), "an object")
        if not is_id(row.get("id", "")):
            raise error_at(self.path, offset, f"the id {preview(str(row['id']))}", "a string")
        references = references_of(row)
        systems = row.get("systems", {})
        if not isinstance(references, dict) or not isinstance(systems, dict):
            raise error_at(self.path, offset, preview(line), "references and systems by name")
        texts = [row.get("source"), row.get("document"), *references.values()]
        for text in [t for t in texts if t is not None] + list(systems.values()):
            if not isinstance(text, str):
                raise error_at(self.path, offset, preview(str(text)), "a string")
            if len(text) > self.max_chars:
                raise error_at(
                    self.path,
                    offset,
                    f"a text of {len(text):,} characters",
                    f"at most {self.max_chars:,}",
                    hint="raise --max-segment-chars if such segments are meant",
                )
        return row, references, systems

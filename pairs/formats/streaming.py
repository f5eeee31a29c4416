"""Converting TMX unit by unit, so that the size of a translation memory does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from xindaya.pairs.account import in_words
from xindaya.pairs.errors import NothingToEvaluateError
from xindaya.pairs.formats.columns import HEAD, REFERENCE, SYSTEM
from xindaya.pairs.formats.jsonl import write_jsonl_records
from xindaya.pairs.formats.losses import Cleaner, Holds
from xindaya.pairs.formats.records import Record, Run
from xindaya.pairs.formats.sides import TARGET
from xindaya.pairs.formats.tmx import TmxReader
from xindaya.pairs.formats.tmx_languages import direction_of_tmx
from xindaya.pairs.formats.tmx_writer import write_tmx_records
from xindaya.pairs.formats.tsv import write_tsv_records
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

TARGETS = ("tmx", "tsv", "jsonl")
"""Formats that TMX is streamed to."""


_Item = TypeVar("_Item", bound=Record | Run)


def stream_tmx(
    source: Path,
    target: Path,
    kind: str,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    side: str = TARGET,
    max_chars: int = MAX_SEGMENT_CHARS,
) -> tuple[int, list[str], list[str]]:
    """Converts a TMX file to TMX, TSV or JSONL with a few megabytes of memory.

    Returns:
        How many segments were written, what the reader left out, what the target cannot hold.

    Raises:
        InputError: If the file is no TMX or the target cannot hold a text; an old target is intact.
        NothingToEvaluateError: If there is no unit in both languages.
    """
    direction = direction_of_tmx(source, source_lang, target_lang)
    languages = direction.source, direction.target
    reader = TmxReader(source, *direction.tags, side, max_chars)
    counter = _Counter(source)
    cleaner = Cleaner(Holds(missing=False, breaks=False))
    if kind == "tmx":
        units = counter.of(reader.batches())
        write_tmx_records(units, target, source_lang=languages[0], target_lang=languages[1])
    elif kind == "jsonl":
        write_jsonl_records(counter.of(reader), target)
    else:
        # The header comes first, and only the last unit may have the last column.
        first = TmxReader(source, *direction.tags, side, max_chars)
        names, references = _columns(cleaner.records(first, ()))
        cleaner = Cleaner(Holds(missing=False, breaks=False))
        records = cleaner.records(counter.of(reader), references)
        write_tsv_records(records, target, names)
    notes = reader.notes() + [f"left out: {line}" for line in in_words(reader.left_out)]
    return counter.count, notes, cleaner.losses()


class _Counter:
    """Counts what passes, and refuses an empty stream before anything replaces the target."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0

    def of(self, items: Iterable[_Item]) -> Iterator[_Item]:
        for item in items:
            self.count += len(item.ids) if isinstance(item, Run) else 1
            yield item
        if not self.count:
            raise NothingToEvaluateError(f"{self._path}: no unit in both languages")


def _columns(records: Iterable[Record]) -> tuple[list[str], list[str]]:
    references: dict[str, None] = {}
    systems: dict[str, None] = {}
    extra: dict[str, None] = {}
    seen: object = None
    for record in records:
        references |= dict.fromkeys(record.references)
        systems |= dict.fromkeys(record.systems)
        if record.extra is not seen:
            seen = record.extra
            extra |= dict.fromkeys(record.extra)
    names = [*HEAD, *(REFERENCE + n for n in references), *(SYSTEM + n for n in systems), *extra]
    return names, list(references)

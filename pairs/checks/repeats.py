"""Segments that occur more than once, and their translations."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from xindaya.pairs.checks.model import Column, Hit, Place, Texts, evidence, listed, quoted, visible

_SHORT = 4  # characters; shorter repeats (是。, Yes.) mean nothing


def duplicates(texts: Texts) -> Iterator[Place]:
    """Finds source segments that stand more than once: they count more than once in every score."""
    for positions in _groups(texts.source):
        line = texts.source.lines[positions[0]] or ""
        ids = [texts.segments[p].id for p in positions[1:]]
        shown, times = quoted(line), len(positions)
        english = f"{shown} stands {times} times, again in {listed(ids)}."
        chinese = f"{shown}出现{times}次，另见{listed(ids, chinese=True)}。"
        yield Place(texts.source.name, positions[0], Hit("note", english, chinese))


def inconsistent(texts: Texts) -> Iterator[Place]:
    """Finds sources that one text translates in different ways."""
    for positions in _groups(texts.source):
        for column in texts.targets:
            renderings: dict[str, tuple[str, str]] = {}
            for p in positions:
                line = column.lines[p]
                if line is not None and visible(line):
                    renderings.setdefault(_key(line), (line, texts.segments[p].id))
            if len(renderings) > 1:
                source, times = quoted(texts.source.lines[positions[0]] or "", 30), len(renderings)
                shown = [f"{quoted(t, 60)} ({i})" for t, i in renderings.values()]
                english, chinese = f"{source} has {times} translations", f"{source}有{times}种译法"
                hit = evidence("note", english, chinese, shown, 3)
                yield Place(column.name, positions[0], hit)


def _groups(column: Column) -> Iterator[Sequence[int]]:
    """Yields the positions of lines that are the same, for each line that repeats."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, line in enumerate(column.lines):
        if line is not None and len(key := _key(line)) >= _SHORT:
            places[key].append(position)
    yield from (positions for positions in places.values() if len(positions) > 1)


def _key(line: str) -> str:
    """Drops what may differ in a repeat: case, width, white space, final punctuation."""
    plain = " ".join(unicodedata.normalize("NFKC", line).casefold().split())
    return plain.rstrip(" .。!?…;:,、")

"""Inline tags that a translation lost or gained."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.pairs.checks.model import Hit, Place, Texts
from xindaya.pairs.formats.inline import tag_mismatches


def tags(texts: Texts) -> Iterator[Place]:
    """Finds segments whose tags differ between source and target."""
    positions = {s.id: position for position, s in enumerate(texts.segments)}
    for found in tag_mismatches(texts.corpus):
        parts = []
        if found.missing:
            parts.append(f"missing {' '.join(found.missing)}")
        if found.added:
            parts.append(f"added {' '.join(found.added)}")
        hit = Hit("warning", f"Inline tags differ from the source: {', '.join(parts)}.")
        yield Place(texts.names[found.side], positions[found.segment], hit)

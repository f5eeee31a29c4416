"""Inline tags that a translation lost or gained."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.pairs.checks.model import Hit, Place, Texts
from xindaya.pairs.formats.inline import tag_mismatches


def tags(texts: Texts) -> Iterator[Place]:
    """Finds segments whose tags differ between source and target."""
    positions = {s.id: position for position, s in enumerate(texts.segments)}
    for found in tag_mismatches(texts.corpus):
        parts, parts_zh = [], []
        for what, what_zh, names in (
            ("missing", "缺", found.missing),
            ("added", "多", found.added),
        ):
            if names:
                parts.append(f"{what} {' '.join(names)}")
                parts_zh.append(f"{what_zh}{' '.join(names)}")
        english = f"Inline tags differ from the source: {', '.join(parts)}."
        hit = Hit("warning", english, f"行内标签与原文不同：{'；'.join(parts_zh)}。")
        yield Place(texts.names[found.side], positions[found.segment], hit)

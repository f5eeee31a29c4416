"""Simplified and Traditional characters mixed in one text."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.pairs.checks.model import Column, Place, Severity, Texts, evidence
from xindaya.pairs.scripts import ONLY_SIMPLIFIED, ONLY_TRADITIONAL

_SIMPLIFIED, _TRADITIONAL = frozenset(ONLY_SIMPLIFIED), frozenset(ONLY_TRADITIONAL)


def mixed_scripts(texts: Texts) -> Iterator[Place]:
    """Finds the segments of a Chinese text that hold characters of the script it does not use."""
    for column in texts.all:
        if column.lang == "zh":
            yield from _column(column)


def _column(column: Column) -> Iterator[Place]:
    found = [_of_either(line or "") for line in column.lines]
    simplified, traditional = sum(len(s) for s, _ in found), sum(len(t) for _, t in found)
    if not (simplified and traditional):
        return
    usual = "Simplified" if simplified >= traditional else "Traditional"
    for position, (s, t) in enumerate(found):
        strange, partner = (t, ONLY_TRADITIONAL) if usual == "Simplified" else (s, ONLY_SIMPLIFIED)
        if strange:
            severity: Severity = "warning" if s and t else "note"
            inside = "beside the others in one segment" if s and t else "throughout the segment"
            inside_zh = "与其他字混在一段" if s and t else "通段如此"
            english = f"The text is {usual}; {len(strange)} of the other script {inside}"
            usual_zh = "简体" if usual == "Simplified" else "繁体"
            chinese = f"全文是{usual_zh}，有{len(strange)}个另一种字（{inside_zh}）"
            shown = (f"{c} ({partner[c]})" for c in strange)
            yield Place(column.name, position, evidence(severity, english, chinese, shown))


def _of_either(line: str) -> tuple[list[str], list[str]]:
    characters = set(line)
    if characters.isdisjoint(_SIMPLIFIED) or characters.isdisjoint(_TRADITIONAL):
        # The usual case; still counted, for the text as a whole.
        either = _TRADITIONAL if characters.isdisjoint(_SIMPLIFIED) else _SIMPLIFIED
        kept = [] if characters.isdisjoint(either) else [c for c in line if c in either]
        return (kept, []) if either is _SIMPLIFIED else ([], kept)
    return [c for c in line if c in _SIMPLIFIED], [c for c in line if c in _TRADITIONAL]

"""Markup and placeholders that stand on one side only."""

from __future__ import annotations

import re
from collections import Counter

from xindaya.pairs.checks.model import Hit, listed, quoted

_NUMBERED = {
    "tag": re.compile(r"</?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s[^<>]{0,300}?)?/?>"),
    "entity": re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,20}|#\d{1,6}|#[xX][0-9A-Fa-f]{1,5});"),
    "placeholder": re.compile(
        r"\$\{[^{}\s]{1,60}\}|\{\{[^{}]{1,60}\}\}|\{[A-Za-z_0-9][\w.:]{0,40}\}"
        r"|%\([A-Za-z_]\w{0,40}\)[sdif]|(?<![A-Za-z0-9%])%\d{0,2}\$?(?:l{1,2})?[sdif@](?![A-Za-z])"
        r"|\[\[[^\[\]]{1,100}\]\]|__[A-Z][A-Z0-9_]*__|#[A-Z][A-Z_]{2,30}#"
    ),
}
_MARKDOWN = {
    "**": re.compile(r"\*\*(?=\S)[^*\n]{1,300}(?<=\S)\*\*"),
    "`": re.compile(r"(?<!`)`(?=[^`]+`)"),
    "#": re.compile(r"^\s*#{1,6}\s"),
    "](": re.compile(r"\[[^\[\]\n]{1,200}\]\([^()\s]+\)"),
    "```": re.compile("```"),
}  # fmt: skip
_MAYBE = re.compile(r"[<&{%\[*`#_]")


def markup(source: str, target: str, lang: str) -> Hit | None:
    """Finds tags, entities, placeholders and Markdown that one side has and the other has not."""
    if not (_MAYBE.search(target) or _MAYBE.search(source)):
        return None
    lost, added = [], []
    for kind, pattern in _NUMBERED.items():
        here, there = _count(kind, pattern, source), _count(kind, pattern, target)
        if kind == "placeholder" and here != there:
            here, there = _unnumbered(here), _unnumbered(there)
        lost += [quoted(m) for m in here - there]
        added += [quoted(m) for m in there - here]
    for mark, pattern in _MARKDOWN.items():
        in_source, in_target = bool(pattern.search(source)), bool(pattern.search(target))
        if in_source and not in_target:
            lost.append(quoted(mark))
        if in_target and not in_source:
            added.append(quoted(mark))
    parts, parts_zh = [], []
    for side, side_zh, marks in (("source", "原文", lost), ("target", "译文", added)):
        if marks:
            parts.append(f"only in the {side} {listed(marks)}")
            parts_zh.append(f"只在{side_zh}中有{listed(marks, chinese=True)}")
    if not parts:
        return None
    english = f"Markup or placeholders on one side: {'; '.join(parts)}."
    return Hit("warning", english, f"标记或占位符两边不同：{'；'.join(parts_zh)}。")


def _unnumbered(found: Counter[str]) -> Counter[str]:
    """Drops the positions of C formats: a translation that changes the order numbers them, %2$s %1$s."""
    plain: Counter[str] = Counter()
    for mark, count in found.items():
        plain[re.sub(r"^%\d\d?\$", "%", mark)] += count
    return plain


def _count(kind: str, pattern: re.Pattern[str], text: str) -> Counter[str]:
    found = pattern.findall(text)
    if kind == "tag":
        # The name is compared, not the attributes: a title may be translated.
        found = [re.sub(r"\s.*?(/?>)$", r"\1", tag, flags=re.DOTALL).lower() for tag in found]
    return Counter(found)

"""Texts that are not there: empty segments, and targets that repeat the source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from xindaya.pairs.checks.model import Column, Hit, Place, Texts, quoted, visible
from xindaya.pairs.checks.scripts import HAN

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_SAME_WORDS = 3  # a name of one or two words is the same in both languages


def empty(texts: Texts) -> Iterator[Place]:
    """Finds texts without a visible character."""
    for position in range(len(texts.segments)):
        filled = [c for c in texts.all if visible(c.lines[position] or "")]
        for column in texts.all:
            line = column.lines[position]
            if line is not None and column not in filled:
                yield Place(column.name, position, _empty_hit(texts, filled, line, position))


def _empty_hit(texts: Texts, filled: list[Column], line: str, position: int) -> Hit:
    what = "is empty" if not line else f"has {len(line)} characters and none is visible"
    what_zh = "是空的" if not line else f"有{len(line)}个字符，但都看不见"
    if not filled:
        english = f"The segment {what}, as all other texts of it are."
        return Hit("warning", english, f"这一段{what_zh}，它的其他文本也一样。")
    if texts.source in filled:
        source = texts.source.lines[position] or ""
        shown = quoted(source)
        return Hit(
            "error",
            f"The segment {what}; the source is {shown}.",
            f"这一段{what_zh}；原文是{shown}。",
        )
    other = min(filled, key=lambda column: column.name).lines[position] or ""
    shown = quoted(other)
    return Hit(
        "error",
        f"The segment {what}; another text of it is {shown}.",
        f"这一段{what_zh}；它的另一个文本是{shown}。",
    )


def identical(source: str, target: str, lang: str) -> Hit | None:
    """Finds a target that is the source again, where there was something to translate."""
    if not 0.5 < len(source) / len(target) < 2 or _plain(source) != _plain(target):
        return None
    if lang == "en":
        translatable = bool(HAN.search(source))
    else:
        words = _WORD.findall(source)
        translatable = len(words) >= _SAME_WORDS and any(w.islower() for w in words)
    if not translatable:
        return None
    shown = quoted(target)
    return Hit(
        "error", f"The target is the same as the source, {shown}.", f"译文与原文相同：{shown}。"
    )


def _plain(text: str) -> str:
    """Drops what may differ in two copies: width, case, white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())

"""Finding Chinese forms: leftmost-longest, and never out of a torn word.

Chinese has no spaces, so 治网 is a substring of 整治网络 without being in it. A match is refused if
it tears a word of the passage, leaving a lone character outside (整 of 整治), and the passage is
likelier with that word than with the term. So 工信部 is in 工信部将于近日, though the dictionary has
部将 and not 工信部; 北京 is in 北京市; 中国 is not in 发展中国家. A match whose neighbour is still a
word without it stands: jieba reads 个人信息处理 as 个人/信息处理, but 处理 is a word. Nor does a match
cut a number: 二号线 is not in 十二号线. After a refused long match the shorter ones at the same place
are tried. Blanks between Chinese characters are looked over: text that a tokenizer cut into words has
the same terms. Traditional text is cut in simplified characters, which the dictionary has.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from xindaya.metrics.segmentation import Segmenter
from xindaya.metrics.terminology.numerals import cuts_a_chinese_number
from xindaya.metrics.terminology.spans import Form, Span, Tier
from xindaya.pairs.folding import fold
from xindaya.pairs.scripts import simplified_roughly

_LEAF = ""  # key of a trie node's forms; no character equals it
_NEIGHBOURHOOD = 12  # characters beside a match that decide which words stand there
# By how much the passage may be likelier with the torn word (natural logarithm): two characters meet
# by chance, three hardly do.
_MAY_LOSE = 1e-9
_LONG_MAY_LOSE = 1.0


class ChineseMatcher:
    """Looks for Chinese forms in Chinese text.

    Args:
        forms: The forms; their texts are folded as the passages are.
        fold_script: Maps a text to one script without changing its length.
    """

    def __init__(self, forms: Iterable[Form], fold_script: Callable[[str], str] = str) -> None:
        self._fold_script = fold_script
        self._trie: dict[str, Any] = {}
        for form in forms:
            key = fold_script(_lower(fold(form.term.text, join=True).text))
            node = self._trie
            for char in key:
                node = node.setdefault(char, {})
            node.setdefault(_LEAF, []).append(form)

    def find(self, text: str) -> list[Span]:
        """Returns the spans of the forms in `text`, in order, none overlapping another."""
        folded = fold(text, join=True)
        lowered = self._fold_script(_lower(folded.text))
        cut = simplified_roughly(lowered)
        spans: list[Span] = []
        boundaries: frozenset[int] | None = None
        start = 0
        while start < len(lowered):
            for end, forms in reversed(self._candidates(lowered, start)):
                if not _whole_latin_words(lowered, start, end):
                    continue
                if cuts_a_chinese_number(lowered, start, end):
                    continue
                if boundaries is None:
                    boundaries = self._words.boundaries(cut)
                if self._tears_a_word(cut, boundaries, start, end):
                    continue
                raw_start, raw_end = folded.raw_span(start, end)
                surface = text[raw_start:raw_end]
                hits = [(f, Tier.EXACT if f.term.text == surface else Tier.CASE) for f in forms]
                spans.append(Span(raw_start, raw_end, tuple(hits)))
                start = end
                break
            else:
                start += 1
        return spans

    def _candidates(self, text: str, start: int) -> list[tuple[int, list[Form]]]:
        """Returns every form that the text spells at `start`, as (end, forms), shortest first."""
        found = []
        node: dict[str, Any] | None = self._trie
        position = start
        while position < len(text):
            node = node.get(text[position]) if node else None
            if node is None:
                break
            position += 1
            if _LEAF in node:
                found.append((position, node[_LEAF]))
        return found

    @functools.cached_property
    def _words(self) -> Segmenter:
        return Segmenter()

    def _tears_a_word(self, text: str, boundaries: frozenset[int], start: int, end: int) -> bool:
        """True if a likelier word overlaps the span in part and leaves a lone character outside."""
        if start in boundaries and end in boundaries:
            return False
        left, right = max(0, start - _NEIGHBOURHOOD), end + _NEIGHBOURHOOD
        torn_before = start not in boundaries and self._is_lone(text[left:start], -1)
        torn_after = end not in boundaries and self._is_lone(text[end:right], 0)
        if not (torn_before or torn_after):
            return False
        may_lose = _LONG_MAY_LOSE if end - start > 2 else _MAY_LOSE
        return self._words.loss(text[left:right], start - left, end - left) > may_lose

    def _is_lone(self, text: str, position: int) -> bool:
        """True if the word at one end of a stretch of text is a single character."""
        return len(self._words.words(text)[position]) == 1


def _lower(text: str) -> str:
    """Lower-cases without changing the length (a few letters have longer lower-case forms)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(
        c.lower() if len(c.lower()) == 1 else c for c in text
    )  # fmt: skip


def _whole_latin_words(text: str, start: int, end: int) -> bool:
    """False if the span cuts a Latin word or a number: AI is not in FAIR."""
    return not (
        (start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start]))
        or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
    )


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()

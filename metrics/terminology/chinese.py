"""Finding Chinese forms: leftmost-longest, and never across the edge of a word.

Chinese has no spaces, so 治网 is a substring of 整治网络 without being in it. A match is refused if
a word of the passage overlaps it in part; a match inside one longer word, or made of several
words, stands. After a refused long match the shorter ones at the same place are tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xindaya.metrics.segmentation import Segmenter
from xindaya.metrics.terminology.folding import fold
from xindaya.metrics.terminology.spans import Form, Span, Tier

_LEAF = ""  # key of a trie node's forms; no character equals it


class ChineseMatcher:
    """Looks for Chinese forms in Chinese text.

    Args:
        forms: The forms; their texts are folded as the passages are.
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        self._trie: dict[str, Any] = {}
        self._words: list[str] = []
        for form in forms:
            key = fold(form.term.text).text.lower()
            node = self._trie
            for char in key:
                node = node.setdefault(char, {})
            node.setdefault(_LEAF, []).append(form)
            self._words.append(key)
        self._segmenter: Segmenter | None = None

    def find(self, text: str) -> list[Span]:
        """Returns the spans of the forms in `text`, in order, none overlapping another."""
        folded = fold(text)
        lowered = _lower(folded.text)
        spans: list[Span] = []
        boundaries: frozenset[int] | None = None
        start = 0
        while start < len(lowered):
            for end, forms in reversed(self._candidates(lowered, start)):
                if not _whole_latin_words(lowered, start, end):
                    continue
                if boundaries is None:
                    boundaries = self._boundaries(lowered)
                if _straddles(boundaries, start, end):
                    continue
                tier = Tier.EXACT if folded.text[start:end] == forms[0].term.text else Tier.CASE
                raw_start, raw_end = folded.raw_span(start, end)
                spans.append(Span(raw_start, raw_end, tuple((f, tier) for f in forms)))
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

    def _boundaries(self, text: str) -> frozenset[int]:
        if self._segmenter is None:
            self._segmenter = Segmenter(self._words)
        return self._segmenter.boundaries(text)


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


def _straddles(boundaries: frozenset[int], start: int, end: int) -> bool:
    """True if a word overlaps the span in part: one edge is inside a word that the span splits."""
    inside = any(position in boundaries for position in range(start + 1, end))
    return inside and (start not in boundaries or end not in boundaries)

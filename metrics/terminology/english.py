"""Finding English forms: leftmost-longest over words, tolerant of case, plural and hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from xindaya.metrics.terminology.numerals import cuts_an_english_number
from xindaya.metrics.terminology.spans import Form, Span, Tier
from xindaya.pairs import Case, Match
from xindaya.pairs.folding import fold
from xindaya.pairs.stemming import stem as stem

_WORD = re.compile(r"[^\W_]+|&")
# What may stand between two words of a term besides what the term itself has there.
_SOFT_GAP = re.compile(r"[\s\-'\"/_]*")
_LEAF = 0  # key of a trie node's forms; the other keys are stems


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A form cut into words, with the text between them."""

    form: Form
    words: tuple[str, ...]
    gaps: tuple[str, ...]


class EnglishMatcher:
    """Looks for English forms in English text.

    Args:
        forms: The forms; each is cut into words as the passages are.
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        self._trie: dict[Any, Any] = {}
        for form in forms:
            text = fold(form.term.text).text
            words = _words(text)
            if not words:
                continue
            node = self._trie
            for word in words:
                node = node.setdefault(stem(word.text), {})
            pattern = _Pattern(form, tuple(w.text for w in words), _gaps(text, words))
            node.setdefault(_LEAF, []).append(pattern)

    def find(self, text: str) -> list[Span]:
        """Returns the spans of the forms in `text`, in order, none overlapping another."""
        folded = fold(text)
        words = _words(folded.text)
        stems = [stem(w.text) for w in words]
        spans: list[Span] = []
        start = 0
        while start < len(words):
            for end, patterns in reversed(self._candidates(stems, start)):
                hits = _verified(folded.text, words[start:end], patterns)
                place = words[start].start, words[end - 1].end
                if hits and not cuts_an_english_number(folded.text, *place):
                    spans.append(Span(*folded.raw_span(*place), hits))
                    start = end
                    break
            else:
                start += 1
        return spans

    def _candidates(self, stems: Sequence[str], start: int) -> list[tuple[int, list[_Pattern]]]:
        """Returns every form whose stems stand at `start`, as (end, patterns), shortest first."""
        found = []
        node: dict[Any, Any] | None = self._trie
        position = start
        while position < len(stems):
            node = node.get(stems[position]) if node else None
            if node is None:
                break
            position += 1
            if _LEAF in node:
                found.append((position, node[_LEAF]))
        return found


def _words(text: str) -> list[_Word]:
    return [_Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]


def _gaps(text: str, words: Sequence[_Word]) -> tuple[str, ...]:
    return tuple(text[a.end : b.start] for a, b in pairwise(words))


def _verified(
    text: str, words: Sequence[_Word], patterns: Sequence[_Pattern]
) -> tuple[tuple[Form, Tier], ...]:
    """Returns the forms that really stand here, the most literal ones first."""
    surface = tuple(w.text for w in words)
    gaps = _gaps(text, words)
    hits = []
    for pattern in patterns:
        tier = _tier(surface, pattern)
        if tier is not None and all(map(_gap_agrees, gaps, pattern.gaps)):
            hits.append((pattern.form, tier))
    order = list(Tier)
    return tuple(sorted(hits, key=lambda hit: order.index(hit[1])))


def _tier(surface: tuple[str, ...], pattern: _Pattern) -> Tier | None:
    """Compares the words of a text with those of a form whose stems they share."""
    term = pattern.form.term
    if surface == pattern.words:
        return Tier.EXACT
    if term.case is Case.EXACT:
        # Capitals must agree; a plural s may still follow (LLM, LLMs).
        plural = (*pattern.words[:-1], pattern.words[-1] + "s")
        return Tier.STEM if term.match is Match.INFLECTED and surface == plural else None
    if [w.lower() for w in surface] == [w.lower() for w in pattern.words]:
        return Tier.CASE
    return Tier.STEM if term.match is Match.INFLECTED else None


def _gap_agrees(found: str, own: str) -> bool:
    """True if two words stand together as in the term: no sentence or clause ends between them."""
    return _SOFT_GAP.fullmatch(found) is not None or found.split() == own.split()

"""What the corpus itself says about words: which target word comes with which source word.

A Chinese pair of characters and an English stem that stand in the same segments are taken for
translations of each other; the measure is the Dice coefficient. Nothing is counted before it is asked for.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.checks.model import Texts

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_SMALL = re.compile(r"(?<![A-Za-z'’-])[a-z]+")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_LEAST, _MOST = 4, 400  # segments that a word must stand in, and beyond which it says nothing
_LEAST_DICE = 0.5


class Rendering(NamedTuple):
    """A word of the target and how it goes with a word of the source.

    Attributes:
        word: A stem, or two characters.
        together: Segments that have both.
        segments: Segments that have the source word.
        dice: Twice the first over the sum of all segments that have either word.
    """

    word: str
    together: int
    segments: int
    dice: float


def words_of(text: str, lang: str) -> set[str]:
    """Returns what is counted in a text: pairs of Chinese characters, or roots of English words."""
    if lang == "zh":
        return {run[k : k + 2] for run in _HAN_RUN.findall(text) for k in range(len(run) - 1)}
    words = set(_WORD.findall(text.lower()))
    return {root(w) for w in words - STOPWORDS if len(w) > 2}


def root(word: str) -> str:
    """Cuts the commonest endings of a small English word: enough to count by, and quick."""
    word = word.partition("'")[0].partition("’")[0]
    if len(word) > 5:
        for ending in ("ing", "ed", "es"):
            if word.endswith(ending):
                return word[: -len(ending)]
    return word[:-1] if len(word) > 3 and word.endswith(("s", "e")) and word[-2] != "s" else word


class Associations:
    """Which words go together, learned from the source and the first of the targets."""

    def __init__(self, texts: Texts) -> None:
        column = texts.targets[0]
        pairs = [
            (position, s, t)
            for position, (s, t) in enumerate(zip(texts.source.lines, column.lines, strict=True))
            if s and t
        ]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._targets: dict[int, set[str]] = {}
        self._counts: Counter[str] = Counter()
        for position, source, target in pairs:
            for word in words_of(source, texts.source.lang):
                self._places[word].append(position)
            self._targets[position] = words = words_of(target, column.lang)
            self._counts.update(words)
        english = [t if column.lang == "en" else s for _, s, t in pairs]
        common = {w for text in english for w in _SMALL.findall(text)}
        self._common = {root(w) for w in common}
        self._known: dict[str, Rendering | None] = {}

    def is_name(self, word: str) -> bool:
        """True for an English stem that the corpus never writes with a small letter."""
        return word not in self._common

    def rendering(self, word: str) -> Rendering | None:
        """Returns the target word that goes best with a source word, if one does."""
        if word not in self._known:
            self._known[word] = self._best(word)
        return self._known[word]

    def _best(self, word: str) -> Rendering | None:
        places: Sequence[int] = self._places.get(word, ())
        if not _LEAST <= len(places) <= min(_MOST, len(self._targets) // 2):
            return None
        together: Counter[str] = Counter()
        for place in places:
            together.update(self._targets[place])
        best: Rendering | None = None
        for other, count in together.most_common(12):
            dice = 2 * count / (len(places) + self._counts[other])
            if count >= _LEAST and dice >= _LEAST_DICE and (best is None or dice > best.dice):
                best = Rendering(other, count, len(places), dice)
        return best


_LEARNED: WeakKeyDictionary[Texts, Associations] = WeakKeyDictionary()


def learned(texts: Texts) -> Associations:
    """Returns what a corpus says; learned once for all checks."""
    if (known := _LEARNED.get(texts)) is None:
        _LEARNED[texts] = known = Associations(texts)
    return known

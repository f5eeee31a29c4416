"""What the corpus itself says about words: which target word comes with which source word.

A Chinese pair of characters and an English stem that stand in the same segments are taken for
translations of each other; the measure is the Dice coefficient. Nothing is counted before it is asked for.
"""

from __future__ import annotations

import math
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
_FEWEST = 3  # segments from which a word is looked for at all
_OPTIONS = 3  # renderings that are taken together
_LIFT = 4.0  # how much likelier a rendering must be where the word stands
_CAP = 2.5  # log odds of one word: a small corpus knows no better


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


class Evidence(NamedTuple):
    """What a word of the source lets expect of the target.

    Attributes:
        options: Words of the target of which one renders it.
        met: Log odds that its clause is missing, if one of them is there.
        unmet: The same if none is.
    """

    options: frozenset[str]
    met: float
    unmet: float


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
        self._expected: dict[str, Evidence | None] = {}
        self._standing: dict[str, set[int]] = {}

    def is_name(self, word: str) -> bool:
        """True for an English stem that the corpus never writes with a small letter."""
        return word not in self._common

    def rendering(self, word: str) -> Rendering | None:
        """Returns the target word that goes best with a source word, if one does."""
        if word not in self._known:
            self._known[word] = self._best(word)
        return self._known[word]

    def evidence(self, word: str) -> Evidence | None:
        """Returns what a source word lets expect, by how often the corpus meets it with and without."""
        if word not in self._expected:
            self._expected[word] = self._weigh(word)
        return self._expected[word]

    def _weigh(self, word: str) -> Evidence | None:
        places, size = self._places.get(word, []), len(self._targets)
        if not _FEWEST <= len(places) <= min(_MOST, size // 2):
            return None
        together: Counter[str] = Counter()
        for place in places:
            together.update(self._targets[place])
        lifted = [
            (2 * n / (len(places) + self._counts[other]), other)
            for other, n in together.items()
            if n > 1 and n * size >= _LIFT * len(places) * self._counts[other]
        ]
        options = frozenset(other for _, other in sorted(lifted, reverse=True)[:_OPTIONS])
        if not options:
            return None
        standing = set().union(*map(self._where, options))
        found = (sum(p in standing for p in places) + 0.5) / (len(places) + 1)
        chance = (len(standing) + 0.5) / (size + 1)
        if found < 2 * chance:
            return None
        unmet = math.log((1 - chance) / (1 - found))
        return Evidence(options, max(-_CAP, math.log(chance / found)), min(_CAP, unmet))

    def _where(self, word: str) -> set[int]:
        """Returns the segments whose target has a word."""
        if not self._standing:
            standing: defaultdict[str, set[int]] = defaultdict(set)
            for position, words in self._targets.items():
                for other in words:
                    standing[other].add(position)
            self._standing = standing
        return self._standing[word]

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

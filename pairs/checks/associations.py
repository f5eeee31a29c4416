"""What the corpus itself says about words: which target word comes with which source word.

A Chinese pair of characters and an English stem that stand in the same segments are taken for
translations of each other; the measure is the Dice coefficient. Nothing is counted before it is asked for.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.checks.model import Texts

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_SMALL = re.compile(r"(?<![A-Za-z'’-])[a-z]+")
_CAPITAL = re.compile(r"\b[A-Z][a-z]{2,}\b")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_TOGETHER, _ONLY = (
    5,
    0.9,
)  # segments that a name must share with its rendering, and its Dice coefficient
_MOST = 400  # segments beyond which a name says nothing
_FEWEST, _FREQUENT = 3, 30  # segments of a word that lets expect something
_OPTIONS = 3  # renderings that are taken together
_LIFT = 4.0  # how much likelier a rendering must be where the word stands
_CAP = 2.5  # log odds of one word: a small corpus knows no better


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


@functools.lru_cache(maxsize=1 << 13)
def words_of(text: str, lang: str) -> frozenset[str]:
    """Returns what is counted in a text: pairs of Chinese characters, or roots of English words."""
    if lang == "zh":
        return frozenset(
            run[k : k + 2] for run in _HAN_RUN.findall(text) for k in range(len(run) - 1)
        )
    words = set(_WORD.findall(text.lower()))
    return frozenset(root(w) for w in words - STOPWORDS if len(w) > 2)


@functools.lru_cache(maxsize=1 << 16)
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
        self._pairs = [
            (s, t) for s, t in zip(texts.source.lines, column.lines, strict=True) if s and t
        ]
        self._langs = texts.source.lang, column.lang
        self._known: dict[str, Evidence | None] = {}

    @functools.cached_property
    def _targets(self) -> list[frozenset[str]]:
        return [words_of(t, self._langs[1]) for _, t in self._pairs]

    @functools.cached_property
    def _places(self) -> dict[str, list[int]]:
        return _postings(words_of(s, self._langs[0]) for s, _ in self._pairs)

    @functools.cached_property
    def _standing(self) -> dict[str, list[int]]:
        return _postings(self._targets)

    def names(self, alike: Callable[[str, str], bool]) -> list[tuple[str, str]]:
        """Returns pairs of Chinese characters and the roots of English names that go with each.

        A name is what the corpus never writes with a small letter; the two stand together in at least
        five segments and hardly ever apart.

        Args:
            alike: Says whether two characters and a root can be one name.
        """
        english, chinese = zip(*self._pairs, strict=True) if self._pairs else ((), ())
        if self._langs[0] == "zh":
            english, chinese = chinese, english
        common: set[str] = set()
        places: defaultdict[str, list[int]] = defaultdict(list)
        for position, line in enumerate(english):
            common.update(_SMALL.findall(line))
            for word in {root(w.lower()) for w in _CAPITAL.findall(line)}:
                places[word].append(position)
        small = {root(w) for w in common}
        found = []
        for word, at in places.items():
            if not _TOGETHER <= len(at) <= _MOST or word in small:
                continue
            pairs = (words_of(chinese[p], "zh") for p in at)
            for other, n in Counter(itertools.chain.from_iterable(pairs)).items():
                if n < _TOGETHER or 2 * n < _ONLY * (len(at) + n) or not alike(other, word):
                    continue
                named = sum(other in line for line in chinese)
                # Where no segment is without it, there is nothing to tell.
                asked = named if self._langs[0] == "zh" else len(at)
                if 2 * n >= _ONLY * (len(at) + named) and n < asked:
                    found.append((other, word))
        return found

    def evidence(self, word: str) -> Evidence | None:
        """Returns what a source word lets expect, by how often the corpus meets it with and without."""
        if word not in self._known:
            self._known[word] = self._weigh(word)
        return self._known[word]

    def _weigh(self, word: str) -> Evidence | None:
        places, size = self._places.get(word, []), len(self._targets)
        if not _FEWEST <= len(places) <= min(_FREQUENT, size // 2):
            return None
        standing = self._standing
        together = Counter(itertools.chain.from_iterable(self._targets[p] for p in places))
        lifted = [
            (2 * n / (len(places) + len(standing[other])), other)
            for other, n in together.items()
            if n > 1 and n * size >= _LIFT * len(places) * len(standing[other])
        ]
        options = frozenset(other for _, other in sorted(lifted, reverse=True)[:_OPTIONS])
        if not options:
            return None
        either = set(itertools.chain.from_iterable(standing[o] for o in options))
        found = (len(either.intersection(places)) + 0.5) / (len(places) + 1)
        chance = (len(either) + 0.5) / (size + 1)
        if found < 2 * chance:
            return None
        unmet = math.log((1 - chance) / (1 - found))
        return Evidence(options, max(-_CAP, math.log(chance / found)), min(_CAP, unmet))


def _postings(texts: Iterable[frozenset[str]]) -> dict[str, list[int]]:
    """Returns the places of every word."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, words in enumerate(texts):
        for word in words:
            places[word].append(position)
    return places


_LEARNED: WeakKeyDictionary[Texts, Associations] = WeakKeyDictionary()


def learned(texts: Texts) -> Associations:
    """Returns what a corpus says; learned once for all checks."""
    if (known := _LEARNED.get(texts)) is None:
        _LEARNED[texts] = known = Associations(texts)
    return known

"""The company that words keep: how much of the time a rendering occurs beside a term."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from xindaya.metrics.terminology.discovery.alignment import Sentences
from xindaya.metrics.terminology.discovery.words import Key, normal_form

_RECURS = 2  # times that make several words one expression

_Counts = Mapping[int, int]  # sentence to how often


class Company:
    """Which sentences hold which words.

    Args:
        source: The tokens of each source sentence.
        target: The tokens of each target sentence.
    """

    def __init__(self, source: Sentences, target: Sentences) -> None:
        self._source = _index(source)
        self._target = _index(target)
        self._known: dict[tuple[Key, Key], float] = {}

    def precision(self, term: Key, rendering: Key) -> float:
        """Share of a rendering's occurrences that have an occurrence of the term beside them.

        One occurrence without the term is added, so that a rendering seen once is worth 1/2 at
        most. A rendering of several words counts as a whole if it is seen twice with the term, else
        as its mean word.

        Args:
            term: The normal forms of the term's tokens.
            rendering: The key of the rendering.

        Returns:
            A share in [0, 1).
        """
        if (term, rendering) not in self._known:
            beside = _together(self._source, term)
            words = [_together(self._target, (word,)) for word in rendering]
            precision = sum(_share(word, beside)[1] for word in words) / max(len(words), 1)
            if len(rendering) > 1:
                seen, whole = _share(_together(self._target, rendering), beside)
                precision = max(precision, whole) if seen >= _RECURS else precision
            self._known[term, rendering] = precision
        return self._known[term, rendering]


def _index(sentences: Sentences) -> defaultdict[str, Counter[int]]:
    index: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for place, tokens in enumerate(sentences):
        for token in tokens:
            index[normal_form(token)][place] += 1
    return index


def _together(index: Mapping[str, Counter[int]], words: Key) -> _Counts:
    """Counts how often all words occur in each sentence: as often as the rarest of them."""
    first, *others = sorted((index[word] for word in words), key=len)
    if not others:
        return first
    return {
        place: min([count, *(other[place] for other in others)])
        for place, count in first.items()
        if all(place in other for other in others)
    }


def _share(rendering: _Counts, term: _Counts) -> tuple[int, float]:
    fewer, more = sorted((rendering, term), key=len)
    seen = sum(min(count, more[place]) for place, count in fewer.items() if place in more)
    return seen, seen / (sum(rendering.values()) + 1)

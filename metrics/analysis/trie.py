"""The n-grams of the references as numbers, and what outputs get of them.

A system gets an n-gram of a segment as often as BLEU counts it correct there: as often as it says
it, but no more often than the reference that has it most. An n-gram can be matched only where its
first n - 1 tokens are, so each order looks at what the order before has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from xindaya.metrics.analysis.texts import Coder, Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

Integers: TypeAlias = "NDArray[np.int64]"

ORDER = 4


@dataclass(frozen=True, slots=True)
class Level:
    """The n-grams of one order, once for each segment whose references have them.

    Attributes:
        keys: Sorted: (place of the first n - 1 tokens in the level before) × words + last token;
            in the first level the segment stands for what goes before.
        limit: How often the reference with most of it has it.
        gram: Number of the n-gram, the same in every segment.
        grams: Of each n-gram: (number of its first n - 1 tokens) × words + last token.
    """

    keys: Integers
    limit: Integers
    gram: Integers
    grams: Integers


class ReferenceNGrams:
    """All n-grams of the references, order by order.

    Attributes:
        levels: One an order, unigrams first.
    """

    def __init__(self, coder: Coder) -> None:
        self._coder = coder
        self._base = max(1, len(coder.words))
        self.levels: list[Level] = []
        stems = [t.segments.astype(np.int64) for t in coder.references]
        for order in range(1, ORDER + 1):
            stems = self._add_level(order, stems)

    def _add_level(self, order: int, stems: list[Integers]) -> list[Integers]:
        """Adds one order; returns where each text's n-grams stand in it (see `_steps`)."""
        texts = self._coder.references
        steps = [_steps(t, order, s) for t, s in zip(texts, stems, strict=True)]
        keys = [stem * self._base + word for _, stem, word in steps]
        unique, places = np.unique(np.concatenate(keys), return_inverse=True)
        parts = np.split(places, np.cumsum([len(k) for k in keys])[:-1])
        limit = np.max([np.bincount(p, minlength=len(unique)) for p in parts], axis=0)
        heads, last = np.divmod(unique, self._base)
        before = self.levels[-1].gram[heads] if self.levels else np.zeros_like(heads)
        grams, gram = np.unique(before * self._base + last, return_inverse=True)
        self.levels.append(Level(unique, limit, gram, grams))
        return [
            _spread(len(t.words), at, p)
            for t, (at, _, _), p in zip(texts, steps, parts, strict=True)
        ]

    def matches(self, system: str) -> list[Integers]:
        """Returns, for each order, how often each n-gram of each segment is matched."""
        tokens = self._coder.output(system)
        stems = tokens.segments.astype(np.int64)
        found = []
        for order, level in enumerate(self.levels, 1):
            at, stem, word = _steps(tokens, order, stems)
            keys = stem * self._base + word
            places = np.searchsorted(level.keys, keys)
            hit = np.append(level.keys, -1)[places] == keys
            stems = _spread(len(tokens.words), at[hit], places[hit])
            counts = np.bincount(places[hit], minlength=len(level.keys))
            found.append(np.minimum(counts, level.limit))
        return found

    def tokens(self, order: int, gram: int) -> tuple[str, ...]:
        """Returns the tokens of an n-gram, given by its number in its order."""
        words: list[str] = []
        for level in reversed(self.levels[:order]):
            gram, word = divmod(int(level.grams[gram]), self._base)
            words.append(self._coder.words[word])
        return tuple(reversed(words))

    def segment(self, order: int, place: int) -> int:
        """Returns the segment of a key, given by its place in its order."""
        for level in reversed(self.levels[:order]):
            place = int(level.keys[place]) // self._base
        return place


def _steps(tokens: Tokens, order: int, stems: Integers) -> tuple[Integers, Integers, Integers]:
    """Returns where n-grams begin, the number of their first n - 1 tokens, and their last token.

    Args:
        tokens: A text.
        order: n.
        stems: By token, the number of the n - 1 tokens that begin there, -1 if there is none; for
            unigrams the segment.
    """
    end = len(tokens.words) - order + 1
    if end <= 0:
        none = np.zeros(0, np.int64)
        return none, none, none
    last = tokens.words[order - 1 :]
    same = tokens.segments[:end] == tokens.segments[order - 1 :]
    at = np.flatnonzero(same & (stems[:end] >= 0) & (last >= 0))
    return at, stems[at], last[at].astype(np.int64)


def _spread(size: int, at: Integers, values: Integers) -> Integers:
    """Returns an array of -1 with these values at these places."""
    spread = np.full(size, -1, np.int64)
    spread[at] = values
    return spread

"""Sentence pairs as numbers, for arithmetic over flat arrays.

A *cell* is one (sentence, left position, right position) of content words; every cell knows its
*link*, the pair of words that meet in it: tables are arrays over the distinct links of a corpus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Sentences = Sequence[Sequence[str]]
"""Sentences as tokens."""

TINY = 1e-12
_NEARER = 0.7  # worth lost for each token of distance, or of difference between the two distances
_FARTHEST = 63  # tokens: farther ones are as far
_TURNED = 0.3  # worth of a neighbour in the opposite order
_BESIDE = tuple(product((-2, -1, 1, 2), (-3, -2, -1, 1, 2, 3)))
_AROUND = tuple(move for move in product((-3, -2, -1, 0, 1, 2, 3), (-2, -1, 0, 1, 2)) if any(move))
"""Moves to neighbouring cells, in content words."""


def summed(place: Ints, values: Floats, size: int) -> Floats:
    """Sums values by place, shape (size,)."""
    sums: Floats = np.bincount(place, values, minlength=size).astype(np.float64, copy=False)
    return sums


def offsets(lengths: Ints) -> Ints:
    """Returns where each run of the given lengths begins, and the end, shape (lengths + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


@dataclass(frozen=True)
class Side:
    """One side of all sentences.

    Attributes:
        vocabulary: Word to its number.
        words: Every token as a number, shape (tokens,).
        lengths: Tokens of each sentence, shape (sentences,).
        shares: Relative frequency of each word, shape (vocabulary,).
    """

    vocabulary: dict[str, int]
    words: Ints
    lengths: Ints
    shares: Floats

    @classmethod
    def of(cls, sentences: Sentences) -> Side:
        """Numbers the words in the order in which they appear."""
        vocabulary: dict[str, int] = {}
        flat = [vocabulary.setdefault(w, len(vocabulary)) for tokens in sentences for w in tokens]
        words = np.array(flat, np.int64)
        shares = np.bincount(words, minlength=len(vocabulary)) / max(len(words), 1)
        return cls(vocabulary, words, np.array([len(s) for s in sentences], np.int64), shares)


@dataclass(frozen=True)
class Tables:
    """A probability for every link, in both directions.

    Attributes:
        forward: p(right word | left word), shape (links,).
        backward: p(left word | right word), shape (links,).
    """

    forward: Floats
    backward: Floats


@dataclass(frozen=True)
class Cells:
    """The cells of a corpus.

    Attributes:
        left: The left side.
        right: The right side.
        at: Where each sentence's cells begin, shape (sentences + 1,).
        place: Left and right position of each cell in its sentence, shape (2, cells).
        size: Left and right length of each cell's sentence, shape (2, cells).
        row: Left token of each cell, counted in the corpus, shape (cells,).
        column: Right token of each cell, counted in the corpus, shape (cells,).
        keys: The distinct links, left word * right vocabulary + right word, sorted.
        link: Link of every cell, shape (cells,).
        token: Place of each left and each right token in its sentence, function words counted.
    """

    left: Side
    right: Side
    at: Ints
    place: NDArray[np.int32]
    size: NDArray[np.int32]
    row: Ints
    column: Ints
    keys: Ints
    link: Ints
    token: tuple[Ints, Ints]

    @classmethod
    def of(
        cls,
        left_sentences: Sentences,
        right_sentences: Sentences,
        places: Sequence[Sequence[Ints]] | None = None,
    ) -> Cells:
        """Numbers the words and lists the word pairs that meet in a sentence pair.

        Args:
            left_sentences: The words of each left sentence.
            right_sentences: The words of each right sentence, as many.
            places: Where these words stand in their sentences, both sides; one after the other by
                default.
        """
        left, right = Side.of(left_sentences), Side.of(right_sentences)
        counts = left.lengths * right.lengths
        at = offsets(counts)
        sentence = np.repeat(np.arange(len(counts)), counts)
        size = np.stack([left.lengths[sentence], right.lengths[sentence]]).astype(np.int32)
        inside = (np.arange(len(sentence)) - at[sentence]).astype(np.int32)
        place = np.stack(np.divmod(inside, size[1]))
        row = offsets(left.lengths)[sentence] + place[0]
        column = offsets(right.lengths)[sentence] + place[1]
        key = left.words[row] * max(len(right.vocabulary), 1) + right.words[column]
        keys, link = np.unique(key, return_inverse=True)
        places = places or [
            [np.arange(len(words)) for words in side] for side in (left_sentences, right_sentences)
        ]
        token = tuple(np.concatenate([np.zeros(0, np.int64), *side]) for side in places)
        return cls(left, right, at, place, size, row, column, keys, link, (token[0], token[1]))

    @property
    def words(self) -> tuple[Ints, Ints]:
        """The left and the right word of each link, each of shape (links,)."""
        return np.divmod(self.keys, max(len(self.right.vocabulary), 1))

    @property
    def diagonal(self) -> Floats:
        """How near each cell is to its sentence's diagonal, in (0, 1], shape (cells,)."""
        there = self.place / np.maximum(self.size - 1, 1)
        nearness: Floats = np.exp(-np.abs(there[0] - there[1]))
        return nearness

    def counted(self, cells: Floats) -> Floats:
        """Sums cells by link, shape (links,)."""
        return summed(self.link, cells, len(self.keys))

    def by_row(self, cells: Floats) -> Floats:
        """Sums cells by left token, shape (left tokens,)."""
        return summed(self.row, cells, len(self.left.words))

    def by_column(self, cells: Floats) -> Floats:
        """Sums cells by right token, shape (right tokens,)."""
        return summed(self.column, cells, len(self.right.words))

    def posteriors(
        self,
        tables: Tables,
        near: Floats | None = None,
        empty: tuple[Floats | float, Floats | float] = (0.0, 0.0),
    ) -> tuple[Floats, Floats]:
        """Returns the posteriors of both directions: of a right token's left one, and back.

        Args:
            tables: Of the links.
            near: What speaks for each cell besides its words, shape (cells,).
            empty: What speaks for no link of each cell's right token, and of its left one.
        """
        forward, backward = tables.forward[self.link], tables.backward[self.link]
        if near is not None:
            forward, backward = forward * near, backward * near
        forward /= self.by_column(forward)[self.column] + empty[0] + TINY
        backward /= self.by_row(backward)[self.row] + empty[1] + TINY
        return forward, backward

    def beside(self, cells: Floats) -> Floats:
        """Sums the neighbours of each cell that speak for its order, shape (cells,).

        A neighbour counts the more, the nearer it is and the more alike the distances on both sides
        are, in tokens; in the opposite order it counts little.
        """

        def weight(down: int, along: int, rows: Ints, columns: Ints) -> Floats:
            order = 1.0 if down * along > 0 else _TURNED
            return order * _power(np.abs(rows - columns) + rows - 1)

        return self._moved(cells, _BESIDE, weight)

    def around(self, cells: Floats) -> Floats:
        """Sums the neighbours of each cell by their nearness in tokens, shape (cells,)."""
        return self._moved(
            cells, _AROUND, lambda down, along, rows, columns: _power(rows + columns)
        )

    def _moved(
        self,
        cells: Floats,
        moves: Sequence[tuple[int, int]],
        weight: Callable[[int, int, Ints, Ints], Floats],
    ) -> Floats:
        total = np.zeros(len(cells))
        width = self.size[1].astype(np.int64)
        for down, along in moves:
            row, column = self.place[0] + down, self.place[1] + along
            inside = (row >= 0) & (row < self.size[0]) & (column >= 0) & (column < self.size[1])
            here = np.flatnonzero(inside)
            there = here + down * width[here] + along
            rows = np.abs(self.token[0][self.row[there]] - self.token[0][self.row[here]])
            columns = np.abs(self.token[1][self.column[there]] - self.token[1][self.column[here]])
            total[here] += cells[there] * weight(down, along, rows, columns)
        return total


def _power(distance: Ints) -> Floats:
    powers: Floats = np.power(_NEARER, np.arange(_FARTHEST + 1, dtype=np.float64))
    nearness: Floats = powers[np.minimum(distance, _FARTHEST)]
    return nearness

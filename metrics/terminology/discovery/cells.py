"""Sentence pairs as numbers, for arithmetic over flat arrays.

A *cell* is one (sentence, left position, right position). Estimation is a sum over cells, so it is
done in *blocks*: runs of whole sentences with a bounded number of cells. Every cell knows its
*link*, the pair of words that meet in it: tables are arrays over the distinct links of a corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.alignment import Sentences

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK_CELLS = 1 << 20
_DUMMY = -1  # key of link 0, which no cell has


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
class Block:
    """Consecutive sentences, with one entry for each of their cells.

    Attributes:
        first: The first sentence.
        last: The one after the last.
        left_lengths: Left tokens of each sentence, shape (sentences,).
        right_lengths: Right tokens of each sentence, shape (sentences,).
        left_words: Word of each left position, shape (left positions,).
        right_words: Word of each right position, shape (right positions,).
        rows: Left position of each cell, counted in the block, shape (cells,).
        columns: Right position of each cell, counted in the block, shape (cells,).
        links: Number of the word pair of each cell, shape (cells,).
    """

    first: int
    last: int
    left_lengths: Ints
    right_lengths: Ints
    left_words: Ints
    right_words: Ints
    rows: Ints
    columns: Ints
    links: NDArray[np.int32]

    @property
    def transposed(self) -> Ints:
        """The cells in the order they have when the two sides change places, shape (cells,)."""
        order: Ints = np.argsort(self.columns, kind="stable")
        return order


@dataclass(frozen=True)
class Cells:
    """The cells of a corpus.

    Attributes:
        left: The left side.
        right: The right side.
        keys: The distinct links, left word * right vocabulary + right word, sorted, after a dummy.
        left_of: Left word of each link, shape (links,).
        right_of: Right word of each link, shape (links,).
        links: Link of every cell, shape (all cells,).
    """

    left: Side
    right: Side
    keys: Ints
    left_of: Ints
    right_of: Ints
    links: NDArray[np.int32]

    @classmethod
    def of(cls, left_sentences: Sentences, right_sentences: Sentences) -> Cells:
        """Numbers the words and lists the word pairs that meet in a sentence pair."""
        left, right = Side.of(left_sentences), Side.of(right_sentences)
        width = max(len(right.vocabulary), 1)
        sentences = len(left.lengths)
        keys: Ints = np.array([_DUMMY], np.int64)
        for block in _blocks(left, right, sentences):
            keys = _distinct(np.concatenate([keys, _distinct(_keys(block, width))]))
        links = np.empty(int((left.lengths * right.lengths).sum()), np.int32)
        start = 0
        for block in _blocks(left, right, sentences):
            end = start + len(block.rows)
            links[start:end] = np.searchsorted(keys, _keys(block, width))
            start = end
        left_of, right_of = np.divmod(np.maximum(keys, 0), width)
        return cls(left, right, keys, left_of, right_of, links)

    def blocks(self, sentences: int | None = None) -> Iterator[Block]:
        """Yields the first so many sentences (all of them by default), in blocks."""
        start = 0
        count = len(self.left.lengths) if sentences is None else sentences
        for block in _blocks(self.left, self.right, count):
            end = start + len(block.rows)
            yield replace(block, links=self.links[start:end])
            start = end


def offsets(lengths: Ints) -> Ints:
    """Returns where each run of the given lengths begins, and the end, shape (lengths + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def _keys(block: Block, width: int) -> Ints:
    return block.left_words[block.rows] * width + block.right_words[block.columns]


def _distinct(keys: Ints) -> Ints:
    """Sorts the keys and keeps each once (np.unique hashes them first, much slower here)."""
    ordered: Ints = np.sort(keys)
    changes = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    return ordered[changes] if len(ordered) else ordered


def _blocks(left: Side, right: Side, sentences: int) -> Iterator[Block]:
    """Cuts sentences into blocks of bounded size and lists the cells of each; links are absent."""
    cell_at = offsets(left.lengths * right.lengths)
    left_at, right_at = offsets(left.lengths), offsets(right.lengths)
    first = 0
    while first < sentences:
        last = int(np.searchsorted(cell_at, cell_at[first] + BLOCK_CELLS, side="right")) - 1
        last = min(max(last, first + 1), sentences)
        rows, columns = left.lengths[first:last], right.lengths[first:last]
        sentence = np.repeat(np.arange(last - first), rows * columns)
        inside = np.arange(len(sentence)) - (cell_at[first:last] - cell_at[first])[sentence]
        width = columns[sentence]
        yield Block(
            first=first,
            last=last,
            left_lengths=rows,
            right_lengths=columns,
            left_words=left.words[left_at[first] : left_at[last]],
            right_words=right.words[right_at[first] : right_at[last]],
            rows=(left_at[first:last] - left_at[first])[sentence] + inside // width,
            columns=(right_at[first:last] - right_at[first])[sentence] + inside % width,
            links=np.zeros(0, np.int32),
        )
        first = last

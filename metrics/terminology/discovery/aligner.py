"""A word aligner of our own: no pretrained model, only the sentence pairs and a list of common words.

1. *Characters*: model 1 between Chinese characters and English stems.
2. *Words*: model 1 between words, each word's table with a prior from its characters: a word seen
   once leans on its characters, a frequent one on itself.
3. *Order*: a link is likelier where its neighbours are linked, and near the diagonal.
4. *Leftovers*: what no count explains is linked near its neighbours' links.

Everything is arithmetic over flat arrays (`cells`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.cells import (
    TINY,
    Cells,
    Floats,
    Ints,
    Sentences,
    Side,
    Tables,
    offsets,
)
from xindaya.metrics.terminology.discovery.words import is_chinese, is_content, normal_form

Links = NDArray[np.float32]
"""Probability that two tokens render each other, shape (source tokens, target tokens)."""


class Alignment(Protocol):
    """Link posteriors of aligned sentence pairs."""

    def posteriors(self, sentence: int) -> Links:
        """Returns the links of one sentence pair, shape (source tokens, target tokens)."""
        ...


class WordAligner(Protocol):
    """Anything that learns which word renders which from sentence pairs, a neural model too."""

    def train(
        self,
        source: Sentences,
        target: Sentences,
        *,
        background: tuple[Sentences, Sentences] | None = None,
    ) -> Alignment:
        """Learns from the pairs (and from the background's) and aligns the pairs.

        Args:
            source: The tokens of each source sentence.
            target: The tokens of each target sentence, as many.
            background: More sentence pairs to learn from, which are not aligned themselves.
        """
        ...


@dataclass(frozen=True)
class LinkTable:
    """Link posteriors of content words in one array, as `Model1Aligner` returns them.

    Attributes:
        cells: The posteriors of all sentences, row by row, one sentence after the other.
        at: Where each sentence begins in `cells`, shape (sentences + 1,).
        source: Places of the content words of each source sentence.
        target: Places of the content words of each target sentence.
        sizes: Tokens of each sentence pair, shape (sentences, 2).
    """

    cells: Floats
    at: Ints
    source: Sequence[Ints]
    target: Sequence[Ints]
    sizes: Ints

    def posteriors(self, sentence: int) -> Links:
        links = np.zeros(tuple(self.sizes[sentence]), np.float32)
        rows, columns = self.source[sentence], self.target[sentence]
        if len(rows) and len(columns):
            own = self.cells[self.at[sentence] : self.at[sentence + 1]]
            links[np.ix_(rows, columns)] = own.reshape(len(rows), len(columns))
        return links


@dataclass(frozen=True)
class Model1Aligner:
    """Model 1 in both directions with a character prior, then order by the neighbours' links.

    Attributes:
        character_iterations: Rounds of model 1 between characters and words.
        word_iterations: Rounds of model 1 between words.
        order_iterations: Rounds with the neighbours' links.
        prior_weight: How many observations the characters' word is worth.
        smoothing: How many observations the bare frequency of a word is worth. It keeps words that
            occur once from collecting whatever is left over in their sentence (Moore 2004).
        empty: Share of words that render nothing.
    """

    character_iterations: int = 4
    word_iterations: int = 3
    order_iterations: int = 2
    prior_weight: float = 0.3
    smoothing: float = 3.0
    empty: float = 0.1

    def train(
        self,
        source: Sentences,
        target: Sentences,
        *,
        background: tuple[Sentences, Sentences] | None = None,
    ) -> LinkTable:
        """Learns from the pairs (and from the background's) and aligns the pairs.

        Args:
            source: The tokens of each source sentence.
            target: The tokens of each target sentence, as many.
            background: More sentence pairs to learn from.

        Raises:
            ValueError: If there are not as many target sentences as source sentences.
        """
        if len(source) != len(target):
            raise ValueError(f"{len(source)} source sentences for {len(target)} target sentences")
        more = background or ((), ())
        sides = [[*source, *more[0]], [*target, *more[1]]]
        places = [[_content(tokens) for tokens in side] for side in sides]
        left, right = (
            [
                [normal_form(tokens[k]) for k in own.tolist()]
                for tokens, own in zip(side, content, strict=True)
            ]
            for side, content in zip(sides, places, strict=True)
        )
        cells = Cells.of(left, right, places)
        count = len(source)
        sizes = np.array([[len(s), len(t)] for s, t in zip(source, target, strict=True)], np.int64)
        linked = self._linked(cells, left, right)[: cells.at[count]]
        return LinkTable(linked, cells.at[: count + 1], places[0][:count], places[1][:count],
                         sizes.reshape(-1, 2))  # fmt: skip

    def _linked(self, cells: Cells, left: Sentences, right: Sentences) -> Floats:
        """Returns the posterior of every cell."""
        known = character_tables(cells, left, right, self.character_iterations)
        prior = Prior(known, self.prior_weight, self.smoothing)
        tables = train_model_1(cells, self.word_iterations, prior)
        near = np.ones(len(cells.link))
        empty = (
            self.empty * cells.right.shares[cells.right.words][cells.column],
            self.empty * cells.left.shares[cells.left.words][cells.row],
        )
        for _ in range(self.order_iterations):
            forward, backward = cells.posteriors(tables, near, empty)
            both = forward * backward
            near = (0.3 + cells.beside(np.sqrt(both))) * cells.diagonal
            tables = estimate(cells, cells.counted(both), prior)
        forward, backward = cells.posteriors(tables, near, empty)
        many = _fertility(cells.left)[cells.left.words]
        backward = np.minimum(backward * many[cells.row], 1.0)
        return link_leftovers(cells, np.sqrt(forward * backward), many)


def _content(tokens: Sequence[str]) -> Ints:
    return np.array([k for k, token in enumerate(tokens) if is_content(token)], np.int64)


@dataclass(frozen=True)
class Prior:
    """What is believed of a word before it is seen.

    Attributes:
        known: What other evidence (the characters) says of each link.
        weight: How many observations that is worth.
        smoothing: How many observations the bare frequency of a rendering is worth.
    """

    known: Tables
    weight: float
    smoothing: float


def estimate(cells: Cells, counts: Floats, prior: Prior | None = None) -> Tables:
    """Turns expected counts into translation tables.

    With a prior they are the means of Dirichlet posteriors (MacKay and Peto 1995): of left word l,
    ``p(r|l) = (c(l,r) + w·known(r|l) + s·share(r)) / (c(l) + w + s)``.

    Args:
        cells: The corpus.
        counts: Expected count of every link, shape (links,).
        prior: None gives the relative frequencies.
    """
    left, right = cells.words
    of_left = np.bincount(left, counts, minlength=len(cells.left.shares))[left]
    of_right = np.bincount(right, counts, minlength=len(cells.right.shares))[right]
    if prior is None:
        return Tables(counts / np.maximum(of_left, TINY), counts / np.maximum(of_right, TINY))
    w, s = prior.weight, prior.smoothing
    forward = counts + w * prior.known.forward + s * cells.right.shares[right]
    backward = counts + w * prior.known.backward + s * cells.left.shares[left]
    return Tables(forward / (of_left + w + s), backward / (of_right + w + s))


def train_model_1(cells: Cells, iterations: int, prior: Prior | None = None) -> Tables:
    """Trains IBM model 1 in both directions (Brown et al. 1993).

    A posterior is ``t(r|l) / Σ t(r|l')`` over the sentence's left words; the first round starts
    from equal tables. Both directions are trained to agree: the expected count of a link is the sum
    of the products of its two posteriors (Liang, Taskar and Klein 2006).

    Args:
        cells: The corpus.
        iterations: Rounds of expectation maximisation.
        prior: Of every round's tables.
    """
    tables = Tables(np.ones(len(cells.keys)), np.ones(len(cells.keys)))
    for _ in range(iterations):
        forward, backward = cells.posteriors(tables)
        tables = estimate(cells, cells.counted(forward * backward), prior)
    return tables


def character_tables(cells: Cells, left: Sentences, right: Sentences, iterations: int) -> Tables:
    """Asks the characters of each Chinese word for its rendering.

    ``p(r | word)`` is the mean of ``p(r | character)`` over the word's characters, from model 1
    between characters and words; the other direction follows by Bayes' rule. Words that are spelled
    alike (numbers, Latin names) are taken to render each other.

    Args:
        cells: The corpus as words.
        left: Its left sentences.
        right: Its right sentences.
        iterations: Rounds of model 1.
    """
    spelled = Cells.of([list(_spelled(t)) for t in left], [list(_spelled(t)) for t in right])
    table = train_model_1(spelled, iterations).forward
    spellings = [_Spellings.of(*side) for side in ((cells.left, spelled.left),
                                                   (cells.right, spelled.right))]  # fmt: skip
    words, width = cells.words, max(len(spelled.right.vocabulary), 1)
    forward = np.zeros(len(cells.keys))
    for a, b in product(*(range(int(s.lengths.max(initial=0))) for s in spellings)):
        own = np.flatnonzero(
            (spellings[0].lengths[words[0]] > a) & (spellings[1].lengths[words[1]] > b)
        )
        one, other = words[0][own], words[1][own]
        keys = spellings[0].at(one, a) * width + spellings[1].at(other, b)
        shares = spellings[0].lengths[one] * spellings[1].lengths[other]
        forward[own] += table[np.searchsorted(spelled.keys, keys)] / shares
    alike = np.array([cells.right.vocabulary.get(w, -1) for w in cells.left.vocabulary], np.int64)
    forward[alike[words[0]] == words[1]] = 1.0
    ratio = cells.left.shares[words[0]] / cells.right.shares[words[1]]
    return Tables(forward, np.minimum(forward * ratio, 1.0))


@dataclass(frozen=True)
class _Spellings:
    """The characters of each word, as numbers; any word but a Chinese one is one of its own."""

    flat: Ints
    offsets: Ints
    lengths: Ints

    @classmethod
    def of(cls, words: Side, spelled: Side) -> _Spellings:
        spellings = [[spelled.vocabulary[c] for c in _spelled([w])] for w in words.vocabulary]
        lengths = np.array([len(s) for s in spellings], np.int64)
        flat = np.array([number for s in spellings for number in s], np.int64)
        return cls(flat, offsets(lengths), lengths)

    def at(self, words: Ints, place: int) -> Ints:
        return self.flat[self.offsets[words] + place]


def _spelled(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if is_chinese(word):
            yield from word
        else:
            yield word


_PER_CHARACTER = 0.8  # English words that a Chinese character renders into
_SPARE = 0.3  # and a word that is explained already
_ANYWHERE = 0.02  # nearness of a place that no neighbour points to
_ROUNDS = 3


def _fertility(side: Side) -> Floats:
    """Returns how many words of the other language each word may render into, at least one."""
    return np.array([
        max(1.0, _PER_CHARACTER * len(word)) if is_chinese(word) else 1.0 for word in side.vocabulary
    ])  # fmt: skip


def link_leftovers(cells: Cells, links: Floats, many: Floats) -> Floats:
    """Links the words that are still unexplained, near their neighbours' links.

    A rendering that occurs nowhere else cannot be learnt from counts. This is the "final" step of
    grow-diag-final (Koehn et al. 2003, Och and Ney 2003) with probabilities: leftover left mass
    times leftover right mass times nearness, scaled until no right word has more than its leftover
    (iterative proportional fitting, Sinkhorn and Knopp 1967).

    Args:
        cells: The corpus.
        links: Posterior of every cell, shape (cells,).
        many: How many right words each left token may render into, shape (left tokens,).

    Returns:
        The posteriors with the added links, same shape.
    """
    left = np.maximum(many - cells.by_row(links), 0.0) + _SPARE
    right = np.maximum(1 - cells.by_column(links), 0.0)
    added = (cells.around(links) + _ANYWHERE) * left[cells.row] * right[cells.column]
    for _ in range(_ROUNDS):
        added *= (left / np.maximum(cells.by_row(added), TINY))[cells.row]
        added *= np.minimum(right / np.maximum(cells.by_column(added), TINY), 1.0)[cells.column]
    return np.minimum(links + added, 1.0)

"""Translation tables: which word renders which, whatever the order (IBM model 1).

Both directions are trained to agree: expected counts are products of the two directions' posteriors
(Liang, Taskar and Klein 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xindaya.metrics.terminology.discovery.alignment import Sentences
from xindaya.metrics.terminology.discovery.cells import Cells, Floats, offsets
from xindaya.metrics.terminology.discovery.words import is_chinese

TINY = 1e-12


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
class Prior:
    """What is believed of a word before it is seen.

    Attributes:
        known: What other evidence (the characters) says of each link.
        weight: How many observations that is worth.
        smoothing: How many observations the bare frequency of a rendering is worth. It keeps words
            that occur once from collecting whatever is left over in their sentence (Moore 2004).
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
    of_left = np.bincount(cells.left_of, counts, minlength=len(cells.left.shares))[cells.left_of]
    of_right = np.bincount(cells.right_of, counts, minlength=len(cells.right.shares))
    of_right = of_right[cells.right_of]
    if prior is None:
        return Tables(counts / np.maximum(of_left, TINY), counts / np.maximum(of_right, TINY))
    w, s = prior.weight, prior.smoothing
    forward = counts + w * prior.known.forward + s * cells.right.shares[cells.right_of]
    backward = counts + w * prior.known.backward + s * cells.left.shares[cells.left_of]
    return Tables(forward / (of_left + w + s), backward / (of_right + w + s))


def train_model_1(cells: Cells, iterations: int, prior: Prior | None = None) -> Tables:
    """Trains IBM model 1 in both directions (Brown et al. 1993).

    A posterior is ``t(r|l) / Σ t(r|l')`` over the sentence's left words; the first round starts
    from equal tables. The expected count of a link is the sum of the products of its two posteriors.

    Args:
        cells: The corpus.
        iterations: Rounds of expectation maximisation.
        prior: Of every round's tables.
    """
    size = len(cells.keys)
    tables = Tables(np.ones(size), np.ones(size))
    for _ in range(iterations):
        counts = np.zeros(size)
        for block in cells.blocks():
            forward, backward = tables.forward[block.links], tables.backward[block.links]
            forward /= np.maximum(np.bincount(block.columns, forward), TINY)[block.columns]
            backward /= np.maximum(np.bincount(block.rows, backward), TINY)[block.rows]
            counts += np.bincount(block.links, forward * backward, minlength=size)
        tables = estimate(cells, counts, prior)
    return tables


def character_tables(cells: Cells, left: Sentences, right: Sentences, iterations: int) -> Tables:
    """Asks the characters of each Chinese word for its rendering.

    ``p(r | word)`` is the mean of ``p(r | character)`` over the word's characters, from model 1
    between characters and words; the other direction follows by Bayes' rule. Words that are spelled
    alike (numbers, Latin names) are taken to render each other.

    Args:
        cells: The corpus as words.
        left: Its left sentences, Chinese.
        right: Its right sentences.
        iterations: Rounds of model 1.
    """
    spelled = Cells.of([[c for word in s for c in _characters(word)] for s in left], right)
    table = train_model_1(spelled, iterations).forward
    numbers = spelled.left.vocabulary
    spellings = [[numbers[c] for c in _characters(word)] for word in cells.left.vocabulary]
    lengths = np.array([len(spelling) for spelling in spellings], np.int64)
    flat = np.array([number for spelling in spellings for number in spelling], np.int64)
    at = offsets(lengths)
    width = max(len(spelled.right.vocabulary), 1)
    forward = np.zeros(len(cells.keys))
    for place in range(int(lengths.max(initial=0))):
        links = np.flatnonzero(lengths[cells.left_of] > place)
        words = cells.left_of[links]
        keys = flat[at[words] + place] * width + cells.right_of[links]
        forward[links] += table[np.searchsorted(spelled.keys, keys)] / lengths[words]
    alike = [cells.right.vocabulary.get(word, -1) for word in cells.left.vocabulary]
    forward[np.array(alike, np.int64)[cells.left_of] == cells.right_of] = 1.0
    forward[0] = 0.0  # the dummy
    ratio = cells.left.shares[cells.left_of] / cells.right.shares[cells.right_of]
    return Tables(forward, np.minimum(forward * ratio, 1.0))


def _characters(word: str) -> list[str]:
    """Returns the characters of a Chinese word; any other word whole."""
    return list(word) if is_chinese(word) else [word]

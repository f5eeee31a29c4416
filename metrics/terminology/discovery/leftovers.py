"""Links for the words that no count explains: what is left over on both sides belongs together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.cells import Floats
from xindaya.metrics.terminology.discovery.lexicon import TINY

_DECAY = 0.7  # nearness lost a token
_NEIGHBOURS = 3  # tokens on either side whose links say where a word's link should be
_FERTILITY = 0.3  # a word may render into more than one
_ANYWHERE = 0.02  # nearness of a place that no neighbour points to
_ROUNDS = 3


def link_leftovers(
    links: Floats, left_content: NDArray[np.bool_], right_content: NDArray[np.bool_]
) -> Floats:
    """Links the content words that are still unexplained, near their neighbours' links.

    A rendering that occurs nowhere else cannot be learnt from counts. This is the "final" step of
    grow-diag-final (Koehn et al. 2003, Och and Ney 2003) with probabilities: leftover left mass
    times leftover right mass times nearness, scaled until no right word has more than its leftover
    (iterative proportional fitting, Sinkhorn and Knopp 1967).

    Args:
        links: Posteriors of one sentence pair, shape (left tokens, right tokens).
        left_content: Which left tokens are content words, shape (left tokens,).
        right_content: Which right tokens are, shape (right tokens,).

    Returns:
        The posteriors with the added links, same shape.
    """
    if not links.size:
        return links
    rows, columns = np.arange(links.shape[0]), np.arange(links.shape[1])
    apart = np.abs(rows[:, None] - rows)
    beside = np.where(apart <= _NEIGHBOURS, _DECAY**apart, 0.0)
    around = _DECAY ** np.abs(columns[:, None] - columns)
    left = (np.maximum(1 - links.sum(axis=1), 0.0) + _FERTILITY) * left_content
    right = np.maximum(1 - links.sum(axis=0), 0.0) * right_content
    added = (beside @ links @ around + _ANYWHERE) * left[:, None] * right
    for _ in range(_ROUNDS):
        added *= (left / np.maximum(added.sum(axis=1), TINY))[:, None]
        added *= np.minimum(right / np.maximum(added.sum(axis=0), TINY), 1.0)
    completed: Floats = np.minimum(links + added, 1.0)
    return completed

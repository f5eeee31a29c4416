"""What a word aligner is and returns: the place where another aligner plugs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Sentences = Sequence[Sequence[str]]
"""Sentences as tokens."""

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
    """Link posteriors in one array, as `HmmAligner` returns them.

    Attributes:
        cells: The posteriors of all sentences, row by row, one sentence after the other.
        offsets: Where each sentence begins in `cells`, shape (sentences + 1,).
        shapes: Source and target length of each sentence, shape (sentences, 2).
    """

    cells: NDArray[np.float16]
    offsets: NDArray[np.int64]
    shapes: NDArray[np.int64]

    def posteriors(self, sentence: int) -> Links:
        first, last = self.offsets[sentence : sentence + 2]
        rows, columns = self.shapes[sentence]
        return self.cells[first:last].reshape(rows, columns).astype(np.float32)

"""Clipped n-gram matches of many segments with NumPy: one sort for all orders.

Every position of every text becomes a key: segment, the symbols of the longest n-gram that begins
there, and whose text it is. A shorter n-gram is then a prefix of the key, so after one sort equal
n-grams of *every* order are neighbours, and counting is comparing neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class DoesNotFitError(Exception):
    """The keys need more than 64 bits; fewer segments at a time need fewer."""


@dataclass(frozen=True)
class Layout:
    """How a key is packed: segment, then symbols, then text, from high bits to low.

    Attributes:
        order: Longest n-gram.
        segments: How many there are.
        unknown: The highest symbol: one that no reference has. Symbols are numbered from 1.
        text_bits: Bits of the text: 0 for the hypothesis, 1 and up for references.
    """

    order: int
    segments: int
    unknown: int
    text_bits: int

    def __post_init__(self) -> None:
        if not self.fits(self.order, self.segments, self.unknown, self.text_bits):
            raise DoesNotFitError

    @staticmethod
    def fits(order: int, segments: int, unknown: int, text_bits: int) -> bool:
        """Returns whether 64 bits are enough."""
        segment_bits = max(segments - 1, 0).bit_length()
        return segment_bits + order * unknown.bit_length() + text_bits <= 64

    def keys(self, symbols: Integers, lengths: Integers, text: int) -> NDArray[np.uint64]:
        """Returns the keys of texts laid end to end.

        Past its end a hypothesis continues with unknown symbols and a reference with zeros, so
        n-grams that reach beyond never match.

        Args:
            symbols: Of all segments.
            lengths: How many each segment has.
            text: Whose they are.
        """
        segment = np.repeat(np.arange(len(lengths)), lengths)
        place = np.arange(len(symbols)) + segment * (self.order - 1)
        size = len(symbols) + len(lengths) * (self.order - 1) + self.order
        padded: NDArray[np.uint64] = np.full(size, 0 if text else self.unknown, np.uint64)
        padded[place] = symbols
        bits = np.uint64(self.unknown.bit_length())
        keys: NDArray[np.uint64] = np.zeros(size - self.order, np.uint64)
        for k in range(self.order):
            keys <<= bits
            keys |= padded[k : k + len(keys)]
        keys = np.take(keys, place)
        keys |= segment.astype(np.uint64) << np.uint64(self.order * int(bits))
        keys <<= np.uint64(self.text_bits)
        keys |= np.uint64(text)
        return keys

    def matches(
        self, hypotheses: NDArray[np.uint64], references: Sequence[NDArray[np.uint64]],
        lengths: Integers,
    ) -> Integers:  # fmt: skip
        """Counts matches, each n-gram as often as the reference that has it most allows.

        Args:
            hypotheses: Keys.
            references: Keys.
            lengths: How many keys of all texts together each segment has.

        Returns:
            Array of shape (segments, order).
        """
        result = np.zeros((self.segments, self.order), dtype=np.int64)
        keys = np.concatenate([hypotheses, *references])
        keys.sort()
        total = len(keys)
        segment_ends = np.cumsum(lengths)
        text = keys & np.uint64((1 << self.text_bits) - 1)
        # How many keys of each reference stand before a place.
        before = np.zeros((len(references), total + 1), dtype=np.int32)
        for r in range(len(references)):
            np.cumsum(text == np.uint64(r + 1), out=before[r, 1:])
        # Neighbours are the same n-gram if they differ in low bits only.
        gaps = keys[1:] ^ keys[:-1]
        first = np.ones(total, dtype=bool)
        bits = self.unknown.bit_length()
        for n in range(self.order):
            low = self.text_bits + bits * (self.order - 1 - n)
            np.greater_equal(gaps, np.uint64(1 << low), out=first[1:])
            starts = np.flatnonzero(first)
            edges = np.append(starts, total)
            of_references = np.diff(before[:, edges], axis=1)
            of_hypothesis = np.diff(edges) - of_references.sum(axis=0)
            matched = np.minimum(of_hypothesis, of_references.max(axis=0))
            if not matched.any():
                break
            sums = np.zeros(len(starts) + 1, dtype=np.int64)
            np.cumsum(matched, out=sums[1:])
            result[:, n] = np.diff(sums[np.searchsorted(starts, segment_ends)], prepend=0)
        return result


def number(
    order: int, points: Integers, lengths: Integers, others: Sequence[tuple[Integers, Integers]]
) -> tuple[Integers, list[Integers], int]:
    """Numbers the references' characters from 1.

    All segments together where a key has room for that, else every segment for itself.

    Args:
        order: Longest n-gram.
        points: Code points of the references.
        lengths: How many each segment has.
        others: More code points and lengths; what no reference has gets the highest number.

    Returns:
        The references' numbers, the others', and the highest number.
    """
    known = np.unique(points)
    highest = len(known) + 1
    numbers = np.full(int(max((p.max(initial=0) for p, _ in [(points, 0), *others]))) + 1, highest)
    numbers[known] = np.arange(1, highest)
    everywhere = numbers[points], [numbers[p] for p, _ in others], highest
    segments = len(lengths)
    if Layout.fits(order, segments, highest, 1):
        return everywhere
    place = np.unique(np.repeat(np.arange(segments), lengths) * (highest + 1) + everywhere[0])
    segment = place // (highest + 1)
    rank = np.arange(len(place)) - np.searchsorted(segment, segment) + 1
    here = int(rank.max(initial=0)) + 1
    table = np.full(segments * (highest + 1), here)
    table[place] = rank

    def local(symbols: Integers, lengths: Integers) -> Integers:
        found: Integers = table[np.repeat(np.arange(segments), lengths) * (highest + 1) + symbols]
        return found

    numbered = [local(s, n) for s, (_, n) in zip(everywhere[1], others, strict=True)]
    return local(everywhere[0], lengths), numbered, here

"""Text folded for matching, with every folded character traced back to the raw text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Marks that people type for one another; NFKC leaves them apart.
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and where its characters come from.

    Attributes:
        text: NFKC-folded text; case is kept.
        offsets: Offset in the raw text of each folded character, and the raw length at the end;
            None where folding changed no offset.
    """

    text: str
    offsets: tuple[int, ...] | None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Maps a span of the folded text to the raw text."""
        if self.offsets is None:
            return start, end
        # A raw character may fold to several: the span must reach the end of the last one.
        last = end
        while last < len(self.text) and self.offsets[last] == self.offsets[last - 1]:
            last += 1
        return self.offsets[start], self.offsets[last]


def fold(text: str) -> Folded:
    """Folds width and compatibility variants, no-break spaces, curly quotes and hyphens."""
    if text.isascii():
        return Folded(text, None)
    if unicodedata.is_normalized("NFKC", text):
        return Folded(text.translate(_ALIKE), None)
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        piece = unicodedata.normalize("NFKC", char).translate(_ALIKE)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    offsets.append(len(text))
    return Folded("".join(pieces), tuple(offsets))

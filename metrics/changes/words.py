"""The difference of two texts, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import regex
from rapidfuzz.distance import LCSseq

# Words of letters and digits, single Chinese characters, single other signs; the report's script
# cuts texts in the same way.
_TOKEN = regex.compile(
    r"\p{Script=Han}"
    r"|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+(?:['’-](?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+)*"
    r"|\S"
)
_MOST_CELLS = 50_000_000  # of the alignment, one bit each


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of two texts.

    Attributes:
        old: What stands in the old text; may be empty.
        new: What stands in the new text; may be empty.
        same: True if the words are the same; the space between them may differ.
    """

    old: str
    new: str
    same: bool


def word_difference(old: str, new: str) -> tuple[Stretch, ...]:
    """Aligns two texts by a longest common subsequence of their words.

    Returns:
        Stretches in reading order, alike and different ones by turns; their parts join to the two
        texts. Texts too long to align are one stretch.
    """
    a, b = _starts(old), _starts(new)
    words = [old[i:j].strip() for i, j in pairwise(a)], [new[i:j].strip() for i, j in pairwise(b)]
    if old == new or len(words[0]) * len(words[1]) > _MOST_CELLS:
        return (Stretch(old, new, old == new),)
    stretches: list[Stretch] = []
    for code in LCSseq.opcodes(*words):
        before = old[a[code.src_start] : a[code.src_end]]
        after = new[b[code.dest_start] : b[code.dest_end]]
        same = code.tag == "equal"
        if stretches and stretches[-1].same == same:
            last = stretches.pop()
            before, after = last.old + before, last.new + after
        stretches.append(Stretch(before, after, same))
    return tuple(stretches)


def _starts(text: str) -> list[int]:
    """Returns where tokens begin, and the end; the space after a token belongs to it."""
    starts = [m.start() for m in _TOKEN.finditer(text)]
    return [0, *starts[1:], len(text)]

"""The best order-preserving alignment: dynamic programming over beads.

A bead joins a consecutive run of Chinese lines with a consecutive run of English ones. Its score is
the logarithm of its prior plus what length and features say; a line alone has its prior only. The
search goes row by row (one Chinese line each), each row a vector over the English lines of a band
around the expected diagonal: time and memory grow linearly with the documents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xindaya.pairs.align.evidence import MAX_MERGE, Evidence, Floats, Ints
from xindaya.pairs.align.length import LengthScore

Kind = tuple[int, int]

PRIORS: dict[Kind, float] = {
    (1, 1): 0.938, (2, 1): 0.022, (1, 2): 0.022, (2, 2): 0.004, (3, 1): 0.005, (1, 3): 0.005,
    (4, 1): 0.002, (1, 4): 0.002,
}  # fmt: skip
"""Prior chance of each kind of match, near Gale & Church (1993), table 5."""

WEIGHT = 0.7
"""Of each direction's evidence: what is found from one side is mostly found from the other too."""

_LOG_PRIORS = {kind: float(np.log(chance)) for kind, chance in PRIORS.items()}
MATCHES: tuple[Kind, ...] = tuple(PRIORS)
COMMON: tuple[Kind, ...] = ((1, 1), (1, 2), (2, 1))
"""The matches that a first, wide search considers."""

_LONGEST = MAX_MERGE


@dataclass(frozen=True, slots=True)
class Step:
    """A bead by positions: Chinese lines start…start+a, English lines start…start+b."""

    zh: slice
    en: slice
    confidence: float = 0.0

    @property
    def kind(self) -> Kind:
        """How many lines of each side it joins."""
        return self.zh.stop - self.zh.start, self.en.stop - self.en.start


@dataclass(frozen=True)
class Band:
    """For every number of Chinese lines done, the English numbers considered: low…high-1."""

    low: Ints
    high: Ints

    @classmethod
    def around(cls, centre: npt.ArrayLike, width: int, en_lines: int) -> Band:
        """Makes a band of `width` English lines on either side of a rising centre line."""
        middle = np.maximum.accumulate(np.asarray(centre, dtype=np.int64))
        low, high = np.maximum(0, middle - width), np.minimum(en_lines, middle + width) + 1
        low[0], high[-1] = 0, en_lines + 1
        # Neighbouring rows must overlap, or no path goes through.
        low[1:] = np.minimum(low[1:], np.maximum(high[:-1] - 1, 0))
        return cls(np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high))


class Scores:
    """Scores of all beads that end in a row of the band."""

    def __init__(
        self,
        length: LengthScore,
        evidence: Evidence,
        band: Band,
        kinds: tuple[Kind, ...] = MATCHES,
    ) -> None:
        self.length, self.evidence, self.band, self.kinds = length, evidence, band, kinds
        self._most_zh = max(a for a, _ in kinds)
        self._most_en = max(b for _, b in kinds)
        self.zh_lines, self.en_lines = evidence.zh.lines, evidence.en.lines
        self._zh_rows: dict[tuple[int, int], tuple[int, Floats]] = {}

    def row(self, i: int) -> dict[Kind, Floats]:
        """Returns, by kind, the scores of beads ending after i Chinese and j English lines.

        Called for i = 1, 2, … in order; entries for j run over the band's row i.
        """
        low, high = int(self.band.low[i]), int(self.band.high[i])
        first = max(0, low - _LONGEST)
        self._add_zh_rows(i)
        result: dict[Kind, Floats] = {}
        for a in range(1, min(self._most_zh, i) + 1):
            sums = np.concatenate(([0.0], np.cumsum(self.evidence.en_row(i, a, first, high - 1))))
            for b in (b for kind, b in self.kinds if kind == a):
                score = result[a, b] = np.full(high - low, -np.inf)
                start = max(low, b)  # where b English lines can end
                if start >= high:
                    continue
                words = sums[start - first :] - sums[start - b - first : high - b - first]
                for k in range(i - a, i):
                    row_low, zh_words = self._zh_rows[k, b]
                    words = words + zh_words[start - row_low : high - row_low]
                score[start - low :] = (
                    _LOG_PRIORS[a, b] + self.length.row(i, a, start, high, b) + WEIGHT * words
                )
        return result

    def _add_zh_rows(self, i: int) -> None:
        """Keeps, for the last few Chinese lines, their scores against English windows."""
        low = int(self.band.low[i])
        high = int(self.band.high[min(i + _LONGEST - 1, self.zh_lines)])
        for b in range(1, self._most_en + 1):
            self._zh_rows[i - 1, b] = (low, self.evidence.zh_row(i - 1, b, low, high))
            self._zh_rows.pop((i - 1 - _LONGEST, b), None)

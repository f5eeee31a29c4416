"""How long a translation is: the length part of the score.

Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora", Computational Linguistics
19(1), 1993, model the length of a translation as normal around a constant ratio. Here the *logarithm*
of the ratio is normal, with a variance that falls with length to a floor, and the score is a
log-likelihood ratio: length of the English given the Chinese, against an English line of this
document taken at random. Ratio and spread are re-estimated from the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

Floats = npt.NDArray[np.float64]

_HAN = regex.compile(r"\p{Han}|[、-〿！-／：-？]")
_NOT_HAN_WEIGHT = 0.3
"""Letters and figures inside Chinese text stay about as they are: 1/3.3 of a character each."""

_BLUNDER = 0.01
"""Share of true translations whose length says nothing (free translation, notes added)."""


def chinese_length(text: str) -> float:
    """Returns the length of Chinese text in Chinese characters or their equivalent."""
    han = len(_HAN.findall(text))
    return max(1.0, han + _NOT_HAN_WEIGHT * (len(text) - han))


def english_length(text: str) -> float:
    """Returns the length of English text in characters."""
    return float(max(1, len(text)))


@dataclass(frozen=True)
class LengthModel:
    """Parameters of the length score.

    Attributes:
        ratio: Mean of log(English characters / Chinese characters).
        floor: Variance of the log ratio of very long texts.
        noise: What the variance gains per inverse Chinese character.
    """

    ratio: float
    floor: float = 0.02
    noise: float = 0.9

    @classmethod
    def of(cls, zh: Floats, en: Floats) -> LengthModel:
        """Estimates the ratio from whole documents, kept within what the languages allow."""
        if not len(zh) or not len(en):
            return cls(ratio=np.log(3.5))
        return cls(ratio=float(np.clip(np.log(en.sum() / zh.sum()), np.log(2.6), np.log(5.0))))

    def refit(self, zh: Sequence[float], en: Sequence[float]) -> LengthModel:
        """Re-estimates ratio and spread from pairs believed to be translations."""
        if len(zh) < 5:
            return self
        ratios = np.log(np.asarray(en) / np.asarray(zh))
        weights = 1 / self.variance(np.asarray(zh))
        prior = 3.0 * np.median(weights)
        centre = (_weighted_median(ratios, weights) * weights.sum() + prior * self.ratio) / (
            weights.sum() + prior
        )
        # One factor on the variance, from the median absolute deviation (1.48: normal), with the
        # present model counted as ten pairs.
        spread = 1.48 * np.median(np.abs(ratios - centre) * np.sqrt(weights))
        factor = float(np.clip((spread**2 * len(zh) + 10) / (len(zh) + 10), 0.4, 2.5))
        return replace(self, ratio=float(centre), floor=self.floor * factor,
                       noise=self.noise * factor)  # fmt: skip

    def variance(self, zh: Floats) -> Floats:
        """Returns the variance of the log ratio for Chinese texts of these lengths."""
        return self.floor + self.noise / zh


class LengthScore:
    """Log-likelihood ratios of beads by their lengths.

    For a bead of a Chinese and b English lines the alternative is that each line was written by
    itself; the bead explains one Chinese total, one English total given it, and uniform cuts.

    Args:
        model: The parameters.
        zh: Lengths of the Chinese lines.
        en: Lengths of the English lines.
    """

    def __init__(self, model: LengthModel, zh: Floats, en: Floats) -> None:
        self.model = model
        self._zh = _Windows(zh)
        self._en = _Windows(en)

    def row(self, i: int, a: int, low: int, high: int, b: int) -> Floats:
        """Scores beads of `a` Chinese lines ending at `i` and `b` English ones at low…high-1."""
        zh, en = self._zh[a], self._en[b]
        length = float(np.exp(zh.log[i]))
        variance = self.model.floor + self.model.noise / length
        distance = en.log[low:high] - (zh.log[i] + self.model.ratio)
        given = distance * distance * (-0.5 / variance) - 0.5 * np.log(2 * np.pi * variance)
        given = np.maximum(given, np.log(_BLUNDER) + en.alone[low:high])
        own = float(zh.alone[i] - a * zh.log[i] - zh.own[i])
        return np.asarray(given + en.rest[low:high] + own)


class _Windows:
    """What the length score needs of all runs of lines, by the place where they end."""

    def __init__(self, lengths: Floats) -> None:
        self._total = np.concatenate(([0.0], np.cumsum(lengths)))
        self._alone = _Background(np.log(lengths))
        single = self._alone(np.log(lengths)) - np.log(lengths)
        self._sum = np.concatenate(([0.0], np.cumsum(single)))
        self._sizes: dict[int, _Window] = {}

    def __getitem__(self, size: int) -> _Window:
        if size not in self._sizes:
            starts = np.maximum(np.arange(len(self._total)) - size, 0)
            log = np.log(np.maximum(self._total - self._total[starts], 1.0))
            own = self._sum - self._sum[starts]
            self._sizes[size] = _Window(log, self._alone(log), own, -size * log - own)
        return self._sizes[size]


class _Window(NamedTuple):
    """By end: log length, its density as one line, that of its lines, and what does not change."""

    log: Floats
    alone: Floats
    own: Floats
    rest: Floats


class _Background:
    """A normal density fitted to logarithms of line lengths, kept wide."""

    def __init__(self, logs: Floats) -> None:
        self.mean = float(logs.mean()) if len(logs) else 0.0
        self.deviation = max(0.6, float(logs.std())) if len(logs) else 1.0

    def __call__(self, logs: Floats | float) -> Floats:
        distance = (np.asarray(logs) - self.mean) / self.deviation
        # A little of everything: no line is impossible by itself.
        return np.asarray(np.logaddexp(
            np.log(0.9) - 0.5 * distance**2 - np.log(self.deviation * np.sqrt(2 * np.pi)),
            np.log(0.1 / 8),
        ))  # fmt: skip


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    heights = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(heights, heights[-1] / 2)])

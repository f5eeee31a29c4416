"""Targets that are far longer or shorter than their source lets expect."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from xindaya.pairs.checks.model import Hit, Place, Texts
from xindaya.pairs.checks.scripts import HAN

_USUAL = 1.05  # letters and figures of English for one unit of Chinese, see `_length`
_LETTERS_A_HAN = 4.0
_ENOUGH = 30  # pairs from which the corpus itself says what is usual
_SPREAD = 0.18  # of the log ratio of long segments: no corpus is taken to be tighter
_SHORT = 12.0  # length at which chance alone doubles the variance
_DEVIATIONS = 5.0
_FACTOR = 2.0  # nothing is an outlier within half and twice the usual ratio
_ABSOLUTE = 5.0  # everything is beyond this, if long enough
_LONG = 30.0


class _Pair(NamedTuple):
    name: str
    position: int
    source: float
    target: float

    @property
    def log_ratio(self) -> float:
        return math.log(self.target / self.source)


def length_ratio(texts: Texts) -> Iterator[Place]:
    """Finds outliers of the log ratio of lengths, by median and median absolute deviation."""
    pairs = []
    for position, source, targets in texts.pairs():
        length = _length(source)
        pairs += [_Pair(c.name, position, length, _length(t)) for c, t in targets]
    steady = [p.log_ratio for p in pairs if min(p.source, p.target) >= _SHORT]
    centre, spread = _usual(steady, texts.source.lang)
    for pair in pairs:
        if hit := _judge(pair, centre, spread):
            yield Place(pair.name, pair.position, hit)


def _usual(ratios: list[float], source_lang: str) -> tuple[float, float]:
    """Returns what is usual: from the corpus if it is large enough, else from experience."""
    if len(ratios) < _ENOUGH:
        return math.log(_USUAL) * (1 if source_lang == "zh" else -1), 2 * _SPREAD
    centre = median(ratios)
    return centre, max(_SPREAD, 1.4826 * median(abs(r - centre) for r in ratios))


def _judge(pair: _Pair, centre: float, spread: float) -> Hit | None:
    distance = abs(pair.log_ratio - centre)
    # Short texts scatter more: their variance has a part that goes with one over the length.
    expected = spread * math.sqrt(1 + _SHORT / min(pair.source, pair.target))
    longer = max(pair.source, pair.target)
    relative = distance > math.log(_FACTOR) and distance > _DEVIATIONS * expected
    absolute = distance > math.log(_ABSOLUTE) and longer > _LONG
    if not (longer > _SHORT and (relative or absolute)):
        return None
    times = math.exp(distance)
    than = "longer" if pair.log_ratio > centre else "shorter"
    return Hit(
        "warning",
        f"The target is {times:.1f} times {than} than usual for its source "
        f"(length {pair.target:.0f} to {pair.source:.0f}; a Chinese character counts "
        f"{_LETTERS_A_HAN:.0f}).",
    )


def _length(text: str) -> float:
    """Counts characters without white space; a Han character counts as many letters."""
    if text.isascii():
        return max(1, len("".join(text.split())))
    han = len(HAN.findall(text))
    return max(1, len("".join(text.split())) + han * (_LETTERS_A_HAN - 1))

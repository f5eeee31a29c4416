"""Targets that are far longer or shorter than their source lets expect."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple
from weakref import WeakKeyDictionary

from xindaya.pairs.checks.model import Hit, Place, Texts
from xindaya.pairs.checks.scripts import HAN

_USUAL = 1.05  # letters and figures of English for one unit of Chinese, see `length`
_LETTERS_A_HAN = 4.0
_ENOUGH = 30  # pairs from which the corpus itself says what is usual
_SPREAD = 0.18  # of the log ratio of long segments: no corpus is taken to be tighter
_SHORT = 12.0  # length at which chance alone doubles the variance
_DEVIATIONS = 5.0
_FACTOR = 2.0  # nothing is an outlier within half and twice the usual ratio
_ABSOLUTE = 5.0  # everything is beyond this, if long enough
_LONG = 30.0


class Pair(NamedTuple):
    """A source and a target with their lengths."""

    name: str
    position: int
    lang: str
    source_text: str
    target_text: str
    source: float
    target: float


class Usual(NamedTuple):
    """What is usual in a corpus: the log ratio of lengths, target to source, and its spread."""

    centre: float
    spread: float

    def deviations(self, target: float, source: float) -> float:
        """Returns how many deviations longer (or, below 0, shorter) a target is than usual.

        Short texts scatter more: their variance has a part that goes with one over the length.
        """
        spread = self.spread * math.sqrt(1 + _SHORT / min(source, target))
        return (math.log(target / source) - self.centre) / spread


_MEASURED: WeakKeyDictionary[Texts, tuple[list[Pair], Usual]] = WeakKeyDictionary()


def measured(texts: Texts) -> tuple[list[Pair], Usual]:
    """Returns all pairs with their lengths and what is usual; measured once for all checks."""
    if (known := _MEASURED.get(texts)) is not None:
        return known
    pairs = []
    steady = []
    for position, source, targets in texts.pairs:
        here = length(source)
        for column, target in targets:
            there = length(target)
            pairs.append(Pair(column.name, position, column.lang, source, target, here, there))
            if here >= _SHORT and there >= _SHORT:
                steady.append(math.log(there / here))
    _MEASURED[texts] = result = (pairs, _usual(steady, texts.source.lang))
    return result


def length_ratio(texts: Texts) -> Iterator[Place]:
    """Finds outliers of the log ratio of lengths, by median and median absolute deviation."""
    pairs, usual = measured(texts)
    for pair in pairs:
        if hit := _judge(pair, usual):
            yield Place(pair.name, pair.position, hit)


def _usual(ratios: list[float], source_lang: str) -> Usual:
    """Returns what is usual: from the corpus if it is large enough, else from experience."""
    if len(ratios) < _ENOUGH:
        return Usual(math.log(_USUAL) * (1 if source_lang == "zh" else -1), 2 * _SPREAD)
    centre = median(ratios)
    return Usual(centre, max(_SPREAD, 1.4826 * median(abs(r - centre) for r in ratios)))


def _judge(pair: Pair, usual: Usual) -> Hit | None:
    ratio = math.log(pair.target / pair.source)
    distance = abs(ratio - usual.centre)
    if distance <= math.log(_FACTOR):
        return None
    size = max(pair.source, pair.target)
    relative = abs(usual.deviations(pair.target, pair.source)) > _DEVIATIONS
    absolute = distance > math.log(_ABSOLUTE) and size > _LONG
    if not (size > _SHORT and (relative or absolute)):
        return None
    times, longer = math.exp(distance), ratio > usual.centre
    lengths = f"{pair.target:.0f} to {pair.source:.0f}"
    return Hit(
        "warning",
        f"The target is {times:.1f} times {'longer' if longer else 'shorter'} than usual for its "
        f"source (length {lengths}; a Chinese character counts {_LETTERS_A_HAN:.0f}).",
        f"译文长度是原文通常对应长度的{times if longer else 1 / times:.2g}倍"
        f"（译文{pair.target:.0f}，原文{pair.source:.0f}；一个汉字按{_LETTERS_A_HAN:.0f}计）。",
    )


def length(text: str) -> float:
    """Counts characters without white space; a Han character counts as many letters."""
    visible = len("".join(text.split()))
    if text.isascii():
        return max(1, visible)
    return max(1, visible + len(HAN.findall(text)) * (_LETTERS_A_HAN - 1))

"""Interval of a weighted number of errors, which the weights of the scheme decide with the counts.

Errors are taken as Poisson, each severity with a rate of its own. The bounds are quantiles of sums of
independent gamma variables, one error of weight w adding w times an exponential one:

    low:   sum over weights of  w · Gamma(errors of that weight)
    high:  the same, and one more error of the largest weight that the scheme knows

With one weight this is Garwood's exact interval (1936). With several it is the distribution that Fay
and Feuer (1997, doi 10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#) replace by a
gamma variable of its mean and variance. It is not replaced here, because their lower bound can fall
when a heavy error is added to many light ones; a sum of gamma variables only grows. Coverage is
never below the nominal one in exact enumeration (see ``benchmarks/calibration``): the worst mix of
severities is the one with a single severity, where the interval is exact.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

CONFIDENCE = 0.95

_FINEST = 250
"""A weight below this part of the largest is reckoned with as fewer, heavier errors of that size:
the same mean, a slightly wider interval, and a bounded amount of work."""

_NOTHING = 1e-18  # share of what is summed below which the rest is left out
_HUGE = 1e200
_EXACT = 1e-13


def penalty_interval(
    errors: Mapping[float, float], largest: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Returns bounds of the expected sum of weights.

    Adding an error raises both bounds, or leaves them where its weight is 0.

    Args:
        errors: Weight to the number of errors found that weigh so much; a fraction where it is a
            mean over raters.
        largest: Largest weight that the scheme gives to an error, found or not; 0 if it gives none.
        confidence: Two-sided, in (0, 1).
    """
    tail = (1 - confidence) / 2
    found: dict[float, float] = {}
    for weight, number in errors.items():
        if weight > 0 and number > 0:
            reckoned = max(weight, largest / _FINEST)
            found[reckoned] = found.get(reckoned, 0.0) + number * weight / reckoned
    low = _quantile(tail, _gamma_sum(found)) if found else 0.0
    if largest > 0:
        found[largest] = found.get(largest, 0.0) + 1
    return low, _quantile(1 - tail, _gamma_sum(found)) if found else 0.0


@dataclass(frozen=True, slots=True)
class _GammaSum:
    """A sum of gamma variables as a mixture of gamma variables of one scale.

    Attributes:
        scale: The smallest weight.
        shape: Of the first part of the mixture; each further part has one more.
        within: Cumulative shares of the parts; the last is 1.
    """

    scale: float
    shape: float
    within: tuple[float, ...]

    def below(self, y: float) -> float:
        """Returns P(sum ≤ y), from terms that are all positive."""
        z = y / self.scale
        if z <= 0:
            return 0.0
        middle = max(0, int(z - self.shape))
        start = self.shape + middle
        peak = math.exp(start * math.log(z) - z - math.lgamma(start + 1))
        terms = [peak * self._within(middle)]
        term = peak
        for m in itertools.count(middle + 1):
            term *= z / (self.shape + m)
            terms.append(term * self._within(m))
            if term <= peak * _NOTHING:
                break
        term = peak
        for m in range(middle, 0, -1):
            term *= (self.shape + m) / z
            terms.append(term * self._within(m - 1))
            if term <= peak * _NOTHING:
                break
        return math.fsum(terms)

    def _within(self, part: int) -> float:
        return self.within[min(part, len(self.within) - 1)]


def _gamma_sum(parts: Mapping[float, float]) -> _GammaSum:
    """Adds gamma variables (Moschopoulos 1985): shapes by scale, at least one.

    A gamma variable of a larger scale is one of the smallest, its shape raised by a negative
    binomial number; the numbers of all scales add up by the recursion of their generating function.
    """
    scale = min(parts)
    others = [(shape, 1 - scale / weight) for weight, shape in parts.items() if weight > scale]
    steepest = max((rate for _, rate in others), default=0.0)
    sums = [0.0] * len(others)
    shares, total = [1.0], 1.0
    for k in itertools.count(1):
        sums = [r * (a * shares[-1] + s) for (a, r), s in zip(others, sums, strict=True)]
        share = sum(sums) / k
        ratio = max(steepest, share / shares[-1])
        shares.append(share)
        total += share
        if ratio < 1 and share < _NOTHING * total * (1 - ratio):
            break
        if share > _HUGE:
            shares, sums = ([x / _HUGE for x in held] for held in (shares, sums))
            total /= _HUGE
    within = tuple(min(1.0, x / total) for x in itertools.accumulate(shares))
    return _GammaSum(scale, sum(parts.values()), (*within, 1.0))


def _quantile(probability: float, variable: _GammaSum) -> float:
    """Inverts `_GammaSum.below`, which grows: false position, halving a side that stays (Illinois)."""
    low, high = 0.0, variable.scale
    under, over = -probability, variable.below(high) - probability
    while over < 0:
        low, high, under = high, 2 * high, over
        over = variable.below(high) - probability
    was_low = over < 0
    while over > 0 and high - low > _EXACT * high:
        middle = high - over * (high - low) / (over - under)
        if not low < middle < high:
            middle = (low + high) / 2
        value = variable.below(middle) - probability
        if value < 0:
            low, under, over = middle, value, over / 2 if was_low else over
        else:
            high, over, under = middle, value, under if was_low else under / 2
        was_low = value < 0
    return high

"""Interval of a weighted number of errors: exact where all weigh the same.

Errors are taken as Poisson. With equal weights this is Garwood's exact interval (1936); with
unequal ones Fay & Feuer's (1997), which contains it: a weighted sum has the quantiles of a gamma
variable with its mean and variance, and the upper end supposes one more error of the largest
weight.
"""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def penalty_interval(
    total: float, squares: float, largest: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Returns bounds of the expected sum of weights.

    Args:
        total: Sum of the weights of the errors found.
        squares: Sum of their squares.
        largest: Largest weight that the next error is supposed to have, above 0.
        confidence: Two-sided, in (0, 1).
    """
    tail = (1 - confidence) / 2
    low = _gamma_quantile(tail, total, squares) if total > 0 else 0.0
    return low, _gamma_quantile(1 - tail, total + largest, squares + largest**2)


def _gamma_quantile(probability: float, mean: float, variance: float) -> float:
    """Returns the quantile of the gamma distribution with this mean and variance."""
    shape, scale = mean**2 / variance, variance / mean
    low, high = 0.0, shape + 10.0
    while _lower_gamma(shape, high) < probability:
        high *= 2
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _lower_gamma(shape, middle) < probability else (low, middle)
    return high * scale


def _lower_gamma(shape: float, x: float) -> float:
    """Returns the regularised lower incomplete gamma function, by its series."""
    if x <= 0:
        return 0.0
    term = total = 1.0
    step = shape
    while term > total * 1e-17:
        step += 1
        term *= x / step
        total += term
    return math.exp(shape * math.log(x) - x - math.lgamma(shape + 1)) * total

"""How far to trust a difference: agreement with people by size of the metric's difference."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.values import Band

SYSTEM_LIMITS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
SEGMENT_LIMITS = (0.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Points of a metric that runs from 0 to 100."""


def band(
    metric: NDArray[np.float64], human: NDArray[np.float64], limits: Sequence[float]
) -> tuple[Band, ...]:
    """Sorts pairs by the size of the metric's difference.

    Pairs that are tied on either side are left out: they have no order to agree on.

    Args:
        metric: Differences of the pairs, higher is better.
        human: Differences of the same pairs, higher is better.
        limits: Lower limits of the bands, from 0.
    """
    ordered = (metric != 0) & (human != 0)
    sizes, agree = np.abs(metric[ordered]), ((metric > 0) == (human > 0))[ordered]
    place = np.searchsorted(np.asarray(limits), sizes, side="right") - 1
    pairs = np.bincount(place, minlength=len(limits))
    agreeing = np.bincount(place, weights=agree, minlength=len(limits))
    return tuple(
        Band(low, high, int(pairs[k]), int(agreeing[k]))
        for k, (low, high) in enumerate(pairwise([*limits, None]))
        if low is not None
    )

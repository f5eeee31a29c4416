"""Bootstrap of sums: statistics that add up over segments are resampled by one product."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics import engine
from xindaya.metrics.agreement.values import Estimate

_BLOCK_BYTES = 32_000_000  # of one block of random numbers


def blocks(samples: int, width: int) -> Iterator[int]:
    """Yields numbers of samples that add up, each small enough for `width` doubles a sample."""
    size = max(1, _BLOCK_BYTES // (8 * max(1, width)))
    for start in range(0, samples, size):
        yield min(size, samples - start)


def resampled_sums(columns: NDArray[np.float64], samples: int, seed: int) -> NDArray[np.float64]:
    """Sums columns over segments drawn with replacement.

    Args:
        columns: Shape (segments, columns).
        samples: Number of resamples.
        seed: Of the random numbers; the same seed draws the same segments.

    Returns:
        Shape (samples, columns).
    """
    rng = np.random.default_rng(seed)
    segments = len(columns)
    parts = []
    for size in blocks(samples, segments):
        drawn = rng.integers(0, segments, size=(size, segments), dtype=np.uint32)
        parts.append(engine.draw_counts(drawn).astype(np.float64) @ columns)
    return np.concatenate(parts)


def estimate(value: float, resampled: NDArray[np.floating]) -> Estimate:
    """Returns a value with the 2.5 % and 97.5 % percentiles of its resamples.

    Resamples in which it is undefined are left out; if that is one in five, there is no interval.
    """
    if not np.isfinite(value):
        return Estimate(None)
    held = np.sort(resampled[np.isfinite(resampled)])
    if len(held) < 0.8 * len(resampled) or not len(held):
        return Estimate(float(value))
    tail = len(held) // 40
    return Estimate(float(value), float(held[tail]), float(held[len(held) - tail - 1]))

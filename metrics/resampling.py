"""Bootstrap intervals, and sacrebleu's paired tests under its name, on rows of any metric.

The random numbers, the arithmetic and hence intervals and p-values are sacrebleu's for the same seed
(bootstrap: Koehn 2004; approximate randomisation: Riezler & Maxwell 2005); every seed, 0 included,
is repeatable. Sums are exact beyond 2^24, where sacrebleu's float32 sums are not.

These p-values decide nothing: they count only arrangements *beyond* the observed difference, and
call one segment, or two equal outputs, significant. The test that decides is in
`xindaya.metrics.judging.family`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics import engine
from xindaya.metrics.judging.outcome import (
    BOOTSTRAP,
    BOOTSTRAP_SAMPLES,
    RANDOMISATION_SAMPLES,
    SEED,
    Interval,
)
from xindaya.metrics.metric import Metric, Rows, sum_rows

_BLOCK_BYTES = 32_000_000  # of one block of resampling weights
_EXACT_FLOAT32 = 2**24
INTERVAL_SEGMENTS = 10
"""Segments with statistics below which no interval is shown."""


def bootstrap_scores(
    metrics: Mapping[str, Metric], rows: Mapping[str, Rows], samples: int, seed: int
) -> dict[str, NDArray[np.floating]]:
    """Scores of resampled corpora, the same resamples for every system and metric.

    Args:
        metrics: Metric name to metric.
        rows: Metric name to rows of shape (systems, segments, columns), all over the same segments.
        samples: Number of resamples.
        seed: Seed of the random numbers.

    Returns:
        Metric name to scores of shape (systems, samples).
    """
    columns = columns_of(rows)
    if not columns:
        return {}
    blocks = _bootstrap_weights(columns[0].segments, samples, seed)
    sums = [
        np.concatenate(s) for s in zip(*([c.sums(b) for c in columns] for b in blocks), strict=True)
    ]
    home = {name: k for k, c in enumerate(columns) for name in c.names}
    return {
        name: columns[home[name]].scores(name, m, sums[home[name]], np.float32)
        for name, m in metrics.items()
    }


def enough_for_interval(rows: Rows) -> bool:
    """True if a 95 % bootstrap interval is worth its name.

    The interval of one segment has no width, and that of a few is much too narrow: with 10 it holds
    the true score in some 85 of 100 cases, with 5 in 80, with 2 in 45 (docs/calibration.md).

    Args:
        rows: Statistics of shape (segments, columns), or differences of two; a segment counts if it
            has any.
    """
    return int((rows != 0).any(axis=1).sum()) >= INTERVAL_SEGMENTS


def intervals(scores: NDArray[np.floating], seed: int) -> list[Interval]:
    """Turns resampled scores of shape (systems, samples) into one interval a system."""
    found = []
    for row in np.sort(scores, axis=1):  # NaN, where a resample has no scored segment, goes last
        held = row[np.isfinite(row)]
        low = len(held) // 40
        found.append(
            Interval(
                low=float(held[low]),
                high=float(held[len(held) - low - 1]),
                mean=float(held.mean()),
                samples=len(row),
                seed=seed,
            )
        )
    return found


def sacrebleu_p_values(
    metrics: Mapping[str, Metric],
    rows: Mapping[str, Rows],
    *,
    first: int,
    method: str = BOOTSTRAP,
    samples: int | None = None,
    seed: int = SEED,
    resampled: Mapping[str, NDArray[np.floating]] | None = None,
) -> dict[str, list[float]]:
    """Returns the p-values that sacrebleu gives every system against one of them.

    Args:
        metrics: Metric name to metric.
        rows: Metric name to rows of shape (systems, segments, columns).
        first: Position of the system that the others are compared with.
        method: `BOOTSTRAP` or `RANDOMISATION`.
        samples: Resamples or trials; None for 1,000 or 10,000.
        seed: Seed of the random numbers.
        resampled: What `bootstrap_scores` gives for these samples and seed, if it is known.

    Returns:
        Metric name to one p-value a system, in (0, 1]; that of `first` itself means nothing.
    """
    if samples is None:
        samples = BOOTSTRAP_SAMPLES if method == BOOTSTRAP else RANDOMISATION_SAMPLES
    if method == BOOTSTRAP:
        differences = _bootstrap_null(
            resampled or bootstrap_scores(metrics, rows, samples, seed), first
        )
    else:
        differences = _randomisation_null(metrics, rows, first, samples, seed)
    p_values = {}
    for name, metric in metrics.items():
        scores = [metric.score(sum_rows(r)) for r in rows[name]]
        beyond = [
            int((differences[name][k] > abs(score - scores[first])).sum())
            for k, score in enumerate(scores)
        ]
        p_values[name] = [(count + 1) / (samples + 1) for count in beyond]
    return p_values


def _bootstrap_null(
    resampled: Mapping[str, NDArray[np.floating]], first: int
) -> dict[str, NDArray[np.floating]]:
    """Differences between system and baseline on each resample, centred on their mean.

    Returns:
        Metric name to an array of shape (systems, samples).
    """
    result = {}
    for name, scores in resampled.items():
        distance = np.abs(scores - scores[first])
        # One row at a time: sacrebleu takes the mean of a one-dimensional array, and NumPy's
        # pairwise summation depends on the layout.
        result[name] = np.stack([row - row.mean() for row in distance])
    return result


def _randomisation_null(
    metrics: Mapping[str, Metric], rows: Mapping[str, Rows], first: int, samples: int, seed: int
) -> dict[str, NDArray[np.floating]]:
    """Differences between pairs of pseudo-systems that swap segments at random.

    Returns:
        Metric name to an array of shape (systems, samples).
    """
    totals = {name: r.sum(axis=1, dtype=np.float64) for name, r in rows.items()}
    exchanged = Columns({name: r[first] - r for name, r in rows.items()})
    blocks: dict[str, list[NDArray[np.floating]]] = {name: [] for name in metrics}
    for mask in _randomisation_masks(exchanged.segments, samples, seed):
        gains = exchanged.sums(mask)
        for name, metric in metrics.items():
            differences = np.zeros((len(totals[name]), len(mask)))
            for k, gain in enumerate(exchanged.parts(name, gains)):
                if k != first:  # which would be exchanged with itself
                    one = _scores(metric, totals[name][k] + gain, np.float64)
                    other = _scores(metric, totals[name][first] - gain, np.float64)
                    differences[k] = np.abs(one - other)
            blocks[name].append(differences)
    return {name: np.concatenate(found, axis=1) for name, found in blocks.items()}


def _bootstrap_weights(segments: int, samples: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yields how often each resample drew each segment, in blocks of (resamples, segments).

    ``integers(dtype=uint32)`` gives the stream of sacrebleu's ``choice``, in blocks of any size.
    """
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK_BYTES // (4 * segments))
    for start in range(0, samples, block):
        rows = min(block, samples - start)
        drawn = rng.integers(0, segments, size=(rows, segments), dtype=np.uint32)
        yield engine.draw_counts(drawn)


def _randomisation_masks(segments: int, samples: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yields which segments keep their system, in blocks of (trials, segments).

    Random bits come 32 at a time and the rest of a word is dropped at the end of a call, so a
    block of a multiple of 32 trials continues the stream of sacrebleu's one call.
    """
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK_BYTES // (4 * segments) // 32) * 32
    for start in range(0, samples, block):
        rows = min(block, samples - start)
        yield rng.integers(2, size=(rows, segments), dtype=bool).astype(np.float32)


def columns_of(rows: Mapping[str, Rows]) -> list[Columns]:
    """Puts integers and fractions apart: those cost float64, which these need not pay for."""
    whole = {name: r for name, r in rows.items() if r.dtype.kind == "i"}
    rest = {name: r for name, r in rows.items() if name not in whole}
    return [Columns(some) for some in (whole, rest) if some]


class Columns:
    """The columns of all metrics and systems side by side, for one matrix product.

    Those of the references are the same for every system, and stand there once.

    Args:
        rows: Metric name to rows of shape (systems, segments, columns).
    """

    def __init__(self, rows: Mapping[str, Rows]) -> None:
        self.names = tuple(rows)
        kept, self._places, start = [], {}, 0
        for name, r in rows.items():
            own = (r != r[:1]).any(axis=1)
            own[0] = True
            places = np.zeros(own.shape, dtype=np.intp)
            places[own] = np.arange(start, start + own.sum())
            self._places[name] = np.where(own, places, places[0])
            start += int(own.sum())
            kept.append(r.transpose(0, 2, 1)[own].T)
        self._wide = np.concatenate(kept, axis=1).astype(np.float64)
        self._narrow = self._wide.astype(np.float32)
        self.segments = len(self._wide)
        self._bound = np.abs(self._narrow).sum(axis=0, dtype=np.float64).max(initial=0)
        integers = all(r.dtype.kind == "i" for r in rows.values())
        self._integers = integers or bool((self._wide == np.rint(self._wide)).all())

    def sums(self, weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """Sums weighted segments: (samples, segments) to (samples, columns kept).

        In float32 where every partial sum is an exact integer, else in float64: only TER over
        several references has fractions; there the last bit may differ from sacrebleu's.
        """
        largest = self._bound * max(1.0, float(weights.max(initial=1)))
        if self._integers and largest < _EXACT_FLOAT32:
            return (weights @ self._narrow).astype(np.float64)
        return weights.astype(np.float64) @ self._wide

    def parts(self, metric: str, sums: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
        """Yields the sums of each system, of shape (samples, columns of the metric)."""
        for places in self._places[metric]:
            yield sums[:, places]

    def scores(
        self,
        name: str,
        metric: Metric,
        sums: NDArray[np.float64],
        arithmetic: type[np.floating],
    ) -> NDArray[np.floating]:
        """Scores sums of shape (samples, columns kept); returns (systems, samples)."""
        return np.stack([_scores(metric, part, arithmetic) for part in self.parts(name, sums)])


def _scores(
    metric: Metric, sums: NDArray[np.float64], arithmetic: type[np.floating]
) -> NDArray[np.floating]:
    """Scores sums in sacrebleu's arithmetic where that is exact."""
    exact = sums.max(initial=0) < _EXACT_FLOAT32
    return metric.scores(sums.astype(arithmetic if exact else np.float64))

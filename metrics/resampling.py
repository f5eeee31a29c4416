"""Bootstrap intervals and paired significance tests, on rows of any metric.

The random numbers, the arithmetic and hence the p-values are sacrebleu's for the same seed
(bootstrap: Koehn 2004; approximate randomisation: Riezler & Maxwell 2005), with two differences
on purpose: byte-identical outputs give p = 1, and every seed, 0 included, is repeatable. Sums are
exact beyond 2^24, where sacrebleu's float32 sums are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.metric import Metric, Rows, sum_rows
from xindaya.metrics.significance import (
    BOOTSTRAP,
    BOOTSTRAP_SAMPLES,
    RANDOMISATION_SAMPLES,
    SEED,
    Comparison,
    Interval,
)

_BLOCK_BYTES = 32_000_000  # of one block of resampling weights
_EXACT_FLOAT32 = 2**24


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
    segments = next(iter(rows.values())).shape[1]
    matrix = _columns(rows)
    sums = [
        _exact_product(weights, matrix) for weights in _bootstrap_weights(segments, samples, seed)
    ]
    return _score_sums(metrics, rows, np.concatenate(sums), np.float32)


def intervals(scores: NDArray[np.floating], seed: int) -> list[Interval]:
    """Turns resampled scores of shape (systems, samples) into one interval a system."""
    ordered = np.sort(scores, axis=1)
    samples = ordered.shape[1]
    low = samples // 40
    return [
        Interval(
            low=float(row[low]),
            high=float(row[samples - low - 1]),
            mean=float(row.mean()),
            samples=samples,
            seed=seed,
        )
        for row in ordered
    ]


def paired_test(
    metrics: Mapping[str, Metric],
    rows: Mapping[str, Rows],
    outputs: Mapping[str, Sequence[str]],
    *,
    baseline: str,
    method: str = BOOTSTRAP,
    samples: int | None = None,
    seed: int = SEED,
) -> list[Comparison]:
    """Compares every system with the baseline on every metric.

    Args:
        metrics: Metric name to metric.
        rows: Metric name to rows of shape (systems, segments, columns).
        outputs: System name to its texts, in the order of the rows.
        baseline: Name of the system the others are compared with.
        method: `BOOTSTRAP` or `RANDOMISATION`.
        samples: Resamples or trials; None for 1,000 or 10,000.
        seed: Seed of the random numbers.

    Returns:
        One comparison a system (but the baseline) and metric.
    """
    names = list(outputs)
    first = names.index(baseline)
    if samples is None:
        samples = BOOTSTRAP_SAMPLES if method == BOOTSTRAP else RANDOMISATION_SAMPLES
    null = _bootstrap_null if method == BOOTSTRAP else _randomisation_null
    differences = null(metrics, rows, first, samples, seed)
    comparisons = []
    for position, system in enumerate(names):
        if position == first:
            continue
        identical = tuple(outputs[system]) == tuple(outputs[baseline])
        for name, metric in metrics.items():
            delta = metric.score(sum_rows(rows[name][position])) - metric.score(
                sum_rows(rows[name][first])
            )
            beyond = int((differences[name][position] > abs(delta)).sum())
            p_value = 1.0 if identical else (beyond + 1) / (samples + 1)
            comparisons.append(
                Comparison(baseline, system, name, delta, p_value, 1.0, method, samples, seed)
            )
    return _corrected(comparisons)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusts p-values for their number (Holm 1979).

    Returns:
        Adjusted p-values in the same order; judging all of them at α keeps the chance of a single
        false positive below α.
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, position in enumerate(ranked):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = largest
    return adjusted


def _corrected(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Adds Holm's correction, one family a metric."""
    adjusted: dict[int, float] = {}
    for metric in {c.metric for c in comparisons}:
        family = [n for n, c in enumerate(comparisons) if c.metric == metric]
        values = holm([comparisons[n].p_value for n in family])
        adjusted.update(zip(family, values, strict=True))
    return [replace(c, p_holm=adjusted[n]) for n, c in enumerate(comparisons)]


def _bootstrap_null(
    metrics: Mapping[str, Metric], rows: Mapping[str, Rows], first: int, samples: int, seed: int
) -> dict[str, NDArray[np.floating]]:
    """Differences between system and baseline on each resample, centred on their mean.

    Returns:
        Metric name to an array of shape (systems, samples).
    """
    result = {}
    for name, scores in bootstrap_scores(metrics, rows, samples, seed).items():
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
    swapped = {name: r[first] - r for name, r in rows.items()}
    matrix = _columns(swapped)
    totals, base = _columns(rows).sum(axis=0), {n: r[first].sum(axis=0) for n, r in rows.items()}
    segments = next(iter(rows.values())).shape[1]
    both = totals + np.concatenate([np.tile(base[n], len(r)) for n, r in rows.items()])
    scores_a, scores_b = [], []
    for mask in _randomisation_masks(segments, samples, seed):
        one = _exact_product(mask, matrix) + totals
        scores_a.append(_score_sums(metrics, rows, one, np.float64))
        scores_b.append(_score_sums(metrics, rows, both - one, np.float64))
    return {
        name: np.abs(
            np.concatenate([s[name] for s in scores_a], axis=1)
            - np.concatenate([s[name] for s in scores_b], axis=1)
        )
        for name in metrics
    }


def _bootstrap_weights(segments: int, samples: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yields how often each resample drew each segment, in blocks of (resamples, segments).

    ``integers(dtype=uint32)`` gives the stream of sacrebleu's ``choice``, in blocks of any size.
    """
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK_BYTES // (4 * segments))
    for start in range(0, samples, block):
        rows = min(block, samples - start)
        drawn = rng.integers(0, segments, size=(rows, segments), dtype=np.uint32)
        flat = drawn + np.arange(rows, dtype=np.int64)[:, None] * segments
        counts = np.bincount(flat.ravel(), minlength=rows * segments)
        yield counts.reshape(rows, segments).astype(np.float32)


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


def _columns(rows: Mapping[str, Rows]) -> NDArray[np.float64]:
    """Lays the columns of all metrics and systems side by side: (segments, all columns)."""
    parts = [r.transpose(1, 0, 2).reshape(r.shape[1], -1) for r in rows.values()]
    return np.concatenate(parts, axis=1).astype(np.float64)


def _exact_product(
    weights: NDArray[np.float32], matrix: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Multiplies in float32 where every partial sum is an exact integer, else in float64.

    Only TER over several references has fractions; there the last bit may differ from sacrebleu's.
    """
    bound = np.abs(matrix).sum(axis=0).max(initial=0) * max(1.0, float(weights.max(initial=1)))
    whole = bool((matrix == np.rint(matrix)).all())
    if whole and bound < _EXACT_FLOAT32:
        return (weights @ matrix.astype(np.float32)).astype(np.float64)
    return weights.astype(np.float64) @ matrix


def _score_sums(
    metrics: Mapping[str, Metric],
    rows: Mapping[str, Rows],
    sums: NDArray[np.float64],
    arithmetic: type[np.floating],
) -> dict[str, NDArray[np.floating]]:
    """Scores sums of shape (samples, all columns); returns (systems, samples) a metric."""
    result, start = {}, 0
    for name, metric in metrics.items():
        systems, _, width = rows[name].shape
        scores = []
        for _ in range(systems):
            part = sums[:, start : start + width]
            exact = part.max(initial=0) < _EXACT_FLOAT32
            scores.append(metric.scores(part.astype(arithmetic if exact else np.float64)))
            start += width
        result[name] = np.stack(scores)
    return result

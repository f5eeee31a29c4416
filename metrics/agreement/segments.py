"""Agreement on segments: does the metric see the same good and bad outputs as people?

Three ways of grouping the scores of systems on segments, as the WMT metrics tasks do: all together,
which also rewards telling hard segments from easy ones; by item, which asks only how the outputs of
one segment compare; by system. The intervals resample segments. Everything but the pooled tau
adds up over segments; of the pooled and by-system tau the first-order part does (each segment's
share of the concordant pairs), which is resampled in place of all pairs: what it leaves out is of
order 1/n.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.bands import SEGMENT_LIMITS, band
from xindaya.metrics.agreement.bootstrap import resampled_sums
from xindaya.metrics.agreement.chance import Against, figure
from xindaya.metrics.agreement.correlation import (
    Floats,
    item_taus,
    pair_sums,
    pairs_of,
    tau_from_sums,
)
from xindaya.metrics.agreement.ties import calibrate, count_pairs, item_accuracies
from xindaya.metrics.agreement.values import (
    KENDALL,
    PEARSON,
    TIES,
    Cell,
    Density,
    Grouping,
    SegmentAgreement,
    TieCalibration,
)

_BINS = 24  # squares on a side
_MOMENTS, _WIDTH = 6, 9  # columns for Pearson, and with those for tau


def agree_on_segments(
    name: str,
    metric: Floats,
    human: Floats,
    directions: tuple[float, float],
    *,
    against: Mapping[str, Against] = MappingProxyType({}),
    samples: int,
    seed: int,
) -> SegmentAgreement:
    """Compares segment scores.

    Args:
        name: Of the metric.
        metric: Segment scores, shape (systems, segments), as the metric gives them.
        human: The same of people; NaN where nobody scored.
        directions: 1 or −1 for the metric and for people: the sign that makes higher better.
        against: What was found against the line of chance, by statistic.
        samples: Resamples of the intervals.
        seed: Of the random numbers.
    """
    x, y = directions[0] * metric, directions[1] * human
    groupings = (
        _grouped("none", [np.isfinite(y)], x, y, samples, seed, against.get(PEARSON)),
        _by_item(x, y, samples, seed, against.get(KENDALL)),
        _grouped("system", [_only(k, y) for k in range(len(y))], x, y, samples, seed),
    )
    first, second = pairs_of(len(x))
    gold = (y[first] - y[second]).ravel()
    both = np.isfinite(gold)
    return SegmentAgreement(
        metric=name,
        observations=int(np.isfinite(y).sum()),
        groupings=groupings,
        ties=_ties(x, y, samples, seed, against[TIES]) if TIES in against else None,
        bands=band((x[first] - x[second]).ravel()[both], gold[both], SEGMENT_LIMITS),
        density=density(metric[np.isfinite(y)], human[np.isfinite(y)]),
    )


def _item_pearsons(x: Floats, y: Floats) -> Floats:
    """Returns Pearson's r within each segment; NaN where one side is constant."""
    scored = np.isfinite(y)
    x, y = np.where(scored, x, np.nan), np.where(scored, y, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a segment that nobody scored
        dx, dy = x - np.nanmean(x, axis=0), y - np.nanmean(y, axis=0)
        flat = (np.nanmax(x, axis=0) == np.nanmin(x, axis=0)) | (
            np.nanmax(y, axis=0) == np.nanmin(y, axis=0)
        )
    scale = np.sqrt(np.nansum(dx * dx, axis=0) * np.nansum(dy * dy, axis=0))
    flat |= (scale == 0) | (scored.sum(axis=0) < 2)
    return np.where(flat, np.nan, np.nansum(dx * dy, axis=0) / np.where(flat, 1.0, scale))


def _by_item(x: Floats, y: Floats, samples: int, seed: int, against: Against | None) -> Grouping:
    taus, pearsons = item_taus(x, y), _item_pearsons(x, y)
    several = np.isfinite(y).sum(axis=0) > 1
    columns = [
        np.nan_to_num(taus),
        np.isfinite(taus),
        np.nan_to_num(pearsons),
        np.isfinite(pearsons),
    ]
    drawn = resampled_sums(np.stack(columns, axis=1).astype(np.float64), samples, seed)
    return Grouping(
        "item",
        pearson=figure(_mean(pearsons), _ratio(drawn[:, 2], drawn[:, 3])),
        kendall=figure(_mean(taus), _ratio(drawn[:, 0], drawn[:, 1]), against),
        groups=int(np.isfinite(taus).sum()),
        undefined=int((several & ~np.isfinite(taus)).sum()),
    )


def _grouped(
    by: str,
    masks: list[NDArray[np.bool_]],
    x: Floats,
    y: Floats,
    samples: int,
    seed: int,
    against: Against | None = None,
) -> Grouping:
    """Correlates within each group of outputs, and averages.

    Args:
        by: Name of the grouping.
        masks: The outputs of each group, shape (systems, segments).
        x: Metric scores.
        y: Human scores.
        samples: Resamples.
        seed: Of the random numbers.
        against: Pearson's r against its line of chance.
    """
    columns = np.concatenate([_columns(mask, x, y) for mask in masks], axis=1)
    total = columns.sum(axis=0).reshape(len(masks), _WIDTH)
    drawn = resampled_sums(columns, samples, seed).reshape(samples, len(masks), _WIDTH)
    taus = np.array([tau_from_sums(*sums[_MOMENTS:]) for sums in total])
    # The projection of a sum over pairs: a segment drawn once more adds its pairs twice.
    projected = 2 * drawn[..., _MOMENTS:] - total[:, _MOMENTS:]
    defined = np.isfinite(taus)
    return Grouping(
        by,
        pearson=figure(_mean(_pearson(total)), _row_means(_pearson(drawn)), against),
        kendall=figure(_mean(taus), _row_means(_taus(projected))),
        groups=int(defined.sum()),
        undefined=int((~defined).sum()),
    )


def _columns(mask: NDArray[np.bool_], x: Floats, y: Floats) -> Floats:
    """Returns what a correlation over a group needs, summed by segment: (segments, _WIDTH)."""
    columns = np.zeros((x.shape[1], _WIDTH))
    a, b = x[mask], y[mask]
    if len(a):
        a, b = a - a.mean(), b - b.mean()  # sums of squares lose no digits
        a, b = (np.zeros_like(v) if np.ptp(v) == 0 else v for v in (a, b))
        parts = (np.ones_like(a), a, b, a * a, b * b, a * b, *pair_sums(a, b))
        np.add.at(columns, np.nonzero(mask)[1], np.stack(parts, axis=1))
    return columns


def _pearson(sums: Floats) -> Floats:
    """Returns r from sums of count, x, y, x², y², xy along the last axis."""
    n, x, y, xx, yy, xy = (sums[..., place] for place in range(_MOMENTS))
    n = np.where(n > 0, n, np.nan)
    spreads = xx - x * x / n, yy - y * y / n
    positive = (spreads[0] > 0) & (spreads[1] > 0)
    scale = np.sqrt(np.where(positive, spreads[0] * spreads[1], np.nan))
    return np.clip((xy - x * y / n) / scale, -1, 1)


def _taus(sums: Floats) -> Floats:
    """Returns tau from the sums of `pair_sums` along the last axis."""
    agreeing, untied_x, untied_y = (sums[..., place] for place in range(3))
    positive = (untied_x > 0) & (untied_y > 0)
    return np.clip(agreeing / np.sqrt(np.where(positive, untied_x * untied_y, np.nan)), -1, 1)


def _ties(x: Floats, y: Floats, samples: int, seed: int, against: Against) -> TieCalibration:
    accuracy, epsilon, uncalibrated, all_ties = calibrate(x, y)
    items = item_accuracies(x, y, epsilon)
    columns = np.stack([np.nan_to_num(items), np.isfinite(items)], axis=1)
    drawn = resampled_sums(columns.astype(np.float64), samples, seed)
    return TieCalibration(
        accuracy=figure(accuracy, _ratio(drawn[:, 0], drawn[:, 1]), against),
        epsilon=epsilon,
        uncalibrated=uncalibrated,
        all_ties=all_ties,
        pairs=count_pairs(y),
    )


def _only(system: int, human: Floats) -> NDArray[np.bool_]:
    """Marks the scored outputs of one system."""
    mask = np.zeros(human.shape, dtype=np.bool_)
    mask[system] = np.isfinite(human[system])
    return mask


def _ratio(total: Floats, count: Floats) -> Floats:
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _mean(values: Floats) -> float:
    held = values[np.isfinite(values)]
    return float(held.mean()) if len(held) else float("nan")


def _row_means(table: Floats) -> Floats:
    """Returns the mean of the last axis, undefined values left out."""
    defined = np.isfinite(table)
    return _ratio(np.where(defined, table, 0.0).sum(axis=-1), defined.sum(axis=-1))


def density(metric: Floats, human: Floats) -> Density:
    """Counts scores in squares: thousands of them as a few hundred.

    The axes reach from the 1 % to the 99 % percentile, so that a few outliers do not squeeze the
    rest together; what lies beyond is counted in the outermost squares.

    Args:
        metric: Scores, shape (n,).
        human: Scores of the same outputs, finite.
    """
    metric_edges, human_edges = _edges(metric), _edges(human)
    places = _place(metric, metric_edges), _place(human, human_edges)
    counts = np.zeros((_BINS, _BINS), dtype=np.int64)
    np.add.at(counts, places, 1)
    cells = tuple(
        Cell(int(i), int(j), int(counts[i, j])) for i, j in zip(*np.nonzero(counts), strict=True)
    )
    return Density(tuple(metric_edges.tolist()), tuple(human_edges.tolist()), cells)


def _edges(values: Floats) -> Floats:
    low, high = (np.percentile(values, [1, 99])) if len(values) else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, low + 0.5
    return np.linspace(low, high, _BINS + 1)


def _place(values: Floats, edges: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)

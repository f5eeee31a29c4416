"""The line of chance: what a metric gets that has nothing to do with people, and who gets more.

If a metric has nothing to do with people, then people's scores could have fallen on the outputs in
any other order. So they are put in other orders, and the metric's figure is compared with what it
gets then: of systems, their scores in all orders (up to seven systems; else at random); of
segments, the scores of the outputs within each segment, and for the correlation of all scores
together the scores of all outputs. Nothing is assumed about ties or distributions, and the
tie-calibrated accuracy finds its threshold anew each time: the best of many thresholds is good by
chance, the more so the finer a metric's scores are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.bootstrap import blocks, estimate
from xindaya.metrics.agreement.correlation import STATISTICS, Floats, accuracy_by_chance, pairs_of
from xindaya.metrics.agreement.ties import Thresholds, listed_pairs
from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON, TIES, Figure
from xindaya.metrics.judging.outcome import Outcome

_ALL_ORDERS = 7  # systems: 7! = 5,040
_ROUNDING = 1e-6  # a figure this close to the observed one equals it; sums are in float32


@dataclass(frozen=True, slots=True)
class Chance:
    """One figure against the line of chance.

    Attributes:
        line: Mean of the figure over the orders of people's scores.
        p_value: Share of the orders, the one observed included, that give as much or more.
        smallest: The smallest p-value that an order could give.
    """

    line: float
    p_value: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Against:
    """A figure against its line of chance, and what that comes to."""

    chance: Chance
    outcome: Outcome


def figure(value: float, resampled: NDArray[np.floating], against: Against | None = None) -> Figure:
    """Returns a figure with its interval and its line of chance, 0 unless one was found.

    Args:
        value: The figure; NaN where it is undefined.
        resampled: What resamples give.
        against: What was found against the line of chance.
    """
    found = estimate(value, resampled)
    if found.value is None:
        return Figure(None)
    if against is None:
        return Figure(found.value, found.low, found.high, 0.0)
    chance = against.chance
    return Figure(found.value, found.low, found.high, chance.line, chance.p_value, against.outcome)


def chance_on_systems(
    statistic: str, metric: Floats, human: Floats, samples: int, seed: int
) -> Chance | None:
    """Compares a statistic of systems with its chance.

    Args:
        statistic: One of `STATISTICS`.
        metric: Scores of systems, shape (systems,), higher is better.
        human: Those of people.
        samples: Orders, unless there are few enough to try all.
        seed: Of the random numbers.

    Returns:
        None where the statistic is undefined.
    """
    of = STATISTICS[statistic]
    observed = float(of(metric, human))
    if not np.isfinite(observed):
        return None
    line = float(accuracy_by_chance(metric, human)) if statistic == ACCURACY else 0.0
    found = np.concatenate(
        [of(np.broadcast_to(metric, y.shape), y) for y in _orders(human, samples, seed)]
    )
    beyond = int((found >= observed - _ROUNDING).sum())
    if len(human) <= _ALL_ORDERS:
        most = int((found >= found.max() - _ROUNDING).sum())
        return Chance(line, beyond / len(found), most / len(found))
    return Chance(line, (beyond + 1) / (samples + 1), 1 / (samples + 1))


def chance_on_segments(
    metrics: Sequence[Floats], human: Floats, samples: int, seed: int
) -> list[dict[str, Chance]]:
    """Compares the statistics of segments with their chance.

    Args:
        metrics: Scores, shape (systems, segments) each, higher is better.
        human: Those of people; NaN where nobody scored.
        samples: Orders.
        seed: Of the random numbers.

    Returns:
        For each metric: `PEARSON` of all scores together, `KENDALL` within segments and `TIES`, as
        far as they are defined.
    """
    rng = np.random.default_rng(seed)
    pooled = _pooled(metrics, human, samples, rng)
    within = _Within(metrics, human)
    found = within.sampled(samples, rng) if within.judged else {}
    least = max(1 / (samples + 1), within.smallest())
    result = []
    for k in range(len(metrics)):
        own = {PEARSON: pooled[k], **{what: values[k] for what, values in found.items()}}
        result.append(
            {what: _sampled(values, least, what) for what, values in own.items() if len(values)}
        )
    return result


def _sampled(values: Floats, least: float, statistic: str) -> Chance:
    """Reads the figure observed, which is the first, off those of other orders."""
    beyond = int((values >= values[0] - _ROUNDING).sum())
    line = float(values[1:].mean()) if statistic == TIES else 0.0
    least = 1 / len(values) if statistic == PEARSON else least
    return Chance(line, beyond / len(values), least)


def _orders(human: Floats, samples: int, seed: int) -> Iterator[Floats]:
    if len(human) <= _ALL_ORDERS:
        yield np.array(list(permutations(human.tolist())))
        return
    rng = np.random.default_rng(seed)
    for size in blocks(samples, 4 * len(human) ** 2):
        yield rng.permuted(np.tile(human, (size, 1)), axis=1)


def _pooled(
    metrics: Sequence[Floats], human: Floats, samples: int, rng: np.random.Generator
) -> list[Floats]:
    """Returns Pearson's r of all scores, observed and in other orders; empty where undefined."""
    scored = np.isfinite(human)
    y = _unit(human[scored])
    if y is None:
        return [np.empty(0)] * len(metrics)
    known = [_unit(x[scored]) for x in metrics]
    axes = np.stack([np.zeros_like(y) if x is None else x for x in known], axis=1)
    others = [
        rng.permuted(np.tile(y, (size, 1)), axis=1) @ axes for size in blocks(samples, len(y))
    ]
    found = np.concatenate([(y @ axes)[None], *others]).T
    return [np.empty(0) if x is None else own for x, own in zip(known, found, strict=True)]


def _unit(values: Floats) -> Floats | None:
    """Returns centred scores of length one; None if all are equal."""
    if not len(values) or np.ptp(values) == 0:
        return None
    centred = values - values.mean()
    unit: Floats = centred / np.sqrt((centred * centred).sum())
    return unit


class _Within:
    """People's scores of each segment in other orders.

    Args:
        metrics: Scores, shape (systems, segments) each.
        human: Those of people.
    """

    def __init__(self, metrics: Sequence[Floats], human: Floats) -> None:
        scored = np.isfinite(human)
        _, ranks = np.unique(np.where(scored, human, -np.inf), return_inverse=True)
        self._ranks = ranks.reshape(human.shape).T.astype(np.int32)  # a row a segment
        self._places = [
            (where[0], np.nonzero(scored.T[where])[1].reshape(len(where[0]), count))
            for count in range(2, len(human) + 1)
            if len((where := np.nonzero(scored.sum(axis=0) == count))[0])
        ]
        pairs = pairs_of(len(human))
        both = scored[pairs[0]] & scored[pairs[1]]
        segments = np.broadcast_to(np.arange(human.shape[1]), both.shape)[both]
        self._ends = tuple(
            segments * len(human) + np.broadcast_to(side[:, None], both.shape)[both]
            for side in pairs
        )
        gold = self._signs(self._ranks.reshape(1, -1))[0]
        self.judged = bool(gold.any())
        """Whether people see a difference in any pair."""
        self._thresholds = [Thresholds(x, human) for x in metrics] if self.judged else []
        self._tau = np.stack(
            [_tau_weights(listed_pairs(x, both), gold, segments, human.shape[1]) for x in metrics],
            axis=1,
        )  # fmt: skip

    def smallest(self) -> float:
        """Returns the share of one arrangement among all that people's scores have."""
        orders = 0.0  # logarithm of their number
        for segments, places in self._places:
            own = np.sort(self._ranks[segments[:, None], places], axis=1)
            orders += len(own) * math.lgamma(own.shape[1] + 1)
            for row in own.tolist():
                orders -= sum(math.lgamma(row.count(value) + 1) for value in set(row))
        return math.exp(-orders)

    def sampled(self, samples: int, rng: np.random.Generator) -> dict[str, list[Floats]]:
        """Returns, by statistic, each metric's figure as observed and in other orders."""
        taus, accuracies = [], []
        for size in [0, *blocks(samples, 4 * len(self._ends[0]))]:
            signs = self._signs(self._shuffled(size, rng) if size else self._ranks.reshape(1, -1))
            taus.append(signs.astype(np.float32) @ self._tau)
            accuracies.append(np.stack([t.best(signs) for t in self._thresholds], axis=1))
        tau = np.concatenate(taus).astype(np.float64).T
        defined = np.any(np.abs(self._tau), axis=0, keepdims=True)[0].tolist()
        return {
            KENDALL: [own if known else np.empty(0) for own, known in zip(tau, defined, strict=True)],
            TIES: list(np.concatenate(accuracies).T),
        }  # fmt: skip

    def _shuffled(self, size: int, rng: np.random.Generator) -> NDArray[np.int32]:
        drawn = np.tile(self._ranks, (size, 1, 1))
        for segments, places in self._places:
            own = self._ranks[segments[:, None], places]
            tiled = np.tile(own, (size, 1))
            drawn[:, segments[:, None], places] = rng.permuted(tiled, axis=1).reshape(
                size, *own.shape
            )
        return drawn.reshape(size, -1)

    def _signs(self, ranks: NDArray[np.int32]) -> NDArray[np.int8]:
        first, second = ranks[:, self._ends[0]], ranks[:, self._ends[1]]
        above: NDArray[np.int8] = (first > second).view(np.int8)
        return above - (first < second).view(np.int8)


def _tau_weights(
    said: NDArray[np.int8], gold: NDArray[np.int8], segments: NDArray[np.intp], count: int
) -> NDArray[np.float32]:
    """Returns what each pair adds to the mean of tau-b over segments, per sign that people give it.

    Other orders of people's scores leave the number of ties in a segment as it is.
    """
    untied = [np.bincount(segments, np.abs(signs), count) for signs in (said, gold)]
    scale = np.sqrt(untied[0] * untied[1])
    share = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0) / max(1, (scale > 0).sum())
    weights: NDArray[np.float32] = (said * share[segments]).astype(np.float32)
    return weights

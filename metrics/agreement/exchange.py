"""Is one metric better than another? Their scores are exchanged at random.

If two metrics agree with people equally well, it does not matter which of them gave a score. So
scores are exchanged between them, and the difference observed is compared with those between the
mixtures, two-sided. What is compared is how far each statistic lies *above its line of chance*
(see `chance`): a metric with more ties has another chance, and would win or lose by that alone.

Of systems, standardised scores are exchanged system by system: the PERM-BOTH test of Deutsch, Dror
and Roth 2021. Of segments, all scores of a segment are exchanged together, because segments are
what was drawn: the outputs of one are not independent. There every statistic is a function of sums
over segments, so an exchange is a product, and one set of arrangements serves all pairs of metrics.
Up to 2^12 arrangements are all tried; else the observed one is counted too: (k + 1) / (n + 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.bootstrap import blocks
from xindaya.metrics.agreement.correlation import (
    Floats,
    accuracy,
    accuracy_by_chance,
    kendall,
    pearson,
)
from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON

Masks = NDArray[np.bool_]
_EXACT_BITS = 12
_ROUNDING = 1e-9  # a difference this close to the observed one equals it


@dataclass(frozen=True, slots=True)
class Exchange:
    """What exchanging the scores of two metrics came to.

    Attributes:
        delta: How much farther above chance the second metric is than the first.
        p_value: Share of the arrangements at least as far apart; two-sided.
        smallest: The smallest p-value that an arrangement could give.
        units: Systems or segments in which the two metrics differ.
        tried: Arrangements.
        exact: True if these are all.
    """

    delta: float
    p_value: float
    smallest: float
    units: int
    tried: int
    exact: bool


_ABOVE_CHANCE: Mapping[str, Callable[[Floats, Floats], Floats]] = MappingProxyType(
    {
        PEARSON: pearson,
        KENDALL: kendall,
        ACCURACY: lambda x, y: accuracy(x, y) - accuracy_by_chance(x, y),
    }
)


def exchange_systems(
    statistic: str, metrics: tuple[Floats, Floats], human: Floats, samples: int, seed: int
) -> Exchange | None:
    """Exchanges system scores.

    Args:
        statistic: `PEARSON`, `KENDALL` or `ACCURACY`.
        metrics: System scores of two metrics, shape (systems,), higher is better.
        human: Those of people.
        samples: Arrangements, unless there are few enough to try all.
        seed: Of the random numbers.

    Returns:
        None where the statistic is undefined.
    """
    first, second = (standardised(scores) for scores in metrics)
    of = _ABOVE_CHANCE[statistic]

    def delta(masks: Masks) -> Floats:
        gold = np.broadcast_to(human, masks.shape)
        mixed = np.where(masks, second, first), np.where(masks, first, second)
        return of(mixed[1], gold) - of(mixed[0], gold)

    units = int((np.abs(first - second) > _ROUNDING).sum())
    observed = float(delta(np.zeros((1, len(human)), np.bool_))[0])
    if not np.isfinite(observed):
        return None
    found = [delta(masks) for masks in _masks(len(human), len(human) ** 2, samples, seed)]
    return _outcome(observed, np.concatenate(found), units, is_exact(len(human)))


@dataclass(frozen=True, slots=True)
class Rows:
    """A statistic of segments as rows that add up, and what their sum comes to.

    Attributes:
        rows: One metric's, shape (segments, columns).
        score: From sums of shape (n, columns) to the statistic above its line of chance, shape (n,).
    """

    rows: Floats
    score: Callable[[Floats], Floats]


def mean_rows(items: Floats, chance: float) -> Rows:
    """Makes rows of a mean over segments.

    Args:
        items: One a segment, NaN where undefined.
        chance: What the mean is by chance.
    """
    known = np.isfinite(items)
    rows = np.stack([np.where(known, items - chance, 0.0), known], axis=1)
    return Rows(rows, lambda sums: sums[:, 0] / np.where(sums[:, 1] > 0, sums[:, 1], np.nan))


def pearson_rows(metric: Floats, human: Floats) -> Rows:
    """Makes rows of Pearson's r over all scored outputs; chance gives 0.

    Args:
        metric: Scores, shape (systems, segments).
        human: Those of people, NaN where nobody scored.
    """
    scored = np.isfinite(human)
    x, y = np.zeros(human.shape), np.zeros(human.shape)
    x[scored], y[scored] = standardised(metric[scored]), standardised(human[scored])
    n, spread = int(scored.sum()), float((y * y).sum())

    def score(sums: Floats) -> Floats:
        total, squares, products = sums.T
        scale = (squares - total * total / n) * spread
        r: Floats = products / np.sqrt(np.where(scale > 0, scale, np.nan))
        return r

    return Rows(np.stack([x.sum(axis=0), (x * x).sum(axis=0), (x * y).sum(axis=0)], axis=1), score)


def exchange_segments(
    metrics: Sequence[Rows | None], samples: int, seed: int
) -> dict[tuple[int, int], Exchange]:
    """Exchanges segments between metrics, two and two.

    Args:
        metrics: One statistic's rows of each metric; None where it is undefined.
        samples: Arrangements, unless there are few enough to try all.
        seed: Of the random numbers; the same seed makes the same exchanges.

    Returns:
        By positions (first, second) of the metrics.
    """
    pairs = [
        (i, j, first, second)
        for (i, first), (j, second) in combinations(enumerate(metrics), 2)
        if first is not None and second is not None
    ]
    if not pairs:
        return {}
    exchanged = np.stack([second.rows - first.rows for _, _, first, second in pairs], axis=2)
    segments, columns, width = exchanged.shape
    flat = exchanged.reshape(segments, columns * width)
    sums = [
        (masks.astype(np.float64) @ flat).reshape(-1, columns, width)
        for masks in _masks(segments, segments, samples, seed)
    ]
    gains = np.concatenate(sums)
    result = {}
    for n, (i, j, first, second) in enumerate(pairs):
        totals = first.rows.sum(axis=0), second.rows.sum(axis=0)
        observed = float((second.score(totals[1][None]) - first.score(totals[0][None]))[0])
        if not np.isfinite(observed):
            continue
        one, other = totals[0] + gains[..., n], totals[1] - gains[..., n]
        found = second.score(other) - first.score(one)
        units = int((np.abs(exchanged[..., n]) > _ROUNDING).any(axis=1).sum())
        result[i, j] = _outcome(observed, found, units, is_exact(segments))
    return result


def is_exact(units: int) -> bool:
    """True if all arrangements of so many scores are tried."""
    return units <= _EXACT_BITS


def standardised(scores: Floats) -> Floats:
    """Returns scores with mean 0 and deviation 1; 0 if all are equal."""
    spread = float(scores.std()) if len(scores) and np.ptp(scores) > 0 else 1.0
    standard: Floats = (scores - scores.mean()) / spread if len(scores) else scores
    return standard


def _outcome(observed: float, found: Floats, units: int, exact: bool) -> Exchange:
    # An arrangement in which the statistic is undefined speaks against a difference.
    sizes = np.nan_to_num(np.abs(found), nan=np.inf)
    beyond = int((sizes >= abs(observed) - _ROUNDING).sum())
    tried = len(sizes)
    if exact:
        least = int((sizes >= sizes.max() - _ROUNDING).sum()) / tried
        return Exchange(observed, beyond / tried, least, units, tried, True)
    least = max(1 / (tried + 1), min(1.0, 2.0 ** (1 - units)))
    return Exchange(observed, (beyond + 1) / (tried + 1), least, units, tried, False)


def _masks(units: int, width: int, samples: int, seed: int) -> Iterator[Masks]:
    if is_exact(units):
        numbers = np.arange(2**units)
        yield (numbers[:, None] >> np.arange(units)) & 1 == 1
        return
    rng = np.random.default_rng(seed)
    for size in blocks(samples, max(units, width)):
        yield rng.integers(2, size=(size, units), dtype=bool)

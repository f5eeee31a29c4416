"""Agreement on systems: does the metric order them as people do?

Both sides are averaged over the segments that people scored: a metric's corpus score over other
segments says nothing about these judgements. The intervals resample segments, the same for the
metric and for people, where segments were scored; else they resample systems, which is a wider
question ("other systems") and is said beside the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.bands import SYSTEM_LIMITS, band
from xindaya.metrics.agreement.bootstrap import estimate
from xindaya.metrics.agreement.chance import Against, figure
from xindaya.metrics.agreement.correlation import (
    STATISTICS,
    Floats,
    accuracy,
    kendall,
    pairs_of,
    pearson,
)
from xindaya.metrics.agreement.human import HumanMean, HumanScores
from xindaya.metrics.agreement.values import (
    ACCURACY,
    KENDALL,
    PEARSON,
    Estimate,
    Point,
    SystemAgreement,
)
from xindaya.metrics.metric import Metric, Rows, sum_rows
from xindaya.metrics.resampling import bootstrap_scores


def agree_on_systems(
    name: str,
    metric: Metric,
    rows: Rows,
    human: HumanScores,
    *,
    against: Mapping[str, Against] = MappingProxyType({}),
    samples: int,
    seed: int,
) -> SystemAgreement:
    """Compares a metric's corpus scores with human scores of the same systems.

    Args:
        name: Of the metric.
        metric: The metric.
        rows: Its statistics, shape (systems, segments, columns), in the order of `human`.
        human: The human scores.
        against: What was found against the line of chance, by statistic.
        samples: Resamples of the intervals.
        seed: Of the random numbers.
    """
    sign = 1.0 if metric.higher_is_better else -1.0
    everywhere = corpus_scores(metric, rows)
    people = human.sign * human.totals
    kept, own = on_scored(rows, human)
    scores = corpus_scores(metric, kept)
    drawn = bootstrap_scores(
        {"metric": metric, **own[0]}, {"metric": kept, **own[1]}, samples, seed
    )
    metric_draws = drawn["metric"].astype(np.float64)
    if "human" in drawn:
        x, y = sign * metric_draws.T, human.sign * drawn["human"].astype(np.float64).T
        resampled = {what: of(x, y) for what, of in STATISTICS.items()}
    else:
        resampled = _over_systems(sign * scores, people, samples, seed)
    found = {
        what: figure(float(of(sign * scores, people)), resampled[what], against.get(what))
        for what, of in STATISTICS.items()
    }
    rated = None if human.scores is None else np.isfinite(human.scores).sum(axis=1)
    points = tuple(
        Point(
            system,
            estimate(float(scores[k]), metric_draws[k]),
            estimate(float(human.totals[k]), drawn["human"][k])
            if "human" in drawn
            else Estimate(float(human.totals[k])),
            None if rated is None else int(rated[k]),
        )
        for k, system in enumerate(human.systems)
    )
    pairs = pairs_of(len(points))
    return SystemAgreement(
        metric=name,
        points=points,
        pearson=found[PEARSON],
        kendall=found[KENDALL],
        accuracy=found[ACCURACY],
        resampled="segments" if "human" in drawn else "systems",
        everywhere=(
            _known(pearson(sign * everywhere, people)),
            _known(kendall(sign * everywhere, people)),
            _known(accuracy(sign * everywhere, people)),
        ),
        bands=band(_differences(sign * scores, pairs), _differences(people, pairs), SYSTEM_LIMITS),
    )


def on_scored(
    rows: Rows, human: HumanScores
) -> tuple[Rows, tuple[dict[str, Metric], dict[str, Rows]]]:
    """Leaves out what nobody scored.

    Returns:
        The metric's rows of segments with a score, 0 for an output without one; and people as one
        more metric with its rows, or nothing if only systems were scored.
    """
    if human.scores is None:
        return rows, ({}, {})
    scored = np.isfinite(human.scores).any(axis=0)
    counted = np.isfinite(human.scores)[:, scored, None]
    own = human.rows()[:, scored]
    return np.where(counted, rows[:, scored], 0), ({"human": HumanMean()}, {"human": own})


def corpus_scores(metric: Metric, rows: Rows) -> Floats:
    """Returns one corpus score a system."""
    return np.array([metric.score(sum_rows(own)) for own in rows])


def _over_systems(x: Floats, y: Floats, samples: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Resamples systems; two copies of one system are no pair."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(x), size=(samples, len(x)))
    result = {what: of(x[drawn], y[drawn]) for what, of in STATISTICS.items()}
    result[ACCURACY] = accuracy(x[drawn], y[drawn], drawn)
    return result


def _differences(values: Floats, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Floats:
    return values[pairs[0]] - values[pairs[1]]


def _known(value: Floats) -> float | None:
    return float(value) if np.isfinite(value) else None

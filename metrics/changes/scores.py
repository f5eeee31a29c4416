"""Which changes of a score are real, and how large they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xindaya.metrics.changes.model import ScoreChange, SegmentChange, SegmentChanges
from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.judging.family import Pair, judge
from xindaya.metrics.judging.outcome import (
    BOOTSTRAP_SAMPLES,
    Interval,
)
from xindaya.metrics.metric import Metric, Rows, sum_rows
from xindaya.metrics.resampling import bootstrap_scores, enough_for_interval, intervals
from xindaya.pairs import ComparabilityError

_ROUNDING = 1e-9


def score_changes(
    old: Evaluation,
    new: Evaluation,
    pairs: Sequence[tuple[str, str]],
    metrics: Sequence[str],
    *,
    alpha: float,
    seed: int,
) -> dict[str, tuple[ScoreChange, ...]]:
    """Tests every system of the new run against itself in the old run.

    Args:
        old: The old run.
        new: The new run.
        pairs: (old name, new name) of the systems.
        metrics: Names of the metrics that both runs have.
        alpha: Level of the family of each metric.
        seed: Of the random numbers.

    Returns:
        New name to one change a metric.
    """
    chosen = {name: new.metrics[name] for name in metrics}
    compared = [Pair(was, now, _rows(old, new, was, now, metrics)) for was, now in pairs]
    tests = judge(chosen, compared, alpha=alpha, seed=seed)
    changes: dict[str, list[ScoreChange]] = {now: [] for _, now in pairs}
    for pair in compared:
        intervals_ = _intervals(pair, chosen, seed)
        changes[pair.system] = [
            ScoreChange(
                before=_shared(pair, chosen[test.metric])[0],
                after=_shared(pair, chosen[test.metric])[1],
                test=test,
                interval=intervals_[test.metric],
                higher_is_better=chosen[test.metric].higher_is_better,
                digits=chosen[test.metric].digits,
            )
            for test in tests
            if test.system == pair.system
        ]
    return {now: tuple(found) for now, found in changes.items()}


def segment_changes(old: Rows, new: Rows, metric: Metric) -> SegmentChanges:
    """Scores the segments whose statistics differ.

    Args:
        old: Statistics of one system in the old run, of shape (segments, columns).
        new: Those in the new run.
        metric: What they are statistics of.
    """
    better = 1.0 if metric.higher_is_better else -1.0
    changes = []
    for place in np.flatnonzero((old != new).any(axis=1)).tolist():
        before = metric.segment_score(old[place].tolist())
        after = metric.segment_score(new[place].tolist())
        if abs(after - before) > _ROUNDING:  # false where one of them has no score
            changes.append(SegmentChange(place, before, after, better * (after - before)))
    changes.sort(key=lambda c: (c.gain, c.position))
    return SegmentChanges(metric.name, tuple(changes), len(new) - len(changes))


def _shared(pair: Pair, metric: Metric) -> tuple[float, float]:
    """Returns both scores over the segments that both sides have a score of."""
    then, now = metric.paired(*pair.rows[metric.name])
    return metric.score(sum_rows(then)), metric.score(sum_rows(now))


def _intervals(pair: Pair, metrics: Mapping[str, Metric], seed: int) -> dict[str, Interval | None]:
    """Returns the bootstrap interval of the difference on each metric, where there can be one."""
    if not metrics:
        return {}
    rows = {name: np.stack(m.paired(*pair.rows[name])) for name, m in metrics.items()}
    resampled = bootstrap_scores(metrics, rows, BOOTSTRAP_SAMPLES, seed)
    found: dict[str, Interval | None] = {}
    for name, scores in resampled.items():
        exact = scores.astype(np.float64)
        enough = enough_for_interval(rows[name][1] - rows[name][0])
        found[name] = intervals(exact[1:] - exact[:1], seed)[0] if enough else None
    return found


def _rows(
    old: Evaluation, new: Evaluation, was: str, now: str, metrics: Sequence[str]
) -> dict[str, tuple[Rows, Rows]]:
    rows = {}
    for metric in metrics:
        then = old.rows[metric][old.systems.index(was)]
        later = new.rows[metric][new.systems.index(now)]
        if then.shape != later.shape:
            raise ComparabilityError(
                f"{metric}: statistics of shape {then.shape} and {later.shape}: one of the runs is "
                "damaged; evaluate it again"
            )
        rows[metric] = then, later
    return rows

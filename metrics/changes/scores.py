"""Which changes of a score are real, and how large they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from xindaya.metrics.changes.model import ScoreChange, SegmentChange, SegmentChanges
from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.judging.outcome import (
    ALPHA,
    BOOTSTRAP,
    BOOTSTRAP_SAMPLES,
    RANDOMISATION_SAMPLES,
    Interval,
    holm,
)
from xindaya.metrics.metric import Metric, Rows
from xindaya.metrics.resampling import bootstrap_scores, intervals, paired_test
from xindaya.pairs import ComparabilityError

_THEN, _NOW = "then", "now"
_ROUNDING = 1e-9


def score_changes(
    old: Evaluation,
    new: Evaluation,
    pairs: Sequence[tuple[str, str]],
    metrics: Sequence[str],
    *,
    method: str,
    samples: int | None,
    seed: int,
) -> dict[str, tuple[ScoreChange, ...]]:
    """Tests every system of the new run against itself in the old run.

    The tests are sacrebleu's (see `xindaya.metrics.resampling`); statistics that are equal in
    both runs give p = 1 and are no test. Holm's correction (1979) is for all others together.

    Args:
        old: The old run.
        new: The new run.
        pairs: (old name, new name) of the systems.
        metrics: Names of the metrics that both runs have.
        method: ``bootstrap`` or ``approximate randomisation``.
        samples: Resamples or trials; None for `default_samples`.
        seed: Of the random numbers.

    Returns:
        New name to one change a metric.
    """
    if not metrics:
        return {now: () for _, now in pairs}
    tests = len(pairs) * len(metrics)
    samples = samples or default_samples(method, tests)
    chosen = {name: new.metrics[name] for name in metrics}
    found = [
        change
        for was, now in pairs
        for change in _tested(old, new, was, now, chosen, method, samples, seed)
    ]
    tried = [k for k, change in enumerate(found) if change.tests]
    corrected = holm([found[k].test.p_value for k in tried])
    for k, p in zip(tried, corrected, strict=True):
        found[k] = replace(found[k], tests=len(tried), test=replace(found[k].test, p_holm=p))
    width = len(metrics)
    return {now: tuple(found[k * width : (k + 1) * width]) for k, (_, now) in enumerate(pairs)}


def default_samples(method: str, tests: int) -> int:
    """Returns sacrebleu's number of samples, or more where so many tests need it.

    With n samples no p is below 1 / (n + 1): after correction for many tests nothing could be
    significant. Twice the number at which something can is taken.
    """
    usual = BOOTSTRAP_SAMPLES if method == BOOTSTRAP else RANDOMISATION_SAMPLES
    return max(usual, round(2 * tests / ALPHA))


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
        if abs(after - before) > _ROUNDING:
            changes.append(SegmentChange(place, before, after, better * (after - before)))
    changes.sort(key=lambda c: (c.gain, c.position))
    return SegmentChanges(metric.name, tuple(changes), len(new) - len(changes))


def _tested(
    old: Evaluation,
    new: Evaluation,
    was: str,
    now: str,
    metrics: Mapping[str, Metric],
    method: str,
    samples: int,
    seed: int,
) -> list[ScoreChange]:
    """Tests one system by all metrics; the correction is still to come."""
    rows = {name: _stacked(old, new, was, now, name) for name in metrics}
    comparisons = paired_test(
        metrics,
        rows,
        {_THEN: (_THEN,), _NOW: (_NOW,)},
        baseline=_THEN,
        method=method,
        samples=samples,
        seed=seed,
    )
    resampled = bootstrap_scores(metrics, rows, BOOTSTRAP_SAMPLES, seed)
    changes = []
    for test in comparisons:
        same = bool((rows[test.metric][0] == rows[test.metric][1]).all())
        scores = resampled[test.metric].astype(np.float64)
        difference: Interval = intervals(scores[1:] - scores[:1], seed)[0]
        changes.append(
            ScoreChange(
                before=old.scores[test.metric][was],
                after=new.scores[test.metric][now],
                test=replace(
                    test,
                    baseline=was,
                    system=now,
                    p_value=1.0 if same else test.p_value,
                    p_holm=1.0,  # the correction is for all systems together
                ),
                interval=difference,
                tests=0 if same else 1,
                higher_is_better=metrics[test.metric].higher_is_better,
            )
        )
    return changes


def _stacked(old: Evaluation, new: Evaluation, was: str, now: str, metric: str) -> Rows:
    then = old.rows[metric][old.systems.index(was)]
    later = new.rows[metric][new.systems.index(now)]
    if then.shape != later.shape:
        raise ComparabilityError(
            f"{metric}: statistics of shape {then.shape} and {later.shape}: one of the runs is "
            "damaged; evaluate it again"
        )
    return np.stack([then, later])

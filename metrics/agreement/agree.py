"""All of it: metrics and human scores in, an `Agreement` out for each file of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xindaya.metrics.agreement.chance import Against
from xindaya.metrics.agreement.correlation import Floats
from xindaya.metrics.agreement.human import HumanScores
from xindaya.metrics.agreement.segments import agree_on_segments
from xindaya.metrics.agreement.systems import agree_on_systems, corpus_scores, on_scored
from xindaya.metrics.agreement.values import Agreement
from xindaya.metrics.agreement.verdicts import SEGMENT, SYSTEM, Judged, Scores, judge
from xindaya.metrics.judging.outcome import BOOTSTRAP_SAMPLES, SEED
from xindaya.metrics.metric import Metric, Progress, Rows


@dataclass(frozen=True, slots=True)
class Scored:
    """One file of human scores, and the statistics of the outputs it is about.

    Attributes:
        rows: Metric name to statistics of shape (systems, segments, columns), in the order of
            ``human.systems``.
        human: The human scores of these systems.
    """

    rows: Mapping[str, Rows]
    human: HumanScores


def measure_agreement(
    metrics: Mapping[str, Metric],
    rows: Mapping[str, Rows],
    human: HumanScores,
    *,
    samples: int = BOOTSTRAP_SAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Measures how far metrics agree with one file of human scores; see `measure_agreements`."""
    return measure_agreements(metrics, [Scored(rows, human)], samples=samples, seed=seed)[0]


def measure_agreements(
    metrics: Mapping[str, Metric],
    files: Sequence[Scored],
    *,
    samples: int = BOOTSTRAP_SAMPLES,
    seed: int = SEED,
    progress: Progress | None = None,
) -> list[Agreement]:
    """Measures how far metrics agree with people, and whether one agrees better than another.

    Args:
        metrics: Metric name to metric.
        files: One a file of human scores. Each is compared on its own; all are judged as one
            family of tests.
        samples: Resamples of every interval, and exchanges of every test, at least.
        seed: Of all random numbers.
        progress: Called with 1 for each of `steps` pieces of work.

    Returns:
        One agreement a file, plain values.
    """
    done = progress or (lambda _steps: None)
    own = [_segment_scores(metrics, file) for file in files]
    scores = [_oriented(metrics, f, x) for f, x in zip(files, own, strict=True)]
    judged = judge(scores, samples=samples, seed=seed, done=done)
    result = []
    for file, segments, found in zip(files, own, judged, strict=True):
        result.append(_agreement(metrics, file, segments, found, samples, seed))
        done(1)
    return result


def steps(files: int) -> int:
    """Returns how many pieces of work there are for so many files of human scores."""
    return 2 * files


def _segment_scores(metrics: Mapping[str, Metric], file: Scored) -> list[Floats]:
    """Scores the segments that people scored, shape (systems, segments) for each metric."""
    if file.human.scores is None:
        return []
    scored = np.isfinite(file.human.scores).any(axis=0)
    return [
        np.array([[m.segment_score(row) for row in r.tolist()] for r in file.rows[name][:, scored]])
        for name, m in metrics.items()
    ]


def _oriented(metrics: Mapping[str, Metric], file: Scored, own: Sequence[Floats]) -> Scores:
    human = file.human
    totals = [
        _sign(metric) * corpus_scores(metric, on_scored(file.rows[name], human)[0])
        for name, metric in metrics.items()
    ]
    names, systems = tuple(metrics), np.array(totals).reshape(len(metrics), len(human.systems))
    if human.scores is None:
        return Scores(names, systems, human.sign * human.totals)
    return Scores(
        names,
        systems,
        human.sign * human.totals,
        tuple(_sign(m) * x for m, x in zip(metrics.values(), own, strict=True)),
        human.sign * _rated(human.scores),
    )


def _agreement(
    metrics: Mapping[str, Metric],
    file: Scored,
    own: Sequence[Floats],
    judged: Judged,
    samples: int,
    seed: int,
) -> Agreement:
    human = file.human
    systems = [
        agree_on_systems(
            name, metric, file.rows[name], human,
            against=_found(judged, SYSTEM, name), samples=samples, seed=seed,
        )
        for name, metric in metrics.items()
    ]  # fmt: skip
    segments = [
        agree_on_segments(
            name, x, _rated(human.scores), (_sign(metric), human.sign),
            against=_found(judged, SEGMENT, name), samples=samples, seed=seed,
        )
        for (name, metric), x in zip(metrics.items(), own, strict=False)  # none without segments
        if human.scores is not None
    ]  # fmt: skip
    known = None if human.scores is None else np.isfinite(human.scores)
    return Agreement(
        systems=human.systems,
        higher_is_better=human.higher_is_better,
        segments=None if known is None else int(known.any(axis=0).sum()),
        unscored=0 if known is None else int((~known).sum()),
        system_level=tuple(systems),
        segment_level=tuple(segments),
        differences=judged.differences,
        samples=samples,
        seed=seed,
    )


def _found(judged: Judged, level: str, metric: str) -> dict[str, Against]:
    return {
        statistic: found
        for (where, statistic, name), found in judged.figures.items()
        if (where, name) == (level, metric)
    }


def _sign(metric: Metric) -> float:
    return 1.0 if metric.higher_is_better else -1.0


def _rated(scores: Floats) -> Floats:
    """Leaves out the segments that nobody scored."""
    rated: Floats = scores[:, np.isfinite(scores).any(axis=0)]
    return rated

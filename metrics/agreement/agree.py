"""All of it: metrics and one set of human scores in, an `Agreement` out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from xindaya.metrics.agreement.correlation import STATISTICS, Floats
from xindaya.metrics.agreement.human import HumanScores
from xindaya.metrics.agreement.permutation import (
    is_exact,
    item_mean_test,
    item_tau_test,
    permutations,
    pooled_pearson_test,
    system_test,
)
from xindaya.metrics.agreement.segments import agree_on_segments
from xindaya.metrics.agreement.systems import agree_on_systems, corpus_scores, on_scored
from xindaya.metrics.agreement.ties import item_accuracies
from xindaya.metrics.agreement.values import (
    KENDALL,
    PEARSON,
    TIES,
    Agreement,
    Difference,
    SegmentAgreement,
)
from xindaya.metrics.judging.outcome import BOOTSTRAP_SAMPLES, SEED, holm
from xindaya.metrics.metric import Metric, Progress, Rows


@dataclass(frozen=True, slots=True)
class _Scores:
    """One metric's scores, oriented so that higher is better."""

    systems: Floats
    segments: Floats | None


def measure_agreement(
    metrics: Mapping[str, Metric],
    rows: Mapping[str, Rows],
    human: HumanScores,
    *,
    samples: int = BOOTSTRAP_SAMPLES,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Agreement:
    """Measures how far metrics agree with people, and whether one agrees better than another.

    Args:
        metrics: Metric name to metric.
        rows: Metric name to statistics of shape (systems, segments, columns), in the order of
            ``human.systems``.
        human: The human scores of these systems.
        samples: Resamples of every interval, and permutations of every test.
        seed: Of all random numbers.
        progress: Called with 1 for each of `steps` pieces of work.

    Returns:
        The agreement, a plain value.
    """
    done = progress or (lambda _steps: None)
    systems, segments = [], []
    scores: dict[str, _Scores] = {}
    for name, metric in metrics.items():
        systems.append(
            agree_on_systems(name, metric, rows[name], human, samples=samples, seed=seed)
        )
        scores[name], found = _on_segments(name, metric, rows[name], human, samples, seed)
        segments += [found] if found else []
        done(1)
    differences: list[Difference] = []
    for first, second in combinations(metrics, 2):
        differences += _differences((first, second), scores, human, segments, samples, seed)
        done(1)
    rated = None if human.scores is None else np.isfinite(human.scores)
    return Agreement(
        systems=human.systems,
        higher_is_better=human.higher_is_better,
        segments=None if rated is None else int(rated.any(axis=0).sum()),
        unscored=0 if rated is None else int((~rated).sum()),
        system_level=tuple(systems),
        segment_level=tuple(segments),
        differences=tuple(_corrected(differences)),
        samples=samples,
        seed=seed,
    )


def steps(metrics: int) -> int:
    """Returns how many pieces of work there are for so many metrics."""
    return metrics + metrics * (metrics - 1) // 2


def _on_segments(
    name: str, metric: Metric, rows: Rows, human: HumanScores, samples: int, seed: int
) -> tuple[_Scores, SegmentAgreement | None]:
    sign = 1.0 if metric.higher_is_better else -1.0
    kept, _ = on_scored(rows, human)
    totals = sign * corpus_scores(metric, kept)
    if human.scores is None:
        return _Scores(totals, None), None
    scored = np.isfinite(human.scores).any(axis=0)
    own = np.array([[metric.segment_score(row) for row in r.tolist()] for r in rows[:, scored]])
    found = agree_on_segments(
        name, own, human.scores[:, scored], (sign, human.sign), samples=samples, seed=seed
    )
    return _Scores(totals, sign * own), found


def _differences(
    names: tuple[str, str],
    scores: Mapping[str, _Scores],
    human: HumanScores,
    found: list[SegmentAgreement],
    samples: int,
    seed: int,
) -> Iterator[Difference]:
    """Tests one pair of metrics at both levels."""
    gold = human.sign * human.totals
    totals = scores[names[0]].systems, scores[names[1]].systems
    for statistic in STATISTICS if len(gold) > 1 else ():
        test = system_test(statistic, totals, gold, samples, seed)
        yield _difference("system", statistic, names, test, len(gold), samples)
    first, second = scores[names[0]].segments, scores[names[1]].segments
    if first is None or second is None or human.scores is None:
        return
    gold = human.sign * human.scores[:, np.isfinite(human.scores).any(axis=0)]
    scored = np.isfinite(gold)
    test = pooled_pearson_test((first[scored], second[scored]), gold[scored], samples, seed)
    yield _difference("segment", PEARSON, names, test, int(scored.sum()), samples)
    ties = [next(f.ties for f in found if f.metric == name) for name in names]
    if ties[0] is None or ties[1] is None:
        return
    test = item_tau_test((first, second), gold, samples, seed)
    yield _difference("segment", KENDALL, names, test, gold.size, samples)
    accuracies = (
        item_accuracies(first, gold, ties[0].epsilon),
        item_accuracies(second, gold, ties[1].epsilon),
    )
    test = item_mean_test(accuracies, samples, seed)
    yield _difference("segment", TIES, names, test, int(np.isfinite(accuracies[0]).sum()), samples)


def _difference(
    level: str,
    statistic: str,
    names: tuple[str, str],
    test: tuple[float, float],
    units: int,
    samples: int,
) -> Difference:
    delta, p_value = test
    tried = permutations(units, samples)
    return Difference(level, statistic, *names, delta, p_value, 1.0, tried, is_exact(units))


def _corrected(differences: list[Difference]) -> Iterator[Difference]:
    """Adds Holm's correction, one family a level and statistic; leaves out what is undefined."""
    known = [d for d in differences if np.isfinite(d.delta)]
    adjusted: dict[int, float] = {}
    for family in dict.fromkeys((d.level, d.statistic) for d in known):
        places = [n for n, d in enumerate(known) if (d.level, d.statistic) == family]
        values = holm([known[n].p_value for n in places])
        adjusted.update(zip(places, values, strict=True))
    for n, d in enumerate(known):
        yield replace(d, p_holm=adjusted[n])

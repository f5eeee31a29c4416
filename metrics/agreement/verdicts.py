"""Which figures are above chance, and which metric is better: two families of tests, one command.

Every figure that is compared is first held against its line of chance, then every pair of metrics
against each other. Both are corrected by Holm over everything that the command tests: metrics,
statistics, levels and files of human scores. A metric is better than another if the difference is
real *and* the metric is above chance itself. Tests that no arrangement of the data could pass are
not in the family (Tarone 1990): three systems do not cost a thousand segments anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from xindaya.metrics.agreement.chance import (
    Against,
    Chance,
    chance_on_segments,
    chance_on_systems,
)
from xindaya.metrics.agreement.correlation import STATISTICS, Floats, item_taus
from xindaya.metrics.agreement.exchange import (
    Exchange,
    Rows,
    exchange_segments,
    exchange_systems,
    mean_rows,
    pearson_rows,
)
from xindaya.metrics.agreement.ties import calibrate, item_accuracies
from xindaya.metrics.agreement.values import KENDALL, PEARSON, TIES, Difference
from xindaya.metrics.judging.outcome import ALPHA, Outcome, holm, outcome_of

SYSTEM, SEGMENT = "system", "segment"
_ORDERS = 500  # of people's scores, at least
_ON_SEGMENTS = (PEARSON, KENDALL, TIES)


@dataclass(frozen=True, slots=True)
class Scores:
    """Metrics and one file of human scores, all turned so that higher is better.

    Attributes:
        metrics: Names.
        systems: The metrics' scores of systems, shape (metrics, systems).
        people: Those of people, shape (systems,).
        segments: The metrics' scores of segments, each of shape (systems, segments); None if only
            systems were scored.
        rated: Those of people, NaN where nobody scored.
    """

    metrics: tuple[str, ...]
    systems: Floats
    people: Floats
    segments: tuple[Floats, ...] | None = None
    rated: Floats | None = None


Place: TypeAlias = tuple[str, str, str]
"""Level, statistic and metric."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for one file of human scores.

    Attributes:
        figures: Every figure that was tested.
        differences: Between metrics, two and two.
    """

    figures: Mapping[Place, Against]
    differences: tuple[Difference, ...]


def judge(
    files: Sequence[Scores],
    *,
    samples: int,
    seed: int,
    done: Callable[[int], None] = lambda _steps: None,
) -> list[Judged]:
    """Tests and judges everything that one command compares.

    Args:
        files: One a file of human scores.
        samples: Exchanges of scores, at least; more where the number of tests needs them.
        seed: Of the random numbers.
        done: Called with 1 after each file.

    Returns:
        One a file, in the same order.
    """
    each = [len(STATISTICS) + (len(_ON_SEGMENTS) if f.segments is not None else 0) for f in files]
    figures = sum(n * len(f.metrics) for n, f in zip(each, files, strict=True))
    tests = sum(n * math.comb(len(f.metrics), 2) for n, f in zip(each, files, strict=True))
    orders = max(_ORDERS, _enough(figures))
    exchanges = max(samples, _enough(tests))
    chances, differences = [], []
    for scores in files:
        chances.append(_chances(scores, orders, seed))
        differences.append(list(_exchanges(scores, chances[-1], exchanges, seed)))
        done(1)
    against = _against(chances)
    family = [found for own in differences for _, _, found in own]
    corrected, size = _corrected([(e.p_value, e.smallest if e.units else 1.0) for e in family])
    each_corrected = iter(corrected)
    return [
        Judged(
            figures=figures_of,
            differences=tuple(
                _difference(place, names, found, next(each_corrected), size, figures_of)
                for place, names, found in own
            ),
        )
        for figures_of, own in zip(against, differences, strict=True)
    ]


def _enough(tests: int) -> int:
    """Returns how many arrangements make the smallest p-value half of what Holm may ask for."""
    return math.ceil(2 * tests / ALPHA)


def _chances(scores: Scores, orders: int, seed: int) -> dict[Place, Chance]:
    found: dict[Place, Chance] = {}
    for name, own in zip(scores.metrics, scores.systems, strict=True):
        for statistic in STATISTICS:
            chance = chance_on_systems(statistic, own, scores.people, orders, seed)
            if chance is not None:
                found[SYSTEM, statistic, name] = chance
    if scores.segments and scores.rated is not None:
        on_segments = chance_on_segments(scores.segments, scores.rated, orders, seed)
        for name, chances in zip(scores.metrics, on_segments, strict=True):
            found |= {(SEGMENT, statistic, name): chance for statistic, chance in chances.items()}
    return found


_Pair: TypeAlias = tuple[str, str]


def _exchanges(
    scores: Scores, chances: Mapping[Place, Chance], samples: int, seed: int
) -> Iterator[tuple[_Pair, _Pair, Exchange]]:
    """Yields (level, statistic), the two metrics, and what exchanging their scores came to."""
    on_segments = {
        statistic: exchange_segments(_rows(statistic, scores, chances), samples, seed)
        for statistic in _ON_SEGMENTS
        if scores.segments
    }
    for (i, first), (j, second) in combinations(enumerate(scores.metrics), 2):
        for statistic in STATISTICS:
            totals = scores.systems[i], scores.systems[j]
            found = exchange_systems(statistic, totals, scores.people, samples, seed)
            if found is not None:
                yield (SYSTEM, statistic), (first, second), found
        for statistic, pairs in on_segments.items():
            if (i, j) in pairs:
                yield (SEGMENT, statistic), (first, second), pairs[i, j]


def _rows(statistic: str, scores: Scores, chances: Mapping[Place, Chance]) -> list[Rows | None]:
    assert scores.segments is not None
    assert scores.rated is not None
    rows: list[Rows | None] = []
    for name, own in zip(scores.metrics, scores.segments, strict=True):
        chance = chances.get((SEGMENT, statistic, name))
        if chance is None:
            rows.append(None)
        elif statistic == PEARSON:
            rows.append(pearson_rows(own, scores.rated))
        elif statistic == KENDALL:
            rows.append(mean_rows(item_taus(own, scores.rated), chance.line))
        else:
            epsilon = calibrate(own, scores.rated)[1]
            rows.append(mean_rows(item_accuracies(own, scores.rated, epsilon), chance.line))
    return rows


def _corrected(tests: Sequence[tuple[float, float]]) -> tuple[list[tuple[float, bool]], int]:
    """Corrects p-values of one family for their number.

    Args:
        tests: p-value, and the smallest that each test could give.

    Returns:
        The p-value after `holm`, and whether it could have been small enough, for each test; and
        the number of tests that those were held against which could not.
    """
    count = 1
    while sum(smallest < ALPHA / count for _, smallest in tests) > count:
        count += 1
    able = [smallest < ALPHA / count for _, smallest in tests]
    adjusted = iter(holm([p for (p, _), fits in zip(tests, able, strict=True) if fits]))
    return [
        (next(adjusted) if fits else min(1.0, count * p), fits)
        for (p, _), fits in zip(tests, able, strict=True)
    ], count


def _against(chances: Sequence[Mapping[Place, Chance]]) -> list[dict[Place, Against]]:
    family = [(c.p_value, c.smallest) for own in chances for c in own.values()]
    corrected = iter(_corrected(family)[0])
    return [
        {place: Against(c, _outcome(1.0, next(corrected))) for place, c in own.items()}
        for own in chances
    ]


def _outcome(delta: float, corrected: tuple[float, bool]) -> Outcome:
    p_value, able = corrected
    return outcome_of(delta, p_value, 0.0 if able else 1.0)


def _difference(
    place: _Pair,
    names: _Pair,
    found: Exchange,
    corrected: tuple[float, bool],
    tests: int,
    figures: Mapping[Place, Against],
) -> Difference:
    verdict = _outcome(found.delta, corrected)
    if not found.units:
        verdict = Outcome.IDENTICAL
    elif verdict.real:
        above = figures[*place, names[found.delta > 0]].outcome
        verdict = verdict if above is Outcome.BETTER else above
    few = verdict is Outcome.TOO_FEW
    needed = 1 + math.floor(math.log2(2 * tests / ALPHA)) if few else 0
    return Difference(
        *place, *names,
        delta=found.delta, p_value=found.p_value, p_holm=corrected[0], verdict=verdict,
        permutations=found.tried, exact=found.exact,
        units=found.units, needed=needed if needed > found.units else 0,
    )  # fmt: skip

"""Is a difference between two systems real? One test, one family, one outcome for every command.

The test is approximate randomisation (Noreen 1989; Riezler & Maxwell 2005): if two systems were
equally good, the two outputs of any segment could be exchanged. The p-value is the share of
exchanges, the observed one included, whose difference is *at least* as large as the observed one:
with ties counted it is valid at any number of segments. Where few segments differ all exchanges are
tried and p is exact; elsewhere trials are drawn until the answer at the corrected level is clear.

A *family* is all systems that are compared on one metric, copies of a system counted once (Holm
1979). So no verdict hangs on which rules somebody wrote or which other metrics are computed, and
each metric has its own error rate.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.judging.outcome import (
    ALPHA,
    EXACT,
    RANDOMISATION,
    SEED,
    Comparison,
    Outcome,
    attainable_holm,
    holm,
    outcome_of,
)
from xindaya.metrics.metric import Metric, Rows, sum_rows
from xindaya.metrics.resampling import columns_of

POWER = 0.8
"""Share of cases in which a difference of `Comparison.detectable` is shown."""

_EXACT_SEGMENTS = 13  # up to 2^12 arrangements and their mirror images are all tried
_FIRST_TRIALS = 2000
_GROWTH = 4
_BUDGET = 64_000
_SURE = 4.0  # standard errors; an answer is clear in all but 1 of 10,000 cases
_ROUNDING = 1e-9  # a difference this close to the observed one equals it
_BLOCK_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two systems, or one system twice, on the same segments.

    Attributes:
        baseline: Name of the first.
        system: Name of the second, which is judged.
        rows: Metric name to the statistics of both, each of shape (segments, columns).
    """

    baseline: str
    system: str
    rows: Mapping[str, tuple[Rows, Rows]]


def pairs_with(baseline: str, systems: Sequence[str], rows: Mapping[str, Rows]) -> list[Pair]:
    """Pairs every other system with one of them.

    Args:
        baseline: One of the systems.
        systems: Their names.
        rows: Metric name to statistics of shape (systems, segments, columns).
    """
    first = systems.index(baseline)
    return [
        Pair(baseline, system, {name: (own[first], own[k]) for name, own in rows.items()})
        for k, system in enumerate(systems)
        if k != first
    ]


def judge(
    metrics: Mapping[str, Metric],
    pairs: Sequence[Pair],
    *,
    alpha: float = ALPHA,
    seed: int = SEED,
) -> list[Comparison]:
    """Judges every pair on every metric that it has statistics of.

    Args:
        metrics: Metric name to metric.
        pairs: What to compare; all pairs with one metric are one family.
        alpha: Level of each family.
        seed: Of the random numbers; a p-value hangs on it and on the pair's own rows alone, but for
            how many trials are drawn.

    Returns:
        One comparison a pair and metric, pair by pair; none where no segment has a score in both.
    """
    tests: dict[tuple[str, bytes], _Test] = {}
    found: list[tuple[Pair, str, _Test]] = []
    for pair in pairs:
        for name, metric in metrics.items():
            if name in pair.rows:
                then, now = metric.paired(*pair.rows[name])
                if not metric.scored(then).any():
                    continue  # no segment has a score on both sides: there is nothing to compare
                key = name, _digest(then, now)
                if key not in tests:
                    tests[key] = _Test.of(name, metric, then, now)
                found.append((pair, name, tests[key]))
    families = {
        name: _Family([t for t in tests.values() if t.name == name and t.differing], alpha)
        for name in metrics
    }
    _run(list(families.values()), seed)
    return [families[name].comparison(pair, test, seed) for pair, name, test in found]


def needed_segments(tests: int, alpha: float) -> int:
    """Returns how many segments must differ before any arrangement of them can be significant.

    The smallest p-value of m segments is 2 / 2^m: the observed arrangement and its mirror image.
    """
    return math.floor(1 + math.log2(max(1, tests) / alpha)) + 1


@dataclass(slots=True, eq=False)
class _Test:
    """One test while its trials are counted.

    Attributes:
        name: Of the metric.
        metric: What scores sums.
        delta: Score now minus score then.
        rows: Statistics then and now.
        sums: Summed rows then and now.
        differing: Segments whose rows differ.
        observed: Distance of the two scores, computed as the trials' are.
        beyond: Trials at least as far apart.
        tried: Trials.
        exact: Whether all arrangements were tried.
        smallest: The smallest p-value that these segments can give.
    """

    name: str
    metric: Metric
    delta: float
    rows: tuple[Rows, Rows]
    sums: NDArray[np.float64]
    differing: int
    observed: float
    beyond: int = 0
    tried: int = 0
    exact: bool = False
    smallest: float = 1.0

    @classmethod
    def of(cls, name: str, metric: Metric, then: Rows, now: Rows) -> _Test:
        """Prepares a test; one of few segments is decided at once."""
        sums = np.array([sum_rows(then), sum_rows(now)], dtype=np.float64)
        scores = metric.scores(sums)
        differs = (then != now).any(axis=1)
        test = cls(
            name=name,
            metric=metric,
            delta=metric.score(sum_rows(now)) - metric.score(sum_rows(then)),
            rows=(then, now),
            sums=sums,
            differing=int(differs.sum()),
            observed=abs(float(scores[1] - scores[0])),
        )
        if 0 < test.differing <= _EXACT_SEGMENTS:
            test._try_all(test.change[differs])
        elif test.differing:
            test.smallest = 2.0 ** (1 - min(test.differing, 1000))
        return test

    @property
    def compared(self) -> int:
        """Segments that have a score on both sides."""
        return int(self.metric.scored(self.rows[0]).sum())

    @property
    def change(self) -> Rows:
        """What the exchange of a segment adds to the sum of now, shape (segments, columns)."""
        return self.rows[0] - self.rows[1]

    @property
    def p_value(self) -> float:
        """Share of arrangements at least as far apart; 1 where nothing differs."""
        if not self.differing:
            return 1.0
        if self.exact:
            return self.beyond / self.tried
        return (self.beyond + 1) / (self.tried + 1)

    def bounds(self) -> tuple[float, float]:
        """Returns between what the p-value lies for sure (Wilson's interval of a share)."""
        if self.exact:
            return self.p_value, self.p_value
        n, z2 = self.tried, _SURE * _SURE
        share = self.beyond / n
        middle = share + z2 / (2 * n)
        spread = _SURE * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max((middle - spread) / (1 + z2 / n), 0.0), (middle + spread) / (1 + z2 / n)

    def add(self, gains: NDArray[np.float64]) -> None:
        """Counts trials, given what each adds to the sum of now; shape (trials, columns)."""
        differences = self._differences(gains)
        self.beyond += int((np.abs(differences) >= self.observed - _ROUNDING).sum())
        self.tried += len(differences)

    def detectable(self, alpha: float) -> float | None:
        """Returns the difference that is shown with probability `POWER`, in points.

        A difference δ is shown if it is z(α/2) standard deviations of the exchanges, which scatter
        by the segments' own variance V and by δ²/n for the difference itself; it is itself
        scattered by V. So δ = z(α/2)·√(V + δ²/n) + z(power)·√V, which is quadratic in δ.

        Args:
            alpha: Level of this one test, two-sided.
        """
        n = self.compared
        a, b = (NormalDist().inv_cdf(share) for share in (1 - alpha / 2, POWER))
        if not self.differing or n <= a * a or self.smallest >= alpha:
            return None
        lead = 1 - a * a / n
        root = math.sqrt(b * b - lead * (b * b - a * a))
        return math.sqrt(self._variance()) * (b + root) / lead

    def _variance(self) -> float:
        """Returns the jackknife variance of the difference of scores (Efron and Stein 1981)."""
        n = self.compared
        then, now = (
            self.metric.scores(total - rows.astype(np.float64))
            for total, rows in zip(self.sums, self.rows, strict=True)
        )
        without = np.asarray(now - then, dtype=np.float64)[self.metric.scored(self.rows[0])]
        return float((n - 1) * without.var())

    def _try_all(self, change: Rows) -> None:
        """Tries all arrangements; a mirror image has the same distance and is not tried."""
        patterns = np.arange(2 ** (len(change) - 1))
        swapped = (patterns[:, None] >> np.arange(len(change))) & 1
        distances = np.abs(self._differences(swapped.astype(np.float64) @ change))
        self.exact, self.tried = True, len(patterns)
        self.beyond = int((distances >= self.observed - _ROUNDING).sum())
        self.smallest = int((distances >= distances.max() - _ROUNDING).sum()) / self.tried

    def _differences(self, gains: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns the score of now minus that of then after exchanges."""
        after = self.metric.scores(self.sums[1] + gains)
        before = self.metric.scores(self.sums[0] - gains)
        return np.asarray(after - before, dtype=np.float64)


@dataclass(eq=False)
class _Family:
    """All different tests of one metric.

    Attributes:
        tests: Those in which something differs; copies stand once.
        alpha: Level of the family.
    """

    tests: list[_Test]
    alpha: float

    @property
    def budget(self) -> int:
        """Trials of one test at the most: enough for the smallest level that is asked of one."""
        return max(_BUDGET, math.ceil(2 * len(self.tests) / self.alpha))

    def unclear(self) -> list[_Test]:
        """Returns the tests whose answer may still change with more trials."""
        bounds = [test.bounds() for test in self.tests]
        low, high = (holm([b[side] for b in bounds]) for side in (0, 1))
        return [
            test
            for test, least, most in zip(self.tests, low, high, strict=True)
            if least < self.alpha <= most and not test.exact
        ]

    @cached_property
    def _corrected(self) -> dict[int, tuple[float, float]]:
        """Corrected p-value and the best one attainable, by test."""
        p_values = [test.p_value for test in self.tests]
        best = attainable_holm(p_values, [test.smallest for test in self.tests])
        pairs = zip(holm(p_values), best, strict=True)
        return {id(test): pair for test, pair in zip(self.tests, pairs, strict=True)}

    @cached_property
    def _unclear(self) -> set[int]:
        return {id(test) for test in self.unclear()}

    def comparison(self, pair: Pair, test: _Test, seed: int) -> Comparison:
        """Returns a finished test with its outcome in the family."""
        p_holm, attainable = self._corrected.get(id(test), (1.0, 1.0))
        gain = test.delta if test.metric.higher_is_better else -test.delta
        outcome = (
            outcome_of(gain, p_holm, attainable, self.alpha)
            if test.differing
            else Outcome.IDENTICAL
        )
        if outcome.real and abs(test.delta) <= test.metric.floor(test.compared):
            outcome = Outcome.CHANCE  # the metric disagrees with itself as much
        tests = max(1, len(self.tests))
        return Comparison(
            baseline=pair.baseline,
            system=pair.system,
            metric=test.name,
            delta=test.delta,
            p_value=test.p_value,
            p_holm=p_holm,
            outcome=outcome,
            method=RANDOMISATION if test.differing > _EXACT_SEGMENTS else EXACT,
            samples=max(1, test.tried),
            seed=seed,
            differing=test.differing,
            needed=needed_segments(tests, self.alpha) if outcome is Outcome.TOO_FEW else 0,
            tests=tests,
            alpha=self.alpha,
            settled=id(test) not in self._unclear,
            detectable=test.detectable(self.alpha / tests),
            compared=test.compared,
        )


def _run(families: Sequence[_Family], seed: int) -> None:
    """Draws trials until every answer is clear or the budget of its family is spent."""
    open_tests = [t for family in families for t in family.tests if not t.exact]
    most = max((family.budget for family in families), default=0)
    drawn, target = 0, _FIRST_TRIALS
    while open_tests:
        _draw(open_tests, drawn, target, seed)
        drawn, target = target, min(_GROWTH * target, most)
        open_tests = [
            test for family in families if drawn < family.budget for test in family.unclear()
        ]


def _draw(tests: Sequence[_Test], start: int, stop: int, seed: int) -> None:
    """Adds trials to tests; all see the same exchanges, so that one product serves them all."""
    places: dict[str, list[_Test]] = {}
    for test in tests:
        places.setdefault(test.name, []).append(test)
    changes = {name: np.stack([t.change for t in own]) for name, own in places.items()}
    columns = columns_of(changes)
    for swapped in _exchanges(columns[0].segments, start, stop, seed):
        for some in columns:
            sums = some.sums(swapped)
            for name in some.names:
                for test, gains in zip(places[name], some.parts(name, sums), strict=True):
                    test.add(gains)


def _exchanges(segments: int, start: int, stop: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yields which segments are exchanged in each trial, in blocks of (trials, segments).

    The stream hangs on where it starts, not on who is still in the test.
    """
    width = -(-segments // 8)
    block = max(1, _BLOCK_BYTES // (4 * segments))
    rng = np.random.default_rng((seed, start))
    for first in range(start, stop, block):
        size = min(block, stop - first)
        drawn = np.frombuffer(rng.bytes(size * width), dtype=np.uint8).reshape(size, width)
        yield np.unpackbits(drawn, axis=1, count=segments).astype(np.float32)


def _digest(then: Rows, now: Rows) -> bytes:
    """Returns what copies of a system have in common."""
    digest = hashlib.blake2b(str((then.shape, then.dtype, now.dtype)).encode(), digest_size=16)
    for rows in (then, now):
        digest.update(np.ascontiguousarray(rows).data)
    return digest.digest()

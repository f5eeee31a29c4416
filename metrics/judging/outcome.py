"""What a comparison comes to: the words, the levels and the correction that every command shares.

Nothing here computes a statistic. `xindaya.metrics.judging.family` tests scores; drift, agreement
and preferences have tests of their own and use the same words.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

ALPHA = 0.05
"""A corrected p-value below it is called a real difference."""

SEED = 12345
BOOTSTRAP_SAMPLES = 1000
RANDOMISATION_SAMPLES = 10_000
MAX_SEED = 2**63 - 1
MAX_SAMPLES = 1_000_000
"""The most that may be asked for instead: a digit too many would run for days."""
BOOTSTRAP = "bootstrap"
RANDOMISATION = "approximate randomisation"
EXACT = "exact randomisation"
JUDGED = "judged"
"""The choice of the test that decides, without sacrebleu's beside it."""


class Outcome(enum.StrEnum):
    """What a comparison comes to; `REAL` where neither side of a difference is the better one."""

    BETTER = "better"
    WORSE = "worse"
    REAL = "real"
    CHANCE = "could be chance"
    TOO_FEW = "too few to tell"
    IDENTICAL = "identical"

    @property
    def real(self) -> bool:
        """True if the data show a difference."""
        return self in (Outcome.BETTER, Outcome.WORSE, Outcome.REAL)


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % bootstrap interval of a score.

    Attributes:
        low: 2.5 % percentile of the resampled scores.
        high: 97.5 % percentile. Half of ``high - low`` is the ± that sacrebleu prints.
        mean: Mean of the resampled scores.
        samples: Number of resamples.
        seed: Seed of the random numbers.
    """

    low: float
    high: float
    mean: float
    samples: int
    seed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of one system against the baseline on one metric, and what it comes to.

    Attributes:
        baseline: Name of the baseline system.
        system: Name of the other system.
        metric: Metric name.
        delta: Score of the system minus score of the baseline.
        p_value: In (0, 1]: the share of arrangements at least as far apart as the two systems are;
            1 if their statistics are equal.
        p_holm: The same after Holm's correction for the systems compared on the metric.
        outcome: The judgement, at the level that was asked for.
        method: `EXACT` or `RANDOMISATION`.
        samples: Arrangements tried.
        seed: Seed of the random numbers.
        differing: Segments whose statistics differ between the two.
        needed: How many it would take for any verdict, where the outcome is `TOO_FEW`; else 0.
        tests: Tests in the family: systems compared on the metric, copies counted once.
        alpha: Level of the family.
        settled: False if the budget of arrangements was spent before the answer was clear: the
            corrected p-value is within Monte-Carlo error of the level.
        detectable: The smallest difference in points that this test set shows in four of five
            cases; None where no difference of any size would be shown.
        compared: Segments that have a score on both sides: the difference is theirs alone.
        p_sacrebleu: sacrebleu's p-value, if it was asked for; it decides nothing.
    """

    baseline: str
    system: str
    metric: str
    delta: float
    p_value: float
    p_holm: float
    outcome: Outcome
    method: str
    samples: int
    seed: int
    differing: int
    needed: int = 0
    tests: int = 1
    alpha: float = ALPHA
    settled: bool = True
    detectable: float | None = None
    compared: int | None = None
    p_sacrebleu: float | None = None

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of `p_value`; 0 where every arrangement was tried."""
        if self.method == EXACT or self.outcome is Outcome.IDENTICAL:
            return 0.0
        return math.sqrt(self.p_value * (1 - self.p_value) / self.samples)


def outcome_of(
    delta: float, p_corrected: float, attainable: float, alpha: float = ALPHA
) -> Outcome:
    """Puts a test into words, but for `Outcome.IDENTICAL`, which the caller knows.

    Args:
        delta: The difference, positive where it is a gain.
        p_corrected: p-value, corrected for the family.
        attainable: The smallest corrected p-value that data of this size could give, however they
            had fallen.
        alpha: Level.
    """
    if p_corrected < alpha and delta:
        return Outcome.BETTER if delta > 0 else Outcome.WORSE
    return Outcome.TOO_FEW if attainable >= alpha else Outcome.CHANCE


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusts p-values for their number (Holm 1979).

    Returns:
        Adjusted p-values in the same order; judging all of them at α keeps the chance of a single
        false positive below α.
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, position in enumerate(ranked):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = largest
    return adjusted


def attainable_holm(p_values: Sequence[float], smallest: Sequence[float]) -> list[float]:
    """Returns what each test could come to at best after `holm`, the others being as they are.

    Args:
        p_values: Of the family.
        smallest: The smallest p-value that each test could give, in the same order.
    """
    best = []
    for position, least in enumerate(smallest):
        others = list(p_values)
        others[position] = min(least, p_values[position])
        best.append(holm(others)[position])
    return best

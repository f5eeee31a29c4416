"""What intervals and paired tests say; how they are computed is in `xindaya.metrics.resampling`."""

from __future__ import annotations

from dataclasses import dataclass

ALPHA = 0.05
"""A corrected p-value below it is called a real difference."""

SEED = 12345
BOOTSTRAP_SAMPLES = 1000
RANDOMISATION_SAMPLES = 10_000
BOOTSTRAP = "bootstrap"
RANDOMISATION = "approximate randomisation"


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
    """A paired test of one system against the baseline on one metric.

    Attributes:
        baseline: Name of the baseline system.
        system: Name of the other system.
        metric: Metric name.
        delta: Score of the system minus score of the baseline.
        p_value: In (0, 1]; 1 if the outputs are identical. Equal to sacrebleu's.
        p_holm: The same after Holm's correction for the number of systems compared on the metric.
        method: `BOOTSTRAP` or `RANDOMISATION`.
        samples: Number of resamples or trials.
        seed: Seed of the random numbers.
    """

    baseline: str
    system: str
    metric: str
    delta: float
    p_value: float
    p_holm: float
    method: str
    samples: int
    seed: int

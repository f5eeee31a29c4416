"""How to evaluate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xindaya.metrics import Metric, make_metrics
from xindaya.metrics.judging.outcome import (
    ALPHA,
    BOOTSTRAP,
    BOOTSTRAP_SAMPLES,
    JUDGED,
    MAX_SAMPLES,
    MAX_SEED,
    RANDOMISATION,
    SEED,
)
from xindaya.metrics.measures import MetricOptions
from xindaya.pairs import UsageError
from xindaya.pairs.lines import LARGEST_MAX_CHARS

if TYPE_CHECKING:
    from xindaya.scores import Source

DEFAULT_METRICS = ("bleu", "chrf")

_LIMITS = {
    "test_samples": (1, MAX_SAMPLES),
    "confidence_samples": (0, MAX_SAMPLES),
    "seed": (0, MAX_SEED),
    "max_segment_chars": (1, LARGEST_MAX_CHARS),
}


def check_limit(name: str, value: int) -> None:
    """Raises UsageError if a number is none that an option of this name may have."""
    least, most = _LIMITS.get(name, (value, value))
    if not least <= value <= most:
        raise UsageError(f"{name} = {value}; expected a whole number from {least:,} to {most:,}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to evaluate.

    Attributes:
        metrics: Names as in `xindaya.metrics.METRIC_NAMES`.
        tokenize: BLEU tokenizer, or None for the target language's own.
        lowercase: Ignore case in BLEU and chrF.
        force: Allow a BLEU tokenizer that does not fit the target language.
        baseline: System that the others are compared with; None for the first one.
        test: How every system is compared with the baseline: ``judged`` by the test of
            `xindaya.metrics.judging.family`; by the same with sacrebleu's p-values of ``bootstrap``
            or ``approximate randomisation`` beside it; or None for no comparison.
        test_samples: Resamples or trials of sacrebleu's test; None for sacrebleu's number.
        alpha: Corrected p-values below it are real differences.
        confidence_samples: Resamples of the intervals; 0 for no intervals.
        seed: Of all random numbers.
        waivers: Ids of findings that a reviewer has accepted.
        check_data: Check the texts themselves, too (seconds on many systems).
        fold_scripts: Match Simplified and Traditional Chinese terms together.
        cache: Use statistics computed before, and keep those that took long (`xindaya.cache`).
        scores: Measures that were computed elsewhere, or by a command.
        metric_options: Every other option of BLEU, chrF and TER, by the names of
            `xindaya.metrics.measures.OPTIONS`, such as ``{"chrf_beta": 3}``.
    """

    metrics: tuple[str, ...] = DEFAULT_METRICS
    tokenize: str | None = None
    lowercase: bool = False
    force: bool = False
    baseline: str | None = None
    test: str | None = JUDGED
    test_samples: int | None = None
    alpha: float = ALPHA
    confidence_samples: int = BOOTSTRAP_SAMPLES
    seed: int = SEED
    waivers: tuple[str, ...] = ()
    fold_scripts: bool = False
    check_data: bool = True
    cache: bool = True
    scores: tuple[Source, ...] = ()
    metric_options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.test not in (None, JUDGED, BOOTSTRAP, RANDOMISATION):
            raise UsageError(
                f"unknown paired test {self.test!r}; known: {JUDGED}, {BOOTSTRAP}, {RANDOMISATION}"
            )
        if not 0 < self.alpha < 1:
            raise UsageError(f"alpha {self.alpha!r}: expected a number between 0 and 1")
        for name in ("test_samples", "confidence_samples", "seed"):
            if (value := getattr(self, name)) is not None:
                check_limit(name, value)

    def make_metrics(self, target_lang: str) -> dict[str, Metric]:
        """Builds the metrics for a target language, by the names that sacrebleu prints."""
        chosen: dict[str, Any] = {"tokenize": self.tokenize}
        if self.lowercase:
            chosen |= {"lowercase": True, "chrf_lowercase": True}
        options = MetricOptions(target_lang, chosen | {**self.metric_options}, self.force)
        return make_metrics(self.metrics, options)

    @property
    def streams(self) -> bool:
        """True if references and outputs alone are needed, so that nothing need be kept."""
        made = () if self.scores else self.make_metrics("en").values()
        return bool(made) and not any(metric.needs_source for metric in made)

    def expected_metrics(self, target_lang: str = "en") -> dict[str, Metric]:
        """Returns what will be computed, before any score is read: names and directions count."""
        metrics = self.make_metrics(target_lang)
        for source in self.scores:
            check_new(source.title, metrics)
            metrics[source.title] = source.placeholder
        return metrics


def check_new(name: str, others: Iterable[str]) -> None:
    """Raises UsageError if a measure is called as another one, whatever the case."""
    if name.lower() in (other.lower() for other in others):
        raise UsageError(f"{name} twice among the metrics; expected each once")

"""What is said about how far metrics agree with people; computed elsewhere in this folder.

Everything is oriented: a positive number means that the metric and the people agree, also for a
metric or a human score of which lower is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xindaya.metrics.agreement.flags import FlagAgreement
from xindaya.metrics.evaluation import Provenance
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.trust import OUTPUTS, SYSTEMS, TEXTS, Trust
from xindaya.pairs.account import LeftOut

FEW_SYSTEMS = 6
"""With fewer systems, a correlation of systems says next to nothing."""

PEARSON, KENDALL, ACCURACY, TIES = (
    "Pearson",
    "Kendall",
    "pairwise accuracy",
    "tie-calibrated accuracy",
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % bootstrap interval.

    Attributes:
        value: None where it is undefined, such as a correlation with a constant.
        low: 2.5 % percentile; None where nothing could be resampled.
        high: 97.5 % percentile.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure(Estimate):
    """How far a metric agrees with people, beside what a metric gets that has nothing to do with them.

    Attributes:
        chance: The line of chance; None where the value is undefined.
        p_chance: Share of the orders of people's scores that give the metric as much or more; None
            where that is not tested.
        against_chance: `Outcome.BETTER` than chance, at the level of all figures that one command
            tests; `Outcome.CHANCE` or `Outcome.TOO_FEW`; None where that is not tested.
    """

    chance: float | None = None
    p_chance: float | None = None
    against_chance: Outcome | None = None

    @property
    def below_chance(self) -> bool:
        """True if the whole interval lies below the line of chance."""
        return self.high is not None and self.chance is not None and self.high < self.chance


@dataclass(frozen=True, slots=True)
class Point:
    """One system as a metric and as people score it, in their own directions.

    Attributes:
        system: Its name.
        metric: The metric's corpus score over the rated segments, with its interval.
        human: The human score, with its interval if segments were scored.
        segments: How many of its segments are rated; None if only systems were.
    """

    system: str
    metric: Estimate
    human: Estimate
    segments: int | None


@dataclass(frozen=True, slots=True)
class Band:
    """How often people agree with a difference of this size.

    Attributes:
        low: Smallest difference of the metric, in its points.
        high: Differences are smaller than this; None for the last band.
        pairs: How many pairs differ by so much in the metric and at all for people.
        agree: In how many of them people have the same order.
    """

    low: float
    high: float | None
    pairs: int
    agree: int

    @property
    def share(self) -> float | None:
        """Agreeing over all pairs; None without a pair."""
        return self.agree / self.pairs if self.pairs else None


@dataclass(frozen=True, slots=True)
class SystemAgreement:
    """How far a metric orders systems as people do.

    Attributes:
        metric: Its name.
        points: One a system.
        pearson: Pearson correlation.
        kendall: Kendall's tau-b.
        accuracy: Share of system pairs that both order alike (Kocmi et al. 2021).
        resampled: What the intervals are over: ``segments`` or ``systems``.
        everywhere: The three with the metric's scores over all segments, rated or not; the same
            where all are rated.
        bands: Agreement by size of the metric's difference.
    """

    metric: str
    points: tuple[Point, ...]
    pearson: Figure
    kendall: Figure
    accuracy: Figure
    resampled: str
    everywhere: tuple[float | None, float | None, float | None]
    bands: tuple[Band, ...]

    @property
    def pairs(self) -> int:
        """Number of system pairs."""
        return len(self.points) * (len(self.points) - 1) // 2


@dataclass(frozen=True, slots=True)
class Grouping:
    """Segment-level correlation, in one of three ways of grouping the scores.

    Attributes:
        by: ``none`` (all scores together), ``item`` (within a segment, over its systems; then the
            mean over segments) or ``system`` (within a system, over its segments; then the mean).
        pearson: Pearson correlation.
        kendall: Kendall's tau-b.
        groups: Groups in the mean of tau.
        undefined: Groups left out of it: all scores of one side are equal there.
    """

    by: str
    pearson: Figure
    kendall: Figure
    groups: int
    undefined: int


@dataclass(frozen=True, slots=True)
class TieCalibration:
    """Pairwise accuracy within segments, ties counted (Deutsch et al. 2023).

    Attributes:
        accuracy: At the threshold; its interval holds the threshold fixed.
        epsilon: Differences of the metric up to this count as ties: the choice that makes the
            accuracy largest.
        uncalibrated: Accuracy with exact ties only.
        all_ties: Accuracy of calling every pair a tie: the share that people see as equal.
        pairs: Pairs of systems within segments.
    """

    accuracy: Figure
    epsilon: float
    uncalibrated: float
    all_ties: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the density of segment scores: human on one axis, metric on the other.

    Attributes:
        metric: Number of the metric's bin, from 0.
        human: Number of the human bin, from 0.
        count: Scores in it.
    """

    metric: int
    human: int
    count: int


@dataclass(frozen=True, slots=True)
class Density:
    """Segment scores in squares, both axes in their own directions.

    Attributes:
        metric_edges: Edges of the metric's bins, one more than bins.
        human_edges: Edges of the human bins.
        cells: Those that are not empty.
    """

    metric_edges: tuple[float, ...]
    human_edges: tuple[float, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SegmentAgreement:
    """How far a metric scores segments as people do.

    Attributes:
        metric: Its name.
        observations: Scored outputs.
        groupings: ``none``, ``item``, ``system``.
        ties: The tie-calibrated accuracy; None where people see no difference in any pair.
        bands: Agreement by size of the metric's difference within a segment.
        density: For a chart.
    """

    metric: str
    observations: int
    groupings: tuple[Grouping, ...]
    ties: TieCalibration | None
    bands: tuple[Band, ...]
    density: Density

    def grouping(self, by: str) -> Grouping:
        """Returns one of the three."""
        return next(g for g in self.groupings if g.by == by)


@dataclass(frozen=True, slots=True)
class Difference:
    """Whether one metric agrees with people better than another.

    Attributes:
        level: ``system`` or ``segment``.
        statistic: `PEARSON` (of all scores together for segments), `KENDALL` (within segments),
            `ACCURACY` or `TIES`.
        first: A metric.
        second: Another one.
        delta: How much farther above its line of chance the second is than the first.
        p_value: Two-sided.
        p_holm: After Holm's correction over every difference that one command tests: all pairs of
            metrics, statistics, levels and files of human scores. Differences that no arrangement
            could show, and those between metrics that score alike, are no tests.
        verdict: Of the second against the first. A metric that is not above chance is not better.
        permutations: How many; all there are if `exact`.
        exact: True if every permutation was tried.
        units: Systems or segments in which the two differ.
        needed: How many it would take for any verdict, where there are too few; else 0.
    """

    level: str
    statistic: str
    first: str
    second: str
    delta: float
    p_value: float
    p_holm: float
    verdict: Outcome
    permutations: int
    exact: bool
    units: int
    needed: int = 0

    @property
    def better(self) -> str:
        """Name of the metric with the larger figure."""
        return self.second if self.delta > 0 else self.first

    @property
    def other(self) -> str:
        """Name of the other one."""
        return self.first if self.delta > 0 else self.second


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far metrics agree with one set of human scores.

    Attributes:
        systems: The systems that both have, in the order of the corpus.
        higher_is_better: Whether a higher human score is better.
        segments: Segments with at least one human score; None if only systems were scored.
        unscored: Outputs of these systems without a human score.
        system_level: One a metric.
        segment_level: One a metric; empty if only systems were scored.
        differences: Between metrics, two and two.
        samples: Resamples of every interval.
        seed: Of all random numbers.
    """

    systems: tuple[str, ...]
    higher_is_better: bool
    segments: int | None
    unscored: int
    system_level: tuple[SystemAgreement, ...]
    segment_level: tuple[SegmentAgreement, ...]
    differences: tuple[Difference, ...]
    samples: int
    seed: int


@dataclass(frozen=True, slots=True)
class HumanFile:
    """A file of human scores and how it fits the corpus.

    Attributes:
        name: Of the file, without its folder.
        kind: ``segments``, ``systems`` or ``mqm``.
        measure: What the scores are called there.
        orientation: Which end is good, and what that is read from.
        only_corpus: Systems of the corpus without a human score.
        only_human: Systems scored there that are not in the corpus.
        notes: What else a reader should know, a sentence each.
        left_out: What of the file is no score, error or rated text.
    """

    name: str
    kind: str
    measure: str
    orientation: str
    only_corpus: tuple[str, ...]
    only_human: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class FileAgreement:
    """How far the metrics agree with one file of human scores.

    Attributes:
        file: The file.
        agreement: The numbers.
        flags: How terminology flags meet marked errors; empty without spans or a termbase.
    """

    file: HumanFile
    agreement: Agreement
    flags: tuple[FlagAgreement, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything the views of ``xindaya agree`` show.

    Attributes:
        corpus: Name of the corpus.
        segments: Its number of segments.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        signatures: Metric name to signature.
        higher_is_better: Metric name to its direction.
        files: One a file of human scores.
        provenance: Versions and seed.
    """

    corpus: str
    segments: int
    source_lang: str
    target_lang: str
    signatures: Mapping[str, str]
    higher_is_better: Mapping[str, bool]
    files: tuple[FileAgreement, ...]
    provenance: Provenance


def trust_of(report: AgreementReport) -> tuple[Trust, ...]:
    """Reads the three figures of every measure off an agreement, file by file."""
    return tuple(_figures(report))


def _figures(report: AgreementReport) -> Iterator[Trust]:
    for file in report.files:
        systems = file.agreement.system_level
        segments = {s.metric: s for s in file.agreement.segment_level}
        for s in systems:
            yield _trust(s.metric, file.file.name, SYSTEMS, ACCURACY, s.accuracy, len(s.points))
            if own := segments.get(s.metric):
                count = own.observations
                pooled, within = own.grouping("none").pearson, own.grouping("item").kendall
                yield _trust(s.metric, file.file.name, TEXTS, PEARSON, pooled, count)
                yield _trust(s.metric, file.file.name, OUTPUTS, KENDALL, within, count)


def _trust(
    measure: str, file: str, level: str, statistic: str, figure: Figure, compared: int
) -> Trust:
    verdict = "" if figure.against_chance is None else str(figure.against_chance)
    return Trust(
        measure, file, level, statistic, figure.value, figure.low, figure.high, figure.chance,
        verdict, compared,
    )  # fmt: skip

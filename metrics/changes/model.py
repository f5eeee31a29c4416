"""The values of a comparison; views read them and compute nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from xindaya.metrics.chrf import CHRF
from xindaya.metrics.evaluation import Evaluation, Finding, GateResult, Unscored
from xindaya.metrics.judging.outcome import Comparison, Interval, Outcome
from xindaya.metrics.terminology import Drift, Occurrence, TermSummary, TermUse, Verdict

_ASTRAY = (Verdict.FORBIDDEN, Verdict.DEPRECATED)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One metric of one system.

    Attributes:
        before: Score in the old run.
        after: Score in the new run.
        test: The paired test of new against old, judged with all systems of both runs;
            ``test.delta`` is ``after - before``.
        interval: 95 % bootstrap interval of the difference; None where too few segments differ.
        higher_is_better: Whether a rise is a gain.
        digits: Decimals that the scores are shown with.
    """

    before: float
    after: float
    test: Comparison
    interval: Interval | None
    higher_is_better: bool
    digits: int = 2

    @property
    def metric(self) -> str:
        """Name of the metric."""
        return self.test.metric

    @property
    def delta(self) -> float:
        """Score after minus score before."""
        return self.test.delta

    @property
    def outcome(self) -> Outcome:
        """What the test comes to."""
        return self.test.outcome

    @property
    def gain(self) -> float:
        """By how much it got better; negative if it got worse, whatever the metric's direction."""
        return self.delta if self.higher_is_better else -self.delta


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """The score of one segment.

    Attributes:
        position: Of the segment in the corpus.
        before: Segment score in the old run.
        after: Segment score in the new run.
        gain: By how much it got better; negative if it got worse, whatever the metric's direction.
    """

    position: int
    before: float
    after: float
    gain: float


@dataclass(frozen=True, slots=True)
class SegmentChanges:
    """All segments of one system by one metric.

    Attributes:
        metric: Name of the metric.
        changes: Segments whose score changed, the largest loss first, the largest gain last.
        unchanged: Number of the others.
    """

    metric: str
    changes: tuple[SegmentChange, ...]
    unchanged: int

    @property
    def worse(self) -> tuple[SegmentChange, ...]:
        """Segments that got worse, the largest loss first."""
        return tuple(c for c in self.changes if c.gain < 0)

    @property
    def better(self) -> tuple[SegmentChange, ...]:
        """Segments that got better, the largest gain first."""
        gains = [c for c in self.changes if c.gain > 0]
        return tuple(sorted(gains, key=lambda c: (-c.gain, c.position)))


@dataclass(frozen=True, slots=True)
class RenderingChange:
    """How often a rendering is used before and after; statuses as in `Rendering`."""

    text: str
    status: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class OccurrenceChange:
    """One occurrence of a term that is judged or rendered otherwise than before."""

    before: Occurrence
    after: Occurrence


@dataclass(frozen=True, slots=True)
class TermChange:
    """One concept in one system.

    Attributes:
        concept: Concept id.
        term: Source term to show: the head of the concept's entry.
        target: Preferred form in the target language.
        before: Its use in the old run; None if every occurrence is waived there.
        after: Its use in the new run, likewise.
        renderings: All renderings of both runs, the most frequent first.
        moved: Occurrences that are judged or rendered otherwise, in reading order.
        drift: Distance between the two runs, judged with all concepts; None if every occurrence is
            waived in one of them.
    """

    concept: str
    term: str
    target: str
    before: TermUse | None
    after: TermUse | None
    renderings: tuple[RenderingChange, ...]
    moved: tuple[OccurrenceChange, ...]
    drift: Drift | None

    @property
    def verdict(self) -> Outcome:
        """Whether the renderings differ by more than chance."""
        return self.drift.outcome if self.drift else Outcome.TOO_FEW

    @property
    def newly_astray(self) -> bool:
        """True if an occurrence is now rendered by a forbidden or deprecated form, and was not."""
        return any(
            m.after.verdict in _ASTRAY and not m.after.waived and m.before.verdict not in _ASTRAY
            for m in self.moved
        )

    @property
    def gained(self) -> tuple[RenderingChange, ...]:
        """Renderings that the old run does not use."""
        return tuple(r for r in self.renderings if not r.before)

    @property
    def lost(self) -> tuple[RenderingChange, ...]:
        """Renderings that the new run does not use any more."""
        return tuple(r for r in self.renderings if not r.after)


@dataclass(frozen=True, slots=True)
class TermChanges:
    """The terms of one system.

    Attributes:
        before: Sums of the old run.
        after: Sums of the new run.
        errors: Number of term errors before and after: occurrences rendered wrongly, or not at
            all without an excuse.
        terms: Every concept that occurs, those with new errors first.
        newly_forbidden: Occurrences with a forbidden rendering that had none.
        no_longer_forbidden: The reverse.
        newly_unresolved: Occurrences without a rendering or an excuse that had one or the other.
        resolved: The reverse.
    """

    before: TermSummary
    after: TermSummary
    errors: tuple[int, int]
    terms: tuple[TermChange, ...]
    newly_forbidden: tuple[OccurrenceChange, ...]
    no_longer_forbidden: tuple[OccurrenceChange, ...]
    newly_unresolved: tuple[OccurrenceChange, ...]
    resolved: tuple[OccurrenceChange, ...]

    @property
    def changed(self) -> tuple[TermChange, ...]:
        """The concepts of which an occurrence is judged or rendered otherwise."""
        return tuple(t for t in self.terms if t.moved)


@dataclass(frozen=True, slots=True)
class SystemChange:
    """One system of both runs.

    Attributes:
        system: Its name in the new run.
        was: Its name in the old run.
        edited: Positions of the segments whose text differs.
        scores: One a metric.
        segments: One a metric, in the same order.
        terms: None if the terms were not checked in both runs.
    """

    system: str
    was: str
    edited: tuple[int, ...]
    scores: tuple[ScoreChange, ...]
    segments: tuple[SegmentChanges, ...]
    terms: TermChanges | None

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """What became of its scores."""
        return frozenset(s.outcome for s in self.scores)

    def by(self, metric: str) -> SegmentChanges:
        """Returns its segments by one metric."""
        return next(s for s in self.segments if s.metric == metric)


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """Findings that one run has and the other has not, by id and kind.

    Of the systems compared and of the test set.
    """

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]

    @property
    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Kind to the numbers of new and of gone findings, most new ones first."""
        new, gone = (Counter(f.kind for f in group) for group in (self.new, self.gone))
        kinds = sorted({*new, *gone}, key=lambda kind: (-new[kind], -gone[kind], kind))
        return {kind: (new[kind], gone[kind]) for kind in kinds}


@dataclass(frozen=True, slots=True)
class GateChange:
    """A rule that is met in one run and not in the other, or that only one run has.

    Attributes:
        system: Name in the new run.
        rule: As the spec writes it.
        before: Its result in the old run, if the rule was there.
        after: Its result in the new run, if it is there.
    """

    system: str
    rule: str
    before: GateResult | None
    after: GateResult | None

    @property
    def newly_fails(self) -> bool:
        """True if it fails now and did not before."""
        return bool(self.after and not self.after.passed)

    @property
    def newly_passes(self) -> bool:
        """True if it failed before and passes now."""
        return bool(self.before and not self.before.passed and self.after and self.after.passed)


@dataclass(frozen=True)
class Changes:
    """Everything that changed between two runs on one test set.

    Attributes:
        names: What the old and the new run are called.
        old: The old run.
        new: The new run.
        systems: Systems of both, in the order of the new run.
        gone: Systems that only the old run has.
        added: Systems that only the new run has.
        findings: New and gone findings.
        gates: Rules whose result changed.
        not_compared: What could not be compared, with the reason.
        notes: What else differs and may explain a change.
    """

    names: tuple[str, str]
    old: Evaluation
    new: Evaluation
    systems: tuple[SystemChange, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    findings: FindingChanges
    gates: tuple[GateChange, ...]
    not_compared: tuple[Unscored, ...]
    notes: tuple[str, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics compared."""
        return tuple(s.metric for s in self.systems[0].scores)

    @property
    def leading_metric(self) -> str:
        """The metric that segments are ordered by: chrF if there is one, as BLEU is coarse there.

        Empty if no metric was compared.
        """
        chrf = [m for m in self.metrics if isinstance(self.new.metrics[m], CHRF)]
        return next(iter((*chrf, *self.metrics)), "")

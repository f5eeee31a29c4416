"""What is remembered of a recorded run: its numbers, without its texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from xindaya.metrics.measures import TERM_MEASURES, Measure


def _expect(kind: type | tuple[type, ...], *values: object) -> None:
    """Raises TypeError for a value of another type: these come from files that anyone may edit."""
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"a {type(value).__name__} where a run has none")


NO_LABELS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Score:
    """One number of one system.

    Attributes:
        system: Name of the system.
        measure: A metric such as ``chrF2``, or one of `TERM_MEASURES`.
        signature: Of the metric, or of the termbase check.
        value: None where it is undefined: not scored is never 0.
        low: Lower end of the 95 % interval, if one was computed.
        high: Its upper end.
        higher_is_better: Whether more is better.
        digits: Decimals that it is shown with.
    """

    system: str
    measure: str
    signature: str
    value: float | None
    low: float | None = None
    high: float | None = None
    higher_is_better: bool = True
    digits: int = Measure("").digits

    @property
    def of(self) -> Measure:
        """Returns what it is a number of."""
        known = Measure(self.measure, self.higher_is_better, digits=self.digits)
        return TERM_MEASURES.get(self.measure, known)

    def __post_init__(self) -> None:
        _expect(str, self.system, self.measure, self.signature)
        _expect(int, self.digits)
        _expect((float, int, type(None)), self.value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A recorded run in numbers.

    Attributes:
        id: Name of its folder in the store; sorts by time.
        recorded: When, in UTC, such as ``2026-11-21T10:15:00.123Z``.
        name: Of what was run, such as the spec's name.
        note: What the user said about it.
        labels: What the user said about it, by key.
        version: Of Xindaya.
        corpus: Name of the corpus.
        corpus_sha256: Hash of what the scores are measured against.
        segments: Number of segments.
        documents: Number of documents.
        source_lang: Language of the sources.
        target_lang: Language of the outputs.
        termbase: Name of the termbase; empty without one.
        termbase_sha256: Its hash; empty without one.
        terms_signature: Of the termbase check; empty without one.
        baseline: Name of the baseline system, or empty.
        systems: Names of the systems.
        gates_passed: Number of gates met.
        gates_failed: Number of gates not met.
        scores: Every number of every system.
    """

    id: str
    recorded: str
    name: str
    note: str
    labels: Mapping[str, str]
    version: str
    corpus: str
    corpus_sha256: str
    segments: int
    documents: int
    source_lang: str
    target_lang: str
    termbase: str
    termbase_sha256: str
    terms_signature: str
    baseline: str
    systems: tuple[str, ...]
    gates_passed: int
    gates_failed: int
    scores: tuple[Score, ...] = ()

    def __post_init__(self) -> None:
        texts = (self.id, self.recorded, self.name, self.note, self.version, self.corpus,
                 self.corpus_sha256, self.source_lang, self.target_lang, self.termbase,
                 self.termbase_sha256, self.terms_signature, self.baseline)  # fmt: skip
        _expect(str, *texts, *self.systems, *self.labels, *self.labels.values())
        counts = self.segments, self.documents, self.gates_passed, self.gates_failed
        _expect(int, *counts)
        if max(counts) >= 1 << 63:
            raise ValueError("a count beyond 64 bits")

    def score(self, system: str, measure: str) -> Score | None:
        """Returns one number, if the run has it."""
        return next((s for s in self.scores if (s.system, s.measure) == (system, measure)), None)


@dataclass(frozen=True, slots=True)
class RenderingCount:
    """How often a system renders a concept in one way in one run.

    Attributes:
        run: Id of the run.
        system: Name of the system.
        concept: Concept id.
        term: The source form to show.
        text: The rendering; empty for occurrences without one.
        status: A termbase status, ``other-concept``, ``unlisted`` or ``unresolved``.
        count: How often.
    """

    run: str
    system: str
    concept: str
    term: str
    text: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class TermForms:
    """What the termbase of a run calls a concept in the source language."""

    concept: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunNumbers:
    """All that is remembered of one run."""

    run: RecordedRun
    renderings: tuple[RenderingCount, ...] = ()
    forms: tuple[TermForms, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are wanted; an empty field does not restrict.

    Attributes:
        systems: Runs in which one of them takes part; the numbers of others are left out.
        corpus: Name of the corpus, or the beginning of its hash (six digits or more).
        name: Name of the run.
        since: ISO date or time in UTC; runs from then on.
        labels: Labels that a run must have.
        limit: At most the latest so many; None for all.
    """

    systems: tuple[str, ...] = ()
    corpus: str = ""
    name: str = ""
    since: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    limit: int | None = None

    def select(self, runs: Iterable[RecordedRun]) -> tuple[RecordedRun, ...]:
        """Returns the wanted runs in the order of time."""
        kept = [self._narrow(run) for run in runs if self._accepts(run)]
        kept.sort(key=lambda run: (run.recorded, run.id))
        return tuple(kept if self.limit is None else kept[max(0, len(kept) - self.limit) :])

    def _accepts(self, run: RecordedRun) -> bool:
        return (
            (not self.systems or not set(self.systems).isdisjoint(run.systems))
            and (not self.corpus or self._is_corpus(run))
            and (not self.name or self.name == run.name)
            and run.recorded >= self.since
            and self.labels.items() <= run.labels.items()
        )

    def _is_corpus(self, run: RecordedRun) -> bool:
        by_hash = len(self.corpus) >= 6 and run.corpus_sha256.startswith(self.corpus)
        return by_hash or self.corpus == run.corpus

    def _narrow(self, run: RecordedRun) -> RecordedRun:
        if not self.systems:
            return run
        return replace(
            run,
            systems=tuple(s for s in run.systems if s in self.systems),
            scores=tuple(s for s in run.scores if s.system in self.systems),
        )

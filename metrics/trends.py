"""Lines through recorded runs, joined only where the numbers are comparable.

Two runs stand on one line if they have the same test set, the same signature and, for terminology,
the same termbase. Every other run begins a stretch of its own, and the stretch says what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from xindaya.metrics.history import RecordedRun, RenderingCount, Score
from xindaya.metrics.measures import TERM_MEASURES, Measure

T = TypeVar("T")
Renderings = tuple[RenderingCount, ...]

_FOLLOWED = (
    "preferred",
    "admitted",
    "unresolved",
)  # an occurrence without rendering may be a pronoun


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What numbers are measured with: equal yardsticks, comparable numbers.

    Names are shown but do not count: a test set keeps its hash when it is renamed.
    """

    corpus_sha256: str
    signature: str
    termbase_sha256: str = ""
    corpus: str = field(default="", compare=False)
    termbase: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two yardsticks differ.

    Attributes:
        what: ``corpus``, ``termbase`` or ``signature``.
        old: Name and hash, or a field of the signature; empty if it had none.
        new: The same of the later one.
    """

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """What one system does over the runs of a stretch.

    Attributes:
        system: Name of the system.
        values: One a run; None where the system took no part.
    """

    system: str
    values: tuple[T | None, ...]


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Runs that may be joined.

    Attributes:
        yardstick: What they have in common.
        runs: In the order of time.
        lines: One a system, in order of appearance.
        differences: From the stretch before this one; empty for the first.
    """

    yardstick: Yardstick
    runs: tuple[RecordedRun, ...]
    lines: tuple[Line[T], ...]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over the runs.

    Attributes:
        measure: A metric or one of `TERM_MEASURES`.
        higher_is_better: Whether more is better.
        stretches: By the time of their first run.
    """

    measure: str
    higher_is_better: bool
    stretches: tuple[Stretch[Score], ...]

    @property
    def of(self) -> Measure:
        """Returns what is known of the measure; of several runs, the latest says it."""
        scores = [s for x in self.stretches for line in x.lines for s in line.values if s]
        return scores[-1].of if scores else Measure(self.measure, self.higher_is_better)


@dataclass(frozen=True, slots=True)
class TermTrend:
    """The renderings of one concept over the runs.

    Attributes:
        concept: Concept id.
        term: The source form of the latest run.
        stretches: By the time of their first run; a value is empty where the term does not occur.
    """

    concept: str
    term: str
    stretches: tuple[Stretch[Renderings], ...]


def measures_of(runs: Iterable[RecordedRun]) -> tuple[str, ...]:
    """Lists the measures that runs have: metrics first, then those of the termbase check."""
    found = dict.fromkeys(s.measure for run in runs for s in run.scores)
    metrics = [m for m in found if m not in TERM_MEASURES]
    return (*metrics, *(m for m in TERM_MEASURES if m in found))


def shown_measures(runs: Iterable[RecordedRun]) -> tuple[str, ...]:
    """Lists the measures that are shown unasked."""
    return tuple(m for m in measures_of(runs) if m not in TERM_MEASURES or TERM_MEASURES[m].shown)


def score_trend(measure: str, runs: Iterable[RecordedRun]) -> Trend:
    """Arranges one measure of all systems in lines; runs without it are left out."""

    def values(run: RecordedRun) -> dict[str, Score]:
        return {s.system: s for s in run.scores if s.measure == measure}

    def yardstick(run: RecordedRun) -> Yardstick:
        signature = next(s.signature for s in run.scores if s.measure == measure)
        if measure in TERM_MEASURES:
            return _terms_yardstick(run, signature)
        return Yardstick(run.corpus_sha256, signature, corpus=run.corpus)

    stretches = _stretches(runs, yardstick, values)
    better = all(
        s.higher_is_better for x in stretches for line in x.lines for s in line.values if s
    )
    return Trend(measure, better, stretches)


def term_trend(
    concept: str, runs: Iterable[RecordedRun], renderings: Iterable[RenderingCount]
) -> TermTrend:
    """Arranges the renderings of one concept in lines; runs in which it never occurs are left out.

    Args:
        concept: Concept id.
        runs: The runs.
        renderings: Of this concept, or of all.
    """
    found: dict[str, dict[str, list[RenderingCount]]] = defaultdict(lambda: defaultdict(list))
    terms = {}
    for r in renderings:
        if r.concept == concept:
            found[r.run][r.system].append(r)
            terms[r.run] = r.term

    def values(run: RecordedRun) -> dict[str, Renderings]:
        systems = found.get(run.id, {})
        return {s: tuple(systems[s]) for s in run.systems if s in systems}

    stretches = _stretches(runs, lambda run: _terms_yardstick(run, run.terms_signature), values)
    latest = max((run.id for s in stretches for run in s.runs), default="")
    return TermTrend(concept, terms.get(latest, concept), stretches)


def change(line: Line[Score]) -> float | None:
    """Returns the last value of a line minus its first; None where there are no two."""
    values = [s.value for s in line.values if s is not None and s.value is not None]
    return values[-1] - values[0] if len(values) > 1 else None


def worst_terms(
    runs: Sequence[RecordedRun], renderings: Sequence[RenderingCount], limit: int = 6
) -> list[TermTrend]:
    """Follows the terms that most often do not follow the termbase, the worst first."""
    ids = {run.id for run in runs}
    systems = {system for run in runs for system in run.systems}
    counts: dict[str, int] = defaultdict(int)
    for r in renderings:
        if r.run in ids and r.system in systems and r.status not in _FOLLOWED:
            counts[r.concept] += r.count
    worst = sorted(counts, key=lambda concept: (-counts[concept], concept))[:limit]
    return [term_trend(concept, runs, renderings) for concept in worst]


def differences(old: Yardstick, new: Yardstick) -> tuple[Difference, ...]:
    """Says in what two yardsticks differ."""
    result = []
    if old.corpus_sha256 != new.corpus_sha256:
        result.append(
            Difference(
                "corpus",
                _named(old.corpus, old.corpus_sha256),
                _named(new.corpus, new.corpus_sha256),
            )
        )
    if old.termbase_sha256 != new.termbase_sha256:
        result.append(
            Difference(
                "termbase",
                _named(old.termbase, old.termbase_sha256),
                _named(new.termbase, new.termbase_sha256),
            )
        )
    return (*result, *_signature_differences(old.signature, new.signature))


def _named(name: str, sha256: str) -> str:
    return f"{name} ({sha256[:8]})" if sha256 else ""


def _signature_differences(old: str, new: str) -> list[Difference]:
    """Compares two signatures field by field (``nrefs:1|case:mixed|…``)."""
    fields = [dict(f.partition(":")[::2] for f in s.split("|") if f) for s in (old, new)]
    said = [
        tuple(f"{key}:{side[key]}" if key in side else "" for side in fields)
        for key in dict.fromkeys((*fields[0], *fields[1]))
        # The hash of the termbase is told as the termbase.
        if key != "terms" and fields[0].get(key) != fields[1].get(key)
    ]
    return [Difference("signature", a, b) for a, b in said]


def _terms_yardstick(run: RecordedRun, signature: str) -> Yardstick:
    return Yardstick(
        run.corpus_sha256, signature, run.termbase_sha256, corpus=run.corpus, termbase=run.termbase
    )


def _stretches(
    runs: Iterable[RecordedRun],
    yardstick: Callable[[RecordedRun], Yardstick],
    values: Callable[[RecordedRun], Mapping[str, T]],
) -> tuple[Stretch[T], ...]:
    groups: dict[Yardstick, list[tuple[RecordedRun, Mapping[str, T]]]] = {}
    for run in sorted(runs, key=lambda r: (r.recorded, r.id)):
        if found := values(run):
            groups.setdefault(yardstick(run), []).append((run, found))
    keys = list(groups)
    before: Sequence[Yardstick | None] = [None, *keys]
    return tuple(
        Stretch(
            yardstick=key,
            runs=tuple(run for run, _ in members),
            lines=tuple(
                Line(system, tuple(found.get(system) for _, found in members))
                for system in dict.fromkeys(s for _, found in members for s in found)
            ),
            differences=differences(old, key) if old is not None else (),
        )
        for (key, members), old in zip(groups.items(), before, strict=False)
    )

"""The evaluation: a plain value that holds everything any view shows.

It lives below `reports` and `harness` so that views can read it and the harness can make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from xindaya.metrics.judging.outcome import Comparison, Interval
from xindaya.metrics.metric import Metric, Rows, about_empty, has_empty, remarks, sum_rows
from xindaya.pairs import Corpus, UsageError
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from xindaya.metrics.terminology import Terminology
    from xindaya.metrics.trust import Trust

_Value = TypeVar("_Value")
_MOST_REASONS = 4  # for a score that is missing; a judge has one for each text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at.

    Attributes:
        id: Stable: the same input gives the same id, so that it can be waived.
        kind: Such as ``forbidden-term`` or ``empty-output``.
        system: Name of the system, or empty for the test set itself.
        segment: Segment id, or empty where no single one is meant.
        message: One sentence.
        severity: ``error``, ``warning`` or ``note``: how urgent a look is, not how bad the
            translation.
        mqm: MQM dimension and subtype that a reviewer would choose, or empty. MQM's own severity
            is the reviewer's.
    """

    id: str
    kind: str
    system: str
    segment: str
    message: str
    severity: str = "warning"
    mqm: str = ""


@dataclass(frozen=True, slots=True)
class Unscored:
    """A metric that was asked for and has no number, with the reason."""

    metric: str
    reason: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """One rule a system had to meet.

    Attributes:
        system: Name of the system.
        rule: The rule as the spec writes it, such as ``chrF2 >= 55``.
        passed: Whether it is met.
        message: The value found and how far it is from the limit.
        undecided: True if the data are too few to judge it, whether that passes or fails.
    """

    system: str
    rule: str
    passed: bool
    message: str
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from; no user, host, time or absolute path."""

    version: str
    engine: str
    seed: int
    packages: Mapping[str, str]
    command: str = ""


@dataclass(frozen=True)
class Evaluation:
    """Scores, intervals, comparisons, terminology and findings of a corpus.

    Attributes:
        corpus: The texts.
        metrics: Metric name to metric.
        signatures: Metric name to signature.
        rows: Metric name to statistics of shape (systems, segments, columns), in the order of
            ``corpus.systems``; every score below is computed from them.
        intervals: Metric name to one interval a system, None where the segments are too few for one;
            empty if none were asked for.
        comparisons: Paired tests against the baseline.
        baseline: Name of the baseline system, or empty.
        terminology: The termbase check, if a termbase was given.
        findings: In reading order.
        unscored: Metrics without a number, and why.
        gates: Rules and whether they are met.
        trust: How far each measure agrees with people, where human scores were given.
        provenance: Versions and seed.
    """

    corpus: Corpus
    metrics: Mapping[str, Metric]
    signatures: Mapping[str, str]
    rows: Mapping[str, Rows]
    provenance: Provenance
    intervals: Mapping[str, tuple[Interval | None, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    comparisons: tuple[Comparison, ...] = ()
    baseline: str = ""
    terminology: Terminology | None = None
    findings: tuple[Finding, ...] = ()
    unscored: tuple[Unscored, ...] = ()
    gates: tuple[GateResult, ...] = ()
    trust: tuple[Trust, ...] = ()

    def __repr__(self) -> str:
        """Names the evaluation: its texts would fill a screen many times."""
        segments = counted(len(self.corpus.segments), "segment")
        systems = counted(len(self.systems), "system")
        metrics = ", ".join(self.metrics) or "no metric"
        return (
            f"<Evaluation of {ascii_controls(self.corpus.name)}: {segments}, {systems}, {metrics}>"
        )

    @property
    def systems(self) -> tuple[str, ...]:
        """System names in their order."""
        return tuple(self.corpus.systems)

    @property
    def passed(self) -> bool:
        """True if every gate is met."""
        return all(g.passed for g in self.gates)

    @property
    def has_intervals(self) -> bool:
        """True if there is an interval to show."""
        return any(i is not None for own in self.intervals.values() for i in own)

    @cached_property
    def scores(self) -> dict[str, dict[str, float]]:
        """Corpus scores: metric name to system name to score."""
        return self._by_name(lambda name, k: self.metrics[name].score(sum_rows(self.rows[name][k])))

    @cached_property
    def common_scores(self) -> dict[str, dict[str, float]]:
        """Corpus scores by which systems may be ranked: over the segments that all of them have.

        They are `scores` wherever every output has a score; NaN where no segment has one of all.
        """
        common = {}
        for name, metric in self.metrics.items():
            scored = metric.scored(self.rows[name])
            shared = scored.all(axis=0)
            common[name] = (
                self.scores[name]
                if scored.all()
                else _Named(
                    "system",
                    {
                        system: metric.score(sum_rows(rows[shared]))
                        for system, rows in zip(self.systems, self.rows[name], strict=True)
                    },
                )
            )
        return common

    @cached_property
    def segment_scores(self) -> dict[str, dict[str, tuple[float, ...]]]:
        """Segment scores: metric name to system name to one score a segment."""
        return self._by_name(
            lambda name, k: tuple(
                map(self.metrics[name].segment_score, self.rows[name][k].tolist())
            )
        )

    @cached_property
    def document_scores(self) -> dict[str, dict[str, dict[str, float]]]:
        """Document scores: metric name to system name to document id to score."""
        return self._by_name(
            lambda name, k: {
                document: self.metrics[name].score(sum_rows(self.rows[name][k][list(places)]))
                for document, places in self.corpus.documents.items()
            }
        )

    def _by_name(self, value: Callable[[str, int], _Value]) -> dict[str, dict[str, _Value]]:
        """Computes a value for each metric and each system, given its place."""
        systems = list(enumerate(self.systems))
        return _Named(
            "metric",
            {
                name: _Named("system", {s: value(name, k) for k, s in systems})
                for name in self.metrics
            },
        )

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What nobody would guess of the scores, a sentence each: empty references, a BLEU of 0."""
        empty = sum(has_empty(s.references) for s in self.corpus.segments) if self.metrics else 0
        totals = {name: [sum_rows(rows) for rows in own] for name, own in self.rows.items()}
        return (
            *about_empty(self.metrics.values(), empty),
            *remarks(self.metrics, totals, self.systems),
            *self.coverage,
        )

    def scored(self, metric: str, system: str) -> int:
        """Returns how many segments of a system have a score of a metric: its mean is over these."""
        rows = self.rows[metric][self.systems.index(system)]
        return int(self.metrics[metric].scored(rows).sum())

    @cached_property
    def coverage(self) -> tuple[str, ...]:
        """Which scores are means over fewer segments than there are, and why, a sentence each."""
        return tuple(self._covered())

    def _covered(self) -> Iterator[str]:
        segments = self.corpus.segments
        for name, metric in self.metrics.items():
            yield from (f"{name}: {note}" for note in metric.notes)
            for system, outputs in self.corpus.systems.items():
                if (count := self.scored(name, system)) < len(segments):
                    reasons = list(metric.reasons(segments, outputs).items())
                    told = [f"{ascii_controls(r)}: {n:,}" for r, n in reasons[:_MOST_REASONS]]
                    rest = sum(n for _, n in reasons[_MOST_REASONS:])
                    why = "; ".join([*told, *([f"others: {rest:,}"] if rest else [])])
                    yield (
                        f"{name} of {ascii_controls(system)}: scored {count:,} of {len(segments):,} "
                        f"segments ({why}); it is compared on the segments that both sides have"
                    )

    def interval(self, metric: str, system: str) -> Interval | None:
        """Returns the interval of one score; None where there are too few segments or none is asked.

        Raises:
            UsageError: If the metric or the system is unknown.
        """
        self._check(metric, system)
        intervals = self.intervals.get(metric)
        return intervals[self.systems.index(system)] if intervals else None

    def comparison(self, metric: str, system: str) -> Comparison:
        """Returns the paired test of one system on one metric, against the baseline.

        Raises:
            UsageError: If the metric or the system is unknown, is the baseline itself, or no paired
                test was computed.
        """
        self._check(metric, system)
        if found := self.comparison_or_none(metric, system):
            return found
        if system == self.baseline and self.comparisons:
            others = ", ".join(dict.fromkeys(c.system for c in self.comparisons))
            raise UsageError(f"{system!r} is the baseline that others are compared with: {others}")
        raise UsageError("no paired test was computed: that takes two systems and a test")

    def comparison_or_none(self, metric: str, system: str) -> Comparison | None:
        """Returns the paired test of one system on one metric, or None where there is none."""
        return next(
            (c for c in self.comparisons if c.metric == metric and c.system == system), None
        )

    def _check(self, metric: str, system: str) -> None:
        if metric not in self.metrics:
            raise _unknown("metric", metric, self.metrics)
        if system not in self.corpus.systems:
            raise _unknown("system", system, self.systems)

    def term(self, concept: str) -> str:
        """Returns the source term to show for a concept: the head of its entry in the termbase.

        A text may use another form of it; `TermUse.term` is the one that occurs most.
        """
        assert self.terminology is not None
        return self.terminology.termbase.by_id[concept].label(self.corpus.source_lang)

    def scores_frame(self) -> pd.DataFrame:
        """Returns corpus scores as a frame: a row a system, a column a metric."""
        import pandas as pd

        scores = {name: list(values.values()) for name, values in self.scores.items()}
        return pd.DataFrame(scores, index=list(self.systems))

    def segments_frame(self) -> pd.DataFrame:
        """Returns texts and segment scores as a long frame.

        Returns:
            Columns id, document, domain, source, ``reference:NAME`` for each reference set, system,
            output and one a metric; a row a segment and system.
        """
        import pandas as pd

        names = self.corpus.reference_names
        frames = []
        for system, outputs in self.corpus.systems.items():
            columns: dict[str, object] = {
                "id": [s.id for s in self.corpus.segments],
                "document": [s.document for s in self.corpus.segments],
                "domain": [s.domain for s in self.corpus.segments],
                "source": [s.source for s in self.corpus.segments],
                **{f"reference:{n}": list(self.corpus.reference(n)) for n in names},
                "system": system,
                "output": list(outputs),
            }
            columns |= {name: list(self.segment_scores[name][system]) for name in self.metrics}
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def terms_frame(self) -> pd.DataFrame:
        """Returns the termbase check as a frame.

        Returns:
            A row a concept and text, systems first: columns concept, term, text, is_reference,
            occurrences, resolved, renderings (text to count), flags, and one a measure, NaN where
            there are too few occurrences to say.

        Raises:
            UsageError: If the evaluation has no termbase check.
        """
        import pandas as pd

        if self.terminology is None:
            reason = next((u.reason for u in self.unscored if u.metric == "Terms"), "no termbase")
            raise UsageError(f"no term was checked: {reason}")
        columns = ("concept", "term", "text", "is_reference", "occurrences", "resolved")
        rows = [
            {name: getattr(use, name) for name in columns}
            | {"renderings": {r.text: r.count for r in use.renderings}, "flags": use.flags}
            | dict(use.measures)
            for use in self.terminology.uses
        ]
        return pd.DataFrame(rows, columns=None if rows else [*columns, "renderings", "flags"])

    def findings_frame(self) -> pd.DataFrame:
        """Returns the findings as a frame: a row a finding, the fields of `Finding` as columns."""
        import pandas as pd

        names = [field.name for field in fields(Finding)]
        return pd.DataFrame([[getattr(f, n) for n in names] for f in self.findings], columns=names)

    def _repr_html_(self) -> str:
        """Shows the scores as a table, in a notebook."""
        table = self.scores_frame().to_html(float_format="{:.2f}".format, border=0)
        return f"<p>{escape(repr(self))}</p>\n{table}"


class _Named(dict[str, _Value]):
    """Values by name: an unknown name is an error that says the known ones."""

    def __init__(self, kind: str, values: Mapping[str, _Value]) -> None:
        super().__init__(values)
        self._kind = kind

    def __missing__(self, name: str) -> _Value:
        raise _unknown(self._kind, name, self)


def _unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    return UsageError(f"unknown {kind} {name!r} (known: {', '.join(known) or 'none'})")

"""What the fixtures return: numbers that compare like numbers and know their segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xindaya.explain import lowest_segments, segment_scores, show_segments
from xindaya.metrics import Evaluation
from xindaya.metrics.judging.outcome import Comparison, Outcome
from xindaya.metrics.judging.record import critical_unresolved, term_errors
from xindaya.metrics.measures import measure_named
from xindaya.metrics.terminology import Occurrence, Verdict
from xindaya.pairs import UsageError


class Score(float):
    """A score that knows the segments it comes from."""

    name: str
    scores: Scores

    @classmethod
    def of(cls, value: float, name: str, scores: Scores) -> Score:
        """Makes a score."""
        score = cls(value)
        score.name, score.scores = name, scores
        return score

    def __mt_explain__(self, op: str, other: object) -> list[str]:
        text = f"{self.name} {float(self):.2f} {op} {other!r}"
        if isinstance(other, (int, float)):
            text += f" ({float(self) - float(other):+.2f})"
        return [text]

    def blame(self) -> str:
        """Shows the segments that score worst."""
        return self.scores.blame(self.name)

    def __reduce__(self) -> Any:
        return float, (float(self),)


class Count(int):
    """A number of occurrences that knows where they are."""

    name: str
    occurrences: tuple[Occurrence, ...]
    scores: Scores

    @classmethod
    def of(cls, name: str, occurrences: Sequence[Occurrence], scores: Scores) -> Count:
        """Makes a count."""
        count = cls(len(occurrences))
        count.name, count.occurrences, count.scores = name, tuple(occurrences), scores
        return count

    def __mt_explain__(self, op: str, other: object) -> list[str]:
        return [f"{int(self)} {self.name} {op} {other!r}"]

    def blame(self) -> str:
        """Shows the segments."""
        return self.scores.blame_terms(self.occurrences)

    def __reduce__(self) -> Any:
        return int, (int(self),)


@dataclass(frozen=True, eq=False)
class Scores(Mapping[str, Score]):
    """Scores of one system: ``scores["chrF2"]``; ``scores["chrf"]`` is the same."""

    evaluation: Evaluation
    system: str
    worst: int

    def __getitem__(self, name: str) -> Score:
        try:
            key = measure_named(name, self.evaluation.scores, f"{name!r} was not computed")
        except UsageError as error:
            reasons = "; ".join(f"{u.metric}: {u.reason}" for u in self.evaluation.unscored)
            raise KeyError(f"{error} {reasons}".rstrip()) from None
        return Score.of(self.evaluation.scores[key][self.system], key, self)

    def __iter__(self) -> Iterator[str]:
        return iter(self.evaluation.scores)

    def __len__(self) -> int:
        return len(self.evaluation.scores)

    def __repr__(self) -> str:
        return f"<{self.system}: " + ", ".join(f"{k} {v:.2f}" for k, v in self.items()) + ">"

    @property
    def terms(self) -> TermCheck:
        """The termbase check."""
        if self.evaluation.terminology is None:
            reasons = [u.reason for u in self.evaluation.unscored if u.metric == "Terms"]
            raise UsageError(f"terms were not checked: {(reasons or ['no termbase was given'])[0]}")
        return TermCheck(self)

    def blame(self, metric: str = "") -> str:
        """Shows the segments that score worst on a metric, the first unless named."""
        if not self.evaluation.scores:
            return self.blame_terms(term_errors(self.evaluation, self.system))
        metric = metric if metric in self.evaluation.scores else next(iter(self))
        places = lowest_segments(self.evaluation, self.system, metric, self.worst)
        notes = segment_scores(self.evaluation, self.system, metric, places)
        return show_segments(self.evaluation, self.system, places, notes, "worst segments:")

    def blame_terms(self, occurrences: Sequence[Occurrence]) -> str:
        """Shows the segments of term occurrences."""
        places = list(dict.fromkeys(o.segment for o in occurrences))[: self.worst]
        return show_segments(self.evaluation, self.system, places, {}, "segments with term errors:")


@dataclass(frozen=True)
class TermCheck:
    """The termbase check of one system, in numbers that know their segments."""

    scores: Scores

    @property
    def forbidden(self) -> Count:
        """Occurrences with a forbidden rendering."""
        found = [o for o in self._errors if o.verdict is Verdict.FORBIDDEN]
        return Count.of("forbidden terms", found, self.scores)

    @property
    def unresolved(self) -> Count:
        """Occurrences without any listed rendering."""
        found = [o for o in self._errors if o.verdict is Verdict.UNRESOLVED]
        return Count.of("unresolved terms", found, self.scores)

    @property
    def critical_unresolved(self) -> Count:
        """Unresolved occurrences of critical concepts."""
        found = critical_unresolved(self.scores.evaluation, self.scores.system)
        return Count.of("unresolved critical terms", found, self.scores)

    @property
    def errors(self) -> Count:
        """All term errors: forbidden, deprecated, another concept's, unresolved."""
        return Count.of("term errors", self._errors, self.scores)

    @property
    def adherence(self) -> Score:
        """Preferred and admitted over resolved, in [0, 1]; NaN if nothing is resolved."""
        return self._share("adherence")

    @property
    def coverage(self) -> Score:
        """Resolved over all occurrences, in [0, 1]; NaN if there is none."""
        return self._share("coverage")

    def blame(self) -> str:
        """Shows the segments with term errors."""
        return self.scores.blame_terms(self._errors)

    def __repr__(self) -> str:
        return f"<{self.scores.system}: {int(self.errors)} term errors>"

    @property
    def _errors(self) -> list[Occurrence]:
        return term_errors(self.scores.evaluation, self.scores.system)

    def _share(self, name: str) -> Score:
        terminology = self.scores.evaluation.terminology
        value = getattr(terminology.summary(self.scores.system), name) if terminology else None
        return Score.of(float("nan") if value is None else value, name, self.scores)


@dataclass(frozen=True)
class Difference:
    """Two systems on one metric. ``worse`` and ``better`` are true only if the difference is real.

    Attributes:
        comparison: The paired test with its outcome.
        scores: Of the new system.
    """

    comparison: Comparison
    scores: Scores

    @property
    def delta(self) -> Score:
        """New score minus old score."""
        name = f"{self.comparison.metric} difference"
        return Score.of(self.comparison.delta, name, self.scores)

    @property
    def p_value(self) -> float:
        """The p-value; 1 where the statistics are equal."""
        return self.comparison.p_holm

    @property
    def outcome(self) -> str:
        """The judgement: better, worse, could be chance, too few to tell, or identical."""
        return str(self.comparison.outcome)

    @property
    def significant(self) -> bool:
        """True if the difference is real."""
        return self.comparison.outcome.real

    @property
    def worse(self) -> bool:
        """True if the new system is really worse."""
        return self.comparison.outcome is Outcome.WORSE

    @property
    def better(self) -> bool:
        """True if the new system is really better."""
        return self.comparison.outcome is Outcome.BETTER

    def blame(self) -> str:
        """Shows the new system's worst segments."""
        return self.scores.blame(self.comparison.metric)

    def __repr__(self) -> str:
        c = self.comparison
        return f"<{c.system} - {c.baseline}: {c.metric} {c.delta:+.2f}, p = {self.p_value:.4f}>"


class Differences(dict[str, Difference]):
    """Metric name to difference; ``differences["chrf"]`` is that of chrF2."""

    def __missing__(self, name: str) -> Difference:
        try:
            return self[measure_named(name, self, f"{name!r} was not compared")]
        except UsageError as error:
            raise KeyError(str(error)) from None

    def blame(self) -> str:
        """Shows the segments of the first metric."""
        return next(iter(self.values())).blame()

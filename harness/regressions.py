"""Is a system worse than its baseline, or than it was in another run, by more than is allowed?

A loss fails if it is larger than the allowance **and** real: the outcome is that of the family of all
systems on the metric (`xindaya.metrics.judging.family`), whichever rules are written. Two guards
stand beside it: no single segment may fall by more than its allowance, and terms
(`TermsJudgement`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from xindaya.baseline_files import Baseline
from xindaya.gates import Allowance, Policy, merge_allowances
from xindaya.metrics import Comparison, Evaluation, GateResult, Rows
from xindaya.metrics.changes import Changes
from xindaya.metrics.judging.alike import (
    check_comparable,
    record_corpus_changes,
    record_metric_changes,
    record_term_changes,
)
from xindaya.metrics.judging.family import Pair, judge
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.judging.record import (
    MetricRecord,
    SystemRecord,
    critical_unresolved,
    id_of,
    record_of,
    term_errors,
)
from xindaya.metrics.measures import TERMS
from xindaya.metrics.metric import sum_rows
from xindaya.metrics.terminology import Occurrence, Verdict, current_id
from xindaya.pairs import ComparabilityError, InputError, UsageError
from xindaya.pairs.wording import counted

_ROUNDING = 1e-9
_WRITE = "pytest SPEC --mt-new-only writes one"
_ACCEPT = "if the change is meant, pytest SPEC --mt-update-baseline accepts it"

_Losses = tuple[tuple[int, float, float], ...]


class MissingBaselineError(UsageError):
    """There is no baseline to compare a system with."""


@dataclass(frozen=True, slots=True)
class Regression:
    """One metric of one system against its baseline.

    Attributes:
        test: The comparison with the baseline, judged in the family of its metric.
        before: Score in the baseline.
        after: Score now.
        loss: By how much it is worse, in points; negative if it is better.
        allowed: The loss in points that passes.
        undecided_fails: Whether a loss that the data are too few to judge fails.
        fallen: Segments that lost more than they may, most first: position, score before, after.
        segment_limit: What a single segment may lose, if that is limited.
        moved: All segments that got worse, in the same form.
        digits: Decimals of its scores.
        left_out: Segments without a score on one side or both: all numbers are over the others.
    """

    test: Comparison
    before: float
    after: float
    loss: float
    allowed: float
    undecided_fails: bool = False
    fallen: _Losses = ()
    segment_limit: float | None = None
    moved: _Losses = ()
    digits: int = 2
    left_out: int = 0

    @property
    def too_much(self) -> bool:
        """True if the loss is larger than allowed, whatever chance says of it."""
        return self.loss > self.allowed + _ROUNDING

    @property
    def undecided(self) -> bool:
        """True if more is lost than allowed, and the data are too few to tell whether that is real."""
        return self.too_much and self.test.outcome is Outcome.TOO_FEW

    @property
    def passed(self) -> bool:
        """True unless the system is worse, or a single segment is by too much."""
        worse = self.too_much and self.test.outcome is Outcome.WORSE
        return not (worse or self.fallen or (self.undecided and self.undecided_fails))

    @property
    def blamed(self) -> _Losses:
        """The segments to show when it failed."""
        return self.fallen or self.moved

    @property
    def noteworthy(self) -> bool:
        """True if it passed and a person should still see why."""
        within = self.test.outcome is Outcome.WORSE and not self.too_much
        return self.passed and (self.too_much or within)

    @property
    def message(self) -> str:
        """The judgement with its numbers, in one line."""
        c = self.test
        d = self.digits
        text = f"{c.metric} {self.before:.{d}f} → {self.after:.{d}f} ({c.delta:+.{d}f}"
        if c.outcome is not Outcome.IDENTICAL:
            text += f", allowed loss {self.allowed:.4g}, p = {c.p_value:.4f}"
            if c.tests > 1:
                text += f", Holm {c.p_holm:.4f} over {counted(c.tests, 'system')}"
        if self.left_out:
            text += f", {counted(self.left_out, 'segment')} without a score left out"
        text += f"): {self._words}"
        if self.fallen:
            limit = f"{self.segment_limit:g}" if self.segment_limit is not None else "?"
            text += f"; {counted(len(self.fallen), 'segment')} lost more than {limit}"
        return text

    @property
    def _words(self) -> str:
        c = self.test
        if c.outcome is Outcome.TOO_FEW:
            return (
                f"{c.outcome}: {counted(c.differing, 'segment')} differ, "
                f"a verdict takes at least {c.needed}"
            )
        words = str(c.outcome)
        if c.outcome is Outcome.WORSE and not self.too_much:
            words += ", within the allowance"
        if c.detectable is not None and not c.outcome.real and self.allowed < c.detectable:
            words += f"; this test set shows losses from about {c.detectable:.2g} points"
        return words


@dataclass(frozen=True, slots=True)
class TermsJudgement:
    """The terms of one system, alone or against its baseline.

    Attributes:
        system: Name of the system.
        forbidden: Occurrences with a forbidden rendering: none may be.
        newly_unresolved: Occurrences of critical concepts that had a rendering in the baseline and
            have none now: none may be.
        critical: All unresolved occurrences of critical concepts; shown.
        errors: Number of term errors now.
        before: That of the baseline, or None without one.
        allowed: By how many errors it may grow, or None if that is not limited.
    """

    system: str
    forbidden: tuple[Occurrence, ...]
    newly_unresolved: tuple[Occurrence, ...]
    critical: tuple[Occurrence, ...]
    errors: int
    before: int | None = None
    allowed: float | None = None

    @property
    def too_many(self) -> bool:
        """True if there are more new errors than allowed."""
        if self.before is None or self.allowed is None:
            return False
        return self.errors - self.before > self.allowed

    @property
    def passed(self) -> bool:
        """True if no rule is broken."""
        return not (self.forbidden or self.newly_unresolved or self.too_many)

    @property
    def message(self) -> str:
        """The judgement with its numbers, in one line."""
        parts = [f"{len(self.forbidden)} forbidden"]
        if self.before is None:
            parts.append(f"{len(self.critical)} critical unresolved")
            parts.append(counted(self.errors, "error"))
        else:
            parts.append(f"{len(self.newly_unresolved)} critical newly unresolved")
            limit = f", allowed +{self.allowed:g}" if self.allowed is not None else ""
            parts.append(
                f"errors {self.before} → {self.errors} ({self.errors - self.before:+d}{limit})"
            )
        return ", ".join(parts)


@dataclass
class Judge:
    """Compares an evaluation with a baseline.

    The tests are run once for all systems and metrics: what a rule comes to does not depend on which
    rules there are.

    Attributes:
        evaluation: What is judged.
        baseline: The accepted state, or None if there is none.
        policy: What may be lost, and at which level.
        judged: The tests, where somebody has run them on these very rows.
    """

    evaluation: Evaluation
    baseline: Baseline | None
    policy: Policy = field(default_factory=Policy)
    judged: Sequence[Comparison] | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics judged."""
        return self.policy.metrics(tuple(self.evaluation.metrics))

    def record(self, system: str) -> SystemRecord:
        """Returns the baseline of a system.

        Raises:
            MissingBaselineError: If there is none.
        """
        if self.baseline is None or system not in self.baseline.systems:
            raise MissingBaselineError(f"{system}: there is no baseline; {_WRITE}")
        return self.baseline.systems[system]

    def metric(self, system: str, metric: str) -> Regression:
        """Judges one metric of one system.

        Raises:
            MissingBaselineError: If the system has no baseline.
            ComparabilityError: If it was measured otherwise.
            InputError: If the baseline contradicts itself.
        """
        record = self.record(system)
        check_comparable(record, self.evaluation, system, metric)
        then = self._checked(record.metrics[metric], metric)
        measure = self.evaluation.metrics[metric]
        better = 1.0 if measure.higher_is_better else -1.0
        now = self.evaluation.rows[metric][self.evaluation.systems.index(system)]
        before, after = (measure.score(sum_rows(r)) for r in measure.paired(then.rows, now))
        if (system, metric) not in self.tests:
            raise ComparabilityError(
                f"{system}: {metric} cannot be compared with the baseline: no segment has a score in both"
            )
        allowance = self.policy.allowance(metric)
        limit = self.policy.allowance(metric, per_segment=True)
        changes = self._segment_losses(system, metric, then, better)
        return Regression(
            test=self.tests[system, metric],
            before=before,
            after=after,
            loss=better * (before - after),
            allowed=allowance.points(before) if allowance else 0.0,
            undecided_fails=self.policy.undecided_fails,
            fallen=tuple(
                (place, old, new)
                for lost, place, old, new in changes
                if limit is not None and lost > limit.amount + _ROUNDING
            ),
            segment_limit=limit.amount if limit else None,
            moved=tuple((place, old, new) for _, place, old, new in changes),
            digits=measure.digits,
            left_out=len(now) - (self.tests[system, metric].compared or len(now)),
        )

    def terms(self, system: str, *, alone: bool = False) -> TermsJudgement:
        """Judges the terms of one system.

        Args:
            system: Name of the system.
            alone: Do not look at the baseline.

        Raises:
            UsageError: If the terms were not checked.
            MissingBaselineError: If the system has no baseline.
            ComparabilityError: If its terms were checked otherwise.
        """
        if self.evaluation.terminology is None:
            reasons = [u.reason for u in self.evaluation.unscored if u.metric == "Terms"]
            raise UsageError(f"{system}: terms were not checked: {(reasons or ['no termbase'])[0]}")
        errors = term_errors(self.evaluation, system)
        critical = critical_unresolved(self.evaluation, system)
        forbidden = tuple(o for o in errors if o.verdict is Verdict.FORBIDDEN)
        if alone:
            return TermsJudgement(system, forbidden, (), tuple(critical), len(errors))
        record = self.record(system)
        check_comparable(record, self.evaluation, system)
        if record.terms is None:  # pragma: no cover - check_comparable has refused it
            raise ComparabilityError(f"{system}: no terms in the baseline")
        corpus = self.evaluation.corpus
        known = {current_id(corpus, identity) for identity in record.terms.critical_unresolved}
        allowance = self.policy.allowance(TERMS)
        return TermsJudgement(
            system=system,
            forbidden=forbidden,
            newly_unresolved=tuple(o for o in critical if id_of(self.evaluation, o) not in known),
            critical=tuple(critical),
            errors=len(errors),
            before=record.terms.errors,
            allowed=allowance.amount if allowance else None,
        )

    def gate_results(self) -> tuple[GateResult, ...]:
        """Judges everything, for the views that list gates; what cannot be judged has not passed.

        Raises:
            InputError: If the baseline contradicts itself.
        """
        return tuple(g for system in self.evaluation.systems for g in self._gates_of(system))

    def _gates_of(self, system: str) -> Iterator[GateResult]:
        evaluation = self.evaluation
        record = self.baseline.systems.get(system) if self.baseline else None
        if record is None:
            yield _not_judged(system, "baseline", ["there is no baseline"], _WRITE)
        elif changes := [*record_corpus_changes(record, evaluation.corpus)]:
            yield _not_judged(system, "baseline", changes)
            record = None
        else:
            for metric in self.metrics:
                if changes := [*record_metric_changes(record, evaluation, metric)]:
                    yield _not_judged(system, f"{metric}~baseline", changes)
                elif (system, metric) not in self.tests:
                    nothing = ["no segment has a score in both"]
                    yield _not_judged(system, f"{metric}~baseline", nothing)
                else:
                    found = self.metric(system, metric)
                    yield GateResult(
                        system,
                        f"{metric}~baseline",
                        found.passed,
                        found.message,
                        undecided=found.undecided,
                    )
        if evaluation.terminology is None:
            return
        if record and (changes := [*record_term_changes(record, evaluation)]):
            yield _not_judged(system, f"{TERMS}~baseline", changes)
            record = None
        terms = self.terms(system, alone=record is None)
        yield GateResult(system, TERMS, terms.passed, terms.message)

    def _checked(self, then: MetricRecord, metric: str) -> MetricRecord:
        """Refuses a score that was edited by hand."""
        score = self.evaluation.metrics[metric].score(sum_rows(then.rows))
        if abs(score - then.score) > _ROUNDING:
            raise InputError(
                self.baseline.path if self.baseline else "baseline",
                f"{metric} {then.score!r}, which its rows do not give",
                repr(score),
                hint="a baseline is not edited by hand: make it again",
            )
        return then

    def _segment_losses(
        self, system: str, metric: str, then: MetricRecord, better: float
    ) -> list[tuple[float, int, float, float]]:
        """Lists (loss, position, before, after) of the segments that got worse, most first."""
        now = self.evaluation.rows[metric][self.evaluation.systems.index(system)]
        score = self.evaluation.metrics[metric].segment_score
        losses = []
        for place in np.flatnonzero((now != then.rows).any(axis=1)).tolist():
            old, new = score(then.rows[place].tolist()), score(now[place].tolist())
            if better * (old - new) > 0:
                losses.append((better * (old - new), place, old, new))
        return sorted(losses, key=lambda change: (-change[0], change[1]))

    @cached_property
    def tests(self) -> Mapping[tuple[str, str], Comparison]:
        """(system, metric) to its test, of every system and metric that can be compared."""
        if self.judged is not None:
            return {(c.system, c.metric): c for c in self.judged}
        pairs = [Pair("baseline", s, self._rows(s)) for s in self.evaluation.systems]
        found = judge(
            self.evaluation.metrics, pairs, alpha=self.policy.alpha, seed=self.policy.seed
        )
        return {(c.system, c.metric): c for c in found}

    def _rows(self, system: str) -> dict[str, tuple[Rows, Rows]]:
        """Returns the rows then and now of each metric on which a system can be compared."""
        record = self.baseline.systems.get(system) if self.baseline else None
        if record is None or [*record_corpus_changes(record, self.evaluation.corpus)]:
            return {}
        position = self.evaluation.systems.index(system)
        rows = {}
        for metric in self.evaluation.metrics:
            if [*record_metric_changes(record, self.evaluation, metric)]:
                continue
            then, now = record.metrics[metric].rows, self.evaluation.rows[metric][position]
            if then.shape != now.shape:
                raise InputError(
                    self.baseline.path if self.baseline else "baseline",
                    f"{metric} rows of shape {then.shape}",
                    f"{now.shape}",
                    hint="make the baseline again",
                )
            rows[metric] = then, now
        return rows


def _not_judged(
    system: str, rule: str, reasons: Sequence[str], way_out: str = _ACCEPT
) -> GateResult:
    return GateResult(system, rule, False, f"not judged: {'; '.join(reasons)}; {way_out}")


def real_losses(
    changes: Changes, allowances: Sequence[Allowance], *, undecided_fails: bool = False
) -> list[str]:
    """Lists the losses from one run to another that are real and larger than allowed.

    The old run plays the part of the baseline, and the outcomes are those of the comparison.

    Systems with the same outputs as before lose nothing and are no test.

    Args:
        changes: What changed.
        allowances: What may be lost, by measure.
        undecided_fails: Also list losses that the data are too few to judge.

    Returns:
        One sentence a loss.

    Raises:
        UsageError: If a measure was not compared.
    """
    for allowance in allowances:
        _check_compared(changes, allowance)
    edited = [s for s in changes.systems if s.edited]
    records = {s.system: record_of(changes.old, s.was) for s in edited}
    judge = Judge(
        changes.new,
        Baseline(Path(changes.names[0]), "", records),
        Policy(merge_allowances(allowances), undecided_fails=undecided_fails),
        judged=[score.test for s in changes.systems for score in s.scores],
    )
    return [f"{s.system}: {loss}" for s in edited for loss in _losses(judge, s.system, allowances)]


def _losses(judge: Judge, system: str, allowances: Sequence[Allowance]) -> Iterator[str]:
    for measure in dict.fromkeys(a.measure for a in allowances):
        if measure != TERMS:
            found = judge.metric(system, measure)
            if not found.passed:
                yield found.message
        else:
            # Forbidden renderings that were there before are no loss.
            terms = judge.terms(system)
            if terms.too_many or terms.newly_unresolved:
                yield f"terms: {terms.message}"


def _check_compared(changes: Changes, allowance: Allowance) -> None:
    compared = [*changes.metrics, *([TERMS] if changes.systems[0].terms else [])]
    if allowance.measure not in compared:
        raise UsageError(
            f"fail-on {str(allowance)!r}: the runs were compared by {', '.join(compared)}"
        )

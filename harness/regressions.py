"""Is a system worse than its baseline?

A drop fails only if it is larger than the allowance **and** significant in the paired test after
Holm's correction for all systems and metrics of the spec. Two guards stand beside it: no single
segment may fall by more than its allowance, and terms (`TermsJudgement`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xindaya.baselines import (
    Baseline,
    MetricRecord,
    SystemRecord,
    check_comparable,
    corpus_changes,
    critical_unresolved,
    hash_texts,
    id_of,
    metric_changes,
    term_changes,
    term_errors,
)
from xindaya.gates import TERMS, Policy
from xindaya.judgements import MissingBaselineError, Outcome, Regression, TermsJudgement
from xindaya.metrics import Evaluation, GateResult
from xindaya.metrics.judging.outcome import holm
from xindaya.metrics.metric import sum_rows
from xindaya.metrics.resampling import paired_test
from xindaya.metrics.terminology import Verdict
from xindaya.pairs import ComparabilityError, InputError, UsageError

_ROUNDING = 1e-9
_THEN, _NOW = "then", "now"
_WRITE = "pytest SPEC --mt-new-only writes one"
_ACCEPT = "if the change is meant, pytest SPEC --mt-update-baseline accepts it"


@dataclass
class Judge:
    """Compares an evaluation with a baseline.

    The paired tests are run once for all systems and metrics, so that Holm's correction does not
    depend on which of them somebody asks for. A test that cannot be run counts with p = 1.
    """

    evaluation: Evaluation
    baseline: Baseline | None
    policy: Policy = field(default_factory=Policy)

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
        better = 1.0 if self.evaluation.metrics[metric].higher_is_better else -1.0
        after = self.evaluation.scores[metric][system]
        allowance = self.policy.allowance(metric)
        allowed = allowance.points(then.score) if allowance else 0.0
        p_value, p_holm = self._p_values[system, metric]
        loss = better * (then.score - after)
        limit = self.policy.allowance(metric, per_segment=True)
        changes = self._segment_losses(system, metric, then, better)
        return Regression(
            system=system,
            metric=metric,
            before=then.score,
            after=after,
            allowed=allowed,
            p_value=p_value,
            p_holm=p_holm,
            tests=len(self._p_values),
            alpha=self.policy.alpha,
            outcome=_outcome(loss, allowed, p_holm < self.policy.alpha),
            fallen=tuple(
                (place, old, new)
                for lost, place, old, new in changes
                if limit is not None and lost > limit.amount + _ROUNDING
            ),
            segment_limit=limit.amount if limit else None,
            moved=tuple((place, old, new) for _, place, old, new in changes),
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
        known = set(record.terms.critical_unresolved)
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
        elif changes := [*corpus_changes(record, evaluation.corpus)]:
            yield _not_judged(system, "baseline", changes)
            record = None
        else:
            for metric in self.metrics:
                if changes := [*metric_changes(record, evaluation, metric)]:
                    yield _not_judged(system, f"{metric}~baseline", changes)
                else:
                    found = self.metric(system, metric)
                    yield GateResult(system, f"{metric}~baseline", found.passed, found.message)
        if evaluation.terminology is None:
            return
        if record and (changes := [*term_changes(record, evaluation)]):
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
    def _p_values(self) -> dict[tuple[str, str], tuple[float, float]]:
        """(system, metric) to p-value and corrected p-value, of the whole family."""
        raw = {(s, m): 1.0 for s in self.evaluation.systems for m in self.metrics}
        for system in self.evaluation.systems:
            raw |= {(system, m): p for m, p in self._tests(system).items()}
        return dict(zip(raw, zip(raw.values(), holm(list(raw.values())), strict=True), strict=True))

    def _tests(self, system: str) -> dict[str, float]:
        """Runs the paired tests of one system against its baseline."""
        try:
            record = self.record(system)
        except MissingBaselineError:
            return {}
        position = self.evaluation.systems.index(system)
        rows = {}
        for metric in self.metrics:
            try:
                check_comparable(record, self.evaluation, system, metric)
            except ComparabilityError:
                continue
            then, now = record.metrics[metric].rows, self.evaluation.rows[metric][position]
            if then.shape != now.shape:
                raise InputError(
                    self.baseline.path if self.baseline else "baseline",
                    f"{metric} rows of shape {then.shape}", f"{now.shape}",
                    hint="make the baseline again",
                )  # fmt: skip
            rows[metric] = np.stack([then, now])
        if not rows:
            return {}
        same = record.outputs == hash_texts(self.evaluation.corpus.systems[system])
        comparisons = paired_test(
            {m: self.evaluation.metrics[m] for m in rows},
            rows,
            {_THEN: ("",), _NOW: ("" if same else "changed",)},
            baseline=_THEN,
            method=self.policy.method,
            samples=self.policy.samples,
            seed=self.policy.seed,
        )
        return {c.metric: c.p_value for c in comparisons}


def _not_judged(
    system: str, rule: str, reasons: Sequence[str], way_out: str = _ACCEPT
) -> GateResult:
    return GateResult(system, rule, False, f"not judged: {'; '.join(reasons)}; {way_out}")


def _outcome(loss: float, allowed: float, significant: bool) -> Outcome:
    if loss == 0:
        return Outcome.UNCHANGED
    if loss < 0:
        return Outcome.BETTER if significant else Outcome.NOT_WORSE
    if loss <= allowed + _ROUNDING:
        return Outcome.WITHIN if significant else Outcome.NOT_WORSE
    return Outcome.WORSE if significant else Outcome.INSIGNIFICANT

"""Baselines within a pytest session: compare, accept, or say how to accept."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from xindaya.baseline_files import propose_baseline, read_baseline, update_baseline
from xindaya.explain import clean
from xindaya.gates import Policy
from xindaya.metrics import Comparison, Evaluation
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import ComparabilityError, InputError, XindayaError
from xindaya.pairs.wording import counted
from xindaya.pytest_plugin.options import MtOptions
from xindaya.pytest_plugin.results import Result
from xindaya.regressions import Judge, MissingBaselineError, Regression, TermsJudgement


class JudgedError(XindayaError):
    """A rule that is not met: the text is all a reader needs."""


@dataclass
class Guard:
    """The comparison of an evaluation with its baseline.

    Attributes:
        path: The baseline file.
        owner: The spec, or the id of the test, from the root folder.
        evaluation: What is compared.
        policy: How losses are judged.
        options: Of the session.
        root: The root folder.
        known: All systems of the owner; others in the file are unused. None if not known.
    """

    path: Path
    owner: str
    evaluation: Evaluation
    policy: Policy
    options: MtOptions
    root: Path
    known: tuple[str, ...] | None = None
    _states: dict[str, str] = field(default_factory=dict)

    @cached_property
    def judge(self) -> Judge:
        """The comparison as the file stood when it was first needed."""
        return Judge(self.evaluation, read_baseline(self.path), self.policy)

    @property
    def place(self) -> str:
        """The file's path from the root folder."""
        if self.path.is_relative_to(self.root):
            return self.path.relative_to(self.root).as_posix()
        return str(self.path)

    @property
    def advice(self) -> str:
        """The command that accepts a change for the worse."""
        return f"  if the change is meant, accept it with:  {self._command('--mt-update-baseline')}"

    @property
    def unused(self) -> str | None:
        """Systems in the file that the owner does not have."""
        baseline = self.judge.baseline
        if self.known is None or baseline is None:
            return None
        return ", ".join(clean(s) for s in baseline.systems if s not in self.known) or None

    def accept(self, system: str) -> str:
        """Writes the baseline of a system, if the session asks for that.

        Returns:
            What was done, or nothing.
        """
        if system not in self._states:
            self._states[system] = self._accept(system)
        return self._states[system]

    def metric(self, system: str, metric: str) -> Regression:
        """Judges a metric; the errors say what to do.

        Raises:
            MissingBaselineError: If there is no baseline.
            ComparabilityError: If it was measured otherwise.
        """
        try:
            return self.judge.metric(system, metric)
        except MissingBaselineError:
            self._missing(system)
        except ComparabilityError as error:
            self._refused(error)

    def terms(self, system: str) -> TermsJudgement:
        """Judges the terms; the errors say what to do.

        Raises:
            MissingBaselineError: If there is no baseline.
            ComparabilityError: If they were checked otherwise.
        """
        try:
            return self.judge.terms(system)
        except MissingBaselineError:
            self._missing(system)
        except ComparabilityError as error:
            self._refused(error)

    def accepted(self, rule: str, system: str, metric: str, state: str) -> Result:
        """Returns the result of a test that wrote its baseline."""
        score = self.evaluation.scores[metric][system] if metric in self.evaluation.scores else None
        shown = metric
        if score is not None:
            shown += f" {self.evaluation.metrics[metric].figure(score)}"
        return Result(
            rule, clean(system), "note", f"{shown}: {state}", metric, score,
            signature=self.evaluation.signatures.get(metric), baseline=self.place,
        )  # fmt: skip

    def _accept(self, system: str) -> str:
        if not (self.options.update or self.options.new_only):
            return ""
        if self.options.new_only:
            baseline = self.judge.baseline
            if baseline is not None and system in baseline.systems:
                return ""
        update_baseline(
            self.path,
            self.owner,
            {system: record_of(self.evaluation, system)},
            only_new=self.options.new_only,
            known=self.known if self.options.update else None,
        )
        return "baseline updated" if self.options.update else "baseline added"

    def _missing(self, system: str) -> NoReturn:
        try:
            proposal = propose_baseline(
                self.path, self.owner, {system: record_of(self.evaluation, system)}
            )
            written = f"what it would be was written to {self.place}{proposal.suffix}"
        except InputError as error:
            written = f"what it would be could not be written: {error}"
        raise MissingBaselineError(
            f"{system}: there is no baseline in {self.place}; {written}\n"
            f"  accept it with:  {self._command('--mt-new-only')}"
        ) from None

    def _refused(self, error: ComparabilityError) -> NoReturn:
        raise ComparabilityError(
            f"{error}\n  if the change is meant, measure a new baseline with:  "
            f"{self._command('--mt-update-baseline')}"
        ) from None

    def _command(self, option: str) -> str:
        return f"pytest {shlex.quote(self.owner)} {option}"


def brief(error: XindayaError, system: str) -> str:
    """Returns an error in one line, without the name of the system and without what to do."""
    lines = [line.strip() for line in str(error).removeprefix(f"{system}: ").split("\n")]
    return clean(" ".join(lines[:2]) if lines[0].endswith(":") else lines[0])


def method_of(c: Comparison) -> str:
    """Says how a comparison was tested."""
    if c.outcome is Outcome.IDENTICAL:
        return "equal statistics are no test"
    return (
        f"{c.method}, {counted(c.samples, 'arrangement')}, seed {c.seed}; Holm's correction over "
        f"{counted(c.tests, 'system')}; alpha {c.alpha:g}"
    )


def metric_result(rule: str, found: Regression, guard: Guard) -> Result:
    """Returns the result of a comparison with the baseline."""
    c = found.test
    verdict = "fail" if not found.passed else "note" if found.noteworthy else "pass"
    return Result(
        rule=rule,
        system=clean(c.system),
        verdict=verdict,
        message=found.message,
        metric=c.metric,
        score=found.after,
        before=found.before,
        delta=c.delta,
        p=c.p_value,
        p_holm=c.p_holm,
        outcome=str(c.outcome),
        undecided=found.undecided or None,
        method=method_of(c),
        signature=guard.evaluation.signatures[c.metric],
        baseline=guard.place,
        unused=guard.unused,
    )

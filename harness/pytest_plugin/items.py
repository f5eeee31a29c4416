"""Specs as tests: ``spec.mt.toml::vendor-b::chrF2>=55``, ``…::BLEU~baseline``, ``…::terms``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from xindaya.explain import clean, lowest_segments, segment_scores, show_changes, show_segments
from xindaya.gates import Rule, apply_rule, value_of
from xindaya.metrics.judging.record import id_of
from xindaya.metrics.measures import TERM_MEASURES, TERMS
from xindaya.metrics.terminology import Occurrence
from xindaya.pairs import ComparabilityError, XindayaError
from xindaya.pytest_plugin.guard import JudgedError, brief, metric_result
from xindaya.pytest_plugin.options import OPTIONS
from xindaya.pytest_plugin.results import Result, add_result
from xindaya.pytest_plugin.specs import SpecRun
from xindaya.regressions import MissingBaselineError, TermsJudgement


class SpecFile(pytest.File):
    """One spec: a node for each system, and one for its data."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        try:
            run = SpecRun.of(self.config, self.path)
            systems = run.systems
        except (XindayaError, pytest.UsageError) as error:
            raise self.CollectError(str(error)) from None
        yield DataItem.from_parent(self, name="data", run=run, system="")
        for system in systems:
            yield SystemNode.from_parent(self, name=clean(system), run=run, system=system)


class SystemNode(pytest.Collector):
    """One system of a spec: a test for each rule."""

    def __init__(self, *, run: SpecRun, system: str, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.spec_run, self.system = run, system

    def collect(self) -> Iterator[pytest.Item]:
        shared = {"run": self.spec_run, "system": self.system}
        for rule in dict.fromkeys(self.spec_run.spec.gates):
            yield FloorItem.from_parent(self, name=str(rule).replace(" ", ""), rule=rule, **shared)
        if self.spec_run.has_baseline:
            for metric in self.spec_run.judged_metrics:
                name = f"{metric}~baseline"
                yield RegressionItem.from_parent(self, name=name, metric=metric, **shared)
        if self.spec_run.spec.termbase is not None:
            yield TermsItem.from_parent(self, name=TERMS, **shared)


class QualityItem(pytest.Item):
    """A rule for a system."""

    def __init__(self, *, run: SpecRun, system: str, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.spec_run, self.system = run, system
        self.add_marker("mt")

    @abstractmethod
    def judge(self) -> tuple[Result, str]:
        """Returns the result, and what to show below it if it failed.

        Raises:
            XindayaError: If it cannot be judged.
        """

    def runtest(self) -> None:
        try:
            result, details = self.judge()
        except XindayaError as error:
            message = brief(error, self.system)
            add_result(self, Result(self.name, clean(self.system), "fail", message))
            raise
        add_result(self, result)
        if result.verdict == "fail":
            subject = f"{result.system}: " if result.system else ""
            raise JudgedError("\n".join(filter(None, [subject + result.message, details])))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, XindayaError):
            head, *reasons = (clean(line) for line in str(excinfo.value).split("\n"))
            first = self.spec_run.explained.setdefault(tuple(reasons), self.nodeid)
            if head.endswith(":") and first != self.nodeid:
                return f"{head} see {first}"
            return "\n".join([head, *reasons])
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        subject = f"{clean(self.system)}: " if self.system else ""
        return self.path, None, f"{self.path.name}: {subject}{self.name}"

    def blame(self, metric: str, places: Sequence[int], heading: str) -> str:
        """Shows segments with their scores on a metric."""
        run, places = self.spec_run, places[: self.worst]
        notes = segment_scores(run.evaluation, self.system, metric, places)
        return show_segments(run.evaluation, self.system, places, notes, heading)

    def blame_terms(self, occurrences: Iterable[Occurrence]) -> str:
        """Shows the segments of term occurrences."""
        places = list(dict.fromkeys(o.segment for o in occurrences))[: self.worst]
        return show_segments(
            self.spec_run.evaluation, self.system, places, {}, "segments with term errors:"
        )

    @property
    def worst(self) -> int:
        """How many segments to show."""
        return self.config.stash[OPTIONS].worst


class FloorItem(QualityItem):
    """A gate of the spec."""

    def __init__(self, *, rule: Rule, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.rule = rule

    def judge(self) -> tuple[Result, str]:
        evaluation, measure = self.spec_run.evaluation, self.rule.measure
        gate = apply_rule(evaluation, self.system, self.rule)
        is_score = measure not in TERM_MEASURES
        score = value_of(evaluation, self.system, measure)
        signature = evaluation.signatures.get(measure if is_score else "Terms")
        result = Result(
            rule=self.name,
            system=clean(self.system),
            verdict="pass" if gate.passed else "fail",
            message=gate.message,
            metric=measure,
            score=score,
            delta=score - self.rule.limit if score is not None else None,
            signature=signature,
        )
        if gate.passed:
            return result, ""
        if not is_score or score is None:
            return result, self.blame_terms(self.spec_run.term_errors(self.system))
        places = lowest_segments(evaluation, self.system, measure, self.worst)
        return result, self.blame(measure, places, "worst segments:")


class RegressionItem(QualityItem):
    """A metric against the baseline."""

    def __init__(self, *, metric: str, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.metric = metric

    def judge(self) -> tuple[Result, str]:
        guard = self.spec_run.guard
        if state := guard.accept(self.system):
            return guard.accepted(self.name, self.system, self.metric, state), ""
        found = guard.metric(self.system, self.metric)
        result = metric_result(self.name, found, guard)
        if found.passed:
            return result, ""
        signature = f"  signature: {clean(result.signature or '')}"
        blamed = found.blamed[: self.worst]
        details = show_changes(self.spec_run.evaluation, self.system, self.metric, blamed)
        return result, "\n".join(filter(None, [signature, details, guard.advice]))


class TermsItem(QualityItem):
    """The terms of a system: nothing forbidden, no critical concept newly unresolved."""

    def judge(self) -> tuple[Result, str]:
        found, state = self._find()
        result = Result(
            rule=self.name,
            system=clean(self.system),
            verdict="pass" if found.passed else "fail",
            message=f"{found.message}{'; ' + state if state else ''}",
            metric=TERMS,
            score=found.errors,
            before=found.before,
            delta=found.errors - found.before if found.before is not None else None,
            signature=self.spec_run.evaluation.signatures["Terms"],
            baseline=self.spec_run.guard.place if self.spec_run.has_baseline else None,
        )
        if found.passed:
            return result, ""
        errors = self.spec_run.term_errors(self.system) if found.too_many else ()
        blamed = self.blame_terms([*found.forbidden, *found.newly_unresolved, *errors])
        return result, f"{blamed}\n{self._advice(found)}"

    def _advice(self, found: TermsJudgement) -> str:
        if not found.forbidden:
            return self.spec_run.guard.advice
        first = clean(id_of(self.spec_run.evaluation, found.forbidden[0]))
        return (
            "  no baseline accepts a forbidden term: correct it, or put its id into the file that "
            f"the spec names as waivers:  {first}"
        )

    def _find(self) -> tuple[TermsJudgement, str]:
        judge = self.spec_run.guard.judge
        if not self.spec_run.has_baseline:
            return judge.terms(self.system, alone=True), ""
        if state := self.spec_run.guard.accept(self.system):
            return judge.terms(self.system, alone=True), state
        try:
            return self.spec_run.guard.terms(self.system), ""
        except (MissingBaselineError, ComparabilityError) as error:
            alone = judge.terms(self.system, alone=True)
            if alone.passed:
                raise
            blamed = self.blame_terms(alone.forbidden)
            raise type(error)(f"{self.system}: {alone.message}\n{blamed}\n{error}") from None


class DataItem(QualityItem):
    """The data check: no finding that is an error."""

    def judge(self) -> tuple[Result, str]:
        findings = self.spec_run.data_findings()
        errors = [f for f in findings if f.severity == "error"]
        counts = ", ".join(
            f"{sum(f.severity == severity for f in findings)} {severity}s"
            for severity in ("error", "warning", "note")
        )
        result = Result(self.name, "", "fail" if errors else "pass", f"data check: {counts}")
        lines = []
        for f in errors[: self.worst]:
            place = f"segment {f.segment}, {f.text}" if f.segment else f.text
            lines.append(f"  {clean(place)}: {clean(f.message)} [{clean(f.id)}]")
        if len(errors) > len(lines):
            lines.append(f"  … and {len(errors) - len(lines)} more")
        return result, "\n".join(lines)

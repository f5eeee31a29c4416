"""The fixtures' work: score, compare, check terms, and judge against a baseline."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from xindaya.evaluation import evaluate
from xindaya.explain import clean, show_changes
from xindaya.gates import Policy, merge_allowances, parse_allowance
from xindaya.metrics.judging.record import term_errors
from xindaya.pairs import Termbase, XindayaError
from xindaya.pairs.wording import counted
from xindaya.pytest_plugin.context import Context, Texts
from xindaya.pytest_plugin.fixtures import USED
from xindaya.pytest_plugin.guard import Guard, brief, method_of, metric_result
from xindaya.pytest_plugin.options import check_expressions
from xindaya.pytest_plugin.results import Result
from xindaya.pytest_plugin.values import Difference, Differences, Scores, TermCheck
from xindaya.spec import BASELINE_FOLDER

_SYSTEM = "outputs"


@dataclass(frozen=True, repr=False)
class TranslationScores:
    """The fixture ``translation_scores``."""

    context: Context

    def __call__(
        self,
        outputs: Texts,
        *,
        references: Texts | Mapping[str, Texts] | None = None,
        sources: Texts | None = None,
        metrics: Sequence[str] | None = None,
        termbase: str | Path | Termbase | None = None,
        system: str = _SYSTEM,
        ids: Sequence[str] | None = None,
        documents: Sequence[str] | None = None,
    ) -> Scores:
        """Scores the outputs of one system.

        Args:
            outputs: One text a segment, or a `Path` of a file with one a line.
            references: The same; or several sets of references, by name.
            sources: Source texts; terms need them.
            metrics: Names such as ``bleu``; those of the marker unless given.
            termbase: To check terms against; that of the marker unless given.
            system: Name of the system in messages and baselines.
            ids: Ids of the segments; numbers from 1 unless given.
            documents: Document of each segment.

        Raises:
            UsageError: If the lists are not equally long.
        """
        __tracebackhide__ = True
        texts = {"references": references, "sources": sources, "ids": ids, "documents": documents}
        evaluation = evaluate(
            self.context.corpus({system: outputs}, texts),
            termbase=self.context.termbase(termbase),
            settings=self.context.settings(metrics),
        )
        scores = Scores(evaluation, system, self.context.options.worst)
        results = [
            Result(
                m, clean(system), "score", f"{m} {evaluation.metrics[m].figure(s)}", m, float(s),
                signature=evaluation.signatures[m],
            )
            for m, s in scores.items()
        ]  # fmt: skip
        self.context.give(scores, *results)
        return scores


@dataclass(frozen=True, repr=False)
class CheckTerms:
    """The fixture ``check_terms``."""

    context: Context

    def __call__(
        self,
        outputs: Texts,
        *,
        sources: Texts,
        termbase: str | Path | Termbase | None = None,
        system: str = _SYSTEM,
        documents: Sequence[str] | None = None,
    ) -> TermCheck:
        """Checks the terms of one system; the arguments are those of `TranslationScores`.

        Raises:
            UsageError: If there is no termbase, or the lists are not equally long.
        """
        __tracebackhide__ = True
        texts = {"references": None, "sources": sources, "ids": None, "documents": documents}
        evaluation = evaluate(
            self.context.corpus({system: outputs}, texts),
            termbase=self.context.termbase(termbase),
            settings=self.context.settings(None),
        )
        check = Scores(evaluation, system, self.context.options.worst).terms
        message = f"{counted(int(check.errors), 'term error')}, {int(check.forbidden)} forbidden"
        result = Result(
            "terms", clean(system), "score", message, "terms", int(check.errors),
            signature=evaluation.signatures["Terms"],
        )  # fmt: skip
        self.context.give(check, result)
        return check


@dataclass(frozen=True, repr=False)
class CompareSystems:
    """The fixture ``compare_systems``."""

    context: Context

    def __call__(
        self,
        old: Texts,
        new: Texts,
        *,
        references: Texts | Mapping[str, Texts],
        sources: Texts | None = None,
        metrics: Sequence[str] | None = None,
        names: tuple[str, str] = ("old", "new"),
    ) -> Differences:
        """Compares two systems; arguments as in `TranslationScores`."""
        __tracebackhide__ = True
        texts = {"references": references, "sources": sources, "ids": None, "documents": None}
        evaluation = evaluate(
            self.context.corpus(dict(zip(names, (old, new), strict=True)), texts),
            settings=self.context.settings(metrics),
        )
        found = evaluation.comparisons
        scores = Scores(evaluation, names[1], self.context.options.worst)
        differences = Differences((c.metric, Difference(c, scores)) for c in found)
        results = []
        for name, d in differences.items():
            c = d.comparison
            before, after = (evaluation.scores[name][s] for s in names)
            shown = evaluation.metrics[name].figure
            change = f"{c.delta:+.{evaluation.metrics[name].digits}f}, p = {d.p_value:.4f}"
            message = f"{name} {shown(before)} → {shown(after)} ({change})"
            results.append(
                Result(
                    f"{name}~{clean(names[0])}", clean(names[1]), "score", message, name, after,
                    before, c.delta, c.p_value, c.p_holm,
                    str(c.outcome), None, method_of(c), evaluation.signatures[name],
                )
            )  # fmt: skip
        self.context.give(differences, *results)
        return differences


@dataclass(frozen=True, repr=False)
class TranslationBaseline:
    """The fixture ``translation_baseline``."""

    context: Context

    def __call__(
        self, scores: Scores, *, fail_on: Sequence[str] | None = None, name: str | None = None
    ) -> None:
        """Fails the test if a system is worse than the test's baseline.

        Args:
            scores: What ``translation_scores`` returned.
            fail_on: Allowed losses such as ``chrF2:-1.0``; those of the marker unless given.
            name: Of the baseline file; module and test unless given.
        """
        __tracebackhide__ = True
        try:
            reasons = self._judge(scores, fail_on, name)
        except XindayaError as error:
            reasons = [str(error)]
            message = brief(error, scores.system)
            self.context.give(scores, Result("baseline", clean(scores.system), "fail", message))
        if reasons:
            self.context.item.stash[USED] = []  # the reasons below show the segments
            lines = "\n".join(reasons).split("\n")
            pytest.fail("\n".join(map(clean, lines)), pytrace=False)

    def _judge(self, scores: Scores, fail_on: Sequence[str] | None, name: str | None) -> list[str]:
        guard = self._guard(scores, fail_on, name)
        reasons, evaluation = [], scores.evaluation
        state = guard.accept(scores.system)
        for metric in guard.judge.metrics:
            rule = f"{metric}~baseline"
            if state:
                self.context.give(scores, guard.accepted(rule, scores.system, metric, state))
                continue
            found = guard.metric(scores.system, metric)
            self.context.give(scores, metric_result(rule, found, guard))
            if not found.passed:
                blamed = found.blamed[: scores.worst]
                shown = show_changes(evaluation, scores.system, metric, blamed)
                reasons += [f"{scores.system}: {found.message}", shown]
        if evaluation.terminology is not None:
            judge = guard.judge
            terms = judge.terms(scores.system, alone=True) if state else guard.terms(scores.system)
            verdict = "pass" if terms.passed else "fail"
            result = Result("terms", clean(scores.system), verdict, terms.message, "terms")
            self.context.give(scores, result)
            if not terms.passed:
                found_terms = [*terms.forbidden, *terms.newly_unresolved]
                occurrences = found_terms or term_errors(evaluation, scores.system)
                reasons += [f"{scores.system}: {terms.message}", scores.blame_terms(occurrences)]
            if terms.forbidden:
                return reasons  # which no baseline accepts
        return [*reasons, guard.advice] if reasons else []

    def _guard(self, scores: Scores, fail_on: Sequence[str] | None, name: str | None) -> Guard:
        context, options = self.context, self.context.options
        check_expressions(options.ini_fail_on)
        said = (options.ini_fail_on, fail_on or context.marker.fail_on, options.fail_on)
        metrics = tuple(scores.evaluation.metrics.values())
        policy = Policy(
            allowances=merge_allowances(
                *([parse_allowance(t, metrics, lenient=True) for t in texts] for texts in said)
            ),
            alpha=context.alpha,
            seed=context.seed,
            undecided_fails=context.undecided_fails,
        )
        return Guard(
            path=self._path(name),
            owner=context.item.nodeid,
            evaluation=scores.evaluation,
            policy=policy,
            options=options,
            root=context.root,
        )

    def _path(self, name: str | None) -> Path:
        item, place = self.context.item, self.context.options.baseline
        chosen = name or f"{item.path.stem}.{item.nodeid.partition('::')[2]}"
        safe = re.sub(r"[^\w.-]+", "_", chosen).strip(".")
        if safe != chosen and not name:
            safe += f"-{zlib.crc32(chosen.encode()):08x}"
        if place is None:
            return item.path.parent / BASELINE_FOLDER / f"{safe}.json"
        if place.suffix == ".json":
            return place
        folder = item.path.parent
        inside = folder.is_relative_to(self.context.root)
        return place / (folder.relative_to(self.context.root) if inside else "") / f"{safe}.json"

"""A spec within a pytest session: read when it is collected, evaluated once when first needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import pytest

from xindaya.evaluation import evaluate
from xindaya.gates import Policy, apply_gates, merge_allowances, parse_allowance
from xindaya.metrics import Evaluation, GateResult
from xindaya.metrics.judging.record import term_errors
from xindaya.metrics.measures import TERMS
from xindaya.metrics.terminology import Occurrence
from xindaya.pairs import Corpus, UsageError, XindayaError
from xindaya.pairs.checks import DataFinding, check_corpus_data
from xindaya.pytest_plugin.guard import Guard
from xindaya.pytest_plugin.options import OPTIONS, STARTED, check_expressions
from xindaya.spec import BASELINE_FOLDER, load_corpus, load_spec, with_trust

_RUNS = pytest.StashKey[dict[Path, "SpecRun"]]()


class SpecRun:
    """What the tests of one spec share.

    Args:
        config: Of the session.
        path: The spec.

    Raises:
        XindayaError: If the spec is wrong.
        pytest.UsageError: If an option is.
    """

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self.options = config.stash[OPTIONS]
        self.root = config.rootpath
        self.started = config.stash[STARTED]
        self.spec = load_spec(path)
        check_expressions(self.options.ini_fail_on)
        self._failure: XindayaError | None = None
        self.explained: dict[tuple[str, ...], str] = {}
        """Reasons why something cannot be judged, and the test that shows them."""

    @classmethod
    def of(cls, config: pytest.Config, path: Path) -> SpecRun:
        """Returns the one run of a spec in this process."""
        runs = config.stash.setdefault(_RUNS, {})
        if path not in runs:
            run = cls(config, path)
            for other in runs.values():
                if run.has_baseline and other.baseline_path == run.baseline_path:
                    raise UsageError(
                        f"{path}: the baseline {run.baseline_path} is that of {other.spec.path} too"
                    )
            runs[path] = run
        return runs[path]

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the systems; the corpus is read only if the spec does not name them."""
        return self.spec.systems or tuple(self.spec.files.get("systems", ())) or tuple(
            self.corpus.systems
        )  # fmt: skip

    @cached_property
    def corpus(self) -> Corpus:
        """The corpus."""
        return load_corpus(self.spec)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The evaluation; a failure is remembered and not tried again for every test."""
        if self._failure is not None:
            raise self._failure
        try:
            return self._evaluate()
        except XindayaError as error:
            self._failure = error
            raise

    @property
    def has_baseline(self) -> bool:
        """True if the systems are compared with a baseline, or are to be given one."""
        o = self.options
        wanted = bool(o.baseline or o.fail_on or o.ini_fail_on or o.update or o.new_only)
        return wanted or self.spec.has_baseline or self.baseline_path.is_file()

    @cached_property
    def judged_metrics(self) -> tuple[str, ...]:
        """Names of the metrics compared with the baseline."""
        return self.policy.metrics(tuple(self.spec.metrics))

    @cached_property
    def baseline_path(self) -> Path:
        """Where the baseline is, or would be."""
        place = self.options.baseline
        if place is None:
            return self.spec.baseline_path
        if place.suffix == ".json":
            return place
        return place / self._relative.parent / f"{self._stem}.json"

    @cached_property
    def policy(self) -> Policy:
        """How losses are judged: the ini file, then the spec, then the command line."""
        o, policy = self.options, self.spec.policy
        metrics = self.spec.metrics
        said = [
            [
                a
                for text in texts
                if (a := parse_allowance(text, metrics.values(), lenient=True)).measure
                in (TERMS, *metrics)
            ]
            for texts in (o.ini_fail_on, o.fail_on)
        ]
        return replace(
            policy,
            allowances=merge_allowances(said[0], policy.allowances, said[1]),
            alpha=o.alpha if o.alpha is not None else policy.alpha,
            seed=o.seed if o.seed is not None else policy.seed,
        )

    @cached_property
    def guard(self) -> Guard:
        """The comparison with the baseline."""
        return Guard(
            path=self.baseline_path,
            owner=self._relative.as_posix(),
            evaluation=self.evaluation,
            policy=self.policy,
            options=self.options,
            root=self.root,
            known=self.systems,
        )

    def term_errors(self, system: str) -> list[Occurrence]:
        """Lists the term errors of a system."""
        return term_errors(self.evaluation, system)

    def data_findings(self) -> tuple[DataFinding, ...]:
        """Lists what the data check finds, but for waived findings."""
        return check_corpus_data(self.corpus, waivers=self.spec.settings.waivers)

    @property
    def _relative(self) -> Path:
        """The spec's path from the root folder, or its name if it is elsewhere."""
        path = self.spec.path
        return path.relative_to(self.root) if path.is_relative_to(self.root) else Path(path.name)

    @property
    def _stem(self) -> str:
        return self.spec.path.name.removesuffix(".mt.toml")

    def _evaluate(self) -> Evaluation:
        settings = self.spec.settings
        if self.options.seed is not None:
            settings = replace(settings, seed=self.options.seed)
        kept = self.options.report is not None or self.options.store is not None
        if not kept:
            # Only what is kept shows intervals and tests between systems.
            settings = replace(settings, confidence_samples=0, test=None)
        evaluation = evaluate(self.corpus, termbase=self.spec.termbase, settings=settings)
        if kept:
            evaluation = with_trust(evaluation, self.spec)
            self._keep(replace(evaluation, gates=self._gates(evaluation)))
        return evaluation

    def _gates(self, evaluation: Evaluation) -> tuple[GateResult, ...]:
        from xindaya.baseline_files import read_baseline
        from xindaya.regressions import Judge

        gates = apply_gates(evaluation, self.spec.gates)
        if self.has_baseline and not self.options.update:
            try:
                judge = Judge(evaluation, read_baseline(self.baseline_path), self.policy)
                gates += judge.gate_results()
            except XindayaError:
                pass  # the tests say it
        return gates

    def _keep(self, evaluation: Evaluation) -> None:
        """Writes the report and records the run."""
        if self.options.report is not None:
            self._report(evaluation, self.options.report / self._relative.parent / self._stem)
        if self.options.store is not None:
            from xindaya.store import Remark, Store

            # Every worker records the same content at the same time: that is one run.
            clock = partial(datetime.fromtimestamp, self.started, UTC)
            Store(self.options.store, clock=clock).record(evaluation, Remark(self.spec.name))

    def _report(self, evaluation: Evaluation, folder: Path) -> None:
        """Writes the run folder; several workers may do so, one after the other.

        It is of the last session, and replaces that of an earlier one, but nothing else.
        """
        import portalocker

        from xindaya.runs import save_run

        folder.parent.mkdir(parents=True, exist_ok=True)
        with portalocker.Lock(folder.parent / f".{folder.name}.lock", mode="a", timeout=60):
            save_run(evaluation, folder, force=True)


__all__ = ["BASELINE_FOLDER", "SpecRun"]

"""From two evaluations to what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from xindaya.metrics.changes.matching import Matching
from xindaya.metrics.changes.model import (
    Changes,
    FindingChanges,
    GateChange,
    ScoreChange,
    SystemChange,
)
from xindaya.metrics.changes.scores import score_changes, segment_changes
from xindaya.metrics.changes.terms import term_changes
from xindaya.metrics.evaluation import Evaluation, Finding, Unscored
from xindaya.metrics.judging.alike import check_same_measure
from xindaya.metrics.judging.outcome import ALPHA, SEED
from xindaya.pairs import ComparabilityError

_Pairs = Sequence[tuple[str, str]]


def compare_evaluations(
    old: Evaluation,
    new: Evaluation,
    matching: Matching,
    *,
    names: tuple[str, str] = ("old", "new"),
    alpha: float = ALPHA,
    seed: int = SEED,
) -> Changes:
    """Compares two runs on one test set: scores, segments, terms, findings and gates.

    Args:
        old: The old run.
        new: The new run.
        matching: Which system is which, from `match_systems`.
        names: What the runs are called.
        alpha: Level of the family of each metric.
        seed: Of all random numbers.

    Raises:
        ComparabilityError: If the runs were not measured alike, or have no measure in common.
    """
    check_same_measure(old, new, names)
    metrics = [m for m in new.metrics if m in old.metrics]
    apart = [*_apart(old, new, matching.pairs, metrics)]
    metrics = [m for m in metrics if m not in (u.metric for u in apart)]
    if not metrics and not (old.terminology and new.terminology):
        raise ComparabilityError(f"{names[0]} and {names[1]} have no measure in common")
    pairs = matching.pairs
    scores = score_changes(old, new, pairs, metrics, alpha=alpha, seed=seed)
    return Changes(
        names=names,
        old=old,
        new=new,
        systems=tuple(_system(old, new, was, now, scores[now], seed) for was, now in pairs),
        gone=matching.gone,
        added=matching.added,
        findings=_findings(old, new, pairs),
        gates=tuple(_gates(old, new, pairs)),
        not_compared=(*_not_compared(old, new, names), *apart),
        notes=(*_notes(old, new), *_left_out(new, scores)),
    )


def _system(
    old: Evaluation,
    new: Evaluation,
    was: str,
    now: str,
    scores: tuple[ScoreChange, ...],
    seed: int,
) -> SystemChange:
    i, j = old.systems.index(was), new.systems.index(now)
    outputs = zip(old.corpus.systems[was], new.corpus.systems[now], strict=True)
    terms = None
    if old.terminology and new.terminology:
        terms = term_changes(
            old.terminology, new.terminology, was, now,
            source_lang=new.corpus.source_lang, seed=seed,
        )  # fmt: skip
    return SystemChange(
        system=now,
        was=was,
        edited=tuple(k for k, (before, after) in enumerate(outputs) if before != after),
        scores=scores,
        segments=tuple(
            segment_changes(old.rows[s.metric][i], new.rows[s.metric][j], new.metrics[s.metric])
            for s in scores
        ),
        terms=terms,
    )


def _findings(old: Evaluation, new: Evaluation, pairs: _Pairs) -> FindingChanges:
    name_now = dict(pairs) | {"": ""}
    terms = bool(old.terminology and new.terminology)

    def compared(findings: Iterable[Finding], names: Collection[str]) -> list[Finding]:
        return [f for f in findings if f.system in names and (terms or not _is_about_terms(f))]

    then = {(_identity(f, name_now[f.system]), f.kind): f for f in compared(old.findings, name_now)}
    now = {(f.id, f.kind): f for f in compared(new.findings, set(name_now.values()))}
    return FindingChanges(
        new=tuple(f for key, f in now.items() if key not in then),
        gone=tuple(f for key, f in then.items() if key not in now),
    )


def _is_about_terms(finding: Finding) -> bool:
    return finding.kind.endswith("-term") or finding.kind == "neutralisation"


def _identity(finding: Finding, name: str) -> str:
    """Returns the id that a finding of the old run has under the system's new name."""
    was = finding.system
    if was == name:
        return finding.id
    if finding.id.startswith(f"{was}:"):
        return name + finding.id[len(was) :]
    for lead in ("/", "system:"):
        if f"{lead}{was}/" in finding.id:
            return finding.id.replace(f"{lead}{was}/", f"{lead}{name}/", 1)
    return finding.id


def _gates(old: Evaluation, new: Evaluation, pairs: _Pairs) -> Iterator[GateChange]:
    name_now = dict(pairs)
    then = {(name_now[g.system], g.rule): g for g in old.gates if g.system in name_now}
    compared = set(name_now.values())
    now = {(g.system, g.rule): g for g in new.gates if g.system in compared}
    for key in dict.fromkeys([*now, *then]):
        before, after = then.get(key), now.get(key)
        if not (before and after and before.passed == after.passed):
            yield GateChange(*key, before, after)


def _apart(
    old: Evaluation, new: Evaluation, pairs: _Pairs, metrics: Sequence[str]
) -> Iterator[Unscored]:
    """Yields the metrics by which a system has no segment with a score in both runs."""
    for name in metrics:
        for was, now in pairs:
            then, later = (
                run.metrics[name].scored(run.rows[name][run.systems.index(system)])
                for run, system in ((old, was), (new, now))
            )
            if then.shape == later.shape and not (then & later).any():
                yield Unscored(name, f"no segment of {now} has a score in both runs")
                break


def _not_compared(old: Evaluation, new: Evaluation, names: tuple[str, str]) -> Iterator[Unscored]:
    for metric in dict.fromkeys([*old.metrics, *new.metrics]):
        if metric not in new.metrics or metric not in old.metrics:
            only = names[metric in new.metrics]
            yield Unscored(metric, f"only {only} has it")
    if bool(old.terminology) != bool(new.terminology):
        only = names[new.terminology is not None]
        yield Unscored("Terms", f"only {only} was checked against a termbase")


def _left_out(new: Evaluation, scores: Mapping[str, tuple[ScoreChange, ...]]) -> Iterator[str]:
    """Yields the scores that are compared on fewer segments than there are."""
    segments = len(new.corpus.segments)
    for system, changes in scores.items():
        for change in changes:
            compared = change.test.compared
            if compared is not None and compared < segments:
                yield (
                    f"{change.metric} of {system}: compared on the {compared:,} of {segments:,} "
                    "segments that have a score in both runs"
                )


def _notes(old: Evaluation, new: Evaluation) -> Iterator[str]:
    """Yields what is not part of a hash or signature and may explain a change all the same."""
    if old.terminology and new.terminology:
        before, after = set(old.terminology.waivers), set(new.terminology.waivers)
        if before != after:
            yield f"waivers: {len(after - before)} added, {len(before - after)} removed"
    versions = [{"xindaya": e.provenance.version, **e.provenance.packages} for e in (old, new)]
    for name in dict.fromkeys([*versions[0], *versions[1]]):
        then, now = (v.get(name, "(absent)") for v in versions)
        if then != now:
            yield f"{name}: {then}, now {now}"

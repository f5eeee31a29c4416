"""Is a run worse than another one by more than is allowed?

The old run plays the part of the baseline, so that a loss is judged as `xindaya.regressions` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xindaya.baselines import Baseline, record_of
from xindaya.gates import TERMS, Allowance, Policy, merge_allowances
from xindaya.metrics import Evaluation
from xindaya.metrics.changes import Changes
from xindaya.pairs import UsageError
from xindaya.regressions import Judge


def real_losses(changes: Changes, allowances: Sequence[Allowance]) -> list[str]:
    """Lists the losses that are significant and larger than allowed.

    Systems with the same outputs as before lose nothing and are no test.

    Args:
        changes: What changed.
        allowances: What may be lost, by measure.

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
        _only(changes.new, list(records)),
        Baseline(Path(changes.names[0]), "", records),
        _policy(changes, allowances),
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


def _policy(changes: Changes, allowances: Sequence[Allowance]) -> Policy:
    merged = merge_allowances(allowances)
    scores = changes.systems[0].scores
    if not scores:
        return Policy(merged)
    test = scores[0].test
    return Policy(merged, method=test.method, samples=test.samples, seed=test.seed)


def _only(evaluation: Evaluation, systems: Sequence[str]) -> Evaluation:
    """Returns the evaluation of some of its systems."""
    places = [evaluation.systems.index(s) for s in systems]
    return replace(
        evaluation,
        corpus=evaluation.corpus.with_systems({s: evaluation.corpus.systems[s] for s in systems}),
        rows={name: rows[places] for name, rows in evaluation.rows.items()},
        intervals={},
        comparisons=(),
    )

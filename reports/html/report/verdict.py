"""The verdict: what the numbers say, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xindaya.metrics import Evaluation
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology.verdicts import ALLOWED
from xindaya.reports.figures import is_corrected, number
from xindaya.reports.html.report.payload import decimals_for
from xindaya.reports.html.wording import Names, Phrase, Sentence


def sentences(evaluation: Evaluation) -> list[list[Sentence]]:
    """Returns the verdict as paragraphs of sentences: scores, terminology, gates."""
    paragraphs = [*_score_paragraphs(evaluation), _terminology(evaluation), _gates(evaluation)]
    return [p for p in paragraphs if p]


def best_systems(evaluation: Evaluation, metric: str, without: str = "") -> tuple[str, ...]:
    """Returns the systems with the best score; several if they are exactly level."""
    scores = {
        system: score
        for system, score in evaluation.scores[metric].items()
        if math.isfinite(score) and system != without
    }
    if not scores:
        return ()
    choose = max if evaluation.metrics[metric].higher_is_better else min
    best = choose(scores.values())
    return tuple(system for system, score in scores.items() if score == best)


def _score_paragraphs(evaluation: Evaluation) -> Iterator[list[Sentence]]:
    if not evaluation.metrics:
        yield [Sentence("no_metric", {})]
    elif len(evaluation.systems) == 1:
        yield [_single(evaluation)]
    else:
        for winners, metrics in _winners(evaluation).items():
            key = "best_all" if len(winners) == 1 else "best_tie"
            values: dict[str, object] = {"systems": Names(winners), "metrics": Names(metrics)}
            lead = _lead(evaluation, winners, metrics) if len(winners) == 1 else []
            yield [Sentence(key, values), *lead]
        if not evaluation.comparisons:
            yield [Sentence("untested", {})]


def _single(evaluation: Evaluation) -> Sentence:
    system = evaluation.systems[0]
    scores = [
        f"{metric} {number(by_system[system], decimals_for(abs(by_system[system])))}"
        for metric, by_system in evaluation.scores.items()
    ]
    return Sentence("single", {"systems": Names([system]), "scores": Names(scores)})


def _winners(evaluation: Evaluation) -> dict[tuple[str, ...], list[str]]:
    """Groups the metrics by the systems that are best."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for metric in evaluation.metrics:
        if winners := best_systems(evaluation, metric):
            groups.setdefault(winners, []).append(metric)
    return groups


def _lead(
    evaluation: Evaluation, winners: Sequence[str], metrics: Sequence[str]
) -> Iterator[Sentence]:
    """Says whether the winner's lead is real: over the baseline, or over the runner-up."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for metric in metrics:
        if found := _judged(evaluation, winners[0], metric):
            groups.setdefault(found, []).append(metric)
    for (key, role, other), judged in groups.items():
        p = Phrase("p_holm" if is_corrected(evaluation.comparisons) else "p_value")
        values: dict[str, object] = {"role": Phrase(role), "other": Names([other]), "p": p}
        yield Sentence(key, values | {"metrics": Names(judged)})


def _judged(evaluation: Evaluation, winner: str, metric: str) -> tuple[str, str, str] | None:
    role, other = "baseline_word", evaluation.baseline
    comparison = evaluation.comparison_or_none(metric, winner)
    if winner == evaluation.baseline:
        others = best_systems(evaluation, metric, without=winner)
        if not others:
            return None
        role, other = "runner_up", others[0]
        comparison = evaluation.comparison_or_none(metric, other)
    if comparison is None:
        return None
    if comparison.delta == 0:
        return "lead_none", role, other
    if comparison.outcome is Outcome.TOO_FEW:
        return "lead_few", role, other
    return "lead_real" if comparison.outcome.real else "lead_chance", role, other


def _terminology(evaluation: Evaluation) -> list[Sentence]:
    terminology = evaluation.terminology
    if terminology is None or not evaluation.systems:
        return []
    found_concepts = {o.concept for found in terminology.systems.values() for o in found}
    if not found_concepts:
        return [Sentence("drift_empty", {})]
    summaries = {system: terminology.summary(system) for system in evaluation.systems}
    drifting = {system: s.drifting for system, s in summaries.items()}
    forbidden = {system: s.forbidden for system, s in summaries.items()}
    concepts = drifting_concepts(evaluation)
    values = _extremes(drifting) | {
        "drifting": len(concepts),
        "terms": len(found_concepts),
        "all": len(terminology.termbase.concepts),
        "astray": len(_astray_concepts(evaluation)),
    }
    found = []
    if values["terms"] != values["all"]:
        found.append(Sentence("terms_occur", values))
    if concepts:
        found.append(Sentence("drift_some" if len(drifting) > 1 else "drift_one", values))
    else:
        found.append(Sentence("drift_astray" if values["astray"] else "drift_none", values))
    if total := sum(forbidden.values()):
        found.append(Sentence("forbidden_some", _extremes(forbidden) | {"n": total}))
    return found


def drifting_concepts(evaluation: Evaluation) -> set[str]:
    """Returns the concepts that drift in at least one system."""
    terminology = evaluation.terminology
    uses = terminology.uses if terminology else ()
    return {u.concept for u in uses if not u.is_reference and "drift" in u.flags}


def _astray_concepts(evaluation: Evaluation) -> set[str]:
    """Returns the concepts that a system renders by a form that is not allowed."""
    uses = evaluation.terminology.uses if evaluation.terminology else ()
    return {
        u.concept
        for u in uses
        if not u.is_reference and any(r.status not in ALLOWED for r in u.renderings)
    }


def _extremes(counts: dict[str, int]) -> dict[str, object]:
    most, fewest = max(counts.values()), min(counts.values())
    return {
        "most": most,
        "fewest": fewest,
        "worst": Names([s for s, n in counts.items() if n == most][:3]),
        "least": Names([s for s, n in counts.items() if n == fewest][:3]),
    }


def _gates(evaluation: Evaluation) -> list[Sentence]:
    failed = sum(not g.passed for g in evaluation.gates)
    if not evaluation.gates:
        return []
    key = "gates_fail" if failed else "gates_pass"
    return [Sentence(key, {"n": len(evaluation.gates), "failed": failed})]

"""The verdict: what the numbers say, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from xindaya.metrics import Evaluation
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology.verdicts import ALLOWED
from xindaya.reports.figures import decimals, number, percent
from xindaya.reports.html.wording import Names, Sentence

_REAL, _UNTESTED = "lead_real", "lead_untested"


def sentences(evaluation: Evaluation) -> list[list[Sentence]]:
    """Returns the verdict as paragraphs of sentences, what a buyer asks for first.

    Who leads and whether that is sure, with who breaks the termbase; what to do; terminology; gates.
    P-values stand with the tests. Without a reference, terminology is all there is to lead by.
    """
    if evaluation.metrics:
        paragraphs = [*_score_paragraphs(evaluation), _terminology(evaluation)]
    else:
        terms = [*_keepers(evaluation), *_terminology(evaluation)]
        paragraphs = [terms, [Sentence("no_metric", {})]]
    return [p for p in [*paragraphs, _gates(evaluation)] if p]


def best_systems(evaluation: Evaluation, metric: str, without: str = "") -> tuple[str, ...]:
    """Returns the systems with the best score; several if they are exactly level."""
    scores = {
        system: score
        for system, score in evaluation.common_scores[metric].items()
        if math.isfinite(score) and system != without
    }
    if not scores:
        return ()
    choose = max if evaluation.metrics[metric].higher_is_better else min
    best = choose(scores.values())
    return tuple(system for system, score in scores.items() if score == best)


def _score_paragraphs(evaluation: Evaluation) -> Iterator[list[Sentence]]:
    if len(evaluation.systems) == 1:
        yield [_single(evaluation), *_broken(evaluation, evaluation.systems)]
        return
    leads = {
        winners: {metric: _judged(evaluation, winners, metric) for metric in metrics}
        for winners, metrics in _winners(evaluation).items()
    }
    real = {w: sum(key == _REAL for key, _ in of.values()) for w, of in leads.items()}
    for winners in sorted(leads, key=lambda w: (-real[w], -len(leads[w]))):
        key = "best_all" if len(winners) == 1 else "best_tie"
        best = list(leads[winners])
        values: dict[str, object] = {"systems": Names(winners), "metrics": Names(best)}
        told = _lead(evaluation, leads[winners])
        yield [Sentence(key, values), *told, *_broken(evaluation, winners)]
    if leads:
        yield [*_advice(evaluation, leads, real)]
    if not evaluation.comparisons:
        yield [Sentence("untested", {})]


def _single(evaluation: Evaluation) -> Sentence:
    system = evaluation.systems[0]
    scores = [
        f"{metric} {number(by_system[system], decimals(evaluation.metrics[metric], 1))}"
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


def _lead(evaluation: Evaluation, judged: Mapping[str, tuple[str, str]]) -> Iterator[Sentence]:
    """Says whether the winner's lead over the runner-up is real."""
    groups: dict[tuple[str, str], list[str]] = {}
    for metric, found in judged.items():
        if found[0]:
            groups.setdefault(found, []).append(metric)
    for (key, other), metrics in groups.items():
        values = {"other": [other], "metrics": metrics, "baseline": [evaluation.baseline]}
        # Metrics that the sentence before has just named are not named again.
        spoken = key if len(metrics) < len(judged) else f"{key}_all"
        yield Sentence(spoken, {k: Names(names) for k, names in values.items()})


def _advice(
    evaluation: Evaluation,
    leads: Mapping[tuple[str, ...], Mapping[str, tuple[str, str]]],
    real: Mapping[tuple[str, ...], int],
) -> Iterator[Sentence]:
    """Says what to do: which system to take, or how to decide; and what has to be mended first."""
    ahead = [winners for winners, count in real.items() if count]
    others = [other for of in leads.values() for _, other in of.values() if other]
    rivals = [*dict.fromkeys([*(name for winners in leads for name in winners), *others])][:4]
    tested = any(key not in ("", _UNTESTED) for of in leads.values() for key, _ in of.values())
    clean = [s for s in rivals if not _forbidden(evaluation, s)]
    if len(ahead) == 1:
        yield Sentence("advice_take", {"systems": Names(ahead[0])})
        yield from _to_mend(evaluation, ahead[0])
    elif evaluation.comparisons and not tested and [len(w) for w in leads] == [1]:
        yield Sentence("advice_test", {"systems": Names(next(iter(leads)))})
    elif not ahead and len(clean) == 1 < len(rivals):
        yield Sentence("advice_clean", {"systems": Names(clean), "all": Names(rivals)})
    else:
        key = "advice_disagree" if ahead else "advice_undecided"
        yield Sentence(key, {"systems": Names(rivals)})
        yield from _to_mend(evaluation, rivals)


def _to_mend(evaluation: Evaluation, systems: Sequence[str]) -> Iterator[Sentence]:
    if breaking := [s for s in systems if _forbidden(evaluation, s)]:
        yield Sentence("advice_mend", {"systems": Names(breaking)})


def _forbidden(evaluation: Evaluation, system: str) -> int:
    terminology = evaluation.terminology
    return terminology.summary(system).forbidden if terminology else 0


def _judged(evaluation: Evaluation, winners: Sequence[str], metric: str) -> tuple[str, str]:
    """Returns what is known of the lead, and the runner-up; nothing where nothing was tested."""
    others = best_systems(evaluation, metric, without=winners[0])
    baseline = evaluation.baseline
    if len(winners) > 1 or not others or not evaluation.comparisons:
        return "", ""
    other = baseline if baseline in others else others[0]
    comparison = None
    if baseline in (winners[0], other):
        tested = other if winners[0] == baseline else winners[0]
        comparison = evaluation.comparison_or_none(metric, tested)
    if comparison is None:
        return _UNTESTED, other
    if comparison.outcome is Outcome.TOO_FEW:
        return "lead_few", other
    return _REAL if comparison.outcome.real else "lead_chance", other


def _broken(evaluation: Evaluation, winners: Sequence[str]) -> Iterator[Sentence]:
    """Says which of the leaders break the termbase, beside the system that does so least."""
    if evaluation.terminology is None:
        return
    forbidden = {s: _forbidden(evaluation, s) for s in evaluation.systems}
    extremes = _extremes(forbidden)
    for system in winners:
        if n := forbidden[system]:
            key = "breaks_more" if n > min(forbidden.values()) else "breaks"
            yield Sentence(key, extremes | {"systems": Names([system]), "n": n})


def _keepers(evaluation: Evaluation) -> Iterator[Sentence]:
    """Says which systems keep to the termbase best, for when there are no scores."""
    if evaluation.terminology is None:
        return
    shares = {s: evaluation.terminology.summary(s).adherence for s in evaluation.systems}
    known = {s: share for s, share in shares.items() if share is not None}
    if not known:
        return
    best = max(known.values())
    keepers = [s for s, share in known.items() if share == best]
    key = "keeps" if len(evaluation.systems) == 1 else "keeps_best"
    yield Sentence(key, {"systems": Names(keepers[:3]), "share": percent(best)})
    yield from _broken(evaluation, keepers)


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

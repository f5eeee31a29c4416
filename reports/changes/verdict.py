"""What changed, in sentences; every view begins with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xindaya.metrics.changes import (
    Changes,
    GateChange,
    ScoreChange,
    SystemChange,
    TermChange,
)
from xindaya.metrics.judging.outcome import Outcome
from xindaya.reports.figures import p_value, signed, verdict_key
from xindaya.reports.html.strings import PAGE
from xindaya.reports.html.wording import Names, Phrase, Sentence, plural

_ORDER = ("real_worse", "real_better", "chance_worse", "chance_better", "too_few")
_TOLD = 3
_NAMED = 5


def sentences(changes: Changes) -> list[list[Sentence]]:
    """Returns the verdict as paragraphs: the most important one first, then a few systems' own."""
    several = len(changes.systems) > 1
    paragraphs = [list(_overall(changes))] if several else []
    told = [s for s in changes.systems if not several or not _is_unmoved(s)]
    if len(told) <= _TOLD:  # the table says it of many
        paragraphs += [list(_scores(system, named=several)) for system in told]
    paragraphs.append([_edits(changes)])
    paragraphs += [list(_terms(changes)), list(_gates(changes)), list(_others(changes))]
    return [p for p in paragraphs if p]


def in_words(sentence: Sentence, escape: Callable[[str], str] = str) -> str:
    """Returns a sentence in English, for views that are not HTML.

    Args:
        sentence: What to say.
        escape: Makes the names in it safe for the view.
    """
    values = {key: _plain(value, escape) for key, value in sentence.values.items()}
    return plural(PAGE["en"][sentence.key], sentence.values).format(**values)


def drift_in_words(term: TermChange) -> Sentence:
    """Says whether a term's renderings differ by more than chance."""
    if term.drift is None or term.verdict is Outcome.TOO_FEW:
        return Sentence("chg_drift_few", {})
    key = "chg_drift_real" if term.verdict.real else "chg_drift_chance"
    return Sentence(key, {"q": f"{term.drift.q_value:.3f}"})


def gate_in_words(gate: GateChange) -> Sentence:
    """Says what became of a gate."""
    if gate.newly_fails:
        return Sentence("chg_newly_fails", {})
    if gate.after is None:
        return Sentence("chg_rule_gone", {})
    return Sentence("chg_newly_passes" if gate.newly_passes else "chg_rule_new", {})


def method(changes: Changes) -> list[Sentence]:
    """Says how the tests of the scores were made; nothing if there was nothing to test."""
    for system in changes.systems:
        for score in system.scores:
            if score.outcome is not Outcome.IDENTICAL:
                test, samples = score.test, f"{score.test.samples:,}"
                values: dict[str, object] = {"method": test.method, "samples": samples}
                values |= {"seed": test.seed, "tests": test.tests}
                return [Sentence("chg_method", values)]
    return []


def more(n: int) -> Sentence:
    """Says that not everything is shown."""
    return Sentence("chg_more", {"n": f"{n:,}"})


def _overall(changes: Changes) -> Iterator[Sentence]:
    """Sorts the systems by what became of them."""
    if not changes.metrics:
        yield Sentence("chg_no_metric", {})
        return
    groups: dict[str, list[str]] = {}
    for system in changes.systems:
        groups.setdefault(_fate(system), []).append(system.system)
    for fate in ("worse", "mixed", "better", "chance", "few", "none"):
        if fate in groups:
            yield Sentence(f"chg_systems_{fate}", {"systems": Names(groups[fate])})


def _fate(system: SystemChange) -> str:
    worse = Outcome.WORSE in system.outcomes
    better = Outcome.BETTER in system.outcomes
    if worse or better:
        return "mixed" if worse and better else "worse" if worse else "better"
    if _is_unmoved(system):
        return "none"
    return "few" if Outcome.CHANCE not in system.outcomes else "chance"


def _is_unmoved(system: SystemChange) -> bool:
    return all(s.delta == 0 for s in system.scores)


def _scores(system: SystemChange, *, named: bool) -> Iterator[Sentence]:
    """Says what became of each metric, metrics of one outcome together."""
    who: Mapping[str, object] = {"system": Names([system.system])} if named else {}
    end = "_of" if named else ""
    for key in _ORDER:
        found = [s for s in system.scores if verdict_key(s.test, s.higher_is_better) == key]
        judgement = Phrase(f"chg_{key}")
        if len(found) == 1:
            yield Sentence(f"chg_one{end}", {**_moved(found[0]), **who, "judgement": judgement})
        elif found:
            metrics = Names([_short(s) for s in found])
            yield Sentence(f"chg_some{end}", {**who, "metrics": metrics, "judgement": judgement})
    if not named and not system.scores:
        yield Sentence("chg_no_metric", {})
    elif not named and _is_unmoved(system):
        yield Sentence("chg_no_difference", {})


def _moved(change: ScoreChange) -> dict[str, object]:
    size = f"{abs(change.delta):.{change.digits}f}"
    return {
        "metric": Names([change.metric]),
        "verb": Phrase("chg_fell" if change.delta < 0 else "chg_rose"),
        "size": size if float(size) else f"less than {10**-change.digits:g}",
        "p": p_value(change.test.p_holm),
    }


def _short(change: ScoreChange) -> str:
    return f"{change.metric} {signed(change.delta, change.digits)} ({p_value(change.test.p_holm)})"


def _edits(changes: Changes) -> Sentence:
    edited = sum(len(s.edited) for s in changes.systems)
    if not edited:
        return Sentence("chg_not_edited", {})
    n = len(changes.systems) * len(changes.new.corpus.segments)
    values: dict[str, object] = {"edited": f"{edited:,}", "n": f"{n:,}"}
    metric = changes.leading_metric
    if not metric:
        return Sentence("chg_edited_only", values)
    found = [s.by(metric) for s in changes.systems]
    return Sentence(
        "chg_edited",
        values
        | {
            "metric": Names([metric]),
            "worse": f"{sum(len(f.worse) for f in found):,}",
            "better": f"{sum(len(f.better) for f in found):,}",
        },
    )


def _terms(changes: Changes) -> Iterator[Sentence]:
    checked = [s.terms for s in changes.systems if s.terms]
    if not checked:
        return
    changed = [term for terms in checked for term in terms.changed]
    if not changed:
        yield Sentence("chg_terms_none", {})
        return
    yield Sentence(
        "chg_terms",
        {
            "before": sum(t.errors[0] for t in checked),
            "after": sum(t.errors[1] for t in checked),
            "forbidden": sum(len(t.newly_forbidden) for t in checked),
            "unresolved": sum(len(t.newly_unresolved) for t in checked),
            "resolved": sum(len(t.resolved) for t in checked),
        },
    )
    worse = list(dict.fromkeys(t.term for t in changed if t.newly_astray))
    if worse:
        yield _few_terms("chg_terms_worse", worse)
    real = list(dict.fromkeys(t.term for t in changed if t.verdict.real))
    few = sum(t.verdict is Outcome.TOO_FEW for t in changed)
    if real:
        yield Sentence("chg_terms_real", {"terms": Names(real)})
    elif few:
        key = "chg_terms_few" if few == len(changed) else "chg_terms_chance_few"
        yield Sentence(key, {"few": few, "n": len(changed)})
    else:
        yield Sentence("chg_terms_chance", {})


def _few_terms(key: str, terms: list[str]) -> Sentence:
    """Names the first few terms and counts the others."""
    named, others = Names(terms[:_NAMED]), len(terms) - _NAMED
    if others <= 0:
        return Sentence(key, {"terms": named})
    return Sentence(f"{key}_more", {"terms": named, "n": others})


def _gates(changes: Changes) -> Iterator[Sentence]:
    fail = sum(g.newly_fails for g in changes.gates)
    passing = sum(g.newly_passes for g in changes.gates)
    if fail or passing:
        yield Sentence("chg_gates", {"fail": fail, "passing": passing})


def _others(changes: Changes) -> Iterator[Sentence]:
    if changes.gone:
        yield Sentence("chg_gone", {"systems": Names(changes.gone)})
    if changes.added:
        yield Sentence("chg_added", {"systems": Names(changes.added)})


def _plain(value: object, escape: Callable[[str], str]) -> object:
    if isinstance(value, Phrase):
        return PAGE["en"][value.key]
    if isinstance(value, Names):
        *lead, last = (escape(n) for n in value.names)
        return f"{', '.join(lead)} and {last}" if lead else last
    return value

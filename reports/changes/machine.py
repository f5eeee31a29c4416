"""What changed, as JSON.

Keys, all of them always there, numbers in full double precision::

    schema_version  1
    old, new        {name, version: of xindaya, systems: names, baseline}
    corpus          {name, segments, source_lang, target_lang, sha256}
    termbase        {name, sha256}, or null if the terms were not compared
    metrics         [{name, signature, higher_is_better}]
    verdict         sentences in English
    systems         one a system of both runs:
      name, was       its name in the new and the old run
      edited          number of segments whose text differs
      scores          [{before, after, interval: [low, high] of the difference or null, and what a
                      comparison of a run has: metric, delta, p_value, p_holm, verdict, …}]
      segments        those whose text or score differs, in reading order: {id, document,
                      old, new: the outputs, scores: {METRIC: {before, after, gain}}, only of
                      metrics whose score changed; gain is positive for the better}
      counts          {METRIC: {better, worse, unchanged}}
      terminology     null, or {before, after: {occurrences, resolved, adherence, coverage, ltcr,
                      forbidden, drifting, ceiling: of the reference}, errors: [before, after]}
      terms           [{concept, term, target, occurrences: [before, after], adherence and
                      ltcr: [before, after], renderings: [{text, status, before, after}],
                      gained, lost: texts, divergence, q_value, verdict, more_than_chance,
                      moved: [{segment, number, before: {verdict, rendering, excused, waived},
                      after, change: newly-forbidden | no-longer-forbidden | newly-unresolved |
                      resolved, several or none}]}]
    gone, added     systems that only the old or the new run has
    findings        {new, gone}: findings as in a run
    gates           [{system, rule, before, after: passed, or null where there is no such rule}]
    not_compared    [{metric, reason}]
    notes           what else differs
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict
from typing import Any

from xindaya.metrics.changes import (
    Changes,
    OccurrenceChange,
    ScoreChange,
    SystemChange,
    TermChange,
    TermChanges,
)
from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.measures import SHOWN_COUNTS, SHOWN_SHARES
from xindaya.metrics.terminology import Occurrence, TermSummary, TermUse
from xindaya.reports.changes.verdict import in_words, sentences
from xindaya.reports.machine import comparison_entry

SCHEMA_VERSION = 1
_SUMMED = (
    "occurrences",
    "resolved",
    *SHOWN_SHARES,
    *SHOWN_COUNTS,
    "ceiling",
)


def changes_to_json(changes: Changes) -> str:
    """Returns the comparison as JSON text; the keys stand at the top of this module."""
    return json.dumps(_content(changes), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _content(changes: Changes) -> dict[str, Any]:
    corpus = changes.new.corpus
    return {
        "schema_version": SCHEMA_VERSION,
        "old": _run(changes.old, changes.names[0]),
        "new": _run(changes.new, changes.names[1]),
        "corpus": {
            "name": corpus.name,
            "segments": len(corpus.segments),
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "sha256": corpus.sha256,
        },
        "termbase": _termbase(changes),
        "metrics": [
            {
                "name": name,
                "signature": changes.new.signatures[name],
                "higher_is_better": changes.new.metrics[name].higher_is_better,
            }
            for name in changes.metrics
        ],
        "verdict": [in_words(s) for paragraph in sentences(changes) for s in paragraph],
        "systems": [_system(changes, system) for system in changes.systems],
        "gone": list(changes.gone),
        "added": list(changes.added),
        "findings": {
            "new": [asdict(f) for f in changes.findings.new],
            "gone": [asdict(f) for f in changes.findings.gone],
        },
        "gates": [
            {
                "system": g.system,
                "rule": g.rule,
                "before": g.before.passed if g.before else None,
                "after": g.after.passed if g.after else None,
            }
            for g in changes.gates
        ],
        "not_compared": [asdict(u) for u in changes.not_compared],
        "notes": list(changes.notes),
    }


def _run(evaluation: Evaluation, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": evaluation.provenance.version,
        "systems": list(evaluation.systems),
        "baseline": evaluation.baseline,
    }


def _termbase(changes: Changes) -> dict[str, str] | None:
    if changes.new.terminology is None or changes.systems[0].terms is None:
        return None
    termbase = changes.new.terminology.termbase
    return {"name": termbase.name, "sha256": termbase.sha256}


def _system(changes: Changes, system: SystemChange) -> dict[str, Any]:
    return {
        "name": system.system,
        "was": system.was,
        "edited": len(system.edited),
        "scores": [_score(change) for change in system.scores],
        "segments": list(_segments(changes, system)),
        "counts": {
            s.metric: {"better": len(s.better), "worse": len(s.worse), "unchanged": s.unchanged}
            for s in system.segments
        },
        "terminology": _summaries(system.terms) if system.terms else None,
        "terms": list(_terms(changes, system.terms)) if system.terms else [],
    }


def _score(change: ScoreChange) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "interval": change.interval and [change.interval.low, change.interval.high],
        **comparison_entry(change.test),
    }


def _segments(changes: Changes, system: SystemChange) -> Iterator[dict[str, Any]]:
    scores: dict[int, dict[str, dict[str, float]]] = {k: {} for k in system.edited}
    for by_metric in system.segments:
        for c in by_metric.changes:
            values = {"before": c.before, "after": c.after, "gain": c.gain}
            scores.setdefault(c.position, {})[by_metric.metric] = values
    old, new = changes.old.corpus.systems[system.was], changes.new.corpus.systems[system.system]
    for position in sorted(scores):
        segment = changes.new.corpus.segments[position]
        yield {
            "id": segment.id,
            "document": segment.document,
            "old": old[position],
            "new": new[position],
            "scores": scores[position],
        }


def _summaries(terms: TermChanges) -> dict[str, Any]:
    def summed(summary: TermSummary) -> dict[str, Any]:
        return {name: getattr(summary, name) for name in _SUMMED}

    return {
        "before": summed(terms.before),
        "after": summed(terms.after),
        "errors": list(terms.errors),
    }


def _terms(changes: Changes, terms: TermChanges) -> Iterator[dict[str, Any]]:
    kinds = {
        "newly-forbidden": frozenset(terms.newly_forbidden),
        "no-longer-forbidden": frozenset(terms.no_longer_forbidden),
        "newly-unresolved": frozenset(terms.newly_unresolved),
        "resolved": frozenset(terms.resolved),
    }
    for term in terms.terms:
        yield _term(term) | {"moved": [_moved(changes, kinds, move) for move in term.moved]}


def _term(term: TermChange) -> dict[str, Any]:
    uses = (term.before, term.after)
    return {
        "concept": term.concept,
        "term": term.term,
        "target": term.target,
        "occurrences": [use.occurrences if use else 0 for use in uses],
        "adherence": [_measure(use, "adherence") for use in uses],
        "ltcr": [_measure(use, "ltcr") for use in uses],
        "renderings": [asdict(r) for r in term.renderings],
        "gained": [r.text for r in term.gained],
        "lost": [r.text for r in term.lost],
        "divergence": term.drift.divergence if term.drift else None,
        "q_value": term.drift.q_value if term.drift else None,
        "verdict": term.verdict,
        "more_than_chance": term.verdict.real,
    }


def _measure(use: TermUse | None, name: str) -> float | None:
    return use.measures[name] if use else None


def _moved(
    changes: Changes, kinds: Mapping[str, Set[OccurrenceChange]], move: OccurrenceChange
) -> dict[str, Any]:
    return {
        "segment": changes.new.corpus.segments[move.after.segment].id,
        "number": move.after.number,
        "before": _judged(move.before),
        "after": _judged(move.after),
        "change": [kind for kind, moves in kinds.items() if move in moves],
    }


def _judged(o: Occurrence) -> dict[str, Any]:
    return {
        "verdict": o.verdict.value,
        "rendering": o.rendering,
        "excused": o.excused,
        "waived": o.waived,
    }

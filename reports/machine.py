"""Views for machines: JSON (the contract), TSV and Markdown."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from xindaya.metrics import Comparison, Evaluation, GateResult
from xindaya.metrics.measures import TERM_MEASURES
from xindaya.metrics.terminology import TermSummary, TermUse
from xindaya.metrics.terminology.metric import COLUMNS, adherence
from xindaya.pairs import Termbase
from xindaya.pairs.errors import ascii_controls
from xindaya.reports import figures, trust
from xindaya.reports.markdown import escape, head, row
from xindaya.reports.terms import explained
from xindaya.reports.tsv import Value, tsv

SCHEMA_VERSION = 1

_TEX_MARKS = {"▲": "$^{+}$", "▼": "$^{-}$"}
_TEX = {char: f"\\{char}" for char in "#$%&_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def to_json(evaluation: Evaluation) -> str:
    """Returns the evaluation as JSON text, full double precision, keys in a fixed order."""
    return json.dumps(to_dict(evaluation), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Returns the evaluation as plain lists and dicts, as ``schema.json`` describes them."""
    corpus = evaluation.corpus
    ids = [s.id for s in corpus.segments]
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {
            "name": "xindaya",
            "version": evaluation.provenance.version,
            "engine": evaluation.provenance.engine,
            "packages": dict(evaluation.provenance.packages),
        },
        "corpus": {
            "name": corpus.name,
            "segments": len(corpus.segments),
            "documents": len(corpus.documents),
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "references": list(corpus.reference_names),
            "sha256": corpus.sha256,
            "left_out": [asdict(item) for item in corpus.left_out],
        },
        "termbase": _termbase(evaluation),
        "metrics": [
            {
                "name": name,
                "signature": evaluation.signatures[name],
                "higher_is_better": metric.higher_is_better,
                "digits": metric.digits,
            }
            for name, metric in evaluation.metrics.items()
        ],
        "baseline": evaluation.baseline,
        "systems": [_system(evaluation, name) for name in evaluation.systems],
        "references": [_reference(evaluation, name) for name in corpus.reference_names],
        "comparisons": [comparison_entry(c) for c in evaluation.comparisons],
        "terms": list(_terms(evaluation, ids)),
        "neutralisations": list(_neutralisations(evaluation)),
        "findings": [asdict(f) for f in evaluation.findings],
        "unscored": [asdict(u) for u in evaluation.unscored],
        "gates": [asdict(g) for g in evaluation.gates],
        "trust": [asdict(t) for t in evaluation.trust],
        "notes": list(evaluation.notes),
    }


def to_tsv(evaluation: Evaluation) -> str:
    """Returns one row a system and metric: score, interval, difference and p-value.

    Without metrics, terminology has one row a text and measure: shares in [0, 1], and counts.
    """
    columns = [
        "system",
        "metric",
        "score",
        "low",
        "high",
        "delta",
        "p_value",
        "p_holm",
        "verdict",
        "signature",
    ]
    rows: list[list[Value]] = [] if evaluation.metrics else list(_measure_rows(evaluation))
    for system in evaluation.systems:
        for metric in evaluation.metrics:
            interval = evaluation.interval(metric, system)
            test = evaluation.comparison_or_none(metric, system)
            rows.append([
                system,
                metric,
                evaluation.scores[metric][system],
                *((interval.low, interval.high) if interval else (None, None)),
                *((test.delta, test.p_value, test.p_holm, test.outcome) if test else (None,) * 4),
                evaluation.signatures[metric],
            ])  # fmt: skip
    return tsv(columns, rows)


def _measure_rows(evaluation: Evaluation) -> Iterator[list[Value]]:
    """Yields one row a text and measure of terminology, references last: their own is the ceiling."""
    if (terms := evaluation.terminology) is None:
        return
    texts = [(name, False) for name in terms.systems] + [(name, True) for name in terms.references]
    for name, reference in texts:
        summary = terms.summary(name, reference=reference)
        for measure in TERM_MEASURES:
            low, high = summary.intervals.get(measure, (None, None))
            label = f"reference {name}" if reference else name
            yield [
                label, f"terms {measure}", getattr(summary, measure), low, high,
                None, None, None, None, evaluation.signatures["Terms"],
            ]  # fmt: skip


def to_markdown(evaluation: Evaluation, width: int = 2, *, intervals: bool = False) -> str:
    """Returns a table for a pull request, with signatures below it.

    Args:
        evaluation: What to show.
        width: Digits after the point.
        intervals: Show the interval of each score, too.
    """
    terms = evaluation.terminology is not None
    header = ["System", *evaluation.metrics] + (["Adherence", "Forbidden"] if terms else [])
    lines = head(header, len(header) - 1)
    for system in evaluation.systems:
        cells = [escape(system)]
        for metric in evaluation.metrics:
            test = evaluation.comparison_or_none(metric, system)
            digits = figures.decimals(evaluation.metrics[metric], width)
            score = f"{evaluation.scores[metric][system]:.{digits}f}"
            if test and (mark := figures.mark(test, evaluation.metrics[metric].higher_is_better)):
                score += f" {mark}"
            bounds = evaluation.interval(metric, system) if intervals else None
            cells.append(
                f"{score} ({bounds.low:.{digits}f}–{bounds.high:.{digits}f})" if bounds else score
            )
        if evaluation.terminology is not None:
            summary = evaluation.terminology.summary(system)
            cells.append(figures.adherence(summary.adherence, summary.ceiling))
            cells.append(str(summary.forbidden))
        lines.append(row(cells))
    notes = []
    if evaluation.comparisons:
        notes += figures.legend(evaluation, escape)
    if evaluation.terminology is not None and evaluation.terminology.references:
        notes.append("Adherence: of what the reference itself reaches")
    notes += [f"{name}: `{evaluation.signatures[name]}`" for name in evaluation.metrics]
    notes += map(escape, evaluation.coverage)
    notes += [f"**{escape(warning)}**" for warning in trust.warnings(evaluation.trust)]
    notes += [f"{u.metric}: not scored, {escape(u.reason)}" for u in evaluation.unscored]
    notes += [f"{_gate(g)}: {escape(g.system)}: {escape(g.message)}" for g in evaluation.gates]
    if evaluation.trust:
        lines += ["", *head(list(trust.HEADS), 0)]
        lines += [row(list(map(escape, r.texts))) for r in trust.rows(evaluation.trust)]
        notes.append(f"Trust: {trust.EXPLAINED}")
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)]) + "\n"


def _gate(gate: GateResult) -> str:
    word = "undecided" if gate.undecided else "passed" if gate.passed else "FAILED"
    return word if gate.passed else f"**{word}**"


def comparison_entry(c: Comparison) -> dict[str, Any]:
    """Returns a comparison as the JSON contract has it."""
    entry = asdict(c) | {"verdict": str(c.outcome), "monte_carlo_error": c.monte_carlo_error}
    del entry["outcome"]
    if c.p_sacrebleu is None:
        del entry["p_sacrebleu"]
    return entry


def to_latex(evaluation: Evaluation, width: int = 2) -> str:
    """Returns a table for a paper (package booktabs), with signatures as comments below it.

    Args:
        evaluation: What to show.
        width: Digits after the point.
    """
    metrics = list(evaluation.metrics)
    heads = [
        _tex(name) + ("" if evaluation.metrics[name].higher_is_better else r" $\downarrow$")
        for name in metrics
    ]
    heads += ["Adherence", "Forbidden"] if evaluation.terminology is not None else []
    lines = [
        rf"\begin{{tabular}}{{l{'r' * len(heads)}}}",
        r"\toprule",
        " & ".join(("System", *heads)) + r" \\",
        r"\midrule",
    ]
    for system in evaluation.systems:
        cells = [_tex(system)]
        for metric in metrics:
            digits = figures.decimals(evaluation.metrics[metric], width)
            cell = f"{evaluation.scores[metric][system]:.{digits}f}"
            if interval := evaluation.interval(metric, system):
                cell += rf" $\pm$ {(interval.high - interval.low) / 2:.{digits}f}"
            test = evaluation.comparison_or_none(metric, system)
            mark = test and figures.mark(test, evaluation.metrics[metric].higher_is_better)
            cells.append(cell + _TEX_MARKS.get(mark or "", ""))
        if evaluation.terminology is not None:
            summary = evaluation.terminology.summary(system)
            cells.append(_tex(figures.adherence(summary.adherence, summary.ceiling)))
            cells.append(str(summary.forbidden))
        lines.append(" & ".join(cells) + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if evaluation.comparisons:
        lines.append("% +: ▲, -: ▼")
        lines += [
            f"% {ascii_controls(line)}" for line in figures.legend(evaluation, ascii_controls)
        ]
    lines += [f"% {name}|{evaluation.signatures[name]}" for name in metrics]
    lines += [f"% {u.metric} not scored: {ascii_controls(u.reason)}" for u in evaluation.unscored]
    return "\n".join(lines) + "\n"


def _tex(text: str) -> str:
    """Escapes what LaTeX would obey."""
    return "".join(_TEX.get(char, char) for char in ascii_controls(text))


def _system(evaluation: Evaluation, name: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": name,
        "scores": {metric: evaluation.scores[metric][name] for metric in evaluation.metrics},
        "intervals": {
            metric: [interval.low, interval.high]
            for metric in evaluation.metrics
            if (interval := evaluation.interval(metric, name))
        },
        "documents": list(_documents(evaluation, name)),
    }
    fewer = {metric: evaluation.scored(metric, name) for metric in evaluation.metrics}
    segments = len(evaluation.corpus.segments)
    if fewer := {metric: count for metric, count in fewer.items() if count < segments}:
        result["scored"] = fewer
    if evaluation.terminology is not None:
        result["terminology"] = _summary(evaluation.terminology.summary(name))
    return result


def _documents(evaluation: Evaluation, system: str) -> Iterator[dict[str, Any]]:
    scores = evaluation.document_scores
    terms = evaluation.terminology.by_document(system) if evaluation.terminology else None
    ceilings = evaluation.terminology.ceilings() if evaluation.terminology else {}
    for document, places in evaluation.corpus.documents.items():
        result: dict[str, Any] = {
            "id": document,
            "segments": len(places),
            "scores": {m: _known(scores[m][system][document]) for m in evaluation.metrics},
        }
        if terms is not None:
            result["terminology"] = dict(zip(COLUMNS, terms[document], strict=True))
            result["terminology"]["adherence"] = adherence(terms[document])
            result["terminology"]["ceiling"] = ceilings[document]
        yield result


def _known(score: float) -> float | None:
    """Returns a score, None where nothing was scored: JSON has no other word for it."""
    return score if math.isfinite(score) else None


def _reference(evaluation: Evaluation, name: str) -> dict[str, Any]:
    result: dict[str, Any] = {"name": name}
    if evaluation.terminology is not None:
        result["terminology"] = _summary(evaluation.terminology.summary(name, reference=True))
    return result


def _summary(summary: TermSummary) -> dict[str, Any]:
    intervals = {name: list(bounds) for name, bounds in summary.intervals.items()}
    return asdict(replace(summary, intervals={})) | {"intervals": intervals}


def _neutralisations(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    if evaluation.terminology is not None:
        for system in evaluation.systems:
            for shared in evaluation.terminology.neutralisations(system):
                yield {"system": system, **asdict(shared)}


def _termbase(evaluation: Evaluation) -> dict[str, Any] | None:
    if evaluation.terminology is None:
        return None
    termbase = evaluation.terminology.termbase
    return {
        "name": termbase.name,
        "concepts": len(termbase.concepts),
        "sha256": termbase.sha256,
        "left_out": [asdict(item) for item in termbase.left_out],
        "signature": evaluation.signatures["Terms"],
    }


def _terms(evaluation: Evaluation, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    if (terms := evaluation.terminology) is not None:
        for use in terms.uses:
            yield term_entry(use, ids, terms.termbase, evaluation.corpus.source_lang)


def term_entry(
    use: TermUse, ids: Sequence[str], termbase: Termbase, source_lang: str
) -> dict[str, Any]:
    """Returns how one text renders one concept, as the JSON contract has it.

    Args:
        use: The renderings.
        ids: Of all segments, in order; positions in `use` refer to them.
        termbase: What was checked against.
        source_lang: Language of the sources.
    """
    return {
        "concept": use.concept,
        "term": use.term,
        "system": f"reference {use.text}" if use.is_reference else use.text,
        "is_reference": use.is_reference,
        "occurrences": use.occurrences,
        "resolved": use.resolved,
        "renderings": [
            {
                "text": r.text,
                "status": r.status,
                "count": r.count,
                "segments": [ids[position] for position in r.segments],
                "owner": r.owner,
                "unexpanded": r.unexpanded,
                "explanation": explained(r, termbase, source_lang),
            }
            for r in use.renderings
        ],
        "measures": dict(use.measures),
        "flags": list(use.flags),
        "drift": _drift(use),
    }


def _drift(use: TermUse) -> dict[str, Any] | None:
    if use.drift is None:
        return None
    return {
        "verdict": use.drift.outcome,
        "divergence": use.drift.divergence,
        "p_value": use.drift.p_value,
        "q_value": use.drift.q_value,
        "n": list(use.drift.n),
        "documents": use.drift.blocks,
        "too_few_to_tell": use.drift.too_few,
    }

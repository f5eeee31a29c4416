"""What the script shows, as one compact value: columns rather than records, nothing twice.

The texts of one segment stand side by side (source, references, outputs): translations of one
sentence share their words, so that gzip finds them within its window.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from collections.abc import Sequence
from typing import Any

from xindaya.metrics import Evaluation, Terminology
from xindaya.metrics.scores import told
from xindaya.metrics.terminology import Occurrence, TermUse, Verdict
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.reports.figures import decimals
from xindaya.reports.html import visible
from xindaya.reports.html.report import term_values
from xindaya.reports.html.report.analysis.values import build_analysis
from xindaya.reports.html.strings import SCRIPT

COMPRESS_FROM = 400_000  # bytes of JSON; below that the data stays readable in the file
SHOWN_AT_FIRST = 3
FINER = 1  # segment scores are kept to this many decimals more than are shown, for filters

VERDICT_CODES = {
    Verdict.PREFERRED: "p",
    Verdict.ADMITTED: "a",
    Verdict.DEPRECATED: "d",
    Verdict.FORBIDDEN: "f",
    Verdict.OTHER_CONCEPT: "o",
    Verdict.UNRESOLVED: "u",
}
EXCUSED, ABSENT = "e", "-"
WAIVED, WAIVED_UNRESOLVED = "w", "v"
SEVERITIES = ("error", "warning", "note")
MEASURES = ("adherence", "ltcr", "switch_rate", "drift")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSAFE = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def build_payload(evaluation: Evaluation, previous: Delivery | None = None) -> dict[str, Any]:
    """Turns an evaluation, and an earlier delivery beside it, into a value of JSON types."""
    corpus = evaluation.corpus
    digits = [decimals(metric, 1) for metric in evaluation.metrics.values()]
    return {
        "strings": SCRIPT,
        "invisible": {"pattern": visible.SCRIPT_PATTERN, "names": visible.NAMES},
        "corpus": {"source": corpus.source_lang, "target": corpus.target_lang},
        "systems": list(evaluation.systems),
        "references": list(corpus.reference_names),
        "baseline": evaluation.baseline,
        "shown": shown_at_first(evaluation),
        "metrics": [
            {"name": n, "higher": m.higher_is_better, "decimals": d}
            for (n, m), d in zip(evaluation.metrics.items(), digits, strict=True)
        ],
        "documents": [
            [corpus.document_name(d), corpus.titles.get(d, "")] for d in corpus.documents
        ],
        "segments": _segments(evaluation),
        "scores": [_segment_scores(evaluation, name) for name in evaluation.metrics],
        "terms": _terms(evaluation, evaluation.terminology, previous)
        if evaluation.terminology
        else None,
        "findings": _findings(evaluation),
        "errors": _errors(evaluation),
        "analysis": build_analysis(evaluation, digits),
    }


def encode(payload: dict[str, Any]) -> str:
    """Writes a payload as JSON that is safe inside a script element.

    Returns:
        The value itself, or, from `COMPRESS_FROM` bytes on, a JSON string with its gzip in base64.
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _LONE_SURROGATE.sub(lambda m: f"\\u{ord(m.group()):04x}", text)
    raw = text.encode()
    if len(raw) >= COMPRESS_FROM:
        # mtime=0: the same evaluation gives the same file.
        return json.dumps(base64.b64encode(gzip.compress(raw, 9, mtime=0)).decode())
    return "".join(_UNSAFE.get(c, c) for c in text)


def shown_at_first(evaluation: Evaluation) -> list[str]:
    """Chooses the systems the segment browser shows at first: the best ones and the baseline."""
    names = list(evaluation.systems)
    if len(names) <= SHOWN_AT_FIRST:
        return names
    ranked = names
    for name, metric in list(evaluation.metrics.items())[:1]:
        scores = evaluation.common_scores[name]
        ranked = sorted(names, key=lambda s: scores[s], reverse=metric.higher_is_better)
    chosen = [s for s in ranked if s != evaluation.baseline]
    chosen = chosen[: SHOWN_AT_FIRST - bool(evaluation.baseline)]
    return [s for s in names if s in chosen or s == evaluation.baseline]


def _segments(evaluation: Evaluation) -> dict[str, Any]:
    corpus = evaluation.corpus
    number = {document: k for k, document in enumerate(corpus.documents)}
    outputs = list(corpus.systems.values())
    return {
        "ids": [s.id for s in corpus.segments],
        "documents": [number[s.document] for s in corpus.segments],
        "empty": [[i for i, text in enumerate(texts) if not text.strip()] for texts in outputs],
        "texts": [
            text
            for i, s in enumerate(corpus.segments)
            for text in (s.source, *s.references, *(texts[i] for texts in outputs))
        ],
    }


def _segment_scores(evaluation: Evaluation, metric: str) -> list[int | None]:
    """Scores as whole numbers, `FINER` than the last decimal shown, segment by segment."""
    factor = 10 ** (decimals(evaluation.metrics[metric], 1) + FINER)
    columns = evaluation.segment_scores[metric].values()
    return [
        round(score * factor) if math.isfinite(score) else None
        for row in zip(*columns, strict=True)
        for score in row
    ]


def _findings(evaluation: Evaluation) -> dict[str, Any]:
    kinds = list(dict.fromkeys(f.kind for f in evaluation.findings))
    systems = {name: k for k, name in enumerate(evaluation.systems)}
    places = {s.id: k for k, s in enumerate(evaluation.corpus.segments)}
    mqms = list(dict.fromkeys(f.mqm for f in evaluation.findings if f.mqm))
    return {
        "kinds": kinds,
        "kind": [kinds.index(f.kind) for f in evaluation.findings],
        "system": [systems.get(f.system, -1) for f in evaluation.findings],
        "segment": [places.get(f.segment, -1) for f in evaluation.findings],
        "message": [f.message for f in evaluation.findings],
        "severity": [SEVERITIES.index(f.severity) for f in evaluation.findings],
        "mqms": mqms,
        "mqm": [mqms.index(f.mqm) if f.mqm else -1 for f in evaluation.findings],
    }


def _errors(evaluation: Evaluation) -> dict[str, Any]:
    """Errors that measures place, and reasons for no score, segment by segment.

    A kind is measure, severity and category; of a reason the severity is empty.
    """
    corpus = evaluation.corpus
    number = {name: k for k, name in enumerate(corpus.systems)}
    kinds: dict[tuple[str, str, str], int] = {}
    rows: list[tuple[int, int, int, int, int, int, str]] = []
    for measure, system, place, score in told(
        evaluation.metrics.values(), corpus.segments, corpus.systems
    ):
        if score.value is None:
            kind = kinds.setdefault((measure, "", ""), len(kinds))
            rows.append((place, number[system], kind, 0, 0, 0, score.reason))
        for span in score.spans:
            in_source = span.text_of == "source"
            text = corpus.segments[place].source if in_source else corpus.systems[system][place]
            start, end = _utf16(text or "", (span.start, span.end))
            kind = kinds.setdefault((measure, span.severity, span.category), len(kinds))
            rows.append((place, number[system], kind, int(in_source), start, end, span.note))
    rows.sort(key=lambda row: row[:2])
    names = ("segment", "system", "kind", "source", "start", "end", "note")
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {
        "kinds": list(map(list, kinds)),
        **dict(zip(names, map(list, columns), strict=True)),
    }


def _terms(
    evaluation: Evaluation, terminology: Terminology, previous: Delivery | None
) -> dict[str, Any]:
    texts = [*terminology.systems.values(), *terminology.references.values()]
    found = {o.concept for text in texts for o in text}
    concepts = [c for c in terminology.termbase.concepts if c.id in found]
    number = {c.id: k for k, c in enumerate(concepts)}
    forms = list(dict.fromkeys(o.rendering for text in texts for o in text if o.rendering))
    forms = list(dict.fromkeys([*forms, *term_values.earlier_forms(previous)]))
    form_number = {form: k for k, form in enumerate(forms)}
    target = terminology.target_lang
    source = evaluation.corpus.source_lang
    sites = _Sites(texts)
    return {
        "concepts": [
            {
                "id": c.id,
                "source": [t.text for t in c.in_language(source)],
                "target": [[t.text, t.status.value, t.note] for t in c.in_language(target)],
                "critical": c.critical,
            }
            for c in concepts
        ],
        "forms": forms,
        "owners": _owners(terminology, form_number, source),
        "sites": sites.columns(evaluation, number),
        "texts": [_text_column(evaluation, k, sites, form_number) for k in range(len(texts))],
        "uses": [
            [_use(u, number, form_number) for u in group] for group in _uses_by_text(terminology)
        ],
        "alike": term_values.alike(terminology, number, form_number),
        "previous": term_values.before(previous, evaluation.corpus, number, form_number)
        if previous
        else None,
    }


def _owners(terminology: Terminology, forms: dict[str, int], source_lang: str) -> dict[int, str]:
    """Returns the term that a form belongs to, for forms that render another one somewhere."""
    by_id = terminology.termbase.by_id
    return {
        forms[r.text]: by_id[r.owner].label(source_lang)
        for use in terminology.uses
        for r in use.renderings
        if r.owner
    }


def _uses_by_text(terminology: Terminology) -> list[list[TermUse]]:
    """Cuts the uses into one list a text: systems first, then references, as everywhere."""
    keys = [(name, False) for name in terminology.systems]
    keys += [(name, True) for name in terminology.references]
    groups: dict[tuple[str, bool], list[TermUse]] = {key: [] for key in keys}
    for use in terminology.uses:
        groups[use.text, use.is_reference].append(use)
    return list(groups.values())


def _use(use: TermUse, number: dict[str, int], forms: dict[str, int]) -> list[Any]:
    measures = [use.measures.get(name) for name in MEASURES]
    return [
        number[use.concept],
        use.occurrences,
        use.resolved,
        [[forms[r.text], r.status, r.count, r.unexpanded] for r in use.renderings],
        [term_values.rounded(m) for m in measures],
        list(use.flags),
        term_values.rounded(use.drift.q_value if use.drift else None),
        term_values.chance(use.drift),
    ]


class _Sites:
    """Source occurrences, which all texts share; a text without a segment lacks its own."""

    def __init__(self, texts: Sequence[Sequence[Occurrence]]) -> None:
        keyed = [{(o.segment, o.source_span, o.concept): o for o in text} for text in texts]
        self.keys = sorted({key for found in keyed for key in found})
        self.by_text = keyed

    def columns(self, evaluation: Evaluation, number: dict[str, int]) -> dict[str, list[int]]:
        segments = evaluation.corpus.segments
        spans = [_utf16(segments[s].source or "", span) for s, span, _ in self.keys]
        return {
            "concept": [number[concept] for _, _, concept in self.keys],
            "segment": [segment for segment, _, _ in self.keys],
            "start": [start for start, _ in spans],
            "end": [end for _, end in spans],
        }


def _text_column(
    evaluation: Evaluation, text: int, sites: _Sites, forms: dict[str, int]
) -> dict[str, Any]:
    """One text's verdicts, a character a site; renderings and spans only of resolved ones."""
    found = [sites.by_text[text].get(key) for key in sites.keys]
    resolved = [o for o in found if o and o.target_span]
    spans = [_utf16(_text_of(evaluation, text, o.segment), o.target_span) for o in resolved]
    return {
        "verdicts": "".join(_code(o) for o in found),
        "form": [forms[o.rendering] for o in resolved],
        "start": [start for start, _ in spans],
        "end": [end for _, end in spans],
    }


def _code(occurrence: Occurrence | None) -> str:
    if occurrence is None:
        return ABSENT
    if occurrence.waived:
        return WAIVED if occurrence.target_span else WAIVED_UNRESOLVED
    return EXCUSED if occurrence.excused else VERDICT_CODES[occurrence.verdict]


def _text_of(evaluation: Evaluation, text: int, segment: int) -> str:
    corpus = evaluation.corpus
    systems = list(corpus.systems.values())
    if text < len(systems):
        return systems[text][segment]
    return corpus.segments[segment].references[text - len(systems)] or ""


def _utf16(text: str, span: tuple[int, int] | None) -> tuple[int, int]:
    """Turns offsets in characters into JavaScript's, where rare characters count two."""
    start, end = span or (0, 0)
    wide = [k for k, c in enumerate(text[:end]) if c > "\uffff"]
    return start + sum(k < start for k in wide), end + len(wide)

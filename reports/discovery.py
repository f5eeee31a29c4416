"""Views of a discovery: terms and their renderings, with the noise floor beside every number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from xindaya.metrics.terminology.discovery import (
    Discovery,
    FoundRendering,
    FoundTerm,
    NoiseFloor,
)
from xindaya.pairs import Corpus
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.tsv import Value, tsv

_BAR = 20
_MARGIN = 38
"""Characters of an example on either side of the rendering."""


def _json(found: Discovery, corpus: Corpus, name: str, top: int | None) -> str:
    noise = found.noise
    content: dict[str, Any] = {
        "schema_version": 1,
        "corpus": {
            "name": corpus.name,
            "segments": len(corpus.segments),
            "documents": len(corpus.documents),
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "sha256": corpus.sha256,
        },
        "text": name,
        "minimum": found.minimum,
        "noise_floor": {
            "inconsistency": noise.inconsistency,
            "terms": noise.terms,
            "occurrences": noise.occurrences,
            "misread": noise.misread,
            "reference": noise.reference,
        },
        "measures": {"ltcr": found.ltcr},
        "terms": [_term(term, corpus) for term in found.terms[:top]],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _term(term: FoundTerm, corpus: Corpus) -> dict[str, Any]:
    return {
        "term": term.term,
        "occurrences": term.occurrences,
        "resolved": term.resolved,
        "corrected": term.corrected,
        "renderings": [
            {
                "text": r.text,
                "forms": list(r.forms),
                "count": r.count,
                "confidence": r.confidence,
                "segments": [corpus.segments[k].id for k in r.segments],
                "example": r.example,
            }
            for r in term.renderings
        ],
        "measures": dict(term.measures),
        "evidence": term.evidence,
        "flags": ["drift"] if term.drifts else [],
    }


def _tsv(found: Discovery, corpus: Corpus, name: str, top: int | None) -> str:
    del name
    columns = "term occurrences resolved ltcr noise_floor evidence drift rendering count segments"
    floor = found.noise.inconsistency
    rows: list[list[Value]] = []
    for term in found.terms[:top]:
        head: list[Value] = [term.term, term.occurrences, term.resolved, term.measures["ltcr"], floor,
                term.evidence, "yes" if term.drifts else "no"]  # fmt: skip
        for r in term.renderings:
            ids = ",".join(dict.fromkeys(corpus.segments[k].id for k in r.segments))
            rows.append([*head, r.text, r.count, ids])
    return tsv(columns.split(), rows)


def _text(found: Discovery, corpus: Corpus, name: str, top: int | None) -> str:
    drifting = found.drifting
    head = [
        f"{corpus.name}, {name}: {counted(len(found.terms), 'term')} proposed, {len(drifting):,} seem to drift",
        *_noise(found),
    ]
    shown = drifting[: top or 20]
    body = [line for term in shown for line in ("", *_lines(term, found.noise))]
    rest = len(drifting) - len(shown)
    tail = ["", f"… and {rest:,} more (--top {len(drifting)}, or -f json for all)"] if rest else []
    return "\n".join(ascii_controls(line) for line in [*head, *body, *tail]) + "\n"


def _noise(found: Discovery) -> Iterator[str]:
    noise = found.noise
    if noise.inconsistency is None:
        yield "Noise floor: not measured, the text has no term that is surely consistent."
    else:
        yield (
            f"Noise floor: 1 - LTCR is at least {noise.inconsistency:.3f}, as on the {noise.terms:,} terms "
            f"that the text surely renders consistently ({noise.misread:,} of {noise.occurrences:,} occurrences misread)"
        )
    if found.ltcr is not None:
        yield f"All terms: 1 - LTCR = {1 - found.ltcr:.3f}" + (
            ""
            if noise.reference is None
            else f"; of the same terms in the reference, by the same aligner: {noise.reference:.3f}"
        )


def _lines(term: FoundTerm, noise: NoiseFloor) -> Iterator[str]:
    ltcr = term.measures["ltcr"]
    shown = "–" if ltcr is None else f"{ltcr:.2f}"
    if noise.inconsistency is not None:
        shown += f" (noise {noise.inconsistency:.3f})"
    yield (
        f"{term.term}  n={term.occurrences}, rendered {term.resolved}, LTCR {shown}, "
        f"evidence {term.evidence:.2f}"
    )
    most = max((r.count for r in term.renderings), default=1)
    for number, r in enumerate(term.renderings, 1):
        bar = "█" * max(1, round(_BAR * r.count / most))
        yield f"  {number:>2} {bar:<{_BAR}} {r.count:>4}  {r.text}"
        yield f"     {'':<{_BAR + 6}} {_excerpt(r)}"


def _excerpt(rendering: FoundRendering) -> str:
    """Returns the words around an example of a rendering, which stands in brackets."""
    start, end = rendering.span
    text = rendering.example
    before, after = text[max(0, start - _MARGIN) : start], text[end : end + _MARGIN]
    left = "…" if start > _MARGIN else ""
    right = "…" if end + _MARGIN < len(text) else ""
    return f"{left}{before}[{text[start:end]}]{after}{right}"


VIEWS = {"text": _text, "json": _json, "tsv": _tsv}
"""Format to a function of discovery, corpus, name of the text, and how many terms to list."""

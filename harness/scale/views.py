"""The totals of a corpus as JSON (the project's contract) and as text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.evaluation import provenance
from xindaya.metrics.terminology import TermUse
from xindaya.pairs import Termbase
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports import figures
from xindaya.reports.console import NumberTable, PlainTable, printed
from xindaya.reports.machine import SCHEMA_VERSION, term_entry
from xindaya.reports.terms import with_reason
from xindaya.reports.text import TERM_HEADS
from xindaya.scale.result import ScaleResult

OMITTED = (
    "intervals, paired tests and drift: they need the rows of segments, not their sums",
    "document scores, findings, waivers and the segments of renderings",
    "switch rate and first-form share: they need the reading order",
)


def to_json(result: ScaleResult) -> str:
    """Returns the result as JSON text, full double precision, keys in a fixed order."""
    return json.dumps(to_dict(result), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_dict(result: ScaleResult) -> dict[str, Any]:
    """Returns the result in the shape of the project's JSON contract.

    What sums cannot say is empty there; ``scale`` lists it.
    """
    job = result.job
    known = provenance(0)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {
            "name": "xindaya",
            "version": known.version,
            "engine": "+".join(sorted(result.sums.engines)),
            "packages": dict(known.packages),
        },
        "corpus": {
            "name": result.name,
            "segments": result.sums.segments,
            "documents": result.documents,
            "source_lang": job.source_lang,
            "target_lang": job.target_lang,
            "references": list(job.layout.references),
            "sha256": result.sha256,
        },
        "termbase": _termbase(result),
        "metrics": [
            {
                "name": metric.name,
                "signature": result.signatures[metric.name],
                "higher_is_better": metric.higher_is_better,
            }
            for metric in job.metrics
            if metric.name in result.scores
        ],
        "baseline": "",
        "systems": [
            {
                "name": system,
                "scores": {name: scores[system] for name, scores in result.scores.items()},
                "intervals": {},
                "documents": [],
            }
            | _summary(result, system, reference=False)
            for system in result.systems
        ],
        "references": [
            {"name": name} | _summary(result, name, reference=True)
            for name in job.layout.references
        ],
        "comparisons": [],
        "terms": [
            term_entry(use, (), result.termbase, result.job.source_lang)
            for text, reference in result.texts
            for use in result.uses(text, reference=reference)
            if result.termbase is not None
        ],
        "neutralisations": [],
        "findings": [],
        "unscored": [asdict(unscored) for unscored in result.unscored],
        "gates": [],
        "notes": list(result.notes),
        "scale": {
            "blocks": result.blocks,
            "bytes": result.bytes,
            "files": [
                {"path": part.path, "segments": part.segments, "sha256": part.sha256 or None}
                for part in result.files
            ],
            "omitted": list(OMITTED),
        },
    }


def to_text(result: ScaleResult, *, width: int = 100, digits: int = 2, colour: bool = False) -> str:
    """Returns the console view as text.

    Args:
        result: What to show.
        width: Columns of the terminal.
        digits: Digits after the point.
        colour: Emit terminal colours.
    """
    return printed(_parts(result, digits), width=width, colour=colour)


def _parts(result: ScaleResult, digits: int) -> list[RenderableType]:
    job = result.job
    title = (
        f"{result.name}: {counted(result.sums.segments, 'segment')} in "
        f"{counted(result.documents, 'document')}, "
        f"{job.source_lang} to {job.target_lang}, {counted(result.blocks, 'block')}"
    )
    parts: list[RenderableType] = [
        Text(ascii_controls(title), style="bold"), _scores(result, digits)
    ]  # fmt: skip
    notes = [f"{name}|{signature}" for name, signature in result.signatures.items()]
    notes.append("no intervals and no paired tests: see --keep-rows")
    parts += [Text(note, style="dim") for note in notes]
    for unscored in result.unscored:
        parts.append(Text(f"{unscored.metric} not scored: {unscored.reason}", style="yellow"))
    if result.termbase is not None:
        parts += [Text(), _terms(result, result.termbase)]
    return parts


def _scores(result: ScaleResult, digits: int) -> Table:
    scored = [m for m in result.job.metrics if m.name in result.scores]
    heads = [m.name + ("" if m.higher_is_better else " ↓") for m in scored]
    if result.termbase is not None:
        heads += TERM_HEADS
    table = NumberTable(("System",), heads)
    for text, reference in result.texts:
        summary = result.summary(text, reference=reference)
        if reference and summary is None:
            continue
        label = f"reference {text}" if reference else text
        cells = [
            "" if reference else f"{result.scores[m.name][text]:.{figures.decimals(m, digits)}f}"
            for m in scored
        ]
        if summary is not None:
            cells.append(figures.adherence(summary.adherence, summary.ceiling))
            cells += [figures.share(share) for share in (summary.coverage, summary.ltcr)]
            cells += [str(summary.forbidden), str(summary.drifting)]
        table.add_row(Text(ascii_controls(label)), *cells)
    return table


def _terms(result: ScaleResult, termbase: Termbase, limit: int = 12) -> RenderableType:
    """Lists the terms with a flag, those that stray most often first."""
    flagged = [u for text in result.systems for u in result.uses(text) if u.flags]
    if not flagged:
        return Text("Terminology: every term found follows the termbase.", style="green")
    flagged.sort(key=lambda u: (-_astray(u), u.concept, u.text))
    table = _table("Term")
    table.add_column("System", overflow="fold")
    table.add_column("n", justify="right")
    table.add_column("Renderings", overflow="fold")
    for use in flagged[:limit]:
        shown = [
            f"{r.text} ×{r.count}{with_reason(r, termbase, result.job.source_lang)}"
            for r in use.renderings
        ]
        missing = use.occurrences - use.resolved
        shown += [f"none found ×{missing}"] if missing else []
        cells = (use.term, use.text, str(use.occurrences), "; ".join(shown))
        table.add_row(*(Text(ascii_controls(cell)) for cell in cells))
    if len(flagged) > limit:
        table.add_row(Text(f"… and {len(flagged) - limit} more (all in JSON)", style="dim"))
    return table


def _table(first: str) -> Table:
    table = PlainTable()
    table.add_column(first, overflow="fold")
    return table


def _astray(use: TermUse) -> int:
    kept = sum(r.count for r in use.renderings if r.status in ("preferred", "admitted"))
    return use.occurrences - kept


def _summary(result: ScaleResult, text: str, *, reference: bool) -> dict[str, Any]:
    summary = result.summary(text, reference=reference)
    return {} if summary is None else {"terminology": asdict(summary)}


def _termbase(result: ScaleResult) -> dict[str, Any] | None:
    if result.termbase is None:
        return None
    return {
        "name": result.termbase.name,
        "concepts": len(result.termbase.concepts),
        "sha256": result.termbase.sha256,
        "signature": result.signatures["Terms"],
    }

"""Views of the data check: what is odd in the texts, worst first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.pairs import Corpus
from xindaya.pairs.checks import CHECKS, SEVERITIES, DataFinding, Severity
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.console import PlainTable, printed
from xindaya.reports.tsv import tsv

_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
_COLUMNS = ("severity", "kind", "text", "segment", "message", "id")
_EXAMPLES = 3
_TEXTS = 8


def checks_to_text(
    findings: Sequence[DataFinding],
    corpus: Corpus,
    *,
    width: int = 100,
    colour: bool = False,
    examples: int = _EXAMPLES,
) -> str:
    """Returns a table of counts, kinds by texts, and examples of each kind.

    Args:
        findings: What the data check found.
        corpus: Where it looked.
        width: Columns of the terminal.
        colour: Emit terminal colours.
        examples: Examples of each kind; the rest is counted.
    """
    counts = Counter(f.severity for f in findings)
    title = f"{corpus.name}: {counted(len(corpus.segments), 'segment')}, {_totals(counts)}"
    parts: list[RenderableType] = [Text(ascii_controls(title), style="bold")]
    if findings:
        parts += [Text(), _summary(findings), *_details(findings, examples)]
    return printed(parts, width=width, colour=colour)


def checks_to_json(
    findings: Sequence[DataFinding], corpus: Corpus, *, off: Collection[str] = ()
) -> str:
    """Returns the findings as JSON text, with the checks that ran and counts by kind and text."""
    counts = Counter((f.kind, f.text, f.severity) for f in findings)
    content = {
        "schema_version": 1,
        "corpus": {
            "name": corpus.name,
            "segments": len(corpus.segments),
            "documents": len(corpus.documents),
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "sha256": corpus.sha256,
        },
        "checks": [{"id": c.id, "on": c.default and c.id not in off} for c in CHECKS],
        "counts": [
            {"kind": kind, "text": text, "severity": severity, "count": count}
            for (kind, text, severity), count in sorted(counts.items())
        ],
        "findings": [_record(f) for f in findings],
    }
    # Lone surrogates cannot be written as UTF-8; they are rare, and ASCII carries them.
    text = json.dumps(content, ensure_ascii=False, indent=1)
    if not _encodable(text):
        text = json.dumps(content, indent=1)
    return text + "\n"


def _record(finding: DataFinding) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(finding, name) for name in finding.__slots__}
    return fields | {"spots": [spot._asdict() for spot in finding.spots]}


def checks_to_tsv(findings: Iterable[DataFinding]) -> str:
    """Returns the findings as TSV with a header; control characters are escaped."""
    return tsv(_COLUMNS, ([getattr(f, name) for name in _COLUMNS] for f in findings))


def list_checks(*, width: int = 100, colour: bool = False) -> str:
    """Returns the table of checks: id, what each finds and how it decides."""
    table = _table("Check", "Finds", "How it decides", "")
    for check in CHECKS:
        state = Text("on" if check.default else "off", style="dim")
        table.add_row(Text(check.id, style="bold"), check.finds, check.decides, state)
    return printed([table], width=width, colour=colour)


def _totals(counts: Counter[Severity]) -> str:
    nouns = {s: s if counts[s] == 1 else f"{s}s" for s in SEVERITIES}
    return ", ".join(f"{counts[s]:,} {nouns[s]}" for s in SEVERITIES)


def _summary(findings: Sequence[DataFinding]) -> Table:
    """Counts by kind and text: the worst kind first, the text with most findings first."""
    counts = Counter((f.kind, f.text) for f in findings)
    by_text = Counter(f.text for f in findings)
    texts = sorted(by_text, key=lambda t: (t != "source", -by_text[t], t))
    shown, rest = texts[:_TEXTS], texts[_TEXTS:]
    table = _table("Check", "")
    for name in [*(t or "corpus" for t in shown), *(["others"] if rest else []), "all"]:
        table.add_column(Text(ascii_controls(name)), justify="right", overflow="fold")
    for kind in _worst_first(findings):
        row = [counts[kind, text] for text in shown]
        row += [sum(counts[kind, text] for text in rest)] if rest else []
        total = sum(n for (k, _), n in counts.items() if k == kind)
        severity = _severity(findings, kind)
        cells = [Text(f"{n:,}" if n else "–", style="" if n else "dim") for n in [*row, total]]
        table.add_row(Text(kind, style="bold"), Text(severity, style=_STYLES[severity]), *cells)
    return table


def _details(findings: Sequence[DataFinding], examples: int) -> Iterable[RenderableType]:
    for kind in _worst_first(findings):
        of_kind = sorted(
            (f for f in findings if f.kind == kind), key=lambda f: SEVERITIES.index(f.severity)
        )
        yield Text()
        yield Text(kind, style="bold")
        for f in of_kind[:examples]:
            place = " ".join(part for part in (f.text, f.segment) if part) or "corpus"
            line = Text("  ")
            line.append(ascii_controls(place), style=_STYLES[f.severity])
            line.append("  " + ascii_controls(f.message))
            yield line
        if len(of_kind) > examples:
            yield Text(f"  … and {len(of_kind) - examples:,} more (-f tsv lists all)", style="dim")


def _worst_first(findings: Sequence[DataFinding]) -> list[str]:
    counts = Counter(f.kind for f in findings)
    worst = {kind: SEVERITIES.index(_severity(findings, kind)) for kind in counts}
    return sorted(counts, key=lambda kind: (worst[kind], -counts[kind], kind))


def _severity(findings: Sequence[DataFinding], kind: str) -> Severity:
    """Returns the worst severity that a kind has here."""
    found = {f.severity for f in findings if f.kind == kind}
    return next(s for s in SEVERITIES if s in found)


def _table(*columns: str) -> Table:
    table = PlainTable()
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

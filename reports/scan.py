"""Views of a scan: which form of each concept each document uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.text import Text

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology.scan import ConceptScan
from xindaya.pairs import Termbase
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.console import PlainTable, printed
from xindaya.reports.text import STATUS_STYLES


def scan_to_json(scans: Sequence[ConceptScan], termbase: Termbase, documents: Sequence[str]) -> str:
    """Returns a scan as JSON text."""
    content = {
        "schema_version": 1,
        "termbase": {"name": termbase.name, "sha256": termbase.sha256},
        "documents": list(documents),
        "concepts": [_concept(scan) for scan in scans],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def scan_to_text(
    scans: Sequence[ConceptScan], documents: Sequence[str], *, width: int, colour: bool
) -> str:
    """Returns a scan as a table: a row a concept, a column a document."""
    table = PlainTable()
    table.add_column("Concept", no_wrap=True, overflow="ellipsis")
    for name in documents:
        table.add_column(Text(ascii_controls(name)), overflow="fold", ratio=1)
    table.add_column("Distance", justify="right")
    for scan in scans:
        table.add_row(
            Text(scan.concept, style="bold" if scan.differs else ""),
            *(_forms(scan, name) for name in documents),
            _distance(scan),
        )
    part = table if scans else "No form of any concept was found."
    return printed([part], width=width, colour=colour)


def _forms(scan: ConceptScan, document: str) -> Text:
    text = Text()
    for form in scan.forms.get(document, ()):
        text.append("; " if text else "")
        text.append(f"{form.text} ×{form.count}", style=STATUS_STYLES.get(form.status.value, ""))
        if form.status.value != "preferred":
            text.append(f" ({form.status.value})", style="dim")
    return text or Text("–", style="dim")


def _distance(scan: ConceptScan) -> Text:
    """Shows the greatest distance between two documents, with a star where it is no chance."""
    known = [d for d in scan.drift.values() if d.divergence is not None]
    if not known:
        return Text("")
    far = max(known, key=lambda d: d.divergence or 0)
    star = " *" if far.outcome.real else ""
    few = f" ({far.outcome})" if far.outcome is Outcome.TOO_FEW else ""
    return Text(f"{far.divergence:.2f}{star}{few}")


def _concept(scan: ConceptScan) -> dict[str, Any]:
    return {
        "concept": scan.concept,
        "preferred": scan.label,
        "flags": ["drift"] if scan.differs else [],
        "measures": {"ltcr": scan.ltcr},
        "documents": [
            {
                "document": name,
                "occurrences": sum(f.count for f in forms),
                "adherence": scan.kept[name],
                "renderings": [
                    {
                        "text": f.text,
                        "status": f.status.value,
                        "count": f.count,
                        "lines": list(f.lines),
                    }
                    for f in forms
                ],
            }
            for name, forms in scan.forms.items()
        ],
        "drift": [
            {
                "documents": list(pair),
                "divergence": d.divergence,
                "verdict": d.outcome,
                "p_value": d.p_value,
                "q_value": d.q_value,
                "n": list(d.n),
                "too_few_to_tell": d.too_few,
            }
            for pair, d in scan.drift.items()
        ],
    }

"""Views of drift between two scopes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.text import Text

from xindaya.metrics.judging.outcome import ALPHA
from xindaya.metrics.terminology.scopes import ScopeDrift
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.console import PlainTable, printed


def drift_to_json(drifts: Sequence[ScopeDrift], names: tuple[str, str]) -> str:
    """Returns the concepts that differ, and those that do not, as JSON text."""
    content = {
        "schema_version": 1,
        "scopes": list(names),
        "terms": [
            {
                "concept": d.concept,
                "renderings": [dict(d.first), dict(d.second)],
                "divergence": d.drift.divergence,
                "p_value": d.drift.p_value,
                "q_value": d.q_value,
                "n": list(d.drift.n),
                "documents": d.drift.blocks,
                "too_few_to_tell": d.drift.too_few,
            }
            for d in drifts
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def drift_to_text(
    drifts: Sequence[ScopeDrift], names: tuple[str, str], *, width: int, colour: bool
) -> str:
    """Returns the concepts that differ as a table, the furthest apart first."""
    apart = [d for d in drifts if d.drift.divergence]
    table = PlainTable()
    table.add_column("Concept", overflow="fold")
    for name in names:
        table.add_column(Text(ascii_controls(name)), overflow="fold", ratio=1)
    table.add_column("Distance", justify="right")
    table.add_column("In words", overflow="fold")
    for d in apart:
        row = (d.concept, _shown(d.first), _shown(d.second), f"{d.drift.divergence:.2f}", _words(d))
        table.add_row(*map(Text, row))
    same = len(drifts) - len(apart)
    parts = (
        table if apart else "No term is rendered differently.",
        Text(
            f"{same} of {counted(len(drifts), 'term is', 'terms are')} rendered alike.", style="dim"
        ),
    )
    return printed(parts, width=width, colour=colour)


def _shown(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{text} ×{n}" for text, n in ordered)


def _words(d: ScopeDrift) -> str:
    if d.q_value is None:
        return f"too few to tell ({d.drift.n[0]} and {d.drift.n[1]})"
    if d.q_value < ALPHA:
        return f"real (q = {d.q_value:.3f})"
    return f"could be chance (q = {d.q_value:.3f})"

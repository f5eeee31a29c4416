"""Views of drift between two scopes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from rich.text import Text

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology.drift import NONE_FOUND
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
                "renderings": [_listed(d.first), _listed(d.second)],
                "none_found": [side.get(NONE_FOUND, 0) for side in (d.first, d.second)],
                "verdict": d.drift.outcome,
                "divergence": d.drift.divergence,
                "p_value": d.drift.p_value,
                "q_value": d.drift.q_value,
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
        sides = renderings_in_words(d.first), renderings_in_words(d.second)
        table.add_row(*map(Text, (d.concept, *sides, f"{d.drift.divergence:.2f}", _words(d))))
    same = len(drifts) - len(apart)
    parts = (
        table if apart else "No term is rendered differently.",
        Text(
            f"{same} of {counted(len(drifts), 'term is', 'terms are')} rendered alike.", style="dim"
        ),
    )
    return printed(parts, width=width, colour=colour)


def renderings_in_words(counts: Mapping[str, int], escape: Callable[[str], str] = str) -> str:
    """Returns renderings with how often each is used, the most frequent first.

    Args:
        counts: Of one side of a drift.
        escape: Makes a rendering safe for the view.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(
        f"{'none of the listed forms' if text == NONE_FOUND else escape(text)} ×{n}"
        for text, n in ordered
    )


def _listed(counts: Mapping[str, int]) -> dict[str, int]:
    return {text: n for text, n in counts.items() if text != NONE_FOUND}


def _words(d: ScopeDrift) -> str:
    if d.drift.outcome is Outcome.TOO_FEW:
        return f"{d.drift.outcome} ({d.drift.n[0]} and {d.drift.n[1]})"
    return f"{d.drift.outcome} (q = {d.drift.q_value:.3f})"

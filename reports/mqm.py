"""Views of MQM scores: systems in words and numbers, segments as a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from xindaya.metrics.mqm import NO_ERROR, MqmScores
from xindaya.pairs.formats import MqmError
from xindaya.reports.console import NumberTable, printed, safe
from xindaya.reports.tsv import tsv


def mqm_to_json(scores: MqmScores) -> str:
    """Returns system and segment scores with their weights, in full precision."""
    segments = [
        {"system": system, "segment": segment, "score": score, "raters": n}
        for system, segment, score, n in _segments(scores)
    ]
    content = {"schema_version": 1, "kind": "MQM scores", **scores.to_dict(), "segments": segments}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def mqm_to_tsv(scores: MqmScores) -> str:
    """Returns one row a rated segment: system, segment, score, raters."""
    return tsv(("system", "segment", "score", "raters"), _segments(scores))


def mqm_to_text(scores: MqmScores, errors: Sequence[MqmError], *, width: int, colour: bool) -> str:
    """Returns a table of systems, the best first, with how often each severity was marked."""
    marked = Counter(
        (e.system, e.severity.strip().casefold())
        for e in errors
        if e.severity.strip().casefold() not in NO_ERROR
    )
    severities = [
        s
        for s in sorted(scores.weights.severities, key=lambda s: -scores.weights.severities[s])
        if any(severity == s for _, severity in marked)
    ]
    heads = ("MQM ↓", "Segments", "Ratings", *(s.capitalize() for s in severities))
    table = NumberTable(("System",), heads)
    for system, score in sorted(scores.systems.items(), key=lambda item: item[1]):
        raters = scores.raters[system].values()
        counts = (len(raters), sum(raters), *(marked[system, s] for s in severities))
        table.add_row(safe(system), f"{score:.5f}", *(f"{n:,}" for n in counts))
    return printed((table, scores.describe()), width=width, colour=colour)


def _segments(scores: MqmScores) -> list[tuple[str, str, float, int]]:
    return [
        (system, segment, score, scores.raters[system][segment])
        for system, segments in scores.segments.items()
        for segment, score in segments.items()
    ]

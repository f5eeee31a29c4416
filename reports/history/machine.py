"""Recorded runs as JSON: numbers in full precision, and which of them may be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from xindaya.metrics.history import RecordedRun, Score
from xindaya.metrics.measures import TERM_MEASURES
from xindaya.metrics.trends import Line, Renderings, Stretch, TermTrend, Trend

SCHEMA_VERSION = 1

T = TypeVar("T")


def history_json(
    runs: Sequence[RecordedRun],
    trends: Sequence[Trend] = (),
    terms: Sequence[TermTrend] = (),
) -> str:
    """Returns runs and the lines through them as JSON text.

    Args:
        runs: In the order of time.
        trends: Left out of the result if there are none.
        terms: Left out of the result if there are none.
    """
    content: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "runs": [_run(r) for r in runs]}
    if trends:
        content["trends"] = [
            {
                "measure": trend.measure,
                "higher_is_better": trend.higher_is_better,
                "stretches": [_stretch(s, _points(s)) for s in trend.stretches],
            }
            for trend in trends
        ]
    if terms:
        content["terms"] = [
            {
                "concept": trend.concept,
                "term": trend.term,
                "stretches": [_stretch(s, _deliveries(s)) for s in trend.stretches],
            }
            for trend in terms
        ]
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _run(run: RecordedRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "recorded": run.recorded,
        "name": run.name,
        "note": run.note,
        "labels": dict(run.labels),
        "version": run.version,
        "corpus": {
            "name": run.corpus,
            "sha256": run.corpus_sha256,
            "segments": run.segments,
            "documents": run.documents,
            "source_lang": run.source_lang,
            "target_lang": run.target_lang,
        },
        "termbase": _termbase(run),
        "baseline": run.baseline,
        "systems": [_system(run, name) for name in run.systems],
        "gates": {"passed": run.gates_passed, "failed": run.gates_failed},
    }


def _termbase(run: RecordedRun) -> dict[str, str] | None:
    if not run.termbase_sha256:
        return None
    return {
        "name": run.termbase,
        "sha256": run.termbase_sha256,
        "signature": run.terms_signature,
    }


def _system(run: RecordedRun, name: str) -> dict[str, Any]:
    own = [s for s in run.scores if s.system == name]
    metrics = [s for s in own if s.measure not in TERM_MEASURES]
    result: dict[str, Any] = {
        "name": name,
        "scores": {s.measure: s.value for s in metrics},
        "intervals": {s.measure: [s.low, s.high] for s in metrics if s.low is not None},
    }
    terms = {s.measure: s.value for s in own if s.measure in TERM_MEASURES}
    return result | ({"terminology": terms} if terms else {})


def _stretch(stretch: Stretch[T], lines: Mapping[str, Any]) -> dict[str, Any]:
    y = stretch.yardstick
    return {
        "corpus": {"name": y.corpus, "sha256": y.corpus_sha256},
        "termbase": {"name": y.termbase, "sha256": y.termbase_sha256}
        if y.termbase_sha256
        else None,
        "signature": y.signature,
        "differences": [asdict(d) for d in stretch.differences],
        "runs": [run.id for run in stretch.runs],
        "systems": lines,
    }


def _points(stretch: Stretch[Score]) -> dict[str, Any]:
    """Returns system name to one point a run, null where it took no part."""
    return {line.system: [_point(s) for s in line.values] for line in stretch.lines}


def _point(score: Score | None) -> dict[str, float | None] | None:
    return None if score is None else {"value": score.value, "low": score.low, "high": score.high}


def _deliveries(stretch: Stretch[Renderings]) -> dict[str, Any]:
    """Returns system name to the renderings of each run, null where it took no part."""
    return {line.system: _renderings(line) for line in stretch.lines}


def _renderings(line: Line[Renderings]) -> list[list[dict[str, Any]] | None]:
    return [
        None
        if value is None
        else [{"text": r.text, "status": r.status, "count": r.count} for r in value]
        for value in line.values
    ]

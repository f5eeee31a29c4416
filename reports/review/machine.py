"""The result of a review as JSON: every reviewer's rows, every number with its parameters."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from xindaya.reports.review.acceptance import acceptance_dict
from xindaya.reports.review.outcome import Judged, Outcome, Reviewer

SCHEMA_VERSION = 1


def outcome_json(outcome: Outcome) -> str:
    """Returns the result as JSON text, full double precision, keys in a fixed order.

    Lone surrogates, which no UTF-8 file can hold, are the only characters written as escapes.
    """
    text = json.dumps(outcome_dict(outcome), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def outcome_dict(outcome: Outcome) -> dict[str, Any]:
    """Returns the result as plain lists and dicts."""
    review = outcome.review
    plan = review.scoring.acceptance
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "xindaya", "version": review.version},
        "corpus": {
            "name": review.corpus,
            "sha256": review.corpus_sha256,
            "source_lang": review.source_lang,
            "target_lang": review.target_lang,
            "segments": review.segments,
            "documents": review.documents,
        },
        "system": {"name": review.system, "outputs_sha256": review.outputs_sha256},
        "sample": {
            **asdict(review.draw),
            "represents_the_whole": review.draw.represents,
            "size": review.size,
            "unit": review.unit,
            "segments": [
                {"id": item.id, "document": item.document, "sha256": item.checksum}
                for item in review.items
            ],
        },
        "scoring": {
            "category_set": review.scoring.category_set,
            "weights": review.scoring.weights.to_dict(),
            "tolerance": review.scoring.tolerance.to_dict(),
            "pass_mark": review.scoring.pass_mark,
            "least_size": review.scoring.least,
            "acceptance": acceptance_dict(plan) if plan else None,
        },
        "decision": str(outcome.together.decision),
        "reason": outcome.together.reason,
        "warnings": list(outcome.together.warnings),
        "result": _judged(outcome.together),
        "by_reviewer": [_judged(judged) for judged in outcome.judged],
        "agreement": [asdict(a) for a in outcome.agreement],
        "reviewers": [_reviewer(reviewer) for reviewer in outcome.reviewers],
        "notes": list(outcome.notes),
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "name": judged.name,
        "reviewers": judged.reviewers,
        "decision": str(judged.decision),
        "reason": judged.reason,
        "score": judged.score.to_dict() if judged.score else None,
        "counts": [
            {"category": category, "severity": severity, "count": count}
            for (category, severity), count in sorted(judged.counts.items())
        ],
        "uncounted": dict(sorted(judged.uncounted.items())),
        "segments_by_worst_error": dict(sorted(judged.worst.items())),
        "open": list(judged.open),
        "unfinished": list(judged.unfinished),
        "acceptance": judged.inspection and {"says": str(judged.inspection), "bad": judged.bad},
    }


def _reviewer(reviewer: Reviewer) -> dict[str, Any]:
    return {
        "name": reviewer.name,
        "file": reviewer.file,
        "deleted": list(reviewer.deleted),
        "rows": [asdict(row) for row in reviewer.rows],
        "errors": [asdict(mark) for mark in reviewer.marks],
    }

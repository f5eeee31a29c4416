"""The hidden sheet: which review this is, and the checksum of each row."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from xindaya.reports.review.model import Acceptance, Review
from xindaya.reports.review.table import put

SCHEMA = 1
KIND = "xindaya review"
LEVELS = "good", "bad", "producer_risk", "consumer_risk"
"""Names of what an acceptance plan was asked for."""


def meta_rows(review: Review) -> list[tuple[str, str]]:
    """Returns the rows of the sheet: facts, a digest of everything, then id and checksum."""
    scoring, draw = review.scoring, review.draw
    facts: dict[str, Any] = {
        "kind": KIND,
        "schema_version": SCHEMA,
        "version": review.version,
        "corpus": review.corpus,
        "corpus_sha256": review.corpus_sha256,
        "system": review.system,
        "outputs_sha256": review.outputs_sha256,
        "signatures": dict(review.signatures),
        "draw": {"how": draw.how, "asked": draw.asked, "seed": draw.seed, "rule": draw.rule},
        "scoring": {
            "category_set": scoring.category_set,
            "pass_mark": scoring.pass_mark,
            "side": scoring.side,
            "points": [list(point) for point in scoring.points],
            "per_thousand": scoring.per_thousand,
            "least": scoring.least,
            "acceptance": _acceptance(scoring.acceptance),
        },
        "has_reference": review.has_reference,
    }
    head = [(name, _plain(value)) for name, value in facts.items()]
    rows = [(_plain(item.id), item.checksum) for item in review.items]
    return [*head, ("digest", digest([*head, *rows])), ("id", "sha256"), *rows]


def _acceptance(acceptance: Acceptance | None) -> dict[str, Any] | None:
    """Returns a plan with its levels as exact fractions, from which it can be found again."""
    if acceptance is None:
        return None
    plan = acceptance.plan
    levels = {name: getattr(plan, name).as_integer_ratio() for name in LEVELS}
    return levels | {
        "severity": acceptance.severity, "size": plan.size, "accept": plan.accept, "lot": plan.lot,
    }  # fmt: skip


def digest(rows: list[tuple[str, str]]) -> str:
    """Returns the SHA-256 of rows; it shows a change, it does not keep anyone from making one."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()


def _plain(value: Any) -> str:
    """Returns JSON that no program changes: ASCII, and nothing like the cell escape ``_x0041_``."""
    return json.dumps(value, ensure_ascii=True).replace("_x", "\\u005fx")


def write_meta(sheet: Any, review: Review) -> None:
    """Writes the sheet; only a program can make it visible."""
    for number, row in enumerate(meta_rows(review)):
        for column, text in enumerate(row):
            put(sheet, number, column, text)
    sheet.protect()
    sheet.very_hidden()

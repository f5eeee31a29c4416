"""The hidden sheet of a returned workbook, checked against the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from xindaya.metrics import Evaluation
from xindaya.metrics.acceptance import acceptance_plan
from xindaya.pairs import InputError, UsageError
from xindaya.pairs.errors import preview
from xindaya.reports.review.columns import META
from xindaya.reports.review.meta import KIND, LEVELS, SCHEMA, digest
from xindaya.reports.review.model import Acceptance, Draw, Review, Scoring
from xindaya.review.acceptance import agreed
from xindaya.review.build import build_review
from xindaya.review.categories import CATEGORY_SETS
from xindaya.review.returned.grid import Sheet

_FACTS = (
    "kind", "schema_version", "corpus_sha256", "system", "outputs_sha256", "draw", "scoring",
    "has_reference",
)  # fmt: skip
_SAVED = "take a fresh copy of the exported workbook, or name the right run"


@dataclass(frozen=True, slots=True)
class Meta:
    """What the hidden sheet says; every digest fits.

    Attributes:
        facts: Name to value.
        places: Name to the address of its value.
        checksums: Segment id to checksum.
        digest: Of all of it: equal for two copies of one exported workbook.
    """

    facts: Mapping[str, Any]
    places: Mapping[str, str]
    checksums: Mapping[str, str]
    digest: str


def read_meta(path: Path, sheet: Sheet) -> Meta:
    """Reads the hidden sheet.

    Raises:
        InputError: If it is not as it was exported.
    """
    pairs = [(number, tuple([*cells, ""][:2])) for number, cells in sheet.rows]
    rows = [(name, value) for _, (name, value) in pairs]
    try:
        end = next(k for k, row in enumerate(rows) if row[0] == "digest")
        stated = rows[end][1]
        facts = {name: json.loads(value) for name, value in rows[:end]}
        checksums = {json.loads(name): value for name, value in rows[end + 2 :]}
    except (StopIteration, ValueError) as error:
        raise _changed(path, f"a hidden sheet {META} that cannot be read") from error
    if digest([*rows[:end], *rows[end + 2 :]]) != stated:
        raise _changed(path, f"{META}!B{pairs[end][0]}: a digest that does not fit its rows")
    if facts.get("kind") != KIND or any(name not in facts for name in _FACTS):
        raise _changed(path, f"{META}!A1: no {KIND}")
    if facts["schema_version"] != SCHEMA:
        raise InputError(
            path, f"{META}!B2: schema version {facts['schema_version']}", f"version {SCHEMA}",
            hint="import it with the version that exported it",
        )  # fmt: skip
    places = {name: sheet.address(number, 1) for number, (name, _) in pairs[:end]}
    return Meta(facts, places, checksums, stated)


def rebuild(path: Path, meta: Meta, evaluation: Evaluation) -> Review:
    """Builds the review of a workbook again from the run.

    Raises:
        InputError: If the workbook was exported from other texts than the run's.
    """
    corpus = evaluation.corpus
    if not corpus.is_known_as(meta.facts["corpus_sha256"]):
        _differs(path, meta, "corpus_sha256", corpus.sha256)
    if meta.facts["system"] not in corpus.systems:
        _differs(path, meta, "system", f"one of {', '.join(corpus.systems)}")
    known = {segment.id for segment in corpus.segments}
    if unknown := [id_ for id_ in meta.checksums if id_ not in known]:
        raise _changed(path, f"{META}: the segment id {preview(unknown[0])}")
    try:
        draw = Draw(**meta.facts["draw"])
        scoring = _scoring(meta.facts["scoring"], len(corpus.segments))
    except (KeyError, TypeError, ValueError, ArithmeticError, UsageError) as error:
        raise _changed(path, f"{META}: parameters that cannot be read ({error})") from error
    review = build_review(
        evaluation, meta.facts["system"], (draw, tuple(meta.checksums)), scoring,
        reference=bool(meta.facts["has_reference"]),
    )  # fmt: skip
    _equal(path, meta, "outputs_sha256", review.outputs_sha256)
    for item in review.items:
        if item.checksum != meta.checksums[item.id]:
            raise _changed(path, f"{META}: a checksum of segment {preview(item.id)}")
    return review


def _scoring(facts: Mapping[str, Any], lot: int) -> Scoring:
    points = tuple((x, t) for x, t in facts["points"])
    scoring = Scoring(**{**facts, "points": points, "acceptance": None})
    if scoring.category_set not in CATEGORY_SETS:
        raise ValueError(f"category set {scoring.category_set!r}")
    scoring.tolerance.at(1)  # solved now, so that a wrong parameter shows here
    plan = facts.get("acceptance")
    if plan is None:
        return scoring
    return replace(scoring, acceptance=_acceptance(plan, scoring.category_set, lot))


def _acceptance(facts: Mapping[str, Any], category_set: str, lot: int) -> Acceptance:
    """Finds the plan again from its levels: size and number are not taken from the sheet."""
    good, bad, producer, consumer = (Fraction(a, b) for a, b in (facts[name] for name in LEVELS))
    plan = acceptance_plan(good, bad, producer_risk=producer, consumer_risk=consumer, lot=lot)
    if (plan.size, plan.accept) != (facts["size"], facts["accept"]):
        raise ValueError("another acceptance plan than its levels give")
    return agreed(plan, category_set, facts["severity"])


def _equal(path: Path, meta: Meta, name: str, expected: str) -> None:
    if meta.facts[name] != expected:
        _differs(path, meta, name, expected)


def _differs(path: Path, meta: Meta, name: str, expected: str) -> None:
    found = f"{meta.places[name]}: {name} {preview(str(meta.facts[name]), 80)}"
    raise InputError(path, found, f"that of the run, {expected}", hint=_SAVED)


def _changed(path: Path, found: str) -> InputError:
    return InputError(path, found, "the hidden sheet as it was exported", hint=_SAVED)

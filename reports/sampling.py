"""Views of an acceptance plan, with its words explained for who has to sign it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from xindaya.metrics.acceptance import Plan
from xindaya.metrics.mqm import passing_in_words, smallest_passing
from xindaya.metrics.sampling import Sample
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.review.model import Scoring

Size = tuple[int, str]
"""How much text, and its unit."""

_BAR = 40
_STEPS = 8  # of the curve up to the rejectable level
_SHOWN = 12  # steps in all


def plan_to_json(
    plan: Plan, scoring: Scoring, sample: Sample | None = None, size: Size | None = None
) -> str:
    """Returns a plan, and what was drawn by it, as JSON text; arguments as in `plan_to_text`."""
    needed = _smallest(scoring)
    content: dict[str, Any] = {
        "schema_version": 1,
        "kind": "acceptance plan",
        "size": plan.size,
        "accept": plan.accept,
        "reject_from": plan.accept + 1,
        "lot": plan.lot,
        "accept_level": float(plan.good),
        "reject_level": float(plan.bad),
        "producer_risk": {"asked": float(plan.producer_risk), "met": plan.producer_risk_met},
        "consumer_risk": {"asked": float(plan.consumer_risk), "met": plan.consumer_risk_met},
        "points": {
            "weights": scoring.weights.to_dict(),
            "tolerance": scoring.tolerance.to_dict(),
            "smallest_passing": needed,
            "size": size[0] if size else None,
            "unit": size[1] if size else None,
            "can_pass": None if size is None else needed is not None and size[0] >= needed,
        },
        "operating_characteristic": [
            {"quality": float(quality), "acceptance": plan.acceptance(quality)}
            for quality in _qualities(plan)
        ],
    }
    if sample is not None:
        content["sample"] = {
            "rule": sample.rule,
            "seed": sample.seed,
            "documents": dict(sample.allotment),
            "segments": list(sample.segments),
        }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def plan_to_text(
    plan: Plan,
    scoring: Scoring,
    sample: Sample | None = None,
    drawn: Mapping[str, tuple[str, ...]] | None = None,
    size: Size | None = None,
) -> str:
    """Returns a plan as text.

    Args:
        plan: The plan.
        scoring: How errors become points, for what the sample can show of them.
        sample: What was drawn from a corpus, for the allotment.
        drawn: Document to the ids drawn from it, to be listed.
        size: Of the sample's source, if it is known.
    """
    of = "a lot much larger than that" if plan.lot is None else f"the {plan.lot:,} of the lot"
    lines = [
        f"Review {plan.size:,} segments, drawn at random from {of}.",
        (
            f"Accept if at most {plan.accept:,} of them are bad, that is: have an error that counts; "
            f"reject from {plan.accept + 1:,}."
        ),
        "",
        (
            f"  accept level {_share(plan.good)}: a delivery with this share of bad segments should "
            f"pass; the sample rejects it in {plan.producer_risk_met:.2%} of cases "
            f"(the vendor's risk; at most {_share(plan.producer_risk)} was asked)"
        ),
        (
            f"  reject level {_share(plan.bad)}: a delivery with this share should not; the sample "
            f"accepts it in {plan.consumer_risk_met:.2%} of cases "
            f"(your risk; at most {_share(plan.consumer_risk)} was asked)"
        ),
        "",
        *_limits(plan, scoring, size),
        "Chance of acceptance by the true share of bad segments (operating characteristic):",
        *(_point(plan, quality) for quality in _qualities(plan)),
        "",
        (
            "It accepts or rejects this delivery; it does not measure it. Agree beforehand which "
            "errors count."
        ),
    ]
    if sample is not None:
        lines += ["", f"Drawn: {sample.rule}."]
        width = max(len(ascii_controls(name)) for name in sample.allotment)
        for name, count in sample.allotment.items():
            ids = " ".join(map(ascii_controls, (drawn or {}).get(name, ())))
            lines.append(f"  {ascii_controls(name):{width}}  {count:>6,}  {ids}".rstrip())
    return "\n".join(lines) + "\n"


def too_small(scoring: Scoring, size: int, unit: str) -> str:
    """Says that no sample of this size passes by points; empty if one without an error does.

    Args:
        scoring: How errors become points.
        size: Of the sample.
        unit: What is counted.
    """
    needed = _smallest(scoring)
    if needed is not None and size >= needed:
        return ""
    if size < scoring.least:
        told = f"Too small for a verdict: {scoring.least:,} {unit} are needed"
    else:
        told = (
            f"Too small to pass by points: {scoring.tolerance.at(size):.4g} are tolerated in "
            f"{size:,} {unit}, less than such a sample can show"
        )
    return f"{told}; {passing_in_words(needed, unit)}."


def _smallest(scoring: Scoring) -> int | None:
    return smallest_passing(scoring.tolerance, scoring.weights, least=scoring.least)


def _limits(plan: Plan, scoring: Scoring, size: Size | None) -> Iterator[str]:
    """Yields what the sample cannot show, by segments and by points."""
    if plan.lot is not None and 0 < plan.good * plan.lot < 1:
        yield (
            f"The accept level is less than one of the {plan.lot:,} segments: a delivery with one "
            "bad segment is not held to be good."
        )
    if size is None:
        told = passing_in_words(_smallest(scoring), "units (Chinese characters or English words)")
        yield f"By points ({scoring.weights.name}; {scoring.tolerance.describe()}): {told}."
    elif told := too_small(scoring, *size):
        yield told
    yield ""


def _qualities(plan: Plan) -> list[Fraction]:
    """Returns the shares at which the curve is shown: both levels, and even steps."""
    steps = {plan.bad * n / _STEPS for n in range(_SHOWN + 1)}
    return sorted(q for q in steps | {plan.good} if q <= 1)


def _point(plan: Plan, quality: Fraction) -> str:
    chance = plan.acceptance(quality)
    bar = "█" * round(chance * _BAR)
    mark = {plan.good: "accept level", plan.bad: "reject level"}.get(quality, "")
    return f"  {_share(quality):>7} {chance:7.2%} {bar:{_BAR}} {mark}".rstrip()


def _share(value: Fraction) -> str:
    return f"{float(value * 100):.4g}%"

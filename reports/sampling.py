"""Views of an acceptance plan, with its words explained for who has to sign it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from xindaya.metrics.acceptance import Plan
from xindaya.metrics.sampling import Sample
from xindaya.pairs.errors import ascii_controls

_BAR = 40
_STEPS = 8  # of the curve up to the rejectable level
_SHOWN = 12  # steps in all


def plan_to_json(plan: Plan, sample: Sample | None = None) -> str:
    """Returns a plan, and what was drawn by it, as JSON text."""
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
    sample: Sample | None = None,
    drawn: Mapping[str, tuple[str, ...]] | None = None,
) -> str:
    """Returns a plan as text.

    Args:
        plan: The plan.
        sample: What was drawn from a corpus, for the allotment.
        drawn: Document to the ids drawn from it, to be listed.
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

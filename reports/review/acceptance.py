"""An acceptance plan in words and for JSON."""

from __future__ import annotations

from typing import Any

from xindaya.reports.review.model import Acceptance, Review
from xindaya.reports.review.outcome import Judged


def rule(acceptance: Acceptance) -> str:
    """Returns when the plan accepts."""
    plan = acceptance.plan
    return (
        f"of {plan.size:,} segments drawn from {plan.lot:,}, ACCEPT if at most {plan.accept:,} have "
        f"{_bad(acceptance)}, else REJECT"
    )


def risks(acceptance: Acceptance) -> str:
    """Returns how often the plan is wrong at its two levels."""
    plan = acceptance.plan
    return (
        f"a delivery with {float(plan.good):.2%} bad segments is rejected in "
        f"{plan.producer_risk_met:.2%} of cases (the vendor's risk), one with "
        f"{float(plan.bad):.2%} is accepted in {plan.consumer_risk_met:.2%} (your risk)"
    )


def inspected(review: Review, judged: Judged) -> str:
    """Returns what the plan says of what was found; empty without a plan."""
    acceptance = review.scoring.acceptance
    if acceptance is None or judged.bad is None:
        return ""
    by = " by any reviewer" if judged.reviewers > 1 else ""
    by += ", so far" if judged.open or judged.unfinished else ""
    return (
        f"{judged.inspection}: {judged.bad:,} of {acceptance.plan.size:,} segments have "
        f"{_bad(acceptance)}{by}; at most {acceptance.plan.accept:,} accepted"
    )


def acceptance_dict(acceptance: Acceptance) -> dict[str, Any]:
    """Returns plan and risks for JSON."""
    plan = acceptance.plan
    return {
        "size": plan.size,
        "accept": plan.accept,
        "lot": plan.lot,
        "bad_severity": acceptance.severity,
        "accept_level": float(plan.good),
        "reject_level": float(plan.bad),
        "producer_risk": {"asked": float(plan.producer_risk), "met": plan.producer_risk_met},
        "consumer_risk": {"asked": float(plan.consumer_risk), "met": plan.consumer_risk_met},
    }


def _bad(acceptance: Acceptance) -> str:
    return f"a counted error of severity {acceptance.severity} or worse"

"""Acceptance by attributes: which segments are bad, and whether a plan accepts so many."""

from __future__ import annotations

from collections.abc import Mapping

from xindaya.metrics.acceptance import Plan
from xindaya.pairs import UsageError
from xindaya.reports.review.model import Acceptance, Review
from xindaya.reports.review.outcome import Inspection
from xindaya.review.categories import severities_of

BAD_SEVERITIES = "minor", "major", "critical"


def agreed(plan: Plan, category_set: str, severity: str) -> Acceptance:
    """Returns a plan with what makes a segment bad, in the words of a category set.

    Args:
        plan: The plan.
        category_set: Its severities are meant; J2450's serious errors may be called major.
        severity: From this one on an error counts; above neutral.

    Raises:
        UsageError: If the set has no such severity.
    """
    _, *names = (choice.name for choice in severities_of(category_set))
    meant = "serious" if severity == "major" and "serious" in names else severity
    if meant not in names:
        raise UsageError(f"bad severity {severity!r}: {category_set} has {', '.join(names)}")
    return Acceptance(plan, meant)


def inspect(
    review: Review, worst: Mapping[str, int], *, finished: bool
) -> tuple[int | None, Inspection | None]:
    """Counts bad segments and says what the plan makes of them; nothing without a plan.

    Too many bad ones reject an unfinished review too: their number only grows.

    Args:
        review: Has the plan.
        worst: Severity of the worst counted error to the number of judged segments.
        finished: Whether every segment is judged.
    """
    acceptance = review.scoring.acceptance
    if acceptance is None:
        return None, None
    names = [severity.name for severity in review.severities]
    bad = sum(worst.get(name, 0) for name in names[names.index(acceptance.severity) :])
    if bad > acceptance.plan.accept:
        return bad, Inspection.REJECT
    return bad, Inspection.ACCEPT if finished else Inspection.OPEN

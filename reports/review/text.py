"""The console view of a review's result."""

from __future__ import annotations

from collections import Counter

from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.review.acceptance import inspected, risks
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Judged, Outcome


def outcome_text(outcome: Outcome) -> str:
    """Returns the result as plain lines: the decision first, then why, then what was found."""
    review, together = outcome.review, outcome.together
    decision = f"{review.system}: {together.decision} ({together.reason})"
    if together.score is not None:
        decision += f"; tolerance {together.score.rate:.4g} points per 1,000 {review.unit}"
    lines = [decision]
    if plan := review.scoring.acceptance:
        lines.append(f"Acceptance plan: {inspected(review, together)}")
        lines.append(f"  {risks(plan)}")
    lines += [f"Warning: {warning}" for warning in together.warnings]
    lines += [
        f"{len(review.items):,} segments ({review.draw.rule}), {review.size:,} {review.unit}",
        "",
    ]
    several = [together] if len(outcome.judged) > 1 else []
    for judged in (*outcome.judged, *several):
        lines += _judged(review, judged, several=bool(several))
    if outcome.agreement:
        lines.append("Agreement")
        width = max(len(a.measure) for a in outcome.agreement)
        for a in outcome.agreement:
            value = "undefined" if a.value is None else f"{a.value:.3f}"
            lines.append(
                f"  {a.question:<9} {a.measure:<{width}} {value:>9}  {a.items} segments; {a.note}"
            )
        lines.append("")
    lines += [f"Note: {note}" for note in outcome.notes]
    return "\n".join(map(ascii_controls, lines)).rstrip("\n") + "\n"


def _judged(review: Review, judged: Judged, *, several: bool) -> list[str]:
    by_severity: Counter[str] = Counter()
    for (_, severity), count in judged.counts.items():
        by_severity[severity] += count
    found = ", ".join(f"{by_severity[s.name]} {s.name}" for s in review.severities)
    skipped = ", ".join(f"{n} {why}" for why, n in sorted(judged.uncounted.items()))
    seen = len(review.items) - len(judged.open)
    lines = [
        f"{judged.name}: {judged.decision}" + (f" ({judged.reason})" if several else ""),
        f"  {seen} of {len(review.items)} segments judged"
        + (
            f", {counted(len(judged.unfinished), 'row')} without the error"
            if judged.unfinished
            else ""
        ),
    ]
    added = " (added up)" if judged.reviewers > 1 else ""
    lines.append(f"  errors{added}: {found}" + (f"; not counted: {skipped}" if skipped else ""))
    worst = ", ".join(
        f"{judged.worst[name]} {name}"
        for name in ("none", *(s.name for s in review.severities))
        if judged.worst.get(name)
    )
    lines.append(f"  segments by their worst error: {worst}")
    if several and judged.inspection is not None:
        lines.append(f"  acceptance plan: {inspected(review, judged)}")
    if judged.score is not None:
        # The first line repeats the decision.
        lines += judged.score.describe().split("\n")[1:]
    return [*lines, ""]

"""How far reviewers agree on verdict, severity and category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xindaya.metrics.reliability import NOMINAL, ORDINAL, cohen_kappa, krippendorff_alpha
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Agreement, Reviewer
from xindaya.review.ratings import judged_by
from xindaya.review.returned.marks import NOT_AN_ERROR

NONE = "none"

_Answers = list[Mapping[str, str]]
_ONE_VALUE = "undefined: every answer is the same, or no segment has two"


def agreement_of(review: Review, reviewers: Sequence[Reviewer]) -> tuple[Agreement, ...]:
    """Compares the reviewers segment by segment; nothing for fewer than two.

    A segment's severity is that of its worst error, its category that of the first such error;
    both are ``none`` where a segment was judged and nothing named. Errors that were repeated or
    later withdrawn count here: the reviewer saw them.
    """
    if len(reviewers) < 2:
        return ()
    order = [NONE, *(s.name for s in review.severities)]
    worst = [_worst(review, reviewer, order) for reviewer in reviewers]
    questions: list[tuple[str, _Answers, list[str] | None]] = [
        ("verdict", [{r.segment: r.verdict for r in x.rows if r.verdict} for x in reviewers], None),
        ("severity", [{s: severity for s, (severity, _) in w.items()} for w in worst], order),
        ("category", [{s: category for s, (_, category) in w.items()} for w in worst], None),
    ]
    segments = [item.id for item in review.items]
    return tuple(
        agreement
        for question, answers, ranks in questions
        for agreement in _agreements(question, segments, answers, ranks)
    )


def _agreements(
    question: str, segments: Sequence[str], answers: _Answers, order: list[str] | None
) -> list[Agreement]:
    shared = [s for s in segments if sum(s in given for given in answers) > 1]
    ratings = [[given.get(s) for s in shared] for given in answers]
    level = ORDINAL if order else NOMINAL
    found = []
    if len(answers) == 2:
        first, second = ([a for a in one if a is not None] for one in ratings)
        weights = "linear" if order else "none"
        value = cohen_kappa(first, second, weights=weights, order=order)
        found.append(_said(question, "Cohen's kappa", value, len(shared), f"weights: {weights}"))
    alpha = krippendorff_alpha(ratings, level=level, order=order)
    found.append(_said(question, "Krippendorff's alpha", alpha, len(shared), f"level: {level}"))
    return found


def _said(question: str, measure: str, value: float | None, items: int, how: str) -> Agreement:
    note = how if value is not None else f"{how}; {_ONE_VALUE}"
    return Agreement(question, measure, value, items, note)


def _worst(review: Review, reviewer: Reviewer, order: list[str]) -> dict[str, tuple[str, str]]:
    """Returns severity and category of the worst error of each judged segment."""
    found = dict.fromkeys(judged_by(reviewer), (NONE, NONE))
    for mark in reviewer.marks:
        seen = mark.uncounted != NOT_AN_ERROR
        if seen and order.index(mark.severity) > order.index(found[mark.segment][0]):
            found[mark.segment] = (mark.severity, mark.category)
    return found

"""From reviewers' errors to a score and a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from xindaya.metrics.mqm import LotScore, sample_size, score_lot
from xindaya.pairs import Corpus, NothingToEvaluateError, UsageError
from xindaya.pairs.corpus import first_duplicate
from xindaya.pairs.errors import preview
from xindaya.pairs.wording import counted
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Decision, Inspection, Judged, Mark, Outcome, Reviewer
from xindaya.review.acceptance import inspect
from xindaya.review.agreement import NONE, agreement_of
from xindaya.review.notes import notes_of, unfinished_rows, warnings_of
from xindaya.review.ratings import costing, judged_by, ratings_of

TOGETHER = "all reviewers"

_SHOWN = 5  # cells of unfinished rows

_RISK = "the segments were chosen because they look worst: they say nothing about the whole"


def conclude(corpus: Corpus, review: Review, returned: Sequence[Reviewer]) -> Outcome:
    """Judges a review by everything that came back.

    Args:
        corpus: Of the run.
        review: What was to be judged.
        returned: One entry a reviewer; those who judged nothing are left out, with a note.

    Raises:
        UsageError: If two reviewers have one name.
        NothingToEvaluateError: If nobody judged anything.
    """
    reviewers = tuple(r for r in returned if judged_by(r))
    if not reviewers:
        raise NothingToEvaluateError("no verdict and no error: nobody has judged anything yet")
    if twice := first_duplicate(r.name for r in reviewers):
        raise UsageError(
            f"two files of the reviewer {preview(twice)}; tell them apart with NAME=FILE"
        )
    judged = tuple(_judge(corpus, review, r.name, [r]) for r in reviewers)
    agreement = agreement_of(review, reviewers)
    together = judged[0]
    if len(judged) > 1:
        together = _judge(corpus, review, TOGETHER, reviewers)
        together = replace(together, warnings=warnings_of(judged, together, agreement))
    return Outcome(review, reviewers, judged, together, agreement, notes_of(review, returned))


def _judge(corpus: Corpus, review: Review, name: str, reviewers: Sequence[Reviewer]) -> Judged:
    marks = [mark for reviewer in reviewers for mark in reviewer.marks]
    seen = set().union(*map(judged_by, reviewers))
    worst = _worst(review, marks, seen)
    left = tuple(item.id for item in review.items if item.id not in seen)
    unfinished = unfinished_rows(reviewers)
    bad, inspection = inspect(review, worst, finished=not (left or unfinished))
    judged = Judged(
        name=name,
        reviewers=len(reviewers),
        counts=Counter((m.category, m.severity) for m in marks if not m.uncounted),
        uncounted=Counter(m.uncounted for m in marks if m.uncounted),
        worst=worst,
        open=left,
        unfinished=unfinished,
        score=_score(corpus, review, reviewers, seen) if review.draw.represents else None,
        decision=Decision.NONE,
        reason=_RISK,
        bad=bad,
        inspection=inspection,
    )
    if judged.score is None:
        return judged
    decision, reason = _decide(review, judged, judged.score)
    return replace(judged, decision=decision, reason=reason)


def _worst(review: Review, marks: Sequence[Mark], seen: set[str]) -> Counter[str]:
    """Counts judged segments by their worst counted error, which acceptance plans ask for."""
    order = [NONE, *(s.name for s in review.severities)]
    worst = dict.fromkeys(seen, 0)
    for mark in marks:
        if not mark.uncounted:
            worst[mark.segment] = max(worst[mark.segment], order.index(mark.severity))
    return Counter(order[place] for place in worst.values())


def _score(
    corpus: Corpus, review: Review, reviewers: Sequence[Reviewer], seen: set[str]
) -> LotScore:
    scoring = review.scoring
    size, unit = sample_size(corpus, seen, side=scoring.side, system=review.system)
    ratings = [rating for reviewer in reviewers for rating in ratings_of(review, reviewer)]
    return score_lot(
        costing(ratings),
        size=size,
        unit=unit,
        weights=scoring.weights,
        tolerance=scoring.tolerance,
        pass_mark=scoring.pass_mark,
        least=scoring.least,
    )


def _decide(review: Review, judged: Judged, score: LotScore) -> tuple[Decision, str]:
    missing = _missing(review, judged)
    # What fails by itself fails an unfinished review too.
    if score.fatal:
        return Decision.FAIL, score.reason
    if judged.inspection is Inspection.REJECT:
        points = "not finished" if missing else f"by points {score.verdict}"
        return Decision.FAIL, f"the acceptance plan rejects; {points}"
    if missing:
        return Decision.INCOMPLETE, missing
    return Decision(score.verdict.value), score.reason


def _missing(review: Review, judged: Judged) -> str:
    """Says what is not finished; empty if all is."""
    told = []
    if judged.open:
        told.append(
            f"{len(judged.open):,} of {len(review.items):,} segments have neither verdict nor error"
        )
    if rows := judged.unfinished:
        more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
        told.append(
            f"{counted(len(rows), 'row')} with fix or reject and no error named: "
            f"{', '.join(rows[:_SHOWN])}{more}"
        )
    return "; ".join(told)

"""From reviewers' errors to a score and a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xindaya.metrics.mqm import LotScore, sample_size, score_lot
from xindaya.pairs import Corpus, NothingToEvaluateError, UsageError
from xindaya.pairs.corpus import first_duplicate
from xindaya.pairs.errors import preview
from xindaya.reports.review.model import Review
from xindaya.reports.review.outcome import Decision, Judged, Mark, Outcome, Reviewer
from xindaya.review.agreement import NONE, agreement_of
from xindaya.review.ratings import costing, judged_by, ratings_of

TOGETHER = "all reviewers"

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
    together = judged[0] if len(judged) == 1 else _judge(corpus, review, TOGETHER, reviewers)
    return Outcome(
        review, reviewers, judged, together, agreement_of(review, reviewers),
        tuple(_notes(review, returned)),
    )  # fmt: skip


def _judge(corpus: Corpus, review: Review, name: str, reviewers: Sequence[Reviewer]) -> Judged:
    marks = [mark for reviewer in reviewers for mark in reviewer.marks]
    seen = set().union(*map(judged_by, reviewers))
    left = tuple(item.id for item in review.items if item.id not in seen)
    score = _score(corpus, review, reviewers, seen) if review.draw.represents else None
    decision, reason = _decide(review, score, left)
    return Judged(
        name=name,
        reviewers=len(reviewers),
        counts=Counter((m.category, m.severity) for m in marks if not m.uncounted),
        uncounted=Counter(m.uncounted for m in marks if m.uncounted),
        worst=_worst(review, marks, seen),
        open=left,
        score=score,
        decision=decision,
        reason=reason,
    )


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


def _decide(review: Review, score: LotScore | None, left: Sequence[str]) -> tuple[Decision, str]:
    if score is None:
        return Decision.NONE, _RISK
    # An error that fails by itself fails an unfinished review too.
    if left and not score.fatal:
        return (
            Decision.INCOMPLETE,
            f"{len(left):,} of {len(review.items):,} segments have neither verdict nor error",
        )
    return Decision(score.verdict.value), score.reason


def _notes(review: Review, returned: Sequence[Reviewer]) -> list[str]:
    texts = {item.id: (item.source, item.target) for item in review.items}
    notes = []
    for reviewer in returned:
        name = preview(reviewer.name)
        if not judged_by(reviewer):
            notes.append(f"{name} ({preview(reviewer.file)}) judged nothing and is left out")
            continue
        if reviewer.deleted:
            notes.append(
                f"{name}: {len(reviewer.deleted)} rows deleted, {reviewer.deleted[0]} first"
            )
        named = {mark.segment for mark in reviewer.marks}
        bare = [r.place for r in reviewer.rows
                if r.verdict in ("fix", "reject") and r.segment not in named]  # fmt: skip
        if bare:
            notes.append(
                f"{name}: {len(bare)} rows say fix or reject and name no error, so they cost "
                f"nothing; {bare[0]} first"
            )
        lost = [
            mark
            for mark in reviewer.marks
            if mark.span and not any(mark.span in text for text in texts[mark.segment])
        ]
        if lost:
            notes.append(
                f"{name}: {len(lost)} spans stand neither in source nor target; "
                f"{preview(lost[0].span)} in {lost[0].segment} first"
            )
    return notes

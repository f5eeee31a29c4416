"""What became of a review: what each reviewer wrote, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xindaya.metrics.mqm import LotScore
from xindaya.reports.review.model import Review


@dataclass(frozen=True, slots=True)
class Row:
    """What a reviewer wrote beside a segment; texts as typed."""

    segment: str
    verdict: str
    revised: str
    comment: str
    reply: str
    arbitration: str
    place: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An error that a reviewer named.

    Attributes:
        segment: Segment id.
        category: Its name in the category set.
        severity: Its name in the category set.
        span: The words meant, or empty.
        repeated: Whether it repeats an error that is counted elsewhere.
        comment: As typed.
        reply: The translator's.
        arbitration: ``upheld``, ``withdrawn`` or empty.
        place: Cell of the severity, such as ``Errors!D7``; empty where it came in another format.
        uncounted: Why it costs nothing: ``repeated``, ``not an error``, ``withdrawn``; else empty.
    """

    segment: str
    category: str
    severity: str
    span: str = ""
    repeated: bool = False
    comment: str = ""
    reply: str = ""
    arbitration: str = ""
    place: str = ""
    uncounted: str = ""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Everything one reviewer returned.

    Attributes:
        name: Unique in a review.
        file: Name of the file without its folder.
        rows: One a segment that came back, in the order of the review.
        marks: In the order of the sheets.
        deleted: Segments whose row is gone.
    """

    name: str
    file: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    deleted: tuple[str, ...] = ()


class Decision(StrEnum):
    """What the review says about the delivery."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    TOO_SMALL = "SAMPLE TOO SMALL"
    INCOMPLETE = "INCOMPLETE"
    NONE = "NO VERDICT"


class Inspection(StrEnum):
    """What an acceptance plan says about the delivery."""

    ACCEPT = "ACCEPT"
    REJECT = "REJECT"
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Judged:
    """One reviewer's result, or that of all together.

    Attributes:
        name: The reviewer, or ``all reviewers``.
        reviewers: Number of reviewers.
        counts: (category, severity) to the number of counted errors, added up over reviewers.
        uncounted: Reason to the number of errors that cost nothing by it.
        worst: Severity of the worst counted error, or ``none``, to the number of judged segments.
        open: Segments without a verdict or an error.
        unfinished: File and cell of each row that says fix or reject and names no error.
        score: None where no score of the lot may be computed, or nothing was judged.
        decision: What follows.
        reason: Why.
        bad: Number of judged segments that are bad by the acceptance plan; None without a plan.
        inspection: What that plan says; None without one.
        warnings: Why the decision should not be taken at its word.
    """

    name: str
    reviewers: int
    counts: Mapping[tuple[str, str], int]
    uncounted: Mapping[str, int]
    worst: Mapping[str, int]
    open: tuple[str, ...]
    unfinished: tuple[str, ...]
    score: LotScore | None
    decision: Decision
    reason: str
    bad: int | None = None
    inspection: Inspection | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on one question.

    Attributes:
        question: ``verdict``, ``severity`` or ``category``.
        measure: Such as ``Cohen's kappa``.
        value: None where it is undefined.
        items: Number of segments that at least two reviewers judged.
        note: The parameters, or why there is no value.
    """

    question: str
    measure: str
    value: float | None
    items: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A review with all that came back."""

    review: Review
    reviewers: tuple[Reviewer, ...]
    judged: tuple[Judged, ...]
    together: Judged
    agreement: tuple[Agreement, ...]
    notes: tuple[str, ...] = ()

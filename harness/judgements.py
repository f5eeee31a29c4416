"""What became of a system since its baseline: one judgement a metric, and one for its terms."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from xindaya.metrics.terminology import Occurrence
from xindaya.pairs import UsageError
from xindaya.pairs.wording import counted


class MissingBaselineError(UsageError):
    """There is no baseline to compare a system with."""


class Outcome(enum.StrEnum):
    """What became of a score."""

    UNCHANGED = "unchanged"
    BETTER = "better"
    NOT_WORSE = "not worse"
    WITHIN = "within the allowance"
    INSIGNIFICANT = "not significant"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Regression:
    """One metric of one system against its baseline.

    Attributes:
        system: Name of the system.
        metric: Name of the metric.
        before: Score in the baseline.
        after: Score now.
        allowed: The loss in points that passes.
        p_value: Of the paired test.
        p_holm: The same, corrected for all `tests`.
        tests: Number of tests in the family.
        alpha: A corrected p-value below this is significant.
        outcome: The judgement of the corpus score.
        fallen: Segments that lost more than they may, most first: position, score before, after.
        segment_limit: What a single segment may lose, if that is limited.
        moved: All segments that got worse, in the same form.
    """

    system: str
    metric: str
    before: float
    after: float
    allowed: float
    p_value: float
    p_holm: float
    tests: int
    alpha: float
    outcome: Outcome
    fallen: tuple[tuple[int, float, float], ...] = ()
    segment_limit: float | None = None
    moved: tuple[tuple[int, float, float], ...] = ()

    @property
    def delta(self) -> float:
        """Score now minus score then."""
        return self.after - self.before

    @property
    def passed(self) -> bool:
        """True unless the system is worse, or a single segment is by too much."""
        return self.outcome is not Outcome.WORSE and not self.fallen

    @property
    def blamed(self) -> tuple[tuple[int, float, float], ...]:
        """The segments to show when it failed."""
        return self.fallen or self.moved

    @property
    def noteworthy(self) -> bool:
        """True if it passed and a person should still see why."""
        return self.passed and self.outcome in (Outcome.WITHIN, Outcome.INSIGNIFICANT)

    @property
    def message(self) -> str:
        """The judgement with its numbers, in one line."""
        text = f"{self.metric} {self.before:.2f} → {self.after:.2f} ({self.delta:+.2f}"
        if self.outcome is not Outcome.UNCHANGED:
            text += f", allowed loss {self.allowed:.4g}, p = {self.p_value:.4f}"
            if self.tests > 1:
                text += f", Holm {self.p_holm:.4f} over {counted(self.tests, 'test')}"
        text += f"): {self.outcome}"
        if self.fallen:
            limit = f"{self.segment_limit:g}" if self.segment_limit is not None else "?"
            text += f"; {counted(len(self.fallen), 'segment')} lost more than {limit}"
        return text


@dataclass(frozen=True, slots=True)
class TermsJudgement:
    """The terms of one system, alone or against its baseline.

    Attributes:
        system: Name of the system.
        forbidden: Occurrences with a forbidden rendering: none may be.
        newly_unresolved: Occurrences of critical concepts that had a rendering in the baseline and
            have none now: none may be.
        critical: All unresolved occurrences of critical concepts; shown.
        errors: Number of term errors now.
        before: That of the baseline, or None without one.
        allowed: By how many errors it may grow, or None if that is not limited.
    """

    system: str
    forbidden: tuple[Occurrence, ...]
    newly_unresolved: tuple[Occurrence, ...]
    critical: tuple[Occurrence, ...]
    errors: int
    before: int | None = None
    allowed: float | None = None

    @property
    def too_many(self) -> bool:
        """True if there are more new errors than allowed."""
        if self.before is None or self.allowed is None:
            return False
        return self.errors - self.before > self.allowed

    @property
    def passed(self) -> bool:
        """True if no rule is broken."""
        return not (self.forbidden or self.newly_unresolved or self.too_many)

    @property
    def message(self) -> str:
        """The judgement with its numbers, in one line."""
        parts = [f"{len(self.forbidden)} forbidden"]
        if self.before is None:
            parts.append(f"{len(self.critical)} critical unresolved")
            parts.append(counted(self.errors, "error"))
        else:
            parts.append(f"{len(self.newly_unresolved)} critical newly unresolved")
            limit = f", allowed +{self.allowed:g}" if self.allowed is not None else ""
            parts.append(
                f"errors {self.before} → {self.errors} ({self.errors - self.before:+d}{limit})"
            )
        return ", ".join(parts)

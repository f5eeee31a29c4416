"""What the answers of a blind review say together: tests, strengths, and how far to trust them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from xindaya.metrics.judging.outcome import ALPHA, holm
from xindaya.metrics.preferences import (
    Preference,
    SignTest,
    Strength,
    bradley_terry,
    judged,
    self_consistency,
    sign_p_value,
    sign_test,
)
from xindaya.metrics.reliability import krippendorff_alpha


@dataclass(frozen=True, slots=True)
class Answered:
    """One reviewer's answers.

    Attributes:
        reviewer: Name.
        preferences: Number of an item to the answer; ``first`` is the system that stood at A.
    """

    reviewer: str
    preferences: Mapping[str, Preference]


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """How one reviewer answered.

    Attributes:
        reviewer: Name.
        answered: Items with an answer, repeats included.
        asked: Items on the sheet.
        repeats: Items answered both times.
        consistent: How many of these were answered the same way.
        chose_a: Answers for the text at A.
        chose_b: Answers for the text at B.
        side_p_value: Chance of such an imbalance between A and B, if sides did not matter.
        side_p_holm: The same after Holm's correction for the number of reviewers.
    """

    reviewer: str
    answered: int
    asked: int
    repeats: int
    consistent: int
    chose_a: int
    chose_b: int
    side_p_value: float
    side_p_holm: float = 1.0

    @property
    def one_sided(self) -> bool:
        """True if the reviewer leans to A or to B by more than chance."""
        return self.side_p_holm < ALPHA


@dataclass(frozen=True, slots=True)
class PreferenceOutcome:
    """The result of a blind review.

    Attributes:
        systems: Names.
        reviewers: One entry a reviewer.
        tests: One a pair of systems, over all reviewers; a segment counts once.
        strengths: Bradley–Terry, the strongest first; None with two systems, or where they are not
            finite.
        alpha: Krippendorff's alpha between reviewers over the items; None with one reviewer.
        rule: How the items were drawn.
        seed: Of the draw and of the resampling.
    """

    systems: tuple[str, ...]
    reviewers: tuple[ReviewerFigures, ...]
    tests: tuple[SignTest, ...]
    strengths: tuple[Strength, ...] | None
    alpha: float | None
    rule: str
    seed: int


def evaluate_preferences(
    answers: Sequence[Answered],
    systems: Sequence[str],
    *,
    asked: Sequence[str],
    repeats: Mapping[str, str],
    rule: str,
    seed: int,
) -> PreferenceOutcome:
    """Evaluates the answers; only the first time an item was asked counts in tests.

    Args:
        answers: One a reviewer.
        systems: Names of the compared systems.
        asked: Numbers of all items.
        repeats: Number of a repeated item to that of the one it repeats.
        rule: How the items were drawn.
        seed: Of the resampling.
    """
    counted = [p for one in answers for item, p in one.preferences.items() if item not in repeats]
    tests = [sign_test(counted, first, second) for first, second in combinations(systems, 2)]
    strengths = None
    if len(systems) > 2:
        strengths = bradley_terry(counted, systems, seed=seed)
    figures = [_figures(one, len(asked), repeats) for one in answers]
    sides = holm([f.side_p_value for f in figures])
    first_time = [item for item in asked if item not in repeats]
    alpha = krippendorff_alpha(
        [[_value(one.preferences.get(item)) for item in first_time] for one in answers]
    )
    return PreferenceOutcome(
        systems=tuple(systems),
        reviewers=tuple(replace(f, side_p_holm=p) for f, p in zip(figures, sides, strict=True)),
        tests=judged(tests),
        strengths=tuple(strengths) if strengths else None,
        alpha=alpha if len(answers) > 1 else None,
        rule=rule,
        seed=seed,
    )


def _value(answer: Preference | None) -> str | None:
    return None if answer is None else answer.winner


def _figures(one: Answered, asked: int, repeats: Mapping[str, str]) -> ReviewerFigures:
    same, both = self_consistency(one.preferences, repeats)
    given = one.preferences.values()
    chose_a = sum(p.winner == p.first for p in given)
    chose_b = sum(p.winner == p.second for p in given)
    return ReviewerFigures(
        reviewer=one.reviewer,
        answered=len(given),
        asked=asked,
        repeats=both,
        consistent=same,
        chose_a=chose_a,
        chose_b=chose_b,
        side_p_value=sign_p_value(chose_a, chose_b),
    )

"""Sign test, Bradley–Terry and self-consistency, against SciPy and arithmetic."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.preference_review import Answered, evaluate_preferences
from xindaya.metrics.preferences import (
    Preference,
    SignTest,
    bradley_terry,
    judged,
    self_consistency,
    sign_p_value,
    sign_test,
)
from xindaya.pairs import UsageError


def many(first: str, second: str, wins: int, losses: int, ties: int = 0) -> list[Preference]:
    winners = [first] * wins + [second] * losses + [""] * ties
    return [Preference(f"{first}{second}{n}", first, second, w) for n, w in enumerate(winners)]


@given(st.integers(0, 60), st.integers(0, 60))
def test_sign_test_is_scipys(wins: int, losses: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert sign_p_value(wins, losses) == pytest.approx(expected, rel=1e-9)
    assert sign_p_value(losses, wins) == sign_p_value(wins, losses)


def test_ties_are_apart_and_a_segment_counts_once() -> None:
    answers = many("x", "y", 8, 2, 5)
    test = sign_test(answers, "x", "y")
    # 2 · (1 + 10 + 45) / 2^10 = 0.109375
    assert (test.first_wins, test.second_wins, test.ties, test.p_value) == (8, 2, 5, 0.109375)
    again = [Preference(a.item, a.second, a.first, a.winner) for a in answers]
    assert sign_test(answers + again, "x", "y") == test
    against = [Preference("xy0", "x", "y", "y")]
    assert sign_test(answers + against, "x", "y").ties == 6


def test_bradley_terry_of_two_is_the_share_of_wins() -> None:
    found = bradley_terry(many("x", "y", 30, 10), ["x", "y"])
    assert found is not None
    # The likelihood is largest where P(x wins) = 3/4: the logits differ by ln 3.
    assert [s.system for s in found] == ["x", "y"]
    assert found[0].win_rate == pytest.approx(0.75)
    assert found[0].strength - found[1].strength == pytest.approx(math.log(3))
    assert found[0].low is not None
    assert found[0].high is not None
    # A binomial share of 40: 0.75 ± 1.96 · 0.0685
    assert found[0].low == pytest.approx(0.616, abs=0.04)
    assert found[0].high == pytest.approx(0.884, abs=0.04)


def test_bradley_terry_is_the_maximum_of_the_likelihood() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    counts = {("x", "y"): (14, 6), ("y", "z"): (11, 9), ("x", "z"): (13, 7)}
    answers = [p for (a, b), (won, lost) in counts.items() for p in many(a, b, won, lost)]
    found = bradley_terry(answers, ["x", "y", "z"], samples=40)
    assert found is not None

    def loss(logs: list[float]) -> float:
        level = dict(zip("xyz", [0.0, *logs], strict=True))
        return sum(
            won * math.log1p(math.exp(level[b] - level[a]))
            + lost * math.log1p(math.exp(level[a] - level[b]))
            for (a, b), (won, lost) in counts.items()
        )

    best = [0.0, *optimize.minimize(loss, [0.0, 0.0], tol=1e-12).x]
    mean = sum(best) / 3
    strengths = {s.system: s.strength for s in found}
    for name, value in zip("xyz", best, strict=True):
        assert strengths[name] == pytest.approx(value - mean, abs=1e-4)
    assert sum(strengths.values()) == pytest.approx(0, abs=1e-9)


def test_recovers_known_strengths() -> None:
    rng = random.Random(1)
    level = {"x": 0.6, "y": 0.0, "z": -0.6}
    answers = []
    for n in range(3000):
        a, b = rng.sample("xyz", 2)
        wins = rng.random() < 1 / (1 + math.exp(level[b] - level[a]))
        answers.append(Preference(str(n), a, b, a if wins else b))
    found = bradley_terry(answers, ["x", "y", "z"], samples=40)
    assert found is not None
    for s in found:
        assert s.strength == pytest.approx(level[s.system], abs=0.15)


def test_no_finite_strengths() -> None:
    always = many("x", "y", 5, 0) + many("y", "z", 5, 5)
    assert bradley_terry(always, ["x", "y", "z"]) is None  # x never loses
    assert bradley_terry(many("x", "y", 5, 5), ["x", "y", "z"]) is None  # z was never met
    nearly = bradley_terry(many("x", "y", 5, 0, 1), ["x", "y"])
    assert nearly is not None
    # The one tie is absent from a third of the resamples: no interval can be given.
    assert nearly[0].low is None
    with pytest.raises(UsageError, match="expected"):
        bradley_terry(many("x", "w", 1, 1), ["x", "y"])


def test_self_consistency() -> None:
    answers = {
        "1": Preference("s", "x", "y", "x"), "2": Preference("t", "x", "y", ""),
        "3": Preference("s", "y", "x", "x"), "4": Preference("t", "y", "x", "y"),
    }  # fmt: skip
    assert self_consistency(answers, {"3": "1", "4": "2", "5": "1"}) == (1, 2)


def test_outcome() -> None:
    answers = [
        Answered(name, {str(n): Preference(str(n), "x", "y", "x") for n in range(6)}
                 | {"6": Preference("0", "y", "x", "y")})
        for name in ("anna", "ben")
    ]  # fmt: skip
    outcome = evaluate_preferences(
        answers, ["x", "y"], asked=[str(n) for n in range(7)], repeats={"6": "0"}, rule="", seed=0
    )
    (test,) = outcome.tests
    # The repeat is not counted, nor is a segment twice: 6 of 6, p = 2/2^6
    assert (test.first_wins, test.second_wins, test.p_value) == (6, 0, 2 / 64)
    anna = outcome.reviewers[0]
    assert (anna.answered, anna.asked, anna.consistent, anna.repeats) == (7, 7, 0, 1)
    assert (anna.chose_a, anna.chose_b) == (7, 0)
    assert outcome.strengths is None


def test_sign_tests_in_the_shared_words() -> None:
    """Two-sided p of n to 0 is 2/2^n: 1/16 for five, 1/32 for six; Holm doubles it with two pairs."""

    def sign(wins: int, losses: int) -> SignTest:
        p = sign_p_value(wins, losses)
        return SignTest("a", "b", wins, losses, 0, p, p)

    def outcomes(*tests: SignTest) -> list[Outcome]:
        return [t.outcome for t in judged(tests)]

    assert outcomes(sign(5, 0)) == [Outcome.TOO_FEW]
    assert outcomes(sign(6, 0)) == [Outcome.BETTER]
    assert outcomes(sign(0, 6)) == [Outcome.WORSE]
    assert outcomes(sign(5, 1)) == [Outcome.CHANCE]
    assert outcomes(sign(0, 0)) == [Outcome.TOO_FEW]
    assert outcomes(sign(6, 0), sign(3, 3)) == [Outcome.TOO_FEW, Outcome.TOO_FEW]
    assert [t.needed for t in judged([sign(6, 0), sign(9, 9)])] == [7, 0]


def test_sides_are_corrected_for_the_number_of_reviewers() -> None:
    """A reviewer who chose A 6 of 6 times: p = 1/32 alone, 2/32 beside another."""
    answers = {str(n): Preference(str(n), "x", "y", "x") for n in range(6)}
    even = {str(n): Preference(str(n), "x", "y", "xy"[n % 2]) for n in range(6)}
    for reviewers, one_sided in (([answers], True), ([answers, even], False)):
        found = evaluate_preferences(
            [Answered(str(n), given) for n, given in enumerate(reviewers)],
            ["x", "y"], asked=list(answers), repeats={}, rule="", seed=0,
        )  # fmt: skip
        assert found.reviewers[0].one_sided is one_sided

"""The judge: exact at few segments, calibrated at any, and blind to what else is compared."""

from __future__ import annotations

import itertools
import math
import random
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics import BLEU, CHRF, TER
from xindaya.metrics.judging.family import Pair, judge, needed_segments
from xindaya.metrics.judging.outcome import (
    EXACT,
    RANDOMISATION,
    Comparison,
    Outcome,
    attainable_holm,
    holm,
    outcome_of,
)
from xindaya.metrics.metric import Metric, Rows, sum_rows
from xindaya.pairs import Segment

WORDS = [
    "the",
    "office",
    "of",
    "china",
    "issued",
    "new",
    "rules",
    "on",
    "data",
    "and",
    "apps",
    "today",
    "for",
    "all",
]
METRICS: dict[str, Metric] = {"BLEU": BLEU(), "chrF2": CHRF(), "TER": TER()}


def sentences(size: int, seed: int = 3) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(8, 15))) for _ in range(size)]


def halved(texts: list[str]) -> list[str]:
    return [" ".join(t.split()[::2]) for t in texts]


def rows_of(references: list[str], *systems: list[str], names: tuple[str, ...] = ()) -> list[Pair]:
    """Compares every system with the first one."""
    segments = [Segment(str(n), None, (r,)) for n, r in enumerate(references)]
    rows = {n: m.rows(segments, systems) for n, m in METRICS.items() if not names or n in names}
    return [
        Pair("first", f"s{k}", {n: (r[0], r[k]) for n, r in rows.items()})
        for k in range(1, len(systems))
    ]


def judged(pairs: list[Pair], **keywords: float) -> dict[tuple[str, str], Comparison]:
    found = judge(METRICS, pairs, **keywords)  # type: ignore[arg-type]
    return {(c.system, c.metric): c for c in found}


@pytest.mark.parametrize("size", range(1, 8))
def test_p_is_exact_where_few_segments_differ(size: int) -> None:
    """All of n segments are worse: of 2^n arrangements only this one and its mirror image."""
    texts = sentences(size)
    for c in judged(rows_of(texts, texts, halved(texts))).values():
        assert (c.p_value, c.method) == (2 / 2**size, EXACT)
        assert c.outcome is (Outcome.WORSE if size >= 6 else Outcome.TOO_FEW)
        assert c.needed == (0 if size >= 6 else 6)  # 2 / 2^6 = 0.031 is the first below 0.05
        assert c.monte_carlo_error == 0


def test_all_arrangements_against_a_plain_loop() -> None:
    texts, rng = sentences(8), random.Random(1)
    other = [t if rng.random() < 0.3 else t.replace("the", "a") + " x" for t in texts]
    mixed = [a if n % 2 else b for n, (a, b) in enumerate(zip(texts, halved(texts), strict=True))]
    (pair,) = rows_of(texts, other, mixed, names=("chrF2",))
    then, now = pair.rows["chrF2"]
    score = METRICS["chrF2"].score

    def distance(swaps: tuple[int, ...]) -> float:
        picked = [(then, now) if not s else (now, then) for s in swaps]
        one = np.array([a[0][n] for n, a in enumerate(picked)])
        two = np.array([a[1][n] for n, a in enumerate(picked)])
        return abs(score(sum_rows(one)) - score(sum_rows(two)))

    every = [distance(swaps) for swaps in itertools.product((0, 1), repeat=8)]
    expected = sum(d >= every[0] - 1e-9 for d in every) / 256
    assert judge(METRICS, [pair])[0].p_value == expected


def test_equal_statistics_are_identical() -> None:
    """A doubled blank changes the text and no statistic."""
    texts = sentences(30)
    blank = [t.replace(" ", "  ", 1) for t in texts]
    for c in judged(rows_of(texts, texts, blank)).values():
        assert (c.delta, c.p_value, c.p_holm, c.outcome) == (0, 1, 1, Outcome.IDENTICAL)


def test_trials_grow_until_the_level_of_the_family_is_reached() -> None:
    """Systems that lost half: 51 / 1,001 is not below 0.05, nor 8 / 2,001 below 0.001."""
    texts, rng = sentences(60), random.Random(2)
    systems = []
    for k in range(51):
        kept = [t if rng.random() < 0.1 else h for t, h in zip(texts, halved(texts), strict=True)]
        systems.append([*kept[:-1], f"{kept[-1]} {k}"])
    for alpha, tests in ((0.05, 51), (0.001, 8)):
        chosen = systems[:tests]
        found = judged(rows_of(texts, texts, *chosen, names=("TER",)), alpha=alpha)
        assert {c.outcome for c in found.values()} == {Outcome.WORSE}
        assert all(c.tests == tests and c.p_holm < alpha for c in found.values())
        assert all(c.p_value > 0 and c.method == RANDOMISATION for c in found.values())


def test_copies_and_metrics_change_no_outcome() -> None:
    texts, rng = sentences(40), random.Random(5)
    near = [t if rng.random() < 0.8 else " ".join(t.split()[1:]) for t in texts]
    alone = judged(rows_of(texts, texts, near, names=("BLEU",)))["s1", "BLEU"]
    several = judged(rows_of(texts, texts, near, near, list(texts)))
    assert several["s1", "BLEU"] == alone
    assert several["s2", "BLEU"].p_holm == alone.p_holm
    assert several["s3", "BLEU"].outcome is Outcome.IDENTICAL


def test_same_seed_same_numbers_whatever_the_order() -> None:
    texts = sentences(50)
    pairs = rows_of(texts, sentences(50, 4), sentences(50, 5), sentences(50, 6))
    straight, turned = judged(pairs, seed=9), judged(pairs[::-1], seed=9)
    assert straight == turned


def test_a_second_pair_of_equal_systems_is_rarely_called_different() -> None:
    """Both systems take each segment from either of two texts by a coin: no difference is real.

    Of 400 such pairs at 5 %, 20 are expected; 36 or more come in 1 of 1,000 cases (binomial).
    """
    pool = [sentences(40, 1), halved(sentences(40, 1))]
    segments = [Segment(str(n), None, (r,)) for n, r in enumerate(sentences(40, 1))]
    rows = CHRF().rows(segments, pool)
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(400):
        coin = rng.integers(2, size=40)
        pair = Pair("a", "b", {"chrF2": (_picked(rows, coin), _picked(rows, 1 - coin))})
        wrong += judge(METRICS, [pair])[0].outcome.real
    assert wrong < 36


def test_the_detectable_difference_of_independent_segments() -> None:
    """TER over one-word references: each segment is an edit or none, so the variance is known.

    System b errs in p of n segments and a in none: V = p(1 − p)/n, in points 100 √V. With
    δ = 1.96 √(V + δ²/n) + 0.84 √V the value solves the equation that defines it.
    """
    n, p = 400, 0.1
    references = ["x"] * n
    errs = ["y" if k < n * p else "x" for k in range(n)]
    (pair,) = rows_of(references, references, errs, names=("TER",))
    found = judge(METRICS, [pair])[0].detectable
    assert found is not None
    spread = 100 * math.sqrt(p * (1 - p) / n)
    z = NormalDist().inv_cdf
    again = z(0.975) * math.sqrt(spread**2 + found**2 / n) + z(0.8) * spread
    assert found == pytest.approx(again, rel=0.01)


def test_nothing_can_be_detected_with_few_segments() -> None:
    texts = sentences(3)
    assert {c.detectable for c in judged(rows_of(texts, texts, halved(texts))).values()} == {None}


@pytest.mark.parametrize(
    ("tests", "alpha", "needed"), [(1, 0.05, 6), (1, 0.001, 11), (51, 0.05, 11)]
)
def test_segments_needed_by_hand(tests: int, alpha: float, needed: int) -> None:
    """The smallest m with tests · 2 / 2^m < alpha: 2/64 = .031, 2/2048 = .00098, 51 · 2/2048 = .0498."""
    assert needed_segments(tests, alpha) == needed
    assert tests * 2 / 2**needed < alpha <= tests * 2 / 2 ** (needed - 1)


def test_words() -> None:
    assert outcome_of(1, 0.01, 0.01) is Outcome.BETTER
    assert outcome_of(-1, 0.01, 0.01) is Outcome.WORSE
    assert outcome_of(-1, 0.5, 0.01) is Outcome.CHANCE
    assert outcome_of(-1, 0.5, 0.06) is Outcome.TOO_FEW
    assert outcome_of(0, 0.01, 0.01) is Outcome.CHANCE


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=8))
def test_the_best_attainable_is_never_above_the_corrected_value(p_values: list[float]) -> None:
    best = attainable_holm(p_values, [p / 2 for p in p_values])
    assert all(b <= h for b, h in zip(best, holm(p_values), strict=True))


def _picked(rows: Rows, coin: Rows) -> Rows:
    picked: Rows = rows[coin, np.arange(rows.shape[1])]
    return picked

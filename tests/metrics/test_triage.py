"""Triage: exact chances, no false promise, and how many reviews it takes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from scipy.stats import hypergeom

from xindaya.metrics.acceptance import chance_of_so_few
from xindaya.metrics.triage import triage
from xindaya.pairs import NothingToEvaluateError, UsageError

FIVE, SURE = Fraction(5, 100), Fraction(95, 100)


@pytest.mark.parametrize("found", [0, 1, 4, 7])
def test_chances_are_hypergeometric(found: int) -> None:
    assert chance_of_so_few(found, 60, 31, 600) == pytest.approx(hypergeom.cdf(found, 600, 31, 60))
    assert chance_of_so_few(found, 60, 700, 600) == float(found >= 60)


def test_every_part_has_its_own_reviews_and_holm_counts_all() -> None:
    # 400 segments, all of the safest 200 reviewed without a bad one: known, not guessed.
    found = triage(range(400), dict.fromkeys(range(200), False), most=FIVE, confidence=SURE)
    assert found.free is not None
    half = found.parts[9]
    assert (half.segments, half.reviewed, half.bad, half.p_holm) == (200, 200, 0, 0)
    # Of all 400, 200 reviews without a bad one leave 21 bad ones no chance but C(379,200)/C(400,200).
    assert found.free.segments > 200
    assert (found.reviewed, found.bad) == (200, 0)


def test_it_says_how_many_reviews_it_takes() -> None:
    few = triage(
        range(100_000), dict.fromkeys(range(0, 3000, 100), False), most=FIVE, confidence=SURE
    )
    assert few.free is None
    # .95^n ≤ .05/20: n ≥ ln .0025 / ln .95 = 116.8; of a large lot without replacement no more.
    assert 116 <= few.needed <= 117
    assert few.expected is not None
    worse = triage(range(1000), dict.fromkeys(range(0, 1000, 5), True), most=FIVE, confidence=SURE)
    assert (worse.free, worse.expected) == (None, None)


def test_a_useful_order_names_a_part_and_a_useless_one_none() -> None:
    rng = random.Random(7)
    truth = [n >= 1400 and rng.random() < 0.4 for n in range(2000)]  # the safest 70 % are fine
    drawn = {n: truth[n] for n in rng.sample(range(2000), 400)}
    found = triage(range(2000), drawn, most=FIVE, confidence=SURE)
    assert found.free is not None
    assert found.free.share >= 0.6
    free = found.order[: found.free.segments]
    assert sum(truth[n] for n in free) <= 0.05 * len(free)
    shuffled = rng.sample(range(2000), 2000)
    assert triage(shuffled, drawn, most=FIVE, confidence=SURE).free is None


def test_a_promise_is_wrong_no_more_often_than_said() -> None:
    rng = random.Random(3)
    runs, wrong = 60, 0
    for _ in range(runs):
        truth = [rng.random() < 0.055 for _ in range(600)]
        drawn = {n: truth[n] for n in rng.sample(range(600), 250)}
        free = triage(range(600), drawn, most=FIVE, confidence=SURE).free
        wrong += free is not None and sum(truth[: free.segments]) > 0.05 * free.segments
    assert wrong <= 0.05 * runs


def test_what_makes_no_sense() -> None:
    with pytest.raises(NothingToEvaluateError, match="no reviewed segment"):
        triage(range(9), {}, most=FIVE, confidence=SURE)
    with pytest.raises(UsageError, match="confidence 1"):
        triage(range(9), {1: True}, most=FIVE, confidence=Fraction(1))

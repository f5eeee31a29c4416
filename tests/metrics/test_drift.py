from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology.drift import (
    benjamini_hochberg,
    judged,
    paired_drift,
    unpaired_drift,
)
from xindaya.metrics.terminology.scopes import document_against_rest, drift_between

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 4), max_size=3)


def test_three_against_three_is_too_few() -> None:
    """C(6, 3) = 20 deals, of which 2 are as extreme: the smallest p is 0.1."""
    drift = unpaired_drift([Counter("aaa")], [Counter("bbb")])
    assert (drift.divergence, drift.p_value, drift.too_few) == (1.0, None, True)


def test_four_against_four_can_tell() -> None:
    """C(8, 4) = 70 deals, 2 of them as extreme: p = 2 / 70."""
    drift = unpaired_drift([Counter("aaaa")], [Counter("bbbb")])
    assert drift.p_value == pytest.approx(2 / 70)


def test_documents_are_dealt_whole() -> None:
    """Two documents against two: C(4, 2) = 6 deals, so nothing below 1/3 is possible."""
    drift = unpaired_drift([Counter("aaaa")] * 2, [Counter("bbbb")] * 2)
    assert drift.too_few


def test_paired_documents_are_swapped() -> None:
    """Six documents that all disagree: 2 of 2^6 patterns are as extreme."""
    drift = paired_drift([(Counter("a"), Counter("b"))] * 6)
    assert drift.p_value == pytest.approx(2 / 64)
    assert paired_drift([(Counter("a"), Counter("b"))] * 5).too_few


def test_agreement_has_p_of_one() -> None:
    drift = paired_drift([(Counter("ab"), Counter("ab"))] * 3)
    assert (drift.divergence, drift.p_value) == (pytest.approx(0), 1.0)


def test_no_rendering_on_one_side_says_nothing() -> None:
    drift = paired_drift([(Counter("a"), Counter())])
    assert (drift.divergence, drift.p_value, drift.n) == (None, None, (1, 0))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=14), st.integers(0, 3))
def test_paired_drift_is_symmetric_repeatable_and_a_probability(
    blocks: list[tuple[dict[str, int], dict[str, int]]], seed: int
) -> None:
    drift = paired_drift(blocks, permutations=100, seed=seed)
    assert drift == paired_drift(blocks, permutations=100, seed=seed)
    turned = paired_drift([(b, a) for a, b in blocks], permutations=100, seed=seed)
    assert drift.p_value == turned.p_value
    assert drift.p_value is None or 0 < drift.p_value <= 1


def test_random_permutations_agree_with_all_of_them() -> None:
    blocks = [(Counter("aab"), Counter("abb"))] * 6 + [(Counter("b"), Counter("a"))] * 4
    exact = paired_drift(blocks, permutations=2**10)
    drawn = paired_drift(blocks, permutations=1000, seed=7)
    assert exact.p_value is not None
    assert drawn.p_value == pytest.approx(exact.p_value, abs=0.05)


def test_benjamini_hochberg_by_hand() -> None:
    """p·m/rank with m = 4: 0.01·4/1, 0.02·4/2, 0.03·4/3, 0.5·4/4; then the running minimum."""
    adjusted = benjamini_hochberg({"a": 0.01, "b": 0.02, "c": 0.03, "d": 0.5})
    assert adjusted == {
        "a": pytest.approx(0.04),
        "b": pytest.approx(0.04),
        "c": pytest.approx(0.04),
        "d": pytest.approx(0.5),
    }
    assert benjamini_hochberg({}) == {}


def test_outcomes_are_judged_together() -> None:
    """Six documents give 2/64 = 0.031; two such tests adjusted: 0.031·2/2, or 0.062 beside p = 1."""
    six = paired_drift([(Counter("a"), Counter("b"))] * 6)
    mixed = paired_drift([(Counter("a"), Counter("b"))] * 5 + [(Counter("b"), Counter("a"))] * 4)
    alike = paired_drift([(Counter("a"), Counter("a"))])
    few = paired_drift([(Counter("a"), Counter("b"))])
    assert judged({"x": six})["x"].outcome is Outcome.REAL
    together = judged({"x": six, "y": six, "few": few})
    assert [d.outcome for d in together.values()] == [Outcome.REAL, Outcome.REAL, Outcome.TOO_FEW]
    # Nine documents could give 2/512, so five against four could be chance.
    beside = judged({"x": six, "y": mixed, "same": alike})
    assert beside["x"].q_value == pytest.approx(3 * 2 / 64)
    outcomes = [beside[key].outcome for key in ("x", "y", "same")]
    assert outcomes == [Outcome.TOO_FEW, Outcome.CHANCE, Outcome.IDENTICAL]


def test_one_change_among_hundreds_of_terms_can_be_real() -> None:
    """2,000 trials alone could give no p below 1/2001, times 400 terms 0.2."""
    same = {f"d{n}": Counter({"a": 1}) for n in range(40)}
    last = {f"t{n}": same for n in range(400)}
    this = {**last, "t0": {d: Counter({"b": 1}) for d in same}}
    found = {d.concept: d.drift.outcome for d in drift_between(last, this)}
    assert found.pop("t0") is Outcome.REAL
    assert set(found.values()) == {Outcome.IDENTICAL}


@pytest.mark.parametrize("documents", [6, 20])
def test_exchanged_documents_are_seldom_called_real(documents: int) -> None:
    """Four terms, 100 pairs of deliveries: at most 5 %, and 3 standard errors of 100 trials."""
    rng = random.Random(documents)
    alarms = 0
    for seed in range(100):
        sides: tuple[dict[str, dict[str, Counter[str]]], ...] = ({}, {})
        for term in "abcd":
            pairs = [
                [Counter({"x": rng.randint(1, 4)}), Counter({rng.choice("xyz"): 2})]
                for _ in range(documents)
            ]
            for pair in pairs:
                rng.shuffle(pair)
            for side in (0, 1):
                sides[side][term] = {str(d): pair[side] for d, pair in enumerate(pairs)}
        alarms += any(d.drift.outcome.real for d in drift_between(*sides, seed=seed))
    assert alarms / 100 <= 0.05 + 3 * (0.05 * 0.95 / 100) ** 0.5


def test_one_document_on_each_side_tells_nothing_of_deliveries() -> None:
    first, second = {"m": {"a": Counter({"x": 20})}}, {"m": {"b": Counter({"y": 20})}}
    (found,) = drift_between(first, second)
    assert (found.drift.divergence, found.drift.outcome) == (1.0, Outcome.TOO_FEW)


def test_two_deliveries_and_one_document_against_the_rest() -> None:
    last = {"model": {f"d{n}": Counter({"large model": 2}) for n in range(6)}}
    this = {
        "model": {**last["model"], "d5": Counter({"big model": 2})},
        "other": {"d1": Counter({"x": 1})},
    }
    (found,) = drift_between(last, this)
    assert (found.first, found.second) == (
        {"large model": 12},
        {"large model": 10, "big model": 2},
    )
    # One document changed: swapping it or not is all that can happen, so nothing can be told.
    assert found.drift.too_few
    (odd,) = document_against_rest(this, "d5")
    assert odd.drift.divergence == 1.0
    assert odd.drift.too_few  # one of six documents: the smallest p is 1/6
    many = {"model": {f"d{n}": Counter({"large model": 1}) for n in range(30)}}
    many["model"]["odd"] = Counter({"big model": 3})
    (clear,) = document_against_rest(many, "odd")
    assert clear.drift.p_value == pytest.approx(1 / 31)


def test_deliveries_of_different_documents_are_two_groups() -> None:
    first = {"m": {f"a{n}": Counter("a") for n in range(4)}}
    second = {"m": {f"b{n}": Counter("b") for n in range(4)}}
    (found,) = drift_between(first, second)
    assert found.drift.p_value == pytest.approx(2 / 70)
    assert found.drift.q_value == found.drift.p_value

"""Acceptance plans against published ones and against SciPy; stratified draws."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics.acceptance import Plan, _log_choose, acceptance_plan
from xindaya.metrics.sampling import allot, draw_documents, draw_segments
from xindaya.pairs import Corpus, Segment, UsageError

SHARES = st.fractions(0, 1, max_denominator=40)


def share(text: str) -> Fraction:
    return Fraction(text)


def test_a_published_plan() -> None:
    # The textbook plan for AQL 1 %, LTPD 5 %, risks 5 % and 10 %: n = 132, c = 3
    # (Guenther 1969, "Use of the binomial, hypergeometric and Poisson tables …").
    plan = acceptance_plan(share("0.01"), share("0.05"))
    assert (plan.size, plan.accept) == (132, 3)


@pytest.mark.parametrize(
    ("good", "bad", "alpha", "beta", "lot"),
    [
        ("0.02", "0.08", "0.05", "0.10", None), ("0", "0.05", "0.05", "0.05", None),
        ("0.1", "0.3", "0.01", "0.01", None), ("0.5", "1", "0.1", "0.1", None),
        ("0.02", "0.08", "0.05", "0.10", 529), ("0.05", "0.2", "0.05", "0.10", 40),
        ("0", "0.01", "0.05", "0.10", 30), ("0.3", "0.9", "0.05", "0.05", 10),
    ],
)  # fmt: skip
def test_smallest_plan_by_trying_all(
    good: str, bad: str, alpha: str, beta: str, lot: int | None
) -> None:
    stats = pytest.importorskip("scipy.stats")

    def accepted(size: int, accept: Any, quality: str, up: bool) -> Any:
        if lot is None:
            return stats.binom.cdf(accept, size, float(quality))
        exact = Fraction(quality) * lot
        count = -(-exact.numerator // exact.denominator) if up else int(exact)
        return stats.hypergeom.cdf(accept, lot, count, size)

    def meeting(size: int) -> list[int]:
        numbers = np.arange(size)
        enough = accepted(size, numbers, good, up=False) >= 1 - float(alpha) - 1e-12
        few = accepted(size, numbers, bad, up=True) <= float(beta) + 1e-12
        return [int(n) for n in numbers[enough & few]]

    first = next((n, meeting(n)[0]) for n in range(1, (lot or 400) + 1) if meeting(n))
    plan = acceptance_plan(
        share(good), share(bad), producer_risk=share(alpha), consumer_risk=share(beta), lot=lot
    )
    assert (plan.size, plan.accept) == first
    low, high = accepted(*first, good, up=False), accepted(*first, bad, up=True)
    assert plan.producer_risk_met == pytest.approx(1 - low, abs=1e-12)
    assert plan.consumer_risk_met == pytest.approx(high, abs=1e-12)
    assert plan.acceptance(plan.good) == pytest.approx(low, abs=1e-9)
    assert plan.acceptance(plan.bad) == pytest.approx(high, abs=1e-9)


def test_close_levels_are_quick_enough() -> None:
    stats = pytest.importorskip("scipy.stats")
    plan = acceptance_plan(share("0.02"), share("0.025"))
    n, c = plan.size, plan.accept
    assert (n, c) == (7510, 170)
    assert stats.binom.cdf(c, n, 0.02) >= 0.95
    assert stats.binom.cdf(c, n, 0.025) <= 0.1
    assert stats.binom.cdf(c, n - 1, 0.025) > 0.1
    # With one bad segment less allowed, the smallest n for the consumer is too large for the
    # producer.
    smaller = next(m for m in range(n - 100, n) if stats.binom.cdf(c - 1, m, 0.025) <= 0.1)
    assert stats.binom.cdf(c - 1, smaller, 0.02) < 0.95


def test_a_risk_met_exactly_is_met() -> None:
    # c = 0, n = 2: a lot of half bad ones passes with exactly 1/4, which no float search may miss.
    plan = acceptance_plan(
        Fraction(0), Fraction(1, 2), producer_risk=Fraction(1, 100), consumer_risk=Fraction(1, 4)
    )
    assert (plan.size, plan.accept) == (2, 0)
    assert plan.consumer_risk_met == 0.25


@given(
    size=st.integers(1, 80), accept=st.integers(0, 80), quality=SHARES,
    more=st.none() | st.integers(0, 80),
)  # fmt: skip
def test_operating_characteristic(
    size: int, accept: int, quality: Fraction, more: int | None
) -> None:
    stats = pytest.importorskip("scipy.stats")
    lot = None if more is None else size + more
    plan = Plan(size, accept, Fraction(-1), Fraction(2), Fraction(1, 20), Fraction(1, 10), lot)
    if lot is None:
        expected = stats.binom.cdf(accept, size, float(quality))
    else:
        expected = stats.hypergeom.cdf(accept, lot, round(quality * lot), size)
    assert plan.acceptance(quality) == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize(
    ("good", "bad", "lot", "message"),
    [
        ("0.05", "0.05", None, "0 ≤ accept < reject"), ("0.1", "1.1", None, "0 ≤ accept < reject"),
        ("0.01", "0.0101", None, "further apart"), ("0.01", "0.02", 0, "a lot of 0"),
        ("0.01", "0.0101", 10**6, "further apart"), ("0.01", "0.02", 10**13, "leave it out"),
    ],
)  # fmt: skip
def test_refuses(good: str, bad: str, lot: int | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        acceptance_plan(share(good), share(bad), lot=lot)


@pytest.mark.parametrize("lot", [10**6, 10**9, 10**12])
def test_a_huge_lot_is_as_good_as_unlimited(lot: int) -> None:
    # Without replacement differs from with by at most n(n - 1)/2N < 0.005 at n = 98.
    plan = acceptance_plan(share("0.02"), share("0.08"), lot=lot)
    assert (plan.size, plan.accept) == (98, 4)


@pytest.mark.parametrize(
    ("n", "k"), [(10_000, 1), (10_000, 9_990), (12_345, 6_000), (10**6, 300), (10**12, 700)]
)
def test_binomial_coefficients_keep_their_digits(n: int, k: int) -> None:
    exact = math.comb(n, k)
    shift = max(0, exact.bit_length() - 900)
    expected = math.log(exact >> shift) + shift * math.log(2)
    assert _log_choose(n, k) == pytest.approx(expected, abs=1e-10)


def test_refuses_risks() -> None:
    with pytest.raises(UsageError, match="consumer risk 0"):
        acceptance_plan(share("0.01"), share("0.05"), consumer_risk=Fraction(0))


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 30), min_size=1, max_size=8),
    st.data(),
    st.integers(0, 5),
)
def test_allotment(sizes: dict[str, int], drawn: st.DataObject, seed: int) -> None:
    everything = sum(sizes.values())
    total = drawn.draw(st.integers(1, everything))
    counts = allot(sizes, total, seed=seed)
    assert sum(counts.values()) == total
    for name, size in sizes.items():
        quota = Fraction(total * size, everything)
        assert abs(counts[name] - quota) < 1
        assert counts[name] <= size


def test_allotment_by_largest_remainders() -> None:
    # Quotas 4.7, 3.1, 2.2 of 10: 4 + 3 + 2, and the tenth to the remainder 0.7
    assert allot({"a": 47, "b": 31, "c": 22}, 10, seed=0) == {"a": 5, "b": 3, "c": 2}


@pytest.fixture
def long(corpus: Corpus) -> Corpus:
    rows = tuple(
        Segment(f"{d}{n}", "字", (), document=d) for d, k in (("a", 60), ("b", 30), ("c", 10))
        for n in range(k)
    )  # fmt: skip
    return replace(corpus, segments=rows, reference_names=(), systems={})


def test_draw(long: Corpus) -> None:
    sample = draw_segments(long, 20, seed=3)
    assert sample.allotment == {"a": 12, "b": 6, "c": 2}
    assert Counter(i[0] for i in sample.segments) == sample.allotment
    order = [s.id for s in long.segments]
    assert sorted(sample.segments, key=order.index) == list(sample.segments)
    assert draw_segments(long, 20, seed=3) == sample
    assert draw_segments(long, 20, seed=4).segments != sample.segments
    assert "seed 3" in sample.rule
    # Whatever the version: the smallest of printf '0\ta%d' | sha256sum, two of a and one of b
    assert draw_segments(long, 3, seed=0).segments == ("a21", "a46", "b8")


def test_every_segment_is_as_likely(long: Corpus) -> None:
    hits = Counter(i for seed in range(400) for i in draw_segments(long, 20, seed=seed).segments)
    # 400 draws of a fifth: 80 each, standard deviation 8
    assert min(hits[s.id] for s in long.segments) > 80 - 5 * 8
    assert max(hits.values()) < 80 + 5 * 8


def test_whole_documents(long: Corpus) -> None:
    sample = draw_documents(long, 20, seed=1)
    sizes = {"a": 60, "b": 30, "c": 10}
    assert all(count in (0, sizes[name]) for name, count in sample.allotment.items())
    assert len(sample.segments) == sum(sample.allotment.values()) >= 20


def test_draw_refuses(long: Corpus) -> None:
    for total in (0, 101):
        with pytest.raises(UsageError, match="from 1 to the 100 there"):
            draw_segments(long, total, seed=0)

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics.terminology import measures

SEQUENCE = st.lists(st.sampled_from("abc"), min_size=2, max_size=8)


@given(SEQUENCE)
def test_ltcr_is_the_share_of_agreeing_pairs(sequence: list[str]) -> None:
    pairs = list(combinations(sequence, 2))
    expected = sum(a == b for a, b in pairs) / len(pairs)
    assert measures.ltcr(Counter(sequence)) == pytest.approx(expected)


def test_hand_made_values() -> None:
    sequence = ["a", "b", "a", "a"]
    counts = Counter(sequence)
    assert measures.ltcr(counts) == 0.5  # 3 of 6 pairs: a-a three times
    assert measures.dominant_share(counts) == 0.75
    assert measures.first_form_share(sequence) == pytest.approx(2 / 3)
    assert measures.switch_rate(sequence) == pytest.approx(2 / 3)
    # H = 0.75 log2(4/3) + 0.25 log2(4), over log2(2) = 1
    assert measures.normalised_entropy(counts) == pytest.approx(0.75 * math.log2(4 / 3) + 0.5)


def test_too_little_to_say() -> None:
    assert measures.ltcr(Counter("a")) is None
    assert measures.switch_rate(["a"]) is None
    assert measures.first_form_share([]) is None
    assert measures.dominant_share(Counter()) is None
    assert measures.normalised_entropy(Counter()) is None
    assert measures.normalised_entropy(Counter("aa")) == 0.0
    assert measures.jensen_shannon(Counter("a"), Counter()) is None


def test_jensen_shannon_extremes() -> None:
    assert measures.jensen_shannon(Counter("ab"), Counter("aabb")) == pytest.approx(0)
    assert measures.jensen_shannon(Counter("a"), Counter("b")) == 1.0


@given(SEQUENCE, SEQUENCE)
def test_jensen_shannon_is_symmetric_and_bounded(a: list[str], b: list[str]) -> None:
    value = measures.jensen_shannon(Counter(a), Counter(b))
    assert value is not None
    assert 0 <= value <= 1
    assert value == pytest.approx(measures.jensen_shannon(Counter(b), Counter(a)))

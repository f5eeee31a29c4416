"""Agreement against the published worked examples."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics.reliability import LEVELS, cohen_kappa, krippendorff_alpha
from xindaya.pairs import UsageError

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve
# units, values missing. The paper gives 0.743 (nominal), 0.815 (ordinal) and 0.849 (interval).
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# Section A: two observers, binary data. The paper gives 0.095.
TWO = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]

# Cohen 1960: agreement of two judges on 200 subjects in three categories,
#   88 14 18 / 10 40 10 / 2 6 12; p_o = 0.70, p_c = 0.41, kappa = 0.29/0.59 = 0.492.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def judged() -> tuple[list[int], list[int]]:
    cells = [(i, j) for i in range(3) for j in range(3) for _ in range(COHEN[i][j])]
    return [i for i, _ in cells], [j for _, j in cells]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_krippendorffs_four_observers(level: str, published: float) -> None:
    assert krippendorff_alpha(FOUR, level=level) == pytest.approx(published, abs=0.0005)


def test_krippendorffs_two_observers() -> None:
    assert krippendorff_alpha(TWO) == pytest.approx(0.095, abs=0.0005)


def test_cohens_two_judges() -> None:
    first, second = judged()
    assert cohen_kappa(first, second) == pytest.approx(0.29 / 0.59)


def test_weighted_kappa() -> None:
    # Observed distances: 14+10+10+6 by one, 18+2 by two. Expected from the margins 120 60 20 and
    # 100 60 40: 36+30+12+6 by one, 24+10 by two. Squared, a distance of two counts four times.
    first, second = judged()
    linear = cohen_kappa(first, second, weights="linear", order=[0, 1, 2])
    assert linear == pytest.approx(1 - (40 + 2 * 20) / (84 + 2 * 34))
    quadratic = cohen_kappa(first, second, weights="quadratic", order=[0, 1, 2])
    assert quadratic == pytest.approx(1 - (40 + 4 * 20) / (84 + 4 * 34))


def test_named_ranks() -> None:
    order = ["minor", "major", "critical"]
    numbers = [[0, 1, 2, 1], [0, 2, 2, 0]]
    names = [[order[n] for n in row] for row in numbers]
    assert krippendorff_alpha(names, level="ordinal", order=order) == pytest.approx(
        krippendorff_alpha(numbers, level="ordinal")
    )


RATINGS = st.lists(st.tuples(*[st.sampled_from([1, 2, 3, None])] * 3), min_size=2, max_size=12)


@given(RATINGS, st.sampled_from(LEVELS), st.randoms())
def test_order_of_raters_and_items_does_not_matter(
    items: list[tuple[int | None, ...]], level: str, order: random.Random
) -> None:
    raters = [list(column) for column in zip(*items, strict=True)]
    alpha = krippendorff_alpha(raters, level=level)
    order.shuffle(raters)
    mixed = list(zip(*raters, strict=True))
    order.shuffle(mixed)
    again = krippendorff_alpha([list(c) for c in zip(*mixed, strict=True)], level=level)
    assert again == (None if alpha is None else pytest.approx(alpha))


@given(st.lists(st.sampled_from([1, 2, 3]), min_size=2, max_size=20), st.sampled_from(LEVELS))
def test_perfect_agreement(values: list[int], level: str) -> None:
    expected = 1.0 if len(set(values)) > 1 else None  # without variation nothing can be told
    assert krippendorff_alpha([values, values, values], level=level) == expected
    assert cohen_kappa(values, values) == expected


@given(st.lists(st.tuples(*[st.sampled_from("ab")] * 2), min_size=1, max_size=30))
def test_two_categories_need_no_weights(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    plain = cohen_kappa(first, second)
    weighted = cohen_kappa(first, second, weights="quadratic", order=["a", "b"])
    swapped = cohen_kappa(second, first)
    assert weighted == swapped == (None if plain is None else pytest.approx(plain))


def test_nothing_to_pair() -> None:
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([[1, None], [None, 2]]) is None
    assert cohen_kappa([], []) is None


def test_refuses() -> None:
    with pytest.raises(UsageError, match="one each an item"):
        cohen_kappa([1], [1, 2])
    with pytest.raises(UsageError, match="order of the categories"):
        cohen_kappa([1], [1], weights="linear")
    with pytest.raises(UsageError, match="expected one of minor, major"):
        cohen_kappa(["neutral"], ["minor"], order=["minor", "major"])
    with pytest.raises(UsageError, match="different numbers of items"):
        krippendorff_alpha([[1], [1, 2]])
    with pytest.raises(UsageError, match="expected numbers"):
        krippendorff_alpha([["a", "b"], ["a", "a"]], level="interval")

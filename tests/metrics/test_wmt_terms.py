from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics.terminology.wmt import (
    Served,
    Span,
    TermDocument,
    most_served,
    served,
    success_rate,
)

SPANS = st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda s: (s[0], s[0] + s[1]))


def brute_force(asked: list[frozenset[Span]], taken: tuple[Span, ...] = ()) -> int:
    """Tries every span, and none, for every occurrence."""
    if not asked:
        return 0
    first, *rest = asked
    free = [s for s in first if all(s[1] <= t[0] or t[1] <= s[0] for t in taken)]
    counts = [1 + brute_force(rest, (*taken, span)) for span in free]
    return max([*counts, brute_force(rest, taken)])


@settings(deadline=None)
@given(st.lists(st.frozensets(SPANS, max_size=3), max_size=5))
def test_most_served_is_optimal(asked: list[frozenset[Span]]) -> None:
    assert most_served(asked) == (brute_force(asked), True)


@pytest.mark.parametrize(
    ("text", "wanted", "exclusive", "overlapping"),
    [
        ("An oil filter.", [["oil filter"], ["filter"]], 1, 2),  # one in the other
        ("The filter of the oil filter", [["filter"], ["oil filter"]], 2, 2),  # not the greedy way
        ("a b c", [["a b"], ["b c"]], 1, 2),  # they straddle
        ("a b c d", [["a b"], ["b c"], ["c d"]], 2, 3),  # a chain: the two outer ones
        ("Filters and a kinfilter", [["filter"]], 0, 0),  # no word boundaries
        ("OIL\u00a0 fil\u200bter", [["oil filter"]], 1, 1),  # blanks, case, invisible characters
        ("one filter", [["filter"], ["filter"]], 1, 2),  # two occurrences ask for two spans
        ("filters", [["filter", "filters"]], 1, 1),  # an inflected form that is listed
        ("在AI系统与AI上", [["AI"], ["AI系统"]], 2, 2),  # Chinese has no word boundaries
        ("a", [[""]], 0, 0),
    ],
)
def test_the_rule_of_2026(
    text: str, wanted: list[list[str]], exclusive: int, overlapping: int
) -> None:
    assert served(text, wanted) == Served(len(wanted), exclusive, overlapping)


def test_hostile_text_is_cut_short_and_says_so() -> None:
    found = served("ha " * 400, [["ha ha"], ["ha"], ["ha ha ha"]] * 200)
    assert found.exclusive >= 200
    assert not found.exact


def test_blanks_around_texts_and_targets_count_as_in_2025() -> None:
    """A blank target is found once more than the stripped text has characters: 3 of 4, not 4."""
    document = TermDocument("的的的的", "a", "ab \n", {"的": [""]})
    assert success_rate([document]) == (0.75, 1)
    # Asked of the reference as it stands in the file, with its blank; counted without.
    with_blank = TermDocument("甲", "an a", "a", {"甲": ["a "]})
    assert success_rate([with_blank]) == (None, 0)

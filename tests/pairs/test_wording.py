from __future__ import annotations

import pytest

from xindaya.pairs.wording import counted


@pytest.mark.parametrize(
    ("n", "words", "expected"),
    [
        (1, ("document",), "1 document"),
        (0, ("document",), "0 documents"),
        (1234, ("segment",), "1,234 segments"),
        (1, ("term is", "terms are"), "1 term is"),
        (2, ("term is", "terms are"), "2 terms are"),
    ],
)
def test_nouns_follow_their_number(n: int, words: tuple[str, ...], expected: str) -> None:
    assert counted(n, *words) == expected

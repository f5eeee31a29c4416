"""Numbers in text: one reader for Chinese and English.

`model` says what a number is: a value with its place, kind, unit and precision. `chinese` and
`english` find them (with `numerals` and `words` for those in words, and `shared` for what both
languages write alike); `units` has the units and currencies of both.
"""

from __future__ import annotations

import functools

from xindaya.pairs.numbers.chinese import chinese_numbers
from xindaya.pairs.numbers.english import english_numbers
from xindaya.pairs.numbers.model import OFFER, SMALL, SURE, Number, Reading

__all__ = ["OFFER", "SMALL", "SURE", "Number", "Reading", "numbers_in"]


@functools.lru_cache(maxsize=1 << 14)
def numbers_in(text: str, lang: str) -> tuple[Number, ...]:
    """Returns the numbers of a text in the order of their places.

    Args:
        text: Any text.
        lang: ``zh`` or ``en``.
    """
    return chinese_numbers(text) if lang == "zh" else english_numbers(text)

"""Numbers that a term would cut in two: 二号线 is not in 十二号线, nor 5 percent in 1.5 percent."""

from __future__ import annotations

import re

from xindaya.pairs.numbers.numerals import DIGITS, FOLD
from xindaya.pairs.numbers.words import ENDINGS, WORDS

_FORMS = {chr(form): chr(plain) for form, plain in FOLD.items()}
_DIGITS = DIGITS | {c: DIGITS[plain] for c, plain in _FORMS.items() if plain in DIGITS}
_TENS = frozenset("十百千廿卅").union(c for c, plain in _FORMS.items() if plain in "十百千")
_MULTIPLES = frozenset("万亿兆").union(c for c, plain in _FORMS.items() if plain in "万亿")
_NUMERALS = _DIGITS.keys() | _TENS | _MULTIPLES
_FIGURES = frozenset("0123456789")
_JOINED = re.compile(r"\d(?:\.\d|,\d{3}(?!\d))", re.ASCII)  # 1.5; 2,500
_POINTS = frozenset("点點")
# Words that end with a numeral and are no numbers: 统一一百项标准, 周一二十国集团开会.
_NO_NUMBER = re.compile("[统統唯惟同单單专專合归歸逐之周週期拜划劃][一二三四五六]")


def _words(least: int, most: int, *, ordinal: bool = False) -> str:
    """Returns the number words of values, as alternatives of a pattern."""
    words = (w for w, n in WORDS.items() if least <= n <= most and (w in ENDINGS) is ordinal)
    return "|".join(w for w in words if w not in ("once", "twice", "thrice"))


_ONES, _ORDINALS = _words(1, 9), _words(1, 9, ordinal=True)
_TEENS, _DECADES = _words(10, 19), _words(20, 90)
_LARGE = "hundred|thousand|million|billion|trillion"
_ONE = re.compile(f"(?:{_ONES}|{_ORDINALS})(?![^\\W_])", re.IGNORECASE)
_BELOW_HUNDRED = re.compile(
    f"(?:{_ONES}|{_ORDINALS}|{_TEENS}|{_DECADES})(?![^\\W_])", re.IGNORECASE
)
_AFTER_DECADE = re.compile(f"(?<![^\\W_])(?:{_DECADES})[ -]$", re.IGNORECASE)
_AFTER_LARGE = re.compile(f"(?<![^\\W_])(?:{_LARGE})[ -](?:and )?$", re.IGNORECASE)
_DECADE = re.compile(f"(?<![^\\W_])(?:{_DECADES})$", re.IGNORECASE)
_REACH = 16  # characters before a term that may hold the number word it goes on from


def cuts_a_chinese_number(text: str, start: int, end: int) -> bool:
    """True if a span of a folded text begins or ends inside a longer number."""
    return (
        _cuts_figures(text, start, end)
        or (start > 0 and _goes_on(text, start) and not _is_pair(text, start))
        or (end < len(text) and (_goes_on(text, end) or _is_multiplied(text, end)))
    )


def cuts_an_english_number(text: str, start: int, end: int) -> bool:
    """True if a span of whole words begins or ends inside a longer number."""
    if _cuts_figures(text, start, end):
        return True
    if _BELOW_HUNDRED.match(text, start):
        before = text[max(0, start - _REACH) : start]
        if _AFTER_LARGE.search(before) or (
            _ONE.match(text, start) and _AFTER_DECADE.search(before)
        ):
            return True
    after = text[end : end + 1] in ("-", " ") and _ONE.match(text, end + 1)
    return bool(after and _DECADE.search(text[start:end]))


def _goes_on(text: str, place: int) -> bool:
    """True if a number in Chinese numerals goes on from one side of a place to the other."""
    before, after = text[place - 1], text[place]
    if after in _POINTS and before in _NUMERALS:  # 三|点五
        return place + 1 < len(text) and text[place + 1] in _DIGITS
    if before in _POINTS and after in _DIGITS:  # 三点|五亿, but nine o'clock: 九点|二十国集团
        spoken = place > 1 and text[place - 2] in _NUMERALS
        return spoken and text[place + 1 : place + 2] not in _TENS
    if before in _FIGURES:  # 500|万元 and 3|千瓦 are a number and a unit
        return after in _DIGITS
    both = before in _NUMERALS and after in _NUMERALS
    return both and not _NO_NUMBER.fullmatch(text, max(0, place - 2), place)


def _is_multiplied(text: str, place: int) -> bool:
    """True if figures before a place are multiplied behind it: 前500|万."""
    return text[place - 1] in _FIGURES and text[place] in _TENS | _MULTIPLES


def _is_pair(text: str, place: int) -> bool:
    """True if two single numbers in a row stand side by side: 一|二级市场 are two markets."""
    one, other = _DIGITS.get(text[place - 1]), _DIGITS.get(text[place])
    if one is None or other != one + 1 or (place > 1 and text[place - 2] in _NUMERALS | _POINTS):
        return False
    return text[place + 1 : place + 2] not in _NUMERALS


def _cuts_figures(text: str, start: int, end: int) -> bool:
    """True if a span begins or ends within 1.5 or 2,500; within 15 it is no whole word."""
    return any(_JOINED.match(text, place) for place in (start - 2, end - 1) if place >= 0)

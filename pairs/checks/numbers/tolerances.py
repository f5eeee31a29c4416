"""Why a number may differ and be right: grouping, rounding, conversion, glosses, relative dates."""

from __future__ import annotations

import functools
import re

from xindaya.pairs.checks.numbers.model import SMALL, Key, Number

_IDENTIFIER = 5  # figures that are compared as a row of figures too, however they are grouped
_ROUNDED = 10_000.0  # values from which two leading figures may stand for all
# Measures that translators convert: source and target value differ by one of these factors.
_CONVERTED = re.compile(
    r"[\s-]?[多余]?\s?\(?(?:平方)?(?:亩|公顷|公?斤|公?里|英里|华?里|米|英?尺|英?寸|两|度|℃|℉|摄氏|华氏|吨|克|升|磅"
    r"|mu\b|jin\b|li\b|acre|hectare|mile|f[eo]+t\b|inch|pound|ounce|gallon|degree|celsius|kg\b|km\b|kilo|cent"
    r"|square|met[er]{2}|°|tonn?e?)",
    re.IGNORECASE,
)
_FACTORS = (
    1 / 15, 0.1647, 666.7, 0.5, 1.1, 0.6214, 1.609, 3.2808, 0.3333, 2.4711, 2.2046, 0.4536, 0.3048,
    2.54, 0.3937, 0.03937, 1000.0, 0.001, 28.35, 50.0, 33.33, 0.0667,
)  # fmt: skip
_ROW = re.compile(r"\d[\d ,.-]*\d")
# An amount in brackets that says the one before it in another currency or measure.
_GLOSS = re.compile(
    r"[（(]\s*(?:(?:约|合|折合|约合|about|approximately|around|or)\s*){0,2}"
    r"(?:(?:US|HK|NT|A|C)?[$€£¥￥]|人民币|美元|RMB|USD|CNY|[\d.,]+\s?(?:[a-z]+\s)?(?:千克|公斤|公里|平方|公顷|米|亩|元"
    r"|kg|km|lb|m\b|cm|hectare|acre|mile|square|pound|feet|foot|ft|inch|kilo|met[er]{2}|yuan|dollar))[^()（）]{0,40}[)）]"
    r"|[（(](?:约合|折合)[^()（）]{1,40}[)）]",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|周[一二三四五六日]|星期[一二三四五六日天]|yesterday|today|昨[天日]|[今当][天日]",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:last|this|next|previous|current|same|start of the|end of the)\s(?:year|month)|[去今明前当上本]年|[上本当下]个?月",
    re.IGNORECASE,
)
_DAY = re.compile("[日号]")


def explained(
    number: Number, offered: frozenset[Key], text: str, other: str, translated: bool
) -> bool:
    """Looks again where a number seems to have no counterpart.

    Args:
        number: The number.
        offered: What the numbers of the other side may mean.
        text: Where the number stands.
        other: The other side.
        translated: Whether the number stands in the target.
    """
    if _is_gloss(number, text) or _said_otherwise(number, text, other):
        return True
    digits = _figures(other)
    if any(
        number.text in row and len(figures) >= _IDENTIFIER and figures in digits
        for row, figures in _rows(text)
    ):
        return True
    if number.weight == SMALL:
        return False
    values = [v for kind, v in number.keys if kind == "n"]
    others = [v for kind, v in offered if kind == "n"]
    if any(_rounded(*((w, v) if translated else (v, w))) for v in values for w in others):
        return True
    place = text.find(number.text)
    if place >= 0 and _CONVERTED.match(text, place + len(number.text)):
        return any(_converted(v, w) for v in values for w in others)
    return False


@functools.lru_cache(maxsize=1024)
def _rows(text: str) -> tuple[tuple[str, str], ...]:
    """Returns rows of figures as they stand, with the figures alone."""
    return tuple((row, _figures(row)) for row in _ROW.findall(text))


@functools.lru_cache(maxsize=1024)
def _figures(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def _rounded(value: float, rounded: float) -> bool:
    """True if a translator may have rounded the first to the second, never the other way round."""
    if abs(value) < _ROUNDED:
        return False
    return any(float(f"{value:.{digits}g}") == rounded for digits in (2, 3, 4))


def _converted(value: float, other: float) -> bool:
    if not value or not other:
        return False
    if any(0.96 < r * f < 1.04 for r in (value / other, other / value) for f in _FACTORS):
        return True
    return any(abs(a * 9 / 5 + 32 - b) < 1.1 for a, b in ((value, other), (other, value)))


def _is_gloss(number: Number, text: str) -> bool:
    if "(" not in text and "（" not in text:
        return False
    return any(number.text.strip() in gloss for gloss in _GLOSS.findall(text))


def _said_otherwise(number: Number, text: str, other: str) -> bool:
    """True if the other side says a date by the day of the week, or a year or month as the last."""
    month = any(kind == "month" for kind, _ in number.keys)
    place = text.find(number.text)
    day = place >= 0 and _DAY.match(text, place + len(number.text)) is not None
    if (month or day) and _WEEKDAY.search(other) and not _WEEKDAY.search(text):
        return True
    year = any(kind == "n" and 1900 <= value < 2100 for kind, value in number.keys)
    return (month or year) and _RELATIVE.search(other) is not None and not _RELATIVE.search(text)

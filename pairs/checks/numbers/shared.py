"""What both languages write alike: figures in dates, times, addresses, codes, lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from xindaya.pairs.checks.numbers.model import OFFER, SURE, Number, clock, plain, short_year

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[A-Za-z][\w.]*", re.ASCII
)
_DATE = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)([-/.])(0?[1-9]|1[0-2])\2([0-2]?\d|3[01])(?![\d/-]|\.\d)"
)
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d./]|\s*年)")
_TIME = re.compile(r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?::[0-5]\d)?(?![\d:])")
# COVID-19, G20, 5G, A4, F-35B, 3D: the figures may be anywhere in a name, and are asked of nobody.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,20}[-_./]?\d[\w.-]*"
    r"|(?<![\w.,])\d+(?:\.\d+)?[A-Za-z]+\d*[\w-]*|(?<!\d)\d+(?:[-_/.]\d+){2,}",
    re.ASCII,
)
_MEASURED = re.compile(
    r"\d[\d.]*(?:km|kg|cm|mm|ml|kw|kwh|mw|gw|gb|tb|mb|mg|nm|hz|mhz|ghz|kv|m|g|w|h|s|min|k|bn|am|pm|st|nd|rd|th|s|t"
    r"|million|billion|yuan|rmb|usd|years?|days?|hours?|pcs|c|f|l|v)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:rmb|cny|usd|us|hkd|hk|nt|eur|gbp|jpy)\d", re.IGNORECASE)
_SIGN = re.compile("[\u2460-\u249b\u2160-\u217b\u00bc-\u00be\u2150-\u215e]")


def dates_and_times(text: str) -> tuple[list[Number], str]:
    """Takes out addresses, dates in figures and times of day, which are no plain numbers."""
    if not any(c.isdigit() for c in text):
        return [], text
    found: list[Number] = []
    text = _ADDRESS.sub(_blank, text)
    for m in _DATE.finditer(text):
        month, day = float(m[3]), float(m[4])
        found.append(Number(m[0], plain(float(m[1])), SURE))
        found.append(Number(m[0], plain(month) | {("month", month)}, OFFER))
        found.append(Number(m[0], plain(day), OFFER))
    text = _DATE.sub(_blank, text)
    for m in _SHORT_DATE.finditer(text):
        first, second = float(m[1]), float(m[2])
        keys = plain(first, second) | {("month", first), ("month", second)}
        found.append(Number(m[0], keys, OFFER))
        found.append(Number(m[0], plain(first / second if second else first), OFFER))
        if m[3]:
            found.append(Number(m[0], plain(*short_year(float(m[3]))), OFFER))
    text = _SHORT_DATE.sub(_blank, text)
    for m in _TIME.finditer(text):
        found.append(Number(m[0], clock(int(m[1]), int(m[2])), SURE))
        found.append(Number(m[0], plain(float(m[1]), float(m[2])), OFFER))
    return found, _TIME.sub(_blank, text)


def labels(text: str, markers: re.Pattern[str]) -> tuple[tuple[str, ...], str]:
    """Takes out list markers and the figures of codes; returns them and the rest."""
    offered: list[str] = []

    def take(match: re.Match[str]) -> str:
        if _MEASURED.fullmatch(match[0]) or _MONEY.match(match[0]):
            # The letters go, so that the figures stand free.
            return re.sub(r"^[A-Za-z]+", _blank, match[0])
        offered.extend(re.findall(r"\d+", match[0]))
        return _blank(match)

    def take_marker(match: re.Match[str]) -> str:
        offered.extend(v for v in match.groups() if v)
        return _blank(match)

    text = markers.sub(take_marker, text)
    if any(c.isdigit() for c in text):
        text = _CODE.sub(take, text)
    return tuple(offered), text


def signs(text: str) -> Iterator[Number]:
    """Yields numbers that are one character: ① Ⅱ ½."""
    if not text.isascii():
        for sign in _SIGN.findall(text):
            yield Number(sign, plain(unicodedata.numeric(sign)), OFFER)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

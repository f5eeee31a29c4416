"""What both languages write alike: addresses, dates and times in figures, list markers, codes."""

from __future__ import annotations

import re
import unicodedata

from xindaya.pairs.numbers.model import (
    COUNT,
    OFFER,
    SURE,
    Number,
    Reading,
    clock,
    decimal,
    plain,
)

FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?"
ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[A-Za-z][\w.]*", re.ASCII
)
_DATE = re.compile(
    r"(?<![\d./-])((?:19|20)\d\d)([-/.])(0?[1-9]|1[0-2])\2([0-2]?\d|3[01])(?![\d/-]|\.\d)"
)
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d./]|\s*年)")
TIME = re.compile(
    r"(?<![\d:：])([01]?\d|2[0-4])\s?[:：]\s?([0-5]\d)(?:\s?[:：]\s?[0-5]\d)?(?![\d:：])\s?([ap]\.?m\b)?",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"(?<![\d.])(?!\d+(?:\.\d+)?[-/]\d+(?:\.\d+)?(?![\d_/-]|\.\d))\d+(?:[-_/.]\d+){2,}"
)
_BY = re.compile(r"(?<=\d)[x×*](?=\d)")  # 1.2.3, 2-3-4: versions, chapters, numbers
_SIGN = re.compile("[\u2460-\u249b\u2160-\u217b\u00bc-\u00be\u2150-\u215e]")
_DOTTED = re.compile(r"\d\s?[:：/.@-]|\d[-_]\d|@")


def take_out(text: str, found: list[Number]) -> str:
    """Adds dates, times and rows of figures to `found`; returns the text with them blanked."""
    text = _BY.sub(" ", text)
    if not _DOTTED.search(text):
        return text
    text = ADDRESS.sub(_blank, text)
    for m in _DATE.finditer(text):
        found.append(Number(m.start(1), m.end(1), (Reading("year", decimal(m[1])),)))
        found.append(Number(m.start(3), m.end(3), (Reading("month", decimal(m[3])),), OFFER))
        found.append(Number(m.start(4), m.end(4), (Reading("day", decimal(m[4])),), OFFER))
    text = _DATE.sub(_blank, text)
    for m in _SHORT_DATE.finditer(text):
        first, second = decimal(m[1]), decimal(m[2])
        readings = (
            *(Reading(kind, v) for kind in ("month", "day") for v in (first, second)),
            *plain(first, second),
        )
        found.append(Number(m.start(), m.end(), readings, OFFER))
        if second:
            part = (Reading("percentage", first / second),)
            found.append(Number(m.start(), m.end(), part, OFFER))
        if m[3]:
            found.append(Number(m.start(3), m.end(3), years(m[3]), OFFER))
    text = _SHORT_DATE.sub(_blank, text)
    for m in TIME.finditer(text):
        half = m[3].lower().replace(".", "") if m[3] else ""
        found.append(Number(m.start(), m.end(), clock(int(m[1]), int(m[2]), half), SURE))
        found.append(Number(m.start(), m.end(), plain(decimal(m[1]), decimal(m[2])), OFFER))
    text = TIME.sub(_blank, text)
    for m in _ROW.finditer(text):
        found += [Number(*m.span(), plain(decimal(n)), OFFER) for n in re.findall(r"\d+", m[0])]
    return _ROW.sub(_blank, text)


def take_markers(text: str, found: list[Number], markers: re.Pattern[str]) -> str:
    """Adds the numbers of list items, which ask for nothing; returns the text without them."""

    def take(m: re.Match[str]) -> str:
        found.append(Number(*m.span(1), plain(decimal(m[1])), OFFER))
        return _blank(m)

    return markers.sub(take, text)


def signs(text: str, found: list[Number]) -> None:
    """Adds numbers that are one character: ① Ⅱ ½."""
    for m in _SIGN.finditer(text):
        value = decimal(str(unicodedata.numeric(m[0])))
        readings = (Reading("percentage", value), *plain(value)) if value < 1 else plain(value)
        found.append(Number(*m.span(), readings, OFFER))


def years(figures: str) -> tuple[Reading, ...]:
    """Returns what the figures of a year may mean; two of them leave the century open."""
    value = decimal(figures)
    if len(figures) == 2:
        return tuple(
            Reading(kind, v)
            for v in (value, 1900 + value, 2000 + value)
            for kind in ("year", COUNT)
        )
    return (Reading("year", value),)


_CODE_BEFORE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z][A-Za-z0-9]*[-_./'#+]?$|#$")
_CODE_END = re.compile(r"[A-Za-z0-9._-]*[A-Za-z0-9]")


def in_code(text: str, start: int) -> bool:
    """True if figures from `start` on are part of a code: F-35, COVID-19, #3."""
    return _CODE_BEFORE.search(text, max(0, start - 14), start) is not None


def code_end(text: str, end: int) -> int:
    """Returns where a code ends whose figures end at `end`."""
    m = _CODE_END.match(text, end)
    return m.end() if m else end


def is_unit(letters: str) -> bool:
    """True if letters after figures are more likely a unit (14nm, 300mbar) than a code (5G, 3D)."""
    return letters.islower() and letters.isalpha() and 1 < len(letters) < 5


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

"""Numbers, dates and times in English text."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator

from xindaya.pairs.checks.numbers.model import (
    OFFER,
    SMALL,
    SURE,
    Number,
    clock,
    figures_value,
    plain,
    short_year,
)
from xindaya.pairs.checks.numbers.shared import dates_and_times, labels, signs
from xindaya.pairs.checks.numbers.words import (
    ENDINGS,
    MONTHS,
    PARTS,
    ROMAN,
    SCALES,
    SUGGESTIONS,
    UNITS,
    WEEKDAYS,
    WORDS,
    alternatives,
)

_D = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_SCALE = alternatives(SCALES)
_WORD = alternatives(WORDS.keys() - ENDINGS)
_END = alternatives(ENDINGS)
_NUMBER = re.compile(
    rf"""(?P<arabic>(?<![A-Za-z\d])(?:{_D}))
           (?:(?P<suffix>st|nd|rd|th|s|['’]s)\b|(?P<clock>\s?[ap]\.?m\b)|\s?(?P<letter>[kmb]|bn|mn|tn)\b(?!\s?\w*[/²³])
             |[\s-]?(?:and\s(?P<odd>a\shalf)\s)?(?P<scales>(?:ten[\s-])?(?:{_SCALE})(?:[\s-](?:{_SCALE})){{0,5}})\b)?
      | \b(?P<words>(?:(?:an?|half\sa)[\s-])?(?:(?:{_WORD}|{_SCALE})(?:(?:[\s-]|\sand\s|\s?point\s)(?:{_WORD}|{_SCALE}))*(?:(?:[\s-]|\sand\s)(?:{_END}))?|{_END}))\b
      | \b(?P<month>{alternatives(MONTHS)})\b
      | \b(?P<weekday>{alternatives(WEEKDAYS)})s?\b
      | \b(?P<suggestion>{alternatives(SUGGESTIONS)})\b
      | \b(?P<roman>{alternatives(ROMAN)})\b""",
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(rf"[\s-](?P<part>{alternatives(PARTS)})s?\b", re.IGNORECASE)
_RANGE = re.compile(
    rf"\s?(?:-|–|—|~|to|and|or)\s?\$?(?:{_D})\s?-?(?P<scale>{_SCALE})\b", re.IGNORECASE
)
_UNIT = re.compile(rf"[\s-](?:[a-z]+[\s-])?(?P<unit>{alternatives(UNITS)})s?\b", re.IGNORECASE)
_LIST_MARKERS = re.compile(
    r"(?:^|(?<=[\s.;:,])(?<!\d[.,:]))\(?(?P<n>\d{1,2})(?:\)|[.、](?=\s|[A-Z]|$)|:(?=\s))",
    re.MULTILINE,
)
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d[-–—/]$")
_DIGIT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}


@functools.lru_cache(maxsize=4096)
def english_numbers(text: str) -> tuple[Number, ...]:
    """Returns the numbers of an English text, those first that have a form of their own."""
    special, rest = dates_and_times(text)
    return (*special, *signs(rest), *_scan(*labels(rest, _LIST_MARKERS)))


def _scan(offered: tuple[str, ...], text: str) -> Iterator[Number]:
    for marker in offered:
        yield Number(marker, plain(figures_value(marker)), OFFER)
    for m in _NUMBER.finditer(text):
        kind = m.lastgroup
        if m["arabic"]:
            yield from _arabic(m, text)
        elif m["words"]:
            yield from _words(m, text)
        elif m["month"]:
            yield from _month(m, text)
        elif kind == "weekday":
            yield Number(m[0], frozenset({("weekday", WEEKDAYS[m["weekday"].lower()])}), SMALL)
        elif kind == "suggestion":
            yield Number(m[0], plain(*SUGGESTIONS[m["suggestion"].lower()]), OFFER)
        elif m[0].isupper():
            yield Number(m[0], plain(ROMAN[m[0].lower()]), OFFER)


def _arabic(m: re.Match[str], text: str) -> Iterator[Number]:
    value = figures_value(m["arabic"])
    keys = set(plain(value))
    if m["scales"]:
        scale = 1.0
        for word in re.split(r"[\s-]", m["scales"].lower()):
            scale *= SCALES.get(word, 10.0)
        value = (value + 0.5 if m["odd"] else value) * scale
        keys = set(plain(value))
    elif m["letter"]:
        keys |= plain(value * _DIGIT_SCALES[m["letter"].lower()])
    elif later := _RANGE.match(text, m.end()):
        keys |= plain(value * SCALES[later["scale"].lower()])
    elif m["clock"]:
        hour, _, minute = m["arabic"].partition(".")
        keys |= clock(int(hour.replace(",", "")[:4] or 0) % 24, int(minute[:4] or 0) % 60) | plain(
            value + 12
        )
    suffix = (m["suffix"] or "").lower()
    if suffix.endswith("s") and value % 10 == 0:
        # The 1990s: 90年代, 20世纪
        keys |= plain(value % 100, *short_year(value), value // 100 + 1)
    after = text[m.end() : m.end() + 12].lower()
    if re.match(r"\s?(?:%|per\s?cent)", after):
        keys |= plain(value / 100, value / 10)
    weight = OFFER if value < 2 and value == int(value) else SMALL if value == 2 else SURE
    if len(m["arabic"]) == 2 and _YEAR_BEFORE.search(text[max(0, m.start() - 6) : m.start()]):
        keys |= plain(*short_year(value))  # the 2012-21 period
        weight = OFFER
    yield Number(m[0], frozenset(keys), weight, _unit(text, m.end()))


def _words(m: re.Match[str], text: str) -> Iterator[Number]:
    words = re.split(r"[\s-]+", m["words"].lower())
    half = words[:2] == ["half", "a"]
    value, counted = _value([w for w in words[:12] if w not in ("and", "a", "an", "half")])
    if half:
        value *= 0.5
    part = _PART.match(text, m.end())
    if part and value == int(value) and counted:
        below = PARTS[part["part"].lower()]
        share = value / below
        weight = SMALL if words[-1] not in ENDINGS else OFFER
        yield Number(m[0] + part[0], plain(share, 100 * share, 10 * share, value), weight)
        yield Number(m[0], plain(below), OFFER)
        return
    last = words[-1]
    ordinal = last in ("first", "second") and len(words) == 1
    jumbled = any(
        a in WORDS and b in WORDS and not (WORDS[a] >= 20 and WORDS[b] < 10)
        for a, b in itertools.pairwise(words)
    )
    bare = jumbled or not counted or value in (1, 100, 1000, 10_000) or ordinal
    weight = OFFER if bare else SMALL if value <= 10 else SURE
    unit = _unit(text, m.end())
    keys = set(plain(value))
    if value < 100 and re.match(r"[\s-](?:decades?)\b", text[m.end() : m.end() + 9].lower()):
        keys |= plain(10 * value)
    if last in PARTS and last in ENDINGS and value - WORDS[last] < 10:
        # A third, one fifth: a part as well as a place in a row.
        above = (value - WORDS[last]) or 1
        share = above / PARTS[last]
        keys |= plain(share, 100 * share, 10 * share, above)
        weight = OFFER
    if re.match(r"\s(?:other|more)s?\b", text[m.end() : m.end() + 8].lower()):
        keys |= plain(value + 1)  # 3所: Yale and two others
    if last in SCALES and not counted and len(words) > 1 and not half:
        keys |= plain(1)
    yield Number(m[0], frozenset(keys), weight, unit)
    # "one in five", "two three": each word on its own explains a number too.
    singles = [WORDS[w] for w in words if w in WORDS]
    if len(singles) > 1:
        yield Number(m[0], plain(*singles), OFFER)
    if half or re.match(r"\sand\sa\shalf\b", text[m.end() : m.end() + 11].lower()):
        yield Number(m[0], plain(value + 0.5, value * 1.5), OFFER)


def _value(words: list[str]) -> tuple[float, bool]:
    """Adds up number words; says whether a figure word is among them (not only magnitudes)."""
    total = current = 0.0
    decimals = 0
    counted = False
    for word in words:
        if word == "point":
            decimals = 1
        elif word in WORDS and decimals:
            current += WORDS[word] / 10**decimals
            decimals += 1
        elif word in WORDS:
            counted = True
            current += WORDS[word]
        elif SCALES.get(word) == 100:
            current = (current or 1) * 100
        elif word in SCALES:
            scale = SCALES[word]
            if total < scale:  # one thousand two hundred million
                total = ((total + current) or 1) * scale
            else:  # two million three hundred thousand
                total = total + current * scale if current else total * scale
            current, decimals = 0.0, 0
    return total + current, counted


def _month(m: re.Match[str], text: str) -> Iterator[Number]:
    month = MONTHS[m["month"].lower()]
    if not m[0][0].isupper():
        return
    before = text[max(0, m.start() - 8) : m.start()]
    verb = len(m["month"]) <= 4 or m["month"].lower() == "march"
    near = re.match(r"\.?\s?\d|,?\s(?:of\s)?(?:19|20)\d\d", text[m.end() : m.end() + 10])
    near = near or re.search(r"(?:\d|\bof|\bin|[Ii]n|th|st|nd|rd)\s$", before)
    keys = frozenset({("month", month)}) | plain(month)
    yield Number(m[0], keys, SURE if near or not verb else OFFER)


def _unit(text: str, end: int) -> str:
    match = _UNIT.match(text, end)
    return UNITS[match["unit"].lower()] if match else ""

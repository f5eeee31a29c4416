"""Numbers, dates and times in English text."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from xindaya.pairs.numbers.model import (
    COUNT,
    HUNDRED,
    MEASURES,
    OFFER,
    ONE,
    SMALL,
    SURE,
    TEN,
    Number,
    Reading,
    clock,
    decimal,
    plain,
    share,
    step_of,
)  # fmt: skip
from xindaya.pairs.numbers.shared import (
    FIGURES,
    code_end,
    in_code,
    is_unit,
    signs,
    take_markers,
    take_out,
    years,
)  # fmt: skip
from xindaya.pairs.numbers.spelled import Words
from xindaya.pairs.numbers.units import ENGLISH, FOREIGN, SIGNS, unit_after
from xindaya.pairs.numbers.words import (
    DEMANDING,
    MONTHS,
    SCALES,
    TRIGGERS,
)

_FIGURES = re.compile(rf"{FIGURES}|(?<![\d.])\.\d+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[a-z]+")
_MARKERS = re.compile(
    r"(?:^|(?<=[.;:,]\s)|(?<=[\s.;:,])(?<!\d[.,:])(?=\(?\d{1,2}\)))\(?(\d{1,2})(?:\)|[.、:](?=\s*[a-z]))",
    re.MULTILINE,
)
_SCALE = re.compile(
    r"(?:[\s-]?|\s(?P<odd>and\sa\shalf)\s)(?P<scale>(?:ten[\s-])?(?:hundred|thousand|million|billion|trillion)s?"
    r"(?:[\s-](?:hundred|thousand|million|billion|trillion))*|mln|bln|dozen|(?:exa|peta|tera)flops|[ept]flops|lakhs?|crores?)\b"
)
_LETTERS = {
    "k": Decimal(1000), "m": Decimal(10**6), "mn": Decimal(10**6), "b": Decimal(10**9),
    "bn": Decimal(10**9), "tn": Decimal(10**12), "mm": Decimal(1),
}  # fmt: skip
_ADJACENT = re.compile(r"[a-z]+[0-9]*[a-z]*")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
_PLURAL = re.compile(r"['’]?s\b")
_HALF_OF_DAY = re.compile(r"\s?([ap])\.?\s?m\b")
_YEAR_PREFIX = re.compile(r"(?:mid|pre|post|early|late|non|since)-$")
_RANGE = re.compile(r"\s?(?:-|–|—|~|to|and|or|through)\s?(?:us|hk|nt|rmb|usd|rm)?\s?[$€£¥]?\s?$")
_SIGN = re.compile(r"(?:[a-z.]+\$?|[a-z]{0,2}[$€£¥￥])\s?$")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d[-–—/]$")
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_AFTER_MONTH = re.compile(rf"\b{_MONTH}\.?\s$")
_BEFORE_MONTH = re.compile(rf"\s(?:of\s)?{_MONTH}\b")
_OUT_OF = re.compile(r"\s(?:in|out\sof|of)\s(?:every\s|the\s)?")


def english_numbers(text: str) -> tuple[Number, ...]:
    """Returns the numbers of an English text in the order of their places."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    figures = _DIGIT.search(lower) is not None
    spelled = not TRIGGERS.isdisjoint(_WORD.findall(lower))
    found: list[Number] = []
    if not lower.isascii():
        signs(lower, found)
        lower = lower.replace("\u00a0", " ")
    if figures:
        lower = take_out(lower, found)
        lower = take_markers(lower, found, _MARKERS)
        _Figures(text, lower, found).read()
    if spelled:
        Words(text, lower, found).read()
    found.sort()
    _shares(lower, found)
    return tuple(found)


def _shares(lower: str, found: list[Number]) -> None:
    """Adds what "one in five" and "three out of every four" say: a share, which only answers."""
    for one, other in itertools.pairwise(found):
        if _OUT_OF.fullmatch(lower, one.end, other.start) and other.value > one.value > 0:
            readings = (share(one.value, other.value),)
            found.append(Number(one.start, other.end, readings, OFFER))


def english_asks(text: str) -> bool:
    """True if a text may have a number that demands a counterpart; cheaper than reading it."""
    if _DIGIT.search(text):
        return True
    return not DEMANDING.isdisjoint(_WORD.findall(text.lower()))


class _Figures:
    """Reads the numbers in figures of one text."""

    def __init__(self, text: str, lower: str, found: list[Number]) -> None:
        self.text, self.lower, self.found = text, lower, found
        self.last: tuple[int, int, Decimal, bool] | None = None

    def read(self) -> None:
        place = 0
        while m := _FIGURES.search(self.lower, place):
            place = max(self._one(m), m.end())

    def _one(self, m: re.Match[str]) -> int:
        lower, (start, end), figures = self.lower, m.span(), m[0]
        value, step = decimal(figures), step_of(figures)
        sign = _sign(lower, start) if start else ""
        if (
            not sign
            and start
            and in_code(lower, start)
            and not _YEAR_PREFIX.search(lower, max(0, start - 6), start)
        ):
            return self._code(start, end, value)
        if suffix := _SUFFIX.match(lower, end):
            return self._ordinal(start, suffix.end(), value)
        if (plural := _PLURAL.match(lower, end)) and value == int(value) and value % 10 == 0:
            # The 1990s: 90年代, 20世纪
            v = value % HUNDRED
            readings = (
                Reading("year", value),
                *plain(v, value, value // HUNDRED + 1),
                *(Reading("year", c + v) for c in (1900, 2000)),
                Reading("time", value, "year"),
            )
            self.found.append(Number(start, plural.end(), readings, SURE))
            return plural.end()
        if half := _HALF_OF_DAY.match(lower, end):
            return self._time(start, half, figures)
        adjacent = _ADJACENT.match(lower, end)
        factor, raw = ONE, False
        if adjacent:
            letters = adjacent[0]
            if letters in _LETTERS and letters != "mm":
                factor, raw, end = _LETTERS[letters], not sign, adjacent.end()
            elif letters not in ENGLISH and letters not in SCALES and letters not in ("c", "f"):
                if not is_unit(self.text[end : adjacent.end()]):
                    return self._code(start, end, value)
                adjacent = None
        elif (
            (letter := lower[end + 1 : end + 3].strip()) in ("m", "bn", "tn", "mn", "b", "k")
            and lower[end : end + 1] == " "
            and not lower[end + 1 + len(letter) : end + 2 + len(letter)].isalnum()
            and (sign or letter != "m")
        ):
            factor, raw, end = _LETTERS[letter], not sign, end + 1 + len(letter)
        scaled = _SCALE.match(lower, end)
        if scaled and len(figures) == 4 and scaled["scale"].startswith("ten"):
            scaled = None  # 2022 Ten Thousand …: a year and a number
        if scaled:
            for word in re.split(r"[\s-]", scaled["scale"]):
                factor *= SCALES.get(word, TEN)
            if scaled["odd"]:
                value += Decimal("0.5")
            end = scaled.end()
        elif lower.startswith(" and a half", end):
            value, end = value + Decimal("0.5"), end + 11
        base, value, step = value, value * factor, step * factor
        return self._tail(start, end, base, value, step, sign, raw, figures)

    def _tail(
        self, start: int, end: int, base: Decimal, value: Decimal, step: Decimal, sign: str, raw: bool,
        figures: str,
    ) -> int:  # fmt: skip
        kind, unit, stop, factor, extra = unit_after(self.lower, end)
        if unit == "KRW" and len(figures) == 4 and figures[:2] in ("19", "20"):
            kind, unit, stop = COUNT, "", end  # Report 2023 won the award
        if sign and kind == COUNT:
            kind, unit = "money", sign
        elif sign and kind == "money" and (unit in ("dollar", "") or sign in FOREIGN):
            unit = sign
        readings = [
            Reading(kind, value * factor, unit),
            *(r._replace(value=value * r.value) for r in extra),
        ]
        if kind not in (COUNT, "percentage point"):
            readings += plain(value)
        if raw or factor == HUNDRED:
            readings += plain(base)
        demand = SURE
        whole = value == int(value) and "." not in figures
        if value <= 2 and whole and kind in (COUNT, "time", "multiple"):
            demand = SMALL if value else OFFER
        if value == 1 and whole and kind in MEASURES:
            demand = SMALL
        if (
            kind == COUNT
            and value <= 31
            and value == base
            and not sign
            and self._beside_month(start, end)
        ):
            readings.insert(0, Reading("day", value))
        if (
            len(figures) == 4
            and figures.isdigit()
            and (kind == COUNT or unit == "year")
            and value == base
            and 1000 <= value < 2200
        ):
            readings.insert(0, Reading("year", value))
        if (
            len(figures) == 5
            and figures[:2] in ("19", "20")
            and kind == COUNT
            and figures.isdigit()
        ):
            readings.append(Reading("year", decimal(figures[:4])))  # 20092: a year and a footnote
        if len(figures) == 2 and _YEAR_BEFORE.search(self.lower, max(0, start - 6), start):
            readings += years(figures)  # the 2012-21 period
            demand = OFFER
        top = (
            value + step
            if self.lower.startswith(("-odd", "-plus", "-something"), end)
            else Decimal(0)
        )
        self._inherit(start, kind, unit, value, base, factor)
        self.found.append(Number(start, stop, tuple(readings), demand, step, top))
        if kind == COUNT or sign:
            self.last = (start, end, value, value == base)
        return stop

    def _beside_month(self, start: int, end: int) -> bool:
        return bool(
            _AFTER_MONTH.search(self.lower, max(0, start - 11), start)
            or _BEFORE_MONTH.match(self.lower, end)
        )

    def _inherit(
        self, start: int, kind: str, unit: str, value: Decimal, base: Decimal, factor: Decimal
    ) -> None:
        """Gives a bare number before "to" or "-" the magnitude and unit of this one."""
        if self.last is None:
            return
        first, stop, bare, unscaled = self.last
        if base <= bare and unscaled:
            return
        if start - stop > 9 or not _RANGE.match(self.lower, stop, start):
            return
        scale = value / base if base and unscaled else ONE
        for k in range(len(self.found) - 1, -1, -1):
            number = self.found[k]
            if number.start == first:
                if number.kind == "money":
                    kind, unit, factor = "money", number.readings[0].unit, ONE
                reading = Reading(kind, bare * scale * factor, unit)
                readings = (reading, *number.readings, *(plain(bare * scale) if scale != 1 else ()))
                self.found[k] = number._replace(readings=readings)
                return

    def _code(self, start: int, end: int, value: Decimal) -> int:
        stop = code_end(self.lower, end)
        self.found.append(Number(start, stop, (Reading("code", value), *plain(value)), SMALL))
        for row in re.findall(r"\d+", self.lower[end:stop]):
            self.found.append(Number(start, stop, plain(decimal(row)), OFFER))
        return stop

    def _ordinal(self, start: int, end: int, value: Decimal) -> int:
        readings = [Reading("ordinal", value), *plain(value)]
        if value <= 31:
            dated = self._beside_month(start, end)
            readings.insert(0 if dated else 2, Reading("day", value))
        century = self.lower.startswith((" century", "-century"), end)
        if century:
            readings += [Reading("year", HUNDRED * (value - 1)), *plain(HUNDRED * (value - 1))]
        self.found.append(Number(start, end, tuple(readings), SURE if value > 2 else SMALL))
        return end

    def _time(self, start: int, half: re.Match[str], figures: str) -> int:
        hour, _, minute = figures.replace(",", "").partition(".")
        h, m = int(hour[:4] or 0) % 24, int(minute[:4] or 0) % 60
        readings = (*clock(h, m, half[1] + "m"), *plain(h, h + 12))
        self.found.append(Number(start, half.end(), readings, SURE))
        if m:
            self.found.append(Number(start, half.end(), plain(m), OFFER))
        return half.end()


def _sign(lower: str, start: int) -> str:
    before = lower[start - 1]
    if before not in "$€£¥￥bdymr ":
        return ""
    m = _SIGN.search(lower, max(0, start - 6), start)
    return SIGNS.get(m[0].strip(), "") if m else ""

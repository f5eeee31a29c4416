"""Numbers, dates and times in English text."""

from __future__ import annotations

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
    TWO,
    Number,
    Reading,
    clock,
    decimal,
    plain,
    share,
    step_of,
)
from xindaya.pairs.numbers.shared import FIGURES, signs, take_markers, take_out, years
from xindaya.pairs.numbers.units import ENGLISH, SIGNS
from xindaya.pairs.numbers.words import (
    ENDINGS,
    MONTHS,
    MULTIPLES,
    PARTS,
    ROMAN,
    SCALES,
    SUGGESTIONS,
    TRIGGERS,
    WEEKDAYS,
    WORDS,
)

_FIGURES = re.compile(rf"{FIGURES}|(?<![\d.])\.\d+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[a-z]+")
_MARKERS = re.compile(
    r"(?:^|(?<=[.;:,]\s)|(?<=[\s.;:,])(?<!\d[.,:])(?=\(?\d{1,2}\)))\(?(\d{1,2})(?:\)|[.、:](?=\s*[a-z]))", re.MULTILINE
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
_AFTER = re.compile(r"[\s-]?(%|‰|°\s?[cf]\b|℃|℉|[a-z][a-z.²³]*)((?:[\s-][a-z][a-z.]*)?)((?:[\s-][a-z]+)?)")
_OF_A_POINT = re.compile(r"\sof\sa\s(?:percentage|percent)\spoint")
_CODE_BEFORE = re.compile(r"(?<![0-9a-z])[a-z][a-z0-9]*[-_./'#+]?$|#$")
_YEAR_PREFIX = re.compile(r"(?:mid|pre|post|early|late|non|since)-$")
_CODE_END = re.compile(r"[a-z0-9._-]*[a-z0-9]")
_RANGE = re.compile(r"\s?(?:-|–|—|~|to|and|or|through)\s?(?:us|hk|nt|rmb|usd|rm)?\s?[$€£¥]?\s?$")
_SIGN = re.compile(r"(?:[a-z.]+\$?|[a-z]{0,2}[$€£¥￥])\s?$")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d[-–—/]$")
_MONTH_NEAR = re.compile(r"\.?,?\s?(?:the\s)?\d|,?\s(?:of\s)?(?:19|20)\d\d")
_MONTH_BEFORE = re.compile(r"(?:\d|\bof|\bin|th|st|nd|rd|by|since|until|during|last|this|next|early|late|mid)[\s-]$")
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_AFTER_MONTH = re.compile(rf"\b{_MONTH}\.?\s$")
_BEFORE_MONTH = re.compile(rf"\s(?:of\s)?{_MONTH}\b")
_OF_A = re.compile(r"[\s-](?:of\s)?an?(?=\s)")
_OUT_OF = re.compile(r"\s(?:in|out\sof|of)\s(?:every\s|the\s)?")
_FILLERS = frozenset(
    "working calendar full consecutive straight solid whole more other additional us american chinese trading business"
    " long short of square cubic metric nautical hong new singapore canadian australian standard".split()
)


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
        _Words(text, lower, found).read()
    found.sort()
    _shares(lower, found)
    return tuple(found)


def _shares(lower: str, found: list[Number]) -> None:
    """Adds what "one in five" and "three out of every four" say: a share, which only answers."""
    for one, other in zip(found[:], found[1:], strict=False):
        if _OUT_OF.fullmatch(lower, one.end, other.start) and other.value > one.value > 0:
            readings = (share(one.value, other.value),)
            found.append(Number(one.start, other.end, readings, OFFER))


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
        if not sign and start and _CODE_BEFORE.search(lower, max(0, start - 14), start) and not _YEAR_PREFIX.search(lower, max(0, start - 6), start):
            return self._code(start, end, value)
        if suffix := _SUFFIX.match(lower, end):
            return self._ordinal(start, suffix.end(), value)
        if (plural := _PLURAL.match(lower, end)) and value == int(value) and value % 10 == 0:
            # The 1990s: 90年代, 20世纪
            v = value % HUNDRED
            readings = (Reading("year", value), *plain(v, value, value // HUNDRED + 1), *(Reading("year", c + v) for c in (1900, 2000)))
            self.found.append(Number(start, plural.end(), readings, SURE))
            return plural.end()
        if half := _HALF_OF_DAY.match(lower, end):
            return self._time(start, half, figures)
        adjacent = _ADJACENT.match(lower, end)
        factor, raw = ONE, False
        if adjacent:
            letters = adjacent[0]
            if letters in _LETTERS and not (letters == "mm"):
                factor, raw, end = _LETTERS[letters], not sign, adjacent.end()
            elif letters not in ENGLISH and letters not in SCALES and letters not in ("c", "f"):
                return self._code(start, end, value)
        elif (letter := lower[end + 1 : end + 3].strip()) in ("m", "bn", "tn", "mn", "b", "k") and lower[end : end + 1] == " " and not lower[end + 1 + len(letter) : end + 2 + len(letter)].isalnum() and (sign or letter != "m"):
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
        if sign and kind == COUNT:
            kind, unit = "money", sign
        elif sign and kind == "money" and unit in ("dollar", ""):
            unit = sign
        readings = [Reading(kind, value * factor, unit), *(r._replace(value=value * r.value) for r in extra)]
        if kind not in (COUNT, "percentage point"):
            readings += plain(value)
        if raw or factor == HUNDRED:
            readings += plain(base)
        demand = SURE
        if value <= 2 and value == int(value) and kind in (COUNT, "time", "multiple"):
            demand = SMALL if value else OFFER
        if value == 1 and kind in MEASURES:
            demand = SMALL
        if kind == COUNT and value <= 31 and value == base and not sign and self._beside_month(start, end):
            readings.insert(0, Reading("day", value))
        if len(figures) == 4 and figures.isdigit() and (kind == COUNT or unit == "year") and value == base and 1000 <= value < 2200:
            readings.insert(0, Reading("year", value))
        if len(figures) == 5 and figures[:2] in ("19", "20") and kind == COUNT and figures.isdigit():
            readings.append(Reading("year", decimal(figures[:4])))  # 20092: a year and a footnote
        if len(figures) == 2 and _YEAR_BEFORE.search(self.lower, max(0, start - 6), start):
            readings += years(figures)  # the 2012-21 period
            demand = OFFER
        top = value + step if self.lower.startswith(("-odd", "-plus", "-something"), end) else Decimal(0)
        self._inherit(start, kind, unit, value, base, factor)
        self.found.append(Number(start, stop, tuple(readings), demand, step, top))
        if kind == COUNT or sign:
            self.last = (start, end, value, value == base)
        return stop

    def _beside_month(self, start: int, end: int) -> bool:
        return bool(_AFTER_MONTH.search(self.lower, max(0, start - 11), start) or _BEFORE_MONTH.match(self.lower, end))

    def _inherit(self, start: int, kind: str, unit: str, value: Decimal, base: Decimal, factor: Decimal) -> None:
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
        m = _CODE_END.match(self.lower, end)
        stop = m.end() if m else end
        self.found.append(Number(start, stop, plain(value), OFFER))
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


def unit_after(lower: str, end: int) -> tuple[str, str, int, Decimal, tuple[Reading, ...]]:
    """Says what a number counts: kind, unit, where the unit ends, factor, further readings a unit."""
    m = _AFTER.match(lower, end)
    if not m:
        return COUNT, "", end, ONE, ()
    first, second, third = m[1].rstrip("."), m[2][1:].rstrip("."), m[3][1:]
    if first == "%" or first in ("percent", "percentage", "pct") or (first == "per" and second in ("cent", "mille", "mill")) or first == "‰":
        below = Decimal(1000) if first == "‰" or second.startswith("mill") else HUNDRED
        if second.startswith("point") or third.startswith("point") and first == "per" or (first == "%" and m[2][:1] != "-" and second in ("pt", "pts")):
            return "percentage point", "", m.end(2), ONE / below, ()
        stop = m.end(2) if first == "per" else m.end(1)
        following = lower[stop : stop + 12].lstrip(" -")
        if following.startswith(("off", "discount", "cheaper", "reduction")):
            return "off", "", stop, ONE / below, ()
        return "percentage", "", stop, ONE / below, ()
    if first == "basis" and second.startswith("point"):
        return "percentage point", "", m.end(2), ONE / Decimal(10000), (Reading(COUNT, ONE),)
    if first in ("point", "points"):
        return COUNT, "", m.end(1), ONE, (Reading("percentage point", ONE / HUNDRED),)
    if first == "of" and (point := _OF_A_POINT.match(lower, end)):
        return "percentage point", "", point.end(), ONE / HUNDRED, ()
    if first in ("times", "fold"):
        return "multiple", "", m.end(1), ONE, (Reading("percentage", ONE),)
    if first in ("cents", "cent"):
        return "money", "jiao", m.end(1), Decimal("0.1"), (Reading("money", Decimal("0.01"), "dollar"),)
    if first == "pounds" or first == "pound":
        return "money", "GBP", m.end(1), ONE, (Reading("mass", ONE, "pound"),)
    if first in ("in", "to", "and", "or", "min") and (first != "min" or second):
        return COUNT, "", end, ONE, ()
    words = [w for w in (first, second, third) if w]
    for size in range(len(words), 0, -1):
        if unit := ENGLISH.get(" ".join(words[:size])):
            return unit.kind, unit.name, m.end(size), ONE, ()
    if first in _FILLERS and len(words) > 1:
        for size in range(len(words), 1, -1):
            if unit := ENGLISH.get(" ".join(words[1:size])):
                return unit.kind, unit.name, m.end(size), ONE, ()
        if unit := ENGLISH.get(words[-1]) if words[1] in _FILLERS else None:
            return unit.kind, unit.name, m.end(3), ONE, ()
    if first == "c" or first == "f":
        return "temperature", f"°{first.upper()}", m.end(1), ONE, ()
    return COUNT, "", end, ONE, ()


def _sign(lower: str, start: int) -> str:
    before = lower[start - 1]
    if before not in "$€£¥￥bdymr ":
        return ""
    m = _SIGN.search(lower, max(0, start - 6), start)
    return SIGNS.get(m[0].strip(), "") if m else ""


class _Words:
    """Reads the numbers, months and days in words of one text."""

    def __init__(self, text: str, lower: str, found: list[Number]) -> None:
        self.text, self.lower, self.found = text, lower, found
        self.tokens = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(lower)]

    def read(self) -> None:
        k, n = 0, len(self.tokens)
        while k < n:
            word = self.tokens[k][2]
            if word in TRIGGERS:
                k = self._at(k, word)
            else:
                k += 1

    def _at(self, k: int, word: str) -> int:
        start, end, _ = self.tokens[k]
        if word in WORDS or word in SCALES:
            if start and self.lower[start - 1].isdigit() or self.lower[max(0, start - 2) : start].strip(" -").isdigit():
                return k + 1  # the magnitude of figures, or an ordinal's ending
            return self._group(k)
        if word in MONTHS:
            self._month(start, end, word)
        elif word.rstrip("s") in WEEKDAYS:
            self.found.append(Number(start, end, (Reading("weekday", WEEKDAYS[word.rstrip("s")]),), SMALL))
        elif word in ROMAN:
            if self.text[start:end].isupper():
                self.found.append(Number(start, end, plain(ROMAN[word]), OFFER))
        else:
            times = MULTIPLES.get(word)
            if times is not None:
                readings: tuple[Reading, ...] = (Reading("multiple", times), Reading("percentage", times - 1), Reading("percentage", times), *plain(times, times - 1))
                self.found.append(Number(start, end, readings, SMALL))
            if word in ("half", "quarter") and (of := _OF_A.match(self.lower, end)):
                part = Decimal("0.5") if word == "half" else Decimal("0.25")
                kind, unit, stop, factor, _ = unit_after(self.lower, of.end())
                scale = _SCALE.match(self.lower, of.end())
                value = part * (SCALES.get(scale["scale"], ONE) if scale else ONE)
                self.found.append(Number(start, stop, (Reading(kind, value * factor, unit), *plain(value)), OFFER))
            if suggested := SUGGESTIONS.get(word):
                self.found.append(Number(start, end, suggested, OFFER))
        return k + 1

    def _group(self, k: int) -> int:
        """Reads the number words from here on as one number."""
        first = k
        words = [self.tokens[k][2]]
        while k + 1 < len(self.tokens):
            gap = self.lower[self.tokens[k][1] : self.tokens[k + 1][0]]
            word = self.tokens[k + 1][2]
            if gap not in (" ", "-") or words[-1] in ENDINGS:
                break
            if word in WORDS or word in SCALES:
                words.append(word)
                k += 1
            elif word in ("and", "point") and k + 2 < len(self.tokens) and self.lower[self.tokens[k + 1][1] : self.tokens[k + 2][0]] == " ":
                following = self.tokens[k + 2][2]
                if word == "and" and not (words[-1] in SCALES and following in WORDS and WORDS[following] < HUNDRED and following not in ("one",)):
                    break
                if following not in WORDS and following not in SCALES:
                    break
                words += [word, following]
                k += 2
            else:
                break
        before = self.tokens[first - 1][2] if first and self.tokens[first][0] - self.tokens[first - 1][1] == 1 else ""
        start, end = self.tokens[first][0], self.tokens[k][1]
        self._words(start, end, words[:12], before)
        return k + 1

    def _words(self, start: int, end: int, words: list[str], before: str) -> None:
        lower = self.lower
        value, counted = value_of(words)
        if before == "half" or lower[max(0, start - 7) : start] == "half a ":
            self.found.append(Number(start, end, plain(value / TWO), SURE))
            return
        following = _AFTER.match(lower, end)
        part = following[1].removesuffix("s") if following else ""
        if part in PARTS and following and value == int(value) and counted and words[-1] not in ENDINGS and (value > 1 or part != "second"):
            below = PARTS[part]
            stop = following.end(1)
            demand = SMALL if words[-1] not in ENDINGS and part not in ("half", "quarter") else OFFER
            percent = share(value, below)
            self.found.append(Number(start, stop, (percent,), SURE if demand and value > 1 else demand))
            self.found.append(Number(start, stop, plain(value, below), OFFER))
            return
        jumbled = any(
            a in WORDS and b in WORDS and not (WORDS[a] >= 20 and WORDS[b] < 10)
            for a, b in zip(words, words[1:], strict=False)
        ) and "point" not in words  # fmt: skip
        last = words[-1]
        kind, unit, stop, factor, extra = unit_after(lower, end)
        ordinal = last in ENDINGS and last not in ("once", "twice", "thrice") and not last.endswith("ies")
        if ordinal:
            kind, unit, stop, factor, extra = "ordinal", "", end, ONE, ()
        bare = jumbled or not counted or value in (0, 1, 100, 1000, 10_000) or (last in ("first", "second") and len(words) == 1)
        demand = OFFER if bare else SMALL if value <= 10 else SURE
        if bare and not jumbled and counted and value == 1 and kind in ("time", "percentage", "percentage point", "money", "length", "mass", "area"):
            demand = SMALL
        if kind in ("percentage", "percentage point") and not bare:
            demand = SURE
        readings = [Reading(kind, value * factor, unit), *(r._replace(value=value * r.value) for r in extra)]
        if kind != "percentage point":
            readings += plain(value)
        if unit == "decade":
            readings += plain(value * TEN)
        if last.endswith("ies"):
            readings += [*(Reading("year", c + value) for c in (0, 1900, 2000))]
        if ordinal and value <= 31:
            readings.append(Reading("day", value))
        if ordinal and lower.startswith((" century", "-century"), end):
            readings += [Reading("year", HUNDRED * (value - 1))]
        if last in PARTS and last in ENDINGS and value - WORDS[last] < 10:
            # A third, one fifth: a part as well as a place in a row.
            above = (value - WORDS[last]) or ONE
            readings += [share(above, PARTS[last]), *plain(above)]
            if before != "the" or last == "second":
                demand = OFFER
        if following and following[1] in ("other", "others", "more"):
            readings += plain(value + 1)  # 3所: Yale and two others
        if following and following[1] in ("fold", "times"):
            readings += [Reading("percentage", value - 1)]
        if last in ("twice", "thrice"):
            readings += [Reading("multiple", value), Reading("percentage", value)]
        if last in SCALES and not counted and len(words) > 1:
            readings += plain(1)
        top = value * 2 if not counted and last.endswith("s") else Decimal(0)
        self.found.append(Number(start, stop, tuple(readings), demand, ONE, top))
        # "one in five", "two three": each word on its own answers a number too.
        singles = [WORDS[w] for w in words if w in WORDS]
        if len(singles) > 1:
            for single in singles:
                self.found.append(Number(start, end, plain(single), OFFER))
        if lower.startswith(" and a half", end):
            self.found.append(Number(start, end + 11, (Reading(kind, value + Decimal("0.5"), unit), *plain(value + Decimal("0.5"), value * Decimal("1.5"))), OFFER))

    def _month(self, start: int, end: int, word: str) -> None:
        capital = self.text[start].isupper()
        short = len(word) <= 4 and word != "june" and word != "july" or word == "march"
        if not capital and (short or word == "august"):
            return
        near = _MONTH_NEAR.match(self.lower, end) or _MONTH_BEFORE.search(self.lower, max(0, start - 8), start)
        readings = (Reading("month", MONTHS[word]), *plain(MONTHS[word]))
        self.found.append(Number(start, end, readings, SURE if near or not short else OFFER))


def value_of(words: list[str]) -> tuple[Decimal, bool]:
    """Adds up number words; says whether a figure word is among them (not only magnitudes)."""
    total = current = Decimal(0)
    decimals = 0
    counted = False
    for word in words:
        if word == "point":
            decimals = 1
        elif word in WORDS and decimals:
            current += WORDS[word].scaleb(-decimals)
            decimals += 1
        elif word in WORDS:
            counted = True
            current += WORDS[word]
        elif SCALES.get(word) == 100:
            current = (current or ONE) * HUNDRED
        elif word in SCALES:
            scale = SCALES[word]
            if total < scale:  # one thousand two hundred million
                total = ((total + current) or ONE) * scale
            else:  # two million three hundred thousand
                total = total + current * scale if current else total * scale
            current, decimals = Decimal(0), 0
    return total + current, counted

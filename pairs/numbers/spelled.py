"""Numbers, months and days of the week in English words."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from xindaya.pairs.numbers.model import (
    HUNDRED,
    OFFER,
    ONE,
    SMALL,
    SURE,
    TEN,
    TWO,
    Number,
    Reading,
    plain,
    share,
)  # fmt: skip
from xindaya.pairs.numbers.units import AFTER, unit_after
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
)  # fmt: skip

_OF_A = re.compile(r"[\s-](?:of\s)?an?(?=\s)")
_MONTH_NEAR = re.compile(r"\.?,?\s?(?:the\s)?\d|,?\s(?:of\s)?(?:19|20)\d\d")
_MONTH_BEFORE = re.compile(
    r"(?:\d|\bof|\bin|th|st|nd|rd|by|since|until|during|last|this|next|early|late|mid)[\s-]$"
)
_SCALE = re.compile(r"\s(?P<scale>hundred|thousand|million|billion|trillion)\b")
_WORD = re.compile(r"[a-z]+")
_TENS = frozenset({"tens", "dozens", "hundreds", "thousands"})


class Words:
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
            if (start and self.lower[start - 1].isdigit()) or self.lower[
                max(0, start - 2) : start
            ].strip(" -").isdigit():
                return k + 1  # the magnitude of figures, or an ordinal's ending
            return self._group(k)
        if word in MONTHS:
            self._month(start, end, word)
        elif word.rstrip("s") in WEEKDAYS:
            self.found.append(
                Number(start, end, (Reading("weekday", WEEKDAYS[word.rstrip("s")]),), SMALL)
            )
        elif word in ROMAN:
            if self.text[start:end].isupper():
                self.found.append(Number(start, end, plain(ROMAN[word]), OFFER))
        else:
            times = MULTIPLES.get(word)
            if times is not None:
                readings: tuple[Reading, ...] = (
                    Reading("multiple", times),
                    Reading("percentage", times - 1),
                    Reading("percentage", times),
                    *plain(times, times - 1),
                )
                self.found.append(Number(start, end, readings, SMALL))
            if word in ("half", "quarter") and (of := _OF_A.match(self.lower, end)):
                part = Decimal("0.5") if word == "half" else Decimal("0.25")
                kind, unit, stop, factor, _ = unit_after(self.lower, of.end())
                scale = _SCALE.match(self.lower, of.end())
                value = part * (SCALES.get(scale["scale"], ONE) if scale else ONE)
                self.found.append(
                    Number(start, stop, (Reading(kind, value * factor, unit), *plain(value)), OFFER)
                )
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
            elif (
                word in ("and", "point")
                and k + 2 < len(self.tokens)
                and self.lower[self.tokens[k + 1][1] : self.tokens[k + 2][0]] == " "
            ):
                following = self.tokens[k + 2][2]
                if word == "and" and not (
                    words[-1] in SCALES
                    and following in WORDS
                    and WORDS[following] < HUNDRED
                    and following not in ("one",)
                ):
                    break
                if following not in WORDS and following not in SCALES:
                    break
                words += [word, following]
                k += 2
            elif word == "of" and words[-1] in _TENS and k + 2 < len(self.tokens):
                if (following := self.tokens[k + 2][2]) not in SCALES:
                    break
                words += [word, following]
                k += 2
            else:
                break
        before = (
            self.tokens[first - 1][2]
            if first and self.tokens[first][0] - self.tokens[first - 1][1] == 1
            else ""
        )
        start, end = self.tokens[first][0], self.tokens[k][1]
        self._words(start, end, words[:12], before)
        return k + 1

    def _words(self, start: int, end: int, words: list[str], before: str) -> None:
        lower = self.lower
        value, counted = value_of(words)
        many = not counted and words[-1].endswith("s")
        if before == "half" or lower[max(0, start - 7) : start] == "half a ":
            self.found.append(Number(start, end, plain(value / TWO), SURE))
            return
        following = AFTER.match(lower, end)
        part = following[1].removesuffix("s") if following else ""
        if (
            part in PARTS
            and following
            and value == int(value)
            and counted
            and words[-1] not in ENDINGS
            and (value > 1 or part != "second")
        ):
            below = PARTS[part]
            stop = following.end(1)
            demand = (
                SMALL if words[-1] not in ENDINGS and part not in ("half", "quarter") else OFFER
            )
            percent = share(value, below)
            self.found.append(
                Number(start, stop, (percent,), SURE if demand and value > 1 else demand)
            )
            self.found.append(Number(start, stop, plain(value, below), OFFER))
            return
        jumbled = any(
            a in WORDS and b in WORDS and not (WORDS[a] >= 20 and WORDS[b] < 10)
            for a, b in itertools.pairwise(words)
        ) and "point" not in words  # fmt: skip
        scales = [w for w in words if w in SCALES]
        jumbled = jumbled or len(set(scales)) < len(scales)
        last = words[-1]
        kind, unit, stop, factor, extra = unit_after(lower, end)
        ordinal = (
            last in ENDINGS and last not in ("once", "twice", "thrice") and not last.endswith("ies")
        )
        if ordinal:
            kind, unit, stop, factor, extra = "ordinal", "", end, ONE, ()
        bare = (
            jumbled
            or not counted
            or value in (0, 1, 100, 1000, 10_000)
            or (last in ("first", "second") and len(words) == 1)
        )
        demand = OFFER if bare else SMALL if value <= 10 else SURE
        part = before == "per" or lower.endswith("quarter of a ", 0, start)
        if bare and not jumbled and not ordinal and value >= 1000 and not part:
            demand = SMALL
        if (
            bare
            and not jumbled
            and counted
            and value == 1
            and kind
            in ("time", "percentage", "percentage point", "money", "length", "mass", "area")
        ):
            demand = SMALL
        if kind in ("percentage", "percentage point") and not bare:
            demand = SURE
        readings = [
            Reading(kind, value * factor, unit),
            *(r._replace(value=value * r.value) for r in extra),
        ]
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
        top = Decimal(0)
        if many or before in ("several", "few"):
            wide = value >= 1000 and "of" not in words and many
            top = value * (1000 if wide else TEN)
        self.found.append(Number(start, stop, tuple(readings), demand, ONE, top))
        # "one in five", "two three": each word on its own answers a number too.
        singles = [WORDS[w] for w in words if w in WORDS]
        if len(singles) > 1:
            for single in singles:
                self.found.append(Number(start, end, plain(single), OFFER))
        if lower.startswith(" and a half", end):
            self.found.append(
                Number(
                    start,
                    end + 11,
                    (
                        Reading(kind, value + Decimal("0.5"), unit),
                        *plain(value + Decimal("0.5"), value * Decimal("1.5")),
                    ),
                    OFFER,
                )
            )

    def _month(self, start: int, end: int, word: str) -> None:
        capital = self.text[start].isupper()
        short = (len(word) <= 4 and word != "june" and word != "july") or word == "march"
        if not capital and (short or word == "august"):
            return
        near = _MONTH_NEAR.match(self.lower, end) or _MONTH_BEFORE.search(
            self.lower, max(0, start - 8), start
        )
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

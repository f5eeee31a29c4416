"""Numbers of the source that the target changed or lost, and numbers that it added.

Every number of one side is paired with at most one of the other. What agrees is paired first; of
what is left, numbers that can stand in each other's place are paired by least cost, so that a
changed number is told from one that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from xindaya.pairs.checks.model import Hit, Spot, listed, quoted
from xindaya.pairs.numbers import OFFER, SURE, Number, Reading, numbers_in
from xindaya.pairs.numbers.english import english_asks
from xindaya.pairs.numbers.model import COUNT
from xindaya.pairs.numbers.units import converted, same_currency

_MANY = 40  # numbers of a side that are looked at twice: more are a table or an attack
_MOST = 400  # numbers of a side that are looked at
_SHOWN = 3
_IDENTIFIER = 5  # figures that are compared as a row of figures too, however they are grouped
_ROUNDED = 10_000  # values from which two leading figures may stand for all
_UNITS = frozenset(
    {
        "percentage", "percentage point", "off", "multiple", "time", "money", "length", "area", "volume",
        "mass", "temperature", "power", "energy",
    }
)  # fmt: skip
_DATES = frozenset({"year", "month", "day", "weekday", "clock"})
_STRICT = (_UNITS | {"year", "month", "day"}) - {"time", "multiple"}
"""Kinds that a word such as "both", "one" or 百 does not say."""
_BARE = frozenset({COUNT, "ordinal", "code"})
_HALF_DAY = 720
_NEAR = 2  # eighths of a text within which a word may stand for another that means no number
_YEARS = 1900, 2100


def numbers(source: str, target: str, lang: str) -> Hit | None:
    """Finds numbers that differ, are missing or are added."""
    here = numbers_in(source, "en" if lang == "zh" else "zh")
    if not here and lang == "en" and not english_asks(target):
        return None
    there = numbers_in(target, lang)
    if not here and not there:
        return None
    pair = _Pair(source, target, here, there, lang)
    if not pair.missing and not pair.extra:
        return None
    return pair.judge(lang)


class _Pair:
    """The numbers of a source and a target, paired."""

    def __init__(
        self, source: str, target: str, here: Sequence[Number], there: Sequence[Number], lang: str
    ) -> None:
        self.source, self.target = source, target
        self.here = [n for n in here[:_MOST] if not _is_gloss(n, source)]
        self.there = [n for n in there[:_MOST] if not _is_gloss(n, target)]
        self.chinese = target if lang == "zh" else source
        self.loose_currency: bool | None = None
        self.missing, self.extra = self._agreeing()

    def _agreeing(self) -> tuple[list[Number], list[Number]]:
        """Pairs numbers that agree; returns those of either side that are left."""
        open_there: dict[Reading, list[int]] = {}
        for k, number in enumerate(self.there):
            if number.demand != OFFER:
                open_there.setdefault(number.readings[0], []).append(k)
        left: list[Number] = []
        taken: set[int] = set()
        for number in self.here:
            if number.demand == OFFER:
                continue
            if places := open_there.get(number.readings[0]):
                taken.add(places.pop(0))
            else:
                left.append(number)
        extra = [n for k, n in enumerate(self.there) if k not in taken and n.demand != OFFER]
        if not left and not extra:
            return [], []
        left, extra = left[:_MANY], extra[:_MANY]
        return self._match(left, extra)

    def _match(self, left: list[Number], extra: list[Number]) -> tuple[list[Number], list[Number]]:
        """Pairs the rest, as many as can be: Kuhn's augmenting paths, nearest partners first."""
        options = []
        for number in left:
            cost = [
                (c, k) for k, other in enumerate(extra) if (c := self._agree(number, other)) >= 0
            ]
            cost.sort()
            options.append([k for _, k in cost])
        partner: dict[int, int] = {}

        def augment(k: int, seen: set[int]) -> bool:
            for other in options[k]:
                if other not in seen:
                    seen.add(other)
                    if other not in partner or augment(partner[other], seen):
                        partner[other] = k
                        return True
            return False

        matched = {k for k in range(len(left)) if options[k] and augment(k, set())}
        matched = set(partner.values())
        lost = [n for k, n in enumerate(left) if k not in matched]
        added = [n for k, n in enumerate(extra) if k not in partner]
        # What only answers may answer several; and so may numbers that a text says once for two.
        lost = [n for n in lost if not self._answered(n, self.there)]
        added = [n for n in added if not self._answered_by_source(n)]
        return lost, added

    def _answered(self, number: Number, others: Sequence[Number]) -> bool:
        """True if a word of the target that only answers can mean the number."""
        return any(
            o.demand == OFFER
            and _may_answer(o, number, self.target)
            and self._agree(number, o) >= 0
            for o in others
        )

    def _answered_by_source(self, number: Number) -> bool:
        return any(
            o.demand == OFFER
            and _may_answer(o, number, self.source)
            and self._agree(o, number) >= 0
            for o in self.here
        )

    def _agree(self, one: Number, other: Number) -> int:
        """Returns how far two numbers that can mean the same are from each other; -1 if they cannot.

        Args:
            one: A number of the source.
            other: A number of the target.
        """
        both = one.kind not in _BARE and other.kind not in _BARE
        # A month is no count that happens to be equal: 1月 is not in 圖1.
        both = both or (
            "month" in (one.kind, other.kind) and OFFER not in (one.demand, other.demand)
        )
        for rank, reading in enumerate(one.readings):
            for second, answer in enumerate(other.readings):
                if reading.kind != answer.kind and not (
                    reading.kind in _BARE and answer.kind in _BARE
                ):
                    continue
                if both and reading.kind == COUNT:
                    continue
                if self._same(reading, answer, one, other):
                    return 8 * (rank + second) + min(7, abs(self._place(one, other)))
        return -1

    def _place(self, one: Number, other: Number) -> int:
        """Returns how far apart two numbers stand in their texts, in eighths."""
        here = one.start / (len(self.source) or 1)
        return int(8 * (here - other.start / (len(self.target) or 1)))

    def _same(self, reading: Reading, answer: Reading, one: Number, other: Number) -> bool:
        value, found = reading.value, answer.value
        if reading.unit != answer.unit and reading.unit and answer.unit:
            if reading.kind == "money":
                if "jiao" in (reading.unit, answer.unit):
                    return _in_yuan(reading) == _in_yuan(answer)
                if not same_currency(reading.unit, answer.unit, loose=self._loose()):
                    return False
            elif reading.kind != "clock":
                return (one.top > 0 and other.top > 0) or converted(reading, answer, other)
        if value == found:
            return True
        if reading.kind == "clock":
            return "" in (reading.unit, answer.unit) and (value - found) % _HALF_DAY == 0
        if (one.top and value <= found < one.top) or (other.top and found <= value < other.top):
            return True
        return (
            SURE in (one.demand, other.demand) and other.demand != OFFER and _rounded(value, found)
        )

    def _loose(self) -> bool:
        """True if 元 need not be yuan: the text is traditional or names another currency."""
        if self.loose_currency is None:
            self.loose_currency = bool(_OTHER_CURRENCY.search(self.chinese))
        return self.loose_currency

    def judge(self, lang: str) -> Hit | None:
        """Says what the numbers that are left mean."""
        missing = [n for n in self.missing if not self._excused(n, self.source, self.target)]
        extra = [n for n in self.extra if not self._excused(n, self.target, self.source)]
        changed = self._changed(missing, extra) or self._changed(self._unanswered(), extra)
        if changed:
            mine, theirs = [n for n, _ in changed], [o for _, o in changed]
            (was, was_zh), (became, became_zh) = (
                _show(mine, self.source),
                _show(theirs, self.target),
            )
            return Hit(
                "warning",
                f"{was} of the source became {became} in the target.",
                f"原文的{was_zh}在译文中成了{became_zh}。",
                (*_spots("source", mine), *_spots("target", theirs)),
            )
        lost = [
            n
            for n in missing
            if n.demand != OFFER
            and not n.top
            and not self._repeats(n, self.there)
            and not _said_otherwise(n, self.target, self.source, self.there)
        ]
        if sure := [n for n in lost if n.demand == SURE]:
            shown, shown_zh = _show(sure, self.source)
            doubtful = all(self._often_left_out(n, lang) for n in sure)
            return Hit(
                "note" if doubtful else "warning",
                f"{shown} of the source has no counterpart in the target.",
                f"原文的{shown_zh}在译文中没有对应。",
                tuple(_spots("source", sure)),
            )
        added = [
            n
            for n in extra
            if not n.top
            and not _said_otherwise(n, self.source, self.target, self.here)
            and not self._completes_a_date(n)
            and not any(self._agree(o, n) >= 0 for o in self.here)
        ]
        added = [n for n in added if n.demand == SURE or self._is_word(n)]
        if added:
            shown, shown_zh = _show(added, self.target)
            seldom = any(self._seldom_added(n) for n in added)
            return Hit(
                "warning" if seldom else "note",
                f"{shown} stands in the target only.",
                f"{shown_zh}只见于译文。",
                tuple(_spots("target", added)),
            )
        return None

    def _unanswered(self) -> list[Number]:
        """Returns numbers that ask for nothing (两国, both) and have nothing in the target all the same."""
        return [
            n
            for n in self.here
            if n.demand == OFFER
            and n.value > 1
            and n.value == n.readings[-1].value
            and n.kind in (*_BARE, "time")
            and not self._repeats(n, self.there)
        ]

    def _is_word(self, number: Number) -> bool:
        """True for a count in English words; Chinese sums up by itself, 三人 or 四大奖项."""
        counts = number.kind in (COUNT, "time", "multiple") and number.value > 2
        return counts and self.target is not self.chinese and self.target[number.start].isalpha()

    def _seldom_added(self, number: Number) -> bool:
        """True for what good translators hardly ever add.

        A month to others, percentage points, a count in words (figures are details that the context
        has), a long number with one wrong figure.
        """
        if number.kind == "month":
            return any(n.kind == "month" for n in self.here) and not _LUNAR.search(self.source)
        seldom = number.kind == "percentage point" or self._is_word(number)
        return seldom or self._mistyped(number)

    def _mistyped(self, number: Number) -> bool:
        """True for a long number that is one of the source with one figure changed, and no year."""
        written = _figures(number, self.target)
        if len(written) < 3 or (number.kind == "year" and _YEARS[0] <= number.value <= _YEARS[1]):
            return False
        return any(
            len(other := _figures(n, self.source)) == len(written)
            and sum(x != y for x, y in zip(other, written, strict=True)) == 1
            for n in self.here
        )

    def _completes_a_date(self, number: Number) -> bool:
        """True for a month or year that the source leaves to its reader.

        A source that names months is not completed by one that is neither one of them nor next to
        one.
        """
        if number.kind not in ("month", "year") or not _DATE_WORDS.search(self.source):
            return False
        months = {n.value for n in self.here if n.kind == "month"}
        if number.kind == "year" or not months:
            return True
        near = (0, 1, 11) if _RELATIVE.search(self.source) else (0,)
        return any((number.value - m) % 12 in near for m in months)

    def _often_left_out(self, number: Number, lang: str) -> bool:
        """True for what good translators leave out.

        A small count, a number in words, and in Chinese the year and the month that the context
        says.
        """
        if not self.source[number.start].isdigit():
            return number.kind in (*_BARE, "time", "money", "month")
        if number.kind in ("month", "year"):
            return lang == "zh" and _DATED_ZH.search(self.target) is not None
        if _EMPHATIC.match(self.source, number.start):
            return True
        whole = "." not in self.source[number.start : number.end]
        return number.kind in (*_BARE, "time") and number.value < 10 and whole

    def _repeats(self, number: Number, others: Sequence[Number]) -> bool:
        """True if the other side says the number, though it says it fewer times."""
        return any(self._agree(number, other) >= 0 for other in others)

    def _changed(
        self, missing: Sequence[Number], extra: Sequence[Number]
    ) -> list[tuple[Number, Number]]:
        """Pairs numbers that stand in each other's place, by least cost."""
        if not missing or not extra:
            return []
        ranked = sorted(
            (cost, k, j)
            for k, n in enumerate(missing)
            for j, o in enumerate(extra)
            if (cost := self._exchange(n, o)) >= 0
        )
        pairs: list[tuple[Number, Number]] = []
        used: set[tuple[str, int]] = set()
        for _, k, j in ranked:
            if ("s", k) in used or ("t", j) in used:
                continue
            one, other = missing[k], extra[j]
            used |= {("s", k), ("t", j)}
            if self._repeats(one, self.there) and any(
                n.demand != OFFER and self._agree(n, other) >= 0 for n in self.here
            ):
                continue  # both are said elsewhere: a repetition less here, one more there
            pairs.append((one, other))
        sure = [(n, o) for n, o in pairs if n.demand == o.demand == SURE]
        return sorted(sure or pairs[:1])

    def _exchange(self, one: Number, other: Number) -> int:
        """Returns what it costs to take one number for the other; -1 if it cannot stand there."""
        kinds = {one.kind, other.kind}
        same = one.kind == other.kind or kinds <= _BARE
        if "code" in kinds and len(kinds) > 1:
            return -1
        if (
            not same
            and kinds & _DATES
            and not (kinds & _BARE and not kinds & {"month", "weekday", "year"})
        ):
            return -1
        if not same and not kinds & _BARE and one.value != other.value:
            equal = {r.value for r in one.readings} & {r.value for r in other.readings}
            if not equal and not (one.demand == other.demand == SURE):
                return -1
        if one.demand != SURE or other.demand != SURE:
            written = self.source[one.start].isdigit(), self.target[other.start].isdigit()
            loose = _BARE | ({"day"} if all(written) else {"multiple"})
            if not same and not kinds <= loose:
                return -1
            near = abs(self._place(one, other)) <= _NEAR
            if kinds <= _BARE and one.demand != other.demand and not any(written) and not near:
                return -1
            units = one.readings[0].unit, other.readings[0].unit
            if kinds == {"time"} and units[0] != units[1] and one.value != other.value:
                return -1
        raw = {r.value for r in one.readings}.isdisjoint(r.value for r in other.readings)
        place = abs(self._place(one, other))
        return place + 10 * (not same) + 5 * (one.demand != other.demand) + 4 * raw

    def _excused(self, number: Number, text: str, other: str) -> bool:
        """True if a number may have no counterpart, because it is part of an identifier."""
        figures = text[number.start : number.end]
        if number.kind not in _BARE or not figures.isdigit():
            return False
        rows = {"".join(c for c in row[0] if c.isdigit()) for row in _ROW.finditer(other)}
        for row in _ROW.finditer(text):
            if row.start() <= number.start and number.end <= row.end():
                joined = "".join(c for c in row[0] if c.isdigit())
                if len(joined) >= _IDENTIFIER and any(joined in o or o in joined for o in rows):
                    return True
        return False


_ROW = re.compile(r"(?<![\d.,])\d[\d -]{3,}\d(?![\d.,]*\d)")
_OTHER_CURRENCY = re.compile(
    "[億萬國會個這為對與們來時後發學實產經務銀幣務區關]|[美港欧日韩澳加新泰]元|英镑|卢布"
)
_DATE_WORDS = re.compile(
    "[今去明前本当當同次昨]年|月|[日号號]|年代|year|month|today|century", re.IGNORECASE
)
# An amount in brackets that says the one before it in another currency or measure.
_GLOSS = re.compile(
    r"[（(]\s*(?:(?:约|合|折合|约合|about|approximately|around|or)\s*){0,2}"
    r"(?:(?:US|HK|NT|A|C)?[$€£¥￥]|人民币|美元|RMB|USD|CNY|[\d.,]+\s?(?:[a-z]+\s)?(?:千克|公斤|公里|平方|公顷|米|亩|元"
    r"|kg|km|lb|m\b|cm|hectare|acre|mile|square|pound|feet|foot|ft|inch|kilo|met[er]{2}|yuan|dollar))[^()（）]{0,40}[)）]"
    r"|[（(](?:约合|折合)[^()（）]{1,40}[)）]",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|[周週][一二三四五六日]|星期[一二三四五六日天]|yesterday|today|tomorrow|(?:next|following|same|that)\sday"
    "|昨[天日晚]|[今当當][天日晚]|明[天日]",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"环比|環比|同期|前值|previous\speriod|\b(?:last|this|next|previous|current|same|past|following|the|that|of the)\s(?:year|month)\b|\byear-end|\bend-(?:19|20)\d\d"
    r"|[去今明前当當上本同翌全年]年|[上本当當下]个?月|(?<!\d)年[内內底初末中]|月[底初]|其[后後时時]",
    re.IGNORECASE,
)


_LUNAR = re.compile("[农農阴陰]历|[农農阴陰]曆|正月|lunar", re.IGNORECASE)
_DATED_ZH = re.compile("[月日]")
_EMPHATIC = re.compile(r"100\s?(?:%|percent\b)|(?:180|360)\s?(?:度|°|-?degrees?)")
_QUARTER = re.compile(r"\bquarters?\b|\bhalf of\b|季度|季|半年", re.IGNORECASE)


def _may_answer(offer: Number, number: Number, text: str) -> bool:
    """True if what is written as a bare word or figure can stand for a number of its kind."""
    if number.kind not in _STRICT or offer.kind != COUNT or text[offer.start].isdigit():
        return True
    return any(r.kind == number.kind for r in offer.readings)


def _is_gloss(number: Number, text: str) -> bool:
    if "(" not in text and "（" not in text:
        return False
    return any(m.start() < number.start < m.end() for m in _GLOSS.finditer(text))


def _said_otherwise(number: Number, other: str, text: str, others: Sequence[Number]) -> bool:
    """True if the other side says a date by the day of the week, or a year or month as the last.

    Args:
        number: A number without a counterpart.
        other: The side without it.
        text: The side with it.
        others: The numbers of the other side.
    """
    kind = number.kind
    if kind in ("month", "day") and _WEEKDAY.search(other):
        return not _WEEKDAY.search(text) or not any(n.kind in ("month", "day") for n in others)
    if kind not in ("month", "year"):
        return False
    if kind == "month" and _QUARTER.search(other):
        return True
    return len(_RELATIVE.findall(other)) > len(_RELATIVE.findall(text)) * (kind == "year")


def _in_yuan(reading: Reading) -> Decimal:
    return reading.value / 10 if reading.unit == "jiao" else reading.value


def _rounded(value: Decimal, rounded: Decimal) -> bool:
    """True if a translator may have rounded the first to the second, never the other way round."""
    if value < _ROUNDED or not 0.9 < float(rounded) / float(value) < 1.1:
        return False
    return any(float(f"{float(value):.{digits}g}") == float(rounded) for digits in (2, 3, 4))


def _figures(number: Number, text: str) -> str:
    return "".join(c for c in text[number.start : number.end] if c.isdigit())


def _spots(side: str, numbers: Sequence[Number]) -> list[Spot]:
    return [Spot(side, n.start, n.end) for n in numbers[:_MANY]]


def _show(numbers: Sequence[Number], text: str) -> tuple[str, str]:
    """Returns numbers as an English and as a Chinese message list them."""
    shown = [quoted(_in_context(n, text), 30) for n in numbers]
    return listed(shown, _SHOWN), listed(shown, _SHOWN, chinese=True)


_FOLLOWING = re.compile(r"%?[\u4e00-\u9fff]{0,3}(?:[ -][A-Za-z]+){0,2}")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def _in_context(number: Number, text: str) -> str:
    """Returns a number with what it counts: 十个工作日, thirty working days."""
    start, end = number.start, number.end
    if number.kind == "time":
        return text[start:end].strip()
    if following := _FOLLOWING.match(text, end):
        end = following.end()
    # Chinese goes on without a space, so that the cut may be inside a word.
    cut = _CHINESE.match(text, end) and _CHINESE.match(text, end - 1)
    return text[start:end].strip() + ("…" if cut else "")

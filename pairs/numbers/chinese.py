"""Numbers, dates and times in Chinese text, Simplified or Traditional."""

from __future__ import annotations

import re
from decimal import Decimal

from xindaya.pairs.numbers import numerals
from xindaya.pairs.numbers.counted import MEASURE, NOT_TENTHS, counted, demand_of
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
)  # fmt: skip
from xindaya.pairs.numbers.numerals import (
    DIGITS,
    NUMERALS,
    leading,
    loose_readings,
    magnitude,
    unit_of,
    value_of,
)  # fmt: skip
from xindaya.pairs.numbers.shared import (
    FIGURES,
    code_end,
    in_code,
    is_unit,
    signs,
    take_markers,
    take_out,
)  # fmt: skip
from xindaya.pairs.numbers.units import ENGLISH, SIGNS, Unit

_S = f"[{NUMERALS}]"
_RUN = re.compile(
    rf"""(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![次个天年月岁{NUMERALS}])
      | (?P<figures>{FIGURES})
      | (?P<spelled>{_S}+(?:点[零〇一二三四五六七八九]+)?)
      | (?P<word>半|双|俩|仨|翻番|翻倍|全天候?)""",
    re.VERBOSE,
)
_ANY = re.compile(
    rf"[\d{NUMERALS}半双俩仨番倍\u2460-\u249b\u2160-\u217b\u00bc-\u00be\u2150-\u215e]|全天|周日"
)
# Formal numerals that stand alone are other words: 登陆, 队伍, 放肆.
_FORMAL = re.compile(
    r"(?<![零〇一二三四五六七八九十百千万萬亿億\d壹贰貳叁肆伍陆陸柒捌玖拾佰仟])[伍陆陸肆拾](?![零〇一二三四五六七八九十百千万萬亿億\d壹贰貳叁肆伍陆陸柒捌玖拾佰仟元圆圓角分整])"
)
_MARKERS = re.compile(
    r"(?:(?:^|(?<=[\s。；;：:，,]))[（(]?)(\d{1,2})(?:[)）、]|[.．](?!\d)|:(?!\d))"
)
_HAN_MARKERS = re.compile(
    r"(?:^|(?<=[\s。；;：:，,]))[（(]?([一二三四五六七八九十]{1,3})[)）、](?![一二三四五六七八九十])"
)
_MAGNITUDE = re.compile(
    r"(?:\s|个(?=[万亿]))?([十百千]?[万亿兆]{1,2}(?<!兆(?=[焦瓦赫字比帕]))|[百千](?![瓦克米卡伏赫帕字]))"
)
_FURTHER = re.compile(rf"(\d+(?:\.\d+)?)({'|'.join(['[十百千]?[万亿]', '[百千]'])})?")
_RANGE = re.compile(r"\s*(?:[-—–~～至到、]|——|或)\s*(?:[$€£¥￥]|[A-Za-z]{2,3}\$?)?\s*$")
_PARTS = {"百": HUNDRED, "千": Decimal(1000), "万": Decimal(10000)}
_CLOCK = re.compile(
    rf"\s?[点时](?!期|代|候|刻|常|间|名|评|头|差|速|任|值|不|而|[一二三四五六七八九]线)"
    rf"(?:\s?(?P<minute>[0-5]?\d|{_S}{{1,3}})(?:\s?分(?!之|钟|别)|(?![\d{NUMERALS}年月日元个点]))|(?P<half>半)|(?P<quarter>[一三])刻|(?P<exact>[整钟]))?"
)
_HALF_OF_DAY = re.compile(
    "(?:(?P<am>凌晨|早上|早晨|清晨|上午|今早|早)|(?P<pm>中午|下午|傍晚|晚上|晚间|当晚|午后|晚|夜里|深夜|夜间|午夜))[\\s的]?$"
)
_LONGEST = 24  # characters of a spelled number
_PLAN = re.compile("十[一二三四五六]五")
_PLANNED = re.compile("[”\"’'」]?(?:规划|時期|时期|期间|计划|开局|收官|末|以来|战略|[”」])")


def chinese_numbers(text: str) -> tuple[Number, ...]:
    """Returns the numbers of a Chinese text in the order of their places."""
    if _FORMAL.search(text):
        text = _FORMAL.sub("□", text)
    text = text.translate(numerals.FOLD)
    if not _ANY.search(text):
        return ()
    found: list[Number] = []
    text = take_out(text, found)
    text = take_markers(text, found, _MARKERS)
    found += [
        Number(*m.span(1), plain(value), OFFER)
        for m in _HAN_MARKERS.finditer(text)
        if (value := value_of(m[1])) is not None
    ]
    signs(text, found)
    place = 0
    reader = _Reader(text, found)
    while m := _RUN.search(text, place):
        place = max(reader.read(m), m.end())
    found.sort()
    return tuple(found)


class _Reader:
    """Reads one text; `found` grows."""

    def __init__(self, text: str, found: list[Number]) -> None:
        self.text, self.found = text, found
        self.last: tuple[int, int, Decimal, bool] | None = None  # start, end, value, if without 万

    def read(self, m: re.Match[str]) -> int:
        """Reads the number that begins where the match does; returns where it ends."""
        kind = m.lastgroup
        if kind == "figures":
            return self._figures(m)
        if kind == "spelled":
            return self._spelled(m)
        if kind == "weekday":
            day = Decimal(DIGITS.get(m["weekday"], 7))
            self._add(m.start(), m.end(), (Reading("weekday", day),), SMALL)
        elif m[0] in _WORDS:
            self._add(m.start(), m.end(), _WORDS[m[0]], SURE if "翻" in m[0] else OFFER)
        return m.end()

    def _add(
        self, start: int, end: int, readings: tuple[Reading, ...], demand: int,
        step: Decimal = ONE, top: Decimal = Decimal(0),
    ) -> None:  # fmt: skip
        self.found.append(Number(start, end, readings, demand, step, top))

    def _code(self, start: int, end: int, value: Decimal) -> int:
        end = code_end(self.text, end)
        self._add(start, end, (Reading("code", value), *plain(value)), SMALL)
        return end

    # Figures

    def _figures(self, m: re.Match[str]) -> int:
        text, (start, end), figures = self.text, m.span(), m[0]
        before = text[start - 1] if start else " "
        if text.startswith("分之", end):
            return self._part(start, end, decimal(figures))
        sign = _sign(text, start) if before in "$€£¥￥元币金 " or before.isascii() else ""
        after = text[end : end + 1]
        if not sign and (
            before.isascii() and (before.isalpha() or before in "-_./'#+") and in_code(text, start)
        ):
            return self._code(start, end, decimal(figures))
        unit: Unit | None = None
        if after.isascii() and after.isalpha():
            word = _latin(text, end)
            scale = _LETTERS.get(word.lower())
            unit = ENGLISH.get(word.lower())
            if scale is None and unit is None and not is_unit(word):
                return self._code(start, end, decimal(figures))
            value = decimal(figures) * (scale or ONE)
            stop = end + len(word)
            if unit:
                measured = (Reading(unit.kind, value, unit.name), *plain(value))
                self._add(start, stop, measured, SURE, step_of(figures))
                return stop
            money = (Reading("money", value, sign),) if sign else ()
            readings = (*money, *plain(value, decimal(figures)))
            self._add(start, stop, readings, SURE, step_of(figures, scale or ONE))
            return stop
        if (time := self._clock(start, end, decimal(figures))) is not None:
            return time
        value, step = decimal(figures), step_of(figures)
        top = Decimal(0)
        end, vague = _vague(text, end)
        scaled = _MAGNITUDE.match(text, end)
        if scaled:
            factor = magnitude(scaled[1])
            base, value, step, end = value, value * factor, step * factor, scaled.end()
            if vague:
                top = value + leading(base) * factor
            while further := _FURTHER.match(text, end):
                part = decimal(further[1]) * (magnitude(further[2]) if further[2] else ONE)
                if part >= factor or (not further[2] and len(further[1]) < 3):
                    break
                value, step, end = value + part, ONE, further.end()
            end, more = _vague(text, end)
            if more:
                top = value + leading(base) * factor
        elif vague:
            top = value + leading(value)
        return self._tail(start, end, value, step, top, sign, figures)

    def _tail(
        self, start: int, end: int, value: Decimal, step: Decimal, top: Decimal, sign: str,
        figures: str, demand: int | None = None,
    ) -> int:  # fmt: skip
        """Reads what a number counts, and adds it."""
        scaled_figures = figures.replace(",", "")
        kind, unit, stop, value_in_unit, extra = counted(self.text, start, end, value, figures)
        if sign and kind in (COUNT, "money") and (kind == COUNT or unit == "元"):
            kind, unit = "money", sign
        readings = [Reading(kind, value_in_unit, unit), *extra]
        if kind != COUNT:
            readings += (
                plain(value) if kind not in ("percentage", "percentage point", "month") else ()
            )
        if kind == COUNT and len(figures) == 3 and figures.isdigit() and figures[1] in "0123":
            readings.append(Reading("day", decimal(figures[1:])))  # 618: a date in June
        if kind == COUNT and len(figures) == 4 and figures.isdigit() and 1000 <= value < 2200:
            readings.insert(0, Reading("year", value))
        if demand is None:
            demand = SURE
            whole = value == int(value) and "." not in figures
            if value <= 2 and whole and kind in (COUNT, "time", "multiple"):
                demand = SMALL
            if value == 1 and whole and kind in MEASURES:
                demand = SMALL
            if kind == COUNT and value == 0:
                demand = OFFER
        if top:
            top = readings[0].value * top / value if value else top
        self._inherit(start, end, kind, unit, value, scaled_figures)
        self._add(start, stop, tuple(readings), demand, step, top)
        if (kind == COUNT and not sign) or (sign and unit == sign):
            bare = figures[:1].isdigit() and value == decimal(figures)
            self.last = (start, end, value, bare)
        return stop

    def _inherit(
        self, start: int, end: int, kind: str, unit: str, value: Decimal, figures: str
    ) -> None:
        """Gives a bare number before "至" or "-" the magnitude and unit of this one."""
        if self.last is None or not self.found or (kind == "time" and unit == "year"):
            return
        first, stop, bare, unscaled = self.last
        if kind == "year" and not 1000 <= bare < 2200:
            return
        if start - stop > 8 or not _RANGE.match(self.text[stop:start]):
            return
        own = decimal(figures) if figures and figures[0].isdigit() else None
        factor = value / own if own and unscaled else ONE
        for k in range(len(self.found) - 1, -1, -1):
            number = self.found[k]
            if number.start != first:
                continue
            if kind == "percentage":
                readings = (Reading(kind, bare / HUNDRED), *number.readings)
            else:
                readings = (Reading(kind, bare * factor, unit), *number.readings)
                if factor != 1:
                    readings += plain(bare * factor)
            demand = number.demand if factor == 1 and kind == COUNT else max(number.demand, SMALL)
            self.found[k] = number._replace(readings=readings, demand=demand)
            return

    # Numerals

    def _spelled(self, m: re.Match[str]) -> int:
        text, (start, end), spelled = self.text, m.span(), m["spelled"]
        before = text[start - 1] if start else ""
        if len(spelled) > _LONGEST:
            self._add(start, end, plain(0), OFFER)
            return end
        if text.startswith("分之", end):
            return self._part(start, end, value_of(spelled))
        if spelled[0] in _PARTS and text.startswith("分点", end):
            return end
        whole, point, fraction = spelled.partition("点")
        if (time := self._spoken_clock(start, end, whole, fraction)) is not None:
            return time
        if spelled == "一点" or (whole == "一" and not point and text.startswith("点", end)):
            return end + 1
        after = text[end : end + 4]
        if _PLAN.fullmatch(spelled):
            planned = _PLANNED.match(text, end)
            number = Decimal(10 + DIGITS[spelled[1]])
            nth = (Reading("ordinal", number), *plain(number))
            self._add(start, end, nth, SURE if planned else OFFER)
            self._add(start, end, plain(5), OFFER)
            return end
        if pair := numerals.neighbours(spelled):
            return self._approximate(start, end, pair)
        value = value_of(spelled)
        if after[:1] == "折" and len(spelled) == 2 and all(c in DIGITS for c in spelled):
            value = Decimal(10 * DIGITS[spelled[0]] + DIGITS[spelled[1]])
        if all(c in "十百千万亿兆" for c in spelled):
            if self._many(start, end, spelled) or (before and before in "几数上成好"):
                return self.found[-1].end
        elif before and before in "几数上成好" and spelled[0] in "十百千万亿":
            self._add(start, end, plain(0), OFFER)
            return end
        if value is None or after.startswith("进制") or (before and before in "·・"):
            self._add(start, end, loose_readings(spelled), OFFER)
            return end
        digits = all(c in DIGITS for c in spelled)
        if (
            digits
            and len(spelled) > 1
            and after[:1] != "折"
            and not (len(spelled) == 4 and spelled[0] in "一二")
        ):
            self._add(start, end, loose_readings(spelled), OFFER)
            return end
        end, vague = _vague(text, end) if text[end : end + 1] in ("多", "余") else (end, False)
        step = step_of("0." + "0" * len(fraction)) if point else unit_of(spelled)
        top = Decimal(0)
        if scaled := (
            _MAGNITUDE.match(text, end) if vague or point or text[end : end + 1] == "个" else None
        ):
            factor = magnitude(scaled[1])
            value, step, end = value * factor, step * factor, scaled.end()
        if vague:
            top = value + step
        ordinal = before == "第"
        kind, unit, *_ = counted(self.text, start, end, value, spelled)
        demand = (
            SURE if point else demand_of(spelled, value, before, text[end : end + 6], kind, unit)
        )
        if (before and before in "几数好") or text[end : end + 1] == "几":
            demand = OFFER
        if ordinal and kind in (COUNT,):
            self._add(start - 1, end, (Reading("ordinal", value), *plain(value)), demand, step)
            return end
        sign = _sign(text, start) if before and before in "币元金" else ""
        stop = self._tail(start, end, value, step, top, sign, spelled, demand)
        if len(spelled) == 4 and all(c in DIGITS for c in spelled):
            k = len(self.found) - 1
            self.found[k] = self.found[k]._replace(readings=(Reading("year", value), *plain(value)))
        return stop

    def _many(self, start: int, end: int, spelled: str) -> bool:
        """Adds a magnitude without a figure, 近千名 or 数亿欧元; True if it counts something."""
        text, before = self.text, self.text[max(0, start - 1) : start]
        value = magnitude(spelled)
        counted_on = text[start - 2 : start - 1] in DIGITS.keys() | {"十"}
        several = before != "" and before in "几数上" and not counted_on
        asked = several or (before != "" and before in "近逾超达约每过")
        asked = asked or (len(spelled) > 1 and MEASURE.match(text, end) is not None)
        asked = asked or _AMOUNT.match(text, end) is not None
        if spelled in ("十", "百") or not asked or text[end + 1 : end + 2] in _PARTS:
            top = value * TEN if several else Decimal(0)
            lasting = (Reading("time", value, "year"),) if text.startswith("年", end) else ()
            self._add(start, end, lasting or plain(value), OFFER, value, top)
            return several or lasting != ()
        top = value * TEN if several else Decimal(0)
        sign = _sign(text, start) if before in "币元金" and before else ""
        self._tail(start, end, value, value, top, sign, spelled, SMALL)
        return True

    def _approximate(self, start: int, end: int, pair: tuple[Decimal, Decimal]) -> int:
        """Adds 三四十 and 七八成 as two numbers, thirty and forty."""
        if (
            self.text[end : end + 1] == "成"
            and self.text[end + 1 : end + 2] not in NOT_TENTHS
            and pair[1] < 10
        ):
            for value in pair:
                self._add(start, end + 1, (Reading("percentage", value / TEN),), SMALL)
            return end + 1
        kind, unit, stop, _, _ = counted(self.text, start, end, pair[0], "")
        for value in pair:
            readings = (
                (Reading(kind, value, unit), *plain(value))
                if kind in ("time", "money", "length", "area", "mass")
                else plain(value)
            )
            self._add(start, stop, readings, OFFER)
        return stop

    # Parts and times of day

    def _part(self, start: int, end: int, below: Decimal | None) -> int:
        """Reads 百分之三点五, 千分之三, 四分之三."""
        text = self.text
        m = _ABOVE.match(text, end + 2)
        if self.text[start] in _PARTS and end - start == 1:
            below = _PARTS[self.text[start]]
        if not m or below is None:
            return end + 2
        spelled = m[0]
        stop = m.end()
        if pair := numerals.neighbours(spelled):
            for value in pair:
                self._add(start, stop, (share(value, below), *plain(value)), OFFER)
            return stop
        above = decimal(spelled) if spelled[0].isdigit() else value_of(spelled)
        if above is None:
            return stop
        readings: tuple[Reading, ...] = (share(above, below),)
        if below in (HUNDRED, 1000, 10000):
            if text.startswith("个百分点", stop):
                readings = (Reading("percentage point", above / below),)
            readings += plain(above)
        self._add(start, stop, readings, SURE, ONE)
        if below not in (HUNDRED, 1000, 10000):
            self._add(start, stop, plain(above, below), OFFER)
        return stop

    def _clock(self, start: int, end: int, hour: Decimal) -> int | None:
        if hour > 24 or hour != int(hour):
            return None
        m = _CLOCK.match(self.text, end)
        if not m:
            return None
        found = m.groupdict()
        minute = 30 if found["half"] else {"一": 15, "三": 45}.get(found["quarter"] or "", 0)
        if found["minute"]:
            value = (
                decimal(found["minute"]) if found["minute"].isdigit() else value_of(found["minute"])
            )
            if value is None or value > 59:
                return None
            minute = int(value)
        part = _HALF_OF_DAY.search(self.text[max(0, start - 4) : start])
        half = (part.lastgroup or "") if part else ""
        if (
            part
            and part.lastgroup == "pm"
            and int(hour) == 12
            and part[0][0] in "晚夜深午当"
            and part[0] not in ("午后",)
        ):
            half = "am"
        sure = bool(half or any(found.values())) or hour > 12
        readings = (*clock(int(hour), minute, half), *plain(hour))
        self._add(start, m.end(), readings, SURE if sure else SMALL)
        if minute:
            self._add(start, m.end(), plain(minute), OFFER)
        return m.end()

    def _spoken_clock(self, start: int, end: int, whole: str, fraction: str) -> int | None:
        """Reads 三点五分, 下午三点 and 三点一刻, but no decimal: 三点五亿, 三点五吨."""
        text = self.text
        hour = value_of(whole) if whole else None
        if hour is None or hour > 24 or (len(whole) > 1 and all(c in DIGITS for c in whole)):
            return None
        place = start + len(whole)
        if not text.startswith(("点", "时"), place):
            return None
        if fraction:
            after = text[end : end + 2]
            spoken = (after[:1] == "分" and after not in ("分钟", "分之")) or after[:1] in (
                "刻",
                "十",
            )
            if not spoken:
                return None
        else:
            part = _HALF_OF_DAY.search(text[max(0, start - 4) : start])
            m = _CLOCK.match(text, place)
            if (
                not part
                and not (m and any(m.groupdict().values()))
                and (
                    whole == "一"
                    or (
                        len(whole) == 1
                        and text[place] == "点"
                        and not _AT.search(text[max(0, start - 2) : start])
                    )
                )
            ):
                return None
        return self._clock(start, place, hour)


_WORDS = {
    "半": (*plain(Decimal("0.5"), 50), Reading("percentage", Decimal("0.5")), Reading("time", Decimal(6), "month"), Reading("time", Decimal(15), "day"), Reading("time", Decimal(30), "minute"), Reading("time", Decimal("0.5"), "year"), Reading("time", Decimal("0.5"), "hour")),
    "双": plain(2), "俩": plain(2), "仨": plain(3), "全天": plain(24), "全天候": plain(24),
    "翻番": (Reading("multiple", TWO), Reading("percentage", ONE), Reading("percentage", TWO), *plain(2)),
    "翻倍": (Reading("multiple", TWO), Reading("percentage", ONE), Reading("percentage", TWO), *plain(2)),
}  # fmt: skip
_ABOVE = re.compile(rf"{FIGURES}|{_S}+(?:点[零〇一二三四五六七八九]+)?")
_AMOUNT = re.compile("[多余]?(?:[元名]|[美港欧日]元|公里|人(?!家|民|类|事))")
_AT = re.compile("[于在从自到至约的后前每天日午晨晚早]$")
_LETTERS = {"k": Decimal(1000), "m": Decimal(10**6), "mn": Decimal(10**6), "b": Decimal(10**9), "bn": Decimal(10**9), "w": Decimal(10**4)}  # fmt: skip
_LATIN_BEFORE = re.compile(r"[A-Za-z$€£¥￥.]+\s?$|(?:人民币|[港]币|美金|新台币)\s?$")
_LATIN_AFTER = re.compile(r"[A-Za-z]+")


def _sign(text: str, start: int) -> str:
    """Returns the currency that is written before an amount."""
    m = _LATIN_BEFORE.search(text[max(0, start - 6) : start])
    return SIGNS.get(m[0].strip().lower(), "") if m else ""


def _latin(text: str, end: int) -> str:
    m = _LATIN_AFTER.match(text, end)
    return m[0] if m else ""


def _vague(text: str, end: int) -> tuple[int, bool]:
    """Steps over 多, 余 and 几 after a number."""
    if text[end : end + 1] in ("多", "余", "几") and text[end + 1 : end + 2] != "边":
        return end + 1, True
    return end, False

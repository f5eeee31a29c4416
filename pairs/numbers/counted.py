"""What a number in Chinese text counts: a percentage, a date, money, a measure, a duration."""

from __future__ import annotations

import re
from decimal import Decimal

from xindaya.pairs.numbers.model import (
    COUNT,
    HUNDRED,
    OFFER,
    SMALL,
    SURE,
    TEN,
    TWO,
    Reading,
    decimal,
    plain,
)
from xindaya.pairs.numbers.numerals import DIGITS
from xindaya.pairs.numbers.shared import years
from xindaya.pairs.numbers.units import CHINESE, LONGEST_CHINESE

_PERCENT = re.compile(r"\s?(?:%|‰|(?:个)?百分点|个点(?![名头评]))")
_NOT_UNIT = {
    "年": "代级报轻薪历份", "元": "旦素宵首老气帅凶件", "角": "度色落逐", "块": "状", "毛": "病", "米": "其粉饭兰",
    "克": "服拉隆", "天": "津王空下桥", "日": "本益常", "里": "斯面边弄约氏", "周": "边围密", "瓦": "解", "秒": "杀", "升": "至级温",
    "圆": "满形", "斤": "斤", "分钟": "", "两": "", "号": "",
}  # fmt: skip
_NOT_MONTH = tuple("球亮饼票嫂薪光饷牙")
NOT_TENTHS = tuple("为员立本功长果就都熟语份绩分品交倍不是了天型")
_AND_A_HALF = re.compile(r"(?:[个年天块亩斤倍]|小时|个小时)半(?![个月年天])|个半(?=小时|月|钟头)")
_FIGURE_OF_SPEECH = re.compile("位一体|五道口|说八道|說八道|^家三口|三口之家")
_CHANGE = re.compile(r"(\d|[一二三四五六七八九])(?:毛|角|(?![\d十百千万亿个元块年月日点.]))")


_SINCE_JANUARY = re.compile(r"(?:前|[1一]月?\s?[-–—~～至到])$")  # 1-8月: the first eight months
MEASURE = re.compile(
    "[多余]?(?:[个名位人家次天年月日周岁种项条件场届点号楼层级秒元块米里吨克斤亩倍所座艘架辆台部"
    "本册页章篇首支只头匹口户村县省市区国州校队班组批期轮局回遍趟代类型款套份张根道门座对双]|大|"
    "小时|分钟|季度|世纪|工作日|公里|公斤|平方|星期|礼拜|方面|分之)"
)


def counted(
    text: str, start: int, end: int, value: Decimal, figures: str
) -> tuple[str, str, int, Decimal, tuple[Reading, ...]]:
    """Says what a number counts: kind, unit, where the unit ends, value, further readings."""
    if m := _PERCENT.match(text, end):
        if "分点" in m[0] or "个点" in m[0]:
            return "percentage point", "", m.end(), value / HUNDRED, ()
        below = Decimal(1000) if "‰" in m[0] else HUNDRED
        stop = m.end()
        if text.startswith("个点", stop) or text.startswith("点", stop):
            return "percentage point", "", stop, value / below, ()
        return "percentage", "", stop, value / below, plain(value)
    rest = text[end : end + 6]
    stripped = rest.lstrip()
    end += len(rest) - len(stripped)
    head = stripped[:1]
    if not head or not ("\u4e00" <= head <= "\u9fff" or head in "℃℉°$"):
        return COUNT, "", end - (len(rest) - len(stripped)), value, ()
    if (
        head == "月"
        and stripped[1:2] not in _NOT_MONTH
        and value == int(value)
        and 1 <= value <= 12
    ):
        extra: tuple[Reading, ...] = plain(value)
        if _SINCE_JANUARY.search(text, max(0, start - 3), start):
            extra += (Reading("time", value, "month"),)
        return "month", "", end + 1, value, extra
    dayish = head in ("日", "号") and not _next(stripped, _NOT_UNIT["日"] + "线楼")
    if dayish and 1 <= value <= 31 and value == int(value):
        lasting = (Reading("time", value, "day"),) if head == "日" else ()
        return "day", "", end + 1, value, lasting
    if head == "年":
        if stripped.startswith("年代"):
            v = value % 100
            return (
                "year",
                "",
                end + 2,
                value,
                (*plain(v, value), *(Reading("year", w + v) for w in (1800, 1900, 2000))),
            )
        if len(figures) == 4 and 1000 <= value < 2200:
            return "year", "", end + 1, value, ()
        if len(figures) == 2 and figures.isdigit() and not _next(stripped, _NOT_UNIT["年"]):
            return "time", "year", end + 1, value, tuple(years(figures))
    if head in ("后", "届", "级") and len(figures) == 2 and figures.isdigit():
        return COUNT, "", end, value, tuple(years(figures))
    if head == "成" and value < 10 and (figures[:1].isdigit() or stripped[1:2] not in NOT_TENTHS):
        tenths, stop = value, end + 1
        if (digit := stripped[1:2]) and digit in DIGITS and digit not in "零〇":
            tenths, stop = value + Decimal(DIGITS[digit]) / TEN, end + 2
        elif digit == "半":
            tenths, stop = value + Decimal("0.5"), end + 2
        if len(figures) == 1:
            return "percentage", "", stop, tenths / TEN, (Reading("off", tenths / TEN),)
    if head == "折" and value < 100 and not _next(stripped, "叠射磨腾断扣线合返"):
        kept = value / TEN if value < 10 else value / HUNDRED
        return "off", "", end + 1, 1 - kept, (Reading("percentage", kept),)
    if head == "倍":
        return "multiple", "", end + 1, value, (
            Reading("multiple", value + 1), Reading("multiple", value - 1),
            Reading("percentage", value), Reading("percentage", value - 1), *plain(value + 1),
        )  # fmt: skip
    if head == "番" and start and text[start - 1] in "翻了":
        times = TWO**value if value < 20 else value
        return (
            "multiple",
            "",
            end + 1,
            times,
            (Reading("percentage", times), Reading("percentage", times - 1)),
        )
    if stripped.startswith(("世纪", "个世纪")):
        stop = end + stripped.index("纪") + 1
        return (
            COUNT,
            "",
            stop,
            value,
            (
                Reading("year", HUNDRED * (value - 1)),
                *plain(HUNDRED * (value - 1)),
                Reading("time", value, "century"),
            ),
        )
    half = Decimal("0.5") if _AND_A_HALF.match(stripped) else Decimal(0)
    for size in range(min(LONGEST_CHINESE, len(stripped)), 0, -1):
        unit = CHINESE.get(stripped[:size])
        if unit is None or (
            stripped[size : size + 1] in _NOT_UNIT.get(stripped[:size], "")
            and stripped[size : size + 1]
        ):
            continue
        stop = end + size
        value += half
        extra = plain(value) if half else ()
        if unit.name == "元":
            value, stop = _change(text, stop, value)
        return unit.kind, unit.name, stop, value, extra
    if half:
        return COUNT, "", end, value + half, plain(value)
    return COUNT, "", end - (len(rest) - len(stripped)), value, ()


def _change(text: str, end: int, value: Decimal) -> tuple[Decimal, int]:
    """Reads the rest of 3块5, 3元5角 and 3块5毛."""
    m = _CHANGE.match(text, end)
    if not m or (text[end - 1] == "元" and m[0][-1] not in "毛角") or value != int(value):
        return value, end
    digit = Decimal(DIGITS[m[1]]) if m[1] in DIGITS else decimal(m[1])
    return value + digit / TEN, m.end()


def demand_of(spelled: str, value: Decimal, before: str, after: str, kind: str, unit: str) -> int:
    """Says what a number in words demands: those that are mostly no numbers demand nothing."""
    if kind in ("month", "percentage", "percentage point", "money", "multiple", "off", "year"):
        if kind == "money" and unit == "jiao":
            return SMALL
        return SURE if kind not in ("multiple", "off", "money") or value > 2 else SMALL
    if kind in ("length", "area", "mass", "volume", "temperature", "power", "energy"):
        if unit == "li":
            return OFFER
        return SURE if value > 2 else SMALL
    if kind == "day":
        return SURE if value > 2 or len(spelled) > 1 else SMALL
    if kind == "time":
        if value == 4 and after.startswith("周"):
            return OFFER  # all around
        if value <= 10 or len(spelled) == 1:
            return SMALL if value > 1 or unit in ("hour", "minute", "week", "month") else OFFER
        return SURE
    if value == 1:
        return OFFER
    if _FIGURE_OF_SPEECH.search(before + spelled + after):
        return OFFER
    if len(spelled) == 1 or value in (11, 100, 1000, 10_000):
        return SMALL if before == "第" or MEASURE.match(after) else OFFER
    if value < 11:
        return OFFER
    return SURE


def _next(word: str, chars: str) -> bool:
    """True if the second character of a word is one of these."""
    return word[1:2] != "" and word[1:2] in chars

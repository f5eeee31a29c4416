"""The value of a number in Chinese characters."""

from __future__ import annotations

import functools
from decimal import Decimal

from xindaya.pairs.numbers.model import ONE, TEN, Reading, decimal, plain
from xindaya.pairs.numbers.shared import years

NUMERALS = "零〇一二两三四五六七八九十百千万亿兆廿卅"
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_TENS = {"廿": 20, "卅": 30}

# One character to one: traditional and formal forms, full-width figures and signs, and the
# traditional characters of the words around a number.
FOLD = str.maketrans(
    "０１２３４５６７８９％．，：／－＄萬億兩點個幾數餘時週號歲紀參壹贰貳叁肆伍陆陸柒捌玖拾佰仟○圓幣鎊歐韓盧頃畝噸鐘間華裡塊後雙倆層級屆進",
    "0123456789%.,:/-$万亿两点个几数余时周号岁纪参一二二三四五六六七八九十百千〇圆币镑欧韩卢顷亩吨钟间华里块后双俩层级届进",
)


@functools.lru_cache(maxsize=1 << 13)
def value_of(spelled: str) -> Decimal | None:
    """Reads a spelled number: 二十三 by value, 二〇二三 figure by figure, 三点五 with a fraction.

    Returns:
        None where it is no number: magnitudes without a figure (百, 千万), words of two figures
        (三五), empty parts.
    """
    if len(spelled) > 40:
        return None
    whole, point, fraction = spelled.partition("点")
    if point:
        value = value_of(whole)
        if value is None or not fraction or any(c not in DIGITS for c in fraction):
            return None
        return decimal(f"{int(value)}.{''.join(str(DIGITS[c]) for c in fraction)}")
    if not whole or whole[0] in "百千万亿兆":
        return None
    if all(c in DIGITS for c in whole):
        if len(whole) == 2 and "〇" not in whole and "零" not in whole:
            return None
        return decimal("".join(str(DIGITS[c]) for c in whole))
    return _by_value(whole)


def magnitude(units: str) -> Decimal:
    """Returns the value of units alone: 千万 is 10,000,000."""
    value = 1
    for unit in units:
        value *= _SMALL.get(unit) or _LARGE[unit]
    return Decimal(value)


def neighbours(spelled: str) -> tuple[Decimal, Decimal] | None:
    """Returns the two numbers that 三四十, 十七八, 七八 and 一两万 leave open; None for others."""
    if len(spelled) > 2 and all(c in DIGITS for c in spelled):
        return None
    for place in range(len(spelled) - 1):
        first, second = DIGITS.get(spelled[place], 0), DIGITS.get(spelled[place + 1], 0)
        if not first or (second != first + 1 and (first, second) != (3, 5)):
            continue
        rest, before = spelled[place + 2 :], spelled[:place]
        if (before and before[-1] in DIGITS and before[-1] not in "零〇") or (
            rest and rest[0] in DIGITS
        ):
            return None
        low, high = (value_of(before + spelled[k] + rest) for k in (place, place + 1))
        return None if low is None or high is None else (low, high)
    return None


def _by_value(spelled: str) -> Decimal:
    total = section = digit = 0
    last_unit = 1
    for char in spelled:
        if char in DIGITS:
            digit = DIGITS[char]
            last_unit = 10 if char in "零〇" else last_unit
        elif char in _TENS:
            section, digit, last_unit = section + _TENS[char], 0, 10
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit, last_unit = 0, _SMALL[char]
        else:
            large = _LARGE[char]
            part = section + digit
            # 两千万亿: a second large unit multiplies what stands before it.
            total = (
                (total + part) * large if part == 0 or large > total > 0 else total + part * large
            )
            section = digit = 0
            last_unit = large
    if digit and last_unit > 10:
        digit *= last_unit // 10  # 三百五 is 350, 一万二 is 12,000
    return Decimal(total + section + digit)


def loose_readings(spelled: str) -> tuple[Reading, ...]:
    """Returns what figures of a name (九一八, 三四五六, 九二), may mean; they answer and never ask."""
    digits = [DIGITS[c] for c in spelled if c in DIGITS]
    readings: list[Reading] = []
    if len(digits) == len(spelled) and len(digits) >= 2:
        row = "".join(map(str, digits))
        readings += plain(decimal(row))
        if len(digits) == 2:
            readings += years(row)
        if len(digits) <= 4:
            for k in range(1, len(row)):
                month, day = int(row[:k]), int(row[k:])
                if 1 <= month <= 12 and 1 <= day <= 31:
                    readings += [
                        Reading("month", Decimal(month)),
                        Reading("day", Decimal(day)),
                        *plain(day),
                    ]
    readings += plain(*digits)
    if spelled[0] == "十" and len(spelled) > 1 and (value := value_of(spelled)) is not None:
        readings += plain(value)
    elif not digits and all(c in "十百千万亿兆" for c in spelled):
        readings += plain(magnitude(spelled))
    elif (value := value_of(spelled)) is not None:
        readings += plain(value)
    return tuple(dict.fromkeys(readings)) or plain(0)


def leading(value: Decimal) -> Decimal:
    """Returns the unit in which an approximate number counts: 1000 for 3000多, 10 for 190多."""
    figures = format(value, "f").rstrip("0").rstrip(".") if value != int(value) else str(int(value))
    return TEN ** (len(figures) - len(figures.rstrip("0"))) if figures.isdigit() and value else ONE


def unit_of(spelled: str) -> Decimal:
    """Returns the unit that a spelled number ends with: 10,000 for 三万, 1 for 三十五."""
    last = spelled[-1]
    return magnitude(last) if last in "十百千万亿兆" else ONE

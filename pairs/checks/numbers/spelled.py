"""The value of a number in Chinese characters."""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
LARGE_UNITS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
TENS = {"廿": 20, "卅": 30}

# One character to one: traditional and banker's forms, full-width figures and signs.
FOLD = str.maketrans(
    "０１２３４５６７８９％．，：／－萬億兩點個幾數餘時週號歲紀參壹贰貳叁肆伍陆陸柒捌玖拾佰仟○",
    "0123456789%.,:/-万亿两点个几数余时周号岁纪参一二二三四五六六七八九十百千〇",
)


def value_of(spelled: str) -> float | None:
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
        return float(f"{int(value)}.{''.join(str(DIGITS[c]) for c in fraction)}")
    if not whole or whole[0] in "百千万亿兆":
        return None
    if all(c in DIGITS for c in whole):
        if len(whole) == 2 and "〇" not in whole and "零" not in whole:
            return None
        return float("".join(str(DIGITS[c]) for c in whole))
    return _by_value(whole)


def _by_value(spelled: str) -> float:
    total = section = digit = 0
    last_unit = 1
    for char in spelled:
        if char in DIGITS:
            digit = DIGITS[char]
            last_unit = 10 if char in "零〇" else last_unit
        elif char in TENS:
            section, digit, last_unit = section + TENS[char], 0, 10
        elif char in SMALL_UNITS:
            section += (digit or 1) * SMALL_UNITS[char]
            digit, last_unit = 0, SMALL_UNITS[char]
        else:
            large = LARGE_UNITS[char]
            part = section + digit
            # 两千万亿: a second large unit multiplies what stands before it.
            total = (
                (total + part) * large if part == 0 or large > total > 0 else total + part * large
            )
            section = digit = 0
            last_unit = large
    if digit and last_unit > 10:
        digit *= last_unit // 10  # 三百五 is 350, 一万二 is 12,000
    return float(total + section + digit)

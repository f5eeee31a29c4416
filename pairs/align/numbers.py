"""Numbers and dates in either script, as keys that are equal when the values are.

``二十届`` and ``20th`` both give ``n:20``; ``6亿`` and ``600 million`` both give ``n:600000000``;
``9月6日`` and ``September 6`` both give ``m:9`` and ``n:6``. Keys of small numbers spelled out are
marked weak (``~``), since 一 and "one" are mostly not numbers.
"""

from __future__ import annotations

from decimal import Decimal

import regex

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}

_TIME = regex.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)")
_ISO_DATE = regex.compile(r"(?<!\d)((?:19|20)\d\d)([-/.])([01]?\d)\2([0-3]?\d)(?!\d)")
_URL = regex.compile(
    r"(?:https?://|www\.)[^\s\p{Han}，。；）]+"
    r"|(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]++@[A-Za-z0-9.-]+"
)

_ZH_NUMBER = regex.compile(
    r"""(?P<arabic>(?<![\p{Latin}\d.])\d[\d,]{0,20}(?:\.\d{1,9})?+(?!\d))(?P<unit>[十百千]?[万亿兆]{0,2})(?:多|余)?
      | (?P<month>(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?=月(?!球|亮|饼)))
      | (?P<spelled>[零〇○一二两三四五六七八九十百千万亿]{1,20}(?:点[零〇一二三四五六七八九]{1,9})?)""",
    regex.VERBOSE,
)
_MONTH_NAMES = """
january jan, february feb, march mar, april apr, may, june jun, july jul, august aug,
september sept sep, october oct, november nov, december dec
"""
_EN_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split(","), 1)
    for name in names.split()
}
_SMALL_NUMBERS = """
zero, one first, two second twice, three third, four fourth, five fifth, six sixth, seven seventh,
eight eighth, nine ninth, ten tenth, eleven eleventh, twelve twelfth, thirteen thirteenth,
fourteen fourteenth, fifteen fifteenth, sixteen sixteenth, seventeen seventeenth,
eighteen eighteenth, nineteen nineteenth
"""
_TENS = """
twenty twentieth, thirty thirtieth, forty fortieth, fifty fiftieth, sixty sixtieth,
seventy seventieth, eighty eightieth, ninety ninetieth
"""
_EN_WORDS = {
    word: number for number, words in enumerate(_SMALL_NUMBERS.split(",")) for word in words.split()
} | {word: 10 * ten for ten, words in enumerate(_TENS.split(","), 2) for word in words.split()}
_EN_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "mln": 10**6, "billion": 10**9,
    "bn": 10**9, "trillion": 10**12, "k": 10**3, "m": 10**6,
}  # fmt: skip
_ZH_DAY = regex.compile(
    r"(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
)
_MONTHS = "|".join(sorted(_EN_MONTHS, key=len, reverse=True))
_EN_DAY = regex.compile(
    rf"\b({_MONTHS})\.? (\d{{1,2}})(?!\d)|(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTHS})\b",
    regex.IGNORECASE,
)
_WORDS = "|".join(sorted(_EN_WORDS, key=len, reverse=True))
_SCALES = "hundred|thousand|million|mln|billion|bn|trillion"
_EN_NUMBER = regex.compile(
    rf"""(?P<arabic>(?<![\p{{L}}\d.])\$?\d[\d,]{{0,20}}(?:\.\d{{1,9}})?+(?!\d))
            (?:(?P<ordinal>st|nd|rd|th|s)\b|[\s-]*(?P<scale>(?:{_SCALES})\b|(?<=\d)(?:k|m|bn)\b))?
      | \b(?P<spelled>(?:{_WORDS})(?:-(?:{_WORDS}))?)(?:[\s-]+(?P<times>{_SCALES})\b)?(?!\p{{L}})
      | \b(?P<month>{_MONTHS})\b""",
    regex.VERBOSE | regex.IGNORECASE,
)


def chinese_numbers(text: str) -> set[str]:
    """Returns the keys of the numbers and dates in (folded, simplified) Chinese text."""
    keys, text = _verbatim(text)
    for match in _ZH_DAY.finditer(text):
        month, day = (int(n) if n.isascii() else _read(n) or 0 for n in match.groups())
        keys |= {f"d:{month}-{day}", f"n:{day}"}
    for match in _ZH_NUMBER.finditer(text):
        if name := match["month"]:
            keys.add(f"m:{int(name) if name.isascii() else _read(name)}")
        elif match["arabic"]:
            if match["arabic"].isdigit() and _is_month(text, match.end()) and not match["unit"]:
                keys.add(f"m:{int(match['arabic'])}")
                continue
            keys.add(_key(_decimal(match["arabic"]) * _units(match["unit"])))
        elif (value := _read(match["spelled"])) is not None:
            weak = value <= 10 and len(match["spelled"]) == 1
            if not (weak and value == 1):
                keys.add(_key(Decimal(str(value)), weak=weak))
    return keys


def english_numbers(text: str) -> set[str]:
    """Returns the keys of the numbers and dates in English text."""
    keys, text = _verbatim(text)
    for match in _EN_DAY.finditer(text):
        number = _EN_MONTHS[(match[1] or match[4]).lower()]
        keys.add(f"d:{number}-{int(match[2] or match[3])}")
    for match in _EN_NUMBER.finditer(text):
        if month := match["month"]:
            # "may" and "march" are verbs unless capitalised inside a sentence or before a number.
            rest = text[match.end() : match.end() + 4].lstrip(" .,")
            sure = month[0].isupper() and (month.lower() not in ("may", "march", "mar"))
            if sure or (month[0].isupper() and (rest[:1].isdigit() or _day_before(text, match))):
                keys.add(f"m:{_EN_MONTHS[month.lower()]}")
        elif match["arabic"]:
            value = _decimal(match["arabic"].lstrip("$"))
            if match["ordinal"] == "s" and value == value.to_integral() and value >= 1900:
                value %= 100  # the 1990s: 90年代
            keys.add(_key(value * _EN_SCALES.get((match["scale"] or "").lower(), 1)))
        else:
            value = Decimal(sum(_EN_WORDS[w] for w in match["spelled"].lower().split("-")))
            if scale := match["times"]:
                keys.add(_key(value * _EN_SCALES[scale.lower()]))
            elif value != 1 or match["spelled"].lower() == "first":
                keys.add(_key(value, weak=value <= 10))
    return keys


def _verbatim(text: str) -> tuple[set[str], str]:
    """Takes out what must agree as a whole: addresses, times of day, dates in figures."""
    keys = {f"x:{m[0].lower().rstrip('/.')}" for m in _URL.finditer(text)}
    text = _URL.sub(" ", text)
    for match in _ISO_DATE.finditer(text):
        year, month, day = match[1], int(match[3]), int(match[4])
        keys |= {f"n:{year}", f"m:{month}", f"n:{day}", f"d:{month}-{day}"}
    text = _ISO_DATE.sub(" ", text)
    keys |= {f"x:{m[0]}" for m in _TIME.finditer(text)}
    return keys, _TIME.sub(" ", text)


def _day_before(text: str, match: regex.Match[str]) -> bool:
    before = text[max(0, match.start() - 10) : match.start()].rstrip()
    return before[-1:].isdigit() or before.endswith((" in", " of", "In", "since", "until", "th"))


def _is_month(text: str, end: int) -> bool:
    return text[end : end + 1] == "月"


def _decimal(figures: str) -> Decimal:
    return Decimal(figures.replace(",", "") or "0")


def _units(units: str) -> int:
    value = 1
    for unit in units:
        value *= _SMALL.get(unit) or _LARGE[unit]
    return value


def _read(spelled: str) -> int | float | None:
    """Reads a spelled Chinese number; None for magnitudes without one (百, 千万, 万一): mostly words.

    二〇二三 is read digit by digit, 二十三 by value.
    """
    if "点" in spelled:
        whole, _, fraction = spelled.partition("点")
        value = _read(whole)
        digits = "".join(str(_DIGITS[c]) for c in fraction)
        return None if value is None else float(f"{int(value)}.{digits}")
    if all(c in _DIGITS for c in spelled):
        return int("".join(str(_DIGITS[c]) for c in spelled)) if len(spelled) != 2 else None
    if spelled[0] not in _DIGITS and spelled[0] != "十":
        return None
    total = section = digit = 0
    for c in spelled:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        else:
            total = (
                (total + section + digit) * _LARGE[c]
                if c == "亿"
                else (total + (section + digit) * _LARGE[c])
            )
            section = digit = 0
    return total + section + digit


def _key(value: Decimal, *, weak: bool = False) -> str:
    number = value.normalize()
    return f"n{'~' if weak else ''}:{number:f}"

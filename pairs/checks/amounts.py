"""Amounts that lost a part: the currency became another, or the figure is gone and its sign stands alone."""

from __future__ import annotations

import functools
import re
from collections import Counter

from xindaya.pairs.checks.model import Hit, Spot, quoted
from xindaya.pairs.numbers import numerals
from xindaya.pairs.numbers.units import CHINESE, ENGLISH, FOREIGN, SIGNS

_WRITTEN = {
    **{word: unit.name for word, unit in CHINESE.items() if unit.kind == "money"},
    **{word: unit.name for word, unit in ENGLISH.items() if unit.kind == "money"},
    **SIGNS,
}
_NAMED = FOREIGN | {"CNY"}
_MONEY = re.compile(
    "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word[0].isascii() and word[-1].isalpha()
        else (rf"(?<![a-z]){re.escape(word)}" if word[0].isascii() and word[0].isalpha() else re.escape(word))
        for word in sorted(_WRITTEN, key=len, reverse=True)
        if word not in ("元", "块", "圆", "角", "毛", "毛钱", "角钱", "块钱", "won", "rm", "real", "buck", "bucks")
    )
    + r"|(?<=[\d万亿千百])元"
)  # fmt: skip
# What names a currency in Chinese; without it there is nothing to exchange.
_CHINESE_MONEY = re.compile(
    "[币幣镑鎊铢銖$€£¥]|[美港欧歐日韩韓澳加新纽紐坡]元|美金|日[圆圓]|[卢盧][布比]|令吉|法郎|RMB|CNY|EUR|[A-Z]{2}D"
)
_OPEN = {"dollar": "dollars", "元": "all", "¥": "yuan"}
_DOLLARS = frozenset({"USD", "HKD", "AUD", "CAD", "SGD", "TWD", "NZD"})


@functools.lru_cache(maxsize=1 << 12)
def _currencies(text: str) -> tuple[Counter[str], frozenset[str], dict[str, tuple[int, int]]]:
    """Returns how often each currency is named, which open words stand there, and the first places."""
    named: Counter[str] = Counter()
    places: dict[str, tuple[int, int]] = {}
    opened = set()
    for m in _MONEY.finditer(text.lower().translate(numerals.FOLD)):
        name = _WRITTEN.get(m[0], "元")
        if name in _OPEN:
            opened.add(_OPEN[name])
        elif name in _NAMED:
            named[name] += 1
            places.setdefault(name, m.span())
    return named, frozenset(opened), places


def currency(source: str, target: str, lang: str) -> Hit | None:
    """Finds a currency of the source that the target does not name, where it names another instead."""
    if not _CHINESE_MONEY.search(target if lang == "zh" else source):
        return None
    (here, open_here, from_), (there, open_there, to) = _currencies(source), _currencies(target)
    lost = [c for c in here if not there[c] and not _open_to(c, open_there)]
    gained = [c for c in there if there[c] > here[c] and not _open_to(c, open_here)]
    if not lost or not gained:
        return None
    was, became = from_[lost[0]], to[gained[0]]
    old, new = quoted(source[slice(*was)]), quoted(target[slice(*became)])
    return Hit(
        "warning",
        f"The currency {old} of the source became {new} in the target.",
        f"原文的货币{old}在译文中成了{new}。",
        (Spot("source", *was), Spot("target", *became)),
    )


def _open_to(name: str, opened: frozenset[str]) -> bool:
    """True if an open word may mean a currency: 元 any, $ any dollar, ¥ yuan and yen."""
    return (
        "all" in opened
        or ("dollars" in opened and name in _DOLLARS)
        or ("yuan" in opened and name in ("CNY", "JPY"))
    )


# Where a figure must stand and none does; the cheap look comes first.
_SIGN = {"zh": re.compile("[%％]|月日|年月|年\\d"), "en": re.compile(r"[%$€£]|\((?:Xinhua|A)")}
_GAP = {
    "zh": re.compile(
        r"(?<=\d月)日(?![常本程均])|(?<=[一-鿿，（(])(?<![零〇一二三四五六七八九十百千万萬亿億几幾数數多余餘整半点點之])[%％](?![A-Za-z\d])"
        r"|(?<=[，。；、至到于於在自])年(?=\d{1,2}月)|\d年月(?=\d)"
    ),
    "en": re.compile(
        r"(?<=[a-z] )%(?=[\s,.;)]|$)|(?:US\$|HK\$|(?<![A-Za-z])[$€£])(?=\s?(?:[mb]illion|trillion)\b|[,;)]|$)"
        r"|\b(?:January|February|March|April|June|July|August|September|October|November|December)(?=\s?\((?:Xinhua|AP|AFP)\b)"
    ),
}


def gap(source: str, target: str, lang: str) -> Hit | None:
    """Finds a sign or unit of the target whose figure is gone: 7月日, "up by %"."""
    if not _SIGN[lang].search(target):
        return None
    if not (m := _GAP[lang].search(target)) or _GAP["en" if lang == "zh" else "zh"].search(source):
        return None
    start, end = max(0, m.start() - 12), min(len(target), m.end() + 6)
    shown = quoted(target[start:end].strip())
    return Hit(
        "warning",
        f"A figure seems to be missing in the target: {shown}.",
        f"译文似乎缺了一个数字：{shown}。",
        (Spot("target", *m.span()),),
    )

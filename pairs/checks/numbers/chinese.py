"""Numbers, dates and times in Chinese text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from xindaya.pairs.checks.numbers.model import (
    OFFER,
    SMALL,
    SURE,
    Key,
    Number,
    clock,
    exact,
    figures_value,
    plain,
    short_year,
)
from xindaya.pairs.checks.numbers.shared import dates_and_times, labels, signs
from xindaya.pairs.checks.numbers.spelled import DIGITS, FOLD, LARGE_UNITS, SMALL_UNITS, value_of

_D = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_C = "零〇一二两三四五六七八九十百千万亿兆廿卅"
_S = f"[{_C}]"
_MAGNITUDE = "(?:[十百千]?[万亿兆]{1,2}(?<!兆(?=[焦瓦赫字比帕]))|[百千](?![瓦克米卡伏赫帕字]))"
_UNITS = {
    "工作日": "day", "年": "year", "月": "month", "星期": "week", "礼拜": "week", "周": "week",
    "天": "day", "日": "day", "小时": "hour", "钟头": "hour", "分钟": "minute", "秒": "second",
}  # fmt: skip
UNIT = re.compile(rf"[多余]?(?:个半|个|整)?({'|'.join(_UNITS)})(?![前初]?[历报记代级份轻薪])")
# Words after a small number that say it counts something.
_MEASURE = re.compile(
    "[多余]?(?:[个名位人家次天年月日周岁种项条件场届点号楼层级秒元块米里吨克斤亩倍所座艘架辆台部"
    "本册页章篇首支只头匹口户村县省市区国州校队班组批期轮局回遍趟代类型款套份张根道门座对双]|大|"
    "小时|分钟|季度|世纪|工作日|公里|公斤|平方|星期|礼拜|方面|分之)"
)
_NUMBER = re.compile(
    rf"""(?P<percent>[百千万]分之)(?P<percent_value>{_D}|{_S}+(?:点{_S}+)?)
      | (?P<below>{_D}|{_S}+)分之(?P<above>{_D}|{_S}+)
      | (?P<tenths>(?<![{_C}\d.])[一二两三四五六七八九\d])成(?P<rest>[一二三四五六七八九半])?
            (?![为员立本功长果就都熟语份绩分品交倍不是了天型])
      | (?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![次个天年月岁{_C}])
      | (?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?![球亮饼票嫂薪光饷牙])
      | (?P<hour>2[0-4]|[01]?\d|二?十[一二三四五六七八九]?|[一二两三四五六七八九])\s?(?P<o>[点时](?!{_S}{{3}}|期|代))
            (?:\s?(?P<minute>[0-5]?\d|{_S}+)\s?分|(?P<half>半)|(?P<quarter>[一三]刻))?
      | (?P<decade>\d0|\d{{3}}0|{_S}十)年代
      | (?P<century>\d{{1,2}}|{_S}+)世纪
      | (?P<arabic>{_D})[多余几]?(?:\s?(?P<magnitude>{_MAGNITUDE})(?P<more>(?:\d+[多余]?{_MAGNITUDE})*(?:\d{{3,}})?))?
      | (?P<spelled>{_S}+(?:点[零〇一二三四五六七八九]+)?)(?:[多余](?P<after>[万亿]))?
      | (?P<word>半|双|俩|仨|首次|首个|唯一|全天候?)""",
    re.VERBOSE,
)
_MORE = re.compile(rf"(\d+)[多余]?({_MAGNITUDE}|)")
_RANGE = re.compile(rf"\s*(?:[-—–~～至到]|——)\s*{_D}[多余]?(?P<magnitude>{_MAGNITUDE})")
_WORDS = {
    "半": (0.5, 50, 6, 30, 15),
    "双": (2,),
    "俩": (2,),
    "仨": (3,),
    "全天": (24,),
    "全天候": (24,),
    "首次": (1,),
    "首个": (1,),
}
_WEEKDAYS = {c: k for k, c in enumerate("一二三四五六日", 1)} | {"天": 7}
_LONGEST = 24  # characters of a spelled number
_PARTS = {"百": 100, "千": 1000, "万": 10_000}


@functools.lru_cache(maxsize=4096)
def chinese_numbers(text: str) -> tuple[Number, ...]:
    """Returns the numbers of a Chinese text, those first that have a form of their own."""
    text = text.translate(FOLD)
    special, rest = dates_and_times(text)
    return (*special, *signs(rest), *_scan(*labels(rest, _LIST_MARKERS)))


_LIST_MARKERS = re.compile(
    r"(?:^|(?<=[\s。；;：:，,]))[（(]?(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）、]|[.．](?!\d)|:(?!\d))"
    r"|第(?P<o>[一二三四五六七八九十]{1,2})[，,、：:]|(?P<p>[一二三四五六七八九])(?:是|则|来)(?=\S)"
)


def _scan(offered: tuple[str, ...], text: str) -> Iterator[Number]:
    for marker in offered:
        value = figures_value(marker) if marker.isdigit() else value_of(marker)
        if value is not None:
            yield Number(marker, plain(value), OFFER)
    for match in _NUMBER.finditer(text):
        groups = {k: v for k, v in match.groupdict().items() if v is not None}
        yield from _read(match, groups, text)


def _read(m: re.Match[str], g: dict[str, str], text: str) -> Iterator[Number]:
    if "percent" in g:
        figures = g["percent_value"]
        if figures.isascii() or not (loose := _loose_values(figures)):
            yield from _part(m[0], _value(figures), _PARTS[g["percent"][0]])
        else:
            yield Number(m[0], plain(*loose), OFFER)
    elif "below" in g:
        yield from _part(m[0], _value(g["above"]), _value(g["below"]))
    elif "tenths" in g:
        tenths = 10 * (_value(g["tenths"]) or 0)
        tenths += 5 if g.get("rest") == "半" else _value(g["rest"]) or 0 if "rest" in g else 0
        yield Number(m[0], plain(tenths, tenths / 100, tenths / 10), SURE if tenths > 10 else SMALL)
    elif "weekday" in g:
        yield Number(m[0], frozenset({("weekday", float(_WEEKDAYS[g["weekday"]]))}), SMALL)
    elif "month" in g:
        month = _value(g["month"]) or 0
        yield Number(m[0], plain(month) | {("month", month)}, SURE)
    elif "hour" in g:
        yield from _hour(m, g)
    elif "decade" in g:
        decade = _value(g["decade"]) or 0
        yield Number(m[0], plain(*short_year(decade), decade % 100), SURE)
    elif "century" in g:
        if (century := _value(g["century"])) is not None:
            yield Number(m[0], plain(century, 100 * (century - 1)), SURE)
    elif "arabic" in g:
        yield _arabic(m, g, text)
    elif "spelled" in g:
        yield _spelled(m, text)
    else:
        yield Number(m[0], plain(*_WORDS.get(m[0], (1,))), OFFER)


def _value(text: str) -> float | None:
    figures = text.replace(",", "")
    return figures_value(figures) if figures[:1].isdigit() and figures.isascii() else value_of(text)


def _part(text: str, above: float | None, below: float | None) -> Iterator[Number]:
    if above is not None and below:
        share = above / below
        yield Number(text, plain(above, share, 100 * share, round(100 * share)), SURE)
        yield Number(text, plain(below), OFFER)


def _hour(m: re.Match[str], g: dict[str, str]) -> Iterator[Number]:
    hour = int(_value(g["hour"]) or 0)
    minute = (
        30 if "half" in g else 15 if g.get("quarter") == "一刻" else 45 if "quarter" in g else 0
    )
    if "minute" in g:
        minute = int(_value(g["minute"]) or 0)
    keys = clock(hour, minute)
    sure = "minute" in g or (g["hour"].isdigit() and hour > 2)
    yield Number(m[0], keys | plain(hour), SURE if sure else SMALL)
    if minute:
        yield Number(m[0], plain(minute), OFFER)


def _arabic(m: re.Match[str], g: dict[str, str], text: str) -> Number:
    value = figures_value(g["arabic"])
    after = text[m.end() : m.end() + 6].lstrip()
    keys: set[Key] = set()
    if magnitude := g.get("magnitude"):
        value *= _magnitude(magnitude)
        for figures, unit in _MORE.findall(g.get("more", "")):
            part = figures_value(figures) * _magnitude(unit)
            keys |= plain(part, value)
            value += part
    elif later := _RANGE.match(text, m.end()):
        keys |= plain(value * _magnitude(later["magnitude"]))
    keys |= plain(value)
    unit = _unit(after)
    if (unit == "year" or after[:1] in "后届级") and len(g["arabic"]) == 2 and "magnitude" not in g:
        keys |= plain(*short_year(value))
    if after.startswith("倍"):
        keys |= plain(value - 1, value + 1, 100 * value)
    elif after.startswith("折"):
        keys |= plain(10 * value, 100 - 10 * value, value / 10, 100 - value)
    elif after[:1] in "毛角" and after:
        keys |= plain(10 * value)
    elif after.startswith("%"):
        keys |= plain(value / 100)
    elif "个半" in after[:2] or (after[:1] and after[1:2] == "半"):
        keys |= plain(value + 0.5)
    weight = OFFER if value < 2 and value == int(value) else SMALL if value == 2 else SURE
    return Number(m[0], frozenset(keys), weight, unit)


def _magnitude(units: str) -> float:
    value = 1
    for unit in units:
        value *= SMALL_UNITS.get(unit) or LARGE_UNITS[unit]
    return float(value)


def _spelled(m: re.Match[str], text: str) -> Number:
    spelled = m["spelled"]
    before, after = text[max(0, m.start() - 1) : m.start()], text[m.end() : m.end() + 6]
    if len(spelled) > _LONGEST:
        return Number(m[0], frozenset(), OFFER)
    value = value_of(spelled)
    loose = _loose_values(spelled)
    if value is None or loose:
        return Number(m[0], plain(*loose), OFFER)
    if m["after"]:
        value *= LARGE_UNITS[m["after"]]
    keys = set(plain(value))
    unit = _unit(after)
    if after.startswith("倍"):
        keys |= plain(value - 1, value + 1, 100 * value)
    elif after.startswith("折"):
        keys |= plain(10 * value, 100 - 10 * value, value / 10, 100 - value)
    elif after[:1] in "毛角" and after:
        keys |= plain(10 * value)
    elif after[1:2] == "半" or after.startswith("半"):
        keys |= plain(value + 0.5)
    if unit == "year" and value < 100 and value % 10 == 0:
        keys |= plain(value / 10)  # 三十年: three decades
    vague = (before in "几数好近" and before != "" and spelled[0] in SMALL_UNITS) or after[
        :1
    ] in "几"
    if vague and after[:1]:
        return Number(m[0], frozenset(keys), OFFER)
    return Number(m[0], frozenset(keys), _weight(spelled, value, before, after, unit), unit)


def _weight(spelled: str, value: float, before: str, after: str, unit: str) -> int:
    if value == 1:
        return SMALL if unit in ("hour", "minute", "week", "month") else OFFER
    if len(spelled) == 1 or value in (11, 100, 1000, 10_000):
        return SMALL if before == "第" or _MEASURE.match(after) else OFFER
    if value < 11 or all(c in DIGITS for c in spelled):
        return SURE if len(spelled) == 4 else OFFER
    return SURE


def _loose_values(spelled: str) -> tuple[float, ...]:
    """Returns what a rough number offers: 三四十 thirty or forty, 上千 a thousand, 三五 three, five."""
    if spelled[0] in "百千万亿兆":
        value = _magnitude(spelled) if all(c in "百千万亿兆" for c in spelled) else 0.0
        return (value, *(float(DIGITS[c]) for c in spelled if c in DIGITS))
    if re.fullmatch("十[一二三四五六]五", spelled):
        return (float(10 + DIGITS[spelled[1]]), 5.0)  # the Five-Year Plans
    if re.fullmatch("[一二三四五六七八九]{3,}", spelled) and spelled in "一二三四五六七八九":
        return tuple(float(DIGITS[c]) for c in spelled)
    pair = re.search("([一二两三四五六七八九])([一二三四五六七八九])(?=([十百千万亿]+)|$)", spelled)
    if not pair or (pair[3] is None and len(spelled) > 3 and spelled[0] in DIGITS):
        return ()
    if pair[3] is None and spelled[0] not in DIGITS:
        return ()
    unit = _magnitude(pair[3]) if pair[3] else 1.0
    first, second = DIGITS[pair[1]], DIGITS[pair[2]]
    joined = float("".join(str(DIGITS[c]) for c in spelled)) if pair[3] is None and all(
        c in DIGITS for c in spelled
    ) else 0.0  # fmt: skip
    return (exact(first * unit), exact(second * unit), joined)


def _unit(after: str) -> str:
    match = UNIT.match(after)
    return _UNITS[match[1]] if match else ""

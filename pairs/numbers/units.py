"""Units and currencies in both languages, and how two of a kind are converted."""

from __future__ import annotations

import re
from decimal import Decimal

from xindaya.pairs.numbers.model import COUNT, HUNDRED, ONE, Number, Reading

# unit | kind | size in the unit that the others of its kind refer to | Chinese | English.
# Exact sizes: the international yard and pound (1959), the Chinese market units (1929: 1 亩 =
# 2000/3 m², 1 斤 = 0.5 kg, 1 里 = 500 m). A year is the Gregorian mean of 365.2425 days.
_TABLE = """
km|length|1000|公里 千米|km kms kilometer kilometers kilometre kilometres kilometers kph
m|length|1|米 公尺|meter meters metre metres
cm|length|0.01|厘米 公分|cm centimeter centimeters centimetre centimetres
mm|length|0.001|毫米|mm millimeter millimeters millimetre millimetres
mile|length|1609.344|英里 英哩|mile miles mph
foot|length|0.3048|英尺|foot feet ft
inch|length|0.0254|英寸 英吋|inch inches
nautical mile|length|1852|海里 浬|nautical_mile nautical_miles
yard|length|0.9144|码|yard yards
li|length|500|华里 里|li
km²|area|1000000|平方公里 平方千米|square_kilometer square_kilometers square_kilometre square_kilometres sq_km km2 km²
m²|area|1|平方米 平米 平方公尺|square_meter square_meters square_metre square_metres sq_m sqm m2 m²
hectare|area|10000|公顷|hectare hectares
mu|area|666.6666666667|亩|mu mus
acre|area|4046.8564224|英亩|acre acres
square mile|area|2589988.110336|平方英里|square_mile square_miles
square foot|area|0.09290304|平方英尺|square_foot square_feet sq_ft
m³|volume|1|立方米 方立米|cubic_meter cubic_meters cubic_metre cubic_metres m3 m³
litre|volume|0.001|公升 升|liter liters litre litres
ml|volume|0.000001|毫升|ml milliliter milliliters millilitre millilitres
gallon|volume|0.003785411784|加仑|gallon gallons
barrel|volume|0.158987294928||barrel barrels
kg|mass|1|公斤 千克|kg kgs kilogram kilograms kilogramme kilogrammes kilo kilos
jin|mass|0.5|斤 市斤|jin catty catties
g|mass|0.001|克|gram grams gramme grammes
mg|mass|0.000001|毫克|mg milligram milligrams
tonne|mass|1000|吨 公吨|ton tons tonne tonnes metric_ton metric_tons metric_tonnes
pound|mass|0.45359237|磅|lb lbs
ounce|mass|0.028349523125|盎司|ounce ounces oz
°C|temperature|1|摄氏度 ℃ °C °c|celsius degrees_celsius degree_celsius degrees_c degrees_centigrade °c ℃ °_c
°F|temperature|1|华氏度 ℉ °F °f|fahrenheit degrees_fahrenheit degree_fahrenheit degrees_f °f ℉ °_f
W|power|1|瓦|watt watts
kW|power|1000|千瓦|kw kilowatt kilowatts
MW|power|1000000|兆瓦|mw megawatt megawatts
GW|power|1000000000|吉瓦|gw gigawatt gigawatts
kWh|energy|1|千瓦时 千瓦小时|kwh kilowatt-hour kilowatt-hours kilowatt_hour kilowatt_hours
second|time|1|秒 秒钟|second seconds sec secs
minute|time|60|分钟|minute minutes min mins
hour|time|3600|小时 钟头 个小时 个钟头 个半小时|hour hours hr hrs
day|time|86400|天 个工作日 工作日 个交易日 交易日 日 昼夜|day days working_day working_days
week|time|604800|周 星期 个星期 礼拜 个礼拜 周年#|week weeks
month|time|2629746|个月 个半月|month months
quarter|time|7889238|个季度|
year|time|31556952|年 岁 周岁 周年 年期 个年头|year years yr yrs year-old years-old
decade|time|315569520||decade decades
century|time|3155695200||century centuries
元|money|1|元 块 块钱 圆|
CNY|money|1|人民币 元人民币|yuan rmb renminbi cny yuans
jiao|money|0.1|角 毛 毛钱 角钱|jiao mao
USD|money|0|美元 美金 元美金|us_dollar us_dollars usd u.s._dollar u.s._dollars american_dollars
HKD|money|0|港元 港币 港幣 元港币 港圆|hong_kong_dollar hong_kong_dollars hkd hk_dollars
dollar|money|0||dollar dollars buck bucks
EUR|money|0|欧元|euro euros eur
GBP|money|0|英镑|pound_sterling pounds_sterling sterling gbp
JPY|money|0|日元 日圆|yen jpy japanese_yen
KRW|money|0|韩元 韩圆 韩币|won krw
RUB|money|0|卢布|ruble rubles rouble roubles
INR|money|0|卢比 印度卢比|rupee rupees inr
AUD|money|0|澳元 澳币 澳大利亚元|australian_dollar australian_dollars aud
CAD|money|0|加元 加币 加拿大元|canadian_dollar canadian_dollars cad
SGD|money|0|新元 新加坡元 坡币|singapore_dollar singapore_dollars sgd
NZD|money|0|纽元 新西兰元|new_zealand_dollars nzd
TWD|money|0|新台币 台币 新台币元 元新台币|taiwan_dollars new_taiwan_dollars twd ntd
CHF|money|0|瑞士法郎 瑞郎|swiss_franc swiss_francs chf
THB|money|0|泰铢|baht thb
MYR|money|0|令吉 林吉特|ringgit ringgits myr
"""


class Unit:
    """A row of the table."""

    __slots__ = ("kind", "name", "size")

    def __init__(self, name: str, kind: str, size: Decimal) -> None:
        self.name, self.kind, self.size = name, kind, size


UNITS: dict[str, Unit] = {}
CHINESE: dict[str, Unit] = {}
"""Chinese words for units, simplified."""
ENGLISH: dict[str, Unit] = {}
"""English words for units in small letters, of up to three words."""
for _row in _TABLE.strip().split("\n"):
    _name, _kind, _size, _zh, _en = _row.split("|")
    UNITS[_name] = _unit = Unit(_name, _kind, Decimal(_size))
    CHINESE.update(dict.fromkeys((w for w in _zh.split() if not w.endswith("#")), _unit))
    ENGLISH.update(dict.fromkeys((w.replace("_", " ") for w in _en.split()), _unit))
LONGEST_CHINESE = max(map(len, CHINESE))

# Signs and letters before an amount, in small letters.
SIGNS = {
    "us$": "USD", "usd": "USD", "u.s.$": "USD", "hk$": "HKD", "hkd": "HKD", "$": "dollar", "a$": "AUD",
    "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD", "nt$": "TWD", "nz$": "NZD", "€": "EUR", "eur": "EUR",
    "£": "GBP", "gbp": "GBP", "¥": "¥", "￥": "¥", "cn¥": "CNY", "rmb": "CNY", "cny": "CNY", "rm": "MYR",
    "jpy": "JPY", "人民币": "CNY", "港币": "HKD", "美金": "USD", "港元": "HKD", "美元": "USD",
    "新台币": "TWD", "欧元": "EUR",
}  # fmt: skip
_DOLLARS = frozenset({"USD", "HKD", "AUD", "CAD", "SGD", "TWD", "NZD"})
FOREIGN = _DOLLARS | {"EUR", "GBP", "JPY", "KRW", "RUB", "INR", "CHF", "THB", "MYR"}
"""Currencies that nobody means by yuan."""
_CLOSE, _CLOSER = Decimal("0.1"), Decimal("0.05")
_FAHRENHEIT = Decimal("1.8"), Decimal(32)


def same_currency(one: str, other: str, *, loose: bool = False) -> bool:
    """True if two currencies may be one: ``$`` is any dollar, ``¥`` yuan or yen.

    Args:
        one: A currency.
        other: A currency.
        loose: 元 may stand for any currency: where a text is from Hong Kong, or has named another.
    """
    pair = {one, other}
    if len(pair) == 1 or pair == {"元", "CNY"}:
        return True
    if "dollar" in pair and pair & _DOLLARS:
        return True
    if "¥" in pair and pair & {"CNY", "元", "JPY"}:
        return True
    return loose and "元" in pair


def converted(one: Reading, other: Reading, number: Number) -> bool:
    """True if two values of one kind in two units are the same as far as their precision tells.

    Translators round what they convert: 5 % are allowed, and 10 % within half of the last place
    written (5公里, 3 miles).

    Args:
        one: A reading.
        other: A reading of the same kind, of `number`.
        number: The number whose precision counts.
    """
    if one.kind == "temperature":
        celsius, fahrenheit = (one, other) if one.unit == "°C" else (other, one)
        factor, zero = _FAHRENHEIT
        return abs(celsius.value * factor + zero - fahrenheit.value) <= Decimal("1.1")
    size, other_size = UNITS[one.unit].size, UNITS[other.unit].size
    if not size or not other_size:
        return False
    expected = one.value * size / other_size
    distance = abs(expected - other.value)
    if distance <= _CLOSER * expected:
        return True
    return distance <= _CLOSE * expected and 2 * distance <= number.step


AFTER = re.compile(
    r"[\s-]?(%|‰|°\s?[cf]\b|℃|℉|[a-z][a-z.²³]*(?:(?<=m)[23]\b)?)((?:[\s-][a-z][a-z.]*)?)((?:[\s-][a-z]+)?)"
)
_FILLERS = frozenset(
    [
        "working",
        "calendar",
        "full",
        "consecutive",
        "straight",
        "solid",
        "whole",
        "more",
        "other",
        "additional",
        "us",
        "american",
        "chinese",
        "trading",
        "business",
        "long",
        "short",
        "of",
        "square",
        "cubic",
        "metric",
        "nautical",
        "hong",
        "new",
        "singapore",
        "canadian",
        "australian",
        "standard",
    ]
)


_OF_A_POINT = re.compile(r"\sof\sa\s(?:percentage|percent)\spoint")


def unit_after(lower: str, end: int) -> tuple[str, str, int, Decimal, tuple[Reading, ...]]:
    """Says what a number counts: kind, unit, where the unit ends, factor, further readings a unit."""
    m = AFTER.match(lower, end)
    if not m:
        return COUNT, "", end, ONE, ()
    first, second, third = m[1].rstrip("."), m[2][1:].rstrip("."), m[3][1:]
    ends = [m.start(k) + len(m[k].rstrip(".")) for k in (1, 2, 3)]
    if (
        first == "%"
        or first in ("percent", "percentage", "pct")
        or (first == "per" and second in ("cent", "mille", "mill"))
        or first == "‰"
    ):
        below = Decimal(1000) if first == "‰" or second.startswith("mill") else HUNDRED
        if (
            second.startswith("point")
            or (third.startswith("point") and first == "per")
            or (first == "%" and m[2][:1] != "-" and second in ("pt", "pts"))
        ):
            return "percentage point", "", ends[1], ONE / below, ()
        stop = ends[1] if first == "per" else ends[0]
        following = lower[stop : stop + 12].lstrip(" -")
        if following.startswith(("off", "discount", "cheaper", "reduction")):
            return "off", "", stop, ONE / below, ()
        return "percentage", "", stop, ONE / below, ()
    if first == "basis" and second.startswith("point"):
        return "percentage point", "", ends[1], ONE / Decimal(10000), (Reading(COUNT, ONE),)
    if first in ("point", "points"):
        return COUNT, "", ends[0], ONE, (Reading("percentage point", ONE / HUNDRED),)
    if first == "of" and (point := _OF_A_POINT.match(lower, end)):
        return "percentage point", "", point.end(), ONE / HUNDRED, ()
    if first in ("times", "fold"):
        return "multiple", "", ends[0], ONE, (Reading("percentage", ONE),)
    if first in ("cents", "cent"):
        return (
            "money",
            "jiao",
            ends[0],
            Decimal("0.1"),
            (Reading("money", Decimal("0.01"), "dollar"),),
        )
    if first == "pounds" or first == "pound":
        return "money", "GBP", ends[0], ONE, (Reading("mass", ONE, "pound"),)
    if first in ("in", "to", "and", "or", "min") and (first != "min" or second):
        return COUNT, "", end, ONE, ()
    words = [w for w in (first, second, third) if w]
    for size in range(len(words), 0, -1):
        if unit := ENGLISH.get(" ".join(words[:size])):
            return unit.kind, unit.name, ends[size - 1], ONE, ()
    if first in _FILLERS and len(words) > 1:
        for size in range(len(words), 1, -1):
            if unit := ENGLISH.get(" ".join(words[1:size])):
                return unit.kind, unit.name, ends[size - 1], ONE, ()
        if unit := ENGLISH.get(words[-1]) if words[1] in _FILLERS else None:
            return unit.kind, unit.name, ends[2], ONE, ()
    if first == "c" or first == "f":
        return "temperature", f"°{first.upper()}", ends[0], ONE, ()
    return COUNT, "", end, ONE, ()

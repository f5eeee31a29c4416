"""What a number in a text is: where it stands, what it may mean, how exact it is."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import NamedTuple

OFFER, SMALL, SURE = 0, 1, 2
"""How much a number demands: nothing (it may be a figure of speech, and only answers a number of the
other side), a counterpart if the other side has a different number in its place, or a counterpart."""

COUNT = "count"
KINDS = (
    COUNT, "ordinal", "code", "percentage", "percentage point", "off", "multiple", "year", "month", "day",
    "weekday", "clock", "time", "money", "length", "area", "volume", "mass", "temperature", "power",
    "energy",
)  # fmt: skip
"""Kinds of readings. ``code`` is the number in F-35 and 5G, ``percentage`` is any share of one (percent, per mille, fraction, 成, 折),
``off`` what is taken off a price, ``clock`` minutes after midnight, ``time`` a duration."""
MEASURES = frozenset({"time", "money", "length", "area", "volume", "mass", "power", "energy"})


class Reading(NamedTuple):
    """One thing a number may mean.

    Attributes:
        kind: One of `KINDS`.
        value: In `unit`; shares as shares of one (5 % is 0.05), times of day in minutes.
        unit: As in `units.UNITS`; empty where none is written.
    """

    kind: str
    value: Decimal
    unit: str = ""


class Number(NamedTuple):
    """One number as written.

    Attributes:
        start: Place of its first character.
        end: Place after its last character, the unit included.
        readings: All that it may mean, the likeliest first.
        demand: `OFFER`, `SMALL` or `SURE`.
        step: Value of the last place that is written (100 for 1.2 thousand): its precision.
        top: For an approximate number (30多, thirty-odd) what it stays below; otherwise 0.
    """

    start: int
    end: int
    readings: tuple[Reading, ...]
    demand: int = SURE
    step: Decimal = Decimal(1)
    top: Decimal = Decimal(0)

    @property
    def kind(self) -> str:
        """The kind of the likeliest reading."""
        return self.readings[0].kind

    @property
    def value(self) -> Decimal:
        """The value of the likeliest reading."""
        return self.readings[0].value


ZERO, ONE, TWO, TEN, HUNDRED = Decimal(0), Decimal(1), Decimal(2), Decimal(10), Decimal(100)
_LONGEST = 40  # figures; no more of them count, so that every value is finite


@functools.lru_cache(maxsize=1 << 14)
def decimal(figures: str) -> Decimal:
    """Returns the value of figures with grouping commas and a decimal point."""
    return Decimal(figures.replace(",", "")[:_LONGEST].rstrip(".") or "0")


def step_of(figures: str, scale: Decimal = ONE) -> Decimal:
    """Returns the value of the last place of figures: 0.1 for 3.5, 1 for 300."""
    point = figures.find(".")
    return scale if point < 0 else scale.scaleb(point + 1 - min(len(figures), _LONGEST))


def plain(*values: int | Decimal) -> tuple[Reading, ...]:
    """Returns readings as bare counts."""
    return tuple(Reading(COUNT, Decimal(v)) for v in values)


def share(above: Decimal, below: Decimal) -> Reading:
    """Returns a part of a whole; the value is rounded to 28 figures where it does not end."""
    return Reading("percentage", above / below if below else ZERO)


def clock(hour: int, minute: int, half: str = "") -> tuple[Reading, ...]:
    """Returns the readings of a time of day, in minutes after midnight.

    Args:
        hour: 0 to 24.
        minute: 0 to 59.
        half: ``am`` or ``pm``; empty where the text does not say it, and the other half may be
            meant if the hour allows it.
    """
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0) if hour <= 12 else hour
        return (Reading("clock", Decimal(hour % 24 * 60 + minute), "of 24"),)
    known = "of 24" if hour > 12 or hour == 0 else ""
    return (Reading("clock", Decimal(hour % 24 * 60 + minute), known),)

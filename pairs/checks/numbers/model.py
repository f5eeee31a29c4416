"""What a number in a text is: how it is written, what it may mean, how much it demands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Key = tuple[str, float]
"""A reading: ``("n", value)``, ``("month", 9)``, ``("weekday", 1)`` or ``("time", minutes)``."""

OFFER, SMALL, SURE = 0, 1, 2
"""How much a number demands: nothing (it may be a figure of speech, and only explains numbers of
the other side), a counterpart if the other side has a different number in its place, or a
counterpart."""


class Number(NamedTuple):
    """One number as written.

    Attributes:
        text: As it stands.
        keys: All that it may mean: one of them has to stand on the other side.
        weight: `OFFER`, `SMALL` or `SURE`.
        unit: ``year``, ``month``, ``week``, ``day``, ``hour``, ``minute``, ``second`` or empty.
    """

    text: str
    keys: frozenset[Key]
    weight: int
    unit: str = ""


def plain(*values: float) -> frozenset[Key]:
    """Returns the readings of plain values; equal values from different arithmetic are equal."""
    return frozenset(("n", exact(v)) for v in values)


def exact(value: float) -> float:
    """Drops the noise of binary arithmetic: 1.1 × 10⁸ is 110,000,000."""
    return float(f"{value:.15g}")


def figures_value(figures: str) -> float:
    """Returns the value of figures; no more than 40 of them count, so that it is always finite."""
    return float(figures.replace(",", "")[:40])


def keys_of(numbers: Iterable[Number]) -> frozenset[Key]:
    """Returns everything that the numbers of a text may mean."""
    return frozenset(key for number in numbers for key in number.keys)


def clock(hour: int, minute: int) -> frozenset[Key]:
    """Returns the readings of a time of day; the half of the day is often left out."""
    hours = {hour, hour % 12, hour % 12 + 12} if hour <= 24 else {hour}
    on_the_hour = plain(*hours) if minute == 0 else frozenset()
    return on_the_hour | {("time", float(hour % 12 * 60 + minute))}


def short_year(value: float) -> tuple[float, ...]:
    """Returns the years that a year of two figures may mean."""
    return (value, 1900 + value, 2000 + value) if 0 <= value < 100 else (value,)

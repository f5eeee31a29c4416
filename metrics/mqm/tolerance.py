"""How many penalty points a sample of a given size may have: in proportion, or by a curve.

Readers' tolerance does not grow in proportion to length (Gladkoff, Han, Gasova, arXiv 2511.13467):
``E(x) = a·ln(1 + b·x)`` goes through two agreed points, and a straight line through one of them is
too strict below it and too lenient above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from xindaya.pairs import UsageError

Point = tuple[float, float]
"""A sample size in units, and the penalty points tolerated there."""


class Tolerance(Protocol):
    """Tolerated penalty points by sample size."""

    def at(self, size: float) -> float:
        """Returns the points tolerated in a sample of this many units."""

    def describe(self) -> str:
        """Returns formula and parameters in one line."""

    def to_dict(self) -> dict[str, Any]:
        """Returns formula and parameters for JSON."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A fixed rate: ``E(x) = per_thousand · x / 1000``.

    Attributes:
        per_thousand: Points tolerated in 1,000 units, above 0.
    """

    per_thousand: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_thousand) and self.per_thousand > 0):
            raise UsageError(f"tolerance {self.per_thousand:g} a thousand: expected above 0")

    def at(self, size: float) -> float:
        return self.per_thousand * size / 1000

    def describe(self) -> str:
        return f"linear: E(x) = {self.per_thousand:g}·x/1000"

    def to_dict(self) -> dict[str, Any]:
        return {"model": "linear", "per_thousand": self.per_thousand}


@dataclass(frozen=True, slots=True)
class Logarithmic:
    """The curve through two points.

    Attributes:
        a: Factor, in points.
        b: Curvature, in 1/units.
        points: The points it was solved for.
    """

    a: float
    b: float
    points: tuple[Point, Point]

    def at(self, size: float) -> float:
        return self.a * math.log1p(self.b * size)

    def describe(self) -> str:
        (x1, t1), (x2, t2) = self.points
        return (
            f"non-linear: E(x) = {self.a:.6g}·ln(1 + {self.b:.6g}·x) "
            f"through ({x1:g}, {t1:g}) and ({x2:g}, {t2:g})"
        )

    def to_dict(self) -> dict[str, Any]:
        return {"model": "non-linear", "a": self.a, "b": self.b, "points": list(self.points)}


def logarithmic(first: Point, second: Point) -> Logarithmic:
    """Solves ``t2/t1 = ln(1 + b·x2) / ln(1 + b·x1)`` for b by bisection; then a follows.

    The right side falls from x2/x1 (b → 0, a straight line) to 1 (b → ∞), so there is exactly one
    solution where the ratio of the tolerances lies between.

    Raises:
        UsageError: If it does not.
    """
    (x1, t1), (x2, t2) = points = (first, second) if first[0] <= second[0] else (second, first)
    if not (all(map(math.isfinite, (x1, t1, x2, t2))) and 0 < x1 < x2 and 0 < t1 < t2
            and t2 * x1 < t1 * x2):  # fmt: skip
        raise UsageError(
            f"tolerance points ({x1:g}, {t1:g}) and ({x2:g}, {t2:g}): expected a second size that "
            "is larger, and a tolerance that grows, but less than in proportion"
        )
    ratio = t2 / t1

    def above(exponent: float) -> bool:
        b = math.exp(exponent)
        return math.log1p(b * x2) > ratio * math.log1p(b * x1)

    low, high = -math.log(x2) - 40, 700 - math.log(x2)
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if above(middle) else (low, middle)
    b = math.exp(low)
    return Logarithmic(t1 / math.log1p(b * x1), b, points)

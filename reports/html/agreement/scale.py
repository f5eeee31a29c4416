"""The frame of a chart with two axes: the better end is always right and up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.reports.html.charts import ticks
from xindaya.reports.html.visible import plain

WIDTH, HEIGHT = 460, 380
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 10, 44


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        worst: Value at the left or at the bottom.
        best: Value at the right or at the top.
        start: Where the worst value lies, in pixels.
        end: Where the best value lies.
    """

    worst: float
    best: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Returns the place of a value, within the axis."""
        share = (value - self.worst) / (self.best - self.worst)
        return round(self.start + (self.end - self.start) * min(1.0, max(0.0, share)), 1)

    def ticks(self) -> list[float]:
        """Returns round values along the axis."""
        return ticks(min(self.worst, self.best), max(self.worst, self.best), 6)


def horizontal(values: Sequence[float], higher_is_better: bool, margin: float = 0.06) -> Axis:
    """Returns the axis of a metric."""
    return _axis(values, higher_is_better, margin, LEFT, WIDTH - RIGHT)


def vertical(values: Sequence[float], higher_is_better: bool, margin: float = 0.06) -> Axis:
    """Returns the axis of people."""
    return _axis(values, higher_is_better, margin, HEIGHT - BOTTOM, TOP)


def frame(x: Axis, y: Axis, names: tuple[str, str]) -> Markup:
    """Draws grid, ticks and the names of the axes; an arrow says which way is better."""
    right, low = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        Markup(
            '<line class="grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
            '<text class="tick" x="{0}" y="{3}" text-anchor="middle">{4}</text>'
        ).format(x.at(t), TOP, low, low + 15, f"{t:g}")
        for t in x.ticks()
    ]
    parts += [
        Markup(
            '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text class="tick" x="{3}" y="{4}" text-anchor="end">{5}</text>'
        ).format(LEFT, right, y.at(t), LEFT - 6, y.at(t) + 3.5, f"{t:g}")
        for t in y.ticks()
    ]
    parts.append(
        Markup(
            '<text class="axis" x="{0}" y="{1}" text-anchor="end">{2} →</text>'
            '<text class="axis" transform="translate(11 {3}) rotate(-90)" text-anchor="end">{4} →</text>'
        ).format(right, low + 33, plain(names[0]), TOP, plain(names[1]))
    )
    return Markup("").join(parts)


def _axis(
    values: Sequence[float], higher_is_better: bool, margin: float, start: float, end: float
) -> Axis:
    low, high = min(values), max(values)
    room = margin * (high - low) if high > low else 0.5
    low, high = low - room, high + room
    return Axis(low, high, start, end) if higher_is_better else Axis(high, low, start, end)

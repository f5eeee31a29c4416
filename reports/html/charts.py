"""Small charts as inline SVG. Colours and fonts come from the style sheet, by class."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics import Interval
from xindaya.reports.figures import number
from xindaya.reports.html.visible import plain

_WIDTH, _ROW, _LABEL, _RIGHT, _AXIS = 420, 24, 132, 46, 26
_LABEL_CHARS = 18


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a dot plot.

    Attributes:
        name: Of the system.
        score: Where the dot stands.
        interval: The line through it, if known.
        mark: ``real``, ``chance``, ``baseline`` or ``plain``: shape and colour of the dot.
    """

    name: str
    score: float
    interval: Interval | None
    mark: str


def dot_plot(title: str, dots: Sequence[Dot], decimals: int) -> Markup:
    """Draws one metric: a row a system, a dot for the score, a line for its interval."""
    dots = [d for d in dots if math.isfinite(d.score)]
    low, high = _range(dots)
    height = _AXIS + _ROW * len(dots) + 6
    body = [_axis(low, high, height), _baseline(dots, low, high, height)]
    body += [_row(d, _AXIS + _ROW * k + _ROW / 2, low, high, decimals) for k, d in enumerate(dots)]
    return Markup(
        '<svg class="dots" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDTH, height, _described(title, dots, decimals), Markup("").join(body))


def ticks(low: float, high: float, at_most: int = 5, *, whole: bool = False) -> list[float]:
    """Returns round numbers between two values: steps of 1, 2 or 5 times a power of ten.

    Args:
        low: The lower end.
        high: The upper end.
        at_most: How many there are at most; more only where there would be a single one.
        whole: Only whole numbers, for counts.
    """
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / at_most))
    steps = [power * m for m in (0.5, 1, 2, 5, 10, 20)]
    steps = sorted({max(1.0, round(s)) for s in steps}) if whole else steps
    found = [_multiples(s, low, high) for s in steps]
    chosen = next((k for k, s in enumerate(steps) if (high - low) / s <= at_most), -1)
    return found[chosen - 1] if len(found[chosen]) < 2 and chosen > 0 else found[chosen]


def tick_labels(values: Sequence[float], form: str = "{}") -> list[str]:
    """Writes ticks with as many decimals as tell them apart, in `form`: ``{}`` or ``{}%``."""
    step = min((b - a for a, b in itertools.pairwise(values)), default=0.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 2
    return [form.format(number(v, decimals)) for v in values]


def widened(low: float, high: float, least: float) -> tuple[float, float]:
    """Returns a range with a margin; one of (nearly) no width is `least` wide on either side."""
    narrow = high - low < 1e-6 * max(abs(low), abs(high), 1e-300)
    margin = least if narrow else 0.06 * (high - low)
    return low - margin, high + margin


def _multiples(step: float, low: float, high: float) -> list[float]:
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def _range(dots: Sequence[Dot]) -> tuple[float, float]:
    values = [d.score for d in dots]
    values += [v for d in dots if d.interval for v in (d.interval.low, d.interval.high)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    return widened(low, high, 0.5 * abs(high) or 1.0)


def _x(value: float, low: float, high: float) -> float:
    return round(_LABEL + (_WIDTH - _LABEL - _RIGHT) * (value - low) / (high - low), 1)


def _axis(low: float, high: float, height: int) -> Markup:
    values = ticks(low, high)
    lines = [
        Markup(
            '<line class="grid" x1="{0}" x2="{0}" y1="20" y2="{1}"/>'
            '<text class="tick" x="{0}" y="13" text-anchor="middle">{2}</text>'
        ).format(_x(t, low, high), height, label)
        for t, label in zip(values, tick_labels(values), strict=True)
    ]
    return Markup("").join(lines)


def _baseline(dots: Sequence[Dot], low: float, high: float, height: int) -> Markup:
    found = next((d for d in dots if d.mark == "baseline"), None)
    if found is None:
        return Markup("")
    return Markup('<line class="base" x1="{0}" x2="{0}" y1="20" y2="{1}"/>').format(
        _x(found.score, low, high), height
    )


def _row(dot: Dot, y: float, low: float, high: float, decimals: int) -> Markup:
    label = plain(dot.name)
    short = label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…"
    line = Markup("")
    if dot.interval:
        line = Markup('<line class="range m-{0}" x1="{1}" x2="{2}" y1="{3}" y2="{3}"/>').format(
            dot.mark, _x(dot.interval.low, low, high), _x(dot.interval.high, low, high), y
        )
    return Markup(
        '<g><title>{0}: {1}</title><text class="label" x="{2}" y="{3}" text-anchor="end">{4}</text>'
        '{5}{6}<text class="value" x="{7}" y="{3}" text-anchor="end">{1}</text></g>'
    ).format(
        label, number(dot.score, decimals), _LABEL - 12, y + 4, short, line,
        _dot(dot.mark, _x(dot.score, low, high), y), _WIDTH,
    )  # fmt: skip


def _dot(mark: str, x: float, y: float) -> Markup:
    if mark == "baseline":  # a diamond: shapes, not only colours, tell the marks apart
        path = f"M{x} {y - 6}L{x + 6} {y}L{x} {y + 6}L{x - 6} {y}Z"
        return Markup('<path class="dot m-baseline" d="{}"/>').format(path)
    return Markup('<circle class="dot m-{}" cx="{}" cy="{}" r="4.5"/>').format(mark, x, y)


def mark_sample(mark: str) -> Markup:
    """Draws one mark for the legend."""
    return Markup('<svg class="sample" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(
        _dot(mark, 8, 8)
    )


def delta_bar(delta: float, largest: float, mark: str) -> Markup:
    """Draws a difference as a bar to the left or right of a zero line."""
    half = 60
    length = round(half * abs(delta) / largest, 1) if largest else 0.0
    start = half if delta >= 0 else half - length
    return Markup(
        '<svg class="delta" viewBox="0 0 120 16" aria-hidden="true">'
        '<rect class="bar m-{}" x="{}" y="4" width="{}" height="8"/>'
        '<line class="zero" x1="60" x2="60" y1="0" y2="16"/></svg>'
    ).format(mark, start, length)


def _described(title: str, dots: Sequence[Dot], decimals: int) -> str:
    rows = "; ".join(f"{plain(d.name)} {number(d.score, decimals)}" for d in dots)
    return f"{plain(title)}: {rows}"

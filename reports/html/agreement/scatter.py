"""Scatter plots as inline SVG: systems as labelled dots, segments as squares of a density."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from xindaya.metrics.agreement import Estimate, Point
from xindaya.metrics.agreement.values import Density
from xindaya.reports.figures import number
from xindaya.reports.html.agreement.scale import (
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Axis,
    frame,
    horizontal,
    vertical,
)
from xindaya.reports.html.visible import plain

_LABEL_CHARS, _CHAR, _LINE = 18, 6.3, 12  # characters of a label; pixels of one, of a line
_Box = tuple[float, float, float, float]


def systems(
    metric: str, points: Sequence[Point], directions: tuple[bool, bool], human: str
) -> Markup:
    """Draws a dot a system with both intervals.

    Args:
        metric: Its name.
        points: The systems.
        directions: Whether a higher score is better, for the metric and for people.
        human: What the human score is called.
    """
    held = [p for p in points if p.metric.value is not None and p.human.value is not None]
    if not held:
        return Markup("")
    x = horizontal([v for p in held for v in _ends(p.metric)], directions[0])
    y = vertical([v for p in held for v in _ends(p.human)], directions[1])
    places = [(x.at(p.metric.value or 0.0), y.at(p.human.value or 0.0)) for p in held]
    names = [_short(p.system) for p in held]
    labels = [
        Markup('<text class="label" x="{}" y="{}" text-anchor="{}">{}</text>').format(*spot, name)
        for spot, name in zip(_labels(places, names), names, strict=True)
    ]
    dots = [_dot(p, x, y) for p in held]
    told = "; ".join(
        f"{plain(p.system)} {number(p.metric.value, 2)}, {number(p.human.value, 2)}" for p in held
    )
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}{}</svg>'
    ).format(
        WIDTH, HEIGHT, plain(metric), told, frame(x, y, (metric, human)), Markup("").join(dots),
        Markup("").join(labels),
    )  # fmt: skip


def density(
    metric: str, squares: Density, directions: tuple[bool, bool], human: str, title: str
) -> Markup:
    """Draws segment scores as squares, the darker the more outputs.

    Args:
        metric: Its name.
        squares: What to draw.
        directions: Whether a higher score is better, for the metric and for people.
        human: What the human score is called.
        title: Says what is seen, for those who do not see it.
    """
    x = horizontal(squares.metric_edges, directions[0], margin=0)
    y = vertical(squares.human_edges, directions[1], margin=0)
    most = max((cell.count for cell in squares.cells), default=1)
    body = []
    for cell in squares.cells:
        xs = sorted(x.at(squares.metric_edges[cell.metric + k]) for k in (0, 1))
        ys = sorted(y.at(squares.human_edges[cell.human + k]) for k in (0, 1))
        # The logarithm: single outputs stay visible beside the thousands without an error.
        shade = 0.12 + 0.88 * math.log1p(cell.count) / math.log1p(most)
        body.append(
            Markup(
                '<rect class="cell" x="{}" y="{}" width="{}" height="{}" fill-opacity="{}">'
                "<title>{:,}</title></rect>"
            ).format(
                xs[0], ys[0], round(xs[1] - xs[0], 1), round(ys[1] - ys[0], 1), round(shade, 2),
                cell.count,
            )
        )  # fmt: skip
    return Markup(
        '<svg class="scatter" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>'
    ).format(
        WIDTH, HEIGHT, plain(title), frame(x, y, (metric, human)), Markup("").join(body)
    )  # fmt: skip


def share_bar(share: float | None) -> Markup:
    """Draws a share as a bar with a mark at one half, the share of guessing."""
    if share is None:
        return Markup("")
    return Markup(
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" width="100" height="8"/><rect class="held" width="{}" height="8"/>'
        '<line class="half" x1="50" x2="50" y1="0" y2="8"/></svg>'
    ).format(round(100 * share, 1))


def _ends(estimate: Estimate) -> list[float]:
    return [v for v in (estimate.value, estimate.low, estimate.high) if v is not None]


def _dot(point: Point, x: Axis, y: Axis) -> Markup:
    cx, cy = x.at(point.metric.value or 0.0), y.at(point.human.value or 0.0)
    lines = Markup("")
    if point.metric.low is not None and point.metric.high is not None:
        lines += Markup('<line class="range" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>').format(
            x.at(point.metric.low), x.at(point.metric.high), cy
        )
    if point.human.low is not None and point.human.high is not None:
        lines += Markup('<line class="range" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
            cx, y.at(point.human.low), y.at(point.human.high)
        )
    return Markup(
        '<g><title>{}: {}, {}</title>{}<circle class="dot" cx="{}" cy="{}" r="4"/></g>'
    ).format(
        plain(point.system), _told(point.metric), _told(point.human), lines, cx, cy
    )  # fmt: skip


def _told(estimate: Estimate) -> str:
    if estimate.low is None:
        return number(estimate.value, 2)
    bounds = f"{number(estimate.low, 2)} … {number(estimate.high, 2)}"
    return f"{number(estimate.value, 2)} [{bounds}]"


def _short(name: str) -> str:
    label = plain(name)
    return label if len(label) <= _LABEL_CHARS else "…" + label[1 - _LABEL_CHARS :]


def _labels(
    places: Sequence[tuple[float, float]], names: Sequence[str]
) -> list[tuple[float, float, str]]:
    """Puts each label beside its dot where it hides no dot and no label before it, if it can."""
    taken: list[_Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    spots = []
    for (x, y), name in zip(places, names, strict=True):
        options = [
            (x + shift, y + rise, anchor)
            for rise in (-7, 15, 4, -19, 27)
            for shift, anchor in ((7, "start"), (-7, "end"))
        ]
        inside = [o for o in options if _fits(_box(o, name))] or options
        spot = min(inside, key=lambda o: sum(_overlap(_box(o, name), box) for box in taken))
        taken.append(_box(spot, name))
        spots.append((round(spot[0], 1), round(spot[1], 1), spot[2]))
    return spots


def _box(spot: tuple[float, float, str], name: str) -> _Box:
    x, y, anchor = spot
    width = _CHAR * len(name)
    left = x if anchor == "start" else x - width
    return left, y - _LINE + 2, left + width, y + 2


def _fits(box: _Box) -> bool:
    return box[0] >= LEFT and box[2] <= WIDTH - RIGHT + 10 and box[1] >= TOP


def _overlap(a: _Box, b: _Box) -> float:
    """Returns the area two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)

"""A measure over the runs as lines with interval bands, one a system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from xindaya.metrics.history import Score
from xindaya.metrics.measures import COUNT, SHARE
from xindaya.metrics.trends import Trend
from xindaya.reports.figures import MINUS
from xindaya.reports.history.labels import figure, stretch_labels
from xindaya.reports.html.charts import widened
from xindaya.reports.html.history.layout import Frame, Slots, grid, rules, run_names, slots
from xindaya.reports.html.visible import plain

_WIDTH, _HEIGHT, _RIGHT = 620, 250, 124
_NAME_CHARS = 17
_APART = 14  # the least distance between two names
_SHAPES = 4
COLOURS = 8

Placed = tuple[float, Score]


def trend_chart(trend: Trend, systems: Sequence[str]) -> Markup:
    """Draws a trend.

    Args:
        trend: What to draw.
        systems: All systems of the page, so that each has one colour in all charts.
    """
    frame = _frame(trend)
    places = slots(frame, [len(s.runs) for s in trend.stretches])
    unit = trend.of.unit
    body = [
        grid(frame, places, whole=unit == COUNT, percent=unit == SHARE),
        rules(frame, places, [s.differences for s in trend.stretches]),
        run_names(frame, places, stretch_labels(trend.stretches)),
    ]
    drawn = [(n, list(_segments(trend, name, places))) for n, name in enumerate(systems)]
    body += [_band(frame, n, part) for n, parts in drawn for part in parts]
    body += [_line(frame, n, part) for n, parts in drawn for part in parts]
    body += [_points(frame, n, part) for n, parts in drawn for part in parts]
    # A line that ends in an older stretch has no name here: its leader would cross a rule that says
    # the two sides must not be compared. The legend has them all.
    latest = set(places.centres[-1]) if places.centres else set()
    body += _names(frame, [(n, p[-1][-1]) for n, p in drawn if p and p[-1][-1][0] in latest])
    return Markup(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDTH, _HEIGHT, _described(trend), Markup("").join(body))


def system_sample(number: int) -> Markup:
    """Draws the mark of a system for the legend."""
    return Markup('<svg class="sample" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(
        _mark(number, 8, 8, 4.5)
    )


def _frame(trend: Trend) -> Frame:
    scores = [s for x in trend.stretches for line in x.lines for s in line.values if s]
    values = [v for s in scores for v in (s.value, s.low, s.high) if v is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    unit = trend.of.unit
    if unit == COUNT:
        low = 0.0
    least = 0.02 if unit == SHARE else 10.0 ** (2 - trend.of.digits)
    bottom, top = widened(low, high, least)
    if unit == COUNT:
        bottom = low
    if unit == SHARE:
        top, bottom = min(top, 1.0), max(bottom, 0.0)
    return Frame(46, _WIDTH - _RIGHT, 36, _HEIGHT - 26, bottom, top)


def _segments(trend: Trend, system: str, places: Slots) -> Iterator[list[Placed]]:
    """Yields the points of a system that may be joined, stretch by stretch."""
    for stretch, centres in zip(trend.stretches, places.centres, strict=True):
        for line in stretch.lines:
            if line.system == system:
                part = [
                    (x, score)
                    for x, score in zip(centres, line.values, strict=True)
                    if score is not None and score.value is not None
                ]
                if part:
                    yield part


def _band(frame: Frame, number: int, part: Sequence[Placed]) -> Markup:
    """Draws the intervals of joined points as one area, that of a single point as a bar."""
    ends = [
        (x, frame.y(s.low), frame.y(s.high))
        for x, s in part
        if s.low is not None and s.high is not None
    ]
    if len(ends) != len(part):
        return Markup("")
    if len(ends) == 1:
        ((x, low, high),) = ends
        ends = [(x - 3, low, high), (x + 3, low, high)]
    outline = [f"{x:g} {high:g}" for x, _, high in ends]
    outline += [f"{x:g} {low:g}" for x, low, _ in reversed(ends)]
    return Markup('<path class="band {}" d="M{}Z"/>').format(_colour(number), "L".join(outline))


def _line(frame: Frame, number: int, part: Sequence[Placed]) -> Markup:
    path = "L".join(f"{x:g} {_y(frame, s):g}" for x, s in part)
    return Markup('<path class="line {}" d="M{}"/>').format(_colour(number), path)


def _points(frame: Frame, number: int, part: Sequence[Placed]) -> Markup:
    crowded = len(part) > 1 and part[1][0] - part[0][0] < 9
    return Markup("").join(
        Markup("<g><title>{}</title>{}</g>").format(
            _told(s), _mark(number, x, _y(frame, s), 2.2 if crowded else 4)
        )
        for x, s in part
    )


def _names(frame: Frame, ends: Sequence[tuple[int, Placed]]) -> list[Markup]:
    """Writes each name beside the end of its line, pushed apart where lines end together."""
    wanted = sorted((_y(frame, s), x, n, s.system) for n, (x, s) in ends)
    apart = min(_APART, (frame.bottom - frame.top) / max(1, len(wanted) - 1))
    heights: list[float] = []
    for k, (y, *_) in enumerate(wanted):  # room is left above and below for the others
        highest, lowest = frame.top + k * apart, frame.bottom - (len(wanted) - 1 - k) * apart
        heights.append(max(min(y, lowest), highest, heights[-1] + apart if heights else 0.0))
    edge = max((x for _, x, *_ in wanted), default=0.0) + 14
    return [
        Markup(
            '<path class="lead {0}" d="M{1} {2}L{3} {4}"/>'
            '<text class="who {0}" x="{5}" y="{6}">{7}</text>'
        ).format(
            _colour(n), x + 6, y, edge - 2, round(h, 1), edge + 2, round(h + 4, 1),
            _short(name),
        )
        for (y, x, n, name), h in zip(wanted, heights, strict=True)
    ]  # fmt: skip


def _mark(number: int, x: float, y: float, r: float) -> Markup:
    """Draws a point; shapes tell systems apart where colours do not."""
    shape = number % _SHAPES
    if shape == 0:
        return Markup('<circle class="mark {}" cx="{}" cy="{}" r="{}"/>').format(
            _colour(number), x, y, r
        )
    corners = {
        1: ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        2: ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
        3: ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    }[shape]
    path = "L".join(f"{round(x + r * dx, 2):g} {round(y + r * dy, 2):g}" for dx, dy in corners)
    return Markup('<path class="mark {}" d="M{}Z"/>').format(_colour(number), path)


def _colour(number: int) -> str:
    return f"c{number % COLOURS}"


def _y(frame: Frame, score: Score) -> float:
    assert score.value is not None
    return frame.y(score.value)


def _short(name: str) -> str:
    label = plain(name)
    return label if len(label) <= _NAME_CHARS else label[: _NAME_CHARS - 1] + "…"


def _told(score: Score) -> str:
    text = f"{plain(score.system)}: {figure(score.of, score.value, 2)}"
    if score.low is not None and score.high is not None:
        text += f" ({figure(score.of, score.low, 2)} – {figure(score.of, score.high, 2)})"
    return text.replace("-", MINUS) if score.value is not None and score.value < 0 else text


def _described(trend: Trend) -> str:
    """Says in words what the chart shows: the ends of every line."""
    said = [
        f"{plain(line.system)} {figure(trend.of, ends[0], 2)} → {figure(trend.of, ends[-1], 2)}"
        for stretch in trend.stretches
        for line in stretch.lines
        if (ends := [s.value for s in line.values if s is not None])
    ]
    return f"{trend.measure}: {'; '.join(said)}"

"""The pictures of a comparison, as inline SVG; colours come from the style sheet, by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.reports.figures import number, signed
from xindaya.reports.html.charts import tick_labels, ticks, widened
from xindaya.reports.html.visible import plain

_WIDTH, _ROW, _LABEL, _RIGHT, _AXIS = 460, 26, 132, 62, 26
_LABEL_CHARS = 18
_STRIP_WIDTH, _STRIP_HEIGHT, _MOST_POINTS = 720, 84, 400
_BAR_WIDTH, _BAR_HEIGHT = 220, 14


@dataclass(frozen=True, slots=True)
class Ends:
    """One row of a dumbbell plot.

    Attributes:
        name: Of the system.
        before: Score before.
        after: Score after.
        interval: Of the change, added to the score before; None where there is none.
        outcome: What became of the score; decides colour and fill of the dot.
    """

    name: str
    before: float
    after: float
    interval: tuple[float, float] | None
    outcome: str


def dumbbells(title: str, rows: Sequence[Ends]) -> Markup:
    """Draws one metric: a row a system, a ring for before, a dot for after."""
    values = [v for r in rows for v in (r.before, r.after, *(r.interval or ()))]
    scale = _Scale(*widened(min(values), max(values), 0.5))
    height = _AXIS + _ROW * len(rows) + 6
    values = ticks(scale.low, scale.high)
    labels = zip(values, tick_labels(values), strict=True)
    grid = [_tick(scale.x(t), label, height) for t, label in labels]
    body = [_dumbbell(r, _AXIS + _ROW * k + _ROW / 2, scale) for k, r in enumerate(rows)]
    told = "; ".join(f"{plain(r.name)} {number(r.before, 2)} → {number(r.after, 2)}" for r in rows)
    return Markup(
        '<svg class="dots" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}</svg>'
    ).format(_WIDTH, height, plain(title), told, Markup("").join([*grid, *body]))


def sample(mark: str) -> Markup:
    """Draws one mark for the legend: ``before``, ``real`` or ``chance``."""
    return Markup('<svg class="sample" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(
        Markup('<circle class="end e-{}" cx="8" cy="8" r="4.5"/>').format(mark)
    )


def strip(gains: Sequence[float], unchanged: int, largest: float) -> Markup:
    """Draws the change of every segment, sorted: losses below the line, gains above it.

    Args:
        gains: In rising order, none 0.
        unchanged: Number of segments without a change, drawn as a gap.
        largest: The largest change of all strips, so that they can be compared.
    """
    total = len(gains) + unchanged
    losses = [g for g in gains if g < 0]
    rises = [g for g in gains if g > 0]
    return Markup(
        '<svg class="strip-plot" viewBox="0 0 {0} {1}" preserveAspectRatio="none" '
        'aria-hidden="true">{2}{3}<line class="zero" x1="0" x2="{0}" y1="{4}" y2="{4}"/></svg>'
    ).format(
        _STRIP_WIDTH, _STRIP_HEIGHT,
        _area(losses, 0, total, largest, "worse"),
        _area(rises, total - len(rises), total, largest, "better"),
        _STRIP_HEIGHT / 2,
    )  # fmt: skip


def renderings(parts: Sequence[tuple[str, str, int, int]]) -> Markup:
    """Draws a term's renderings as two stacked bars, before above after.

    Args:
        parts: (text, status, count before, count after) of each rendering.
    """
    most = max(sum(p[2] for p in parts), sum(p[3] for p in parts), 1)
    bars = [
        part
        for line, side in enumerate((2, 3))
        for part in _stack([(p[0], p[1], int(p[side])) for p in parts], line, most)
    ]
    height = 2 * _BAR_HEIGHT + 4
    return Markup(
        '<svg class="renderings" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>'
    ).format(_BAR_WIDTH, height, Markup("").join(bars))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(_LABEL + (_WIDTH - _LABEL - _RIGHT) * share, 1)


def _tick(x: float, label: str, height: int) -> Markup:
    return Markup(
        '<line class="grid" x1="{0}" x2="{0}" y1="20" y2="{1}"/>'
        '<text class="tick" x="{0}" y="13" text-anchor="middle">{2}</text>'
    ).format(x, height, label)


def _dumbbell(row: Ends, y: float, scale: _Scale) -> Markup:
    label = plain(row.name)
    short = label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…"
    low, high = row.interval or (row.before, row.before)
    return Markup(
        '<g><title>{0}: {1} → {2}</title>'
        '<text class="label" x="{3}" y="{4}" text-anchor="end">{5}</text>'
        '<line class="span" x1="{6}" x2="{7}" y1="{8}" y2="{8}"/>'
        '<line class="way" x1="{9}" x2="{10}" y1="{8}" y2="{8}"/>'
        '<circle class="end e-before" cx="{9}" cy="{8}" r="4.5"/>'
        '<circle class="end e-{11}" cx="{10}" cy="{8}" r="4.5"/>'
        '<text class="value v-{11}" x="{12}" y="{4}" text-anchor="end">{13}</text></g>'
    ).format(
        label, number(row.before, 2), number(row.after, 2), _LABEL - 12, y + 4, short,
        scale.x(low), scale.x(high), y, scale.x(row.before), scale.x(row.after),
        row.outcome, _WIDTH, signed(row.after - row.before),
    )  # fmt: skip


def _area(gains: Sequence[float], start: int, total: int, largest: float, side: str) -> Markup:
    """Draws the area between the line and sorted changes, a few hundred points at most."""
    if not gains or not total:
        return Markup("")
    middle = _STRIP_HEIGHT / 2
    step = max(1, len(gains) // _MOST_POINTS)
    chosen = sorted({*range(0, len(gains), step), len(gains) - 1})

    def x(position: float) -> float:
        return round(_STRIP_WIDTH * position / total, 1)

    path = f"M{x(start)} {middle}"
    for k in chosen:
        y = round(middle - (middle - 2) * gains[k] / largest, 1)
        path += f"L{x(start + k)} {y}L{x(start + min(k + step, len(gains)))} {y}"
    path += f"L{x(start + len(gains))} {middle}Z"
    return Markup('<path class="area a-{}" d="{}"/>').format(side, path)


def _stack(parts: Sequence[tuple[str, str, int]], line: int, most: int) -> Iterator[Markup]:
    x, y = 0.0, line * (_BAR_HEIGHT + 4)
    for text, status, count in parts:
        if not count:
            continue
        width = round(_BAR_WIDTH * count / most, 1)
        yield Markup(
            '<g><title>{}: {}</title><rect class="r-{}" x="{}" y="{}" width="{}" height="{}"/></g>'
        ).format(plain(text), count, status, x, y, max(1.0, width - 1), _BAR_HEIGHT)
        x += width

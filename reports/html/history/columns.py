"""The renderings of a term over the runs as stacked columns, one picture a system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics.trends import Renderings, TermTrend
from xindaya.reports.history.labels import stretch_labels
from xindaya.reports.html.history.layout import Frame, Slots, grid, letter, rules, run_names, slots
from xindaya.reports.html.visible import plain

_WIDTH, _HEIGHT = 400, 210
_RANKS = ("preferred", "admitted", "deprecated", "other-concept", "unlisted", "forbidden")
_UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Shade:
    """How one rendering is drawn in all columns of a term.

    Attributes:
        text: The rendering; empty for occurrences without one.
        status: Its status, which gives the colour.
        letter: What stands in the column.
        tone: 0, 1 or 2: tells renderings with the same status apart.
        count: In all runs and systems.
    """

    text: str
    status: str
    letter: str
    tone: int
    count: int


def shades_of(trend: TermTrend) -> list[Shade]:
    """Orders the renderings of a term: allowed ones at the bottom, then by how often."""
    counts: dict[tuple[str, str], int] = {}
    for value in _values(trend):
        for r in value:
            counts[r.text, r.status] = counts.get((r.text, r.status), 0) + r.count
    ranks = {status: n for n, status in enumerate((*_RANKS, _UNRESOLVED))}
    order = sorted(counts, key=lambda k: (ranks.get(k[1], len(_RANKS) - 1), -counts[k], k))
    tones: dict[str, int] = {}
    shades = []
    for n, (text, status) in enumerate(order):
        tones[status] = tones.get(status, -1) + 1
        own = "–" if status == _UNRESOLVED else letter(n)
        shades.append(Shade(text, status, own, tones[status] % 3, counts[text, status]))
    return shades


def term_chart(trend: TermTrend, system: str, shades: Sequence[Shade]) -> Markup:
    """Draws the columns of one system."""
    largest = max((sum(r.count for r in v) for v in _values(trend)), default=1)
    frame = Frame(34, _WIDTH - 14, 32, _HEIGHT - 24, 0, 1.04 * largest)
    places = slots(frame, [len(s.runs) for s in trend.stretches])
    labels = stretch_labels(trend.stretches)
    body = [
        grid(frame, places, whole=True),
        rules(frame, places, [s.differences for s in trend.stretches]),
        run_names(frame, places, labels),
    ]
    for stretch, centres, names in zip(trend.stretches, places.centres, labels, strict=True):
        line = next((x for x in stretch.lines if x.system == system), None)
        values = line.values if line else (None,) * len(centres)
        stacks = [None if v is None else _stack(frame, v, shades) for v in values]
        body.append(_flows(places, centres, stacks, shades))
        body += [
            _column(places, x, stack, shades, label)
            for x, stack, label in zip(centres, stacks, names, strict=True)
            if stack is not None
        ]
    return Markup(
        '<svg class="renderings" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDTH, _HEIGHT, f"{plain(trend.term)}, {plain(system)}", Markup("").join(body))


Stack = list[tuple[float, float, int]]
"""For each shade its upper and lower end and its count."""


def _stack(frame: Frame, value: Renderings, shades: Sequence[Shade]) -> Stack:
    counts = {(r.text, r.status): r.count for r in value}
    stack, below = [], 0
    for shade in shades:
        count = counts.get((shade.text, shade.status), 0)
        stack.append((frame.y(below + count), frame.y(below), count))
        below += count
    return stack


def _column(places: Slots, x: float, stack: Stack, shades: Sequence[Shade], when: str) -> Markup:
    half = _half(places)
    parts = []
    for shade, (top, bottom, count) in zip(shades, stack, strict=True):
        if not count:
            continue
        words = Markup("")
        if bottom - top >= 11 and half >= 6:
            words = Markup(
                '<text class="in {}" x="{}" y="{}" text-anchor="middle">{}</text>'
            ).format(_class(shade), x, round((top + bottom) / 2 + 4, 1), shade.letter)
        told = f"{plain(when)}: {plain(shade.text) or shade.status} ({shade.status}) ×{count}"
        parts.append(
            Markup(
                '<g><title>{}</title><rect class="cell {}" x="{}" y="{}" width="{}" height="{}"/>'
                "{}</g>"
            ).format(
                told, _class(shade), round(x - half, 1), round(top + 0.5, 1), round(2 * half, 1),
                round(max(bottom - top - 1, 0.6), 1), words,
            )
        )  # fmt: skip
    return Markup("").join(parts)


def _flows(
    places: Slots, centres: Sequence[float], stacks: Sequence[Stack | None], shades: Sequence[Shade]
) -> Markup:
    """Joins equal renderings of neighbouring columns, so that the eye sees what takes whose place."""
    half = _half(places)
    parts = []
    for n in range(1, len(centres)):
        before, after = stacks[n - 1], stacks[n]
        if before is None or after is None:
            continue
        for shade, (top, bottom, had), (new_top, new_bottom, has) in zip(
            shades, before, after, strict=True
        ):
            if had or has:
                left, right = round(centres[n - 1] + half, 1), round(centres[n] - half, 1)
                parts.append(
                    Markup('<path class="flow {}" d="M{} {}L{} {}L{} {}L{} {}Z"/>').format(
                        _class(shade), left, top, right, new_top, right, new_bottom, left, bottom
                    )
                )
    return Markup("").join(parts)


def _values(trend: TermTrend) -> list[Renderings]:
    return [v for s in trend.stretches for line in s.lines for v in line.values if v is not None]


def _half(places: Slots) -> float:
    return min(26.0, 0.32 * places.width)


def _class(shade: Shade) -> str:
    return f"f-{shade.status} tone{shade.tone}"

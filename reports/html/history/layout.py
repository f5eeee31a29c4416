"""Where things stand in a chart over runs: one slot a run, a gap and a rule between stretches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from rich.cells import cell_len

from xindaya.metrics.trends import Difference
from xindaya.reports.html.charts import tick_labels, ticks
from xindaya.reports.html.strings import LANGUAGES, PAGE
from xindaya.reports.html.visible import plain

_GAP = 0.7  # of a slot, between two stretches
_APART = 6  # the least distance between two labels of runs
_LETTER = 6.2  # the width of a letter of a label or heading


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of a chart.

    Attributes:
        left: Where the first slot begins.
        right: Where the last slot may end.
        top: Of the drawing.
        bottom: Of the drawing; labels of runs stand below it.
        low: Value at the bottom.
        high: Value at the top.
    """

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        """Returns where a value stands."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - self.top), 1)


@dataclass(frozen=True, slots=True)
class Slots:
    """Where runs stand.

    Attributes:
        width: Of a slot.
        centres: Of the runs of each stretch.
        end: Where the last slot ends.
    """

    width: float
    centres: tuple[tuple[float, ...], ...]
    end: float


def slots(frame: Frame, sizes: Sequence[int]) -> Slots:
    """Gives every run of stretches of these sizes a slot."""
    units = sum(sizes) + _GAP * (len(sizes) - 1)
    width = (frame.right - frame.left) / max(1.0, units)
    centres, start = [], frame.left
    for size in sizes:
        centres.append(tuple(round(start + (n + 0.5) * width, 1) for n in range(size)))
        start += (size + _GAP) * width
    return Slots(width, tuple(centres), round(start - _GAP * width, 1))


def grid(frame: Frame, places: Slots, *, whole: bool = False, percent: bool = False) -> Markup:
    """Draws a line for each round value, with the value at its left.

    Args:
        frame: The area of the chart.
        places: Where runs stand.
        whole: Whether values are counts.
        percent: Whether values are shares, to be written in per cent.
    """
    values = ticks(frame.low, frame.high, 4, whole=whole)
    labels = tick_labels([100 * t for t in values], "{}%") if percent else tick_labels(values)
    return Markup("").join(
        Markup(
            '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text class="tick" x="{3}" y="{4}" text-anchor="end">{5}</text>'
        ).format(frame.left, places.end, frame.y(t), frame.left - 8, frame.y(t) + 3.5, label)
        for t, label in zip(values, labels, strict=True)
    )


def run_names(frame: Frame, places: Slots, labels: Sequence[Sequence[str]]) -> Markup:
    """Writes labels or dates below the runs, as many as find room."""
    parts: list[Markup] = []
    end = 0.0
    for centres, texts in zip(places.centres, labels, strict=True):
        for x, text in zip(centres, texts, strict=True):
            half = cell_len(text) * _LETTER / 2
            if x - half >= end:
                end = x + half + _APART
                parts.append(
                    Markup(
                        '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>'
                    ).format(x, frame.bottom + 16, plain(text))
                )
    return Markup("").join(parts)


def rules(frame: Frame, places: Slots, changes: Sequence[Sequence[Difference]]) -> Markup:
    """Draws a rule before every stretch but the first, and says what changes there."""
    parts = []
    for n in range(1, len(places.centres)):
        x = round(places.centres[n][0] - (0.5 + _GAP / 2) * places.width, 1)
        after = places.centres[n + 1][0] if n + 1 < len(places.centres) else frame.right
        parts.append(
            Markup('<line class="break" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
                x, frame.top - 22, frame.bottom
            )
        )
        parts += _heading(letter(n), changes[n], x + 6, frame.top - 12, after - x - 12)
    if len(places.centres) > 1:
        parts += _heading(letter(0), (), frame.left, frame.top - 12, 0)
    return Markup("").join(parts)


def letter(number: int) -> str:
    """Returns the letter that stands for a stretch or a rendering."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def words(key: str) -> Iterator[tuple[str, str]]:
    """Yields each language and what it says."""
    for lang in LANGUAGES:
        yield lang, PAGE[lang][key]


def _heading(
    own: str, changes: Sequence[Difference], x: float, y: float, room: float
) -> Iterator[Markup]:
    """Writes a letter, and what changes where there is room for it."""
    yield Markup('<text class="stretch" x="{}" y="{}">{}</text>').format(x, y, own)
    keys = dict.fromkeys(f"his_new_{d.what}" for d in changes)
    for lang in LANGUAGES:
        joint = "、" if lang == "zh" else ", "
        said = joint.join(PAGE[lang][key] for key in keys)
        size = 2 * _LETTER if lang == "zh" else _LETTER
        if said and len(said) * size < room - 14:
            yield Markup('<text class="tick t-{0}" lang="{0}" x="{1}" y="{2}">{3}</text>').format(
                lang, x + 14, y, said
            )

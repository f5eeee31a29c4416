"""How far each measure is to be trusted, as rows of cells and sentences, for every view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xindaya.metrics.trust import OUTPUTS, SYSTEMS, TEXTS, Trust
from xindaya.reports.figures import MINUS

LEVELS = (SYSTEMS, TEXTS, OUTPUTS)
HEADS = ("Measure", "Orders systems", "Segments across texts", "Outputs of one segment")
EXPLAINED = (
    "pairwise accuracy of systems, Pearson over all segments, Kendall's tau within a segment; in "
    "brackets 95 % bootstrap intervals, then the line of chance"
)


class Row(NamedTuple):
    """A measure beside one file of human scores, with one figure a level."""

    name: str
    cells: tuple[Trust | None, ...]

    @property
    def texts(self) -> list[str]:
        """The row as text."""
        return [self.name, *map(cell, self.cells)]


def rows(trust: Sequence[Trust]) -> list[Row]:
    """Returns a row a measure and file of human scores, one cell a level."""
    found: dict[tuple[str, str], dict[str, Trust]] = {}
    for one in trust:
        found.setdefault((one.measure, one.file), {})[one.level] = one
    several = len({file for _, file in found}) > 1
    return [
        Row(f"{measure}, {file}" if several else measure, tuple(map(own.get, LEVELS)))
        for (measure, file), own in found.items()
    ]


def cell(one: Trust | None) -> str:
    """Returns ``0.83 [0.61, 0.95] (0.5)``, with doubts in words; a dash where nothing is known."""
    if one is None or one.value is None:
        return "–"
    text = _number(one.value)
    if one.low is not None and one.high is not None:
        text += f" [{_number(one.low)}, {_number(one.high)}]"
    if one.chance is not None:
        doubt = "below chance" if one.below_chance else one.verdict
        doubt = "" if doubt == "better" else doubt
        text += f" (chance {_number(one.chance)}{', ' if doubt else ''}{doubt})"
    return text


def warnings(trust: Iterable[Trust]) -> list[str]:
    """Says which measures must not be used to rank systems, and why."""
    return [
        f"Do not rank systems with {one.measure}: within segments it is below chance "
        f"({one.statistic} {_number(one.value or 0.0)}, chance {_number(one.chance or 0.0)}, {one.file})"
        for one in below(trust)
    ]


def below(trust: Iterable[Trust]) -> list[Trust]:
    """Returns the figures of measures that order the outputs of a segment worse than chance."""
    return [one for one in trust if one.level == OUTPUTS and one.below_chance]


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", MINUS)

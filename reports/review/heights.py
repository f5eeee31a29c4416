"""Row heights for wrapped text: spreadsheets do not all find them by themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LINE = 15.0  # points
TALLEST = 405.0  # a row holds no more than 409


def height(cells: Iterable[tuple[str, float]]) -> float:
    """Returns the height of a row in points.

    Args:
        cells: Text and width in characters of each cell.
    """
    most = max((lines(text, width) for text, width in cells), default=1)
    return min(TALLEST, LINE * most)


def lines(text: str, width: float) -> int:
    """Estimates how many lines a wrapped text takes; a Chinese character is two wide."""
    total = 0
    for line in text.split("\n"):
        # Beyond this a row is as tall as it can be.
        wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line[:5000])
        # Letters are narrower than digits, of which a width is a number; but words are not cut.
        total += 1 + int((len(line) + wide) * 0.92 // width)
    return total

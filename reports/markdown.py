"""Markdown in which a foreign text stays text."""

from __future__ import annotations

from collections.abc import Sequence

from xindaya.pairs.errors import ascii_controls

_SIGNS = "\\`*_[]<>|#~&$"


def escape(text: str) -> str:
    """Makes text safe inside a Markdown table cell.

    An ``@`` is kept apart from what follows it, or a pull request would notify whoever is named.
    """
    shown = ascii_controls(text)
    for char in _SIGNS:
        shown = shown.replace(char, "\\" + char)
    return shown.replace("@", "@<!-- -->")


def row(cells: Sequence[str]) -> str:
    """Returns a row of a table."""
    return "| " + " | ".join(cells) + " |"


def head(cells: Sequence[str], numbers: int) -> list[str]:
    """Returns the heading of a table, the last columns set to the right as numbers are."""
    rule = ["---"] * (len(cells) - numbers) + ["---:"] * numbers
    return [row(cells), row(rule)]

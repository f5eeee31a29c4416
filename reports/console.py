"""Tables and paragraphs as console text; every text view is printed here."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.pairs.errors import ascii_controls

UNLIMITED = 10_000
"""Columns that no table needs."""


class PlainTable(Table):
    """A table without lines, its headings bold."""

    def __init__(self) -> None:
        super().__init__(box=None, pad_edge=False, show_edge=False, header_style="bold")


class NumberTable(PlainTable):
    """A table that is never squeezed: one that is too wide runs over the edge, numbers whole.

    Args:
        names: Headings of the first columns, set to the left.
        numbers: Headings of the others, set to the right.
    """

    def __init__(self, names: Iterable[str], numbers: Iterable[str] = ()) -> None:
        super().__init__()
        for name in names:
            self.add_column(safe(name), no_wrap=True)
        for number in numbers:
            self.add_column(safe(number), no_wrap=True, justify="right")


def safe(text: str, style: str = "") -> Text:
    """Returns untrusted text to print: no markup in it is meant, no control gets through."""
    return Text(ascii_controls(text), style=style)


def printed(parts: Iterable[RenderableType], *, width: int, colour: bool) -> str:
    """Returns parts as text, one below the other, without blanks at line ends.

    Args:
        parts: What rich can print; a `str` is markup of ours.
        width: Columns of the terminal.
        colour: Emit terminal colours.
    """
    buffer = io.StringIO()
    for part in parts:
        columns = UNLIMITED if isinstance(part, NumberTable) else width
        Console(
            file=buffer, width=columns, force_terminal=colour, no_color=not colour, highlight=False
        ).print(part)
    lines = buffer.getvalue().split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"

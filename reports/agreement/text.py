"""The console view: what the numbers say first, then the numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.metrics.agreement import AgreementReport, FileAgreement
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.agreement.tables import View, tables
from xindaya.reports.agreement.words import (
    difference_sentences,
    flag_sentences,
    opening,
    resampled,
    segment_sentences,
    system_sentences,
)

_UNLIMITED = 10_000  # columns: a table that is too wide runs over the edge, numbers whole


def agreement_to_text(report: AgreementReport, *, width: int = 100, colour: bool = False) -> str:
    """Renders the report for a terminal.

    Args:
        report: What to show.
        width: Columns of the terminal.
        colour: Whether to use colours.
    """
    buffer = io.StringIO()
    for one in report.files:
        for part in _parts(report, one):
            columns = _UNLIMITED if isinstance(part, Table) else width
            console = Console(
                file=buffer, width=columns, force_terminal=colour, no_color=not colour,
                highlight=False,
            )  # fmt: skip
            console.print(part)
    for name, signature in report.signatures.items():
        buffer.write(f"{name}|{signature}\n")
    lines = buffer.getvalue().split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _parts(report: AgreementReport, one: FileAgreement) -> Iterator[RenderableType]:
    head, *rest = opening(report, one)
    yield Text(head, style="bold")
    yield from (Text(sentence) for sentence in rest)
    yield Text()
    agreement = one.agreement
    yield from (Text(sentence) for sentence in system_sentences(agreement.system_level))
    yield from (Text(sentence) for sentence in segment_sentences(agreement.segment_level))
    yield from map(Text, difference_sentences(agreement.differences))
    yield from map(Text, flag_sentences(one.flags))
    yield from (Text(sentence, style="dim") for sentence in resampled(agreement))
    for view in tables(one):
        yield Text()
        if view.title:
            yield Text(view.title, style="bold")
        yield _table(view)
        yield from (Text(note, style="dim") for note in view.notes)
    yield Text()


def _table(view: View) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for place, column in enumerate(view.header):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    for row in view.rows:
        table.add_row(*(Text(ascii_controls(cell)) for cell in row))
    return table

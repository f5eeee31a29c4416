"""The console view: what the numbers say first, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.metrics.agreement import AgreementReport, FileAgreement
from xindaya.reports.agreement.tables import View, tables
from xindaya.reports.agreement.words import (
    difference_sentences,
    flag_sentences,
    opening,
    resampled,
    segment_sentences,
    system_sentences,
)
from xindaya.reports.console import NumberTable, printed, safe


def agreement_to_text(report: AgreementReport, *, width: int = 100, colour: bool = False) -> str:
    """Renders the report for a terminal.

    Args:
        report: What to show.
        width: Columns of the terminal.
        colour: Whether to use colours.
    """
    parts = [part for one in report.files for part in _parts(report, one)]
    parts += [safe(f"{name}|{signature}") for name, signature in report.signatures.items()]
    return printed(parts, width=width, colour=colour)


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
    table = NumberTable(view.header[:1], view.header[1:])
    for row in view.rows:
        table.add_row(*map(safe, row))
    return table

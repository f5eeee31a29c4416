"""Agreement with people as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xindaya.metrics.agreement import AgreementReport, FileAgreement
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.agreement.tables import tables
from xindaya.reports.agreement.words import (
    difference_sentences,
    flag_sentences,
    opening,
    resampled,
    segment_sentences,
    system_sentences,
)


def agreement_to_markdown(report: AgreementReport) -> str:
    """Returns a section a file of human scores: sentences, then tables."""
    lines = [line for one in report.files for line in _section(report, one)]
    lines += [f"- {_escape(name)}: `{sig}`" for name, sig in report.signatures.items()]
    return "\n".join(lines) + "\n"


def _section(report: AgreementReport, one: FileAgreement) -> Iterator[str]:
    agreement = one.agreement
    yield f"### Agreement with {_escape(one.file.name)}"
    yield ""
    for sentence in (
        *opening(report, one),
        *system_sentences(agreement.system_level),
        *segment_sentences(agreement.segment_level),
        *difference_sentences(agreement.differences),
        *flag_sentences(one.flags),
        *resampled(agreement),
    ):
        yield f"- {_escape(sentence)}"
    yield ""
    for view in tables(one):
        if view.title:
            yield from (f"**{_escape(view.title)}**", "")
        yield _row(view.header)
        yield _row(["---", *["---:"] * (len(view.header) - 1)])
        yield from (_row(row) for row in view.rows)
        yield ""
        for note in view.notes:
            yield from (_escape(note), "")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_escape, cells)) + " |"


def _escape(text: str) -> str:
    """Makes text safe inside a Markdown table cell."""
    if set(text) <= set("-:"):
        return text
    shown = ascii_controls(text)
    for char in "\\`*_[]<>|#":
        shown = shown.replace(char, "\\" + char)
    return shown

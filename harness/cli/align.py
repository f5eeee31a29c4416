"""``xindaya align``: two raw documents to aligned passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command, Number
from xindaya.cli.corpora import read_terms
from xindaya.cli.options import force_option, quiet_option, termbase_option, text_options
from xindaya.cli.writing import check_place, writing
from xindaya.pairs import NothingToEvaluateError, UsageError
from xindaya.pairs.direction import NAMES
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.languages import is_doubtful
from xindaya.pairs.lines import read_lines
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.pairs.align import Bead

_LISTED = 20
"""Uncertain beads shown; the file has them all."""
_HARDLY = 0.1
"""Share of lines below which documents are no translations of each other: in WMT22's test set,
passages and their translations have 0.58 and more, passages of other documents 0.04 at most."""


@click.command(cls=Command)
@click.argument("zh", type=click.Path(path_type=Path))
@click.argument("en", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="OUT.tsv",
    help="The aligned passages: id, zh_lines, en_lines, zh, en, confidence.",
)
@click.option(
    "--unit",
    type=click.Choice(["passage", "sentence"]),
    default="passage",
    show_default=True,
    help="Align non-empty lines, or the sentences in them.",
)
@termbase_option("Use the terms of this termbase as evidence.")
@click.option(
    "--lexicon",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this dictionary in CEDICT format as evidence.",
)
@click.option(
    "--min-confidence",
    type=Number(0, 1),
    default=0.5,
    show_default=True,
    help="List the beads below this confidence.",
)
@text_options("Of both documents.", unit="line")
@force_option()
@quiet_option("No messages on stderr.")
def command(
    zh: Path,
    en: Path,
    output: Path,
    unit: str,
    terms: Path | None,
    lexicon: Path | None,
    min_confidence: float,
    encoding: str,
    max_segment_chars: int,
    force: bool,
    quiet: bool,
) -> int:
    """Align a Chinese document with its English translation.

    ZH and EN are raw text. Line numbers count non-empty lines from 1. A line without a counterpart
    (menu, date line, page number) is a row with the other side empty, which check, score and the
    other commands leave out. Rows can be corrected in any editor; nothing but white space at line
    ends and tabs inside lines is changed.

    \b
    Examples:
      xindaya align page.zh.txt page.en.txt -o page.tsv
      xindaya align report.zh.txt report.en.txt -o report.tsv --unit sentence --terms terms.tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs.align import align_documents, read_lexicon, write_alignment

    check_place(output, force=force)
    zh_lines, en_lines = (
        _document(path, encoding=encoding, max_chars=max_segment_chars) for path in (zh, en)
    )
    doubtful = [
        f"{path} holds hardly any {NAMES[lang]}"
        for lang, path, lines in (("zh", zh, zh_lines), ("en", en, en_lines))
        if is_doubtful(lang, lines)
    ]
    if len(doubtful) == 2:
        raise UsageError(
            f"{' and '.join(doubtful)}: give the Chinese document first, then the English one"
        )
    termbase = read_terms(terms, quiet=quiet) if terms else None
    words = read_lexicon(lexicon) if lexicon else None
    beads = align_documents(zh_lines, en_lines, unit=unit, termbase=termbase, lexicon=words)
    with writing(output, force=force):
        changed = write_alignment(beads, output)
    click.echo(_summary(beads), nl=False)
    uncertain = [(n, b) for n, b in enumerate(beads, 1) if b.confidence < min_confidence]
    click.echo(_list(uncertain, min_confidence), nl=False)
    if not quiet:
        for doubt in doubtful:
            click.echo(f"{doubt}: is it the right file?", err=True)
        if max(_share_aligned(beads, "zh_lines"), _share_aligned(beads, "en_lines")) < _HARDLY:
            message = "hardly anything is aligned: are the documents translations of each other?"
            click.echo(f"warning: {message}", err=True)
        if changed:
            click.echo(f"Tabs inside {counted(changed, 'row')} became spaces.", err=True)
        click.echo(f"Written: {output}", err=True)
    return 0


def _document(path: Path, *, encoding: str, max_chars: int) -> list[str]:
    lines = read_lines(path, encoding=encoding, max_chars=max_chars)
    if not any(line.strip() for line in lines):
        raise NothingToEvaluateError(f"{path}: no text in it, so there is nothing to align")
    return lines


def _summary(beads: Sequence[Bead]) -> str:
    matched = [b for b in beads if b.matched]
    single = sum(len(b.zh_lines) == len(b.en_lines) == 1 for b in matched)
    zh_alone = sum(not b.en_lines for b in beads)
    en_alone = sum(not b.zh_lines for b in beads)
    return (
        f"{counted(len(matched), 'aligned pair')}: {single} one to one, {len(matched) - single} merged\n"
        f"{zh_alone} Chinese and {en_alone} English unaligned\n"
    )


def _share_aligned(beads: Sequence[Bead], side: str) -> float:
    """Returns which part of a document's lines is aligned, as far as that is certain."""
    lines = [(bead, len(getattr(bead, side))) for bead in beads]
    aligned = sum(n * bead.confidence for bead, n in lines if bead.matched)
    return aligned / max(1, sum(n for _, n in lines))


def _list(uncertain: Sequence[tuple[int, Bead]], threshold: float) -> str:
    if not uncertain:
        return f"no bead below confidence {threshold:g}\n"
    lines = [f"{counted(len(uncertain), 'bead')} below confidence {threshold:g}, worth a look:"]
    for number, bead in uncertain[:_LISTED]:
        zh, en = ",".join(map(str, bead.zh_lines)), ",".join(map(str, bead.en_lines))
        lines.append(
            f"  {bead.confidence:.2f}  row {number}  zh {zh or '–'} = en {en or '–'}  "
            f"{_shown(bead.zh, 16)} | {_shown(bead.en, 32)}"
        )
    if len(uncertain) > _LISTED:
        lines.append(f"  … and {len(uncertain) - _LISTED} more, in the file")
    return "\n".join(lines) + "\n"


def _shown(text: str, width: int) -> str:
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return ascii_controls(cut)

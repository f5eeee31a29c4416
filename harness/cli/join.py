"""``xindaya join``: deliveries of one source as one corpus."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_left_out, show_notes
from xindaya.cli.files import named_files
from xindaya.cli.options import encoding_option, force_option, language_options, quiet_option
from xindaya.cli.writing import writing
from xindaya.pairs import UsageError
from xindaya.pairs.errors import ascii_controls

if TYPE_CHECKING:
    from xindaya.pairs import Corpus

_BREAKS = re.compile(r"[\t\r\n]")


@click.command(cls=Command)
@click.argument("deliveries", nargs=-1, required=True, metavar="[NAME=]FILE...")
@click.option("-r", "--reference", "references", multiple=True, metavar="[NAME=]FILE",
              help="A translation to compare with, not a delivery; repeatable.")  # fmt: skip
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT",
              help="A new corpus folder, or a file of any format that holds several systems.")  # fmt: skip
@click.option("--to", "kind", metavar="FORMAT", help="Format of OUT.  [default: by its ending]")
@language_options
@encoding_option("Of text files.")
@force_option()
@quiet_option("Only the list of what did not match.")
def command(
    deliveries: tuple[str, ...],
    references: tuple[str, ...],
    output: Path,
    kind: str | None,
    source_lang: str | None,
    target_lang: str | None,
    encoding: str,
    force: bool,
    quiet: bool,
) -> int:
    """Join deliveries of one source into one corpus, with one system each.

    Segments are matched by id and by source text, in any order; blanks, full and half width, and
    Simplified and Traditional make no difference. The order is that of the first file. What did not
    match is listed on stdout: whose it is, its id and its text.

    \b
    Examples:
      xindaya join acme=a.xlsx bolt=b.tmx -o corpus
      xindaya join acme=a.sdlxliff bolt=b.sdlxliff -r ref=reference.tsv -o corpus.jsonl
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.cli.convert import output_kind
    from xindaya.pairs.formats.registry import write_corpus
    from xindaya.pairs.joining import as_reference, join, read_delivery

    files = named_files(deliveries, "delivery")
    others = named_files(references, "reference")
    if twice := files.keys() & others.keys():
        raise UsageError(f"{min(twice)!r} names a delivery and a reference: name them apart")
    if len(files) + len(others) < 2:
        raise UsageError("one file: expected two or more to join")
    target = output_kind(output, kind)
    unnamed = {n for n in files if not any(a.startswith(f"{n}=") for a in deliveries)}
    notes: list[str] = []
    corpora: dict[str, Corpus] = {}
    for name, path in (files | others).items():
        corpus = read_delivery(
            path, name, own_names=name in unnamed, source_lang=source_lang, target_lang=target_lang,
            encoding=encoding, notes=notes,
        )  # fmt: skip
        corpora[name] = as_reference(corpus) if name in others else corpus
    joined, unmatched = join(corpora, name=output.stem)
    folder = target in ("folder", "text")
    with contextlib.nullcontext() if folder else writing(output, force=force):
        losses = write_corpus(joined, output, format=target, lossy=True)
    if unmatched:
        click.echo("delivery\tid\ttext")
    for row in unmatched:
        click.echo("\t".join(ascii_controls(_BREAKS.sub(" ", cell)) for cell in row))
    if not quiet:
        click.echo(f"{output}: {len(joined.segments)} segments of {', '.join(corpora)}", err=True)
        show_notes(notes)
        show_left_out(joined.left_out)
        for loss in losses:
            click.echo(ascii_controls(f"not carried over: {loss}"), err=True)
    return 0

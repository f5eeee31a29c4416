"""``xindaya terms convert``: a termbase from one format to another."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_left_out
from xindaya.cli.options import (
    force_option,
    quiet_option,
    split_option,
    termbase_format_option,
    termbase_reading_options,
)
from xindaya.cli.writing import writing
from xindaya.pairs.wording import counted


@click.command(cls=Command)
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@termbase_format_option
@click.option(
    "--to",
    "target_format",
    metavar="FORMAT",
    help="tsv, csv, xlsx, tbx, tbx-basic (what other tools import), tbx-v2 (older tools), deepl.  "
    "[default: by the ending of OUT]",
)
@split_option
@termbase_reading_options(
    "Language of the first column or the keys, where the file does not say it."
)
@force_option()
@quiet_option("Do not say what could not be carried over.")
def command(
    source: Path,
    target: Path,
    source_format: str | None,
    target_format: str | None,
    split: bool,
    source_lang: str,
    mode: str,
    force: bool,
    quiet: bool,
) -> int:
    """Convert a termbase; what is left out of IN, and what OUT cannot hold, is said on stderr.

    \b
    Examples:
      xindaya terms convert terms.tbx terms.tsv
      xindaya terms convert terms.tsv terms.tbx --to tbx-basic
      xindaya terms convert glossary.xlsx terms.tsv --split
      xindaya terms convert terms.xlsx glossary.tsv --to deepl
      xindaya terms convert full_data_2016.jsonl terms.tsv --mode random
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs import read_termbase, write_termbase
    from xindaya.pairs.errors import ascii_controls
    from xindaya.pairs.lint import split_forms

    with writing(target, force=force):
        termbase = read_termbase(source, source_lang=source_lang, format=source_format, mode=mode)
        termbase = split_forms(termbase) if split else termbase
        losses = write_termbase(termbase, target, source_lang=source_lang, format=target_format)
    if not quiet:
        terms = sum(len(c.terms) for c in termbase.concepts)
        click.echo(
            f"{target}: {counted(len(termbase.concepts), 'concept')}, {counted(terms, 'term')}",
            err=True,
        )
        show_left_out(termbase.left_out)
        for loss in losses:
            click.echo(ascii_controls(f"not carried over: {loss}"), err=True)
    return 0

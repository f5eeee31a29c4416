"""``xindaya terms scan``: documents without a source."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import read_terms
from xindaya.cli.options import encoding_option, fold_scripts_option, format_option, termbase_option
from xindaya.cli.output import screen
from xindaya.pairs import UsageError
from xindaya.pairs.direction import NAMES, language, other_language
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.languages import is_doubtful


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@termbase_option(required=True)
@click.option(
    "--lang",
    "-tl",
    "--target-lang",
    "tag",
    metavar="LANG",
    default="en",
    show_default=True,
    help="en or zh, or a variant: en-GB.",
)
@fold_scripts_option("Match Simplified and Traditional together.")
@encoding_option("Of all files.")
@format_option("text", "json")
def command(
    files: tuple[Path, ...], terms: Path, tag: str, fold_scripts: bool, encoding: str, kind: str
) -> None:
    """Count which form of each concept each of FILES uses.

    Shows where documents differ from the termbase and from each other. The distance is the
    Jensen-Shannon divergence of the two documents that are furthest apart, from 0 to 1; a star
    marks one that is unlikely to be chance (permutation test over occurrences, adjusted
    p < 0.05).
    """
    from xindaya.metrics.terminology.scan import scan
    from xindaya.pairs.lines import read_lines
    from xindaya.reports.scan import scan_to_json, scan_to_text

    lang = language(tag)
    other_language(lang)  # refuses any other
    if len({f.name for f in files}) < len(files):
        names = [str(f) for f in files]
    else:
        names = [f.name for f in files]
    if len(set(names)) < len(names):
        raise UsageError("the same file is given twice")
    termbase = read_terms(terms)
    texts = {
        name: read_lines(f, encoding=encoding, max_chars=10_000_000)
        for name, f in zip(names, files, strict=True)
    }
    for name, lines in texts.items():
        if is_doubtful(lang, lines):
            note = f"{name} holds hardly any {NAMES[lang]}: is --lang {lang} right?"
            click.echo(ascii_controls(note), err=True)
    scans = scan(texts, termbase, lang=lang, variant=tag, fold_scripts=fold_scripts)
    if kind == "json":
        click.echo(scan_to_json(scans, termbase, names), nl=False)
        return
    width, colour = screen()
    click.echo(scan_to_text(scans, names, width=width, colour=colour), nl=False)

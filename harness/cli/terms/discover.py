"""``xindaya terms discover``: terms and their renderings without a termbase."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import read_terms, read_texts
from xindaya.cli.options import (
    counts,
    encoded_for,
    force_option,
    language_options,
    quiet_option,
    termbase_option,
    translation_options,
)
from xindaya.cli.writing import check_place, writing
from xindaya.pairs import InputError, UsageError

if TYPE_CHECKING:
    from xindaya.metrics.terminology.discovery import Discovery
    from xindaya.pairs import Termbase

_VIEWS = ("text", "json", "tsv", "html")


@click.command(cls=Command)
@click.argument("pairs", type=click.Path(path_type=Path))
@language_options
@translation_options("look at")
@click.option(
    "--minimum",
    type=counts(2),
    default=3,
    show_default=True,
    metavar="N",
    help="Occurrences from which a term can be said to drift.",
)
@click.option(
    "--top",
    type=counts(),
    metavar="N",
    help="Terms listed.  [default: 20 in text, 100 in HTML, all in JSON and TSV]",
)
@click.option(
    "--term",
    "asked",
    multiple=True,
    metavar="TERM",
    help="Show this term with every place, proposed or not; repeat for several.",
)
@termbase_option(
    "Termbase: its terms are listed in any case. --promote adds to it.", metavar="TB.tsv"
)
@click.option(
    "--promote",
    "promotions",
    multiple=True,
    metavar="TERM=RENDERING:STATUS",
    help="Add a rendering as it is shown, or by its number, to the termbase; repeat for several.",
)
@click.option(
    "-f",
    "--format",
    "kind",
    type=click.Choice(_VIEWS),
    callback=encoded_for,
    help="Form of the results.  [default: by the name of FILE, else text]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the results there instead of to stdout.",
)
@force_option()
@quiet_option()
def command(pairs: Path, source_lang: str | None, target_lang: str | None, text: str | None, background: Path | None, minimum: int, top: int | None,
            asked: tuple[str, ...], terms: Path | None, promotions: tuple[str, ...], kind: str | None,
            output: Path | None, force: bool, quiet: bool) -> int:  # fmt: skip
    """Propose terms of the source of PAIRS, Chinese or English, and show how each is rendered.

    PAIRS is a corpus: a TSV with the columns id, zh and en, a JSONL file or a folder; or a run
    folder. Sentences (xindaya align --unit sentence) are read better than long passages. Everything shown is an
    estimate: look at the noise floor beside each consistency number. Finding drift is no failure;
    the exit code is 0.

    \b
    Examples:
      xindaya terms discover pairs.tsv
      xindaya terms discover pairs.tsv --term 网信 --term 大模型 -o terms.html
      xindaya terms discover corpus --text vendor-a --background older.tsv -f json -o found.json
      xindaya terms discover pairs.tsv --terms terms.tsv --promote "网信办=cyberspace administration:preferred"
    """  # noqa: D301 - click wants the backspace itself
    from xindaya import __version__
    from xindaya.api import discover
    from xindaya.metrics.terminology.discovery import choose_text
    from xindaya.metrics.terminology.discovery.promotion import parse_promotion, promote
    from xindaya.pairs.files import write_text
    from xindaya.progress import progress_bar
    from xindaya.reports.discovery import VIEWS, Listing
    from xindaya.reports.html import is_page

    kind = kind or _kind_of(output)
    if promotions and terms is None:
        raise UsageError("--promote needs --terms: the termbase to add to")
    if blank := [term for term in asked if not term.strip()]:
        raise UsageError(f"--term {blank[0]!r}: expected a term")

    def ours(path: Path) -> bool:
        return kind == "html" and is_page(path)

    if output is not None:
        check_place(output, force=force, ours=ours)
    corpus = read_texts(pairs, quiet=quiet, source_lang=source_lang, target_lang=target_lang)
    name = choose_text(corpus, text).name
    termbase = read_terms(terms, quiet=quiet) if terms and terms.exists() else None
    if terms and termbase is None and not promotions:
        raise InputError(terms, "no such file", "a termbase")
    more = read_texts(background, quiet=quiet) if background else None

    @cache
    def read(known: Termbase | None) -> Discovery:
        with progress_bar(quiet=quiet) as start:
            return discover(
                corpus,
                text=text,
                background=more,
                termbase=known,
                minimum=minimum,
                also=asked,
                progress=start,
            )

    found = read(termbase)
    promoted = [parse_promotion(argument, found, lambda: read(None)) for argument in promotions]
    shown = VIEWS[kind](Listing(found, corpus, name, top, asked, __version__))
    if output is not None:
        with writing(output, force=force, ours=ours):
            write_text(output, shown)
    if promoted and terms is not None:
        added = promote(promoted, terms)
        if not quiet:
            click.echo(f"{terms}: {added} row{'' if added == 1 else 's'} added", err=True)
    if output is None:
        click.echo(shown, nl=False)
    return 0


def _kind_of(output: Path | None) -> str:
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    return suffix if suffix in _VIEWS else "text"

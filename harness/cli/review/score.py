"""``xindaya review score``: MQM scores from error spans."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import encoding_option, format_option, language_options
from xindaya.cli.output import screen


@click.command(cls=Command)
@click.argument("table", type=click.Path(path_type=Path), metavar="MQM.tsv")
@click.option("--weights", default="wmt", show_default=True, metavar="NAME",
              help="Penalty points: wmt, mqm or j2450-like.")  # fmt: skip
@language_options
@encoding_option("Of the table.")
@format_option("text", "json", "tsv", told="text: systems. tsv: segments. json: both.")
def command(
    table: Path,
    weights: str,
    source_lang: str | None,
    target_lang: str | None,
    encoding: str,
    kind: str,
) -> None:
    """Score the error spans of MQM.tsv, a Marot table or an older one of WMT.

    A segment's score is the mean over its raters of their penalty points, a system's the mean over
    its rated segments; lower is better. With the weights of WMT these are the published numbers.

    \b
    Examples:
      xindaya review score mqm.tsv
      xindaya review score mqm.tsv --weights mqm -f tsv > segments.tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.metrics.mqm import preset, score_errors
    from xindaya.pairs.errors import ascii_controls
    from xindaya.pairs.formats.marot import read_marot
    from xindaya.reports.mqm import mqm_to_json, mqm_to_text, mqm_to_tsv

    chosen = preset(weights)
    notes: list[str] = []
    _, errors = read_marot(
        table,
        source_lang=source_lang,
        target_lang=target_lang,
        encoding=encoding,
        notes=notes,
        lenient=True,
    )
    scores = score_errors(errors, chosen)
    for note in notes:
        click.echo(ascii_controls(note), err=True)
    if kind == "text":
        width, colour = screen()
        click.echo(mqm_to_text(scores, errors, width=width, colour=colour), nl=False)
    else:
        click.echo({"json": mqm_to_json, "tsv": mqm_to_tsv}[kind](scores), nl=False)

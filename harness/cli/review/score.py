"""``xindaya review score``: MQM scores from error spans, or the spans for others' tools."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_left_out
from xindaya.cli.options import encoding_option, format_option, language_options
from xindaya.cli.output import screen


@click.command(cls=Command)
@click.argument("table", type=click.Path(path_type=Path), metavar="MQM.tsv")
@click.option("--weights", default="wmt", show_default=True, metavar="NAME",
              help="Penalty points: wmt, wmt24, mqm or j2450-like.")  # fmt: skip
@language_options
@encoding_option("Of the table.")
@format_option("text", "json", "tsv", "wmt26",
               told="text: systems. tsv: segments. json: both. wmt26: the spans, for WMT's task.")  # fmt: skip
def command(
    table: Path,
    weights: str,
    source_lang: str | None,
    target_lang: str | None,
    encoding: str,
    kind: str,
) -> None:
    """Score the error spans of MQM.tsv, a Marot table or an older one of WMT.

    JSON of Pearmut and of WMT since 2024, and Appraise's CSV, are taken too. With -f wmt26, errors and
    scores come out as WMT26's evaluation task takes them: item_id, task1_pred, task2_pred.

    A segment's score is the mean over its raters of their penalty points, a system's the mean over
    its rated segments; lower is better. With the weights of WMT these are the published numbers.

    \b
    Examples:
      xindaya review score mqm.tsv
      xindaya review score mqm.tsv --weights mqm -f tsv > segments.tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.metrics.mqm import preset, score_errors
    from xindaya.pairs.errors import InputError, ascii_controls
    from xindaya.pairs.ratings import read_ratings, write_predictions
    from xindaya.reports.mqm import mqm_to_json, mqm_to_text, mqm_to_tsv

    chosen = preset(weights)
    ratings = read_ratings(
        table, source_lang=source_lang, target_lang=target_lang, encoding=encoding
    )
    for note in ratings.notes:
        click.echo(ascii_controls(note), err=True)
    show_left_out(ratings.left_out)
    if kind == "wmt26":
        lines, untold = write_predictions(ratings)
        show_left_out(untold)
        click.echo(lines, nl=False)
        return
    errors = ratings.errors
    if ratings.corpus is None and not errors:
        raise InputError(table, "scores without error spans", "a table of MQM errors")
    scores = score_errors(errors, chosen)
    if kind == "text":
        width, colour = screen()
        click.echo(mqm_to_text(scores, errors, width=width, colour=colour), nl=False)
    else:
        click.echo({"json": mqm_to_json, "tsv": mqm_to_tsv}[kind](scores), nl=False)

"""``xindaya review plan``: how many segments to review, and when to accept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import counts, format_option, language_options
from xindaya.cli.review.shared import (
    LEVELS,
    asked_plan,
    asked_scoring,
    level_options,
    scoring_options,
    seed_option,
)
from xindaya.pairs import UsageError


@click.command(cls=Command)
@click.argument("texts", required=False, type=click.Path(path_type=Path), metavar="[RUN|CORPUS]")
@level_options(required=True)
@click.option("--lot", type=counts(), metavar="N",
              help="Segments in the delivery.  [default: very many, or those of the corpus]")  # fmt: skip
@scoring_options
@seed_option("Of the draw from a corpus.")
@click.option("--by-document", is_flag=True, help="List which segments to review, by document.")
@language_options
@format_option("text", "json")
def command(
    texts: Path | None,
    lot: int | None,
    seed: int,
    by_document: bool,
    source_lang: str | None,
    target_lang: str | None,
    kind: str,
    **options: Any,
) -> None:
    """Say how many segments to review, and how many bad ones to accept.

    Both risks are met by exact sums (binomial; hypergeometric where the size of the delivery is
    known). With a run or a corpus, its segments are the delivery, and the sample is drawn from each
    document in proportion. `review export` with the same levels makes the sheet of such a sample,
    and `review import` then decides by it. Says so where a tolerance lies below what the sample can
    show: not even one without an error would pass by points.

    \b
    Examples:
      xindaya review plan --accept 2% --reject 8%
      xindaya review plan --accept 1% --reject 5% --lot 1200
      xindaya review plan corpus --accept 2% --reject 8% --by-document --seed 7
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.cli.corpora import read_texts
    from xindaya.metrics.mqm import sample_size
    from xindaya.metrics.sampling import draw_segments
    from xindaya.reports.sampling import plan_to_json, plan_to_text

    if texts is None and by_document:
        raise UsageError("--by-document: name the run or corpus whose documents are meant")
    if texts is not None and lot is not None:
        raise UsageError("--lot: the size is that of the run or corpus; give one of them")
    corpus = (
        None
        if texts is None
        else read_texts(texts, source_lang=source_lang, target_lang=target_lang)
    )
    scoring = asked_scoring(options)
    plan = asked_plan(
        {name: options[name] for name in LEVELS}, len(corpus.segments) if corpus else lot
    )
    sample = draw_segments(corpus, plan.size, seed=seed) if corpus else None
    size = sample_size(corpus, sample.segments) if corpus and sample and corpus.has_source else None
    if kind == "json":
        click.echo(plan_to_json(plan, scoring, sample, size), nl=False)
        return
    drawn: dict[str, tuple[str, ...]] = {}
    if corpus and sample and by_document:
        chosen = set(sample.segments)
        for name, places in corpus.documents.items():
            ids = (corpus.segments[place].id for place in places)
            drawn[corpus.document_name(name)] = tuple(i for i in ids if i in chosen)
    click.echo(plan_to_text(plan, scoring, sample, drawn, size), nl=False)

"""``xindaya review plan``: how many segments to review, and when to accept."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from xindaya.cli.options import format_option, language_options
from xindaya.pairs import UsageError


def _share(_ctx: click.Context, _option: click.Parameter, text: str) -> Fraction:
    """Reads ``2%`` or ``0.02``, exactly."""
    text = text.strip()
    try:
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError) as error:
        raise click.BadParameter(f"{text!r} is no share; write 2% or 0.02") from error
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{text!r} is not from 0 to 1; write 2% or 0.02")
    return share


@click.command()
@click.argument("texts", required=False, type=click.Path(path_type=Path), metavar="[RUN|CORPUS]")
@click.option("--accept", callback=_share, required=True, metavar="SHARE",
              help="Share of bad segments that should pass, such as 2%.")  # fmt: skip
@click.option("--reject", callback=_share, required=True, metavar="SHARE",
              help="Share that should not, such as 8%.")  # fmt: skip
@click.option("--producer-risk", callback=_share, default="5%", show_default=True, metavar="SHARE",
              help="Largest chance to reject a delivery at the accept level.")  # fmt: skip
@click.option("--consumer-risk", callback=_share, default="10%", show_default=True, metavar="SHARE",
              help="Largest chance to accept one at the reject level.")  # fmt: skip
@click.option("--lot", type=click.IntRange(1), metavar="N",
              help="Segments in the delivery.  [default: very many, or those of the corpus]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
              help="Of the draw from a corpus.")  # fmt: skip
@click.option("--by-document", is_flag=True, help="List which segments to review, by document.")
@language_options
@format_option("text", "json")
def command(
    texts: Path | None,
    accept: Fraction,
    reject: Fraction,
    producer_risk: Fraction,
    consumer_risk: Fraction,
    lot: int | None,
    seed: int,
    by_document: bool,
    source_lang: str,
    target_lang: str,
    kind: str,
) -> None:
    """Say how many segments to review, and how many bad ones to accept.

    Both risks are met by exact sums (binomial; hypergeometric where the size of the delivery is
    known). With a run or a corpus, its segments are the delivery, and the sample is drawn from each
    document in proportion.

    \b
    Examples:
      xindaya review plan --accept 2% --reject 8%
      xindaya review plan --accept 1% --reject 5% --lot 1200
      xindaya review plan corpus --accept 2% --reject 8% --by-document --seed 7
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.cli.review.texts import read_texts
    from xindaya.metrics.acceptance import acceptance_plan
    from xindaya.metrics.sampling import draw_segments
    from xindaya.reports.sampling import plan_to_json, plan_to_text

    if texts is None and by_document:
        raise UsageError("--by-document: name the run or corpus whose documents are meant")
    if texts is not None and lot is not None:
        raise UsageError("--lot: the size is that of the run or corpus; give one of them")
    corpus = None if texts is None else read_texts(texts, source_lang, target_lang)
    plan = acceptance_plan(
        accept,
        reject,
        producer_risk=producer_risk,
        consumer_risk=consumer_risk,
        lot=len(corpus.segments) if corpus else lot,
    )
    sample = draw_segments(corpus, plan.size, seed=seed) if corpus else None
    if kind == "json":
        click.echo(plan_to_json(plan, sample), nl=False)
        return
    drawn: dict[str, tuple[str, ...]] = {}
    if corpus and sample and by_document:
        chosen = set(sample.segments)
        for name, places in corpus.documents.items():
            ids = (corpus.segments[place].id for place in places)
            drawn[name] = tuple(i for i in ids if i in chosen)
    click.echo(plan_to_text(plan, sample, drawn), nl=False)

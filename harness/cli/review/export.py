"""``xindaya review export``: a spreadsheet in which people judge a delivery."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import counts, force_option, quiet_option
from xindaya.cli.review.shared import (
    LEVELS,
    asked_evaluation,
    asked_plan,
    asked_scoring,
    level_options,
    scoring_options,
    seed_option,
)
from xindaya.cli.writing import writing
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation
    from xindaya.reports.review import Review
    from xindaya.reports.review.model import Scoring
    from xindaya.review.build import Chosen

_WAYS = "--sample N, --accept SHARE --reject SHARE, --all, --worst-first N"


@click.command(cls=Command)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--system", metavar="NAME", help="Whose outputs.  [default: the only system]")
@click.option("--all", "everything", is_flag=True, help="Review every segment.")
@click.option("--sample", type=counts(), metavar="N",
              help="Review N segments at random, from each document in proportion.")  # fmt: skip
@click.option("--whole-documents", is_flag=True,
              help="With --sample: whole documents until there are N segments.")  # fmt: skip
@level_options(required=False)
@click.option("--bad-severity", type=click.Choice(("minor", "major", "critical")), default="major",
              show_default=True,
              help="With --accept: from this severity on one counted error makes a segment bad.")  # fmt: skip
@seed_option("Of a random sample.")
@click.option("--worst-first", type=counts(), metavar="N",
              help="The N segments that look worst to the machine; gives no PASS or FAIL.")  # fmt: skip
@click.option("--hide-reference", is_flag=True, help="Leave the reference out of the file.")
@scoring_options
@click.option("--count", "side", type=click.Choice(("source", "target")), default="source",
              show_default=True,
              help="Text whose size is counted: Chinese characters or English words.")  # fmt: skip
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="FILE.xlsx; or FILE.tsv, Marot's table of the errors that the measures of the run place.")  # fmt: skip
@force_option()
@quiet_option("No messages.")
def command(run: Path, system: str | None, output: Path, force: bool, quiet: bool,
            hide_reference: bool, **options: Any) -> int:  # fmt: skip
    """Write a spreadsheet in which people judge the outputs of a system.

    RUN is a folder that `run`, `score` or `demo` wrote, or NAME=FILE, a delivery and whose it is. Send a copy to each reviewer, and import
    what comes back with `xindaya review import`. With --accept and --reject the sample is as large
    as `review plan` says, and the delivery fails if more segments are bad than the plan accepts.

    \b
    Examples:
      xindaya review export run --system vendor-a --sample 60 -o review.xlsx
      xindaya review export run --system vendor-a --accept 2% --reject 8% -o review.xlsx
      xindaya review export run --system vendor-a --all --category-set wmt -o review.xlsx
      xindaya review export run --system vendor-a --all -o errors-of-a-judge.tsv
      xindaya review export run --system vendor-a --sample 200 --model nonlinear
        --point 1000:10 --point 10000:50 -o review.xlsx
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.review.build import build_review
    from xindaya.review.outputs import check_new, write_review

    scoring = asked_scoring(options)
    check_new(output, (".xlsx", ".tsv"), force=force)
    evaluation = asked_evaluation(run)
    name = system or _only_system(evaluation)
    _check_way(options)
    if options["accept"] is not None:
        scoring = _planned(scoring, len(evaluation.corpus.segments), options)
    chosen = _choose(evaluation, name, scoring, options)
    if output.suffix.lower() == ".tsv":
        from xindaya.review.marot import write_errors_marot

        with writing(output, force=force):
            write_errors_marot(evaluation, name, chosen[1], output)
        return 0
    review = build_review(evaluation, name, chosen, scoring, reference=not hide_reference)
    with writing(output, force=force):
        write_review(output, review)
    if not quiet:
        click.echo(_message(review, output), err=True)
    return 0


def _only_system(evaluation: Evaluation) -> str:
    if len(evaluation.systems) != 1:
        raise UsageError(f"--system: expected one of {', '.join(evaluation.systems)}")
    return evaluation.systems[0]


def _check_way(options: dict[str, Any]) -> None:
    """Checks that it is said in one way which segments are reviewed."""
    given = [name for name in LEVELS if options[name] is not None]
    if given and not {"accept", "reject"} <= set(given):
        raise UsageError(f"--{given[0].replace('_', '-')}: expected with --accept and --reject")
    ways = (options["sample"], options["everything"], options["worst_first"], given)
    if sum(map(bool, ways)) != 1:
        raise UsageError(f"which segments: expected one of {_WAYS}")
    if options["whole_documents"] and not options["sample"]:
        raise UsageError("--whole-documents: expected together with --sample")


def _planned(scoring: Scoring, lot: int, options: dict[str, Any]) -> Scoring:
    from xindaya.review.acceptance import agreed

    plan = asked_plan({name: options[name] for name in LEVELS}, lot)
    acceptance = agreed(plan, scoring.category_set, options["bad_severity"])
    return replace(scoring, acceptance=acceptance)


def _choose(
    evaluation: Evaluation, system: str, scoring: Scoring, options: dict[str, Any]
) -> Chosen:
    from xindaya.review.build import check_system, sampled, whole, worst_first

    check_system(evaluation.corpus, system)
    if options["everything"]:
        return whole(evaluation.corpus)
    if options["worst_first"]:
        return worst_first(evaluation, system, options["worst_first"])
    total = scoring.acceptance.plan.size if scoring.acceptance else options["sample"]
    return sampled(
        evaluation.corpus, total, seed=options["seed"], documents=options["whole_documents"]
    )


def _message(review: Review, output: Path) -> str:
    from xindaya.reports.review.acceptance import rule
    from xindaya.reports.sampling import too_small

    lines = [f"{output}: {len(review.items):,} segments, {review.size:,} {review.unit}"]
    lines.append(f"Drawn: {review.draw.rule}.")
    if review.scoring.acceptance:
        lines.append(f"Plan: {rule(review.scoring.acceptance)}.")
    if not review.draw.represents:
        lines.append("Chosen by risk: no PASS or FAIL will be drawn from this review.")
    elif told := too_small(review.scoring, review.size, review.unit):
        lines.append(told)
    return "\n".join(lines)

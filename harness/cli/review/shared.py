"""Options that `review plan` and `review export` share: levels of a plan, scoring, and a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.corpora import read_texts
from xindaya.cli.files import delivery_of
from xindaya.cli.options import SEEDS, counts
from xindaya.pairs.errors import preview

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation
    from xindaya.metrics.acceptance import Plan
    from xindaya.reports.review.model import Point, Scoring

_Option = Callable[[Any], Any]
_LONGEST_SHARE = 40  # characters

_LINEAR, _NON_LINEAR = "linear", "nonlinear"

LEVELS = "accept", "reject", "producer_risk", "consumer_risk"
"""Names of the values that `level_options` reads."""


def asked_evaluation(run: Path) -> Evaluation:
    """Loads a run, or reads ``NAME=FILE``, the delivery of somebody, which has no scores."""
    name, _ = delivery_of(run)
    if not name:
        from xindaya.runs import load_run

        return load_run(run)
    from xindaya.evaluation import evaluate
    from xindaya.settings import Settings

    settings = Settings(metrics=(), test=None, confidence_samples=0)
    return evaluate(read_texts(run), settings=settings, command="xindaya review")


def level_options(*, required: bool) -> _Option:
    """Adds --accept, --reject, --producer-risk and --consumer-risk: what a plan is asked for.

    Args:
        required: Whether there must be a plan.
    """

    def add(function: Any) -> Any:
        for name, least, told in (
            ("--consumer-risk", False, "Largest chance to accept one at the reject level.  [default: 10%]"),
            ("--producer-risk", False, "Largest chance to reject a delivery at the accept level.  [default: 5%]"),
            ("--reject", required, "Share that should not, such as 8%."),
            ("--accept", required, "Share of bad segments that should pass, such as 2%."),
        ):  # fmt: skip
            function = click.option(
                name, callback=as_share, required=least, metavar="SHARE", help=told
            )(function)
        return function

    return add


def _point(_ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[Point]:
    """Reads SIZE:POINTS."""
    points = []
    for text in given:
        size, _, tolerated = text.partition(":")
        try:
            points.append((float(size), float(tolerated)))
        except ValueError:
            raise click.BadParameter(f"{text!r}: expected SIZE:POINTS, such as 1000:5") from None
    return points


def scoring_options(function: Any) -> Any:
    """Adds what decides how many points are tolerated: --category-set to --least."""
    for option in reversed((
        click.option("--category-set", type=click.Choice(("mqm", "wmt", "wmt24", "j2450-like")), default="mqm",
                     show_default=True, help="Error types, severities and their points."),
        click.option("--threshold", type=float, default=95.0, show_default=True, metavar="SCORE",
                     help="Pass mark of the calibrated score, of 100."),
        click.option("--model", type=click.Choice((_LINEAR, _NON_LINEAR)), default=_LINEAR,
                     show_default=True, help="How tolerated points grow with the size of the text."),
        click.option("--per-thousand", type=float, metavar="POINTS",
                     help="Linear: points tolerated in 1,000 units.  [default: 10·(100 − threshold)]"),
        click.option("--point", "points", multiple=True, callback=_point, metavar="SIZE:POINTS",
                     help="Non-linear: points tolerated at a size; give two."),
        click.option("--least", type=counts(), metavar="UNITS",
                     help="Size below which there is no verdict.  [default: 500]"),
    )):  # fmt: skip
        function = option(function)
    return function


def asked_scoring(options: Mapping[str, Any]) -> Scoring:
    """Returns how errors become a score, by what `scoring_options` read.

    Raises:
        UsageError: If the options do not go together.
    """
    from xindaya.metrics.mqm import LEAST_SIZE
    from xindaya.pairs import UsageError
    from xindaya.reports.review.model import Scoring

    points, rate = options["points"], options["per_thousand"]
    if options["model"] == _LINEAR and points:
        raise UsageError("--point: expected with --model nonlinear")
    if options["model"] == _NON_LINEAR and (len(points) != 2 or rate is not None):
        raise UsageError("--model nonlinear: expected two --point SIZE:POINTS, no --per-thousand")
    if not 0 <= options["threshold"] < 100:
        raise UsageError(f"--threshold {options['threshold']:g}: expected from 0 to below 100")
    scoring = Scoring(
        category_set=options["category_set"],
        pass_mark=options["threshold"],
        side=options.get("side", "source"),
        points=tuple(points),
        per_thousand=rate,
        least=options["least"] or LEAST_SIZE,
    )
    scoring.tolerance.at(1)  # raises where the numbers make no curve
    return scoring


def seed_option(told: str) -> _Option:
    """Adds --seed, drawn where none is given: a vendor could guess a fixed one."""
    return click.option("--seed", type=SEEDS, callback=_or_drawn, metavar="N",
                        help=f"{told}  [default: drawn, and told]")  # fmt: skip


def asked_plan(levels: dict[str, Fraction | None], lot: int | None) -> Plan:
    """Returns the plan for what `level_options` read.

    Raises:
        UsageError: If no plan meets it.
    """
    from xindaya.metrics.acceptance import acceptance_plan

    given = {name: share for name, share in levels.items() if share is not None}
    return acceptance_plan(given.pop("accept"), given.pop("reject"), lot=lot, **given)


def as_share(_ctx: click.Context, _option: click.Parameter, text: str | None) -> Fraction | None:
    """Reads ``2%`` or ``0.02``, exactly."""
    if text is None:
        return None
    text = text.strip()
    try:
        if len(text) > _LONGEST_SHARE or "e" in text.lower():  # 1e9999999 takes hours to write out
            raise ValueError
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError) as error:
        raise click.BadParameter(f"{preview(text)} is no share; write 2% or 0.02") from error
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{text!r} is not from 0 to 1; write 2% or 0.02")
    return share


def _or_drawn(_ctx: click.Context, _option: click.Parameter, seed: int | None) -> int:
    import secrets

    return secrets.randbelow(2**32) if seed is None else seed

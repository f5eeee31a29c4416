"""Options that `review plan` and `review export` share: the levels of a plan, and a seed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.options import SEEDS
from xindaya.pairs.errors import preview

if TYPE_CHECKING:
    from xindaya.metrics.acceptance import Plan

_Option = Callable[[Any], Any]
_LONGEST_SHARE = 40  # characters

LEVELS = "accept", "reject", "producer_risk", "consumer_risk"
"""Names of the values that `level_options` reads."""


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
                name, callback=_share, required=least, metavar="SHARE", help=told
            )(function)
        return function

    return add


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


def _share(_ctx: click.Context, _option: click.Parameter, text: str | None) -> Fraction | None:
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

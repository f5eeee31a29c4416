"""``xindaya review``: what people judge, and what their judgements say."""

from __future__ import annotations

import click

from xindaya.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package="xindaya.cli.review",
    names=("blind", "export", "import", "plan", "score", "triage"),
)
def command() -> None:
    """Plan reviews by people, and evaluate them.

    \b
    Examples:
      xindaya review plan --accept 2% --reject 8%
      xindaya review blind run --systems vendor-a,vendor-b --sample 60 -o blind
      xindaya review score mqm.tsv
      xindaya review blind --evaluate blind-sheet.xlsx --key blind/key-do-not-send.json
    """  # noqa: D301 - \b stops click from refilling

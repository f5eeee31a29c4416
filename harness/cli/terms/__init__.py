"""``xindaya terms``: everything about terminology that is not part of an evaluation."""

from __future__ import annotations

import click

from xindaya.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package="xindaya.cli.terms",
    names=("check", "convert", "discover", "drift", "learn", "lint", "scan", "wmt25", "wmt26"),
)
def command() -> None:
    """Check, find and convert terminology.

    \b
    Examples:
      xindaya terms check pairs.tsv --terms terms.tsv
      xindaya terms drift last.tsv this.tsv --terms terms.tsv
      xindaya terms scan report.en.txt --terms terms.tsv
      xindaya terms discover pairs.tsv -o found.tsv
      xindaya terms learn sample.tsv -o draft.tsv
      xindaya terms lint terms.tsv
      xindaya terms convert terms.tbx terms.tsv
    """  # noqa: D301 - \b stops click from refilling

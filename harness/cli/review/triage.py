"""``xindaya review triage``: which segments need no person."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import force_option, format_option
from xindaya.cli.review.shared import as_share, asked_evaluation
from xindaya.cli.writing import writing
from xindaya.pairs import UsageError

_MAJOR = 5.0  # points: one major error, by WMT's weights


@click.command(cls=Command)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--human", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The reviewed segments, in any form that `agree` takes; drawn at random.")  # fmt: skip
@click.option("--system", metavar="NAME", help="Whose outputs.  [default: the only system]")
@click.option("--at-most", "most", default="5%", show_default=True, callback=as_share, metavar="SHARE",
              help="Bad segments among those that need no person.")  # fmt: skip
@click.option("--confidence", default="95%", show_default=True, callback=as_share, metavar="SHARE",
              help="How sure that must be.")  # fmt: skip
@click.option("--bad", "limit", type=float, metavar="X",
              help="A score as bad as this makes a segment bad.  [default: 5 points of MQM, one major error]")  # fmt: skip
@click.option("--by", "metric", default="", metavar="NAME",
              help="The metric that ranks segments where flags do not.  [default: the first of the run]")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE.tsv",
              help="Also write which segments to publish and which to review.")  # fmt: skip
@force_option()
@format_option("text", "json")
def command(
    run: Path,
    human: Path,
    system: str | None,
    most: Fraction,
    confidence: Fraction,
    limit: float | None,
    metric: str,
    output: Path | None,
    force: bool,
    kind: str,
) -> int:
    """Say which segments need no person, and how sure that is.

    Segments are ranked by risk: flagged errors, warnings, then a metric (numbers, terms, scores, a
    judge: whatever RUN has). The reviewed ones, drawn at random, say how many of the safest part are
    bad. It takes enough of them before anything is said; then how many are still needed is.

    Exit code 1 means that no part is shown to need no person.

    \b
    Examples:
      xindaya review triage run --human mqm.tsv --system vendor-a --at-most 5%
      xindaya review triage run --human mqm.tsv --by gpt -o triage.tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.metrics.triage import triage
    from xindaya.pairs.files import write_text
    from xindaya.reports.triage import triage_to_json, triage_to_text, triage_to_tsv
    from xindaya.review.build import by_risk, check_system
    from xindaya.review.triage import reviewed

    evaluation = asked_evaluation(run)
    if system is None and len(evaluation.systems) != 1:
        raise UsageError(f"--system: expected one of {', '.join(evaluation.systems)}")
    name = system or evaluation.systems[0]
    check_system(evaluation.corpus, name)
    worst_first, rule = by_risk(evaluation, name, metric)
    bad = reviewed(
        evaluation.corpus, name, human, _MAJOR if limit is None else limit, chosen=limit is not None
    )
    found = triage(worst_first[::-1], bad, most=most, confidence=confidence)
    ids = [segment.id for segment in evaluation.corpus.segments]
    if output is not None:
        with writing(output, force=force):
            write_text(output, triage_to_tsv(found, ids, set(bad)))
    shown = (
        triage_to_json(found, name, rule, ids)
        if kind == "json"
        else triage_to_text(found, name, rule)
    )
    click.echo(shown, nl=False)
    return 0 if found.free else 1

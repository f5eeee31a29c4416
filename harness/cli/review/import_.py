"""``xindaya review import``: what the reviewers wrote, as scores and a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.options import force_option, format_option, quiet_option
from xindaya.cli.review.shared import asked_evaluation
from xindaya.cli.writing import writing

if TYPE_CHECKING:
    from xindaya.pairs import Corpus
    from xindaya.reports.review import Outcome

_FORMS = (".json", ".xlsx", ".tsv")


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="[NAME=]FILE...")
@click.option("--run", required=True, type=click.Path(path_type=Path),
              help="The run folder that the review was exported from.")  # fmt: skip
@click.option("-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path),
              metavar="FILE", help="Also write a new FILE: .json, .xlsx (scorecards) or .tsv (Marot); "
              "repeatable.")  # fmt: skip
@format_option("text", "json")
@force_option()
@quiet_option("No messages.")
def command(
    files: tuple[str, ...],
    run: Path,
    outputs: tuple[Path, ...],
    kind: str,
    force: bool,
    quiet: bool,
) -> int:
    """Read review spreadsheets that came back, one FILE a reviewer, and judge the delivery.

    Rows are matched by id and checksum: they may be sorted, filtered or deleted. A reviewer's name
    is NAME, else what stands on the Scorecard, else the name of the file. Marot tables (.tsv) may
    be given beside the exported workbook, which says how the sample was drawn and is scored.

    Exit code 0 means PASS, or a review by risk, which gives no verdict; 1 means FAIL, SAMPLE TOO
    SMALL or INCOMPLETE. Nothing is overwritten without --force, and never a review that is read.

    \b
    Examples:
      xindaya review import li.xlsx wang.xlsx --run run -o result.json -o scorecard.xlsx
      xindaya review import Li=a.xlsx Wang=b.xlsx --run run -f json
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.reports.review.machine import outcome_json
    from xindaya.reports.review.outcome import Decision
    from xindaya.reports.review.text import outcome_text
    from xindaya.review.outputs import check_new
    from xindaya.review.read import read_outcome

    for path in outputs:
        check_new(path, _FORMS, force=force)
    evaluation = asked_evaluation(run)
    outcome = read_outcome(evaluation, files)
    # Marot's table first: it is the one that cannot hold every text.
    for path in sorted(outputs, key=lambda p: p.suffix.lower() != ".tsv"):
        with writing(path, force=force):
            _write(evaluation.corpus, outcome, path)
        if not quiet:
            click.echo(f"Written: {path}", err=True)
    click.echo(outcome_json(outcome) if kind == "json" else outcome_text(outcome), nl=False)
    return 0 if outcome.together.decision in (Decision.PASS, Decision.NONE) else 1


def _write(corpus: Corpus, outcome: Outcome, path: Path) -> None:
    from xindaya.pairs.files import write_bytes, write_text
    from xindaya.reports.review import outcome_workbook
    from xindaya.reports.review.machine import outcome_json
    from xindaya.review.marot import write_outcome_marot

    if path.suffix.lower() == ".json":
        write_text(path, outcome_json(outcome))
    elif path.suffix.lower() == ".xlsx":
        write_bytes(path, outcome_workbook(outcome))
    else:
        write_outcome_marot(corpus, outcome, path)

"""``xindaya demo``: the main job on the sample corpus."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import force_option, quiet_option
from xindaya.cli.output import check_place, show


@click.command(cls=Command)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("xindaya-demo"),
    show_default=True,
    metavar="DIR",
    help="Where to write the run folder.",
)
@click.option(
    "--open/--no-open", "open_report", default=False, help="Open the report in a browser."
)
@force_option()
@quiet_option()
def command(output: Path, open_report: bool, force: bool, quiet: bool) -> int:
    """Score the sample corpus and write a report.

    Four systems translate thirteen short Chinese documents: a consistent vendor, one whose terms
    drift, a literal machine, and a fluent but unfaithful one.
    """
    from xindaya.evaluation import evaluate
    from xindaya.progress import progress_bar
    from xindaya.samples import SAMPLE_CORPUS, SAMPLE_TERMBASE
    from xindaya.settings import Settings

    check_place(output, force=force)
    settings = Settings(metrics=("bleu", "chrf", "ter"), baseline="harbour")
    with progress_bar(quiet=quiet) as progress:
        evaluation = evaluate(
            SAMPLE_CORPUS,
            termbase=SAMPLE_TERMBASE,
            settings=settings,
            progress=progress,
            command="xindaya demo",
        )
    code = show(evaluation, kind="text", width=1, output=output, quiet=quiet, force=force)
    if open_report:
        click.launch(str((output / "report.html").resolve()))
    return code

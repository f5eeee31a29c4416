"""``xindaya agree``: how far metrics agree with people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_notes
from xindaya.cli.files import named_files
from xindaya.cli.options import (
    FORCE_TOKENIZER,
    SAMPLES,
    chosen_options,
    chosen_sources,
    force_option,
    format_option,
    language_options,
    line_file_options,
    metric_options,
    quiet_option,
    scores_options,
    seed_option,
    termbase_option,
    text_options,
)
from xindaya.cli.writing import writing_page
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.evaluation import StartProgress
    from xindaya.metrics import Evaluation
    from xindaya.metrics.agreement import AgreementReport

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("run", type=_PATH, required=False)
@click.option(
    "--human",
    "files",
    type=_PATH,
    multiple=True,
    required=True,
    metavar="FILE",
    help="Human scores; repeat for several, each is compared on its own.",
)
@click.option(
    "--kind",
    "human_kind",
    type=click.Choice(("auto", "mqm", "segments", "systems", "da")),
    default="auto",
    show_default=True,
    help="What the human scores are; told by content.",
)
@click.option("--score-column", default="", metavar="NAME", help="Column of the human scores.")
@click.option(
    "--weights",
    default="wmt",
    show_default=True,
    metavar="NAME",
    help="Weights of MQM errors: wmt, wmt24, mqm, j2450-like.",
)
@click.option(
    "--higher-is-better/--lower-is-better",
    default=None,
    help="Which end of the human scale is good.  [default: told by name and sign]",
)
@click.option("--system", "only", multiple=True, metavar="NAME", help="Only this one; repeatable.")
@click.option(
    "--exclude-human-references",
    is_flag=True,
    help="Leave out human translations among the systems (ref-A, HUMAN-B, …).",
)
@line_file_options("Source text; needed for --terms.")
@language_options
@metric_options
@scores_options
@force_option(f"{FORCE_TOKENIZER}; replace what stands at the output, of whatever content.")
@termbase_option("Check terminology, and compare its flags with marked errors.")
@text_options("Of all text files.")
@click.option(
    "--samples",
    type=SAMPLES,
    default=1000,
    show_default=True,
    metavar="N",
    help="Resamples of intervals; exchanges of tests, at least.",
)
@seed_option()
@format_option("text", "json", "markdown")
@click.option("-o", "--output", type=_PATH, metavar="FILE", help="Also write a page with charts.")
@quiet_option()
def command(run: Path | None, **options: Any) -> int:
    """Compare metrics with human scores of the same outputs.

    Says how far to trust BLEU, chrF and TER on your own data: correlation with people on systems
    and on segments, beside what guessing gives; how large a difference must be; whether one metric
    is better than another; and which terminology flags people also marked.

    \b
    RUN is a run folder of `score -o` or `run -o`; or give -s, -r and -i as to `score`.
    Human scores: MQM errors (Marot TSV), WMT's averages a segment, direct assessment,
    or any table with a column of systems and one of scores.

    \b
    Examples:
      xindaya agree run --human mqm.tsv -o agree.html
      xindaya agree -r ref.en -i a=a.en -i b=b.en -i c=c.en --human scores.tsv -f json
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.agreement import agree
    from xindaya.progress import progress_bar

    with progress_bar(quiet=options["quiet"]) as progress:
        report = agree(
            _evaluation(run, options, progress),
            options["files"],
            kind=options["human_kind"],
            column=options["score_column"],
            weights=options["weights"],
            systems=options["only"],
            human_references=not options["exclude_human_references"],
            higher_is_better=options["higher_is_better"],
            samples=options["samples"],
            seed=options["seed"],
            encoding=options["encoding"],
            progress=progress,
        )
    shown = {key: options[key] for key in ("kind", "output", "force", "quiet")}
    _show(report, **shown)
    return 0


def _evaluation(
    run: Path | None, options: dict[str, Any], progress: StartProgress | None
) -> Evaluation:
    """Loads the run, or scores line files."""
    own = ("source", "references", "systems", "terms", "scores", "scorers", "judges")
    files = [option for option in own if options[option]]
    if run is not None:
        if files:
            raise UsageError(
                "a run is scored already: leave out RUN, or -s, -r, -i, --terms and --scores"
            )
        from xindaya.runs import load_run

        return load_run(run)
    if not options["systems"]:
        raise UsageError("nothing to compare: give a run folder, or -r and -i as to score")
    if options["terms"] and not options["source"]:
        raise UsageError("--terms needs the source text: add -s FILE")
    from xindaya.evaluation import evaluate
    from xindaya.pairs import read_parallel
    from xindaya.settings import Settings

    source: Path | None = options["source"]
    notes: list[str] = []
    corpus = read_parallel(
        source=source,
        references=named_files(options["references"], "reference", letters=True),
        systems=named_files(options["systems"], "input"),
        source_lang=options["source_lang"],
        target_lang=options["target_lang"],
        name=source.stem if source else "agree",
        encoding=options["encoding"],
        max_chars=options["max_segment_chars"],
        notes=notes,
    )
    show_notes(notes)
    settings = Settings(
        metrics=tuple(options["metrics"]),
        metric_options=chosen_options(options),
        scores=chosen_sources(options),
        force=options["force"],
        test=None,
        confidence_samples=0,
        seed=options["seed"],
        check_data=False,
    )
    return evaluate(
        corpus,
        termbase=options["terms"],
        settings=settings,
        progress=progress,
        command="xindaya agree",
    )


def _show(
    report: AgreementReport, kind: str, output: Path | None, *, force: bool, quiet: bool
) -> None:
    """Prints the report, and writes the page if asked to."""
    from xindaya.cli.output import screen
    from xindaya.reports import agreement as views

    if output is not None:
        from xindaya.pairs.files import write_text
        from xindaya.reports.html.agreement import render_agreement

        with writing_page(output, force=force):
            write_text(output, render_agreement(report))
    if kind == "text":
        columns, colour = screen()
        text = views.agreement_to_text(report, width=columns, colour=colour)
    elif kind == "json":
        text = views.agreement_to_json(report)
    else:
        text = views.agreement_to_markdown(report)
    click.echo(text, nl=False)
    if output is not None and not quiet:
        click.echo(f"Page: {output}", err=True)

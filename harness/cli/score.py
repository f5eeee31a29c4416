"""``xindaya score``: files with one segment a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.files import named_files
from xindaya.cli.options import (
    SAMPLES,
    documents_option,
    fold_scripts_option,
    language_options,
    line_file_options,
    metric_options,
    seed_option,
    termbase_option,
    text_options,
    waivers_option,
)
from xindaya.cli.output import earlier_run, output_options, show
from xindaya.cli.recording import record_options
from xindaya.pairs import UsageError
from xindaya.pairs.direction import check_languages

if TYPE_CHECKING:
    from xindaya.settings import Settings


@click.command()
@line_file_options("Source text; needed for --terms.", required=True)
@language_options
@metric_options
@termbase_option("Check terminology against this termbase.")
@waivers_option("Term occurrences that a reviewer has accepted.")
@fold_scripts_option("Match Simplified and Traditional terms together (needs OpenCC).")
@documents_option
@click.option("--baseline", metavar="NAME", help="Compare with this system.  [default: the first]")
@click.option("--paired-bs", is_flag=True, help="Show sacrebleu's bootstrap p-values, too.")
@click.option("--paired-ar", is_flag=True, help="Show sacrebleu's randomisation p-values, too.")
@click.option("--paired-bs-n", type=SAMPLES, metavar="N", help="Its resamples.  [1000]")
@click.option("--paired-ar-n", type=SAMPLES, metavar="N", help="Its trials.  [10000]")
@click.option("--confidence/--no-confidence", default=True, help="95 % intervals.  [on]")
@click.option(
    "--confidence-n",
    type=SAMPLES,
    default=1000,
    metavar="N",
    help="Resamples of the intervals.  [1000]",
)
@seed_option()
@click.option(
    "-b",
    "--score-only",
    is_flag=True,
    help="Only scores: no intervals, no paired test, bare lines of text.",
)
@text_options("Of all text files.")
@output_options
@record_options
def command(**options: Any) -> int:
    """Score files that have one segment a line.

    \b
    Examples:
      xindaya score -r ref.en -i a.en
      xindaya score -s src.zh -r ref.en -i a=a.en -i b=b.en --terms terms.tsv -o run
      xindaya score -sl en -tl zh -r ref.zh -i a.zh -m bleu,chrf -f json
    """  # noqa: D301 - \b stops click from refilling
    if options["terms"] and not options["source"]:
        raise UsageError("--terms needs the source text: add -s FILE")
    settings = _settings(options)
    kept = options["output"] or options["recording"]
    if options["score_only"] and options["kind"] == "text" and not kept:
        streamed = _stream(options, settings)
        if streamed is not None:
            click.echo(streamed, nl=False)
            return 0
    options["previous"] = earlier_run(options["previous"], options["recording"])
    from xindaya.evaluation import evaluate
    from xindaya.pairs import read_parallel
    from xindaya.progress import progress_bar

    corpus = read_parallel(
        source=options["source"],
        references=named_files(options["references"], "reference", letters=True),
        systems=named_files(options["systems"], "input"),
        documents=options["docs"],
        source_lang=options["source_lang"],
        target_lang=options["target_lang"],
        name=_corpus_name(options),
        encoding=options["encoding"],
        max_chars=options["max_segment_chars"],
    )
    with progress_bar(quiet=options["quiet"]) as progress:
        evaluation = evaluate(
            corpus,
            termbase=options["terms"],
            settings=settings,
            progress=progress,
            command="xindaya score",
        )
    keys = ("kind", "width", "output", "quiet", "previous", "recording")
    shown = {key: options[key] for key in keys}
    return show(evaluation, **shown)


def _stream(options: dict[str, Any], settings: Settings) -> str | None:
    """Returns bare scores: a system a line, a metric a column.

    The shortest way from files to numbers, in flat memory; None if the files differ in length,
    which reading them whole explains better.
    """
    from xindaya.reports.tsv import cell
    from xindaya.streaming import stream_totals

    references = named_files(options["references"], "reference", letters=True)
    systems = named_files(options["systems"], "input")
    if not references:
        raise UsageError("scores need a reference: give one with -r")
    if options["terms"]:
        raise UsageError("-b prints scores only: leave out --terms, or -b")
    check_languages(options["source_lang"], options["target_lang"])
    metrics = settings.make_metrics(options["target_lang"])
    totals = stream_totals(
        metrics,
        list(references.values()),
        list(systems.values()),
        beside=[path for path in (options["source"], options["docs"]) if path],
        encoding=options["encoding"],
        max_chars=options["max_segment_chars"],
    )
    if totals is None:
        return None
    digits = options["width"]
    columns = [
        [f"{metric.score(row):.{digits}f}" for row in totals[name]]
        for name, metric in metrics.items()
    ]
    names = map(cell, systems)
    return "".join("\t".join(cells) + "\n" for cells in zip(names, *columns, strict=True))


def _settings(options: dict[str, Any]) -> Settings:
    from xindaya.metrics.judging.outcome import BOOTSTRAP, JUDGED, RANDOMISATION
    from xindaya.pairs.waivers import read_waivers
    from xindaya.settings import Settings

    if options["paired_bs"] and options["paired_ar"]:
        raise UsageError("--paired-bs and --paired-ar exclude each other")
    bare = options["score_only"]
    by_randomisation = options["paired_ar"]
    test = RANDOMISATION if by_randomisation else BOOTSTRAP if options["paired_bs"] else JUDGED
    return Settings(
        metrics=tuple(options["metrics"]),
        tokenize=options["tokenize"],
        lowercase=options["lowercase"],
        force=options["force"],
        baseline=options["baseline"],
        test=None if bare else test,
        test_samples=options["paired_ar_n"] if by_randomisation else options["paired_bs_n"],
        confidence_samples=options["confidence_n"] if options["confidence"] and not bare else 0,
        seed=options["seed"],
        waivers=tuple(read_waivers(options["waivers"])) if options["waivers"] else (),
        fold_scripts=options["fold_scripts"],
        # Findings are seen in the report and in JSON only.
        check_data=bool(options["output"] or options["recording"] or options["kind"] == "json"),
    )


def _corpus_name(options: dict[str, Any]) -> str:
    source: Path | None = options["source"]
    return source.stem if source else "score"

"""``xindaya score``: files with one segment a line.

Whatever `sacrebleu` takes works here or is answered by the line that says what to type.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Answer, Command, is_there
from xindaya.cli.corpora import show_notes
from xindaya.cli.files import is_named, named_files
from xindaya.cli.options import (
    FORCE_TOKENIZER,
    SAMPLES,
    chosen_options,
    chosen_sources,
    documents_option,
    fold_scripts_option,
    force_option,
    language_options,
    line_file_options,
    metric_options,
    scores_options,
    seed_option,
    termbase_option,
    text_options,
    waivers_option,
)
from xindaya.cli.output import check_place, earlier_run, output_options, show
from xindaya.cli.recording import record_options
from xindaya.metrics.bleu import SMOOTHING
from xindaya.pairs import UsageError
from xindaya.pairs.direction import LANGUAGES
from xindaya.pairs.sources import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xindaya.metrics import Evaluation
    from xindaya.settings import Settings

_DOWNLOADS = "Xindaya downloads no test sets; "
_TEST_SET = (
    _DOWNLOADS + "write one to files with sacrebleu -t SET -l PAIR --echo src > SRC and --echo ref "
    "> REF, then type xindaya score REF -i FILE -l PAIR"
)
_ANSWERS = {
    ("-t", "--test-set"): _TEST_SET,
    ("--download",): _TEST_SET,
    ("--echo",): _DOWNLOADS + "sacrebleu -t SET -l PAIR --echo FIELD writes their fields",
    ("--list",): _DOWNLOADS + "sacrebleu --list lists those it has",
    ("--citation", "--cite"): _DOWNLOADS + "sacrebleu -t SET --citation names the paper of one",
    ("-ol", "--origlang"): "name the documents of the lines with --docs FILE; reports then show "
    "each, and a corpus has a column for the domain",
    ("--subset",): "name the documents of the lines with --docs FILE; reports then show each",
    ("-d", "--detail"): "-o DIR writes a report with scores by document, domain and length",
    ("-nr", "--num-refs"): "give each reference its own file: type cut -f1 REFS > REF1 and "
    "cut -f2 REFS > REF2, then xindaya score REF1 REF2 -i FILE",
}


class ScoreCommand(Command):
    """Answers what sacrebleu's users type and what means something else here."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for word, after in zip(args, [*args[1:], "-"], strict=True):
            is_language = after in LANGUAGES or not (after.startswith("-") or is_there(after))
            if word == "-sl" and not is_language:
                raise UsageError(
                    "-sl is --source-lang here; for a score of each segment type --sentence-level"
                )
            if word == "-s" and after in SMOOTHING and not is_there(after):
                raise UsageError(f"-s is --source here; for smoothing type --smooth-method {after}")
        return super().parse_args(ctx, args)


def _answers(function: Any) -> Any:
    for names, said in _ANSWERS.items():
        function = click.option(*names, cls=Answer, said=said)(function)
    return function


@click.command(cls=ScoreCommand)
@click.argument("refs", nargs=-1, metavar="[[NAME=]REF]…")
@line_file_options("Source text; needed for --terms.")
@language_options
@metric_options
@scores_options
@force_option(f"{FORCE_TOKENIZER}; replace what stands at the output, of whatever content.")
@termbase_option("Check terminology against this termbase.")
@waivers_option("Term occurrences that a reviewer has accepted.")
@fold_scripts_option("Match Simplified and Traditional terms together (needs OpenCC).")
@documents_option
@click.option("--baseline", metavar="NAME", help="Compare with this system.  [default: the first]")
@click.option("-pbs", "--paired-bs", is_flag=True, help="Show sacrebleu's bootstrap p-values, too.")
@click.option(
    "-par", "--paired-ar", is_flag=True, help="Show sacrebleu's randomisation p-values, too."
)
@click.option("-pbsn", "--paired-bs-n", type=SAMPLES, metavar="N",
              help="Its resamples.  [1000]")  # fmt: skip
@click.option("-parn", "--paired-ar-n", type=SAMPLES, metavar="N",
              help="Its trials.  [10000]")  # fmt: skip
@click.option("-j", "--paired-jobs", expose_value=False, type=int, hidden=True)  # never needed
@click.option("-ci", "--confidence/--no-confidence", default=None, help="95 % intervals.  [on]")
@click.option("-cin", "--confidence-n", type=SAMPLES, metavar="N",
              help="Resamples of the intervals.  [1000]")  # fmt: skip
@click.option("--samples", type=SAMPLES, metavar="N",
              help="Resamples of the intervals, and of sacrebleu's test.")  # fmt: skip
@seed_option()
@click.option(
    "-b",
    "--score-only",
    is_flag=True,
    help="Only scores, in bare lines: a system a line, a metric a column; a metric a line, and no "
    "name, for one system that was given none. No intervals unless --confidence asks for them.",
)
@click.option(
    "--sentence-level", is_flag=True, help="A score of each segment; with -b the numbers alone."
)
@text_options("Of all text files.")
@output_options
@click.option("-sh", "--short", is_flag=True, help="Short signatures.")
@click.option("-nc", "--no-color", is_flag=True, help="No colours.")
@_answers
@click.version_option(None, "-V", "--version", package_name="xindaya", prog_name="xindaya",
                      hidden=True)  # fmt: skip
@record_options
def command(**options: Any) -> int:
    """Score files that have one segment a line, as the sacrebleu command does.

    References stand before -i, or after -r. Without -i a system's text is read from standard input.
    Files packed with gzip are read as they are.

    \b
    Examples:
      xindaya score ref.en -i a.en
      xindaya score ref-a.en ref-b.en -i a.en b.en -m bleu chrf ter
      cat a.en | xindaya score ref.en -m bleu -b -w 4
      xindaya score -s src.zh -r ref.en -i a=a.en -i b=b.en --terms terms.tsv -o run
      xindaya score -sl en -tl zh -r ref.zh -i a.zh -m bleu,chrf -f json
    """  # noqa: D301 - \b stops click from refilling
    references, systems = _named(options)
    if options["terms"] and not options["source"]:
        raise UsageError("--terms needs the source text: add -s FILE")
    settings = _settings(options)
    kept = options["output"] or options["recording"]
    bare = options["score_only"] and options["kind"] == "text" and not kept
    streams = bare and settings.streams
    if streams and not (options["confidence"] or options["sentence_level"]):
        totals = _stream(references, systems, options, settings)
        if totals is not None:
            click.echo(_lines(totals, options["systems"]), nl=False)
            return 0
    check_place(options["output"], force=options["force"])
    options["previous"] = earlier_run(options["previous"], options["recording"])
    from xindaya.evaluation import evaluate
    from xindaya.pairs import read_parallel
    from xindaya.progress import progress_bar

    notes: list[str] = []
    corpus = read_parallel(
        source=options["source"],
        references=references,
        systems=systems,
        documents=options["docs"],
        source_lang=options["source_lang"],
        target_lang=options["target_lang"],
        name=_corpus_name(options),
        encoding=options["encoding"],
        max_chars=options["max_segment_chars"],
        notes=notes,
    )
    if not options["quiet"]:
        show_notes(notes)
    with progress_bar(quiet=options["quiet"]) as progress:
        evaluation = evaluate(
            corpus,
            termbase=options["terms"],
            settings=settings,
            progress=progress,
            command="xindaya score",
        )
    if not options["quiet"] and (bare or options["sentence_level"]):
        show_notes(evaluation.notes)  # otherwise `show` says them
    if options["sentence_level"]:
        click.echo("".join(_by_segment(evaluation, options)), nl=False)
        return 0
    if bare and evaluation.metrics:
        if not options["quiet"] and any(None in found for found in evaluation.intervals.values()):
            click.echo("a score without an interval: too few segments for one", err=True)
        click.echo(_lines(_cells(evaluation, options["width"]), options["systems"]), nl=False)
        return 0
    keys = (
        "kind",
        "width",
        "output",
        "quiet",
        "previous",
        "recording",
        "force",
        "short",
        "no_color",
    )
    shown = {key: options[key] for key in keys}
    return show(evaluation, **shown)


def _named(options: dict[str, Any]) -> tuple[dict[str, Path], dict[str, Path]]:
    """Returns references and systems by name; a system that is not given is standard input."""
    given = (*options["refs"], *options["references"])
    references = named_files(given, "reference", letters=True)
    if not options["systems"]:
        if sys.stdin is None or sys.stdin.isatty() or not (references or options["terms"]):
            raise UsageError(
                "Missing option -i: type xindaya score REF -i FILE, or pipe a text to xindaya score REF"
            )
        _check_piped(options)
        options["systems"] = ("-",)
    return references, named_files(options["systems"], "input")


def _check_piped(options: dict[str, Any]) -> None:
    """Refuses an empty pipe, and one with tabs, which sacrebleu takes for several systems."""
    from xindaya.pairs.lines import iter_lines

    lines = iter_lines("-", encoding=options["encoding"], max_chars=options["max_segment_chars"])
    first = next(lines, None)
    if first is None:
        raise UsageError(
            "Missing option -i, and standard input is empty: type xindaya score REF -i FILE"
        )
    if "\t" in first:
        raise UsageError(
            f"standard input has {first.count(chr(9)) + 1} columns; give each system its own file: "
            "type cut -f1 FILE > A and cut -f2 FILE > B, then xindaya score REF -i A B (-i - takes "
            "tabs as text)"
        )


def _stream(
    references: Mapping[str, Path],
    systems: Mapping[str, Path],
    options: dict[str, Any],
    settings: Settings,
) -> dict[str, list[str]] | None:
    """Returns the scores of each system, a metric each.

    The shortest way from files to numbers, in flat memory; None if the files differ in length,
    which reading them whole explains better.
    """
    from xindaya.streaming import stream_direction, stream_totals

    if not references:
        raise UsageError("scores need a reference: type xindaya score REF -i FILE")
    if options["terms"]:
        raise UsageError("-b prints scores only: leave out --terms, or -b")
    reading = {"encoding": options["encoding"], "max_chars": options["max_segment_chars"]}
    notes: list[str] = []
    direction = stream_direction(
        options["source"], list(references.values()), notes=notes,
        source_lang=options["source_lang"], target_lang=options["target_lang"], **reading,
    )  # fmt: skip
    metrics = settings.make_metrics(direction.target)
    totals = stream_totals(
        metrics,
        list(references.values()),
        list(systems.values()),
        beside=[path for path in (options["source"], options["docs"]) if path],
        notes=notes,
        **reading,
    )
    if totals is None:
        return None
    if not options["quiet"]:
        from xindaya.metrics.metric import remarks

        show_notes([*notes, *remarks(metrics, totals, systems)])
    digits = options["width"]
    columns = [
        [f"{metric.score(row):.{digits + metric.digits - 2}f}" for row in totals[name]]
        for name, metric in metrics.items()
    ]
    return dict(zip(systems, map(list, zip(*columns, strict=True)), strict=True))


def _cells(evaluation: Evaluation, width: int) -> dict[str, list[str]]:
    """Returns the scores of each system with their intervals, as sacrebleu writes them."""
    from xindaya.reports.figures import decimals

    def cell(metric: str, system: str) -> str:
        digits = decimals(evaluation.metrics[metric], width)
        score = f"{evaluation.scores[metric][system]:.{digits}f}"
        interval = evaluation.interval(metric, system)
        if not interval or interval.mean <= 0:
            return score
        half = 0.5 * (interval.high - interval.low)
        return f"{score} (μ = {interval.mean:.{digits}f} ± {half:.{digits}f})"

    return {name: [cell(m, name) for m in evaluation.metrics] for name in evaluation.systems}


def _lines(scores: Mapping[str, list[str]], given: Sequence[str]) -> str:
    """Sets bare scores: a system a line; a metric a line for one system without a name."""
    from xindaya.reports.tsv import cell

    if len(scores) == 1 and not any(map(is_named, given)):
        return "".join(f"{score}\n" for cells in scores.values() for score in cells)
    return "".join("\t".join((cell(name), *cells)) + "\n" for name, cells in scores.items())


def _by_segment(evaluation: Evaluation, options: dict[str, Any]) -> Iterator[str]:
    """Yields a line a segment: its id and the scores of the systems; the scores alone with -b."""
    if options["kind"] != "text" or options["output"] or options["recording"]:
        raise UsageError(
            "--sentence-level prints text: leave out -f, -o and --record, or --sentence-level "
            "(-o DIR writes DIR/segments.tsv)"
        )
    from xindaya.reports.figures import decimals
    from xindaya.reports.tsv import cell

    columns = [(name, system) for system in evaluation.systems for name in evaluation.metrics]
    if not options["score_only"]:
        heads = (cell(f"{system}:{name}") for name, system in columns)
        yield "\t".join(("id", *heads)) + "\n"
    scores = [evaluation.segment_scores[name][system] for name, system in columns]
    widths = [decimals(evaluation.metrics[name], options["width"]) for name, _ in columns]
    for segment, row in zip(evaluation.corpus.segments, zip(*scores, strict=True), strict=True):
        cells = [
            f"{score:.{width}f}" if score == score else "None"  # as mt-metrics-eval writes it
            for score, width in zip(row, widths, strict=True)
        ]
        yield "\t".join(cells if options["score_only"] else (cell(segment.id), *cells)) + "\n"


def _settings(options: dict[str, Any]) -> Settings:
    from xindaya.metrics.judging.outcome import BOOTSTRAP, BOOTSTRAP_SAMPLES, JUDGED, RANDOMISATION
    from xindaya.pairs.waivers import read_waivers
    from xindaya.settings import Settings

    if options["paired_bs"] and options["paired_ar"]:
        raise UsageError("--paired-bs and --paired-ar exclude each other")
    bare = options["score_only"] or options["sentence_level"]
    if bare and (options["paired_bs"] or options["paired_ar"]):
        raise UsageError("-b and --sentence-level print scores only: leave them out, or the test")
    by_randomisation = options["paired_ar"]
    test = RANDOMISATION if by_randomisation else BOOTSTRAP if options["paired_bs"] else JUDGED
    confidence = not bare if options["confidence"] is None else options["confidence"]
    trials = options["paired_ar_n"] if by_randomisation else options["paired_bs_n"]
    resamples = options["confidence_n"] or options["samples"] or BOOTSTRAP_SAMPLES
    return Settings(
        metrics=tuple(options["metrics"]),
        metric_options=chosen_options(options),
        scores=chosen_sources(options),
        force=options["force"],
        baseline=options["baseline"],
        test=None if bare else test,
        test_samples=trials or options["samples"],
        confidence_samples=resamples if confidence else 0,
        seed=options["seed"],
        waivers=tuple(read_waivers(options["waivers"])) if options["waivers"] else (),
        fold_scripts=options["fold_scripts"],
        # Findings are seen in the report and in JSON only; -b asks for scores only.
        check_data=bool(
            options["output"]
            or options["recording"]
            or (options["kind"] == "json" and not options["score_only"])
        ),
    )


def _corpus_name(options: dict[str, Any]) -> str:
    source: Path | None = options["source"]
    return plain_name(source).stem if source else "score"

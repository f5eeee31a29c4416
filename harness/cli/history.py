"""``xindaya history``: recorded runs, and what changed from one to the next."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import counts, digits_option, force_option, format_option
from xindaya.cli.output import screen
from xindaya.cli.recording import labels_option, say, store_option
from xindaya.cli.writing import writing_page
from xindaya.pairs import InputError, UsageError
from xindaya.pairs.errors import preview
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.metrics.history import RecordedRun, RunFilter
    from xindaya.metrics.trends import TermTrend, Trend
    from xindaya.store import Store

_LISTED = 20


@click.command(cls=Command)
@store_option
@click.option(
    "--trend",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help="Follow chrF2, adherence, … over the runs; repeat for several.",
)
@click.option(
    "--term",
    "terms",
    multiple=True,
    metavar="TERM",
    help="Follow the renderings of a source term or concept; repeat for several.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write a page with charts.",
)
@click.option(
    "--system",
    "systems",
    multiple=True,
    metavar="NAME",
    help="Only this system; repeat for several.",
)
@click.option("--corpus", default="", metavar="NAME|SHA256", help="Only this test set.")
@click.option("--name", default="", metavar="NAME", help="Only runs of this name.")
@labels_option("Only runs with this label; repeat for several.")
@click.option(
    "--since", default="", metavar="DATE", help="Only runs from this UTC date or time on."
)
@click.option(
    "-n",
    "--limit",
    type=counts(),
    metavar="N",
    help=f"Only the latest N runs.  [default: {_LISTED} in the list, else all]",
)
@force_option()
@format_option("text", "json")
@digits_option("JSON has")
@click.option(
    "--rebuild", is_flag=True, help="Make the index again and check that no run was changed."
)
@click.option(
    "--tidy", is_flag=True, help="Remove what killed recordings left a day ago or earlier."
)
def command(**options: Any) -> None:
    """Show recorded runs, and what changed from one to the next.

    Runs are recorded with --record by score and run, and with --mt-store by pytest. Numbers are
    joined to a line only where test set, signature and termbase are the same.

    \b
    Examples:
      xindaya run release.mt.toml --record --label delivery=3
      xindaya history
      xindaya history --trend chrF2 --trend adherence --system vendor-a
      xindaya history --term 网信办 -o history.html
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.store import Store, run_ids

    store = Store(options["store"], say=say)
    if options["tidy"]:
        for folder in store.tidy():
            say(f"Removed: {folder}")
    if not run_ids(store.folder):
        raise InputError(
            store.folder, "no recorded run", "a run store",
            hint="record one with --record, or name the store with --store or XINDAYA_STORE",
        )  # fmt: skip
    if options["rebuild"]:
        say(f"Index: {counted(len(store.rebuild()), 'run')}")
    wanted = _filter(options)
    runs = store.runs(wanted)
    if not runs:
        say("No run fits.")
    trends = _trends(runs, options["measures"])
    terms = [_term(store, runs, term) for term in options["terms"]]
    if options["output"]:
        with writing_page(options["output"], force=options["force"]):
            _write_page(store, runs, terms, options["output"])
    _show(store, runs, trends, terms, options)


def _filter(options: dict[str, Any]) -> RunFilter:
    from xindaya.metrics.history import RunFilter

    return RunFilter(
        systems=options["systems"],
        corpus=options["corpus"],
        name=options["name"],
        since=_moment(options["since"]),
        labels=options["labels"],
        limit=options["limit"],
    )


def _moment(text: str) -> str:
    """Returns a date or time as runs say when they were recorded."""
    if not text:
        return ""
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"--since {preview(text)}: expected a date such as 2026-11-21 or 2026-11-21T10:15"
        ) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _trends(runs: Sequence[RecordedRun], measures: Sequence[str]) -> list[Trend]:
    from xindaya.metrics.measures import measure_named
    from xindaya.metrics.trends import measures_of, score_trend

    known = dict.fromkeys(measures_of(runs))
    found = [measure_named(n, known, f"--trend {preview(n)}: no run has it") for n in measures]
    return [score_trend(measure, runs) for measure in found]


def _term(store: Store, runs: Sequence[RecordedRun], term: str) -> TermTrend:
    from xindaya.metrics.trends import term_trend

    concepts = store.concepts(term)
    if len(concepts) > 1 and term in concepts:
        concepts = [term]
    if len(concepts) != 1:
        found = f"names {len(concepts)} concepts, {', '.join(concepts)}: give one of them"
        nothing = "occurs in no recorded run; give a source term of the termbase or a concept id"
        raise UsageError(f"--term {preview(term)} {found if concepts else nothing}")
    return term_trend(concepts[0], runs, store.renderings(concepts[0]))


def _write_page(
    store: Store, runs: Sequence[RecordedRun], terms: Sequence[TermTrend], path: Path
) -> None:
    """Writes the page: every measure, and the terms asked for, else those most often astray."""
    from xindaya.metrics.trends import score_trend, shown_measures, worst_terms
    from xindaya.pairs.files import write_text
    from xindaya.reports.html.history import render_history

    trends = [score_trend(measure, runs) for measure in shown_measures(runs)]
    shown = list(terms) or worst_terms(runs, store.renderings())
    write_text(path, render_history(runs, trends, shown))
    say(f"Page: {path}")


def _show(
    store: Store,
    runs: Sequence[RecordedRun],
    trends: Sequence[Trend],
    terms: Sequence[TermTrend],
    options: dict[str, Any],
) -> None:
    if options["kind"] == "json":
        from xindaya.reports.history import history_json

        click.echo(history_json(runs, trends, terms), nl=False)
        return
    from xindaya.reports.history import list_runs, show_term, show_trend

    digits, (_, colour) = options["width"], screen()
    parts = [show_trend(t, digits=digits, colour=colour) for t in trends]
    parts += [show_term(t, colour=colour) for t in terms]
    if not parts and runs:
        listed = runs if options["limit"] else runs[-_LISTED:]
        parts = [list_runs(listed, earlier=len(runs) - len(listed), digits=digits, colour=colour)]
    click.echo("\n".join(parts), nl=False)

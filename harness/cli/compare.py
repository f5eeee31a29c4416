"""``xindaya compare``: what changed from one run to another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import (
    counts,
    digits_option,
    force_option,
    format_option,
    quiet_option,
    seed_option,
)
from xindaya.cli.output import screen
from xindaya.cli.recording import store_option
from xindaya.cli.writing import writing_page
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.metrics.changes import Changes


@click.command(cls=Command)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--map",
    "renamed",
    multiple=True,
    metavar="OLD=NEW",
    help="A system with another name in the new run; repeat for several.",
)
@click.option(
    "--system",
    "only",
    multiple=True,
    metavar="NAME",
    help="Compare only this system of the new run; repeat for several.",
)
@click.option("--by", "metric", metavar="METRIC", help="Order segments by it.  [chrF]")
@click.option(
    "--worst",
    type=counts(0),
    default=5,
    show_default=True,
    help="How many segments that lost most to show (JSON has all).",
)
@click.option(
    "--best",
    type=counts(0),
    default=2,
    show_default=True,
    help="How many segments that gained most to show (JSON has all).",
)
@seed_option()
@click.option(
    "--fail-on",
    "allowances",
    multiple=True,
    metavar="MEASURE:CHANGE",
    help="Exit with 1 if a real loss is larger: chrF2:-1.0, BLEU:-2%, chrF2/segment:-40, terms:+0.",
)
@click.option(
    "--undecided",
    type=click.Choice(("pass", "fail")),
    default="pass",
    show_default=True,
    help="What a loss comes to that the data are too few to judge.",
)
@format_option("text", "json", "markdown")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Also write a page.",
)
@force_option()
@digits_option("JSON has")
@store_option
@quiet_option("No messages.")
def command(old: str, new: str, **options: Any) -> int:
    """Show what got better and what got worse from run OLD to run NEW.

    Each is a run folder, as score -o and run -o write it, or a run of the store: its id or the
    beginning of it, latest, or latest~1 for the one before it of the same name and test set;
    release:latest is the latest of that name. Runs that were not measured alike (test set,
    signature, termbase) are refused, and what differs is named.

    \b
    Examples:
      xindaya compare monday friday
      xindaya compare latest~1 latest -f markdown > comment.md
      xindaya compare release:latest~1 release:latest
      xindaya compare old new --map vendor-a=vendor-b -o changes.html
      xindaya compare old new --fail-on chrF2:-0.5 --fail-on terms:+0

    A difference is real if p < 0.05 in the paired randomisation test, after Holm's correction for
    all systems whose output changed.
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.metrics.changes import compare_evaluations, match_systems
    from xindaya.metrics.judging.alike import check_same_measure
    from xindaya.runs import load_run
    from xindaya.store import resolve_run

    folders = resolve_run(old, options["store"]), resolve_run(new, options["store"])
    before, after = map(load_run, folders)
    names = _names(*folders)
    # Before systems are matched: other names are no mistake in a run of something else.
    check_same_measure(before, after, names)
    changes = compare_evaluations(
        before,
        after,
        match_systems(
            before.systems, after.systems, renamed=_renamed(options["renamed"]),
            only=options["only"],
        ),
        names=names,
        seed=options["seed"],
    )  # fmt: skip
    metric = _metric(changes, options["metric"])
    losses = _losses(changes, options["allowances"], fails=options["undecided"] == "fail")
    if options["output"]:
        with writing_page(options["output"], force=options["force"]):
            _write_page(changes, options["output"], metric, _titles(folders, names))
        if not options["quiet"]:
            click.echo(f"Page: {options['output']}", err=True)
    shown = {"worst": options["worst"], "best": options["best"], "metric": metric}
    click.echo(_render(changes, options["kind"], options["width"], shown), nl=False)
    for loss in losses:
        click.echo(f"fail-on: {loss}", err=True)
    return 1 if losses else 0


def _losses(changes: Changes, given: Sequence[str], *, fails: bool) -> list[str]:
    from xindaya.gates import parse_allowance
    from xindaya.regressions import real_losses

    metrics = [*changes.old.metrics.values(), *changes.new.metrics.values()]
    allowances = [parse_allowance(text, metrics) for text in given]
    return real_losses(changes, allowances, undecided_fails=fails) if allowances else []


def _render(changes: Changes, kind: str, digits: int, shown: dict[str, Any]) -> str:
    from xindaya.reports import changes as views

    if kind == "json":
        return views.changes_to_json(changes)
    if kind == "markdown":
        return views.changes_to_markdown(changes, digits=digits, **shown)
    width, colour = screen()
    return views.changes_to_text(changes, digits=digits, width=width, colour=colour, **shown)


def _write_page(changes: Changes, path: Path, metric: str, titles: tuple[str, str]) -> None:
    from xindaya.pairs.files import write_text
    from xindaya.reports.html.changes import render_changes

    write_text(path, render_changes(changes, metric=metric, titles=titles))


def _renamed(arguments: Sequence[str]) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for argument in arguments:
        before, equals, after = argument.partition("=")
        if not (equals and before and after):
            raise UsageError(f"--map {argument!r}: expected OLD=NEW")
        if before in renamed:
            raise UsageError(f"--map: {before!r} is mapped twice")
        renamed[before] = after
    return renamed


def _metric(changes: Changes, given: str | None) -> str:
    if given is None:
        return changes.leading_metric
    from xindaya.metrics.measures import measure_named

    unknown = f"--by {given!r}: not compared in both runs"
    return measure_named(given, dict.fromkeys(changes.metrics), unknown)


def _titles(folders: tuple[Path, Path], names: tuple[str, str]) -> tuple[str, str]:
    """Returns what the page calls the runs: recorded ones by what the user called them."""
    first, second = map(_title, folders, names)
    return (first, second) if first != second else names


def _title(folder: Path, name: str) -> str:
    from xindaya.reports.history.labels import called
    from xindaya.run_sums import RECORD
    from xindaya.store.numbers import read_record

    if not (folder / RECORD).is_file():
        return name
    record = read_record(folder)
    said = called(record["labels"], record["note"]) or record["recorded"][:10]
    return f"{record['name']}, {said}" if record["name"] else said


def _names(old: Path, new: Path) -> tuple[str, str]:
    """Returns short names for two folders that tell them apart, without any absolute path."""
    paths = old.resolve(), new.resolve()
    for depth in (1, 2, 3):
        first, second = ("/".join(path.parts[-depth:]) for path in paths)
        if first != second:
            return first, second
    return "old", "new"

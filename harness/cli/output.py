"""What the evaluating commands share: output options, and printing a finished evaluation."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xindaya.cli.corpora import show_left_out, show_notes
from xindaya.cli.options import digits_option, format_option, quiet_option
from xindaya.pairs import NothingToEvaluateError, UsageError
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.cli.recording import Recording
    from xindaya.metrics import Evaluation


_Function = TypeVar("_Function", bound=Callable[..., Any])

FORMATS = ("text", "json", "tsv", "markdown", "latex")


def output_options(function: _Function) -> _Function:
    """Adds the options that say how results are shown; --force stands beside them."""
    for decorate in (
        quiet_option(),
        digits_option("JSON and TSV have"),
        click.option("--previous", metavar="RUN", callback=_with_report,
                     help="With -o: show how terms changed since this run."),
        # Eager, so that --previous knows whether it is given.
        click.option("-o", "--output", is_eager=True, type=click.Path(path_type=Path), metavar="DIR",
                     help="Also write the run folder with report.html."),
        format_option(*FORMATS),
    ):  # fmt: skip
        function = decorate(function)
    return function


def _with_report(ctx: click.Context, _option: click.Parameter, run: str | None) -> str | None:
    if run is not None and ctx.params.get("output") is None:
        raise UsageError("--previous is shown in the report: add -o DIR")
    return run


def check_place(output: Path | None, *, force: bool, reads: Iterable[Path | None] = ()) -> None:
    """Refuses a place for a run folder; to be asked before anything is computed.

    Args:
        output: What -o names, if anything.
        force: Replace a run of other content.
        reads: What the command reads besides what its options name.

    Raises:
        InputError: If what stands there is no earlier run, or is an input.
    """
    if output is not None:
        from xindaya.cli.writing import check_unread
        from xindaya.pairs.files import check_folder
        from xindaya.run_sums import check_ours

        check_unread(output, reads)
        check_folder(output, partial(check_ours, force=force))


def earlier_run(
    given: str | None, recording: Recording | None = None, name: str = ""
) -> Path | None:
    """Finds the run of --previous; to be asked before anything is computed.

    Args:
        given: What the user typed.
        recording: Where this run will be recorded, if anywhere: the earlier one is sought there.
        name: Of this run, unless the user gave one; ``latest`` is the latest of that name.
    """
    if given is None:
        return None
    from xindaya.store import resolve_run

    store = recording.store if recording else None
    name = recording.remark.name or name if recording else name
    return resolve_run(given, store, of=name, same_texts=False)


def show(
    evaluation: Evaluation,
    *,
    kind: str,
    width: int,
    output: Path | None,
    quiet: bool,
    previous: Path | None = None,
    recording: Recording | None = None,
    name: str = "",
    short: bool = False,
    no_color: bool = False,
    force: bool = False,
) -> int:
    """Prints the evaluation, writes and records it if asked to, and returns the exit code.

    Args:
        evaluation: What to show.
        kind: One of `FORMATS`.
        width: Digits after the point.
        output: Where to write the run folder, if anywhere.
        quiet: Say nothing on stderr.
        previous: Run folder whose terms the report compares with.
        recording: Where to record the run, if anywhere.
        name: Of the recorded run, unless the user gave one; empty for the corpus's name.
        short: Show short signatures; JSON and TSV have always all.
        no_color: Show no colours.
        force: Replace a run of other content.

    Raises:
        NothingToEvaluateError: If nothing was scored and nothing was asked of the scores.
    """
    if not (evaluation.metrics or evaluation.terminology or evaluation.gates):
        reasons = dict.fromkeys(f"{u.metric} not scored: {u.reason}" for u in evaluation.unscored)
        raise NothingToEvaluateError("\n".join(reasons) or "there is nothing to score")
    if output is not None:
        from xindaya.runs import save_run

        delivery = None
        if previous:
            from xindaya.deliveries import last_delivery

            delivery = last_delivery(evaluation, previous)
        save_run(evaluation, output, previous=delivery, force=force)
    if recording is not None:
        recording.record(evaluation, name=name, quiet=quiet)
    if short and kind not in ("json", "tsv"):
        from xindaya.metrics.oracle import shortened

        signatures = {name: shortened(text) for name, text in evaluation.signatures.items()}
        evaluation = replace(evaluation, signatures=MappingProxyType(signatures))
    if not quiet:
        show_notes(evaluation.notes)
    if evaluation.terminology is not None and not quiet:
        show_left_out(evaluation.terminology.termbase.left_out)
    click.echo(_render(evaluation, kind, width, no_color=no_color), nl=False)
    if not quiet and (undecided := sum(g.undecided for g in evaluation.gates)):
        gates = counted(undecided, "gate is", "gates are")
        way = 'undecided = "fail" in the spec makes that fail'
        click.echo(f"{gates} undecided: too few segments differ to tell; {way}", err=True)
    if output is not None and not quiet:
        click.echo(f"Report: {output / 'report.html'}", err=True)
    return 0 if evaluation.passed else 1


def _render(evaluation: Evaluation, kind: str, width: int, *, no_color: bool) -> str:
    if kind == "text":
        from xindaya.reports.text import to_text

        columns, colour = screen()
        return to_text(evaluation, width=columns, digits=width, colour=colour and not no_color)
    from xindaya.reports import machine

    if kind in ("markdown", "latex"):
        return getattr(machine, f"to_{kind}")(evaluation, width)  # type: ignore[no-any-return]
    return {"json": machine.to_json, "tsv": machine.to_tsv}[kind](evaluation)


def screen() -> tuple[int, bool]:
    """Returns how wide stdout is and whether it shows colours; NO_COLOR is respected."""
    if not sys.stdout.isatty():
        return 100, False
    import shutil

    return shutil.get_terminal_size().columns, "NO_COLOR" not in os.environ

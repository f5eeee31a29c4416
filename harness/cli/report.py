"""``xindaya report``: the views of a saved run, written again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import force_option, quiet_option
from xindaya.cli.recording import store_option
from xindaya.cli.writing import writing
from xindaya.pairs import InputError, UsageError

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation
    from xindaya.metrics.terminology.deliveries import Delivery

_SUFFIXES = (".html", ".md", ".pdf")


@click.command(cls=Command)
@click.argument("run", metavar="RUN")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE",
    help="FILE.html, FILE.md, FILE.pdf, or a folder for all three.  [RUN/report.html]",
)
@click.option("--previous", metavar="RUN", help="Show how terms changed since this run.")
@click.option(
    "--lang",
    type=click.Choice(("en", "zh")),
    default="en",
    show_default=True,
    help="Language of the PDF (the HTML report has both, Markdown is English).",
)
@store_option
@force_option()
@quiet_option("No messages.")
def command(
    run: str,
    output: Path | None,
    previous: str | None,
    lang: str,
    store: Path,
    force: bool,
    quiet: bool,
) -> None:
    """Write the report of a saved run again.

    RUN is a run folder, as score -o and run -o write it, or a run of the store: its id or the
    beginning of it, latest, or latest~1 for the one before it of the same name; release:latest is
    the latest of that name, which --previous understands without it. The Markdown and PDF forms are
    the summary: the verdict, scores and tests, and the terms that drift. The PDF is printed by an
    installed Chromium or Chrome (CHROME names one that is not on the path). A large report has its
    texts in a folder beside it.

    \b
    Examples:
      xindaya report run
      xindaya report friday --previous monday -o friday.html
      xindaya report latest -o summary.pdf --lang zh
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.deliveries import last_delivery
    from xindaya.run_sums import RECORD, note_views
    from xindaya.runs import load_run
    from xindaya.store import resolve_run

    folder = resolve_run(run, store, same_texts=False)
    if output is None and (folder / RECORD).exists():
        raise UsageError(f"{run} is a recorded run, which is never changed: say where with -o")
    kind = _kind(output)
    if kind == ".md" and lang != "en":
        raise UsageError("--lang zh is for the PDF: the Markdown summary is in English only")
    evaluation = load_run(folder)
    delivery = None
    if previous:
        earlier = resolve_run(previous, store, of=_recorded_name(folder), same_texts=False)
        delivery = last_delivery(evaluation, earlier)
    place = output or folder
    if kind:
        files = {kind: place}
    elif output is None:
        files = {".html": place / "report.html"}
    else:
        files = _all(place, quiet=quiet)
    written = [
        _write(evaluation, delivery, path, form, lang, force=force) for form, path in files.items()
    ]
    if any(path.resolve().parent == folder.resolve() for path in written):
        note_views(folder)
    if not quiet:
        for path in written:
            click.echo(f"Report: {path}", err=True)


def _recorded_name(folder: Path) -> str:
    """Returns the name that a run was recorded under; empty for another folder."""
    from xindaya.run_sums import RECORD
    from xindaya.store.numbers import read_record

    return str(read_record(folder)["name"]) if (folder / RECORD).exists() else ""


def _kind(output: Path | None) -> str:
    """Returns the form that a file name asks for; empty for a folder."""
    suffix = output.suffix.lower() if output else ""
    if output is None or output.is_dir():
        if suffix in _SUFFIXES:
            raise InputError(output or "", "a folder", f"the name of a file, such as new{suffix}")
        return ""
    if output.exists() and suffix not in _SUFFIXES:
        raise InputError(output, "a file", "a folder, or a name with .html, .md or .pdf")
    if suffix and suffix not in _SUFFIXES:
        raise UsageError(
            f"-o {output}: a report is written as {', '.join(_SUFFIXES)}, or into a folder"
        )
    return suffix


def _all(folder: Path, *, quiet: bool) -> dict[str, Path]:
    """Returns where every form goes in a folder; the PDF only where something can print it."""
    from xindaya.reports.pdf import find_chromium

    names = {".html": "report.html", ".md": "summary.md", ".pdf": "summary.pdf"}
    if find_chromium() is None:
        del names[".pdf"]
        if not quiet:
            click.echo("No PDF: neither Chromium nor Chrome is installed.", err=True)
    return {kind: folder / name for kind, name in names.items()}


def _write(
    evaluation: Evaluation,
    delivery: Delivery | None,
    path: Path,
    kind: str,
    lang: str,
    *,
    force: bool,
) -> Path:
    from xindaya.pairs.files import write_bytes, write_text
    from xindaya.reports.html import is_page
    from xindaya.run_sums import is_view

    path = path.with_suffix(kind)
    with writing(path, force=force, ours=lambda place: is_page(place) or is_view(place)):
        if kind == ".html":
            from xindaya.report_files import write_report

            write_report(evaluation, path, previous=delivery)
        elif kind == ".md":
            from xindaya.reports.summary import to_summary

            write_text(path, to_summary(evaluation, delivery))
        else:
            from xindaya.reports.html import render_summary
            from xindaya.reports.pdf import print_pdf

            write_bytes(path, print_pdf(render_summary(evaluation), fragment=f"lang={lang}"))
    return path

"""``xindaya check``: what is odd in the data, before anything is scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import (
    counts,
    documents_option,
    format_option,
    language_options,
    line_file_options,
    text_options,
    waivers_option,
)
from xindaya.cli.output import screen
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.pairs import Corpus
    from xindaya.pairs.checks import DataFinding


def _list_checks(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from xindaya.reports.checks import list_checks

        width, colour = screen()
        click.echo(list_checks(width=width, colour=colour), nl=False)
        ctx.exit()


@click.command(cls=Command)
@click.argument("corpus", required=False, type=click.Path(path_type=Path))
@line_file_options("Source text.")
@language_options
@documents_option
@click.option(
    "--off",
    multiple=True,
    metavar="KINDS",
    help="Checks that do not run; repeat or separate by commas.",
)
@waivers_option("Findings that a reviewer has accepted: ids, one a line.")
@format_option("text", "json", "tsv", of="findings")
@click.option(
    "--examples",
    type=counts(0),
    default=3,
    show_default=True,
    help="Examples of each kind in the text form.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning")),
    help="Exit with 1 if there is a finding that is at least this bad.",
)
@text_options("Of all line files.")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_checks,
    help="Show all checks and how they decide.",
)
def command(**options: Any) -> int:
    """List what is odd in the texts of a corpus, without changing anything.

    CORPUS is a corpus folder, a .tsv or a .jsonl file, or a run folder; or give files with one
    segment a line.

    \b
    Examples:
      xindaya check corpus
      xindaya check pairs.tsv --off duplicate,ascii-punctuation --fail-on error
      xindaya check -s src.zh -r ref.en -i vendor=vendor.en -f tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs.checks import check_corpus_data, choose
    from xindaya.pairs.waivers import read_waivers

    off = tuple(k.strip() for kinds in options["off"] for k in kinds.split(",") if k.strip())
    choose(off)
    waivers = read_waivers(options["waivers"]) if options["waivers"] else {}
    corpus = _read(options)
    findings = check_corpus_data(corpus, off=off, waivers=waivers)
    click.echo(_render(findings, corpus, off, options), nl=False)
    return _exit_code(findings, options["fail_on"])


def _read(options: dict[str, Any]) -> Corpus:
    from xindaya.cli.corpora import read_texts, show_notes
    from xindaya.cli.files import named_files
    from xindaya.pairs import read_parallel

    path: Path | None = options["corpus"]
    files = bool(options["source"] or options["references"] or options["systems"])
    if files == (path is not None):
        raise UsageError("give either CORPUS or line files with -s, -r and -i")
    languages = {key: options[key] for key in ("source_lang", "target_lang")}
    if path is not None:
        return read_texts(path, **languages, max_chars=options["max_segment_chars"])
    notes: list[str] = []
    corpus = read_parallel(
        source=options["source"],
        references=named_files(options["references"], "reference", letters=True),
        systems=named_files(options["systems"], "input"),
        documents=options["docs"],
        name=options["source"].stem if options["source"] else "check",
        encoding=options["encoding"],
        max_chars=options["max_segment_chars"],
        notes=notes,
        **languages,
    )
    show_notes(notes)
    return corpus


def _render(
    findings: Sequence[DataFinding], corpus: Corpus, off: Sequence[str], options: dict[str, Any]
) -> str:
    from xindaya.reports import checks

    if options["kind"] == "json":
        return checks.checks_to_json(findings, corpus, off=off)
    if options["kind"] == "tsv":
        return checks.checks_to_tsv(findings)
    width, colour = screen()
    return checks.checks_to_text(
        findings, corpus, width=width, colour=colour, examples=options["examples"]
    )


def _exit_code(findings: Sequence[DataFinding], fail_on: str | None) -> int:
    from xindaya.pairs.checks import SEVERITIES

    if fail_on is None:
        return 0
    bad = SEVERITIES[: [*SEVERITIES].index("error" if fail_on == "error" else "warning") + 1]
    return int(any(f.severity in bad for f in findings))

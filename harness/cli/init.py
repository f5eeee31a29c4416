"""``xindaya init``: a benchmark suite for a repository."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.files import named_files
from xindaya.cli.options import (
    documents_option,
    language_options,
    line_file_options,
    termbase_option,
)
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.starter import Suite, Texts

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("root", type=_PATH, default=Path(), metavar="[DIR]")
@click.option(
    "--name", default="release", show_default=True, metavar="NAME", help="Name of the spec."
)
@click.option(
    "--ci",
    type=click.Choice(("github", "gitlab", "both", "none")),
    default="both",
    show_default=True,
    help="Which CI service to write a file for.",
)
@click.option("--corpus", type=_PATH, metavar="PATH", help="A corpus of your own.")
@line_file_options("Source text of your own.")
@language_options
@termbase_option("A termbase of your own.")
@documents_option
def command(root: Path, name: str, ci: str, **options: Any) -> None:
    """Write a benchmark suite that pytest runs into the repository DIR.

    A folder translation/ with a spec, sample texts, a termbase, a README and a baseline that is
    measured now; and files for CI. No file that is there is changed. Texts of your own stay where
    they are, and the spec names them.

    \b
    Examples:
      xindaya init
      xindaya init --ci github -s test.zh -r test.en -i vendor-a=a.en --terms terms.tsv
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.starter import CI, make_suite, place

    suite = make_suite(_texts(root, options), name, CI[ci])
    place(root, suite.files)
    _show(root, suite)


def _texts(root: Path, options: dict[str, Any]) -> Texts:
    from xindaya.starter import Texts, sample_texts

    lines = bool(options["source"] or options["references"] or options["systems"])
    if options["corpus"] and (lines or options["docs"]):
        raise UsageError("--corpus or files with one segment a line: choose one of them")
    languages = {key: options[key] for key in ("source_lang", "target_lang")}
    if options["corpus"]:
        return Texts(root, options["corpus"], languages=languages, termbase=options["terms"])
    if not lines and any(languages.values()):
        raise UsageError(
            "-sl and -tl are for files with one segment a line, and for --corpus: add -r FILE -i FILE"
        )
    if not lines:
        if options["terms"] or options["docs"]:
            raise UsageError("--terms and --docs need texts of yours: -s FILE -r FILE -i FILE")
        return sample_texts(root)
    if not (options["references"] and options["systems"]):
        raise UsageError("texts of yours need a reference (-r FILE) and a system (-i FILE)")
    if options["terms"] and not options["source"]:
        raise UsageError("--terms needs the source text: add -s FILE")
    files = {
        "source": options["source"],
        "references": named_files(options["references"], "reference", letters=True),
        "systems": named_files(options["systems"], "input"),
        "documents": options["docs"],
    }
    return Texts(root, files=files, languages=languages, termbase=options["terms"])


def _show(root: Path, suite: Suite) -> None:
    """Prints what was written, what was measured, and what comes next."""
    from xindaya.pairs.errors import ascii_controls

    click.echo(f"{ascii_controls(str(root))}/")
    for line in _tree(map(PurePosixPath, suite.files)):
        click.echo(f"  {line}")
    click.echo("\nBaseline:")
    scores = suite.evaluation.scores
    for system in suite.evaluation.systems:
        numbers = "  ".join(f"{metric} {values[system]:.2f}" for metric, values in scores.items())
        click.echo(f"  {ascii_controls(system)}  {numbers}")
    click.echo("\nNext:" if root == Path() else f"\nNext, in {ascii_controls(str(root))}:")
    commands = {
        f"pytest {suite.spec}": "check",
        f"xindaya run {suite.spec} -o translation/report": "show",
        f"pytest {suite.spec} --mt-update-baseline": "accept what is measured",
    }
    for line, what in commands.items():
        click.echo(f"  {line:{max(map(len, commands))}}  # {what}")
    for note in suite.notes:
        click.echo("\n".join(map(ascii_controls, f"note: {note}".split("\n"))), err=True)


def _tree(paths: Iterable[PurePosixPath]) -> list[str]:
    """Returns paths as an indented tree, folders with a slash."""
    lines: dict[tuple[str, ...], str] = {}
    for path in sorted(paths):
        for depth, part in enumerate(path.parts, 1):
            slash = "/" * (depth < len(path.parts))
            lines[path.parts[:depth]] = "  " * (depth - 1) + part + slash
    return list(lines.values())

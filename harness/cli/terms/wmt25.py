"""``xindaya terms wmt25``: the term success rate of the WMT25 terminology task."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command, Several
from xindaya.cli.options import format_option, language_options
from xindaya.pairs import InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.errors import preview


@click.command(cls=Command)
@click.option(
    "-r",
    "--reference",
    "references",
    cls=Several,
    required=True,
    type=click.Path(path_type=Path),
    help="Reference file of one year (full_data_YEAR.jsonl), one or more.",
)
@click.option(
    "-i",
    "--input",
    "inputs",
    cls=Several,
    required=True,
    metavar="NAME=FILE",
    help="Submission of a system for one year, in the order of the references.",
)
@language_options
@format_option("text", "json")
def command(
    references: tuple[Path, ...],
    inputs: tuple[str, ...],
    source_lang: str | None,
    target_lang: str | None,
    kind: str,
) -> None:
    """Score submissions to the WMT25 terminology task, track 2, by its own rules.

    Each document is one segment for BLEU and chrF2++, as in the task. Beside the task's success
    rate stands our stricter check, by passage and longest match.

    \b
    Example:
      xindaya terms wmt25 -r full_data_2016.jsonl -r full_data_2018.jsonl \
          -i CommandA=CommandA.2016.jsonl -i CommandA=CommandA.2018.jsonl
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs.direction import DEFAULT, stated
    from xindaya.wmt25 import evaluate_wmt25

    direction = stated(source_lang, target_lang) or DEFAULT
    languages = direction.source, direction.target
    gold = [row for path in references for row in _rows(path, languages)]
    systems: dict[str, list[dict[str, Any]]] = {}
    files: dict[str, int] = {}
    for argument in inputs:
        name, equals, file = argument.partition("=")
        if not equals or not file:
            raise UsageError(f"--input {argument!r}: expected NAME=FILE")
        systems.setdefault(name, []).extend(_rows(Path(file), languages[1:]))
        files[name] = files.get(name, 0) + 1
    for name, rows in systems.items():
        if files[name] != len(references) or len(rows) != len(gold):
            raise UsageError(
                f"system {name!r} has {files[name]} files with {len(rows)} documents for "
                f"{len(references)} reference files with {len(gold)}"
            )
    if not gold:
        raise NothingToEvaluateError("the reference files hold no document")
    results = {name: evaluate_wmt25(gold, rows, *languages) for name, rows in systems.items()}
    if kind == "json":
        content = {"schema_version": 1, "documents": len(gold), "systems": results}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for name, numbers in results.items():
        click.echo(name)
        for measure, value in numbers.items():
            shown = "–" if value is None else f"{value:.4f}" if isinstance(value, float) else value
            click.echo(f"  {measure:<28} {shown}")


def _rows(path: Path, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Reads documents that have a text in these languages, and dictionaries that are some."""
    from xindaya.pairs.formats.jsonl import parse_json
    from xindaya.pairs.formats.termbase.wmt25 import MODES
    from xindaya.pairs.lines import read_lines

    rows = []
    for number, line in enumerate(read_lines(path, max_chars=50_000_000), 1):
        row = parse_json(path, line, number)
        if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in languages):
            wanted = " and ".join(f'"{language}"' for language in languages)
            raise InputError(path, "no document", f"an object with texts {wanted}", line=number)
        for mode in MODES:
            if row.get(mode) and not _is_dictionary(row[mode]):
                found = f"{mode} = {preview(str(row[mode]))}"
                raise InputError(path, found, "{term: [renderings]}", line=number)
        rows.append(row)
    return rows


def _is_dictionary(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(targets, list) and all(isinstance(target, str) for target in targets)
        for targets in value.values()
    )

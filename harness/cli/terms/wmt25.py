"""``xindaya terms wmt25``: the term success rate of the WMT25 terminology task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from xindaya.cli.arguments import Command, Several
from xindaya.cli.options import format_option, language_options
from xindaya.pairs.errors import ascii_controls


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
    from xindaya.wmt_files import read_documents, read_systems
    from xindaya.wmt_terms import evaluate_wmt25

    direction = stated(source_lang, target_lang) or DEFAULT
    languages = direction.source, direction.target
    gold = [row for path in references for row in read_documents(path, languages)]
    systems = read_systems(inputs, languages[1], (len(references), len(gold)))
    results = {name: evaluate_wmt25(gold, texts, *languages) for name, texts in systems.items()}
    show_measures(results, len(gold), kind)


def show_measures(
    results: Mapping[str, Mapping[str, float | int | bool | None]], documents: int, kind: str
) -> None:
    """Prints the measures of each system, as text or as JSON."""
    if kind == "json":
        content = {"schema_version": 1, "documents": documents, "systems": results}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for name, numbers in results.items():
        click.echo(ascii_controls(name))
        for measure, value in numbers.items():
            shown = "–" if value is None else f"{value:.4f}" if isinstance(value, float) else value
            click.echo(f"  {measure:<28} {shown}")

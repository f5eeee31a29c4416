"""``xindaya terms wmt26``: term success by the rule of the WMT26 terminology task."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command, Several
from xindaya.cli.options import format_option, language_options
from xindaya.cli.terms.wmt25 import show_measures


@click.command(cls=Command)
@click.option(
    "-r",
    "--reference",
    "references",
    cls=Several,
    required=True,
    type=click.Path(path_type=Path),
    help="Test set of 2026 (.json), or reference file of 2025 (full_data_YEAR.jsonl).",
)
@click.option(
    "-i",
    "--input",
    "inputs",
    cls=Several,
    required=True,
    metavar="NAME=FILE",
    help="Submission of a system, one for each reference file and in their order.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path),
    help="The translated sample: terms that are in its source are counted apart.",
)
@language_options
@format_option("text", "json")
def command(
    references: tuple[Path, ...],
    inputs: tuple[str, ...],
    sample: Path | None,
    source_lang: str | None,
    target_lang: str | None,
    kind: str,
) -> None:
    """Score submissions by the rule of the WMT26 terminology task.

    Every occurrence of a term asks for one span of its paragraph's translation that is one of its
    target forms; spans do not overlap, and as many occurrences as possible are served (exclusive).
    Beside it stand the rate with overlaps allowed, the rate of the reference itself (ceiling), and
    both for the random dictionary (control).

    \b
    Example:
      xindaya terms wmt26 -r hkma.finance.zhen.track2.json --sample sample.finance.zhen.json \
          -i mine=mine.sample.finance.zhen.json
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs.direction import DEFAULT, stated
    from xindaya.wmt_files import read_sample, read_systems, read_tasks
    from xindaya.wmt_terms import evaluate_wmt26

    direction = stated(source_lang, target_lang) or DEFAULT
    tasks = [t for p in references for t in read_tasks(p, direction.source, direction.target)]
    systems = read_systems(inputs, direction.target, (len(references), len(tasks)))
    known = read_sample(sample, direction.source) if sample else None
    results = {name: evaluate_wmt26(tasks, texts, known) for name, texts in systems.items()}
    show_measures(results, len(tasks), kind)

"""``xindaya terms check``: aligned texts against a termbase."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import read_texts
from xindaya.cli.options import (
    fold_scripts_option,
    force_option,
    language_options,
    termbase_option,
    waivers_option,
)
from xindaya.cli.output import check_place, earlier_run, output_options, show


@click.command(cls=Command)
@click.argument("pairs", type=click.Path(path_type=Path))
@termbase_option(required=True)
@language_options
@waivers_option("Occurrences that a reviewer has accepted.")
@fold_scripts_option("Match Simplified and Traditional together.")
@click.option(
    "--gate",
    "gates",
    multiple=True,
    metavar="RULE",
    help='Exit with 1 if missed, such as "forbidden <= 0"; repeatable.',
)
@force_option()
@output_options
def command(
    pairs: Path,
    terms: Path,
    source_lang: str | None,
    target_lang: str | None,
    waivers: Path | None,
    fold_scripts: bool,
    gates: tuple[str, ...],
    **shown: Any,
) -> int:
    """Check how PAIRS render the terms of a termbase.

    PAIRS is a corpus folder or file, NAME=FILE for the delivery of somebody, or a run folder. Its
    systems are checked against its source, and its references beside them; without systems, the
    references are.
    """
    from xindaya.api import references_as_systems
    from xindaya.evaluation import evaluate
    from xindaya.gates import apply_gates, parse_rule
    from xindaya.pairs.waivers import read_waivers
    from xindaya.progress import progress_bar
    from xindaya.settings import Settings

    check_place(shown["output"], force=shown["force"])
    shown["previous"] = earlier_run(shown["previous"])
    rules = [parse_rule(gate) for gate in gates]
    languages = {"source_lang": source_lang, "target_lang": target_lang}
    corpus = read_texts(pairs, quiet=shown["quiet"], **languages)
    corpus = corpus if corpus.systems else references_as_systems(corpus)
    settings = Settings(
        metrics=(),
        test=None,
        confidence_samples=0,
        waivers=tuple(read_waivers(waivers)) if waivers else (),
        fold_scripts=fold_scripts,
    )
    with progress_bar(quiet=shown["quiet"]) as progress:
        evaluation = evaluate(
            corpus,
            termbase=terms,
            settings=settings,
            progress=progress,
            command="xindaya terms check",
        )
    evaluation = replace(evaluation, gates=apply_gates(evaluation, rules))
    return show(evaluation, **shown)

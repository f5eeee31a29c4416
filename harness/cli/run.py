"""``xindaya run``: evaluate a spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_left_out, show_notes
from xindaya.cli.options import chosen_sources, force_option, language_options, scores_options
from xindaya.cli.output import check_place, earlier_run, output_options, show
from xindaya.cli.recording import Recording, record_options


@click.command(cls=Command)
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC")
@language_options
@scores_options
@force_option()
@output_options
@record_options
def command(
    spec: Path,
    source_lang: str | None,
    target_lang: str | None,
    recording: Recording | None,
    scores: tuple[str, ...],
    scorers: tuple[str, ...],
    judges: tuple[str, ...],
    **shown: Any,
) -> int:
    """Evaluate SPEC, a NAME.mt.toml file, and check its gates.

    \b
    A spec:
      corpus = "corpus"
      metrics = ["bleu", "chrf"]
      termbase = "terms.tsv"
      baseline = "vendor-a"
      gates = ["chrF2 >= 55", "forbidden <= 0"]

    Exit code 1 means that a gate failed.
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs.sources import printed_name
    from xindaya.progress import progress_bar
    from xindaya.spec import load_spec, run_spec, with_languages, with_scores

    loaded = with_languages(load_spec(spec), source_lang, target_lang)
    sources = chosen_sources({"scores": scores, "scorers": scorers, "judges": judges})
    loaded = with_scores(loaded, sources)
    reads = [loaded.corpus, loaded.termbase, *loaded.human]
    reads += [file for source in loaded.settings.scores for file in source.files.values()]
    check_place(shown["output"], force=shown["force"], reads=reads)
    shown["previous"] = earlier_run(shown["previous"], recording, loaded.name)
    notes: list[str] = []
    with progress_bar(quiet=shown["quiet"]) as progress:
        evaluation = run_spec(
            loaded, notes=notes, progress=progress, command=f"xindaya run {printed_name(spec.name)}"
        )
    if not shown["quiet"]:
        show_notes(notes)
        show_left_out(evaluation.corpus.left_out)
    return show(evaluation, **shown, recording=recording, name=loaded.name)

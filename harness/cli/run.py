"""``xindaya run``: evaluate a spec."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.output import output_options, show


@click.command()
@click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC")
@output_options
def command(spec: Path, kind: str, output: Path | None, width: int, quiet: bool) -> int:
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
    from xindaya.progress import progress_bar
    from xindaya.spec import load_spec, run_spec

    loaded = load_spec(spec)
    with progress_bar(quiet=quiet) as progress:
        evaluation = run_spec(loaded, progress=progress, command=f"xindaya run {spec.name}")
    return show(evaluation, kind=kind, width=width, output=output, quiet=quiet)

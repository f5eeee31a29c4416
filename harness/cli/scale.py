"""``xindaya scale``: a corpus too large for one process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.arguments import Command, Several
from xindaya.cli.corpora import show_notes
from xindaya.cli.options import (
    FORCE_TOKENIZER,
    chosen_options,
    counts,
    digits_option,
    fold_scripts_option,
    force_option,
    format_option,
    language_options,
    metric_options,
    quiet_option,
)
from xindaya.cli.output import screen
from xindaya.pairs import UsageError
from xindaya.pairs.lines import LARGEST_MAX_CHARS, MAX_SEGMENT_CHARS

if TYPE_CHECKING:
    from xindaya.scale import Engine

ENGINES = ("processes", "serial", "dask")
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@click.command(cls=Command)
@click.option(
    "-i",
    "--input",
    "inputs",
    cls=Several,
    required=True,
    metavar="FILE…",
    help="TSV, JSON lines or Parquet with all texts: files or globs.",
)
@language_options
@metric_options
@force_option(f"{FORCE_TOKENIZER}.")
@click.option(
    "--terms",
    type=click.Path(path_type=Path),
    metavar="TERMBASE",
    help="Check terminology; a document's rows must then follow one another in one file.",
)
@fold_scripts_option("Match Simplified and Traditional terms together (needs OpenCC).")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="processes",
    show_default=True,
    help="Where blocks are scored; the numbers are the same.",
)
@click.option("--workers", type=counts(), metavar="N", help="Processes.  [default: one a core]")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask scheduler, tls://HOST:PORT; without, Dask workers are started on this machine.",
)
@click.option("--insecure", is_flag=True, help="Allow a scheduler elsewhere without TLS.")
@click.option("--tls-ca-file", type=click.Path(exists=True), metavar="FILE", help="For tls://.")
@click.option("--tls-cert", type=click.Path(exists=True), metavar="FILE", help="For tls://.")
@click.option("--tls-key", type=click.Path(exists=True), metavar="FILE", help="For tls://.")
@click.option("--block-size", metavar="SIZE", help="Of a block, such as 16M.  [default: by size]")
@click.option(
    "--keep-rows",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep the statistics of every segment, for paired tests.",
)
@click.option(
    "--max-segment-chars",
    type=click.IntRange(1, LARGEST_MAX_CHARS),
    default=MAX_SEGMENT_CHARS,
    show_default=True,
    help="Longest segment accepted.",
)
@quiet_option("No progress bar.")
@digits_option("JSON has")
@format_option("text", "json")
def command(**options: Any) -> int:
    """Score a corpus that is too large for one process.

    The files have the columns source, reference or reference:NAME, system:NAME and document. They
    are cut into blocks, scored in several processes or on a Dask cluster, and the sums added up:
    the numbers do not depend on how. There are no intervals and no paired tests here.

    \b
    Examples:
      xindaya scale -i 'parts/*.tsv' -m bleu,chrf --terms terms.tsv
      xindaya scale -i corpus.parquet --engine dask --scheduler tls://head:8786 -f json
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.metrics import make_metrics
    from xindaya.metrics.measures import MetricOptions
    from xindaya.progress import progress_bar
    from xindaya.scale import corpus_direction, score_blocks
    from xindaya.scale.views import to_json, to_text

    notes: list[str] = []
    direction = corpus_direction(
        options["inputs"], options["source_lang"], options["target_lang"],
        max_chars=options["max_segment_chars"], notes=notes,
    )  # fmt: skip
    if not options["quiet"]:
        show_notes(notes)
    chosen = MetricOptions(
        target_lang=direction.target,
        chosen=chosen_options(options),
        force=options["force"],
    )
    with progress_bar(quiet=options["quiet"]) as progress:
        result = score_blocks(
            options["inputs"],
            metrics=list(make_metrics(options["metrics"], chosen).values()),
            source_lang=direction.tags[0],
            target_lang=direction.tags[1],
            termbase=options["terms"],
            fold_scripts=options["fold_scripts"],
            engine=_engine(options),
            block_bytes=_bytes(options["block_size"]),
            max_chars=options["max_segment_chars"],
            keep_rows=options["keep_rows"],
            progress=progress,
        )
    if not options["quiet"]:
        show_notes(result.notes)
    if options["kind"] == "json":
        click.echo(to_json(result), nl=False)
    else:
        columns, colour = screen()
        text = to_text(result, width=columns, digits=options["width"], colour=colour)
        click.echo(text, nl=False)
    return 0


def _engine(options: dict[str, Any]) -> Engine:
    """Chooses the engine; an option that it would ignore is an error."""
    from xindaya.scale import processes, serial

    kind = options["engine"]
    cluster = ("scheduler", "insecure", "tls_ca_file", "tls_cert", "tls_key")
    given = [name for name in cluster if options[name]]
    if given and (kind != "dask" or not options["scheduler"]):
        option = "--" + given[0].replace("_", "-")
        raise UsageError(f"{option} is for --engine dask with --scheduler")
    if kind == "dask":
        from xindaya.scale.cluster import TLS, dask

        tls = TLS(options["tls_ca_file"], options["tls_cert"], options["tls_key"])
        return dask(
            workers=options["workers"],
            scheduler=options["scheduler"],
            tls=tls,
            insecure=options["insecure"],
        )
    if kind == "serial":
        if options["workers"] not in (None, 1):
            raise UsageError("--engine serial has one worker")
        return serial
    return processes(options["workers"])


def _bytes(size: str | None) -> int | None:
    """Reads a size such as 500000, 64K or 16M."""
    if size is None:
        return None
    digits, unit = size[:-1], size[-1:].upper()
    if unit not in _UNITS:
        digits, unit = size, ""
    if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
        raise UsageError(f"--block-size {size!r}: expected a number of bytes, such as 16M")
    return int(digits) * _UNITS[unit]

"""``xindaya terms learn``: a draft of a termbase from a translated sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import read_texts
from xindaya.cli.options import (
    counts,
    force_option,
    language_options,
    quiet_option,
    translation_options,
)
from xindaya.cli.writing import check_place, writing
from xindaya.pairs import NothingToEvaluateError, UsageError
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.metrics.terminology.discovery.learning import Draft

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("sample", type=_PATH)
@language_options
@translation_options("learn from")
@click.option(
    "--minimum",
    type=counts(2),
    default=3,
    show_default=True,
    metavar="N",
    help="Occurrences with a rendering from which a term is learnt.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    metavar="S",
    help="Least share of the usual rendering in them.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    metavar="C",
    help="Least confidence of a rendering.",
)
@click.option(
    "-o", "--output", type=_PATH, required=True, metavar="DRAFT.tsv", help="The termbase to write."
)
@force_option()
@quiet_option()
def command(sample: Path, source_lang: str | None, target_lang: str | None, text: str | None, background: Path | None,
            minimum: int, share: float, confidence: float, output: Path, force: bool, quiet: bool) -> int:  # fmt: skip
    """Learn a termbase from a translated sample, for a person to decide on.

    A term is learnt if it has the shape of a name and a usual rendering, which becomes preferred.
    Other renderings that recur are written as admitted; the column decide says what a person has to
    settle (a usual rendering, too, with less than 0.7 of the occurrences or a confidence below 0.9), note how
    often a rendering stands and where first, confidence how sure the reading is.
    Terms with one usual rendering become one concept. The most useful concepts come first: by
    occurrences times share and confidence of the usual rendering. Everything is an estimate.

    \b
    Examples:
      xindaya terms learn sample.tsv -o draft.tsv
      xindaya terms check pairs.tsv --terms draft.tsv
    """  # noqa: D301 - click wants the backspace itself
    from xindaya.api import discover
    from xindaya.metrics.terminology.discovery.learning import COLUMNS, learn
    from xindaya.pairs.files import write_text
    from xindaya.pairs.formats.tables import format_table
    from xindaya.progress import progress_bar

    if output.suffix.lower() != ".tsv":
        raise UsageError(
            f"-o {output.name}: the draft is a table, DRAFT.tsv; `xindaya terms convert` writes others"
        )
    check_place(output, force=force)
    corpus = read_texts(sample, quiet=quiet, source_lang=source_lang, target_lang=target_lang)
    more = read_texts(background, quiet=quiet) if background else None
    with progress_bar(quiet=quiet) as start:
        found = discover(corpus, text=text, background=more, minimum=minimum, progress=start)
    ids = [segment.id for segment in corpus.segments]
    draft = learn(found, ids, minimum=minimum, share=share, confidence=confidence)
    left_out = _left_out(draft, minimum)
    if not draft.rows:
        raise NothingToEvaluateError(f"{corpus.name}: no term can be learnt{left_out}")
    with writing(output, force=force):
        write_text(output, format_table(output, COLUMNS, draft.rows))
    if not quiet:
        concepts = counted(draft.concepts, "concept")
        click.echo(f"{output}: {concepts}, {counted(draft.decisions, 'row')} to decide", err=True)
        if left_out:
            click.echo(left_out.removeprefix("; "), err=True)
    return 0


def _left_out(draft: Draft, minimum: int) -> str:
    """Returns what is not in the draft, and why."""
    reasons = (
        (draft.few, "term", f"with fewer than {minimum} occurrences that have a rendering"),
        (draft.nameless, "term", "without the shape of a name"),
        (draft.unsure, "term", "without a rendering that is usual and sure enough"),
        (draft.doubtful, "row", "that `xindaya terms lint` would warn of"),
    )
    said = [f"{counted(n, noun)} {why}" for n, noun, why in reasons if n]
    return f"; left out: {', '.join(said)}" if said else ""

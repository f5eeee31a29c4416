"""The argument that is a corpus, or a run folder, whose corpus is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xindaya.cli.files import delivery_of
from xindaya.pairs.account import LeftOut, in_words
from xindaya.pairs.direction import Direction, claimed, stated
from xindaya.pairs.errors import ascii_controls

if TYPE_CHECKING:
    from xindaya.pairs import Corpus, Termbase


def read_texts(path: Path, *, quiet: bool = False, **options: Any) -> Corpus:
    """Reads a corpus, or that of a run folder, which knows its own languages.

    Args:
        path: The corpus or run folder; or ``NAME=FILE``, the delivery of somebody.
        quiet: Do not say what was left out.
        **options: Passed to `read_corpus`.
    """
    name, path = delivery_of(path)
    if (path / "run.json").is_file():
        from xindaya.run_corpus import read_run_corpus

        corpus = read_run_corpus(path)
        given = stated(options.get("source_lang"), options.get("target_lang"))
        own = Direction(corpus.source_lang, corpus.target_lang, "as run.json says")
        claimed(path, given, own)
        return corpus
    from xindaya.pairs import read_corpus

    notes: list[str] = []
    if name:
        from xindaya.pairs.joining import read_delivery

        corpus = read_delivery(path, name, notes=notes, **options)
    else:
        corpus = read_corpus(path, notes=notes, **options)
    if not quiet:
        show_notes(notes)
        show_left_out(corpus.left_out)
    return corpus


def read_terms(path: Path, *, quiet: bool = False) -> Termbase:
    """Reads a termbase; says what was left out unless `quiet`."""
    from xindaya.pairs import read_termbase

    termbase = read_termbase(path)
    if not quiet:
        show_left_out(termbase.left_out)
    return termbase


def show_left_out(left_out: Sequence[LeftOut]) -> None:
    """Says on stderr what a reader did not take."""
    for line in in_words(left_out):
        click.echo(ascii_controls(f"left out: {line}"), err=True)


def show_notes(notes: Iterable[str]) -> None:
    """Says on stderr what a reader had to find out."""
    for note in notes:
        click.echo(ascii_controls(f"note: {note}"), err=True)

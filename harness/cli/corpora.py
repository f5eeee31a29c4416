"""The argument that is a corpus, or a run folder, whose corpus is meant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from xindaya.pairs import Corpus
from xindaya.pairs.errors import ascii_controls


def read_texts(path: Path, *, quiet: bool = False, **options: Any) -> Corpus:
    """Reads a corpus, or that of a run folder, which knows its own languages.

    Args:
        path: The corpus or run folder.
        quiet: Do not say what was left out.
        **options: Passed to `read_corpus`.
    """
    if (path / "run.json").is_file():
        from xindaya.run_corpus import read_run_corpus

        return read_run_corpus(path)
    from xindaya.pairs import read_corpus

    notes: list[str] = []
    corpus = read_corpus(path, notes=notes, **options)
    if not quiet:
        show_left_out(notes)
    return corpus


def show_left_out(notes: Iterable[str]) -> None:
    """Says on stderr what a reader left out."""
    for note in notes:
        click.echo(ascii_controls(f"left out: {note}"), err=True)

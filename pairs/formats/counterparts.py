"""Alignments as corpora: their rows without a counterpart are no segments.

`xindaya align` keeps every line of both documents, menus and page numbers too, as a row with the
other side empty. A person who corrects the table needs them; scores and checks do not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.errors import NothingToEvaluateError
from xindaya.pairs.wording import counted


def leave_out_unpaired(path: Path, corpus: Corpus, notes: list[str] | None) -> Corpus:
    """Returns a corpus without the rows of an alignment that have text on one side only.

    Args:
        path: Where it was read.
        corpus: The corpus; returned as it is, if it is no alignment.
        notes: The number of rows left out is added here.

    Raises:
        NothingToEvaluateError: If no row is left.
    """
    paired = [n for n, segment in enumerate(corpus.segments) if not _stands_alone(segment)]
    left_out = len(corpus.segments) - len(paired)
    if not left_out:
        return corpus
    if not paired:
        raise NothingToEvaluateError(f"{path}: no row of this alignment has text on both sides")
    if notes is not None:
        notes.append(f"{counted(left_out, 'row')} without a counterpart, left out")
    return replace(
        corpus,
        segments=tuple(corpus.segments[n] for n in paired),
        systems={name: tuple(out[n] for n in paired) for name, out in corpus.systems.items()},
    )


def _stands_alone(segment: Segment) -> bool:
    """True for a row with line numbers of one document only, and no text of the other."""
    lines = [bool(segment.extra.get(column)) for column in ("zh_lines", "en_lines")]
    return any(lines) and not all(lines) and not (segment.source and any(segment.references))

"""Alignments as corpora: their rows without a counterpart are no segments.

`xindaya align` keeps every line of both documents, menus and page numbers too, as a row with the
other side empty. A person who corrects the table needs them; scores and checks do not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.errors import NothingToEvaluateError


def leave_out_unpaired(path: Path, corpus: Corpus) -> Corpus:
    """Returns a corpus without the rows of an alignment that have text on one side only.

    Args:
        path: Where it was read.
        corpus: The corpus; returned as it is, if it is no alignment.

    Raises:
        NothingToEvaluateError: If no row is left.
    """
    paired = [n for n, segment in enumerate(corpus.segments) if not _stands_alone(segment)]
    if len(paired) == len(corpus.segments):
        return corpus
    if not paired:
        raise NothingToEvaluateError(f"{path}: no row of this alignment has text on both sides")
    kept = set(paired)
    alone = (s for n, s in enumerate(corpus.segments) if n not in kept)
    return replace(
        corpus,
        segments=tuple(corpus.segments[n] for n in paired),
        systems={name: tuple(out[n] for n in paired) for name, out in corpus.systems.items()},
        left_out=(*corpus.left_out, *map(_unpaired, alone)),
    )


def _unpaired(segment: Segment) -> LeftOut:
    text = "".join(filter(None, (segment.source, *segment.references)))
    return LeftOut(f"row {segment.id}", "rows without a counterpart", text)


def _stands_alone(segment: Segment) -> bool:
    """True for a row with line numbers of one document only, and no text of the other."""
    lines = [bool(segment.extra.get(column)) for column in ("zh_lines", "en_lines")]
    return any(lines) and not all(lines) and not (segment.source and any(segment.references))

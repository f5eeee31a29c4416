"""Which segment of a human file is which of the corpus: by id, never by hope."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from xindaya.pairs import Corpus, InputError
from xindaya.pairs.errors import preview
from xindaya.pairs.joining import alike, match
from xindaya.pairs.ratings import Ratings


def place_ids(path: Path, ratings: Ratings, corpus: Corpus) -> dict[str, int]:
    """Finds the segments that a table scores.

    Args:
        path: The file, for errors.
        ratings: The table.
        corpus: The corpus.

    Returns:
        Id in the file to position in the corpus; ids that nobody scored may be missing.

    Raises:
        InputError: If the file is about another number of segments, or about unknown ones.
    """
    ids = dict.fromkeys(i for own in ratings.segments.values() for i in own)
    places = {s.id: position for position, s in enumerate(corpus.segments)}
    if (
        not ratings.errors
        and _counts_from_one(ids)
        and (ratings.ordered or _counts_from_one(places))
    ):
        if len(ids) != len(places):
            raise InputError(
                path, f"scores of {len(ids):,} segments, numbered from 1", f"{len(places):,}, as "
                f"{corpus.name} has", hint="a whole test set is expected, None where nobody scored",
            )  # fmt: skip
        return {str(n): n - 1 for n in range(1, len(ids) + 1)}
    if "0" in ids and _counts_from_one(places):
        raise InputError(
            path, "segments numbered from 0", f"from 1, as the lines of {corpus.name} are",
            hint="add 1 to every id",
        )  # fmt: skip
    scored = {i for own in ratings.segments.values() for i, x in own.items() if x is not None}
    scored |= {e.segment for e in ratings.errors}
    if unknown := [i for i in ids if i in scored and i not in places]:
        raise InputError(
            path, f"segment {preview(unknown[0])}, which {corpus.name} does not have "
            f"({len(unknown):,} of {len(scored):,} scored ones are unknown)",
            f"ids of its {len(places):,} segments, such as {preview(next(iter(places)))}",
        )  # fmt: skip
    return {i: places[i] for i in ids if i in places}


def _counts_from_one(ids: Collection[str]) -> bool:
    """True if the ids are 1, 2, …, in any order."""
    return set(ids) == {str(n) for n in range(1, len(ids) + 1)}


def place_texts(path: Path, rated: Corpus, corpus: Corpus) -> dict[str, int]:
    """Finds rated segments by id or, where ids do not fit, by their source text.

    Raises:
        InputError: If neither fits.
    """
    ids = [s.id for s in rated.segments]
    own = {s.id: position for position, s in enumerate(corpus.segments)}
    if own.keys() >= set(ids) and _same_sources(rated, corpus, own):
        return {i: own[i] for i in ids}
    outputs = [
        [{*texts} for texts in zip(*c.systems.values(), strict=True)] for c in (rated, corpus)
    ]

    def same_outputs(their: int, our: int) -> int:
        return len(outputs[0][their] & outputs[1][our])

    places = match(rated.segments, corpus.segments, same_outputs)
    found = {ids[theirs]: ours for theirs, ours in places.items()}
    if lost := [i for i in ids if i not in found]:
        raise InputError(
            path, f"segment {preview(lost[0])}, which {corpus.name} does not have "
            f"({len(lost):,} of {len(ids):,} fit neither by id nor by source text)",
            f"ids or sources of its {len(corpus.segments):,} segments",
            hint="are these ratings of another test set?",
        )  # fmt: skip
    return found


def _same_sources(rated: Corpus, corpus: Corpus, own: Mapping[str, int]) -> bool:
    """True if half of the sources that can be compared are the same; true without a source."""
    pairs = [(alike(s.source), alike(corpus.segments[own[s.id]].source)) for s in rated.segments]
    pairs = [(a, b) for a, b in pairs if a and b]
    return not pairs or 2 * sum(a == b for a, b in pairs) >= len(pairs)

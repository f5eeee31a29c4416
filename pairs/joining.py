"""Which segment of one corpus is which of another, and several deliveries as one corpus.

Deliveries of one source differ in order, in ids that tools made up, in blanks, in full and half width,
and in the script of their Chinese. Segments are the same if their sources are, so looked at; an id
decides where a source stands several times, or where a side has no source at all.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from xindaya.pairs import scripts
from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.errors import InputError, NothingToEvaluateError, UsageError

_MOST = 10_000  # pairs of one source that are weighed; beyond it they are taken in order
_BLANK = re.compile(r"[\s\u200b\ufeff]+")


@functools.cache
def _to_simplified() -> Callable[[str], str]:
    """Returns OpenCC's conversion, or that of our own table, which has the common characters."""
    try:
        return scripts.simplified()
    except UsageError:
        return scripts.simplified_roughly


def alike(text: str | None) -> str:
    """Returns a text without blanks, in half width and simplified characters, for comparison."""
    return _to_simplified()(unicodedata.normalize("NFKC", _BLANK.sub("", text or "")))


def match(
    theirs: Sequence[Segment],
    ours: Sequence[Segment],
    witness: Callable[[int, int], int] = lambda _their, _our: 0,
) -> dict[int, int]:
    """Finds the same segments in two texts, in any order.

    Args:
        theirs: Segments to find.
        ours: Where to find them; each is found once.
        witness: How much else, given both positions, says that two with one source are the same.

    Returns:
        Position in `theirs` to position in `ours`. Of several with one source, those with the same
        id are taken, then by `witness`, then those between the same neighbours, then in order.
    """
    sources = [alike(s.source) for s in theirs], [alike(s.source) for s in ours]
    ids = {s.id: place for place, s in enumerate(ours)}
    found: dict[int, int] = {}
    for place, segment in enumerate(theirs):
        other = ids.get(segment.id)
        if other is None:
            continue
        own = sources[0][place], sources[1][other]
        if own[0] == own[1] or not all(own):
            found[place] = other
    taken = set(found.values())
    groups: dict[str, tuple[list[int], list[int]]] = {}
    for side in (0, 1):
        for place, source in enumerate(sources[side]):
            if source and place not in (found, taken)[side]:
                groups.setdefault(source, ([], []))[side].append(place)
    for left, right in groups.values():
        found |= _paired(left, right, sources, witness)
    return found


def _paired(
    left: list[int],
    right: list[int],
    sources: tuple[Sequence[str], Sequence[str]],
    witness: Callable[[int, int], int],
) -> dict[int, int]:
    """Pairs the places of one source on both sides."""
    if len(left) == len(right) == 1:
        return {left[0]: right[0]}
    if len(left) * len(right) > _MOST:
        return dict(zip(left, right, strict=False))
    ranked = sorted(
        (
            (-witness(a, b), -_neighbours(a, b, sources), abs(n - m), n, m)
            for n, a in enumerate(left)
            for m, b in enumerate(right)
        )
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, n, m in ranked:
        if left[n] not in pairs and right[m] not in taken:
            pairs[left[n]] = right[m]
            taken.add(right[m])
    return pairs


def _neighbours(a: int, b: int, sources: tuple[Sequence[str], Sequence[str]]) -> int:
    """Counts the neighbours that two places share."""
    count = 0
    for step in (-1, 1):
        left, right = a + step, b + step
        inside = 0 <= left < len(sources[0]) and 0 <= right < len(sources[1])
        count += inside and sources[0][left] == sources[1][right] != ""
    return count


class Unmatched(NamedTuple):
    """A segment of one delivery that another does not have."""

    delivery: str
    id: str
    text: str


def read_delivery(
    path: str | Path, name: str, *, own_names: bool = False, **options: Any
) -> Corpus:
    """Reads a file as the delivery of somebody: its translation is an output, never a reference.

    Args:
        path: The file.
        name: Whose it is.
        own_names: Keep the names of a file that says itself whose outputs and references it holds.
        **options: Passed to `read_corpus`.

    Raises:
        InputError: As `read_corpus`, and if it holds several translations and not `own_names`.
    """
    from xindaya.pairs.formats.detect import detect_format
    from xindaya.pairs.formats.registry import FORMATS, read_corpus
    from xindaya.pairs.formats.sides import TARGET

    kind = detect_format(path, encoding=options.get("encoding", "utf-8"))
    sided = {"target", "columns"} & FORMATS[kind].options
    corpus = read_corpus(path, target=f"system:{name}" if sided else TARGET, **options)
    if own_names and (corpus.systems or len(corpus.reference_names) != 1):
        return corpus
    return as_delivery(path, name, corpus)


def as_reference(corpus: Corpus) -> Corpus:
    """Returns a delivery as a translation to compare with: its outputs are references."""
    segments = tuple(
        replace(s, references=(*s.references, *(texts[n] for texts in corpus.systems.values())))
        for n, s in enumerate(corpus.segments)
    )
    names = (*corpus.reference_names, *corpus.systems)
    return replace(corpus, segments=segments, reference_names=names, systems=MappingProxyType({}))


def as_delivery(path: str | Path, name: str, corpus: Corpus) -> Corpus:
    """Returns what a file holds as the delivery of somebody.

    A lone translation that the file calls a reference is what was delivered. References beside
    outputs stay references.

    Args:
        path: The file, for errors.
        name: Whose it is.
        corpus: As read.

    Raises:
        InputError: If it holds several outputs, or several references and no output: which is whose?
    """
    if len(corpus.systems) == 1:
        return replace(
            corpus, systems=MappingProxyType({name: next(iter(corpus.systems.values()))})
        )
    if corpus.systems or len(corpus.reference_names) != 1:
        what = "outputs" if corpus.systems else "references"
        several = ", ".join(corpus.systems or corpus.reference_names) or "no translation"
        raise InputError(
            path, f"{what}: {several}", f"one translation, that of {name}",
            hint="give the file without a name, and its own names are kept",
        )  # fmt: skip
    outputs = tuple(text or "" for text in corpus.reference(corpus.reference_names[0]))
    segments = tuple(replace(s, references=()) for s in corpus.segments)
    return replace(
        corpus, segments=segments, reference_names=(), systems=MappingProxyType({name: outputs})
    )


def join(
    deliveries: Mapping[str, Corpus], *, name: str = "joined"
) -> tuple[Corpus, tuple[Unmatched, ...]]:
    """Joins deliveries of one source into one corpus, in the order of the first.

    Args:
        deliveries: What each is called in the account, and the texts.
        name: Of the corpus.

    Returns:
        The segments that all with outputs have, with the systems and references of all; and the
        others, which are in `Corpus.left_out`, too. Where a reference is missing, it is None.

    Raises:
        UsageError: If two deliveries hold a system or reference of one name, or go different ways.
        NothingToEvaluateError: If no segment is in all.
    """
    (first_name, first), *others = deliveries.items()
    _check(deliveries)
    places = {first_name: {n: n for n in range(len(first.segments))}}
    for called, corpus in others:
        places[called] = {b: a for a, b in match(corpus.segments, first.segments).items()}
    asked = [places[called] for called, corpus in deliveries.items() if corpus.systems]
    common = [n for n in range(len(first.segments)) if all(n in own for own in asked)]
    if not common:
        raise NothingToEvaluateError(
            f"no segment is in all of {', '.join(deliveries)}: are they of one source?"
        )
    unmatched: list[Unmatched] = []
    segments = [first.segments[n] for n in common]
    for called, corpus in deliveries.items():
        own = places[called]
        kept = {own[n] for n in common if n in own}
        unmatched += [
            Unmatched(called, segment.id, _text(corpus, n))
            for n, segment in enumerate(corpus.segments)
            if n not in kept
        ]
        if corpus is not first:
            segments = [
                _with(segment, corpus.segments[own[n]] if n in own else None, called, corpus)
                for segment, n in zip(segments, common, strict=True)
            ]
    reason = "segments that the other does not have"
    if len(deliveries) > 2:
        reason = "segments that another does not have"
    left_out = [item for corpus in deliveries.values() for item in corpus.left_out]
    left_out += [LeftOut(f"{u.delivery}, {u.id}", reason, u.text) for u in unmatched]
    joined = replace(
        first,
        name=name,
        segments=tuple(segments),
        reference_names=tuple(r for c in deliveries.values() for r in c.reference_names),
        systems=MappingProxyType(
            {
                system: tuple(outputs[places[called][n]] for n in common)
                for called, corpus in deliveries.items()
                for system, outputs in corpus.systems.items()
            }
        ),
        left_out=tuple(left_out),
    )
    return joined, tuple(unmatched)


def _check(deliveries: Mapping[str, Corpus]) -> None:
    owners: dict[tuple[str, str], str] = {}
    (first_name, first), *_ = deliveries.items()
    for called, corpus in deliveries.items():
        if corpus.source_lang != first.source_lang:
            ways = [f"{c.source_lang} to {c.target_lang}" for c in (first, corpus)]
            raise UsageError(f"{first_name} goes from {ways[0]}, {called} from {ways[1]}")
        names = [("system", n) for n in corpus.systems]
        for key in (*names, *(("reference", n) for n in corpus.reference_names)):
            if key in owners:
                raise UsageError(
                    f"{key[0]} {key[1]!r} is in {owners[key]} and in {called}: name them apart"
                )
            owners[key] = called


def _text(corpus: Corpus, place: int) -> str:
    segment = corpus.segments[place]
    outputs = (texts[place] for texts in corpus.systems.values())
    return "\n".join(filter(None, (segment.source, *segment.references, *outputs)))


def _with(segment: Segment, other: Segment | None, called: str, corpus: Corpus) -> Segment:
    """Returns a segment with what another file says of it."""
    if other is None:
        missing = (None,) * len(corpus.reference_names)
        return replace(segment, references=(*segment.references, *missing))
    extra = {f"{called}:{key}": value for key, value in other.extra.items()}
    if other.id != segment.id:
        extra[f"{called}:id"] = other.id
    for key in ("document", "domain"):
        if getattr(other, key) not in ("", getattr(segment, key)):
            extra[f"{called}:{key}"] = getattr(other, key)
    if segment.source is not None and other.source not in (None, segment.source):
        extra[f"{called}:source"] = other.source or ""
    return replace(
        segment,
        source=other.source if segment.source is None else segment.source,
        references=(*segment.references, *other.references),
        extra={**segment.extra, **extra},
    )

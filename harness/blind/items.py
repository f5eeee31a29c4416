"""What reviewers compare: which segments, which two systems, and which text stands on which side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from xindaya.metrics.sampling import draw_segments
from xindaya.pairs import Corpus, NothingToEvaluateError, UsageError
from xindaya.pairs.wording import counted
from xindaya.reports.review.shown import parts, shown

SIDES = ("A", "B")


@dataclass(frozen=True, slots=True)
class Item:
    """Two outputs for one segment, as a reviewer sees them.

    Attributes:
        number: From 1, in the order of the sheet: it says nothing about the segment.
        segment: Segment id; for the key only.
        source: Text of the source, as shown.
        before: The source before it in the document, or empty.
        after: The source after it.
        texts: The outputs as shown, A and B.
        systems: Whose they are; for the key only.
        repeats: Number of the item that this one asks again, with the sides exchanged; 0 if none.
    """

    number: int
    segment: str
    source: str
    before: str
    after: str
    texts: tuple[str, str]
    systems: tuple[str, str]
    repeats: int = 0


def make_items(
    corpus: Corpus, systems: Sequence[str], total: int, *, seed: int, repeats: int
) -> tuple[tuple[Item, ...], str]:
    """Draws segments for every pair of systems, in equal parts.

    Only segments whose two outputs differ, and which a cell can hold, are asked about. For each
    pair every second item, in a random order, has its sides exchanged.

    Args:
        corpus: With the systems.
        systems: Two or more names.
        total: Number of items, repeats not counted; at least one a pair.
        seed: Of all random choices.
        repeats: Number of items to be asked again at the end.

    Returns:
        Items in the order of the sheet, and how they were drawn.

    Raises:
        UsageError: If a system is unknown or named twice, or there are not so many segments.
        NothingToEvaluateError: If two systems never differ.
    """
    if unknown := [name for name in systems if name not in corpus.systems]:
        raise UsageError(f"no system {unknown[0]!r}; there are {', '.join(corpus.systems)}")
    if len(set(systems)) < max(2, len(systems)):
        raise UsageError("expected two or more different systems")
    pairs = list(combinations(systems, 2))
    if total < len(pairs):
        raise UsageError(f"{total} items for {len(pairs)} pairs of systems: expected one a pair")
    if not 0 <= repeats <= total:
        raise UsageError(f"{repeats} repeats of {total} items: expected from 0 to {total}")
    places = {segment.id: place for place, segment in enumerate(corpus.segments)}
    drawn: list[tuple[int, tuple[str, str]]] = []
    for number, pair in enumerate(pairs):
        share = total // len(pairs) + (number < total % len(pairs))
        drawn += _draw(corpus, pair, places, share, seed + number)
    drawn.sort(key=lambda one: one[0])
    items = [_item(corpus, number, place, pair) for number, (place, pair) in enumerate(drawn, 1)]
    again = sorted(items, key=lambda i: _rank(seed, "repeat", i.segment, *i.systems))[:repeats]
    for item in again:
        (a, b), (one, other) = item.texts, item.systems
        items.append(replace(item, number=len(items) + 1, texts=(b, a), systems=(other, one),
                             repeats=item.number))  # fmt: skip
    rule = (
        f"{total} items, shared out among {counted(len(pairs), 'pair')} of systems; segments with different "
        f"outputs, from each document in proportion, at random (seed {seed}); {repeats} asked twice"
    )
    return tuple(items), rule


def _draw(
    corpus: Corpus, pair: tuple[str, str], places: dict[str, int], share: int, seed: int
) -> list[tuple[int, tuple[str, str]]]:
    one, other = (corpus.systems[name] for name in pair)
    wanted = [
        place
        for place in range(len(corpus.segments))
        if one[place] != other[place] and _fits(corpus, place, one[place], other[place])
    ]
    if not wanted:
        raise NothingToEvaluateError(f"{pair[0]} and {pair[1]} do not differ in any segment")
    if share > len(wanted):
        raise UsageError(
            f"{share} items for {pair[0]} and {pair[1]}: they differ in {len(wanted)} segments; "
            "ask for a smaller sample"
        )
    differing = replace(
        corpus, segments=tuple(corpus.segments[p] for p in wanted), systems={}, titles={}
    )
    chosen = draw_segments(differing, share, seed=seed).segments
    # Exchanging the sides of every second one, in a random order, keeps them in balance.
    ranked = sorted(chosen, key=lambda segment: _rank(seed, "side", segment, *pair))
    exchanged = {segment for n, segment in enumerate(ranked) if (n + _rank(seed, *pair)[0]) % 2}
    return [
        (places[segment], (pair[1], pair[0]) if segment in exchanged else pair)
        for segment in chosen
    ]


def _item(corpus: Corpus, number: int, place: int, systems: tuple[str, str]) -> Item:
    segment = corpus.segments[place]

    def neighbour(step: int) -> str:
        other = place + step
        if not 0 <= other < len(corpus.segments):
            return ""
        beside = corpus.segments[other]
        return parts(shown(beside.source or ""))[0] if beside.document == segment.document else ""

    a, b = (shown(corpus.systems[name][place]) for name in systems)
    return Item(number, segment.id, shown(segment.source or ""), neighbour(-1), neighbour(1),
                (a, b), systems)  # fmt: skip


def _fits(corpus: Corpus, place: int, *outputs: str) -> bool:
    texts = (corpus.segments[place].source or "", *outputs)
    return all(len(parts(shown(text))) == 1 for text in texts)


def _rank(seed: int, *names: str) -> bytes:
    text = "\t".join((str(seed), *names))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

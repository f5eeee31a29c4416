"""Which segments to review: at random, from each document in proportion, or whole documents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from xindaya.pairs import Corpus, UsageError


@dataclass(frozen=True, slots=True)
class Sample:
    """Segments drawn for review.

    Attributes:
        segments: Their ids, in the order of the corpus.
        allotment: Document to the number of segments drawn from it; 0 included.
        seed: Of the draw.
        rule: How they were drawn, in one sentence.
    """

    segments: tuple[str, ...]
    allotment: Mapping[str, int]
    seed: int
    rule: str


def allot(sizes: Mapping[str, int], total: int, *, seed: int) -> dict[str, int]:
    """Shares out a sample in proportion, by largest remainders.

    Args:
        sizes: Document to its number of segments.
        total: Segments to draw, at most all there are.
        seed: Which of several documents with equal remainders comes first.
    """
    everything = sum(sizes.values())
    shares = {name: divmod(total * size, everything) for name, size in sizes.items()}
    counts = {name: whole for name, (whole, _) in shares.items()}
    left = total - sum(counts.values())
    for name in sorted(shares, key=lambda n: (-shares[n][1], _rank(seed, n)))[:left]:
        counts[name] += 1
    return counts


def draw_segments(corpus: Corpus, total: int, *, seed: int) -> Sample:
    """Draws whole segments, from each document in proportion to its length.

    Raises:
        UsageError: If the corpus has fewer segments, or none is asked for.
    """
    _check_total(corpus, total)
    sizes = {name: len(places) for name, places in corpus.documents.items()}
    counts = allot(sizes, total, seed=seed)
    chosen: set[int] = set()
    for name, places in corpus.documents.items():
        ranked = sorted(places, key=lambda p: _rank(seed, corpus.segments[p].id))
        chosen.update(ranked[: counts[name]])
    rule = (
        f"{total} of {len(corpus.segments)} segments, from each document in proportion (largest "
        f"remainders), at random (seed {seed})"
    )
    return Sample(_ids(corpus, chosen), counts, seed, rule)


def draw_documents(corpus: Corpus, total: int, *, seed: int) -> Sample:
    """Draws whole documents at random until they have at least so many segments.

    Raises:
        UsageError: If the corpus has fewer segments, or none is asked for.
    """
    _check_total(corpus, total)
    chosen: set[int] = set()
    counts = dict.fromkeys(corpus.documents, 0)
    for name in sorted(corpus.documents, key=lambda name: _rank(seed, name)):
        if len(chosen) >= total:
            break
        chosen.update(corpus.documents[name])
        counts[name] = len(corpus.documents[name])
    rule = (
        f"whole documents at random (seed {seed}) until at least {total} of "
        f"{len(corpus.segments)} segments"
    )
    return Sample(_ids(corpus, chosen), counts, seed, rule)


def _check_total(corpus: Corpus, total: int) -> None:
    if not 1 <= total <= len(corpus.segments):
        raise UsageError(
            f"a sample of {total:,} segments: expected from 1 to the {len(corpus.segments):,} there"
        )


def _rank(seed: int, name: str) -> bytes:
    """A random order that no version of a library changes: by hash of seed and id."""
    return hashlib.sha256(f"{seed}\t{name}".encode("utf-8", "surrogatepass")).digest()


def _ids(corpus: Corpus, chosen: set[int]) -> tuple[str, ...]:
    return tuple(corpus.segments[place].id for place in sorted(chosen))

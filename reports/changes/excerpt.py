"""The segments to show, and their differences cut to what fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xindaya.metrics.changes import Changes, SegmentChange, Stretch, SystemChange, word_difference

_KEPT = 60  # characters of context beside a difference, or a few less
_MOST = 600  # characters of a text


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an output: its words, the space after them, and whether the other output has it."""

    words: str
    space: str
    same: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One segment of one system, as views show it.

    Attributes:
        system: Whose it is.
        change: Its score.
        id: Of the segment.
        document: Of the segment.
        source: Source text, if there is one.
        references: Those there are.
        old: The old output, cut.
        new: The new output, cut.
    """

    system: str
    change: SegmentChange
    id: str
    document: str
    source: str | None
    references: tuple[str, ...]
    old: tuple[Part, ...]
    new: tuple[Part, ...]


def largest(changes: Changes, metric: str, count: int, *, losses: bool) -> list[Shown]:
    """Returns the segments of all systems that lost (or gained) most by a metric."""
    found = [
        (change, system)
        for system in changes.systems
        for change in (system.by(metric).worse if losses else system.by(metric).better)[:count]
    ]
    found.sort(key=lambda item: -abs(item[0].gain))
    return [shown(changes, system, change) for change, system in found[:count]]


def shown(changes: Changes, system: SystemChange, change: SegmentChange) -> Shown:
    """Returns one segment to show."""
    segment = changes.new.corpus.segments[change.position]
    old = changes.old.corpus.systems[system.was][change.position]
    new = changes.new.corpus.systems[system.system][change.position]
    outputs = list(_fitting(word_difference(old, new)))
    return Shown(
        system=system.system,
        change=change,
        id=segment.id,
        document=segment.document,
        source=None if segment.source is None else cut(segment.source),
        references=tuple(cut(r) for r in segment.references if r is not None),
        old=tuple(_part(s.old, s.same) for s in outputs if s.old),
        new=tuple(_part(s.new, s.same) for s in outputs if s.new),
    )


def cut(text: str) -> str:
    """Returns a text that is not too long to show."""
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _part(text: str, same: bool) -> Part:
    words = text.rstrip() or text
    return Part(words, text[len(words) :], same)


def _fitting(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Cuts long stretches that are the same, and whatever is too long."""
    left = 2 * _MOST
    for s in stretches:
        fit = _middle_out if s.same else cut
        fitting = Stretch(fit(s.old), fit(s.new), s.same)
        left -= max(len(fitting.old), len(fitting.new))
        if left < 0:
            yield Stretch(" …", " …", True)
            return
        yield fitting


def _middle_out(text: str) -> str:
    """Leaves the middle of a long text out, between words where there are spaces."""
    if len(text) <= 4 * _KEPT:
        return text
    head, tail = text[:_KEPT], text[-_KEPT:]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"

"""Renderings that were cut short: "information technology" of "cyberspace and information technology".

A rare part of a rendering has few links, so the links alone may find the frequent part only. What
the term's other occurrences show says where the rest is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from xindaya.metrics.terminology.discovery.spans import BREAKS, Occurrence, Rendering
from xindaya.metrics.terminology.discovery.words import Key, is_content, normal_form

_AND = ("and", "&")
_RECURS = 2
_ROUNDS = 2
_CLAIMED = 0.5  # a word with such a link to another source word belongs to that one


def complete(
    occurrences: Sequence[Occurrence], renderings: Sequence[Rendering | None]
) -> list[Rendering | None]:
    """Extends renderings that are a part of what stands around them.

    A longer rendering of the term that recurs, and is more usual, is taken where it stands around
    the span. A span that is one side of a coordination elsewhere ("A and B") takes the other side of
    its own coordination: what is such a side elsewhere, or else a word that renders nothing else.

    Args:
        occurrences: The term's occurrences.
        renderings: What was extracted for each, in the same order.
    """
    completed = list(renderings)
    for _ in range(_ROUNDS):  # what one completes, another learns from
        stems = [
            _stems(o, span) if span else () for o, span in zip(occurrences, completed, strict=True)
        ]
        usual, sides = Counter(stems), _Sides(stems)
        for place, (occurrence, span) in enumerate(zip(occurrences, completed, strict=True)):
            if span is not None:
                longer = _within_longer(occurrence, span, stems[place], usual)
                completed[place] = _with_other_side(occurrence, longer, sides)
    return completed


class _Sides:
    """The sides of a term's coordinated renderings."""

    def __init__(self, renderings: Sequence[Key]) -> None:
        cut = [_cut(stems) for stems in renderings]
        self.left = {sides[0] for sides in cut if sides}
        self.right = {sides[1] for sides in cut if sides}


def _cut(stems: Key) -> tuple[Key, Key] | None:
    places = [place for place, stem in enumerate(stems) if stem in _AND]
    return (stems[: places[0]], stems[places[0] + 1 :]) if len(places) == 1 else None


def _stems(occurrence: Occurrence, span: Rendering) -> Key:
    return tuple(normal_form(token) for token in occurrence.target[span.start : span.end])


def _within_longer(
    occurrence: Occurrence, span: Rendering, own: Key, usual: Counter[Key]
) -> Rendering:
    sentence = tuple(normal_form(token) for token in occurrence.target)
    for longer, count in sorted(usual.items(), key=lambda item: (-item[1], item[0])):
        if len(longer) <= len(own) or count < max(_RECURS, usual[own]):
            continue
        for start in range(max(0, span.end - len(longer)), span.start + 1):
            if sentence[start : start + len(longer)] == longer:
                return replace(span, start=start, end=start + len(longer))
    return span


def _with_other_side(occurrence: Occurrence, span: Rendering, sides: _Sides) -> Rendering:
    target, own = occurrence.target, _stems(occurrence, span)
    before, after = span.start - 1, span.end
    if own in sides.right and before > 0 and target[before] in _AND:
        size = _ending(target[:before], sides.left)
        if size or _is_free(occurrence, before - 1):
            return replace(span, start=before - (size or 1))
    elif own in sides.left and after + 1 < len(target) and target[after] in _AND:
        size = _ending(target[:after:-1], {side[::-1] for side in sides.right})
        if size or _is_free(occurrence, after + 1):
            return replace(span, end=after + 1 + (size or 1))
    return span


def _ending(tokens: Sequence[str], sides: Collection[Key]) -> int:
    """Returns the length of the longest known side that the tokens end with, or 0."""
    longest = max(map(len, sides), default=0)
    stems = tuple(normal_form(token) for token in tokens[max(0, len(tokens) - longest) :])
    return max((len(side) for side in sides if side and stems[-len(side) :] == side), default=0)


def _is_free(occurrence: Occurrence, place: int) -> bool:
    """True if a target word is a content word that renders no other source word."""
    token = occurrence.target[place]
    links = occurrence.posteriors[:, place].copy()
    links[slice(*occurrence.source_span)] = 0.0
    return token not in BREAKS and is_content(token) and float(links.max()) < _CLAIMED

"""Which segments need no person: a part of a delivery, and how sure it is that few of it are bad.

Segments are ordered by risk, by what is known without a person. Some of them, drawn at random, were
reviewed. For the safest 5 %, 10 %, …, 100 % the hypothesis that more than the allowed share is bad is tested on
the reviewed segments among them: the exact hypergeometric chance of so few bad ones. The shares are one
family (Holm 1979), so that with the chance asked for no share is named that has more bad ones, whatever
the order is worth: a bad order only names a smaller share, or none.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xindaya.metrics.acceptance import chance_of_so_few
from xindaya.metrics.judging.outcome import holm
from xindaya.pairs import NothingToEvaluateError, UsageError

PARTS = 20
"""How many shares are tested."""


@dataclass(frozen=True, slots=True)
class Part:
    """The safest segments of a delivery.

    Attributes:
        share: How large a part, in [0, 1].
        segments: How many there are.
        reviewed: How many of them were reviewed.
        bad: How many of these are bad.
        p_holm: Corrected chance of so few bad ones, were more than the allowed share bad.
    """

    share: float
    segments: int
    reviewed: int
    bad: int
    p_holm: float


@dataclass(frozen=True, slots=True)
class Triage:
    """What needs no person.

    Attributes:
        order: Positions of all segments, the safest first.
        most: Largest share of bad ones among those that need no person.
        confidence: How sure that is.
        parts: The tested parts, the smallest first.
        free: The largest part that needs no person; None where none is shown to need none.
        needed: Reviews of a part after which it may be named, if none of them is bad.
        expected: Reviews in all after which some part would be named, were its others like those reviewed;
            None where no part has so few bad ones, or some part is named.
    """

    order: tuple[int, ...]
    most: Fraction
    confidence: Fraction
    parts: tuple[Part, ...]
    free: Part | None
    needed: int
    expected: int | None

    @property
    def reviewed(self) -> int:
        """How many segments were reviewed."""
        return self.parts[-1].reviewed

    @property
    def bad(self) -> int:
        """How many of them are bad."""
        return self.parts[-1].bad


def triage(
    order: Sequence[int], bad: Mapping[int, bool], *, most: Fraction, confidence: Fraction
) -> Triage:
    """Finds the largest part that needs no person.

    Args:
        order: Positions of all segments, the safest first; made without a look at `bad`.
        bad: Position of each reviewed segment, drawn at random, to whether it is bad.
        most: Share of bad ones allowed, in (0, 1).
        confidence: How sure that must be, in (0, 1).

    Raises:
        UsageError: If a share is out of range.
        NothingToEvaluateError: If no segment was reviewed.
    """
    for name, value in (("bad segments", most), ("confidence", confidence)):
        if not 0 < value < 1:
            raise UsageError(f"{name} {float(value):.4g}: expected more than 0 and less than 1")
    if not bad:
        raise NothingToEvaluateError("no reviewed segment: nothing can be said of the others")
    parts: list[Part] = []
    for n in range(1, PARTS + 1):
        inside = order[: len(order) * n // PARTS]
        found = [bad[place] for place in inside if place in bad]
        chance = _chance(len(inside), len(found), sum(found), most)
        parts.append(Part(n / PARTS, len(inside), len(found), sum(found), chance))
    corrected = holm([part.p_holm for part in parts])
    risk = float(1 - confidence)
    done = tuple(
        Part(p.share, p.segments, p.reviewed, p.bad, c)
        for p, c in zip(parts, corrected, strict=True)
    )
    free = next((part for part in reversed(done) if part.p_holm <= risk and part.segments), None)
    return Triage(
        order=tuple(order),
        most=most,
        confidence=confidence,
        parts=done,
        free=free,
        needed=_reviews(len(order), 0.0, most, risk) or len(order),
        expected=None if free else _expected(done, most, risk),
    )


def _chance(segments: int, reviewed: int, bad: int, most: Fraction) -> float:
    """Returns the chance of so few bad ones were just more of a part bad than are allowed."""
    return (
        chance_of_so_few(bad, reviewed, math.floor(most * segments) + 1, segments)
        if reviewed
        else 1.0
    )


def _reviews(segments: int, share: float, most: Fraction, risk: float) -> int | None:
    """Returns how many reviews of a part name it, if this share of them is bad; about so many if any is."""

    def enough(n: int) -> bool:
        return PARTS * _chance(segments, n, math.ceil(share * n), most) <= risk

    if share >= most or not enough(segments):
        return None
    return bisect_left(range(segments + 1), True, lo=1, key=enough)


def _expected(parts: Sequence[Part], most: Fraction, risk: float) -> int | None:
    """Returns the fewest reviews in all that would name some part, its others being like the reviewed."""
    totals = [
        math.ceil(own / part.share)
        for part in parts
        if part.reviewed
        and (own := _reviews(part.segments, part.bad / part.reviewed, most, risk)) is not None
    ]
    return min(totals, default=None)

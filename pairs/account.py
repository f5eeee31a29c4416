"""What a reader did not take of a file: nothing vanishes in silence.

Every character of a document is in a segment (or a term, or a score), in a column of its own
(`Segment.extra`), or in a `LeftOut` with its place and the reason. Readers hand their list over
with what they read; commands say it on stderr, JSON and run folders keep it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a file that was not taken.

    Attributes:
        place: Where it stands, such as ``line 12``, ``unit 3`` or ``sheet Notes, row 4``.
        reason: Why it was left out, as one says it of several: ``rows without a counterpart``.
        text: Its characters, as the file has them; empty for what has none.
    """

    place: str
    reason: str
    text: str = ""


def in_words(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """Yields one sentence a reason, with the first places."""
    groups: dict[str, list[str]] = {}
    for item in left_out:
        groups.setdefault(item.reason, []).append(item.place)
    for reason, places in groups.items():
        shown = "; ".join(dict.fromkeys(places[:_SHOWN])) + ("; …" if len(places) > _SHOWN else "")
        yield f"{reason}: {len(places):,} ({shown})"

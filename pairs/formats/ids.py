"""Segment ids from files that may have none, or one twice.

A unit keeps the id the file gives it. One without an id, or with one that an earlier unit has, is
called after its place in the file, from 1: ``u17`` (``u17_`` if that is taken).
"""

from __future__ import annotations

from collections.abc import Sequence


class Ids:
    """Gives each unit of a file an id, in reading order."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._place = 0
        self.generated = 0

    def give(self, own: str | None) -> str:
        """Returns the id of the next unit."""
        self._place += 1
        given = own
        if not given or given in self._seen:
            return self._made_up()
        self._seen.add(given)
        return given

    def _made_up(self) -> str:
        self.generated += 1
        given = f"u{self._place}"
        while given in self._seen:
            given += "_"
        self._seen.add(given)
        return given

    def fill(self, own: Sequence[str]) -> list[str]:
        """Returns ids in which only the empty ones are made up; the others may repeat."""
        self._seen.update(filter(None, own))
        ids = []
        for id_ in own:
            self._place += 1
            ids.append(id_ or self._made_up())
        return ids

    def give_all(self, own: Sequence[str]) -> Sequence[str]:
        """Returns the ids of the next units, as one by one would give them."""
        distinct = set(own)
        if len(distinct) < len(own) or "" in distinct or not self._seen.isdisjoint(distinct):
            return [self.give(id_) for id_ in own]
        self._seen |= distinct
        self._place += len(own)
        return own

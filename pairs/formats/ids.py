"""Segment ids from files that may have none, or one twice.

A unit keeps the id the file gives it. One without an id, or with one that an earlier unit has, is
called after its place in the file, from 1: ``u17`` (``u17_`` if that is taken).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence


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

    def part(self, name: str) -> str:
        """Returns the id of a part of a unit."""
        while name in self._seen:
            name += "_"
        self._seen.add(name)
        return name


def distinct(names: Sequence[str]) -> Iterator[str]:
    """Yields names that differ: the second ``a`` is ``a#2``, unless that stands there itself."""
    every, given = set(names), set[str]()
    times: dict[str, int] = {}
    for name in names:
        own = name
        while own in given or (own != name and own in every):
            times[name] = times.get(name, 1) + 1
            own = f"{name}#{times[name]}"
        given.add(own)
        yield own

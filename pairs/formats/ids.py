"""Segment ids from files that may have none, or one twice.

A unit keeps the id the file gives it. One without an id, or with one that an earlier unit has, is
called after its place in the file, from 1: ``u17`` (``u17_`` if that is taken).
"""

from __future__ import annotations


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
            self.generated += 1
            given = f"u{self._place}"
            while given in self._seen:
                given += "_"
        self._seen.add(given)
        return given

"""Everything in a file that is not understood, collected so that it can be put right at once."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

from xindaya.pairs import InputError
from xindaya.pairs.errors import ascii_controls, preview
from xindaya.pairs.wording import counted

MOST = 20


class Problems:
    """The problems of one file.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[str] = []

    def add(self, place: str, found: str, expected: str) -> None:
        """Notes one; `found` is a preview."""
        self._found.append(f"{ascii_controls(place)}: found {found}; expected {expected}")

    def choose(self, place: str, text: str, what: str, choices: Collection[str]) -> str:
        """Returns the choice that a person meant; case, width and white space do not matter.

        What is none of them is noted, with the nearest one, and taken as empty.
        """
        known = {fold(name): name for name in choices}
        folded = fold(text)
        if not folded or folded in known:
            return known.get(folded, "")
        self.add(place, preview(text.strip()), expected(what, folded, known))
        return ""

    def check(self) -> None:
        """Raises InputError if there is any problem."""
        if not self._found:
            return
        number = len(self._found)
        shown = self._found[:MOST]
        if number > MOST:
            shown.append(f"… and {number - MOST:,} more")
        raise InputError(
            self._path,
            f"{counted(number, 'cell')} that cannot be understood\n  " + "\n  ".join(shown),
            hint="correct these cells and import again; nothing was written",
        )


def expected(what: str, folded: str, known: dict[str, str], most: int = 8) -> str:
    """Says what could have been meant."""
    if close := difflib.get_close_matches(folded, known, 1):
        return f"{what}; did you mean {preview(known[close[0]])}?"
    names: Sequence[str] = list(known.values())
    listed = ", ".join(names[:most]) + (", …" if len(names) > most else "")
    return f"{what}: {ascii_controls(listed)}"


def fold(text: str) -> str:
    """Returns a name without case, full width and superfluous white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

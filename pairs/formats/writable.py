"""Refusing what a format cannot carry, with the segment and the character named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from xindaya.pairs.errors import InputError, preview


def check_writable(
    path: str | Path, form: str, segment: str, cells: Mapping[str, str], bad: re.Pattern[str]
) -> None:
    """Raises InputError for the first character that a pattern finds in a cell or its name."""
    for name, cell in cells.items():
        if found := bad.search(cell) or bad.search(name):
            raise InputError(
                path,
                f"the character U+{ord(found[0][0]):04X} in {name!r} of segment {preview(segment)}",
                f"text that {form} can carry",
                hint="take the character out, or write JSONL: it carries any text",
            )

"""How a text stands in a cell: nothing hidden, nothing lost, nothing that a program changes.

Invisible and forbidden characters are named in brackets, ``[NUL]``. A text that a cell cannot hold is
cut; all its parts stand on the sheet *Long texts*. Texts are compared as they are shown, and the
checksum beside them is of the true text.
"""

from __future__ import annotations

import re

from xindaya.pairs.formats.xml import unescaped
from xindaya.reports.html.visible import label, plain

PART = 30_000  # UTF-16 units; a cell holds 32,767
CONTINUED = " … [continues on the sheet Long texts]"
CUT = " … [cut here; whole in the JSON]"

_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML has no way to write these


def shown(text: str) -> str:
    """Returns a text with its invisible characters named."""
    return _NO_CHARACTER.sub(lambda m: f"[{label(m.group())}]", plain(text))


def parts(text: str) -> list[str]:
    """Cuts a shown text into parts that a cell can hold.

    A spreadsheet counts UTF-16 units: a character outside the basic plane counts twice.
    """
    pieces, begin, units = [], 0, 0
    for place, character in enumerate(text):
        width = 2 if character > "\uffff" else 1
        if units + width > PART:
            pieces.append(text[begin:place])
            begin, units = place, 0
        units += width
    return [*pieces, text[begin:]]


def cell(text: str, *, lines: bool = False) -> str:
    """Returns what stands in the cell of a text: all of it, or its beginning and where the rest is.

    Args:
        text: The true text.
        lines: Keep line breaks, which are a person's own, instead of naming them; such a text has
            no other sheet to continue on.
    """
    if lines:
        first, *rest = parts("\n".join(map(shown, text.split("\n"))))
        return first + CUT if rest else first
    first, *rest = parts(shown(text))
    return first + CONTINUED if rest else first


def same(one: str, other: str) -> bool:
    """True if two cells show the same text."""
    return one == other or settled(one) == settled(other)


def settled(text: str) -> str:
    """Returns what is left of a cell's text after any number of programs.

    A program may undo the escape ``_x005F_`` that keeps a literal ``_x0041_`` what it is.
    """
    while (plainer := unescaped(text)) != text:
        text = plainer
    return text

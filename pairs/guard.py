"""Cells that no spreadsheet runs.

A spreadsheet runs a CSV cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break as a
formula, in full width too. Such a cell is written with an apostrophe before it; so is one that has
only apostrophes before such a character. Reading takes one apostrophe off again where one of these
characters follows the leading ones, so that every text comes back as it was.
"""

from __future__ import annotations

import re

_LIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guard(cell: str) -> str:
    """Returns the cell as it is written."""
    return f"'{cell}" if _LIVE.match(cell) else cell


def unguard(cell: str) -> str:
    """Returns the cell as it was meant."""
    return cell[1:] if _GUARDED.match(cell) else cell

"""Words made of numbers: ``1 document``, ``2 documents``; ``A``, ``B``."""

from __future__ import annotations

from string import ascii_uppercase


def counted(n: int, noun: str, nouns: str = "") -> str:
    """Returns a number with its noun.

    Args:
        n: How many.
        noun: For one.
        nouns: For any other number; empty for `noun` with an s.
    """
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"


def lettered(position: int) -> str:
    """Names what has no name by its position from 0: A, B, …, Z, AA, AB, as columns of a sheet."""
    name = ""
    while position >= 0:
        position, letter = divmod(position, len(ascii_uppercase))
        name = ascii_uppercase[letter] + name
        position -= 1
    return name

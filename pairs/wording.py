"""Counted nouns: ``1 document``, ``2 documents``."""

from __future__ import annotations


def counted(n: int, noun: str, nouns: str = "") -> str:
    """Returns a number with its noun.

    Args:
        n: How many.
        noun: For one.
        nouns: For any other number; empty for `noun` with an s.
    """
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"

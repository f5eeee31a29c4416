"""Stems of English words, the same on every machine."""

from __future__ import annotations

import functools
import re
from importlib import metadata
from typing import Any

# MoUs, PhDs, LLMs, 5Gs: Snowball keeps the plural s of a word without vowels, and after "ou".
_PLURAL_ACRONYM = re.compile(r"(?=[^\W_]*[A-Z])[^\W_]+[A-Z0-9]s|[A-Z]{2,}s")


@functools.lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """Returns the Snowball (Porter 2) stem of an English word, lower-cased; ``&`` is *and*."""
    if word == "&":
        return "and"
    singular = word[:-1] if _PLURAL_ACRONYM.fullmatch(word) else word
    return snowball(singular.lower())


def snowball(word: str) -> str:
    """Returns Snowball's stem of a word in small letters.

    Always by the implementation in Python: ``snowballstemmer.stemmer`` takes PyStemmer's where that
    is installed, which may be of another version and give other stems.
    """
    return str(_stemmer().stemWord(word))


@functools.cache
def stemmer_signature() -> str:
    """Names the implementation of the stems and its version."""
    return f"snowballstemmer-{metadata.version('snowballstemmer')}"


@functools.cache
def _stemmer() -> Any:
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer()

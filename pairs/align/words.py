"""English words as stems, Chinese words as strings: what lexicons and learning compare."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import regex

from xindaya.pairs.stemming import snowball

_WORD = regex.compile(r"\p{L}+(?:['’]\p{L}+)*")
_HAN_RUN = regex.compile(r"\p{Han}+")

_FUNCTION_WORDS = """
a an the of to in on at by for with from as and or is are was were be been being it its this
that these those he she his her him they them their we our us i my me you your who whom which
what there here will would shall should can could may might must have has had having do does
did done not no nor so than then too very just into onto over under about also such s t d ll
ve re more most other some any all each both few own same if when while where how up out off
down again further once only one
"""
STOPWORDS = frozenset(_FUNCTION_WORDS.split())


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Returns the stem of an English word (Porter 2), British and American spellings unified."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    stemmed = snowball(word)
    return regex.sub("is(?=$|e$|ation$)", "iz", stemmed) if len(stemmed) > 5 else stemmed


def english_stems(folded: str) -> list[str]:
    """Returns the stems of a text's words, in order."""
    return [stem(word) for word in _WORD.findall(folded)]


def content_stems(stems: Iterable[str]) -> Iterator[str]:
    """Yields the stems that are not function words."""
    return (s for s in stems if len(s) > 1 and s not in _STOP_STEMS)


def chinese_ngrams(folded: str, longest: int = 4) -> set[str]:
    """Returns all runs of 2 to `longest` Chinese characters."""
    return {
        run[start : start + size]
        for run in _HAN_RUN.findall(folded)
        for size in range(2, longest + 1)
        for start in range(len(run) - size + 1)
    }


_STOP_STEMS = STOPWORDS | {stem(word) for word in STOPWORDS}

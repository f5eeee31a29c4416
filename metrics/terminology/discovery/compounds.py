"""Words of the text that no dictionary has: 网信, 网信办, 大模型, 生成式.

The segmenter cuts what it does not know into single characters. Characters that recur together are
one word again: several of them, or one beside a known word. Such a word is one token to the
aligner, and a longer one hides a shorter one: 网信 in 网信办 is no occurrence of 网信.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from xindaya.metrics.terminology.discovery.dictionary import Dictionary
from xindaya.metrics.terminology.discovery.sequences import Gram, recurring
from xindaya.metrics.terminology.discovery.words import is_chinese, is_content

_LONGEST = 4  # characters of a compound of characters only
_LEAST_ATTRACTION = 3.0
_LEAST_FREEDOM = 0.5


def find_compounds(
    sentences: Sequence[Sequence[str]],
    dictionary: Dictionary,
    *,
    least: int = 2,
    closed: Collection[str] = (),
) -> frozenset[Gram]:
    """Finds the sequences of tokens that are one word in this text.

    Args:
        sentences: The text as tokens.
        dictionary: With the words of the text.
        least: Occurrences from which a sequence is taken seriously.
        closed: Tokens that are no part of anything.
    """

    def usable(token: str) -> bool:
        if token in closed or dictionary.is_grammar(token):
            return False
        return is_chinese(token) and is_content(token)

    found = recurring(sentences, usable, longest=_LONGEST, least=least)
    return frozenset(
        gram
        for gram in found.counts
        if _is_compound(gram)
        and found.attraction(gram) >= _LEAST_ATTRACTION
        and found.freedom[gram] >= _LEAST_FREEDOM
    )


def join(tokens: Sequence[str], compounds: Collection[Gram]) -> Iterator[str]:
    """Yields the tokens with the compounds among them joined, leftmost and longest first."""
    start = 0
    while start < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - start), 1, -1):
            if tuple(tokens[start : start + size]) in compounds:
                break
        else:
            size = 1
        yield "".join(tokens[start : start + size])
        start += size


def _is_compound(gram: Gram) -> bool:
    words = sum(len(token) > 1 for token in gram)
    return len(gram) > 1 and (words == 0 or (words == 1 and len(gram) == 2))

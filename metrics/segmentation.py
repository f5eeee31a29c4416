"""Chinese words from jieba, through a tokenizer of our own with a private cache.

jieba's module-level tokenizer is global state, and it loads a marshalled cache from the shared
temporary folder without a check: whoever can write there changes the segmentation.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import math
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from xindaya.pairs.private import private_cache

_RARE = 50
"""Occurrences, of 60 million in jieba's dictionary, that a word it does not have is given."""


class Segmenter:
    """Cuts Chinese text into words by jieba's own dictionary and nothing else.

    No user dictionary and no hidden Markov model: the words depend on jieba's version alone.
    """

    def __init__(self) -> None:
        self._tokenizer = _tokenizer()

    def words(self, text: str) -> list[str]:
        """Returns the words; joined, they are the text."""
        return list(self._tokenizer.cut(text, HMM=False))

    def loss(self, text: str, start: int, end: int) -> float:
        """Returns how much likelier the text is if it is not cut at both ends of a span.

        Words that hold the span and more are left out of the comparison: 北京 is a part of 北京市,
        中国 none of 发展中国家. A span that is no word of the dictionary counts as a rare one.

        Returns:
            Difference of the natural logarithms of two probabilities, by word frequency; 0 or less
            if the likeliest cut has the span.
        """
        span = text[start:end]
        rare = self._log_probability(span, least=_RARE)
        inside = max(rare, self._best(span))
        apart = self._best(text[:start]) + inside + self._best(text[end:])
        return self._best(text, (start, end)) - apart

    def _best(self, text: str, without: tuple[int, int] = (-1, -1)) -> float:
        """Returns the log probability of the likeliest words, without any around a span."""
        known = self._tokenizer.FREQ
        best = [0.0] + [-math.inf] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                word = text[start:end]
                around = start <= without[0] and without[1] <= end and (start, end) != without
                if (end == start + 1 or known.get(word)) and not (around and without[0] >= 0):
                    best[end] = max(best[end], best[start] + self._log_probability(word))
                if word not in known:
                    break  # the dictionary has every beginning of a word
        return best[-1]

    def _log_probability(self, word: str, least: int = 1) -> float:
        return math.log(self._tokenizer.FREQ.get(word) or least) - math.log(self._tokenizer.total)

    def boundaries(self, text: str) -> frozenset[int]:
        """Returns the offsets at which a word begins or ends, 0 and ``len(text)`` included."""
        return frozenset(running_ends(self.words(text)))

    @property
    def signature(self) -> str:
        """Jieba's version and its dictionary's hash."""
        return f"jieba-{metadata.version('jieba')}-dict-{_dictionary_hash()[:8]}-hmm-no"


def running_ends(words: Iterable[str]) -> Iterator[int]:
    """Yields 0 and the offset at which each word ends."""
    end = 0
    yield end
    for word in words:
        end += len(word)
        yield end


@functools.cache
def _tokenizer() -> Any:
    """Returns the one tokenizer of this process; it is never changed after it is loaded."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    folder = private_cache()
    if folder is None:
        with tempfile.TemporaryDirectory() as fresh:
            tokenizer.tmp_dir = fresh
            tokenizer.initialize()
    else:
        tokenizer.tmp_dir = str(folder)
        tokenizer.cache_file = f"jieba-{_dictionary_hash()[:16]}.cache"
        tokenizer.initialize()
    return tokenizer


@functools.cache
def _dictionary_hash() -> str:
    import jieba

    path = Path(jieba.__file__).with_name("dict.txt")
    return hashlib.sha256(path.read_bytes()).hexdigest()

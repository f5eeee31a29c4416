"""Chinese words from jieba, through a tokenizer of our own with a private cache.

jieba's module-level tokenizer is global state, and it loads a marshalled cache from the shared
temporary folder without a check: whoever can write there changes the segmentation.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from xindaya.pairs.private import private_cache


class Segmenter:
    """Cuts Chinese text into words by jieba's own dictionary and nothing else.

    No user dictionary and no hidden Markov model: the words depend on jieba's version alone.
    """

    def __init__(self) -> None:
        self._tokenizer = _tokenizer()

    def words(self, text: str) -> list[str]:
        """Returns the words; joined, they are the text."""
        return list(self._tokenizer.cut(text, HMM=False))

    def parts(self, word: str) -> list[str]:
        """Returns the likeliest words that a word is made of, other than itself.

        发展中国家 gives 发展, 中, 国家; a single character gives itself.
        """
        graph = self._tokenizer.get_DAG(word)
        graph[0] = [end for end in graph[0] if end < len(word) - 1] or [0]
        route: dict[int, tuple[float, int]] = {}
        self._tokenizer.calc(word, graph, route)
        parts, start = [], 0
        while start < len(word):
            end = route[start][1] + 1
            parts.append(word[start:end])
            start = end
        return parts

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

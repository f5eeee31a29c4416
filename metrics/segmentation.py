"""Chinese words from jieba, through a tokenizer of our own with a private cache.

jieba's module-level tokenizer is global state, and it loads a marshalled cache from the shared
temporary folder without a check: whoever can write there changes the segmentation.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

_RARE = 3  # frequency of an added word: it wins over unlikely readings, never over common words


class Segmenter:
    """Cuts Chinese text into words by jieba's dictionary; deterministic (no hidden Markov model).

    Args:
        words: Further words to know, such as a termbase's terms. They enter as rare words: 网信办
            in 网信办公布 becomes a word, but 治网 does not tear 整治/网络 apart.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = tuple(sorted(set(words)))
        self._tokenizer = _new_tokenizer()
        for word in self._words:
            if self._tokenizer.FREQ.get(word, 0) < _RARE:
                self._tokenizer.add_word(word, freq=_RARE)

    def words(self, text: str) -> list[str]:
        """Returns the words; joined, they are the text."""
        return list(self._tokenizer.cut(text, HMM=False))

    def boundaries(self, text: str) -> frozenset[int]:
        """Returns the offsets at which a word begins or ends, 0 and ``len(text)`` included."""
        return frozenset(_running_ends(self.words(text)))

    @property
    def signature(self) -> str:
        """jieba's version, the dictionary's hash and that of the added words."""
        parts = [f"jieba-{metadata.version('jieba')}", f"dict-{_dictionary_hash()[:8]}", "hmm-no"]
        if self._words:
            digest = hashlib.sha256("\n".join(self._words).encode()).hexdigest()
            parts.append(f"words-{digest[:8]}")
        return "-".join(parts)


def _running_ends(words: Iterable[str]) -> Iterator[int]:
    end = 0
    yield end
    for word in words:
        end += len(word)
        yield end


def _new_tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    folder = _private_cache()
    if folder is None:
        with tempfile.TemporaryDirectory() as fresh:
            tokenizer.tmp_dir = fresh
            tokenizer.initialize()
    else:
        tokenizer.tmp_dir = str(folder)
        tokenizer.cache_file = f"jieba-{_dictionary_hash()[:16]}.cache"
        tokenizer.initialize()
    return tokenizer


def _private_cache() -> Path | None:
    """Returns a folder that only this user can write, or None if there is no such place."""
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("xindaya")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if os.name == "posix":
        others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if status.st_uid != os.geteuid() or others_write:
            return None
    return folder


@functools.cache
def _dictionary_hash() -> str:
    import jieba

    path = Path(jieba.__file__).with_name("dict.txt")
    return hashlib.sha256(path.read_bytes()).hexdigest()

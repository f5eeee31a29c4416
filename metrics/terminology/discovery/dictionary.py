"""What jieba's dictionary knows of a word: how common it is, and its part of speech."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_NOMINAL = ("n", "vn", "an", "j", "l", "i", "x", "g")
_MODIFIER = (*_NOMINAL, "a", "b", "z", "s")
_VERB = ("v", "vd", "vg", "vi", "vq")
_GRAMMAR = frozenset("cdefmopqrtuy")  # first letters


class Entry(NamedTuple):
    """A line of the dictionary: occurrences in its corpus, and the part of speech (ICTCLAS tags)."""

    frequency: int
    tag: str


@dataclass(frozen=True)
class Dictionary:
    """Some entries of jieba's dictionary.

    Attributes:
        entries: Word to its entry; a word that is not here is not in the dictionary.
        total: Occurrences of all words, those left out included.
    """

    entries: Mapping[str, Entry]
    total: int

    def share(self, word: str) -> float:
        """Returns the relative frequency of a word in the general language."""
        return self.count(word) / self.total

    def count(self, word: str) -> int:
        """Returns how often the general language uses a word."""
        return self.entries[word].frequency if word in self.entries else 0

    def is_nominal(self, word: str) -> bool:
        """True if a word can be a term, or the head of one; what is unknown can."""
        return word not in self.entries or self.entries[word].tag.startswith(_NOMINAL)

    def is_modifier(self, word: str) -> bool:
        """True if a word can open a term: nominal or adjectival."""
        return word not in self.entries or self.entries[word].tag.startswith(_MODIFIER)

    def is_verb(self, word: str) -> bool:
        """True for a plain verb; verbs that are also nouns are nominal."""
        return word in self.entries and self.entries[word].tag in _VERB

    def is_grammar(self, word: str) -> bool:
        """True for particles, pronouns, adverbs, numerals, measure words and the like."""
        return word in self.entries and self.entries[word].tag[0] in _GRAMMAR


def look_up(words: Collection[str]) -> Dictionary:
    """Reads the entries of some words; the file is read once from end to end."""
    import jieba

    wanted = {word.encode() for word in words}
    entries, total = {}, 0
    with Path(jieba.__file__).with_name("dict.txt").open("rb") as lines:
        for line in lines:
            word, count, tag = line.split()
            total += int(count)
            if word in wanted:
                entries[word.decode()] = Entry(int(count), tag.decode())
    return Dictionary(entries, total)

"""Bilingual word lists: the built-in one, a user's CEDICT file, a termbase.

A lexicon gives features to both sides and links between them. Only what occurs in the documents is
kept, so a lexicon of a hundred thousand words costs little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import regex

from xindaya.pairs.align.anchors import fold
from xindaya.pairs.align.words import STOPWORDS, english_stems
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.termbase import Match, Termbase

Phrase = tuple[str, ...]

_CEDICT = regex.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.+)/\s*")
_NOTES = regex.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_GLOSS = regex.compile(r"^(?:CL:|(?:old |erhua )?variant of|surname |see |abbr\. |also written)")
_LONGEST_GLOSS = 4


class PhraseFinder:
    """Finds given phrases in lists of stems."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_first: dict[str, set[Phrase]] = defaultdict(set)
        for phrase in phrases:
            self._by_first[phrase[0]].add(phrase)

    def __call__(self, stems: Sequence[str]) -> Iterator[Phrase]:
        for place, first in enumerate(stems):
            for phrase in self._by_first.get(first, ()):
                if tuple(stems[place : place + len(phrase)]) == phrase:
                    yield phrase


class Lexicon:
    """Chinese words and the English phrases, as stems, that can render them."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        self._phrases: dict[str, set[Phrase]] = defaultdict(set)
        lengths: dict[str, set[int]] = defaultdict(set)
        for word, glosses in entries:
            word = fold(word)
            for gloss in glosses:
                if phrase := tuple(english_stems(gloss)):
                    self._phrases[word].add(phrase)
                    lengths[word[0]].add(len(word))
        self.phrases_in = PhraseFinder(set().union(*self._phrases.values()))
        self._lengths = {c: tuple(sorted(sizes, reverse=True)) for c, sizes in lengths.items()}

    def words_in(self, folded: str) -> set[str]:
        """Returns the Chinese words of the lexicon in a text: the longest at each place."""
        found, place = set(), 0
        while place < len(folded):
            for size in self._lengths.get(folded[place], ()):
                if (word := folded[place : place + size]) in self._phrases:
                    found.add(word)
                    place += size - 1
                    break
            place += 1
        return found

    def phrases_of(self, word: str) -> set[Phrase]:
        """Returns the renderings of a Chinese word."""
        return self._phrases[word]


def built_in_lexicon() -> Lexicon:
    """Returns the project's own list of common words."""
    return Lexicon(common_words())


def common_words() -> Iterator[tuple[str, list[str]]]:
    """Yields Chinese words and the English phrases that render them, of the project's own list."""
    text = (files(__package__) / "common-words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.split("\n") if not line.startswith("#"))
    entries = (entry.partition("=") for line in lines for entry in line.split())
    for word, _, glosses in entries:
        yield word, glosses.replace("_", " ").split(",")


def read_lexicon(path: str | Path, *, encoding: str = "utf-8") -> Lexicon:
    """Reads a word list in CEDICT's format: ``傳統 传统 [chuan2 tong3] /tradition/traditional/``.

    Lines that start with ``#`` are comments.

    Raises:
        InputError: If the file cannot be read or a line has another form.
    """
    return Lexicon(_cedict_entries(Path(path), encoding))


def _cedict_entries(path: Path, encoding: str) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(iter_lines(path, encoding=encoding), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _CEDICT.fullmatch(line)
        if match is None:
            raise InputError(
                path,
                preview(line),
                "a CEDICT entry: TRADITIONAL SIMPLIFIED [pin1 yin1] /gloss/gloss/",
                line=number,
                hint="pass --lexicon a file in CC-CEDICT's format; comments start with #",
            )
        glosses = list(_glosses(match[4]))
        for word in dict.fromkeys((match[2], match[1])):
            yield word, glosses


def _glosses(text: str) -> Iterator[str]:
    for sense in regex.split("[/;]", text):
        gloss = _NOTES.sub(" ", sense).strip()
        if not gloss or _NO_GLOSS.match(gloss):
            continue
        words = gloss.split()
        while len(words) > 1 and words[0].lower() in ("to", "a", "an", "the", "be"):
            words = words[1:]
        if len(words) <= _LONGEST_GLOSS and not all(w.lower() in STOPWORDS for w in words):
            yield " ".join(words)


def termbase_forms(termbase: Termbase) -> list[tuple[str, list[str], list[Phrase]]]:
    """Returns (concept id, folded Chinese forms, English forms as stems) of every concept.

    Terms that are patterns are left out: what they match is not known here.
    """
    result = []
    for concept in termbase.concepts:
        terms = [t for t in concept.terms if t.match is not Match.PATTERN]
        zh = [fold(t.text) for t in terms if t.lang == "zh"]
        en = [tuple(english_stems(fold(t.text))) for t in terms if t.lang == "en"]
        if zh and (english := [phrase for phrase in en if phrase]):
            result.append((concept.id, zh, english))
    return result

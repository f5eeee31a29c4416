"""Anchors: what a translator keeps, as features of a line of either language.

Numbers and dates, Latin words, addresses and acronyms, the kind of punctuation and mark-up, words of
lexicons and termbases. Features are computed on folded text (compatibility forms, simplified
characters); the text itself is never changed.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator

import regex

from xindaya.pairs.align.evidence import Feature
from xindaya.pairs.align.numbers import chinese_numbers, english_numbers
from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.scripts import simplified_roughly

_KEPT = {
    "n": 0.85, "n~": 0.4, "m": 0.85, "d": 0.85, "x": 0.9, "l": 0.75, "w": 0.45, "z": 0.45, "g": 0.6, "s": 0.6,
    "c": 0.35, "t": 0.8, "o": 0.9, "y": 0.65,
}  # fmt: skip
"""Chance that each kind of anchor is kept in translation, before the document says better.

n number, n~ small number spelled out, m month, d day, x taken as a whole, l Latin word, w and z
words of a lexicon, c single characters of one (mostly parts of other words), g and s words learned
from the document, t term, o word in another script, y name by its sound.
"""
_EXPECTED = frozenset(_KEPT) - {"c", "g", "s", "t", "y"}

_MARKS: dict[str, tuple[float, regex.Pattern[str], regex.Pattern[str]]] = {
    name: (kept, regex.compile(zh), regex.compile(en))
    for name, kept, zh, en in (
        ("question", 0.93, r"\?", r"\?"),
        ("exclamation", 0.4, r"!", r"!"),
        ("end", 0.96, r"[。.!?;:…]['\"”’」』)\]]*$", r"[.!?;:…]['\"”’)\]]*$"),
        ("quote", 0.7, r"[“”「」『』\"]", r"[“”\"]|(?<!\w)['‘]"),
        ("speech", 0.8, r"^[“「\"]", r"^[“\"]"),
        ("brackets", 0.75, r"[(\[]", r"[(\[]"),
        ("colon", 0.6, r":", r":"),
        ("percent", 0.9, r"%|百分", r"%|per ?cent|percentage"),
        ("money", 0.6, r"[$€£¥元]", r"[$€£¥]|dollar|yuan|RMB"),
        ("ask", 0.93, r"^(?:问|记者|问题)[::]", r"^(?:Question|Q|Reporter|Journalist)\b"),
        ("answer", 0.93, r"^(?:答|回答)[::]", r"^(?:Answer|A)\b ?[::]"),
    )
}
_HEADING = regex.compile(r"(?<![^\s\p{P}])#{1,6}\s")
_LIST_MARK = regex.compile(r"^([*•●■◆·\-–—>|]+(?=\s)|[（(]?(?:\d{1,2}|[ivxa-h])[)）.、](?!\d))")
_LATIN = regex.compile(r"\p{Latin}[\p{Latin}\d]*(?:[-&'’.+]\p{Latin}[\p{Latin}\d]*)*")
_OTHER_SCRIPT = regex.compile(r"(?:(?![\p{Han}\p{Latin}])\p{L})+")


def fold(text: str) -> str:
    """Returns text for comparison: compatibility forms unified, characters simplified."""
    return simplified_roughly(unicodedata.normalize("NFKC", text))


@functools.lru_cache(maxsize=100_000)
def feature(key: str) -> Feature:
    """Makes a feature; its kind is what stands before the colon."""
    kind = key.partition(":")[0]
    if kind == "p":
        return Feature(key, _mark_kept(key), by_length=False, expected=False)
    return Feature(key, _KEPT[kind], expected=kind in _EXPECTED)


def chinese_anchors(folded: str) -> Iterator[str]:
    """Yields the keys of the anchors in folded Chinese text."""
    yield from chinese_numbers(folded)
    yield from _marks(folded, english=False)
    yield from _latin_words(folded)
    for word in _OTHER_SCRIPT.findall(folded):
        yield f"o:{word.lower()}"


def english_anchors(folded: str) -> Iterator[str]:
    """Yields the keys of the anchors in folded English text."""
    yield from english_numbers(folded)
    yield from _marks(folded, english=True)
    for word in _OTHER_SCRIPT.findall(folded):
        yield f"o:{word.lower()}"


def english_latin(folded: str) -> set[str]:
    """Returns keys of all words of English text as Latin words that Chinese text may repeat."""
    return set(_latin_words(folded))


def same_key_links(zh: Iterable[str], en: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yields links between anchors that are equal, a weak number being equal to a strong one."""
    english = set(en)
    for key in zh:
        options = {key}
        if key.startswith(("n:", "n~:")):
            value = key.partition(":")[2]
            options |= {f"n:{value}", f"n~:{value}"}
        for option in options & english:
            yield key, option


def _marks(text: str, *, english: bool) -> Iterator[str]:
    for name, (_, zh, en) in _MARKS.items():
        if (en if english else zh).search(text):
            yield f"p:{name}"
    if mark := _LIST_MARK.match(text):
        yield f"p:mark {mark[0].strip('().、')}"
    if _HEADING.search(text):
        yield "p:heading"


def _mark_kept(key: str) -> float:
    name = key.removeprefix("p:")
    return _MARKS[name][0] if name in _MARKS else 0.9


def _latin_words(text: str) -> Iterator[str]:
    for word in _LATIN.findall(text):
        word = word.lower().replace("’", "'").removesuffix("'s").strip(".-'&+")
        if len(word) > 1 and word not in STOPWORDS:
            yield f"l:{word}"

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
from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.numbers import SURE, Number, numbers_in
from xindaya.pairs.numbers.model import COUNT
from xindaya.pairs.numbers.shared import ADDRESS, TIME
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
_WEAK = 10  # numbers up to it are weak where they are in words
_DATE_GAP = 5  # characters between the month and the day of one date
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
    yield from number_keys(folded, "zh")
    yield from _marks(folded, english=False)
    yield from _latin_words(folded)
    for word in _OTHER_SCRIPT.findall(folded):
        yield f"o:{word.lower()}"


def english_anchors(folded: str) -> Iterator[str]:
    """Yields the keys of the anchors in folded English text."""
    yield from number_keys(folded, "en")
    yield from _marks(folded, english=True)
    for word in _OTHER_SCRIPT.findall(folded):
        yield f"o:{word.lower()}"


def number_keys(folded: str, lang: str) -> set[str]:
    """Returns keys of the numbers and dates in a text, equal where the values are.

    二十届 and 20th both give ``n:20``, 6亿 and 600 million ``n:600000000``, 9月6日 and September 6
    ``m:9``, ``n:6`` and ``d:9-6``. Keys of small numbers in words are marked weak (``n~:``), since 一
    and "one" are mostly not numbers. Addresses and times of day are taken as a whole.
    """
    keys = {f"x:{m[0].lower().rstrip('/.')}" for m in ADDRESS.finditer(folded)}
    keys |= {f"x:{''.join(m[0].split())}" for m in TIME.finditer(folded)}
    before: Number | None = None
    for number in numbers_in(folded, lang):
        kind = number.kind
        dated = kind in ("month", "day") and (number.demand == SURE or len(number.readings) == 1)
        if dated and kind == "month":
            keys.add(f"m:{number.value}")
        elif kind != "code" and (dated or number.demand) and (key := _value_key(number)):
            keys.add(key)
        if (
            before is not None
            and {before.kind, kind} == {"month", "day"}
            and (dated and 0 <= number.start - before.end <= _DATE_GAP)
        ):
            month, day = (before, number) if kind == "day" else (number, before)
            keys.add(f"d:{month.value}-{day.value}")
        before = number if dated else before
    return keys


def _value_key(number: Number) -> str:
    """Returns the key of a number as it is written: 3.5 for 3.5 %; nothing for times of day and one."""
    if number.kind == "clock":
        return ""
    value = next((r.value for r in number.readings if r.kind == COUNT), number.value)
    weak = number.demand != SURE and value <= _WEAK
    return "" if weak and value == 1 else f"n{'~' if weak else ''}:{value.normalize():f}"


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

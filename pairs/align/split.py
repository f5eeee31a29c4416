"""Units of alignment: passages (non-empty lines) and sentences.

The Chinese rule ends a sentence at 。！？…… and at ASCII ``.!?`` that stand between Chinese text,
together with the closing quotes and brackets that follow. The English rule ends one at ``.!?``
before a capital, a digit or an opening quote, unless the full stop belongs to an abbreviation, an
initial, a decimal or a list number.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex


class Unit(enum.StrEnum):
    """What is aligned with what."""

    PASSAGE = "passage"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of a document.

    Attributes:
        line: Number of the line it stands on, from 1, counting non-empty lines only.
        text: Without surrounding white space.
        opens: True if it is the first unit of its line.
    """

    line: int
    text: str
    opens: bool = True


def split(lines: Sequence[str], *, lang: str, unit: Unit | str = Unit.PASSAGE) -> list[Piece]:
    """Splits a raw document into its units, in order, losing nothing but white space.

    Args:
        lines: The lines of the document; those without a visible character are skipped.
        lang: ``zh`` or ``en``: the rule for sentences.
        unit: Passages or sentences.
    """
    passages = [text for line in lines if (text := line.strip())]
    if Unit(unit) is Unit.PASSAGE:
        return [Piece(number, text) for number, text in enumerate(passages, 1)]
    sentences = chinese_sentences if lang == "zh" else english_sentences
    return [
        Piece(number, text, opens=position == 0)
        for number, passage in enumerate(passages, 1)
        for position, text in enumerate(sentences(passage))
    ]


_CLOSING = r"""[”’」』》〉）】〕］)\]"'＂＇]"""
_HAN = r"[\p{Han}　-〿！-～“”‘’]"

# …… and -like runs end a sentence only before a new one, not in the middle of one: what follows
# must not be a comma or the like, nor the verb of a quotation.
_CHINESE_END = regex.compile(
    rf"""(?<![。！？｡!?…])
         (?:[。！？｡]++ | [!?]++ | (?<={_HAN}|{_CLOSING})\.(?!\.|[\p{{Latin}}\d]) | …{{2,}}+ | \.{{6}} )
         (?:[。！？!?…]*+) {_CLOSING}*+ (?![，、；：,;:。！？）」』”’])""",
    regex.VERBOSE,
)


def chinese_sentences(passage: str) -> list[str]:
    """Splits a Chinese passage after each sentence, closing quotes and brackets included."""
    return _cut(passage, (match.end() for match in _CHINESE_END.finditer(passage)))


_ENGLISH_END = regex.compile(
    r"""(?<![.!?…。！？]) (?P<mark>[.!?…。！？]++) (?P<close>[”’"')\]»]*+) (?P<space>\s++) (?=(?P<next>\S+))""",
    regex.VERBOSE,
)
_OPENING = "“‘\"'([«—–-"

# Never end a sentence, whatever follows.
_TITLES_LIST = """
mr mrs ms dr prof rev hon gen col maj capt lt cmdr sgt gov sen rep pres st messrs mme mlle sr
no nos vol fig figs art sec ch pp para eq ed eds vs cf viz al e.g i.e eg ie ca approx
"""
_TITLES = frozenset(_TITLES_LIST.split())
# End a sentence only if the next word could not follow in the middle of one.
_ABBREVIATIONS_LIST = """
inc ltd corp co llc plc bros dept est etc jr u.s u.k u.n e.u d.c p.r.c a.m p.m ph.d b.a m.a
jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ave blvd rd
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_LIST.split())
_STARTERS_LIST = """
the a an this that these those it its he she his her they their we our you i in on at by for
but and so if when while after before as however there here what who why how to from with
many most some all no not
"""
_STARTERS = frozenset(_STARTERS_LIST.split())


def english_sentences(passage: str) -> list[str]:
    """Splits an English passage into sentences; no-break spaces count as spaces."""
    return _cut(passage, (m.end("space") for m in _ENGLISH_END.finditer(passage) if _ends(m)))


def _ends(match: regex.Match[str]) -> bool:
    following = match["next"].lstrip(_OPENING)
    if following and following[0].islower():
        return False
    if match["mark"] != ".":
        return True
    before = match.string[: match.start()]
    word = before[max(before.rfind(space) for space in " \t\u00a0\u202f\u3000") + 1 :]
    word = word.lstrip(_OPENING)
    lower = word.lower()
    if lower in _TITLES:
        # "No." alone is an answer; "No. 5" is not.
        return lower in ("no", "nos", "art", "ed", "sec", "ch", "al") and not (
            following[:1].isdigit() or lower == "al"
        )
    if lower in _ABBREVIATIONS:
        return following.rstrip(",").lower() in _STARTERS or not following
    if len(word) == 1 and word.isalpha() and word != "I":
        return False  # an initial: J. Smith
    if regex.fullmatch(r"(?:\p{L}\.)+\p{L}", word):
        return following.rstrip(",").lower() in _STARTERS
    # "1. Introduction": a list number at the start of the passage is no sentence.
    return not (regex.fullmatch(r"\(?\d{1,3}", word) and len(before) == len(word))


def _cut(passage: str, ends: Iterator[int]) -> list[str]:
    pieces, start = [], 0
    for end in [*ends, len(passage)]:
        if piece := passage[start:end].strip():
            pieces.append(piece)
        start = end
    return pieces

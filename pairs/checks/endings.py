"""Targets that stop before their end, lack a clause at either end, or say a sentence twice."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence

from xindaya.pairs.align.lexicon import common_words
from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.checks.associations import Associations, Evidence, learned, root, words_of
from xindaya.pairs.checks.lengths import Pair, Usual, length, measured
from xindaya.pairs.checks.model import Hit, Place, Spot, Texts, quoted
from xindaya.pairs.numbers import OFFER, numbers_in
from xindaya.pairs.scripts import simplified_roughly

_CLOSERS = "\"'”’“‘)）]】」』》〉»*_ \t\u00a0\u3000"
_FINAL = "。！？…!?.；;：:．｡～~"
_STRONG_FINAL = "。！？…!?.．｡"
_LOOSE = re.compile(
    r"(?:[、（(\[《「—–-]|\b(?:and|or|but|nor|the|an|of|to|in|on|at|by|for|from|with|as|that|which|"
    r"who|because|if|is|are|was|were|be|has|have|had|will|would|should|can|could|may|its|their|his|"
    r"than|into|between|among|such)|(?-i:(?<=[a-z] )a))$"
    r"|(?:和|与|及|以及|或|或者|但|但是|而|并|并且|因为|如果|把|被|将|向|从)$",
    re.IGNORECASE,
)
_COMMA = (",", "，")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S{0,2000}$")
_PAUSE = {
    "zh": re.compile("[，,；;。！？!?…]+[”’」』）)》]*"),
    "en": re.compile(r"[,;:.!?]+[\"'”’)]*(?:\s+|$)|\s[—–-]+\s"),
}
_LONGEST_WORD = 4
_SHORTER = -1.2  # deviations of length from which the ends are looked at
# Chance that a word of the lexicon is met on the other side: where it was translated, and where
# its clause is missing. Measured on human translations of WMT21, WMT22 and HKMA.
_FOUND, _FOUND_BY_CHANCE = 0.60, 0.12
_KEPT_NUMBER, _NUMBER_BY_CHANCE = 0.85, 0.06
_SURE = 5.0  # log odds from which a clause is taken to be missing
_CERTAIN = 7.0  # log odds from which a reader would nearly always agree; below, it is a note
_THERE = -4.0  # log odds from which it is taken to be there
_UNENDED = 4.0  # what a missing full stop adds
_SMALL_START = 2.5  # what a small letter at the start of an English target adds
_LEAST = 20.0  # length of a clause that can be missed
_TWICE = 14.0  # length of a sentence that stands twice by mistake


def truncated(texts: Texts) -> Iterator[Place]:
    """Finds targets without an end where the source has one, and clauses that are missing."""
    pairs, usual = measured(texts)
    if not pairs:
        return
    known, least = learned(texts), math.exp(usual.centre + _SHORTER * usual.spread)
    clauses: dict[str, list[_Clause]] = {}
    for pair in pairs:
        unended = _unended(pair)
        hit = unended
        # `least` is the cheap look: what is beyond it is not short enough for its length either.
        shorter = pair.target < pair.source * least
        if shorter:
            shorter = usual.deviations(pair.target, pair.source) <= _SHORTER
        if shorter and (unended is None or unended.severity == "note"):
            if pair.source_text not in clauses:
                clauses[pair.source_text] = _clauses(pair.source_text, texts.source.lang, known)
            cut = _cut(pair, usual, unended is not None, clauses[pair.source_text])
            hit = cut or unended
        if hit is not None:
            yield Place(pair.name, pair.position, hit)


def doubled(source: str, target: str, lang: str) -> Hit | None:
    """Finds a sentence that stands twice running in the target and not in the source."""
    if len(target) < _TWICE or not _maybe_twice(target):
        return None
    if not (found := _twice(target, lang)):
        return None
    if _twice(source, "en" if lang == "zh" else "zh"):
        return None
    start, end = found
    shown = quoted(target[start:end].strip())
    return Hit(
        "warning",
        f"The target says {shown} twice, the source once.",
        f"译文把{shown}说了两遍，原文只说了一遍。",
        (Spot("target", start, end),),
    )


def _unended(pair: Pair) -> Hit | None:
    """Judges the last characters alone."""
    start = pair.source_text.rstrip(_CLOSERS)
    if not start or start[-1] not in _STRONG_FINAL:
        return None
    end = pair.target_text.rstrip(_CLOSERS)
    if not end or end[-1] in _FINAL:
        return None
    shown = quoted(pair.target_text.rstrip()[-25:])
    spot = (Spot("target", max(0, len(end) - 25), len(end)),)
    loose = _LOOSE.search(end[-25:])
    speech = pair.source_text.rstrip()[-1:] in "\"'”’“‘」』"
    speech = speech or (pair.target_text.rstrip() == end and length(end) < _TWICE)
    comma = end[-1] in _COMMA and not speech  # a quotation goes on; a letter begins
    if (loose or comma) and not _ADDRESS.search(end):
        last = quoted(loose[0] if loose else end[-1])
        return Hit(
            "warning",
            f"The target ends with {last}, the source with a full stop: {shown}.",
            f"译文以{last}结束，原文以句号结束：{shown}。",
            spot,
        )
    if not (end[-1].isalpha() or end[-1].isdigit()) or _ADDRESS.search(end):
        return None
    return Hit(
        "note",
        f"The target ends without the final punctuation of the source: {shown}.",
        f"译文没有原文句末的标点：{shown}。",
        spot,
    )


def _cut(pair: Pair, usual: Usual, unended: bool, clauses: Sequence[_Clause]) -> Hit | None:
    """Weighs whether the first or the last clauses of the source have no counterpart.

    For every place where the source pauses, the odds that all before it (or all after it) is
    missing against that nothing is: from the length of the target, which is normal in its log
    ratio, and from the words and numbers of those clauses that the target has or has not.
    """
    if len(clauses) < 2:
        return None
    there, count = _Target(pair.target_text, pair.lang), len(clauses)
    whole = usual.deviations(pair.target, pair.source)
    length_of_all = sum(c.size for c in clauses)
    small = pair.lang == "en" and pair.target_text[:1].islower()
    small = small and not pair.source_text[:1].isascii()
    best, missing = _SURE, (0, 0)
    for ending in (True, False):
        weight, size, seen = (_UNENDED * unended if ending else _SMALL_START * small), 0.0, 0
        for cut in range(1, count):
            clause = clauses[-cut if ending else cut - 1]
            odds, asked = _odds(clause, there)
            weight, size, seen = weight + odds, size + clause.size, seen + asked
            if weight < _THERE:
                break  # what is inside of a clause that is there is there, too
            if size < _LEAST or (seen < 2 and not (ending and unended)):
                continue
            kept = usual.deviations(pair.target, max(1.0, length_of_all - size))
            if weight + (whole * whole - kept * kept) / 2 > best:
                best = weight + (whole * whole - kept * kept) / 2
                missing = (count - cut, count) if ending else (0, cut)
    if missing == (0, 0):
        return None
    start, end = clauses[missing[0]].start, clauses[missing[1] - 1].end
    shown = quoted(pair.source_text[start:end].strip())
    place, where = ("end", "结尾") if missing[0] else ("start", "开头")
    return Hit(
        "warning" if best >= _CERTAIN else "note",
        f"The {place} of the source seems to have no counterpart in the target: {shown}.",
        f"原文{where}在译文中似乎没有对应：{shown}。",
        (Spot("source", start, end),),
    )


class _Clause:
    """A stretch of the source up to a pause, with the words and numbers that can be looked for.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        size: Its length.
        words: For each word of the list of common words, what can render it: roots of English
            words that stand together, or Chinese words.
        numbers: For each number, the values it may have, and what it counts: kind and unit.
    """

    def __init__(self, text: str, start: int, end: int, lang: str, known: Associations) -> None:
        piece = text[start:end]
        self.start, self.end, self.size = start, end, length(piece)
        self._known, self._learnable = known, words_of(piece, lang)
        self.words: list[tuple[frozenset[str], ...]]
        if lang == "zh":
            self.words = [_chinese_words()[w] for w in _words_in(simplified_roughly(piece))]
        else:
            table = _english_words()
            self.words = [table[w] for w in self._learnable if w in table]
        self.numbers = [
            ({r.value for r in n.readings}, n.readings[0][::2])
            for n in numbers_in(piece, lang)
            if n.demand != OFFER
        ]

    @functools.cached_property
    def learned(self) -> list[Evidence]:
        """What the corpus says of its words; of those that say the same the strongest."""
        said = {word for options in self.words for option in options for word in option}
        strongest: dict[str, Evidence] = {}
        for word in sorted(self._learnable):
            found = self._known.evidence(word)
            if found and said.isdisjoint(found.options):
                first = min(found.options)
                if first not in strongest or strongest[first].unmet < found.unmet:
                    strongest[first] = found
        return list(strongest.values())


class _Target:
    """The words and the numbers of a target."""

    def __init__(self, text: str, lang: str) -> None:
        self.lang, self.text = lang, simplified_roughly(text) if lang == "zh" else text
        self.words = words_of(text, lang)
        numbers = numbers_in(text, lang)
        self.values = {r.value for n in numbers for r in n.readings}
        self.counted = {n.readings[0][::2] for n in numbers if n.readings[0].unit}

    def renders(self, options: Sequence[frozenset[str]]) -> bool:
        """True if one of the renderings stands here."""
        if self.lang == "en":
            return any(option <= self.words for option in options)
        return any(word in self.text for option in options for word in option)


def _clauses(text: str, lang: str, known: Associations) -> list[_Clause]:
    """Cuts a source where it pauses."""
    clauses, start = [], 0
    for pause in _PAUSE[lang].finditer(text):
        if len(text[start : pause.end()].strip()) > 1:
            clauses.append(_Clause(text, start, pause.end(), lang, known))
            start = pause.end()
    if text[start:].strip():
        clauses.append(_Clause(text, start, len(text), lang, known))
    return clauses


def _odds(clause: _Clause, there: _Target) -> tuple[float, int]:
    """Returns the log odds that a clause is missing, and how many things were looked for."""
    weight = 0.0
    for options in clause.words:
        weight += _MET if there.renders(options) else _UNMET
    for values, counted in clause.numbers:
        if not values.isdisjoint(there.values):
            weight += _NUMBER_MET
        elif counted not in there.counted:  # 40 minutes that became 60 are there
            weight += _NUMBER_UNMET
    asked = len(clause.words) + len(clause.numbers)
    if weight < _THERE:
        return weight, asked
    for known in clause.learned:
        weight += known.unmet if known.options.isdisjoint(there.words) else known.met
    return weight, asked + len(clause.learned)


@functools.cache
def _chinese_words() -> dict[str, tuple[frozenset[str], ...]]:
    """Returns common Chinese words and the roots of what renders them.

    Those that a word without weight of its own (the, more, not) can render are left out.
    """
    table = {}
    for word, glosses in common_words():
        options = [frozenset(gloss.lower().split()) - STOPWORDS for gloss in glosses]
        if all(options) and all(len(w) > 2 for option in options for w in option):
            table[simplified_roughly(word)] = tuple(
                frozenset(map(root, option)) for option in options
            )
    return table


@functools.cache
def _english_words() -> dict[str, tuple[frozenset[str], ...]]:
    """Returns roots of English words and the common Chinese words they render."""
    table: dict[str, set[str]] = {}
    for word, options in _chinese_words().items():
        for option in options:
            if len(option) == 1:
                table.setdefault(next(iter(option)), set()).add(word)
    return {english: (frozenset(words),) for english, words in table.items()}


def _words_in(text: str) -> set[str]:
    """Returns the common words of a Chinese text: the longest at each place."""
    table, found, place = _chinese_words(), set(), 0
    while place < len(text):
        for size in range(_LONGEST_WORD, 0, -1):
            if (word := text[place : place + size]) in table:
                found.add(word)
                place += size - 1
                break
        place += 1
    return found


_MET = math.log(_FOUND_BY_CHANCE / _FOUND)
_UNMET = math.log((1 - _FOUND_BY_CHANCE) / (1 - _FOUND))
_NUMBER_MET = math.log(_NUMBER_BY_CHANCE / _KEPT_NUMBER)
_NUMBER_UNMET = math.log((1 - _NUMBER_BY_CHANCE) / (1 - _KEPT_NUMBER))


_SENTENCE = {
    "zh": re.compile("[^。！？!?；;]+[。！？!?；;]+[”’」』）)]*"),
    "en": re.compile(
        r"[^.!?;]+(?:[.!?;](?!\s|$|[\"'”’)])[^.!?;]*)*[.!?;]+[\"'”’)]*(?:\s|$)|[^.!?;]+$"
    ),
}


_STOP = re.compile(r"[.!?;。！？；]+[\"'”’」』）)\s]*")


def _maybe_twice(text: str) -> bool:
    """True if two neighbouring pieces between stops are the same: the cheap look before the exact one."""
    before = ""
    for piece in _STOP.split(text):
        if piece and piece == before:
            return True
        before = piece
    return False


def _twice(text: str, lang: str) -> tuple[int, int] | None:
    """Returns where a sentence stands that repeats the one before it."""
    before = ""
    for m in _SENTENCE[lang].finditer(text):
        sentence = "".join(m[0].split()).rstrip(".。!?！？;；\"'”’").casefold()
        if sentence == before and length(sentence) >= _TWICE:
            return m.span()
        before = sentence
    return None

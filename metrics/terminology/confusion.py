"""When is a rendering that belongs to another concept evidence of a wrong term?

Any span that stands in a passage could be called "the other concept's": 金管局總裁 as "HKMA Chief
Executive" would then be HKMA. A span counts only if all of this says that it stands for the
occurrence, and stands for another concept:

- the other concept is not in the source, nor what its name has more than the occurrence's;
- the two names are alike but for what was changed (中央网信办 and 中央网信委): neither is a part or an
  abbreviation of the other, and they do not merely overlap (风险管理框架 in 机构风险管理);
- the two concepts share no rendering: such are two names of one thing;
- the span is the listed form but for a plural, not a part of a longer name, and about where the
  occurrence is;
- what the occurrence's own renderings have more than the span does not stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from xindaya.metrics.terminology.spans import Span, Tier
from xindaya.pairs import Concept, Match
from xindaya.pairs.align.words import STOPWORDS
from xindaya.pairs.folding import fold
from xindaya.pairs.stemming import stem

_LIKE = 0.5  # share of two names that they have in common, in one stretch
_NEAR = 150  # characters from where the occurrence's rendering is expected
_BESIDE = 12  # words, or characters of Chinese, on either side of a span
_BRACKET = re.compile(r"[()（）]")
_WORD = re.compile(r"[^\W_]+|&")
_LETTER = re.compile(r"[^\W\d_]")
_NAME_AFTER = re.compile(r"[ -][A-Z]|\.[^\W_]")
_NAME_BEFORE = re.compile(r"(?<![^\W_])([A-Z][^\W_]*)[ -]$")

Units = tuple[str, ...]
"""What a text is compared by: letters of Chinese, stems of English."""


class Confusion:
    """Judges whether a span renders an occurrence by another concept's name.

    Args:
        source_lang: Language of the sources.
        target_lang: Language of the texts checked.
    """

    def __init__(self, source_lang: str, target_lang: str) -> None:
        self._source_lang, self._target_lang = source_lang, target_lang
        self._known: dict[tuple[str, str, str], bool] = {}

    def is_evident(
        self, source: str, occurrence: Span, own: Concept, target: str, span: Span
    ) -> bool:
        """Returns whether a span is evidence that an occurrence is rendered by a wrong term.

        Args:
            source: The passage with the occurrence.
            occurrence: Of a concept of which no listed rendering was found.
            own: Its concept.
            target: The passage with the span.
            span: A rendering of other concepts that none of their occurrences needs.
        """
        hit = occurrence.hit_of(own.id)
        if hit is None or any(form.concept.id == own.id for form, _ in span.hits):
            return False
        term = hit[0].term.text
        form, tier = span.hits[0]
        return (
            all(self._may_be_confused(term, own, other.concept) for other, _ in span.hits)
            and not any(self._is_named(source, occurrence, term, f.concept) for f, _ in span.hits)
            and (tier is not Tier.STEM or _differ_in_number(target[span.start : span.end], form.term.text))
            and not self._is_part_of_a_name(target, span)
            and self._is_near(source, occurrence, target, span)
            and not self._is_served(target, span, own)
        )  # fmt: skip

    def _may_be_confused(self, term: str, own: Concept, other: Concept) -> bool:
        """True if a term and another concept's names are alike, and neither stands for the other."""
        key = term, own.id, other.id
        if key not in self._known:
            self._known[key] = self._are_alike(term, own, other)
        return self._known[key]

    def _are_alike(self, term: str, own: Concept, other: Concept) -> bool:
        mine, theirs = (set(_names(c, self._source_lang)) for c in (own, other))
        renderings = (set(_names(c, self._target_lang)) for c in (own, other))
        if not set.isdisjoint(*renderings):
            return False
        if any(_is_within(a, b) or _is_within(b, a) for a in mine for b in theirs):
            return False
        units = _units(term, self._source_lang)
        return any(_likeness(units, name) >= _LIKE for name in theirs)

    def _is_named(self, source: str, occurrence: Span, term: str, other: Concept) -> bool:
        """True if the source has the other concept, or what its name has more than the term."""
        lang = self._source_lang
        units = _units(term, lang)
        outside = _units(f"{source[: occurrence.start]} | {source[occurrence.end :]}", lang)
        whole = _units(source, lang)
        return any(
            _stands_in(name, whole) or any(_stands_in(p, outside) for p in _rest(name, units, lang))
            for name in _names(other, lang)
        )

    def _is_served(self, target: str, span: Span, own: Concept) -> bool:
        """True if the words that a rendering of the concept has more than the span stand beside it."""
        lang = self._target_lang
        said = _units(target[span.start : span.end], lang)
        before, after = _units(target[: span.start], lang), _units(target[span.end :], lang)
        beside = (before[-_BESIDE:], after[:_BESIDE])
        for name in _names(own, lang):
            rest = list(_rest(name, said, lang))
            if not rest or any(_stands_in(piece, side) for piece in rest for side in beside):
                return True
        return False

    def _is_part_of_a_name(self, target: str, span: Span) -> bool:
        if self._target_lang == "zh" or not target[span.start].isupper():
            return False
        before = _NAME_BEFORE.search(target, max(0, span.start - 40), span.start)
        named = before is not None and before[1].lower() not in STOPWORDS
        return named or _NAME_AFTER.match(target, span.end) is not None

    @staticmethod
    def _is_near(source: str, occurrence: Span, target: str, span: Span) -> bool:
        expected = occurrence.start / max(1, len(source)) * len(target)
        return abs(span.start - expected) <= _NEAR


def _names(concept: Concept, lang: str) -> Iterator[Units]:
    """Yields the names of a concept; one with another in brackets is two."""
    for term in concept.terms:
        if term.lang == lang and term.match is not Match.PATTERN:
            yield from filter(None, (_units(part, lang) for part in _BRACKET.split(term.text)))


def _units(text: str, lang: str) -> Units:
    folded = fold(text, join=True).text
    if lang == "zh":
        return tuple(_LETTER.findall(folded.lower()))
    return tuple(stem(word) for word in _WORD.findall(folded))


def _is_within(short: Units, long: Units) -> bool:
    """True if a name is the other with some left out: 聯匯制度 of 聯繫匯率制度."""
    rest = iter(long)
    return all(unit in rest for unit in short)


def _likeness(a: Units, b: Units) -> float:
    """Returns the share of two names that is common to both, in one stretch, in [0, 1].

    It is 0 if one name only goes on where the other ends: they overlap, and are not alike.
    """
    common = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    before = common.a and common.b
    after = common.a + common.size < len(a) and common.b + common.size < len(b)
    return 2 * common.size / (len(a) + len(b)) if before or after else 0.0


def _rest(name: Units, without: Collection[str], lang: str) -> Iterator[Units]:
    """Yields what a name has besides some units: words; in Chinese pairs, or a single letter."""
    run: list[str] = []
    for unit in (*name, None):
        if unit is not None and unit not in without:
            run.append(unit)
            continue
        if lang == "zh" and len(run) > 1:
            yield from pairwise(run)
        else:
            yield from ((u,) for u in run if lang == "zh" or u not in STOPWORDS)
        run = []


def _stands_in(piece: Units, units: Sequence[str]) -> bool:
    size = len(piece)
    return any(tuple(units[k : k + size]) == piece for k in range(len(units) - size + 1))


def _differ_in_number(a: str, b: str) -> bool:
    """True if two texts have the same words but for a plural s."""
    ours, theirs = ([w.lower().removesuffix("s") for w in _WORD.findall(t)] for t in (a, b))
    return ours == theirs

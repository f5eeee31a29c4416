"""Termbases: concepts, and the terms that name them in Chinese and English.

The model is concept-oriented, as in TBX (ISO 30042): a concept has terms in each language, and
each term a status. Matching rules belong to the term; how they are applied is the business of
`xindaya.metrics.terminology`.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import is_variant, variant

TAG = "xml:lang"
"""The field of a term that holds its language tag, where that says more than ``zh`` or ``en``."""

PART_OF_SPEECH = "termNote:partOfSpeech"
"""The field of a term that tells homographs apart, in TBX's words."""

UNKNOWN_STATUS = "statuses that are not understood, so that the form counts as one without a status"
SEVERAL_STATUSES = (
    "forms whose status depends on the variant or the part of speech; the stricter one holds"
    " for texts that do not say theirs"
)


class Status(enum.StrEnum):
    """Usage status of a term, in TBX's words."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"


def strictest(statuses: Iterable[Status]) -> Status:
    """Returns the status that allows least."""
    return max(statuses, key=list(Status).index)


class Case(enum.StrEnum):
    """Whether capitals matter when a term is looked for."""

    INSENSITIVE = "insensitive"
    EXACT = "exact"


class Match(enum.StrEnum):
    """How a term's text is compared with a passage."""

    INFLECTED = "inflected"
    EXACT = "exact"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Term:
    """One name of a concept in one language.

    Attributes:
        text: The term as a person writes it; a regular expression if `match` is ``pattern``.
        lang: ``zh`` or ``en``.
        status: Whether it may be used.
        case: Whether capitals must agree.
        match: ``inflected`` admits plurals and other inflections, ``exact`` does not.
        expansion: For an acronym, the full form it stands for: the acronym is admitted only
            after its expansion has appeared in the document.
        note: Shown to people.
        extra: Fields of the file that the model does not know, kept for a round trip. Values are
            not empty.
    """

    text: str
    lang: str
    status: Status = Status.PREFERRED
    case: Case = Case.INSENSITIVE
    match: Match = Match.INFLECTED
    expansion: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def tag(self) -> str:
        """The language tag, such as ``en-GB``; that of the language if the file has no other."""
        return self.extra.get(TAG) or self.lang

    @property
    def homograph(self) -> tuple[str, str]:
        """What tells it from others that are written alike: the tag and the part of speech."""
        return self.tag, self.extra.get(PART_OF_SPEECH, "")


@dataclass(frozen=True, slots=True)
class Concept:
    """What the terms name.

    Attributes:
        id: Unique in the termbase.
        terms: All terms in both languages, in the order of the file.
        context: Regular expression that the source passage must match for the concept to apply;
            empty if it always applies. Tells homonyms apart.
        critical: True if a gate should refuse a newly unresolved occurrence.
        extra: Fields of the file that the model does not know, kept for a round trip. Values are
            not empty.
    """

    id: str
    terms: tuple[Term, ...]
    context: str = ""
    critical: bool = False
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def in_language(self, lang: str) -> tuple[Term, ...]:
        """Returns the terms in `lang`, preferred ones first, otherwise in file order."""
        return tuple(
            sorted(
                (t for t in self.terms if t.lang == lang),
                key=lambda t: t.status is not Status.PREFERRED,
            )
        )

    def label(self, lang: str) -> str:
        """Returns the term to show for the concept in `lang`, or its id if it has none."""
        terms = self.in_language(lang)
        return terms[0].text if terms else self.id


@dataclass(frozen=True)
class Termbase:
    """A named list of concepts with unique ids.

    Attributes:
        name: Shown in reports.
        concepts: In the order of the file.
        left_out: What the file has besides, and why it is no part of the termbase.
    """

    name: str
    concepts: tuple[Concept, ...]
    left_out: tuple[LeftOut, ...] = field(default=(), compare=False)

    @cached_property
    def by_id(self) -> dict[str, Concept]:
        """Concept id to concept."""
        return {c.id: c for c in self.concepts}

    def in_variant(self, tag: str = "") -> Termbase:
        """Returns the termbase as it holds for texts of one variant: every form once a concept.

        A form that stands several times in a concept (for ``en-US`` and ``en-GB``, as a noun and as
        a verb) has the status that it has for the variant, by the most specific tag that covers it;
        where none does, or several do, the stricter one.

        Args:
            tag: Language tag of the texts, such as ``en-GB``; empty if it is not known.
        """
        concepts = tuple(
            c if len({(t.lang, t.text) for t in c.terms}) == len(c.terms)
            else replace(c, terms=_once_each(c.terms, tag))
            for c in self.concepts
        )  # fmt: skip
        return self if concepts == self.concepts else replace(self, concepts=concepts)

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that can change a verdict.

        Notes and unknown fields cannot, nor can the order between the two languages, which TBX
        does not keep.
        """
        content = [[c.id, c.context, _rules(c.terms)] for c in self.concepts]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _rules(terms: Sequence[Term]) -> list[list[str]]:
    """Returns what decides verdicts; the tag does so where a form stands several times."""
    count = Counter((t.lang, t.text) for t in terms)
    return [
        [t.text, t.lang, t.status, t.case, t.match, t.expansion]
        + ([t.tag] if count[t.lang, t.text] > 1 else [])
        for t in sorted(terms, key=lambda t: t.lang)
    ]


def _once_each(terms: Sequence[Term], tag: str) -> tuple[Term, ...]:
    groups: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        groups.setdefault((term.lang, term.text), []).append(term)
    found = []
    for group in groups.values():
        meant = _of_variant(group, tag)
        status = strictest(t.status for t in meant)
        found.append(next(t for t in meant if t.status is status))
    return tuple(found)


def _of_variant(terms: Sequence[Term], tag: str) -> Sequence[Term]:
    """Returns the terms with the most specific tag that covers a variant, else all."""
    covering = [t for t in terms if t.tag and is_variant(tag, t.tag)]
    most = max((sum(map(bool, variant(t.tag))) for t in covering), default=0)
    return [t for t in covering if sum(map(bool, variant(t.tag))) == most] or terms

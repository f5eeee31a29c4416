"""Termbases: concepts, and the terms that name them in Chinese and English.

The model is concept-oriented, as in TBX (ISO 30042): a concept has terms in each language, and
each term a status. Matching rules belong to the term; how they are applied is the business of
`xindaya.metrics.terminology`.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xindaya.pairs.account import LeftOut


class Status(enum.StrEnum):
    """Usage status of a term, in TBX's words."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"


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

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that can change a verdict.

        Notes and unknown fields cannot, nor can the order between the two languages, which TBX
        does not keep.
        """
        content = [
            [c.id, c.context, [[t.text, t.lang, t.status, t.case, t.match, t.expansion]
                               for t in sorted(c.terms, key=lambda t: t.lang)]]
            for c in self.concepts
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

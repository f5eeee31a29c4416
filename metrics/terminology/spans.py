"""What a matcher finds: spans of a text that are forms of concepts."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from xindaya.pairs import Concept, Term


class Tier(enum.StrEnum):
    """How literally a span equals the term."""

    EXACT = "exact"
    CASE = "case"
    STEM = "stem"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Form:
    """One term of one concept, as something to look for."""

    concept: Concept
    term: Term


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text where one or more forms stand.

    Attributes:
        start: First character, as an offset into the raw text.
        end: One past the last character.
        hits: Every form the span is, with how literally. Usually one; several where concepts
            share a form.
    """

    start: int
    end: int
    hits: tuple[tuple[Form, Tier], ...]

    def hit_of(self, concept_id: str) -> tuple[Form, Tier] | None:
        """Returns the form of one concept that stands here, if any."""
        return next((h for h in self.hits if h[0].concept.id == concept_id), None)


def leftmost_longest(spans: Iterable[Span]) -> list[Span]:
    """Keeps spans that do not overlap: the leftmost first, of those at one place the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


class Matcher(Protocol):
    """Finds the forms of one language in a text, leftmost-longest, no two spans overlapping."""

    def find(self, text: str) -> list[Span]:
        """Returns the spans in text order."""
        ...

"""Drift between any two scopes: two deliveries, two systems, one document and the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from xindaya.metrics.terminology.drift import (
    Drift,
    judged,
    paired_drift,
    unpaired_drift,
)
from xindaya.metrics.terminology.report import Terminology

Scope = Mapping[str, Mapping[str, Counter[str]]]
"""Concept to document to counts of its renderings."""


@dataclass(frozen=True, slots=True)
class ScopeDrift:
    """How far two scopes are apart in one concept.

    Attributes:
        concept: Concept id.
        first: Renderings in the first scope.
        second: Renderings in the second scope.
        drift: Their distance and what it comes to, judged with all concepts (Benjamini & Hochberg
            1995).
    """

    concept: str
    first: Mapping[str, int]
    second: Mapping[str, int]
    drift: Drift


def scope_of(terminology: Terminology, text: str, *, reference: bool = False) -> Scope:
    """Returns what one text does with each concept, document by document.

    Occurrences for which none of the listed forms was found are a rendering of their own kind, but
    for those whose passage renders the concept elsewhere: a change to a form that is not in the
    termbase is a change.
    """
    scope: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    found = terminology.counts(text, reference=reference, unresolved=True)
    for (concept, document), counts in found.items():
        scope[concept][document] = counts
    return scope


def drift_between(first: Scope, second: Scope, *, seed: int = 0) -> tuple[ScopeDrift, ...]:
    """Compares two scopes in every concept that occurs in both.

    If the two name it in the same documents, as two translations of one source do, the documents
    are compared in pairs; otherwise they are two groups.

    Returns:
        The furthest apart first.
    """

    def distance(concept: str) -> Drift:
        a, b = first[concept], second[concept]
        if a.keys() == b.keys():
            return paired_drift([(a[d], b[d]) for d in a], tests=len(shared), seed=seed)
        return unpaired_drift(
            list(a.values()), list(b.values()),
            by_occurrence=False, tests=len(shared), seed=seed,
        )  # fmt: skip

    shared = [concept for concept in first if concept in second]
    return _ranked(shared, distance, lambda c: (_total(first[c]), _total(second[c])))


def document_against_rest(scope: Scope, document: str, *, seed: int = 0) -> tuple[ScopeDrift, ...]:
    """Compares one document with all the others, in every concept that both name.

    Returns:
        The furthest apart first.
    """

    def rest(concept: str) -> dict[str, Counter[str]]:
        return {d: c for d, c in scope[concept].items() if d != document}

    def distance(concept: str) -> Drift:
        return unpaired_drift(
            [scope[concept][document]], list(rest(concept).values()),
            by_occurrence=False, tests=len(shared), seed=seed,
        )  # fmt: skip

    shared = [c for c, documents in scope.items() if document in documents and len(documents) > 1]
    return _ranked(shared, distance, lambda c: (scope[c][document], _total(rest(c))))


def _total(documents: Mapping[str, Counter[str]]) -> Counter[str]:
    return sum(documents.values(), Counter())


def _ranked(
    concepts: Iterable[str],
    distance: Callable[[str], Drift],
    counts: Callable[[str], tuple[Mapping[str, int], Mapping[str, int]]],
) -> tuple[ScopeDrift, ...]:
    drifts = judged({concept: distance(concept) for concept in concepts})
    found = [ScopeDrift(c, dict(counts(c)[0]), dict(counts(c)[1]), d) for c, d in drifts.items()]
    return tuple(sorted(found, key=lambda s: (-(s.drift.divergence or 0), s.concept)))

"""Drift between any two scopes: two deliveries, two systems, one document and the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from xindaya.metrics.terminology.drift import (
    Drift,
    benjamini_hochberg,
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
        drift: Their distance and its significance.
        q_value: The p-value adjusted for the number of concepts (Benjamini & Hochberg 1995), or
            None where too few to tell.
    """

    concept: str
    first: Mapping[str, int]
    second: Mapping[str, int]
    drift: Drift
    q_value: float | None


def scope_of(terminology: Terminology, text: str, *, reference: bool = False) -> Scope:
    """Returns what one text does with each concept, document by document."""
    scope: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (concept, document), counts in terminology.counts(text, reference=reference).items():
        scope[concept][document] = counts
    return scope


def drift_between(first: Scope, second: Scope, *, seed: int = 0) -> tuple[ScopeDrift, ...]:
    """Compares two scopes in every concept that both name.

    If the two name it in the same documents, as two translations of one source do, the documents
    are compared in pairs; otherwise they are two groups.

    Returns:
        The furthest apart first.
    """

    def distance(concept: str) -> Drift:
        a, b = first[concept], second[concept]
        if a.keys() == b.keys():
            return paired_drift([(a[d], b[d]) for d in a], seed=seed)
        return unpaired_drift(list(a.values()), list(b.values()), seed=seed)

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
        return unpaired_drift([scope[concept][document]], list(rest(concept).values()), seed=seed)

    shared = [c for c, documents in scope.items() if document in documents and len(documents) > 1]
    return _ranked(shared, distance, lambda c: (scope[c][document], _total(rest(c))))


def _total(documents: Mapping[str, Counter[str]]) -> Counter[str]:
    return sum(documents.values(), Counter())


def _ranked(
    concepts: Iterable[str],
    distance: Callable[[str], Drift],
    counts: Callable[[str], tuple[Mapping[str, int], Mapping[str, int]]],
) -> tuple[ScopeDrift, ...]:
    drifts = {concept: distance(concept) for concept in concepts}
    adjusted = benjamini_hochberg(
        {c: d.p_value for c, d in drifts.items() if d.p_value is not None}
    )
    found = [
        ScopeDrift(c, dict(counts(c)[0]), dict(counts(c)[1]), d, adjusted.get(c))
        for c, d in drifts.items()
    ]
    return tuple(sorted(found, key=lambda s: (-(s.drift.divergence or 0), s.concept)))

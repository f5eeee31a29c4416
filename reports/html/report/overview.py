"""The terms that drift, as printed views show them: a line for each way of rendering a term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xindaya.metrics import Evaluation
from xindaya.metrics.terminology import Rendering, TermUse


@dataclass(frozen=True, slots=True)
class Rendered:
    """Systems that render a term alike.

    Attributes:
        systems: Their names.
        renderings: Most frequent first.
        missing: Occurrences without a known rendering.
        drifts: Whether this is called drift.
    """

    systems: tuple[str, ...]
    renderings: tuple[Rendering, ...]
    missing: int
    drifts: bool


@dataclass(frozen=True, slots=True)
class DriftingTerm:
    """A term that drifts in at least one system."""

    term: str
    wanted: str
    occurrences: int
    rendered: list[Rendered]

    @property
    def systems(self) -> int:
        """In how many systems it drifts."""
        return sum(len(r.systems) for r in self.rendered if r.drifts)


def drifting_terms(evaluation: Evaluation) -> list[DriftingTerm]:
    """Returns the terms that drift, those first that do in most systems and occur most."""
    if evaluation.terminology is None:
        return []
    by_concept: dict[str, list[TermUse]] = {}
    for use in evaluation.terminology.uses:
        if not use.is_reference:
            by_concept.setdefault(use.concept, []).append(use)
    found = [
        _term(evaluation, concept, uses)
        for concept, uses in by_concept.items()
        if any("drift" in use.flags for use in uses)
    ]
    return sorted(found, key=lambda t: (-t.systems, -t.occurrences, t.term))


def _term(evaluation: Evaluation, concept: str, uses: Sequence[TermUse]) -> DriftingTerm:
    assert evaluation.terminology is not None
    groups: dict[tuple[object, ...], list[TermUse]] = {}
    for use in uses:
        alike = tuple((r.text, r.count) for r in use.renderings)
        groups.setdefault((alike, use.occurrences - use.resolved), []).append(use)
    rendered = [
        Rendered(
            systems=tuple(use.text for use in group),
            renderings=group[0].renderings,
            missing=group[0].occurrences - group[0].resolved,
            drifts="drift" in group[0].flags,
        )
        for group in groups.values()
    ]
    return DriftingTerm(
        term=evaluation.term(concept),
        wanted=evaluation.terminology.termbase.by_id[concept].label(evaluation.corpus.target_lang),
        occurrences=max(use.occurrences for use in uses),
        rendered=rendered,
    )

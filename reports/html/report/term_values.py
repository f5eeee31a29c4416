"""What the terminology section shows beside the distributions: chance, shared renderings, before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology import Drift, Terminology, TermUse
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.pairs import Corpus

DECIMALS = 4

_WORDS = {
    Outcome.REAL: "real",
    Outcome.CHANCE: "chance",
    Outcome.TOO_FEW: "few",
    Outcome.IDENTICAL: "same",
}


def chance(drift: Drift | None) -> str:
    """Says in one word what a distance is worth: the script has the sentence for it.

    Returns:
        ``real``, ``chance``, ``few`` (too few to tell), ``same``, or nothing without a distance.
    """
    if drift is None or drift.divergence is None:
        return ""
    return _WORDS[drift.outcome]


def rounded(value: float | None) -> float | None:
    """Returns a share or a p-value as it goes into the page."""
    return None if value is None else round(value, DECIMALS)


def alike(
    terminology: Terminology, number: Mapping[str, int], forms: Mapping[str, int]
) -> list[list[Any]]:
    """Returns, for every text, the renderings that stand for several concepts.

    Returns:
        One list a text of [form, owner, [[concept, count], …]].
    """
    texts = [(name, False) for name in terminology.systems]
    texts += [(name, True) for name in terminology.references]
    return [
        [
            [forms[n.rendering], number.get(n.owner, -1), [[number[c], k] for c, k in n.counts.items()]]
            for n in terminology.neutralisations(name, reference=reference)
        ]
        for name, reference in texts
    ]  # fmt: skip


def earlier_forms(delivery: Delivery | None) -> Iterator[str]:
    """Yields the renderings of an earlier delivery."""
    if delivery is not None:
        for use in delivery.terminology.uses:
            if not use.is_reference:
                yield from (r.text for r in use.renderings)


def before(
    delivery: Delivery, corpus: Corpus, number: Mapping[str, int], forms: Mapping[str, int]
) -> dict[str, Any]:
    """Returns an earlier delivery beside this one: a mapping of concepts a system."""
    return {
        "name": delivery.name,
        "documents": [delivery.shared, delivery.gone, delivery.added],
        "was": [delivery.was.get(system) for system in corpus.systems],
        "uses": [
            {
                str(k): _earlier(use, delivery, system, forms)
                for concept, k in number.items()
                if (use := delivery.use(system, concept))
            }
            for system in corpus.systems
        ],
    }


def _earlier(use: TermUse, delivery: Delivery, system: str, forms: Mapping[str, int]) -> list[Any]:
    """One term of one system, as it was, and how far it has moved since."""
    renderings = [[forms[r.text], r.status, r.count] for r in use.renderings]
    found = delivery.drifts[system].get(use.concept)
    if found is None:
        return [use.occurrences, use.resolved, renderings, None, "", None]
    drift = found.drift
    moved = rounded(drift.divergence), chance(drift), rounded(drift.q_value)
    return [use.occurrences, use.resolved, renderings, *moved]

"""The WMT25 terminology task's term success rate, exactly as its organisers compute it.

The rule (task paper and evaluation script, track 2): a term of a document's dictionary counts if
it is a substring of the lower-cased source and one of its targets is a substring of the lower-cased
reference; its success is the number of target substrings in the hypothesis over the number of
source substrings, at most 1; the rate is the mean over all (document, term) pairs. Terms are
stripped, and blank ones skipped. Substrings know neither words nor longer terms, so the level is
flattering; our own check is the stricter one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermDocument:
    """One document with its dictionary.

    Attributes:
        source: Source text.
        reference: Reference translation.
        hypothesis: The system's translation.
        terms: Source term to its accepted targets.
    """

    source: str
    reference: str
    hypothesis: str
    terms: Mapping[str, Sequence[str]]


def success_rate(documents: Iterable[TermDocument]) -> tuple[float | None, int]:
    """Computes the term success rate.

    Returns:
        The mean success in [0, 1] (None without a term) and the number of pairs it averages.
    """
    scores: list[float] = []
    for document in documents:
        source, reference, hypothesis = (
            text.lower() for text in (document.source, document.reference, document.hypothesis)
        )
        for key, values in document.terms.items():
            term, targets = key.strip().lower(), [v.strip().lower() for v in values]
            wanted = source.count(term) if term else 0
            if wanted and any(t in reference for t in targets):
                given = sum(hypothesis.count(t) for t in targets)
                scores.append(min(given / wanted, 1))
    return (sum(scores) / len(scores) if scores else None), len(scores)

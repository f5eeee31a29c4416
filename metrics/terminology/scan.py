"""Which form of each concept does each document use? For texts without a source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from xindaya.metrics.terminology import measures
from xindaya.metrics.terminology.drift import Drift, judged, unpaired_drift
from xindaya.metrics.terminology.matching import matcher_for
from xindaya.metrics.terminology.verdicts import cluster_of, status_of
from xindaya.pairs import Status, Termbase


@dataclass(frozen=True, slots=True)
class FormUse:
    """One form of a concept in one document.

    Attributes:
        text: The form as the termbase writes it.
        status: Its status.
        lines: Line numbers from 1, once for each time it stands there.
    """

    text: str
    status: Status
    lines: tuple[int, ...]

    @property
    def count(self) -> int:
        """How often the form is used."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class ConceptScan:
    """How the documents name one concept.

    Attributes:
        concept: Concept id.
        label: The form the termbase prefers.
        forms: Document to its forms, most frequent first; documents without the concept left out.
        kept: Document to the share of preferred and admitted forms, in [0, 1].
        ltcr: Consistency over all documents together, or None for a single occurrence.
        drift: Pairs of documents to their distance, all of the scan judged together; only those that
            both name the concept. A pair is tested by occurrence.
    """

    concept: str
    label: str
    forms: Mapping[str, tuple[FormUse, ...]]
    kept: Mapping[str, float]
    ltcr: float | None
    drift: Mapping[tuple[str, str], Drift]

    @property
    def differs(self) -> bool:
        """True if the documents together use more than one form, not all of them allowed."""
        uses = {f.text: f.status for forms in self.forms.values() for f in forms}
        allowed = (Status.PREFERRED, Status.ADMITTED)
        return len(uses) > 1 and any(s not in allowed for s in uses.values())


def scan(
    documents: Mapping[str, Sequence[str]],
    termbase: Termbase,
    *,
    lang: str = "en",
    fold_scripts: bool = False,
    variant: str = "",
    seed: int = 0,
) -> tuple[ConceptScan, ...]:
    """Counts the forms of every concept in every document.

    Args:
        documents: Name to lines.
        termbase: The concepts.
        lang: Language of the documents.
        fold_scripts: Match Simplified and Traditional Chinese forms together.
        variant: Language tag of the documents, such as ``en-GB``; empty if it is not known.
        seed: Of the permutation tests.

    Returns:
        The concepts that occur: those whose naming differs first, then by number of uses.
    """
    termbase = termbase.in_variant(variant)
    matcher = matcher_for(termbase, lang, fold_scripts=fold_scripts)
    places: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for name, lines in documents.items():
        for number, line in enumerate(lines, 1):
            for span in matcher.find(line):
                # A form shared by several concepts counts for each: there is no source to choose.
                for form, _ in span.hits:
                    places[form.concept.id][name][form.term.text].append(number)
    found = [_concept(termbase, c, uses, lang, seed) for c, uses in places.items()]
    drifts = judged({(s.concept, pair): d for s in found for pair, d in s.drift.items()})
    found = [replace(s, drift={pair: drifts[s.concept, pair] for pair in s.drift}) for s in found]
    return tuple(sorted(found, key=lambda s: (not s.differs, -_total(s), s.concept)))


def _concept(
    termbase: Termbase,
    concept: str,
    uses: Mapping[str, Mapping[str, Sequence[int]]],
    lang: str,
    seed: int,
) -> ConceptScan:
    forms = {
        name: tuple(_forms(termbase, concept, by_form, lang)) for name, by_form in uses.items()
    }
    counts = {name: _clusters(termbase, concept, by_form, lang) for name, by_form in uses.items()}
    together: Counter[str] = sum(counts.values(), Counter())
    return ConceptScan(
        concept=concept,
        label=termbase.by_id[concept].label(lang),
        forms=forms,
        kept={name: _kept(used) for name, used in forms.items()},
        ltcr=measures.ltcr(together),
        drift={
            (a, b): unpaired_drift([counts[a]], [counts[b]], seed=seed)
            for a, b in combinations(counts, 2)
        },
    )


def _forms(
    termbase: Termbase, concept: str, uses: Mapping[str, Sequence[int]], lang: str
) -> Iterator[FormUse]:
    for text, lines in sorted(uses.items(), key=lambda item: (-len(item[1]), item[0])):
        status = status_of(termbase, concept, text, lang)
        yield FormUse(text, status or Status.ADMITTED, tuple(lines))


def _clusters(
    termbase: Termbase, concept: str, uses: Mapping[str, Sequence[int]], lang: str
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, lines in uses.items():
        counts[cluster_of(termbase, concept, text, lang)] += len(lines)
    return counts


def _kept(forms: Sequence[FormUse]) -> float:
    allowed = sum(f.count for f in forms if f.status in (Status.PREFERRED, Status.ADMITTED))
    return allowed / sum(f.count for f in forms)


def _total(scan: ConceptScan) -> int:
    return sum(f.count for forms in scan.forms.values() for f in forms)

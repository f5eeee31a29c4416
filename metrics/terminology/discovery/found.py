"""What discovery reports: terms, their renderings with examples, and the noise floor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology import measures
from xindaya.metrics.terminology.discovery.clusters import EVIDENCE, Cluster
from xindaya.metrics.terminology.discovery.noise import NoiseFloor, count_keys, inconsistency
from xindaya.metrics.terminology.discovery.reading import Reading
from xindaya.metrics.terminology.discovery.sentences import Text
from xindaya.metrics.terminology.discovery.words import Key


@dataclass(frozen=True, slots=True)
class FoundRendering:
    """One way a text renders a term.

    Attributes:
        text: Its most frequent spelling.
        forms: All its spellings, most frequent first.
        key: The stems that the spellings share.
        count: Occurrences.
        segments: Positions of the segments, once for each occurrence.
        example: The sentence of one occurrence.
        span: Where the rendering stands in it, as character offsets.
        confidence: Probability that the links of at least one occurrence are right.
    """

    text: str
    forms: tuple[str, ...]
    key: Key
    count: int
    segments: tuple[int, ...]
    example: str
    span: tuple[int, int]
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """How a text renders one proposed term.

    Attributes:
        term: As written in Chinese.
        occurrences: How often it occurs.
        resolved: Occurrences with a rendering.
        corrected: Those given to the usual rendering although the links pointed elsewhere, because
            their sentence holds it unclaimed.
        renderings: The usual one first.
        measures: ``ltcr``, ``ltcr_within_documents``, ``dominant_share`` and ``switch_rate``; None
            where there are too few occurrences to say.
        evidence: Probability that a rendering other than the usual one is right.
        drifts: Whether that is enough to report.
    """

    term: str
    occurrences: int
    resolved: int
    corrected: int
    renderings: tuple[FoundRendering, ...]
    measures: Mapping[str, float | None]
    evidence: float
    drifts: bool

    @property
    def weight(self) -> float:
        """What terms are ranked by: evidence times occurrences."""
        return self.evidence * self.occurrences


@dataclass(frozen=True, slots=True)
class Discovery:
    """The terms of a text.

    Attributes:
        terms: Those that drift first, then by weight.
        noise: How inconsistent the aligner makes consistent terms look.
        minimum: Occurrences from which a term can be said to drift.
    """

    terms: tuple[FoundTerm, ...]
    noise: NoiseFloor
    minimum: int

    @property
    def ltcr(self) -> float | None:
        """LTCR pooled over the terms; those that occur once have no say."""
        astray = inconsistency({" ".join(r.key): r.count for r in t.renderings} for t in self.terms)
        return None if astray is None else 1 - astray

    @property
    def drifting(self) -> tuple[FoundTerm, ...]:
        """The terms that drift."""
        return tuple(t for t in self.terms if t.drifts)

    def term(self, text: str) -> FoundTerm | None:
        """Returns one term, or None if it was not proposed."""
        return next((t for t in self.terms if t.term == text), None)


def found_term(reading: Reading, text: Text, documents: Sequence[str], minimum: int) -> FoundTerm:
    """Sums up the reading of one term.

    Args:
        reading: The reading.
        text: What was read.
        documents: Document of each segment.
        minimum: Occurrences from which the term can be said to drift.
    """
    found = reading.found
    segments = [text.pairs[o.sentence].segment for o in reading.occurrences]
    counts = count_keys(found.keys)
    return FoundTerm(
        term="".join(reading.term),
        occurrences=len(reading.occurrences),
        resolved=sum(counts.values()),
        corrected=len(found.corrected),
        renderings=tuple(_rendering(c, reading, text, segments) for c in found.clusters),
        measures={
            "ltcr": measures.ltcr(counts),
            "ltcr_within_documents": _within_documents(
                found.keys, [documents[s] for s in segments]
            ),
            "dominant_share": measures.dominant_share(counts),
            "switch_rate": measures.switch_rate([" ".join(key) for key in found.keys if key]),
        },
        evidence=found.evidence,
        drifts=found.evidence >= EVIDENCE and len(reading.occurrences) >= minimum,
    )


def _rendering(
    cluster: Cluster, reading: Reading, text: Text, segments: Sequence[int]
) -> FoundRendering:
    """Shows a cluster; of the spellings, those of occurrences that were read off the links."""
    spans = {place: reading.renderings[place] for place in cluster.read}
    spelled = {
        place: text.pairs[reading.occurrences[place].sentence].target_text(span.start, span.end)
        for place, span in spans.items()
        if span is not None
    }
    forms = [form for form, _ in Counter(spelled.values()).most_common()]
    shown = next(place for place, form in spelled.items() if form == forms[0])
    pair, span = text.pairs[reading.occurrences[shown].sentence], spans[shown]
    assert span is not None
    start = pair.offsets[span.start]
    return FoundRendering(
        text=forms[0],
        forms=tuple(forms),
        key=cluster.key,
        count=len(cluster.places),
        segments=tuple(segments[place] for place in cluster.places),
        example=pair.text,
        span=(start, start + len(forms[0])),
        confidence=cluster.confidence,
    )


def _within_documents(keys: Sequence[Key], documents: Sequence[str]) -> float | None:
    """Returns LTCR over pairs of occurrences in one document (Lyu et al. 2021)."""
    by_document: defaultdict[str, list[Key]] = defaultdict(list)
    for key, document in zip(keys, documents, strict=True):
        by_document[document].append(key)
    sums = [measures.ltcr_pairs(count_keys(own)) for own in by_document.values()]
    agreeing, pairs = sum(a for a, _ in sums), sum(p for _, p in sums)
    return agreeing / pairs if pairs else None

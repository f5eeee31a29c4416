"""Discovery: which terms a text has, how each occurrence is rendered, and which of them drift."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xindaya.metrics.metric import Progress
from xindaya.metrics.terminology import measures
from xindaya.metrics.terminology.discovery.aligner import Model1Aligner, WordAligner
from xindaya.metrics.terminology.discovery.proposals import (
    Candidate,
    Gram,
    compounds,
    propose,
    runs,
)
from xindaya.metrics.terminology.discovery.renderings import (
    Occurrence,
    Reader,
    Rendering,
    occurrences,
)
from xindaya.metrics.terminology.discovery.spans import read_spans
from xindaya.metrics.terminology.discovery.text import Passage, Text, Tokens, read_text
from xindaya.metrics.terminology.discovery.verdict import (
    EVIDENCE,
    Cluster,
    Distribution,
    NoiseFloor,
    Witnesses,
    count_keys,
    distribution,
    inconsistency,
)
from xindaya.metrics.terminology.discovery.words import (
    Key,
    acronyms,
    english_tokens,
    normal_form,
)
from xindaya.pairs import Concept, Term, Termbase
from xindaya.pairs.folding import fold
from xindaya.pairs.scripts import simplified_roughly


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
class Place:
    """One occurrence of a term.

    Attributes:
        segment: Position of its segment.
        source: Its sentence, or the passage if that could not be cut.
        source_span: Where the term stands in it, as character offsets.
        target: The translation of the sentence.
        target_span: Where the rendering stands in it, None if that is not known.
        rendering: Position of the rendering among those of the term; None if there is none.
        confidence: How well the links agree with the span, in [0, 1]; None where there is none, or
            where the sentence holds the usual rendering although the links pointed elsewhere.
    """

    segment: int
    source: str
    source_span: tuple[int, int]
    target: str
    target_span: tuple[int, int] | None
    rendering: int | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """How a text renders one proposed term.

    Attributes:
        term: As written in the source.
        occurrences: How often it occurs.
        resolved: Occurrences with a rendering.
        corrected: Those given to the usual rendering although the links pointed elsewhere, because
            their sentence holds it unclaimed.
        renderings: The usual one first.
        measures: ``ltcr``, ``ltcr_within_documents``, ``dominant_share`` and ``switch_rate``; None
            where there are too few occurrences to say.
        evidence: Probability that a rendering other than the usual one is right.
        drifts: Whether that is enough to report.
        gram: The normal forms of its tokens.
        named: Whether it has the shape of a name, and not of a verb with its object.
        known: Whether the termbase has it.
        places: Its occurrences in reading order.
    """

    term: str
    occurrences: int
    resolved: int
    corrected: int
    renderings: tuple[FoundRendering, ...]
    measures: Mapping[str, float | None]
    evidence: float
    drifts: bool
    gram: Gram
    named: bool
    known: bool
    places: tuple[Place, ...]

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
        lang: Language of the source, ``zh`` or ``en``.
    """

    terms: tuple[FoundTerm, ...]
    noise: NoiseFloor
    minimum: int
    lang: str = "zh"

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
        """Returns one term, or None if it was not proposed.

        Script, case, inflection and width do not matter where no term is written exactly so.
        """
        exact = (t for t in self.terms if t.term == text)
        return next(exact, None) or next(
            (t for t in self.terms if _joined(t.gram) == _term_key(text)), None
        )


_MOST_TERMS = 2000
_ONE_IN = 2500  # sentences: a sequence must recur in proportion to the text

StartProgress = Callable[[str, int], Progress]
"""Called with the name of a task and its number of terms; returns what counts them."""


def discover(
    passages: Sequence[Passage],
    *,
    background: Sequence[Passage] = (),
    reference: Sequence[str] | None = None,
    termbase: Termbase | None = None,
    aligner: WordAligner | None = None,
    minimum: int = 3,
    progress: StartProgress | None = None,
    lang: str = "zh",
    also: Collection[str] = (),
) -> Discovery:
    """Proposes terms and reads off how each of their occurrences is rendered.

    Args:
        passages: Passages with the translation that is looked at.
        background: More passages to learn word links from.
        reference: Another translation of each passage; the noise of the reading is measured on it,
            too.
        termbase: Its source forms are proposed in any case.
        aligner: Finds the word links; `Model1Aligner` by default.
        minimum: Occurrences from which a term can be said to drift.
        progress: Starts a progress bar.
        lang: Language of the source, ``zh`` or ``en``; the translation is in the other.
        also: Terms to read as those of the termbase are, if they are not proposed anyway.

    Returns:
        Terms, those that drift first, by evidence times occurrences. The same arguments always give
        the same result.
    """
    raw, more = read_text(passages, termbase, lang), read_text(background, termbase, lang)
    least = max(2, len(raw.pairs) // _ONE_IN)
    unknown = compounds(raw, least=least)
    text, more = (
        t.rewritten(lambda tokens: tokens.joined(runs(tokens.words, unknown))) for t in (raw, more)
    )
    candidates = propose(text, least=least)[:_MOST_TERMS]
    proposed = {_joined(candidate.gram) for candidate in candidates}
    if missing := [term for term in also if _term_key(term) not in proposed]:
        found = discover(
            passages, background=background, reference=reference, aligner=aligner,
            termbase=_with_terms(termbase, missing, lang), minimum=minimum, progress=progress,
            lang=lang,
        )  # fmt: skip
        new = set(map(_term_key, missing))
        kept = (replace(t, known=t.known and _joined(t.gram) not in new) for t in found.terms)
        return replace(found, terms=tuple(kept))
    known = {tuple(map(normal_form, term)) for term in text.known}
    aligner = aligner or Model1Aligner()
    floor = None
    if reference is not None:
        pairs = [Passage(p.source, r) for p, r in zip(passages, reference, strict=True)]
        other = read_text(pairs, termbase, lang)
        other = other.rewritten(lambda tokens: tokens.joined(runs(tokens.words, unknown)))
        readings = _readings(other, candidates, aligner, more)
        floor = inconsistency(count_keys(r.found.alike(r.found.keys)) for r in readings)
    done = progress("terms", len(candidates)) if progress else None
    witnesses = Witnesses(minimum, text.target)
    documents = [passage.document for passage in passages]
    terms = []
    for reading in _readings(text, candidates, aligner, more):
        witnesses.add(reading.occurrences, reading.found)
        term = _found_term(reading, text, documents, minimum)
        terms.append(replace(term, known=term.gram in known))
        if done:
            done(1)
    terms.sort(key=lambda t: (not t.drifts, -t.weight, -t.occurrences, t.term))
    return Discovery(tuple(terms), witnesses.floor(floor), minimum, lang)


def _joined(gram: Gram) -> str:
    return "".join(gram).lower()


def _term_key(text: str) -> str:
    """Names a term as a person writes it as `_joined` does its tokens."""
    simple = simplified_roughly(fold(text.strip().strip("《》")).text)
    return _joined(tuple(normal_form(token) for token, _ in english_tokens(simple)))


def _with_terms(termbase: Termbase | None, terms: Collection[str], lang: str) -> Termbase:
    """Returns a termbase with more source forms, whose ids stay clear of those it has."""
    old = termbase.concepts if termbase else ()
    new = (Concept(f"\n{n}", (Term(text, lang),)) for n, text in enumerate(terms))
    return Termbase(termbase.name if termbase else "", (*old, *new))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text renders one term.

    Attributes:
        candidate: The term.
        occurrences: In reading order.
        renderings: What renders each, or None.
        found: Their distribution.
    """

    candidate: Candidate
    occurrences: tuple[Occurrence, ...]
    renderings: tuple[Rendering | None, ...]
    found: Distribution


def _readings(
    text: Text, candidates: Sequence[Candidate], aligner: WordAligner, background: Text
) -> Iterator[Reading]:
    """Aligns a text and yields the reading of each term that occurs in it."""
    more = (background.source, background.target) if background.pairs else None
    alignment = aligner.train(text.source, text.target, background=more)
    forms = [tuple(map(normal_form, tokens)) for tokens in text.source]
    places = occurrences(forms, [candidate.gram for candidate in candidates])
    spans = read_spans(text.target)
    reader = Reader(spans, alignment, places, acronyms(text.source))
    inside = _inside_longer(places)
    targets = text.target
    for candidate in candidates:
        if own := places.get(candidate.gram):
            renderings = reader.read(candidate.gram)
            nested = [inside[o.sentence, o.start] > o.end - o.start for o in own]
            nested = nested if not all(nested) else []
            found = distribution(own, renderings, spans.names, targets, nested)
            yield Reading(candidate, tuple(own), tuple(renderings), found)


def _inside_longer(
    places: Mapping[Gram, Sequence[Occurrence]],
) -> dict[tuple[int, int], int]:
    """Returns for each (sentence, token) the length of the longest term there."""
    longest: dict[tuple[int, int], int] = {}
    for own in places.values():
        for o in own:
            for token in range(o.start, o.end):
                at = (o.sentence, token)
                longest[at] = max(longest.get(at, 0), o.end - o.start)
    return longest


def _found_term(reading: Reading, text: Text, documents: Sequence[str], minimum: int) -> FoundTerm:
    """Sums up the reading of one term."""
    found = reading.found
    segments = [text.pairs[o.sentence].segment for o in reading.occurrences]
    said = [*found.alike(found.keys)]
    counts = count_keys(said)
    written = Counter(_written(text, o) for o in reading.occurrences)
    renderings = tuple(_rendering(c, reading, text, segments) for c in found.clusters)
    return FoundTerm(
        term=written.most_common(1)[0][0],
        occurrences=len(reading.occurrences),
        resolved=sum(counts.values()),
        corrected=len(found.corrected),
        renderings=renderings,
        measures={
            "ltcr": measures.ltcr(counts),
            "ltcr_within_documents": _within_documents(said, [documents[s] for s in segments]),
            "dominant_share": measures.dominant_share(counts),
            "switch_rate": measures.switch_rate([" ".join(key) for key in said if key]),
        },
        evidence=found.evidence,
        drifts=found.evidence >= EVIDENCE
        and len(reading.occurrences) >= minimum
        and reading.candidate.name,
        gram=reading.candidate.gram,
        named=reading.candidate.name,
        known=False,
        places=tuple(_places(reading, text, renderings)),
    )


def _places(reading: Reading, text: Text, renderings: Sequence[FoundRendering]) -> Iterator[Place]:
    """Yields the occurrences of one term; instead of a span not believed, the usual one's is shown."""
    number = {cluster.key: k for k, cluster in enumerate(reading.found.clusters)}
    read = {place for cluster in reading.found.clusters for place in cluster.read}
    for k, (at, span) in enumerate(zip(reading.occurrences, reading.renderings, strict=True)):
        pair = text.pairs[at.sentence]
        source, target = pair.source, pair.target
        shown = span if k in read else None
        rendering = number.get(reading.found.keys[k])
        marked = (target.starts[shown.start], target.ends[shown.end - 1]) if shown else None
        if rendering is not None and marked is None:
            marked = _first(renderings[rendering].forms, target.text)
        yield Place(
            segment=pair.segment,
            source=source.text,
            source_span=(source.starts[at.start], source.ends[at.end - 1]),
            target=target.text,
            target_span=marked,
            rendering=rendering,
            confidence=shown.confidence if shown else None,
        )


def _first(forms: Sequence[str], text: str) -> tuple[int, int] | None:
    matches = (re.search(re.escape(form), text, re.IGNORECASE) for form in forms)
    return next((match.span() for match in matches if match), None)


def _written(text: Text, occurrence: Occurrence) -> str:
    """Returns an occurrence as the text has it, with the marks of a title around all of it."""
    tokens = text.pairs[occurrence.sentence].source
    return tokens.written(*_titled(tokens, occurrence.start, occurrence.end))


def _titled(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """Returns a half-open span of tokens with the marks of a title that stand around all of it."""
    if start and end < len(tokens.words) and tokens.words[start - 1] + tokens.words[end] == "《》":
        return start - 1, end + 1
    return start, end


def _rendering(
    cluster: Cluster, reading: Reading, text: Text, segments: Sequence[int]
) -> FoundRendering:
    """Shows a cluster; of the spellings, those of occurrences that were read off the links."""
    spelled: dict[int, str] = {}
    for place in cluster.read:
        span = reading.renderings[place]
        if span is not None:
            target = text.pairs[reading.occurrences[place].sentence].target
            spelled[place] = target.written(*_titled(target, span.start, span.end))
    forms = [form for form, _ in Counter(spelled.values()).most_common()]
    shown = next(place for place, form in spelled.items() if form == forms[0])
    target, rendering = (
        text.pairs[reading.occurrences[shown].sentence].target,
        reading.renderings[shown],
    )
    assert rendering is not None
    start = target.starts[_titled(target, rendering.start, rendering.end)[0]]
    return FoundRendering(
        text=forms[0],
        forms=tuple(forms),
        key=cluster.key,
        count=len(cluster.places),
        segments=tuple(segments[place] for place in cluster.places),
        example=target.text,
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

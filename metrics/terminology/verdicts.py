"""The termbase check: one verdict for every occurrence of a source term in a passage."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from xindaya.metrics.terminology.assignment import Assigner
from xindaya.metrics.terminology.matching import matcher_for
from xindaya.metrics.terminology.patterns import TIME_LIMIT
from xindaya.metrics.terminology.spans import Span, Tier
from xindaya.pairs import Concept, Segment, Status, Term, Termbase, UsageError


class Verdict(enum.StrEnum):
    """What a target text says for one occurrence of a source term."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"
    OTHER_CONCEPT = "other-concept"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One source occurrence of a term and its rendering in one target text.

    Attributes:
        concept: Concept id.
        term: The source form as the termbase writes it.
        segment: Position of the segment in the corpus.
        number: Which occurrence of the concept in the segment, from 1.
        source_span: Offsets into the source text.
        verdict: The judgement.
        rendering: The target form as the termbase writes it; empty if unresolved.
        target_span: Offsets into the target text, or None if unresolved.
        tier: How literally the rendering stands there, or None if unresolved.
        rendered_concept: The concept that owns the rendering, where that is another one.
        excused: True for an unresolved occurrence whose passage renders the concept elsewhere:
            a pronoun or an ellipsis, not an error.
        waived: True if a reviewer has accepted this occurrence as it is.
    """

    concept: str
    term: str
    segment: int
    number: int
    source_span: tuple[int, int]
    verdict: Verdict
    rendering: str = ""
    target_span: tuple[int, int] | None = None
    tier: Tier | None = None
    rendered_concept: str = ""
    excused: bool = False
    waived: bool = False

    @property
    def is_error(self) -> bool:
        """True if it is rendered wrongly, or not at all without an excuse, and nobody waived it."""
        judged = not (self.excused or self.waived)
        return judged and self.verdict not in (Verdict.PREFERRED, Verdict.ADMITTED)


class TermChecker:
    """Checks translations against a termbase.

    Source spans are found once a segment and shared by all the texts that translate it.

    Args:
        termbase: The concepts.
        source_lang: Language of the sources.
        target_lang: Language of the texts checked.
        fold_scripts: Match Simplified and Traditional Chinese forms together.
        variant: Language tag of the texts checked, such as ``en-GB``; empty if it is not known.

    Attributes:
        termbase: The concepts as they hold for the variant.
    """

    def __init__(
        self,
        termbase: Termbase,
        source_lang: str,
        target_lang: str,
        *,
        fold_scripts: bool = False,
        variant: str = "",
    ) -> None:
        self.termbase = termbase = termbase.in_variant(variant)
        self._source = matcher_for(termbase, source_lang, fold_scripts=fold_scripts)
        self._target = matcher_for(termbase, target_lang, fold_scripts=fold_scripts)
        self._assigner = Assigner(source_lang)

    def source_spans(self, segments: Sequence[Segment]) -> list[list[Span]]:
        """Returns the spans of source terms, one list a segment."""
        return [self._source.find(s.source or "") for s in segments]

    def check(
        self,
        segments: Sequence[Segment],
        spans: Sequence[Sequence[Span]],
        texts: Sequence[str | None],
    ) -> Iterator[Occurrence]:
        """Judges every source occurrence against one target text a segment.

        Args:
            segments: In reading order.
            spans: What `source_spans` returned for them.
            texts: The target texts; None where there is none (such a segment yields nothing).

        Yields:
            The occurrences in reading order.
        """
        expanded: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for position, (segment, sources, text) in enumerate(
            zip(segments, spans, texts, strict=True)
        ):
            if text is None:
                continue
            seen = expanded[segment.document]
            targets = self._target.find(text)
            early = _early_acronyms(targets, seen)
            if sources:
                yield from self._judge(position, segment, sources, targets, len(text), early)

    def _judge(
        self,
        position: int,
        segment: Segment,
        sources: Sequence[Span],
        targets: Sequence[Span],
        target_length: int,
        early: set[tuple[int, str]],
    ) -> Iterator[Occurrence]:
        concepts = [_concept_of(span, segment.source or "") for span in sources]
        pairs = self._assigner.assign(
            sources, concepts, targets, len(segment.source or ""), target_length
        )
        resolved = {concepts[i] for i in pairs if targets[pairs[i]].hit_of(concepts[i] or "")}
        counts: dict[str, int] = defaultdict(int)
        for i, (span, concept) in enumerate(zip(sources, concepts, strict=True)):
            if concept is None:
                continue
            counts[concept] += 1
            form = span.hit_of(concept)
            if form is None:  # pragma: no cover - a span's concept is one of its hits
                continue
            occurrence = Occurrence(
                concept=concept,
                term=form[0].term.text,
                segment=position,
                number=counts[concept],
                source_span=(span.start, span.end),
                verdict=Verdict.UNRESOLVED,
                excused=concept in resolved,
            )
            yield (
                _resolve(occurrence, targets[pairs[i]], (pairs[i], concept) in early)
                if i in pairs
                else occurrence
            )


def variant_of(segments: Sequence[Segment]) -> str:
    """Returns the language tag that all segments give their targets; empty if they differ."""
    tags = {s.extra.get("lang:target", "") for s in segments}
    return tags.pop() if len(tags) == 1 else ""


def _concept_of(span: Span, source: str) -> str | None:
    """Chooses the concept of a source span.

    Of homonyms, the first one whose context the passage meets; else the first without a context.
    """
    concepts = [form.concept for form, _ in span.hits]
    for concept in concepts:
        if concept.context and _meets(concept, source):
            return concept.id
    return next((c.id for c in concepts if not c.context), None)


def _meets(concept: Concept, source: str) -> bool:
    try:
        return regex.search(concept.context, source, timeout=TIME_LIMIT) is not None
    except (regex.error, TimeoutError) as error:
        raise UsageError(
            f"concept {concept.id!r}: the context {concept.context!r} cannot be used ({error})"
        ) from error


def _early_acronyms(targets: Sequence[Span], seen: set[tuple[str, str]]) -> set[tuple[int, str]]:
    """Finds acronyms that stand before their expansion in the document.

    Args:
        targets: The spans of one passage.
        seen: (concept, form) pairs the document has used so far; this passage's are added.

    Returns:
        (position in `targets`, concept) of the acronyms that are not expanded yet.
    """
    early = set()
    for position, span in enumerate(targets):
        for form, _ in span.hits:
            expansion = form.term.expansion
            if expansion and (form.concept.id, expansion.lower()) not in seen:
                early.add((position, form.concept.id))
            seen.add((form.concept.id, form.term.text.lower()))
    return early


def _resolve(occurrence: Occurrence, target: Span, early_acronym: bool) -> Occurrence:
    own = target.hit_of(occurrence.concept)
    form, tier = own or target.hits[0]
    if own is None:
        verdict = Verdict.OTHER_CONCEPT
    elif early_acronym and form.term.status in (Status.PREFERRED, Status.ADMITTED):
        verdict = Verdict.DEPRECATED
    else:
        verdict = Verdict(form.term.status.value)
    return replace(
        occurrence,
        verdict=verdict,
        rendering=form.term.text,
        target_span=(target.start, target.end),
        tier=tier,
        rendered_concept="" if own else form.concept.id,
        excused=False,
    )


def status_of(termbase: Termbase, concept: str, rendering: str, lang: str) -> Status | None:
    """Returns the status of a form in a concept, or None if the concept does not list it."""
    term = _term(termbase, concept, rendering, lang)
    return term.status if term else None


def cluster_of(termbase: Termbase, concept: str, rendering: str, lang: str) -> str:
    """Returns the form that stands for a rendering where consistency is measured.

    An acronym and its expansion are one rendering: writing a name out first and short later is
    what a style guide asks for.
    """
    term = _term(termbase, concept, rendering, lang)
    return term.expansion if term and term.expansion else rendering


def _term(termbase: Termbase, concept: str, rendering: str, lang: str) -> Term | None:
    terms = termbase.by_id[concept].in_language(lang)
    return next((t for t in terms if t.text == rendering), None)

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
from xindaya.pairs.lint_text import spelled


class Verdict(enum.StrEnum):
    """What a target text says for one occurrence of a source term."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"
    OTHER_CONCEPT = "other-concept"
    UNRESOLVED = "unresolved"


ALLOWED = (Verdict.PREFERRED, Verdict.ADMITTED)
"""Verdicts that follow the termbase; their values are the statuses that do."""


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
        unexpanded: True for an acronym that the termbase allows, but only after its expansion, which
            the document does not have so far: deprecated.
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
    unexpanded: bool = False
    waived: bool = False

    @property
    def is_error(self) -> bool:
        """True if it is rendered wrongly, or not at all without an excuse, and nobody waived it."""
        judged = not (self.excused or self.waived)
        return judged and self.verdict not in ALLOWED


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
        self._expansions = matcher_for(
            _expansions(termbase, target_lang), target_lang, fold_scripts=fold_scripts
        )
        self._assigner = Assigner(source_lang, target_lang)

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
        expanded: dict[str, set[tuple[str, str]]] = defaultdict(set)  # document: (concept, form)
        for position, (segment, sources, text) in enumerate(
            zip(segments, spans, texts, strict=True)
        ):
            if text is None:
                continue
            seen = expanded[segment.document]
            seen.update(
                (form.concept.id, form.term.text)
                for span in self._expansions.find(text)
                for form, _ in span.hits
            )
            if sources:
                yield from self._judge(position, segment, sources, text, seen)

    def _judge(
        self,
        position: int,
        segment: Segment,
        sources: Sequence[Span],
        text: str,
        expanded: set[tuple[str, str]],
    ) -> Iterator[Occurrence]:
        source, targets = segment.source or "", self._target.find(text)
        meant = [_concept_of(span, source) for span in sources]
        pairs = self._assigner.assign(source, sources, meant, text, targets)
        concepts = [c.id if c else None for c in meant]
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
                self._resolved(occurrence, targets[pairs[i]], expanded)
                if i in pairs
                else occurrence
            )

    def _resolved(
        self, occurrence: Occurrence, target: Span, expanded: set[tuple[str, str]]
    ) -> Occurrence:
        own = target.hit_of(occurrence.concept)
        form, tier = own or target.hits[0]
        verdict = Verdict(form.term.status.value) if own else Verdict.OTHER_CONCEPT
        asked = _expansion(form.concept, form.term) if verdict in ALLOWED else None
        unexpanded = asked is not None and (form.concept.id, asked.text) not in expanded
        return replace(
            occurrence,
            verdict=Verdict.DEPRECATED if unexpanded else verdict,
            rendering=form.term.text,
            target_span=(target.start, target.end),
            tier=tier,
            rendered_concept="" if own else form.concept.id,
            excused=False,
            unexpanded=unexpanded,
        )


def variant_of(segments: Sequence[Segment]) -> str:
    """Returns the language tag that all segments give their targets; empty if they differ."""
    tags = {s.extra.get("lang:target", "") for s in segments}
    return tags.pop() if len(tags) == 1 else ""


def _concept_of(span: Span, source: str) -> Concept | None:
    """Chooses the concept of a source span.

    Of homonyms, the first one whose context the passage meets; else the first without a context.
    """
    concepts = [form.concept for form, _ in span.hits]
    for concept in concepts:
        if concept.context and _meets(concept, source):
            return concept
    return next((c for c in concepts if not c.context), None)


def _meets(concept: Concept, source: str) -> bool:
    try:
        return regex.search(concept.context, source, timeout=TIME_LIMIT) is not None
    except (regex.error, TimeoutError) as error:
        raise UsageError(
            f"concept {concept.id!r}: the context {concept.context!r} cannot be used ({error})"
        ) from error


def _expansions(termbase: Termbase, lang: str) -> Termbase:
    """Returns the forms that acronyms of a termbase ask for."""
    concepts = (
        replace(c, terms=tuple(filter(None, (_expansion(c, t) for t in c.terms if t.lang == lang))))
        for c in termbase.concepts
    )
    return Termbase(termbase.name, tuple(c for c in concepts if c.terms))


def _expansion(concept: Concept, term: Term) -> Term | None:
    """Returns the form of the concept that an acronym stands for, if the termbase has it.

    An expansion that is no form of the concept, or one that may not be used, is asked of nobody.
    """
    wanted = spelled(term.expansion) if term.expansion else None
    return next(
        (
            t
            for t in concept.terms
            if t.lang == term.lang and spelled(t.text) == wanted and Verdict(t.status) in ALLOWED
        ),
        None,
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

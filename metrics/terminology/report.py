"""What a termbase check says about each text: distributions, measures and flags."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xindaya.metrics.metric import Progress
from xindaya.metrics.terminology import measures
from xindaya.metrics.terminology.metric import (
    adherence,
    count_verdicts,
    coverage,
    preferred_rate,
)
from xindaya.metrics.terminology.verdicts import Occurrence, TermChecker, Verdict, status_of
from xindaya.pairs import Corpus, Status, Termbase


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way a text renders a concept.

    Attributes:
        text: The form as the termbase writes it.
        status: A termbase status, ``other-concept``, or ``unlisted``.
        count: How often.
        segments: Positions of the segments, once for each occurrence.
    """

    text: str
    status: str
    count: int
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TermUse:
    """How one text renders one concept over the whole corpus.

    Attributes:
        concept: Concept id.
        term: The source form to show: the one that occurs most.
        text: Name of the system or reference set.
        occurrences: Source occurrences.
        resolved: Those with a rendering.
        renderings: Most frequent first.
        measures: Name to value; None where there are too few occurrences to say.
        flags: Any of ``drift``, ``forbidden``, ``deprecated``, ``other-concept``, ``unresolved``.
        is_reference: True if the text is a reference set and not a system.
    """

    concept: str
    term: str
    text: str
    occurrences: int
    resolved: int
    renderings: tuple[Rendering, ...]
    measures: Mapping[str, float | None]
    flags: tuple[str, ...]
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class TermSummary:
    """The termbase check of one text in numbers; shares in [0, 1], None where undefined."""

    occurrences: int
    resolved: int
    adherence: float | None
    preferred_rate: float | None
    coverage: float | None
    ltcr: float | None
    forbidden: int
    drifting: int


@dataclass(frozen=True)
class Terminology:
    """The termbase check of a corpus.

    Attributes:
        termbase: What was checked against.
        segments: Number of segments of the corpus.
        target_lang: Language of the texts.
        systems: System name to its occurrences, in reading order.
        references: Reference name to its occurrences.
    """

    termbase: Termbase
    segments: int
    target_lang: str
    systems: Mapping[str, tuple[Occurrence, ...]]
    references: Mapping[str, tuple[Occurrence, ...]]

    @cached_property
    def uses(self) -> tuple[TermUse, ...]:
        """Every concept that occurs, for every system and then every reference."""
        return tuple(
            use
            for is_reference, group in ((False, self.systems), (True, self.references))
            for text, occurrences in group.items()
            for use in self._uses_of(text, occurrences, is_reference)
        )

    def summary(self, text: str, *, reference: bool = False) -> TermSummary:
        """Sums the check of one system, or of one reference set."""
        occurrences = (self.references if reference else self.systems)[text]
        row = count_verdicts(occurrences, self.segments).sum(axis=0)
        uses = self._uses_of(text, occurrences, reference)
        pairs = [
            measures.ltcr_pairs({r.text: r.count for r in use.renderings})
            for use in uses
            if use.resolved >= 2
        ]
        agreeing, total = sum(a for a, _ in pairs), sum(t for _, t in pairs)
        return TermSummary(
            occurrences=len(occurrences),
            resolved=sum(o.verdict is not Verdict.UNRESOLVED for o in occurrences),
            adherence=adherence(row),
            preferred_rate=preferred_rate(row),
            coverage=coverage(row),
            ltcr=agreeing / total if total else None,
            forbidden=sum(o.verdict is Verdict.FORBIDDEN for o in occurrences),
            drifting=sum("drift" in use.flags for use in uses),
        )

    def _uses_of(
        self, text: str, occurrences: Sequence[Occurrence], is_reference: bool
    ) -> list[TermUse]:
        by_concept: dict[str, list[Occurrence]] = defaultdict(list)
        for occurrence in occurrences:
            by_concept[occurrence.concept].append(occurrence)
        return [
            self._use(text, concept, found, is_reference) for concept, found in by_concept.items()
        ]

    def _use(
        self, text: str, concept: str, found: Sequence[Occurrence], is_reference: bool
    ) -> TermUse:
        resolved = [o for o in found if o.rendering]
        sequence = [o.rendering for o in resolved]
        counts = measures.count(sequence)
        places: dict[str, list[int]] = defaultdict(list)
        for o in resolved:
            places[o.rendering].append(o.segment)
        renderings = tuple(
            Rendering(form, self._status(concept, form), n, tuple(places[form]))
            for form, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )
        kept = sum(o.verdict in (Verdict.PREFERRED, Verdict.ADMITTED) for o in resolved)
        return TermUse(
            concept=concept,
            term=Counter(o.term for o in found).most_common(1)[0][0],
            text=text,
            occurrences=len(found),
            resolved=len(resolved),
            renderings=renderings,
            measures={
                "adherence": kept / len(resolved) if resolved else None,
                "ltcr": measures.ltcr(counts),
                "dominant_share": measures.dominant_share(counts),
                "first_form_share": measures.first_form_share(sequence),
                "switch_rate": measures.switch_rate(sequence),
                "entropy": measures.normalised_entropy(counts),
            },
            flags=self._flags(found, renderings),
            is_reference=is_reference,
        )

    def _status(self, concept: str, form: str) -> str:
        status = status_of(self.termbase, concept, form, self.target_lang)
        return status.value if status else Verdict.OTHER_CONCEPT.value

    def _flags(
        self, found: Sequence[Occurrence], renderings: Sequence[Rendering]
    ) -> tuple[str, ...]:
        verdicts = {o.verdict for o in found}
        flags = ["drift"] if self._drifts(found[0].concept, renderings) else []
        flags += [
            v.value
            for v in (Verdict.FORBIDDEN, Verdict.DEPRECATED, Verdict.OTHER_CONCEPT)
            if v in verdicts
        ]
        if any(o.verdict is Verdict.UNRESOLVED and not o.excused for o in found):
            flags.append("unresolved")
        return tuple(flags)

    def _drifts(self, concept: str, renderings: Sequence[Rendering]) -> bool:
        """True if one concept is rendered in two ways, at least one of them not allowed.

        Moving between allowed forms, such as a name and its acronym, is no drift: the termbase
        says so.
        """
        allowed = (Status.PREFERRED.value, Status.ADMITTED.value)
        return len(renderings) >= 2 and any(r.status not in allowed for r in renderings)


def check_corpus(
    corpus: Corpus, termbase: Termbase, progress: Progress | None = None
) -> Terminology:
    """Checks every system and every reference set of a corpus against a termbase."""
    checker = TermChecker(termbase, corpus.source_lang, corpus.target_lang)
    spans = checker.source_spans(corpus.segments)

    def check(texts: Sequence[str | None]) -> tuple[Occurrence, ...]:
        found = tuple(checker.check(corpus.segments, spans, texts))
        if progress:
            progress(len(texts))
        return found

    return Terminology(
        termbase=termbase,
        segments=len(corpus.segments),
        target_lang=corpus.target_lang,
        systems={name: check(texts) for name, texts in corpus.systems.items()},
        references={name: check(corpus.reference(name)) for name in corpus.reference_names},
    )

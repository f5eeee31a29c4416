"""What a termbase check says about each text: distributions, measures and flags."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from xindaya.metrics.metric import Progress
from xindaya.metrics.terminology import measures
from xindaya.metrics.terminology.drift import NONE_FOUND, Drift, judged, paired_drift
from xindaya.metrics.terminology.intervals import term_intervals
from xindaya.metrics.terminology.metric import (
    adherence,
    count_verdicts,
    coverage,
    preferred_rate,
)
from xindaya.metrics.terminology.neutralisation import Neutralisation, neutralisations
from xindaya.metrics.terminology.verdicts import (
    ALLOWED,
    Occurrence,
    TermChecker,
    Verdict,
    cluster_of,
    status_of,
    variant_of,
)
from xindaya.metrics.terminology.wmt import Served, served
from xindaya.pairs import Corpus, Segment, Termbase, UsageError


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way a text renders a concept.

    Attributes:
        text: The form as the termbase writes it.
        status: A termbase status, ``other-concept``, or ``unlisted``.
        count: How often.
        segments: Positions of the segments, once for each occurrence.
        owner: The concept that the termbase gives the form to, if the status is ``other-concept``.
        unexpanded: How many are an acronym before its expansion, and so count as deprecated.
    """

    text: str
    status: str
    count: int
    segments: tuple[int, ...]
    owner: str = ""
    unexpanded: int = 0


@dataclass(frozen=True, slots=True)
class TermUse:
    """How one text renders one concept over the whole corpus.

    Attributes:
        concept: Concept id.
        term: The source form to show: the one that occurs most.
        text: Name of the system or reference set.
        occurrences: Source occurrences, waived ones left out.
        resolved: Those with a rendering.
        renderings: Most frequent first.
        measures: Name to value; None where there are too few occurrences to say.
        flags: Any of ``drift``, ``forbidden``, ``deprecated``, ``other-concept``, ``unresolved``.
        clusters: Rendering to count as consistency is measured: an acronym counts as its expansion.
        is_reference: True if the text is a reference set and not a system.
        drift: Distance from the first reference, judged with all terms; None for references, or
            without one.
    """

    concept: str
    term: str
    text: str
    occurrences: int
    resolved: int
    renderings: tuple[Rendering, ...]
    measures: Mapping[str, float | None]
    flags: tuple[str, ...]
    clusters: Mapping[str, int]
    is_reference: bool = False
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class TermSummary:
    """The termbase check of one text in numbers; shares in [0, 1], None where undefined.

    Attributes:
        occurrences: Source occurrences, waived ones left out.
        resolved: Those with a rendering.
        adherence: Preferred and admitted over resolved.
        preferred_rate: Preferred over resolved.
        coverage: Resolved over occurrences.
        ltcr: Pooled over the terms that are resolved at least twice.
        repeated: Number of those terms; singletons are never averaged in.
        forbidden: Occurrences with a forbidden rendering.
        drifting: Terms with the flag ``drift``.
        waived: Occurrences a reviewer has accepted.
        intervals: ``adherence``, ``coverage`` and ``ltcr`` to 95 % bootstrap bounds.
        exclusive: Occurrences that an allowed form serves with a span of its own, over all: WMT26's
            rule (`xindaya.metrics.terminology.wmt`); None where it was not counted.
        overlapping: The same with spans that may overlap, never less.
        ceiling: Adherence of the reference, the best one of several; None for a reference, or
            without one. Whoever translates well need not reach more.
    """

    occurrences: int
    resolved: int
    adherence: float | None
    preferred_rate: float | None
    coverage: float | None
    ltcr: float | None
    repeated: int
    forbidden: int
    drifting: int
    waived: int
    intervals: Mapping[str, tuple[float, float]]
    exclusive: float | None = None
    overlapping: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True)
class Terminology:
    """The termbase check of a corpus.

    Attributes:
        termbase: What was checked against.
        documents: Document of each segment.
        target_lang: Language of the texts.
        systems: System name to its occurrences, in reading order.
        references: Reference name to its occurrences.
        waivers: Ids of occurrences that a reviewer has accepted.
        unused_waivers: Those that name no occurrence.
        seed: Of permutation tests and bootstrap.
        served: (text, whether it is a reference set) to what it serves by WMT26's rule.
    """

    termbase: Termbase
    documents: tuple[str, ...]
    target_lang: str
    systems: Mapping[str, tuple[Occurrence, ...]]
    references: Mapping[str, tuple[Occurrence, ...]]
    waivers: tuple[str, ...] = ()
    unused_waivers: tuple[str, ...] = ()
    seed: int = 0
    served: Mapping[tuple[str, bool], Served] = field(default_factory=dict)

    @cached_property
    def uses(self) -> tuple[TermUse, ...]:
        """Every concept that occurs, for every system and then every reference."""
        return tuple(
            use
            for is_reference, group in ((False, self.systems), (True, self.references))
            for text in group
            for use in self._uses[text, is_reference]
        )

    def summary(self, text: str, *, reference: bool = False) -> TermSummary:
        """Sums the check of one system, or of one reference set.

        Raises:
            UsageError: If there is no such text.
        """
        if (text, reference) not in self._summaries:
            known = ", ".join(self.references if reference else self.systems) or "none"
            raise UsageError(f"no text {text!r} was checked; known: {known}")
        return self._summaries[text, reference]

    def neutralisations(self, text: str, *, reference: bool = False) -> tuple[Neutralisation, ...]:
        """Returns the renderings of a text that several concepts share."""
        return neutralisations(self._texts[text, reference])

    def counts(
        self, text: str, *, reference: bool = False, unresolved: bool = False
    ) -> dict[tuple[str, str], Counter[str]]:
        """Returns (concept, document) to how often each rendering is used there.

        An acronym counts as its expansion; waived occurrences are left out.

        Args:
            text: Name of the system or reference set.
            reference: True for a reference set.
            unresolved: Count occurrences without a rendering or an excuse too, as `NONE_FOUND`.
        """
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for o in self._texts[text, reference]:
            if not o.waived and (o.rendering or (unresolved and not o.excused)):
                cluster = self._cluster(o.concept, o.rendering) if o.rendering else NONE_FOUND
                counts[o.concept, self.documents[o.segment]][cluster] += 1
        return counts

    def by_document(self, text: str, *, reference: bool = False) -> dict[str, list[int]]:
        """Returns document to its summed verdict counts, in the columns of `COLUMNS`."""
        rows = count_verdicts(self._texts[text, reference], len(self.documents))
        sums: dict[str, list[int]] = {}
        for document, row in zip(self.documents, rows.tolist(), strict=True):
            known = sums.get(document, [0] * len(row))
            sums[document] = [a + b for a, b in zip(known, row, strict=True)]
        return sums

    @cached_property
    def _texts(self) -> dict[tuple[str, bool], tuple[Occurrence, ...]]:
        texts = {(name, False): found for name, found in self.systems.items()}
        return texts | {(name, True): found for name, found in self.references.items()}

    @cached_property
    def _summaries(self) -> dict[tuple[str, bool], TermSummary]:
        return {key: self._summary(*key) for key in self._texts}

    def _summary(self, text: str, reference: bool) -> TermSummary:
        occurrences = self._texts[text, reference]
        row = count_verdicts(occurrences, len(self.documents)).sum(axis=0)
        uses = self._uses[text, reference]
        ltcr, repeated = pooled_ltcr(uses)
        exclusive = self.served.get((text, reference))
        return TermSummary(
            occurrences=sum(u.occurrences for u in uses),
            resolved=sum(u.resolved for u in uses),
            adherence=adherence(row),
            preferred_rate=preferred_rate(row),
            coverage=coverage(row),
            ltcr=ltcr,
            repeated=repeated,
            forbidden=sum(o.verdict is Verdict.FORBIDDEN for o in occurrences if not o.waived),
            drifting=sum("drift" in use.flags for use in uses),
            waived=sum(o.waived for o in occurrences),
            intervals=term_intervals(
                self.termbase, occurrences, self.documents, self.target_lang, seed=self.seed
            ),
            exclusive=exclusive.rate if exclusive else None,
            overlapping=exclusive.bound if exclusive else None,
            ceiling=None if reference else ceiling(self._reference_rows()),
        )

    def ceilings(self) -> dict[str, float | None]:
        """Returns document to the adherence of the reference, the best one of several."""
        found = [self.by_document(name, reference=True) for name in self.references]
        return {d: ceiling([rows[d] for rows in found]) for d in dict.fromkeys(self.documents)}

    def _reference_rows(self) -> Iterator[Sequence[int]]:
        for found in self.references.values():
            yield count_verdicts(found, len(self.documents)).sum(axis=0)

    @cached_property
    def _uses(self) -> dict[tuple[str, bool], tuple[TermUse, ...]]:
        plain = {key: self._uses_of(*key) for key in self._texts}
        if not self.references:
            return plain
        theirs = self.counts(next(iter(self.references)), reference=True)
        return {
            key: uses if key[1] else self._with_drift(uses, self.counts(key[0]), theirs)
            for key, uses in plain.items()
        }

    def _uses_of(self, text: str, is_reference: bool) -> tuple[TermUse, ...]:
        by_concept: dict[str, list[Occurrence]] = defaultdict(list)
        for occurrence in self._texts[text, is_reference]:
            if not occurrence.waived:
                by_concept[occurrence.concept].append(occurrence)
        return tuple(self._use(text, found, is_reference) for found in by_concept.values())

    def _use(self, text: str, found: Sequence[Occurrence], is_reference: bool) -> TermUse:
        concept = found[0].concept
        resolved = [o for o in found if o.rendering]
        sequence = [self._cluster(concept, o.rendering) for o in resolved]
        clusters = measures.count(sequence)
        renderings = self._renderings(concept, resolved)
        verdicts = Counter(o.verdict.value for o in found)
        verdicts["excused"] = sum(o.excused for o in found)
        kept = sum(verdicts[status] for status in ALLOWED)
        return TermUse(
            concept=concept,
            term=Counter(o.term for o in found).most_common(1)[0][0],
            text=text,
            occurrences=len(found),
            resolved=len(resolved),
            renderings=renderings,
            measures={
                "adherence": kept / len(resolved) if resolved else None,
                "ltcr": measures.ltcr(clusters),
                "dominant_share": measures.dominant_share(clusters),
                "first_form_share": measures.first_form_share(sequence),
                "switch_rate": measures.switch_rate(sequence),
                "entropy": measures.normalised_entropy(clusters),
            },
            flags=term_flags(verdicts, renderings),
            clusters=clusters,
            is_reference=is_reference,
        )

    def _renderings(self, concept: str, resolved: Sequence[Occurrence]) -> tuple[Rendering, ...]:
        places: dict[str, list[int]] = defaultdict(list)
        early = Counter(o.rendering for o in resolved if o.unexpanded)
        for o in resolved:
            places[o.rendering].append(o.segment)
        return tuple(
            rendering_of(
                self.termbase, concept, form, self.target_lang, tuple(segments), early[form]
            )
            for form, segments in sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
        )

    def _with_drift(
        self,
        uses: Sequence[TermUse],
        ours: Mapping[tuple[str, str], Counter[str]],
        theirs: Mapping[tuple[str, str], Counter[str]],
    ) -> tuple[TermUse, ...]:
        """Adds each term's distance from the reference, adjusted for the number of terms."""
        drifts = judged(
            {
                use.concept: paired_drift(
                    [
                        (ours.get((use.concept, d), {}), theirs.get((use.concept, d), {}))
                        for d in dict.fromkeys(self.documents)
                    ],
                    tests=len(uses),
                    seed=self.seed,
                )
                for use in uses
            }
        )
        return tuple(
            replace(
                use,
                drift=drifts[use.concept],
                measures={**use.measures, "drift": drifts[use.concept].divergence},
            )
            for use in uses
        )

    def _cluster(self, concept: str, rendering: str) -> str:
        return cluster_of(self.termbase, concept, rendering, self.target_lang)


def rendering_of(
    termbase: Termbase,
    concept: str,
    form: str,
    lang: str,
    segments: tuple[int, ...] = (),
    unexpanded: int = 0,
    count: int = 0,
) -> Rendering:
    """Says what a form is to a concept: one of its own, or another concept's.

    Args:
        termbase: The concepts.
        concept: The one that is rendered.
        form: As the termbase writes it.
        lang: Its language.
        segments: Where it stands.
        unexpanded: How often as an acronym before its expansion.
        count: How often in all, where the places are not known.
    """
    status = status_of(termbase, concept, form, lang)
    owners = (
        c.id for c in termbase.concepts if any(t.text == form and t.lang == lang for t in c.terms)
    )
    return Rendering(
        text=form,
        status=status.value if status else Verdict.OTHER_CONCEPT.value,
        count=count or len(segments),
        segments=segments,
        owner="" if status else next(owners, ""),
        unexpanded=unexpanded,
    )


def ceiling(rows: Iterable[Sequence[int]]) -> float | None:
    """Returns the highest adherence of several references, from their summed verdict counts."""
    return max((a for row in rows if (a := adherence(row)) is not None), default=None)


def pooled_ltcr(uses: Sequence[TermUse]) -> tuple[float | None, int]:
    """Returns the LTCR of all terms together, and how many are resolved at least twice.

    Only those have pairs of occurrences, so singletons are never averaged in.
    """
    repeated = [use.clusters for use in uses if use.resolved >= 2]
    pairs = [measures.ltcr_pairs(counts) for counts in repeated]
    agreeing, total = sum(a for a, _ in pairs), sum(t for _, t in pairs)
    return (agreeing / total if total else None), len(repeated)


def term_flags(verdicts: Mapping[str, int], renderings: Sequence[Rendering]) -> tuple[str, ...]:
    """Returns the flags of one concept in one text.

    It drifts if it is rendered in two ways, at least one of them not allowed: moving between
    allowed forms, such as a name and its acronym, is no drift, because the termbase says so.

    Args:
        verdicts: Verdict to its count, and ``excused`` to how many of the unresolved are.
        renderings: Of the concept.
    """
    drifts = len(renderings) >= 2 and any(r.status not in ALLOWED for r in renderings)
    flags = ["drift"] if drifts else []
    flags += [
        v.value
        for v in (Verdict.FORBIDDEN, Verdict.DEPRECATED, Verdict.OTHER_CONCEPT)
        if verdicts.get(v.value)
    ]
    if verdicts.get(Verdict.UNRESOLVED.value, 0) > verdicts.get("excused", 0):
        flags.append("unresolved")
    return tuple(flags)


def check_corpus(
    corpus: Corpus,
    termbase: Termbase,
    *,
    waivers: Collection[str] = (),
    fold_scripts: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Terminology:
    """Checks every system and every reference set of a corpus against a termbase.

    Args:
        corpus: With a source text in every segment.
        termbase: The concepts.
        waivers: Ids of occurrences a reviewer has accepted, as `occurrence_id` gives them, alone
            (for every system) or after ``SYSTEM:``.
        fold_scripts: Match Simplified and Traditional Chinese forms together.
        seed: Of permutation tests and bootstrap.
        progress: Called as work is done.
    """
    checker = TermChecker(
        termbase, corpus.source_lang, corpus.target_lang, fold_scripts=fold_scripts,
        variant=variant_of(corpus.segments),
    )  # fmt: skip
    spans = checker.source_spans(corpus.segments)
    asked = {current_id(corpus, given): given for given in waivers} | {w: w for w in waivers}
    used: set[str] = set()

    def check(name: str, texts: Sequence[str | None]) -> tuple[Occurrence, ...]:
        found = []
        for o in checker.check(corpus.segments, spans, texts):
            own = occurrence_id(corpus.segments[o.segment], o)
            applied = {own, f"{name}:{own}"} & asked.keys()
            used.update(asked[identity] for identity in applied)
            found.append(replace(o, waived=True) if applied else o)
        if progress:
            progress(len(texts))
        return tuple(found)

    systems = {name: check(name, texts) for name, texts in corpus.systems.items()}
    references = {n: check(n, corpus.reference(n)) for n in corpus.reference_names}
    return Terminology(
        termbase=checker.termbase,
        documents=tuple(s.document for s in corpus.segments),
        target_lang=corpus.target_lang,
        systems=systems,
        references=references,
        served={
            (name, is_reference): _served(
                checker.termbase,
                corpus.target_lang,
                found,
                corpus.reference(name) if is_reference else corpus.systems[name],
            )
            for group, is_reference in ((systems, False), (references, True))
            for name, found in group.items()
        },
        waivers=tuple(sorted(waivers)),
        unused_waivers=tuple(sorted(set(waivers) - used)),
        seed=seed,
    )


def _served(
    termbase: Termbase, lang: str, occurrences: Sequence[Occurrence], texts: Sequence[str | None]
) -> Served:
    """Counts what a text serves by WMT26's rule, with the forms that may be used."""
    forms = {
        c.id: [t.text for t in c.in_language(lang) if t.status.value in ALLOWED]
        for c in termbase.concepts
    }
    wanted: dict[int, list[list[str]]] = defaultdict(list)
    for o in occurrences:
        if not o.waived:
            wanted[o.segment].append(forms[o.concept])
    return sum((served(texts[k] or "", asked) for k, asked in wanted.items()), Served())


def occurrence_id(segment: Segment, occurrence: Occurrence) -> str:
    """Names one occurrence of one concept: concept, document, segment, number."""
    return f"{occurrence.concept}/{segment.document}/{segment.id}/{occurrence.number}"


def current_id(corpus: Corpus, identity: str) -> str:
    """Returns an occurrence's id in this form; 0.1.0 named an unnamed document after the corpus."""
    return identity.replace(f"/{corpus.name}/", "//", 1) if "" in corpus.documents else identity

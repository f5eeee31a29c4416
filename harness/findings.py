"""What a person should look at, with ids that stay the same from run to run."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.metrics import Finding, Terminology
from xindaya.metrics.terminology import Occurrence, Verdict, occurrence_id
from xindaya.metrics.terminology.mqm import LABELS
from xindaya.pairs import Corpus


def find_all(corpus: Corpus, terminology: Terminology | None) -> tuple[Finding, ...]:
    """Lists the findings of a corpus and of its termbase check.

    Returns:
        Those about segments in reading order, then those about whole texts.
    """
    found = list(_empty_texts(corpus))
    if terminology is not None:
        for system, occurrences in terminology.systems.items():
            found += _terms(corpus, terminology, system, occurrences)
            found += _neutralisations(terminology, system)
        found += _unused_waivers(terminology)
    places = {s.id: position for position, s in enumerate(corpus.segments)}
    return tuple(sorted(found, key=lambda f: places.get(f.segment, len(places))))


def _empty_texts(corpus: Corpus) -> Iterator[Finding]:
    for position, segment in enumerate(corpus.segments):
        for name, text in zip(corpus.reference_names, segment.references, strict=True):
            if text is not None and not text.strip():
                yield Finding(
                    f"empty-reference/{name}/{segment.id}",
                    "empty-reference",
                    "",
                    segment.id,
                    f"Reference {name} is empty: any output scores nothing against it.",
                )
        for system, outputs in corpus.systems.items():
            if not outputs[position].strip():
                yield Finding(
                    f"empty-output/{system}/{segment.id}",
                    "empty-output",
                    system,
                    segment.id,
                    "The output is empty.",
                )


def _terms(
    corpus: Corpus, terminology: Terminology, system: str, occurrences: tuple[Occurrence, ...]
) -> Iterator[Finding]:
    for occurrence in occurrences:
        message = _message(corpus, terminology, occurrence)
        if message:
            segment = corpus.segments[occurrence.segment]
            label = LABELS.get(occurrence.verdict)
            yield Finding(
                f"{system}:{occurrence_id(segment, occurrence)}",
                f"{occurrence.verdict}-term",
                system,
                segment.id,
                message,
                label.mqm if label else "",
            )


def _message(corpus: Corpus, terminology: Terminology, o: Occurrence) -> str:
    """Says what is wrong with one occurrence; nothing if nothing is."""
    if o.verdict in (Verdict.PREFERRED, Verdict.ADMITTED) or o.excused or o.waived:
        return ""
    wanted = terminology.termbase.by_id[o.concept].label(corpus.target_lang)
    if o.verdict is Verdict.UNRESOLVED:
        return f"{o.term}: no listed rendering found; preferred is “{wanted}”."
    if o.verdict is Verdict.OTHER_CONCEPT:
        return f"{o.term} is rendered “{o.rendering}”, which names {o.rendered_concept}."
    return f"{o.term} is rendered “{o.rendering}” ({o.verdict}); preferred is “{wanted}”."


def _neutralisations(terminology: Terminology, system: str) -> Iterator[Finding]:
    for shared in terminology.neutralisations(system):
        counts = ", ".join(f"{shared.terms[c]} ×{n}" for c, n in shared.counts.items())
        yield Finding(
            f"neutralisation/{system}/{'+'.join(sorted(shared.counts))}/{shared.rendering}",
            "neutralisation",
            system,
            "",
            f"“{shared.rendering}” stands for different terms: {counts}.",
            LABELS[Verdict.OTHER_CONCEPT].mqm,
        )


def _unused_waivers(terminology: Terminology) -> Iterator[Finding]:
    for identity in terminology.unused_waivers:
        yield Finding(
            f"unused-waiver/{identity}",
            "unused-waiver",
            "",
            "",
            f"The waiver {identity} names no occurrence: remove it, or correct its id.",
        )

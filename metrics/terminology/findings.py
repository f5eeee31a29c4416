"""What a person should look at in a termbase check, with ids that stay the same from run to run."""

from __future__ import annotations

from collections.abc import Iterator

from xindaya.metrics.evaluation import Finding
from xindaya.metrics.terminology.mqm import INCONSISTENT_USE, LABELS
from xindaya.metrics.terminology.report import Terminology, occurrence_id
from xindaya.metrics.terminology.verdicts import Occurrence, Verdict
from xindaya.pairs.corpus import Corpus

# An unresolved term may be a fair omission.
_SEVERITIES = {Verdict.FORBIDDEN: "error", Verdict.UNRESOLVED: "note"}


def term_findings(corpus: Corpus, terminology: Terminology) -> Iterator[Finding]:
    """Yields the findings of a termbase check, system by system.

    Args:
        corpus: The texts.
        terminology: Their check.
    """
    for system, occurrences in terminology.systems.items():
        yield from _terms(corpus, terminology, system, occurrences)
        yield from _inconsistent(corpus, terminology, system)
        yield from _neutralisations(terminology, system)
    yield from _unused_waivers(terminology)


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
                _SEVERITIES.get(occurrence.verdict, "warning"),
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
        owner = terminology.termbase.by_id[o.rendered_concept].label(corpus.source_lang)
        return f"{o.term} is rendered “{o.rendering}”, which the termbase gives to {owner}."
    if o.unexpanded:
        return f"{o.term} is rendered “{o.rendering}” before its expansion in the document."
    return f"{o.term} is rendered “{o.rendering}” ({o.verdict}); preferred is “{wanted}”."


def _inconsistent(corpus: Corpus, terminology: Terminology, system: str) -> Iterator[Finding]:
    for use in terminology.uses:
        if use.text == system and not use.is_reference and "drift" in use.flags:
            forms = ", ".join(f"“{r.text}” ×{r.count}" for r in use.renderings)
            term = terminology.termbase.by_id[use.concept].label(corpus.source_lang)
            yield Finding(
                f"drift/{system}/{use.concept}",
                "inconsistent-term",
                system,
                "",
                f"{term} is rendered in {len(use.renderings)} ways: {forms}.",
                mqm=INCONSISTENT_USE.mqm,
            )


def _neutralisations(terminology: Terminology, system: str) -> Iterator[Finding]:
    for shared in terminology.neutralisations(system):
        counts = ", ".join(f"{shared.terms[c]} ×{n}" for c, n in shared.counts.items())
        yield Finding(
            f"neutralisation/{system}/{'+'.join(sorted(shared.counts))}/{shared.rendering}",
            "neutralisation",
            system,
            "",
            f"“{shared.rendering}” stands for different terms: {counts}.",
            mqm=LABELS[Verdict.OTHER_CONCEPT].mqm,
        )


def _unused_waivers(terminology: Terminology) -> Iterator[Finding]:
    for identity in terminology.unused_waivers:
        yield Finding(
            f"unused-waiver/{identity}",
            "unused-waiver",
            "",
            "",
            f"The waiver {identity} names no occurrence: remove it, or correct its id.",
            "note",
        )

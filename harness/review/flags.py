"""What the machine noticed in a segment: hints for a reviewer, never errors, never counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xindaya.metrics import Evaluation, Finding
from xindaya.metrics.scores import told


def flags_of(evaluation: Evaluation, system: str) -> dict[str, tuple[str, ...]]:
    """Returns the flags of each segment that has any, in the order of the findings.

    A term that drifts is flagged in every segment where it occurs.
    """
    flags: dict[str, list[str]] = defaultdict(list)
    for finding in findings_of(evaluation, system):
        flags[finding.segment].append(_sentence(finding))
    for segment, sentence in _errors(evaluation, system):
        flags[segment].append(sentence)
    for segment, sentences in _drifting(evaluation, system).items():
        flags[segment] += sentences
    return {segment: tuple(dict.fromkeys(found)) for segment, found in flags.items()}


def findings_of(evaluation: Evaluation, system: str) -> list[Finding]:
    """Returns the findings in single segments of the system or the test set."""
    return [f for f in evaluation.findings if f.segment and f.system in (system, "")]


def _sentence(finding: Finding) -> str:
    return f"{finding.kind}: {finding.message}"


def _errors(evaluation: Evaluation, system: str) -> Iterator[tuple[str, str]]:
    """Yields the errors that a measure places, as a judge does: to a reviewer they are flags, too."""
    corpus = evaluation.corpus
    outputs = {system: corpus.systems[system]}
    for measure, _, place, score in told(evaluation.metrics.values(), corpus.segments, outputs):
        segment = corpus.segments[place]
        texts = {"source": segment.source or "", "output": corpus.systems[system][place]}
        for span in score.spans:
            words = texts[span.text_of][span.start : span.end]
            kind = ", ".join(filter(None, (span.severity, span.category)))
            yield (
                segment.id,
                f"{measure}: {kind}: “{words}”" + (f": {span.note}" if span.note else ""),
            )


def _drifting(evaluation: Evaluation, system: str) -> dict[str, list[str]]:
    terminology = evaluation.terminology
    if terminology is None:
        return {}
    forms = {
        use.concept: _few([f"“{r.text}” ×{r.count}" for r in use.renderings])
        for use in terminology.uses
        if use.text == system and not use.is_reference and "drift" in use.flags
    }
    found: dict[str, list[str]] = defaultdict(list)
    for occurrence in terminology.systems.get(system, ()):
        if occurrence.concept in forms:
            segment = evaluation.corpus.segments[occurrence.segment]
            here = f"“{occurrence.rendering}” here; " if occurrence.rendering else ""
            found[segment.id].append(
                f"drifting term {evaluation.term(occurrence.concept)}: {here}in all "
                f"{forms[occurrence.concept]}"
            )
    return found


def _few(forms: list[str], most: int = 3) -> str:
    more = f" and {len(forms) - most} more" if len(forms) > most else ""
    return ", ".join(forms[:most]) + more

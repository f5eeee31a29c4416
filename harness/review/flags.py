"""What the machine noticed in a segment: hints for a reviewer, never errors, never counted."""

from __future__ import annotations

from collections import defaultdict

from xindaya.metrics import Evaluation, Finding


def flags_of(evaluation: Evaluation, system: str) -> dict[str, tuple[str, ...]]:
    """Returns the flags of each segment that has any, in the order of the findings.

    A term that drifts is flagged in every segment where it occurs.
    """
    flags: dict[str, list[str]] = defaultdict(list)
    for finding in findings_of(evaluation, system):
        flags[finding.segment].append(_sentence(finding))
    for segment, sentences in _drifting(evaluation, system).items():
        flags[segment] += sentences
    return {segment: tuple(dict.fromkeys(found)) for segment, found in flags.items()}


def findings_of(evaluation: Evaluation, system: str) -> list[Finding]:
    """Returns the findings in single segments of the system or the test set."""
    return [f for f in evaluation.findings if f.segment and f.system in (system, "")]


def _sentence(finding: Finding) -> str:
    return f"{finding.kind}: {finding.message}"


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

"""The summary of a report as Markdown: the verdict in words, scores, tests, terms, gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xindaya.metrics import Evaluation
from xindaya.metrics.significance import ALPHA
from xindaya.metrics.terminology import Rendering
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.reports.html import figures
from xindaya.reports.html.report.overview import DriftingTerm, Rendered, drifting_terms
from xindaya.reports.html.report.verdict import sentences
from xindaya.reports.html.strings import SCRIPT
from xindaya.reports.html.wording import in_words, plural
from xindaya.reports.machine import to_markdown
from xindaya.reports.markdown import escape, head, row

MOST_TERMS = 30


def to_summary(evaluation: Evaluation, previous: Delivery | None = None, *, width: int = 2) -> str:
    """Returns the summary of an evaluation as Markdown.

    Args:
        evaluation: What to sum up.
        previous: The last delivery, to say which terms changed since.
        width: Digits after the point.
    """
    blocks = [f"# {escape(evaluation.corpus.name)}", *_verdict(evaluation), "## Scores"]
    blocks.append(to_markdown(evaluation, width, intervals=True).rstrip("\n"))
    if evaluation.comparisons:
        blocks += ["## Significance", "\n".join(_tests(evaluation, width))]
    if drifting := drifting_terms(evaluation):
        blocks += ["## Terms that drift", "\n".join(_terms(drifting))]
        if len(drifting) > MOST_TERMS:
            blocks.append(f"{len(drifting) - MOST_TERMS} more in the report.")
    if previous is not None:
        blocks += ["## Since the last delivery", *_changes(previous)]
    return "\n\n".join(blocks) + "\n"


def _verdict(evaluation: Evaluation) -> Iterator[str]:
    for paragraph in sentences(evaluation):
        yield " ".join(in_words(s, "en", escape) for s in paragraph)


def _tests(evaluation: Evaluation, width: int) -> Iterator[str]:
    yield from head(["System", "Metric", "In words", "Difference", "p"], 2)
    for c in evaluation.comparisons:
        key = figures.verdict_key(c, evaluation.metrics[c.metric].higher_is_better)
        words = in_words(key, "en", escape)
        p = figures.p_value(c.p_value).removeprefix("p = ").removeprefix("p ")
        cells = [
            escape(c.system),
            escape(c.metric),
            words,
            figures.signed(c.delta, width),
            escape(p),
        ]
        yield row(cells)


def _terms(drifting: list[DriftingTerm]) -> Iterator[str]:
    yield from head(["Term", "Preferred", "System", "Renderings"], 0)
    for term in drifting[:MOST_TERMS]:
        for group in term.rendered:
            if group.drifts:
                systems = ", ".join(map(escape, group.systems))
                yield row([escape(term.term), escape(term.wanted), systems, _renderings(group)])


def _renderings(group: Rendered) -> str:
    found = [_rendering(r) for r in group.renderings]
    return "; ".join(found + ([f"not found ×{group.missing}"] if group.missing else []))


def _rendering(r: Rendering) -> str:
    status = "" if r.status == "preferred" else f" ({r.status})"
    return f"{escape(r.text)} ×{r.count}{status}"


def _changes(previous: Delivery) -> Iterator[str]:
    values = {
        "name": escape(previous.name),
        "shared": previous.shared,
        "gone": previous.gone,
        "added": previous.added,
    }
    yield plural(SCRIPT["en"]["before_lead"], values).format(**values)
    yield "Terms whose renderings changed by more than chance:"
    lines = [*head(["Term", "System", "Then", "Now"], 0)]
    for system, drifts in previous.drifts.items():
        for drift in drifts.values():
            if drift.q_value is not None and drift.q_value < ALPHA and drift.drift.divergence:
                then, now = _counts(drift.first), _counts(drift.second)
                lines.append(row([escape(drift.concept), escape(system), then, now]))
    yield "\n".join(lines) if len(lines) > 2 else "None."


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    return "; ".join(f"{escape(text)} ×{n}" for text, n in ordered)

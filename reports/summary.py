"""The summary of a report as Markdown: the verdict in words, scores, tests, terms, gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xindaya.metrics import Evaluation
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.terminology import Rendering, TermUse
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.metrics.terminology.scopes import ScopeDrift
from xindaya.pairs.wording import counted
from xindaya.reports import figures
from xindaya.reports.drift import renderings_in_words
from xindaya.reports.html.report.overview import DriftingTerm, Rendered, drifting_terms
from xindaya.reports.html.report.verdict import sentences
from xindaya.reports.html.strings import SCRIPT
from xindaya.reports.html.wording import in_words, plural
from xindaya.reports.machine import to_markdown
from xindaya.reports.markdown import escape, head, row

MOST_TERMS = 30
_P = ("p", "p (Holm)")


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
        blocks += ["## Since the last delivery", *_changes(evaluation, previous)]
    return "\n\n".join(blocks) + "\n"


def _verdict(evaluation: Evaluation) -> Iterator[str]:
    for paragraph in sentences(evaluation):
        yield " ".join(in_words(s, "en", escape) for s in paragraph)


def _tests(evaluation: Evaluation, width: int) -> Iterator[str]:
    corrected = figures.is_corrected(evaluation.comparisons)
    yield from head(
        ["System", "Metric", "In words", "Difference", *_P[: 1 + corrected], "Shown from"],
        3 + corrected,
    )
    for c in evaluation.comparisons:
        key = figures.verdict_key(c, evaluation.metrics[c.metric].higher_is_better)
        words = in_words(key, "en", escape)
        cells = [
            escape(c.system),
            escape(c.metric),
            words,
            figures.signed(c.delta, figures.decimals(evaluation.metrics[c.metric], width)),
            *map(_p, [c.p_value, c.p_holm][: 1 + corrected]),
            figures.number(c.detectable, figures.decimals(evaluation.metrics[c.metric], width)),
        ]
        yield row(cells)


def _p(p: float) -> str:
    return escape(figures.p_value(p).removeprefix("p = ").removeprefix("p "))


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


def _changes(evaluation: Evaluation, previous: Delivery) -> Iterator[str]:
    values = {
        "name": escape(previous.name),
        "shared": previous.shared,
        "gone": previous.gone,
        "added": previous.added,
    }
    yield plural(SCRIPT["en"]["before_lead"], values).format(**values)
    assert evaluation.terminology is not None
    if worse := previous.more_astray(evaluation.terminology):
        yield "Terms with more forbidden or deprecated renderings than before:"
        yield "\n".join(_worse(evaluation, previous, worse))
    changed = [
        (system, drift)
        for system, drifts in previous.drifts.items()
        for drift in drifts.values()
        if drift.drift.divergence
    ]
    real = [(s, d) for s, d in changed if d.drift.outcome.real]
    few = sum(d.drift.outcome is Outcome.TOO_FEW for _, d in changed)
    yield "Terms whose renderings changed by more than chance:"
    if real:
        yield "\n".join(_real(evaluation, real))
    elif few:
        yield f"None; for {few} of {counted(len(changed), 'change')} the occurrences are too few to tell."
    else:
        yield "None."


def _worse(evaluation: Evaluation, previous: Delivery, uses: Sequence[TermUse]) -> Iterator[str]:
    yield from head(["Term", "System", "Then", "Now"], 0)
    for use in uses:
        before = previous.use(use.text, use.concept)
        then = "; ".join(map(_rendering, before.renderings)) if before else ""
        now = "; ".join(map(_rendering, use.renderings))
        term = escape(evaluation.term(use.concept))
        yield row([term, escape(use.text), then or "–", now])


def _real(evaluation: Evaluation, changed: Sequence[tuple[str, ScopeDrift]]) -> Iterator[str]:
    yield from head(["Term", "System", "Then", "Now"], 0)
    for system, drift in changed:
        term = escape(evaluation.term(drift.concept))
        sides = (renderings_in_words(side, escape) for side in (drift.first, drift.second))
        yield row([term, escape(system), *sides])

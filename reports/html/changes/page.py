"""What the page of a comparison shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics.changes import Changes, SegmentChanges, SystemChange, TermChange
from xindaya.metrics.measures import SHOWN_COUNTS, SHOWN_SHARES
from xindaya.reports.changes import verdict
from xindaya.reports.changes.excerpt import Shown, largest
from xindaya.reports.figures import decimals, p_value, span, verdict_key
from xindaya.reports.html.changes import charts
from xindaya.reports.html.shell import render_page
from xindaya.reports.html.wording import Sentence

SHOWN_SEGMENTS = 25
SHOWN_TERMS = 100
SHOWN_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class TermRow:
    """One changed term of one system."""

    system: str
    term: TermChange
    bars: Markup
    missing: tuple[int, int]
    words: Sentence


def render_changes(changes: Changes, *, metric: str = "", titles: Sequence[str] = ()) -> str:
    """Renders a comparison as one HTML file that needs no network.

    Args:
        changes: What to show.
        metric: What segments are ordered by; empty for the leading metric.
        titles: What the page calls the two runs, if not as `changes` does.

    Returns:
        The file's text, to be written as UTF-8; the same for the same comparison.
    """
    metric = metric or changes.leading_metric
    context = {**_context(changes, metric), "title": " → ".join(titles or changes.names)}
    return render_page("changes/changes.html.j2", context, styles=("changes/changes.css",))


def _context(changes: Changes, metric: str) -> dict[str, object]:
    terms = [(system, term) for system in changes.systems if system.terms
             for term in system.terms.changed]  # fmt: skip
    new_findings = changes.findings.new
    return {
        "changes": changes,
        "corpus": changes.new.corpus,
        "metric": metric,
        "term_shares": SHOWN_SHARES,
        "term_counts": SHOWN_COUNTS,
        "digits": decimals(changes.new.metrics[metric], 1) if metric else 1,
        "verdict": verdict.sentences(changes),
        "method": verdict.method(changes),
        "plots": [(m, _higher(changes, m), charts.dumbbells(m, _ends(changes, m)))
                  for m in changes.metrics],
        "before_mark": charts.sample("before"),
        "real_mark": charts.sample("real"),
        "chance_mark": charts.sample("chance"),
        "p_value": p_value,
        "span": span,
        "verdict_key": verdict_key,
        "strips": _strips(changes, metric) if metric else [],
        "losses": _excerpt(changes, metric, losses=True),
        "gains": _excerpt(changes, metric, losses=False),
        "term_rows": [_term_row(system, term) for system, term in terms[:SHOWN_TERMS]],
        "more_terms": _more(len(terms) - SHOWN_TERMS),
        "new_findings": new_findings[:SHOWN_FINDINGS],
        "more_findings": _more(len(new_findings) - SHOWN_FINDINGS),
        "gates": [(gate, verdict.gate_in_words(gate)) for gate in changes.gates],
    }  # fmt: skip


def _higher(changes: Changes, metric: str) -> bool:
    return changes.new.metrics[metric].higher_is_better


def _ends(changes: Changes, metric: str) -> list[charts.Ends]:
    return [
        charts.Ends(
            name=system.system,
            before=score.before,
            after=score.after,
            interval=None if score.interval is None else (
                score.before + score.interval.low, score.before + score.interval.high
            ),
            outcome=verdict_key(score.test, score.higher_is_better),
        )
        for system in changes.systems
        for score in system.scores
        if score.metric == metric
    ]  # fmt: skip


def _strips(changes: Changes, metric: str) -> list[tuple[SystemChange, SegmentChanges, Markup]]:
    found = [(system, system.by(metric)) for system in changes.systems]
    found = [(system, by) for system, by in found if by.changes]
    largest = max((abs(c.gain) for _, by in found for c in by.changes), default=0.0)
    return [
        (system, by, charts.strip([c.gain for c in by.changes], by.unchanged, largest))
        for system, by in found
    ]


def _excerpt(changes: Changes, metric: str, *, losses: bool) -> list[Shown]:
    return largest(changes, metric, SHOWN_SEGMENTS, losses=losses) if metric else []


def _term_row(system: SystemChange, term: TermChange) -> TermRow:
    missing = tuple(u.occurrences - u.resolved if u else 0 for u in (term.before, term.after))
    bars = charts.renderings(
        [(r.text, r.status, r.before, r.after) for r in term.renderings]
        + [("–", "unresolved", missing[0], missing[1])]
    )
    words = verdict.drift_in_words(term)
    return TermRow(system.system, term, bars, (missing[0], missing[1]), words)


def _more(n: int) -> Sentence | None:
    return verdict.more(n) if n > 0 else None

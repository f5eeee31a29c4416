"""The console view: scores, significance and terminology in tables that fit a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.metrics import Evaluation
from xindaya.metrics.measures import TERM_MEASURES
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports import figures, trust
from xindaya.reports.console import NumberTable, PlainTable, printed, safe
from xindaya.reports.terms import with_reason

if TYPE_CHECKING:
    from xindaya.metrics.terminology import TermUse

STATUS_STYLES = {
    "preferred": "green",
    "admitted": "green",
    "deprecated": "yellow",
    "forbidden": "bold red",
    "other-concept": "magenta",
}
TERM_HEADS = tuple(measure.head for measure in TERM_MEASURES.values() if measure.shown)
_TERM_WORDS = (
    "adherence: preferred and admitted among the renderings found; coverage: terms with a rendering; "
    "WMT26: terms with an allowed form of their own, letter for letter; "
    "consistency: how often two renderings of a term agree; drifting: terms with several, some not "
    "allowed"
)


_CEILING = "; of: adherence of the reference itself, the ceiling"


def to_text(
    evaluation: Evaluation, *, width: int = 100, digits: int = 2, colour: bool = False
) -> str:
    """Returns the console view as text.

    Args:
        evaluation: What to show.
        width: Columns of the terminal.
        digits: Digits after the point.
        colour: Emit terminal colours.
    """
    return printed(_parts(evaluation, digits), width=width, colour=colour)


def _parts(evaluation: Evaluation, digits: int) -> list[RenderableType]:
    parts: list[RenderableType] = [_title(evaluation)]
    parts += [Text(f.message, style="yellow") for f in evaluation.findings if f.kind == "language"]
    parts += [_scores(evaluation, digits)] if evaluation.metrics else []
    parts += [Text(note, style="dim") for note in _score_notes(evaluation)]
    parts += _trust(evaluation) if evaluation.trust else []
    if evaluation.terminology is not None:
        words = _TERM_WORDS + (_CEILING if evaluation.terminology.references else "")
        parts += [Text(), _term_numbers(evaluation), Text(words, style="dim"), Text()]
        parts.append(_terms(evaluation))
    for unscored in evaluation.unscored:
        parts.append(Text(f"{unscored.metric} not scored: {unscored.reason}", style="yellow"))
    if evaluation.gates:
        parts += [Text(), _gates(evaluation)]
    return parts


def _title(evaluation: Evaluation) -> Text:
    corpus = evaluation.corpus
    return Text(
        ascii_controls(
            f"{corpus.name}: {counted(len(corpus.segments), 'segment')} in "
            f"{counted(len(corpus.documents), 'document')}, {corpus.source_lang} to "
            f"{corpus.target_lang}"
        ),
        style="bold",
    )


def _scores(evaluation: Evaluation, digits: int) -> Table:
    heads = (n + ("" if m.higher_is_better else " ↓") for n, m in evaluation.metrics.items())
    table = NumberTable(("System",), heads)
    for system in evaluation.systems:
        cells = [_score(evaluation, metric, system, digits) for metric in evaluation.metrics]
        table.add_row(Text(ascii_controls(system)), *cells)
    return table


def _term_numbers(evaluation: Evaluation) -> Table:
    table = NumberTable(
        ("System",), (*TERM_HEADS[:2], TERM_MEASURES["exclusive"].head, *TERM_HEADS[2:])
    )
    for system in evaluation.systems:
        table.add_row(Text(ascii_controls(system)), *_term_cells(evaluation, system, False))
    for name in evaluation.corpus.reference_names:
        head = Text(ascii_controls(f"reference {name}"), style="dim")
        table.add_row(head, *_term_cells(evaluation, name, True))
    return table


def _score(evaluation: Evaluation, metric: str, system: str, digits: int) -> Text:
    digits = figures.decimals(evaluation.metrics[metric], digits)
    text = Text(f"{evaluation.scores[metric][system]:.{digits}f}")
    if interval := evaluation.interval(metric, system):
        half = (interval.high - interval.low) / 2
        text.append(f" ± {half:.{digits}f}", style="dim")
    test = evaluation.comparison_or_none(metric, system)
    if evaluation.comparisons:
        mark = figures.mark(test, evaluation.metrics[metric].higher_is_better) if test else ""
        text.append(f" {mark or ' '}", style="bold")
    return text


def _term_cells(evaluation: Evaluation, text: str, reference: bool) -> list[Text]:
    if evaluation.terminology is None:
        return []
    summary = evaluation.terminology.summary(text, reference=reference)
    cells = [Text(figures.adherence(summary.adherence, summary.ceiling))]
    cells += [
        Text(figures.share(share)) for share in (summary.coverage, summary.exclusive, summary.ltcr)
    ]
    cells.append(Text(str(summary.forbidden), style="bold red" if summary.forbidden else ""))
    cells.append(Text(str(summary.drifting), style="yellow" if summary.drifting else ""))
    return cells


def _score_notes(evaluation: Evaluation) -> list[str]:
    notes = []
    if evaluation.comparisons:
        notes += figures.legend(evaluation, ascii_controls)
    if evaluation.has_intervals:
        notes.append("± half of the 95 % bootstrap interval")
    notes += [f"{name}|{evaluation.signatures[name]}" for name in evaluation.metrics]
    return notes


def _trust(evaluation: Evaluation) -> list[RenderableType]:
    """Shows how far each measure agrees with people."""
    table = PlainTable()
    for heading in trust.HEADS:
        table.add_column(heading)
    for row in trust.rows(evaluation.trust):
        table.add_row(*map(safe, row.texts))
    warnings = [Text(ascii_controls(w), style="bold red") for w in trust.warnings(evaluation.trust)]
    return [Text(), table, *warnings, Text(trust.EXPLAINED, style="dim")]


def _terms(evaluation: Evaluation, limit: int = 12) -> RenderableType:
    """Lists the terms with a flag, those that drift most often first."""
    assert evaluation.terminology is not None
    flagged = [u for u in evaluation.terminology.uses if u.flags and not u.is_reference]
    if not evaluation.terminology.uses:
        return Text("Terminology: no term of the termbase occurs in the source.", style="yellow")
    if not flagged:
        return Text("Terminology: every term found follows the termbase.", style="green")
    flagged.sort(key=lambda u: ("drift" not in u.flags, -_astray(u), u.concept, u.text))
    table = PlainTable()
    table.add_column("Term")
    table.add_column("System", overflow="fold")
    table.add_column("n", justify="right")
    table.add_column("Renderings", overflow="fold")
    for use in flagged[:limit]:
        table.add_row(
            safe(evaluation.term(use.concept)), safe(use.text), str(use.occurrences),
            _renderings(evaluation, use),
        )  # fmt: skip
    if len(flagged) <= limit:
        return table
    terms = counted(len({u.concept for u in flagged}), "term has", "terms have")
    more = f"{terms} findings; shown are {limit} of {len(flagged):,} pairs of term and system"
    return Group(table, Text(f"… {more} (all in the report and in JSON)", style="dim"))


def _astray(use: TermUse) -> int:
    """Counts the occurrences that do not follow the termbase."""
    kept = sum(r.count for r in use.renderings if r.status in ("preferred", "admitted"))
    return use.occurrences - kept


def _renderings(evaluation: Evaluation, use: TermUse) -> Text:
    assert evaluation.terminology is not None
    termbase, source_lang = evaluation.terminology.termbase, evaluation.corpus.source_lang
    text = Text()
    for rendering in use.renderings:
        text.append("; " if text else "")
        text.append(
            f"{rendering.text} ×{rendering.count}", style=STATUS_STYLES.get(rendering.status, "")
        )
        reason = ascii_controls(with_reason(rendering, termbase, source_lang))
        text.append(reason, style="dim")
    missing = use.occurrences - use.resolved
    if missing:
        text.append("; " if text else "")
        text.append(f"none found ×{missing}", style="dim")
    return text


def _gates(evaluation: Evaluation) -> Table:
    table = PlainTable()
    for column in ("Gate", "System", ""):
        table.add_column(column, overflow="fold")
    for gate in evaluation.gates:
        verdict = Text("passed", style="green") if gate.passed else Text("FAILED", style="bold red")
        if gate.undecided:
            verdict = Text("undecided", style="yellow" if gate.passed else "bold red")
        table.add_row(verdict, Text(ascii_controls(gate.system)), Text(gate.message))
    return table

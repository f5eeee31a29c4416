"""What changed, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from xindaya.metrics.changes import Changes, SystemChange, TermChange
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.measures import SHOWN_SHARES
from xindaya.metrics.terminology import TermSummary
from xindaya.pairs.errors import ascii_controls
from xindaya.reports.changes.excerpt import Part, Shown, largest
from xindaya.reports.changes.verdict import (
    drift_in_words,
    gate_in_words,
    in_words,
    method,
    more,
    sentences,
)
from xindaya.reports.console import NumberTable, PlainTable, printed
from xindaya.reports.figures import adherence, decimals, p_value, share, signed, span, verdict_key
from xindaya.reports.html.strings import PAGE
from xindaya.reports.html.wording import Sentence
from xindaya.reports.text import STATUS_STYLES, TERM_HEADS

_TERMS, _FINDINGS = 12, 5
_STYLES = {Outcome.WORSE: "bold red", Outcome.BETTER: "bold green"}


def changes_to_text(
    changes: Changes,
    *,
    worst: int,
    best: int,
    metric: str = "",
    digits: int = 2,
    width: int = 100,
    colour: bool = False,
) -> str:
    """Returns the console view.

    Args:
        changes: What to show.
        worst: How many of the largest losses.
        best: How many of the largest gains.
        metric: What segments are ordered by; empty for the leading metric.
        digits: Digits after the point.
        width: Columns of the terminal.
        colour: Emit terminal colours.
    """
    metric = metric or changes.leading_metric
    return printed(_parts(changes, worst, best, metric, digits), width=width, colour=colour)


def _parts(
    changes: Changes, worst: int, best: int, metric: str, digits: int
) -> Iterator[RenderableType]:
    for n, paragraph in enumerate(sentences(changes)):
        text = " ".join(in_words(s, ascii_controls) for s in paragraph)
        yield Text(text, style="" if n else "bold")
    if changes.metrics:
        yield Text()
        yield _scores(changes, digits)
        yield from (Text(in_words(sentence), style="dim") for sentence in method(changes))
        yield Text()
        yield _segments(changes, metric)
        for losses, count in ((True, worst), (False, best)):
            found = largest(changes, metric, count, losses=losses)
            if found:
                yield Text()
                yield Text(_word("chg_losses" if losses else "chg_gains", metric), style="bold")
            for segment in found:
                yield from _segment(segment, metric, decimals(changes.new.metrics[metric], 1))
    yield from _terms(changes)
    yield from _findings(changes)
    yield from _rest(changes)


def _scores(changes: Changes, digits: int) -> Table:
    table = NumberTable(
        ("System", "Metric"), ("Before", "After", "Change", "95 % interval", "p (Holm)")
    )
    table.add_column("In words", no_wrap=True)
    for system in changes.systems:
        for s in system.scores:
            width = decimals(s, digits)
            arrow = "" if s.higher_is_better else " ↓"
            table.add_row(
                Text(_named(system)),
                s.metric + arrow,
                f"{s.before:.{width}f}",
                f"{s.after:.{width}f}",
                signed(s.delta, width),
                span(s.interval, width),
                p_value(s.test.p_holm).removeprefix("p = ").removeprefix("p "),
                Text(
                    PAGE["en"][verdict_key(s.test, s.higher_is_better)],
                    style=_STYLES.get(s.outcome, ""),
                ),
            )
    return table


def _named(system: SystemChange) -> str:
    was = "" if system.was == system.system else f" (was {system.was})"
    return ascii_controls(system.system + was)


def _segments(changes: Changes, metric: str) -> Table:
    table = NumberTable((f"Segments by {metric}",), ("New text", "Worse", "Better", "Same"))
    for system in changes.systems:
        found = system.by(metric)
        counts = (len(system.edited), len(found.worse), len(found.better), found.unchanged)
        table.add_row(Text(_named(system)), *(f"{n:,}" for n in counts))
    return table


def _segment(shown: Shown, metric: str, width: int) -> Iterator[RenderableType]:
    c = shown.change
    scores = f"{c.before:.{width}f} → {c.after:.{width}f} ({signed(c.after - c.before, width)})"
    yield Text(ascii_controls(f"  segment {shown.id}, {shown.system}: {metric} {scores}"))
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    texts = [("source", shown.source)] if shown.source is not None else []
    for label, text in [*texts, *(("reference", r) for r in shown.references)]:
        table.add_row(f"    {label}:", Text(ascii_controls(text or "(empty)")))
    table.add_row("    old:", _marked(shown.old, "[-{}-]", "red"))
    table.add_row("    new:", _marked(shown.new, "{{+{}+}}", "green"))
    yield table


def _marked(parts: Sequence[Part], form: str, style: str) -> Text:
    """Marks what differs as wdiff does."""
    text = Text()
    for part in parts:
        words = part.words if part.same else form.format(part.words)
        text.append(ascii_controls(words), style="" if part.same else style)
        text.append(ascii_controls(part.space))
    return text if text else Text("(empty)", style="dim")


def _terms(changes: Changes) -> Iterator[RenderableType]:
    checked = [(s, s.terms) for s in changes.systems if s.terms]
    if not checked:
        return
    yield Text()
    summary = NumberTable(("Terms",), (*TERM_HEADS[:3], "Errors", *TERM_HEADS[3:]))
    for system, terms in checked:
        summary.add_row(
            Text(_named(system)),
            *_shares(terms.before, terms.after),
            f"{terms.errors[0]} → {terms.errors[1]}",
            f"{terms.before.forbidden} → {terms.after.forbidden}",
            f"{terms.before.drifting} → {terms.after.drifting}",
        )
    yield summary
    changed = [(system, term) for system, terms in checked for term in terms.changed]
    if changed:
        yield Text()
        yield _changed_terms(changed[:_TERMS])
    if len(changed) > _TERMS:
        yield Text(in_words(more(len(changed) - _TERMS)), style="dim")


def _shares(before: TermSummary, after: TermSummary) -> Iterator[str]:
    yield f"{share(before.adherence)} → {adherence(after.adherence, after.ceiling)}"
    for name in SHOWN_SHARES[1:]:  # adherence stands beside its ceiling
        yield f"{share(getattr(before, name))} → {share(getattr(after, name))}"


def _changed_terms(changed: list[tuple[SystemChange, TermChange]]) -> Table:
    table = PlainTable()
    for column in ("Term", "System"):
        table.add_column(column, overflow="fold")
    table.add_column("n", justify="right")
    table.add_column("Renderings before → after", overflow="fold", ratio=1)
    table.add_column("In words", overflow="fold")
    for system, term in changed:
        shown = term.after or term.before
        table.add_row(
            Text(ascii_controls(term.term)),
            Text(ascii_controls(system.system)),
            str(shown.occurrences if shown else 0),
            _renderings(term),
            in_words(drift_in_words(term)),
        )
    return table


def _renderings(term: TermChange) -> Text:
    text = Text()
    for r in term.renderings:
        text.append("; " if text else "")
        style = STATUS_STYLES.get(r.status, "") if r.before != r.after else "dim"
        counts = f"{r.before} → {r.after}" if r.before != r.after else f"{r.after}"
        status = "" if r.status == "preferred" else f" ({r.status})"
        text.append(f"{ascii_controls(r.text)}{status} {counts}", style=style)
    missing = [u.occurrences - u.resolved if u else 0 for u in (term.before, term.after)]
    if any(missing):
        text.append("; " if text else "")
        text.append(f"none found {missing[0]} → {missing[1]}", style="dim")
    return text


def _findings(changes: Changes) -> Iterator[RenderableType]:
    new, gone = changes.findings.new, changes.findings.gone
    if not new and not gone:
        return
    yield Text()
    table = NumberTable(("Findings",), ("New", "Gone"))
    for kind, (added, removed) in changes.findings.by_kind.items():
        table.add_row(kind, str(added), str(removed))
    yield table
    for finding in new[:_FINDINGS]:
        place = ", ".join(p for p in (finding.system, finding.segment) if p)
        yield Text(ascii_controls(f"  new: {place + ': ' if place else ''}{finding.message}"))
    if len(new) > _FINDINGS:
        yield Text(in_words(more(len(new) - _FINDINGS)), style="dim")


def _rest(changes: Changes) -> Iterator[RenderableType]:
    if changes.gates:
        yield Text()
    for gate in changes.gates:
        shown = gate.after or gate.before
        line = f"Gate {in_words(gate_in_words(gate))}: {gate.system}: "
        line += shown.message if shown else gate.rule
        yield Text(ascii_controls(line), style="bold red" if gate.newly_fails else "")
    if changes.not_compared or changes.notes:
        yield Text()
    for unscored in changes.not_compared:
        yield Text(ascii_controls(f"{unscored.metric} not compared: {unscored.reason}"), "yellow")
    for note in changes.notes:
        yield Text(ascii_controls(f"Also differs: {note}"), style="dim")


def _word(key: str, metric: str) -> str:
    return in_words(Sentence(key, {"metric": metric}))

"""What changed, for a pull request: verdict first, tables, and segments to unfold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xindaya.metrics.changes import Changes, SystemChange, TermChange
from xindaya.pairs.wording import counted
from xindaya.reports.changes.excerpt import Part, Shown, largest
from xindaya.reports.changes.verdict import (
    drift_in_words,
    gate_in_words,
    in_words,
    method,
    more,
    sentences,
)
from xindaya.reports.figures import adherence, decimals, p_value, share, signed, span, verdict_key
from xindaya.reports.html.strings import PAGE
from xindaya.reports.markdown import escape, head, row

_TERMS, _FINDINGS = 12, 5


def changes_to_markdown(
    changes: Changes, *, worst: int, best: int, metric: str = "", digits: int = 2
) -> str:
    """Returns Markdown as GitHub and GitLab read it.

    Args:
        changes: What to show.
        worst: How many of the largest losses.
        best: How many of the largest gains.
        metric: What segments are ordered by; empty for the leading metric.
        digits: Digits after the point.
    """
    metric = metric or changes.leading_metric
    blocks = [*_verdict(changes)]
    if changes.metrics:
        blocks.append(_scores(changes, digits))
        blocks += [in_words(sentence) for sentence in method(changes)]
    blocks += [*_terms(changes), *_gates(changes)]
    if changes.metrics:
        for losses, count in ((True, worst), (False, best)):
            width = decimals(changes.new.metrics[metric], 1) if metric else 1
            found = largest(changes, metric, count, losses=losses)
            blocks += _segments(found, metric, width, losses)
    blocks += [*_findings(changes), *_rest(changes)]
    return "\n\n".join(blocks) + "\n"


def _verdict(changes: Changes) -> Iterator[str]:
    first, *others = [
        " ".join(in_words(s, escape) for s in paragraph) for paragraph in sentences(changes)
    ]
    yield f"**{first}**"
    if others:
        yield "\n".join(f"- {line}" for line in others)


def _scores(changes: Changes, digits: int) -> str:
    cells = [
        "System",
        "In words",
        "Metric",
        "Before",
        "After",
        "Change",
        "95 % interval",
        "p (Holm)",
    ]
    lines = head(cells, 5)
    for system in changes.systems:
        for s in system.scores:
            width = decimals(s, digits)
            words = PAGE["en"][verdict_key(s.test, s.higher_is_better)]
            lines.append(
                row(
                    [
                        _named(system),
                        f"**{words}**" if s.outcome.real else words,
                        s.metric + ("" if s.higher_is_better else " ↓"),
                        f"{s.before:.{width}f}",
                        f"{s.after:.{width}f}",
                        signed(s.delta, width),
                        span(s.interval, width),
                        p_value(s.test.p_holm).removeprefix("p = ").replace("<", "\\<"),
                    ]
                )
            )
    return "\n".join(lines)


def _named(system: SystemChange) -> str:
    was = "" if system.was == system.system else f" (was {escape(system.was)})"
    return escape(system.system) + was


def _terms(changes: Changes) -> Iterator[str]:
    checked = [(s, s.terms) for s in changes.systems if s.terms]
    changed = [(system, term) for system, terms in checked for term in terms.changed]
    if not changed:
        return
    lines = head(["Terms", "Adherence", "Errors", "Forbidden", "Drifting"], 4)
    for system, terms in checked:
        before, after = terms.before, terms.after
        lines.append(
            row(
                [
                    _named(system),
                    f"{share(before.adherence)} → {adherence(after.adherence, after.ceiling)}",
                    f"{terms.errors[0]} → {terms.errors[1]}",
                    f"{before.forbidden} → {after.forbidden}",
                    f"{before.drifting} → {after.drifting}",
                ]
            )
        )
    yield "\n".join(lines)
    lines = head(["Term", "System", "Renderings before → after", "In words"], 0)
    for system, term in changed[:_TERMS]:
        words = in_words(drift_in_words(term))
        lines.append(row([escape(term.term), escape(system.system), _renderings(term), words]))
    yield _unfolded(counted(len(changed), "term") + " rendered differently", "\n".join(lines))
    if len(changed) > _TERMS:
        yield in_words(more(len(changed) - _TERMS))


def _renderings(term: TermChange) -> str:
    parts = [
        f"{escape(r.text)}{'' if r.status == 'preferred' else f' ({r.status})'} "
        f"{r.before} → {r.after}"
        for r in term.renderings
    ]
    missing = [u.occurrences - u.resolved if u else 0 for u in (term.before, term.after)]
    if any(missing):
        parts.append(f"none found {missing[0]} → {missing[1]}")
    return "; ".join(parts)


def _gates(changes: Changes) -> Iterator[str]:
    lines = []
    for gate in changes.gates:
        words = in_words(gate_in_words(gate))
        shown = gate.after or gate.before
        message = escape(shown.message if shown else gate.rule)
        mark = f"**{words}**" if gate.newly_fails else words
        lines.append(f"- Gate {mark}: {escape(gate.system)}: {message}")
    if lines:
        yield "\n".join(lines)


def _segments(found: list[Shown], metric: str, width: int, losses: bool) -> Iterator[str]:
    if not found:
        return
    lines = []
    for s in found:
        c = s.change
        delta = signed(c.after - c.before, width)
        scores = f"{c.before:.{width}f} → {c.after:.{width}f}"
        lines.append(f"- **{escape(s.id)}**, {escape(s.system)}: {metric} {scores} ({delta})")
        if s.source is not None:
            lines.append(f"  - source: {escape(s.source)}")
        lines += [f"  - reference: {escape(r)}" for r in s.references]
        lines.append(f"  - old: {_marked(s.old, 'del')}")
        lines.append(f"  - new: {_marked(s.new, 'ins')}")
    word = counted(
        len(found), *(("largest loss", "largest losses") if losses else ("largest gain",))
    )
    yield _unfolded(f"{word} by {metric}", "\n".join(lines))


def _marked(parts: Sequence[Part], tag: str) -> str:
    """Marks what differs; by HTML tags, because signs of emphasis need spaces around them."""
    text = ""
    for part in parts:
        words = escape(part.words)
        text += (words if part.same else f"<{tag}>{words}</{tag}>") + escape(part.space)
    return text or "(empty)"


def _findings(changes: Changes) -> Iterator[str]:
    new, gone = changes.findings.new, changes.findings.gone
    if not new and not gone:
        return
    lines = head(["Findings", "New", "Gone"], 2)
    lines += [row([k, str(a), str(b)]) for k, (a, b) in changes.findings.by_kind.items()]
    lines.append("")
    for finding in new[:_FINDINGS]:
        place = ", ".join(escape(p) for p in (finding.system, finding.segment) if p)
        lines.append(f"- {place + ': ' if place else ''}{escape(finding.message)}")
    if len(new) > _FINDINGS:
        lines.append(f"- {in_words(more(len(new) - _FINDINGS))}")
    yield _unfolded(f"{counted(len(new), 'new finding')}, {len(gone)} gone", "\n".join(lines))


def _rest(changes: Changes) -> Iterator[str]:
    lines = [f"- {u.metric} not compared: {escape(u.reason)}" for u in changes.not_compared]
    lines += [f"- Also differs: {escape(note)}" for note in changes.notes]
    lines += [f"- {name}: `{changes.new.signatures[name]}`" for name in changes.metrics]
    if lines:
        yield "\n".join(lines)


def _unfolded(title: str, body: str) -> str:
    """Returns a block to unfold; the blank lines make what is inside Markdown again."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"

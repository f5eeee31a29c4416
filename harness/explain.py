"""Segments as a failing test shows them: source, output, reference and what is wrong with terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xindaya.metrics import Evaluation
from xindaya.pairs.errors import ascii_controls

_WIDTH = 240
_LABELS = ("source", "output", "reference", "term")


def lowest_segments(evaluation: Evaluation, system: str, metric: str, count: int) -> list[int]:
    """Returns the positions of the segments that score worst."""
    scores = evaluation.segment_scores[metric][system]
    sign = 1 if evaluation.metrics[metric].higher_is_better else -1
    scored = [n for n in range(len(scores)) if scores[n] == scores[n]]
    return sorted(scored, key=lambda n: (sign * scores[n], n))[:count]


def show_segments(
    evaluation: Evaluation,
    system: str,
    positions: Sequence[int],
    notes: Mapping[int, str],
    heading: str,
) -> str:
    """Describes segments for a person in a terminal.

    Args:
        evaluation: What they are part of.
        system: Whose output is shown.
        positions: Which segments, in the order to show them.
        notes: Position to what is said in the segment's first line.
        heading: Line above them.

    Returns:
        Text without a character that a terminal obeys; empty if there is no segment.
    """
    lines = [heading] if positions else []
    for position in positions:
        lines += _segment(evaluation, system, position, notes.get(position, ""))
    return "\n".join(lines)


def segment_scores(
    evaluation: Evaluation, system: str, metric: str, positions: Iterable[int]
) -> dict[int, str]:
    """Returns positions to the score of the segment, as text."""
    scores = evaluation.segment_scores[metric][system]
    digits = evaluation.metrics[metric].digits - 1
    return {n: f"{metric} {scores[n]:.{digits}f}" for n in positions}


def show_changes(
    evaluation: Evaluation,
    system: str,
    metric: str,
    changes: Sequence[tuple[int, float, float]],
) -> str:
    """Describes segments (position, score before, after) that lost."""
    d = evaluation.metrics[metric].digits - 1
    notes = {
        n: f"{metric} {old:.{d}f} → {new:.{d}f} ({new - old:+.{d}f})" for n, old, new in changes
    }
    return show_segments(evaluation, system, list(notes), notes, "segments that lost most:")


def clean(text: str) -> str:
    """Returns one printable line."""
    return ascii_controls(text)


def _segment(evaluation: Evaluation, system: str, position: int, note: str) -> Iterator[str]:
    segment = evaluation.corpus.segments[position]
    document = f" (document {clean(segment.document)})" if segment.document else ""
    yield f"  segment {clean(segment.id)}{document}" + (f": {note}" if note else "")
    if segment.source is not None:
        yield _line("source", segment.source)
    yield _line("output", evaluation.corpus.systems[system][position])
    for text in segment.references:
        if text is not None:
            yield _line("reference", text)
    for message in _term_messages(evaluation, system, segment.id):
        yield _line("term", message)


def _term_messages(evaluation: Evaluation, system: str, segment: str) -> list[str]:
    return [
        f.message
        for f in evaluation.findings
        if f.segment == segment and f.system == system and f.kind.endswith("-term")
    ]


def _line(label: str, text: str) -> str:
    shown = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
    width = max(map(len, _LABELS)) + 1
    return f"    {label + ':':{width}} {clean(shown) if shown else '(empty)'}"

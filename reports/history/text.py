"""Recorded runs in a terminal: a list, and tables of what changed from run to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.table import Table
from rich.text import Text

from xindaya.metrics.history import RecordedRun, Score
from xindaya.metrics.measures import COUNT, SHARE, TERM_MEASURES
from xindaya.metrics.trends import (
    Difference,
    Line,
    Renderings,
    Stretch,
    TermTrend,
    Trend,
    change,
    shown_measures,
)
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.console import UNLIMITED, NumberTable, printed, safe
from xindaya.reports.figures import decimals, signed
from xindaya.reports.history.labels import figure, stretch_labels
from xindaya.reports.text import STATUS_STYLES

_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = 6  # runs shown with their numbers; earlier ones are in the sparkline and in JSON
_SCALES = (
    "± half of the 95 % bootstrap interval; each small chart has its own scale, no finer than its "
    "widest interval"
)

T = TypeVar("T")


def list_runs(
    runs: Sequence[RecordedRun], *, earlier: int = 0, digits: int = 2, colour: bool = False
) -> str:
    """Returns the runs, latest first: a heading each, and a row of numbers a system.

    Args:
        runs: In the order of time.
        earlier: How many earlier ones are not shown.
        digits: Digits after the point.
        colour: Emit terminal colours.
    """
    measures = shown_measures(runs)
    table = _table("System", *map(_heading, measures))
    latest_first = runs[::-1]
    for run in latest_first:
        for system in run.systems:
            cells = [_cell(run.score(system, m), digits) for m in measures]
            table.add_row(safe("  " + system), *cells)
    heading, *rows = _lines(table, colour)
    lines, rest = [heading], iter(rows)
    for run in latest_first:
        lines += [*_lines(_about(run), colour), *(next(rest) for _ in run.systems)]
    if earlier:
        lines.append(f"… and {counted(earlier, 'earlier run')} (--limit)")
    return _joined(lines)


def show_trend(trend: Trend, *, digits: int = 2, colour: bool = False) -> str:
    """Returns one measure over the runs: a table a stretch, a row and a sparkline a system."""
    better = "higher is better" if trend.higher_is_better else "lower is better"
    runs = sum(len(s.runs) for s in trend.stretches)
    lines = [f"{trend.measure} ({better}), {counted(runs, 'run')}"]
    labelled = zip(trend.stretches, stretch_labels(trend.stretches), strict=True)
    for number, (stretch, labels) in enumerate(labelled, 1):
        lines += ["", *_lines(_measured_with(stretch, number), colour)]
        table = _run_table("System", "", labels, after=("Change",))
        for line in stretch.lines:
            cells = [_cell(s, digits, dash=True) for s in line.values[-_COLUMNS:]]
            table.add_row(safe(line.system), _sparkline(line), *cells, _change(line, digits))
        lines += _lines(table, colour)
    return _joined([*lines, "", *_lines(Text(_SCALES, style="dim"), colour)])


def show_term(trend: TermTrend, *, colour: bool = False) -> str:
    """Returns the renderings of one term over the runs: a table a stretch and system."""
    runs = sum(len(s.runs) for s in trend.stretches)
    term, concept = ascii_controls(trend.term), ascii_controls(trend.concept)
    lines = [f"{term} (concept {concept}): renderings, {counted(runs, 'run')}"]
    labelled = zip(trend.stretches, stretch_labels(trend.stretches), strict=True)
    for number, (stretch, labels) in enumerate(labelled, 1):
        lines += ["", *_lines(_measured_with(stretch, number), colour)]
        table = _run_table("System and rendering", "Status", labels)
        for line in stretch.lines:
            table.add_row(safe(line.system, "bold"))
            for text, status, counts in _rendering_rows(line):
                shown = safe("  " + (text or "none found"), STATUS_STYLES.get(status, "dim"))
                cells = [str(n) if n else "–" for n in counts[-_COLUMNS:]]
                table.add_row(shown, status if text else "", *cells)
        lines += _lines(table, colour)
    return _joined(lines)


def difference_words(difference: Difference) -> str:
    """Says in words what differs between two yardsticks."""
    old, new = (ascii_controls(side) for side in (difference.old, difference.new))
    what = {"corpus": "another test set", "termbase": "another termbase"}.get(difference.what)
    said = f"{old or 'none'} → {new or 'none'}"
    return f"{what}: {said}" if what else said


def _about(run: RecordedRun) -> Text:
    text = Text(run.id, style="bold")
    text.append(f"  {run.recorded[:16].replace('T', ' ')}", style="not bold")
    facts = [
        run.name,
        f"{run.corpus} ({run.corpus_sha256[:8]}), {counted(run.segments, 'segment')}",
    ]
    facts += [f"{k}={v}" for k, v in run.labels.items()]
    for fact in filter(None, facts):
        text.append("  " + ascii_controls(fact), style="not bold")
    if run.gates_failed:
        gates = run.gates_passed + run.gates_failed
        text.append(f"  {run.gates_failed} of {counted(gates, 'gate')} FAILED", style="bold red")
    elif run.gates_passed:
        text.append(f"  {counted(run.gates_passed, 'gate')} passed", style="not bold green")
    if run.note:
        text.append("\n  " + ascii_controls(run.note), style="not bold italic")
    return text


def _measured_with(stretch: Stretch[T], number: int) -> Text:
    """Says what a stretch is measured with, or what is new in it."""
    if not stretch.differences:
        y = stretch.yardstick
        facts = [f"{y.corpus} ({y.corpus_sha256[:8]})"]
        facts += [f"termbase {y.termbase} ({y.termbase_sha256[:8]})"] if y.termbase_sha256 else []
        return safe("; ".join([*facts, y.signature]), "dim")
    said = "; ".join(map(difference_words, stretch.differences))
    return Text(f"not comparable with the {'table' if number == 2 else 'tables'} above: {said}",
                style="yellow")  # fmt: skip


def _run_table(head: str, second: str, labels: Sequence[str], after: Iterable[str] = ()) -> Table:
    """Returns a table with a column a run; only the latest runs have one."""
    table = _table(head, second, *labels[-_COLUMNS:], *after, left=2)
    if hidden := len(labels[:-_COLUMNS]):
        table.columns[1].header = f"{second} (+{hidden})".strip()
    return table


def _rendering_rows(line: Line[Renderings]) -> Iterator[tuple[str, str, list[int]]]:
    """Yields each rendering with its status and its count in every run."""
    keys = dict.fromkeys((r.text, r.status) for value in line.values for r in value or ())
    for key in sorted(keys, key=lambda k: not k[0]):  # those without a rendering last
        counts = [
            sum(r.count for r in value or () if (r.text, r.status) == key) for value in line.values
        ]
        yield *key, counts


def _sparkline(line: Line[Score]) -> Text:
    """Draws a line in one row, on its own scale but no finer than its widest interval."""
    scores = [s for s in line.values if s is not None and s.value is not None]
    values = [s.value for s in scores if s.value is not None]
    wobble = [s.high - s.low for s in scores if s.low is not None and s.high is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    margin = max(0.0, max(wobble, default=0.0) - (high - low)) / 2
    return Text("".join(_bar(s, low - margin, high + margin) for s in line.values), style="cyan")


def _bar(score: Score | None, low: float, high: float) -> str:
    if score is None or score.value is None:
        return "·"
    share = (score.value - low) / (high - low) if high > low else 0.5
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]


def _change(line: Line[Score], digits: int) -> str:
    difference = change(line)
    if difference is None:
        return "–"
    measure = next(s.of for s in line.values if s)
    if measure.unit == SHARE:
        return f"{signed(100 * difference, 1)} points"
    return signed(difference, 0 if measure.unit == COUNT else decimals(measure, digits))


def _cell(score: Score | None, digits: int, *, dash: bool = False) -> Text:
    if score is None:
        return Text("–" if dash else "")
    text = Text(figure(score.of, score.value, digits))
    if score.value is not None and score.low is not None and score.high is not None:
        half = (score.high - score.low) / 2
        digits = decimals(score.of, digits)
        shown = f"{100 * half:.1f}" if score.of.unit == SHARE else f"{half:.{digits}f}"
        text.append(f" ± {shown}", style="dim")
    return text


def _heading(measure: str) -> str:
    return TERM_MEASURES[measure].head if measure in TERM_MEASURES else measure


def _table(head: str, *columns: str, left: int = 1) -> NumberTable:
    heads = (head, *columns)
    return NumberTable(heads[:left], heads[left:])


def _lines(part: Table | Text, colour: bool) -> list[str]:
    return printed([part], width=UNLIMITED, colour=colour).split("\n")[:-1]


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"

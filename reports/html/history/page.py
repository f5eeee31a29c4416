"""What the page of recorded runs shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from xindaya.metrics.history import RecordedRun
from xindaya.metrics.measures import TERM_MEASURES
from xindaya.metrics.trends import Difference, Stretch, TermTrend, Trend
from xindaya.reports.history.labels import figure, stretch_labels
from xindaya.reports.html.history.columns import Shade, shades_of, term_chart
from xindaya.reports.html.history.layout import letter
from xindaya.reports.html.history.lines import system_sample, trend_chart
from xindaya.reports.html.shell import render_page
from xindaya.reports.html.wording import Phrase, Sentence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one stretch is measured with, in words; its letter is empty if it is the only one."""

    letter: str
    sentences: list[Sentence]


@dataclass(frozen=True, slots=True)
class TrendView:
    """A trend with its chart.

    Attributes:
        measure: Name, or key of a word.
        is_word: Whether it is a key.
        higher_is_better: Whether more is better.
        chart: The chart.
        measured: What its stretches are measured with.
        header: Run labels.
        rows: System, and one number a run.
    """

    measure: str
    is_word: bool
    higher_is_better: bool
    chart: Markup
    measured: list[Measured]
    header: list[str]
    rows: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class TermView:
    """The renderings of a term with a chart a system."""

    term: str
    concept: str
    shades: list[Shade]
    charts: list[tuple[str, Markup]]
    measured: list[Measured]


def render_history(
    runs: Sequence[RecordedRun], trends: Sequence[Trend], terms: Sequence[TermTrend]
) -> str:
    """Renders recorded runs as one HTML file that needs no network.

    Args:
        runs: In the order of time.
        trends: The measures to draw.
        terms: The terms to draw.

    Returns:
        The file's text, to be written as UTF-8.
    """
    systems = list(dict.fromkeys(s for run in runs for s in run.systems))
    names = list(dict.fromkeys(run.name for run in runs if run.name))
    views = [_trend_view(t, systems) for t in trends if t.stretches and t.measure != "waived"]
    drawn = [_term_view(t) for t in terms if t.stretches]
    context = {
        "title": names[0] if len(names) == 1 else "",
        "runs": runs[::-1],
        "days": [run.recorded[:10] for run in runs],
        "systems": [(name, system_sample(n)) for n, name in enumerate(systems)],
        "scores": [v for v in views if not v.is_word],
        "measures": [v for v in views if v.is_word],
        "shared": _shared([v.measured for v in views if v.is_word]),
        "terms": drawn,
        "terms_shared": _shared([v.measured for v in drawn]),
        "version": runs[-1].version if runs else "",
    }
    return render_page("history/history.html.j2", context, styles=("history/history.css",))


def _shared(measured: Sequence[list[Measured]]) -> list[Measured]:
    """Returns what all views are measured with, to be said once; empty if they differ."""
    return measured[0] if measured and all(m == measured[0] for m in measured) else []


def _trend_view(trend: Trend, systems: Sequence[str]) -> TrendView:
    labels = [label for part in stretch_labels(trend.stretches) for label in part]
    rows = []
    for system in systems:
        cells: list[str] = []
        for stretch in trend.stretches:
            line = next((x for x in stretch.lines if x.system == system), None)
            values = line.values if line else (None,) * len(stretch.runs)
            cells += [figure(trend.of, s.value if s else None, 2) for s in values]
        rows.append((system, cells))
    return TrendView(
        measure=trend.measure,
        is_word=trend.measure in TERM_MEASURES,
        higher_is_better=trend.higher_is_better,
        chart=trend_chart(trend, systems),
        measured=_measured(trend.stretches),
        header=labels,
        rows=rows,
    )


def _term_view(trend: TermTrend) -> TermView:
    shades = shades_of(trend)
    systems = dict.fromkeys(line.system for s in trend.stretches for line in s.lines)
    return TermView(
        term=trend.term,
        concept=trend.concept,
        shades=shades,
        charts=[(system, term_chart(trend, system, shades)) for system in systems],
        measured=_measured(trend.stretches),
    )


def _measured(stretches: Sequence[Stretch[T]]) -> list[Measured]:
    several = len(stretches) > 1
    result = []
    for n, stretch in enumerate(stretches):
        sentences = [_difference(d) for d in stretch.differences] or [_yardstick(stretch)]
        result.append(Measured(letter(n) if several else "", sentences))
    return result


def _yardstick(stretch: Stretch[T]) -> Sentence:
    y = stretch.yardstick
    values: dict[str, object] = {
        "corpus": f"{y.corpus} ({y.corpus_sha256[:8]})",
        "signature": y.signature,
    }
    if y.termbase_sha256:
        values["termbase"] = f"{y.termbase} ({y.termbase_sha256[:8]})"
        return Sentence("his_measured_terms", values)
    return Sentence("his_measured", values)


def _difference(difference: Difference) -> Sentence:
    none = Phrase("his_none")
    return Sentence(
        f"his_{difference.what}", {"old": difference.old or none, "new": difference.new or none}
    )

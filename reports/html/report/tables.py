"""The tables of the report, read off an evaluation: plain rows for the templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics import Comparison, Evaluation
from xindaya.metrics.measures import SHOWN_COUNTS, SHOWN_SHARES
from xindaya.metrics.terminology import TermSummary
from xindaya.reports import figures
from xindaya.reports.html import charts
from xindaya.reports.html.report.verdict import best_systems
from xindaya.reports.html.wording import Sentence


@dataclass(frozen=True, slots=True)
class Column:
    """One metric of the score table."""

    name: str
    higher: bool
    decimals: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One score: as shown, in full, its interval and its distance to the baseline.

    `scored` is the number of segments it is a mean of, where those are not all.
    """

    score: str
    full: str
    best: bool
    interval: tuple[str, str] | None
    delta: str
    p: str
    key: str
    scored: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One system of the score table."""

    system: str
    baseline: bool
    cells: list[Cell]
    terms: TermSummary | None


@dataclass(frozen=True, slots=True)
class Tested:
    """One paired test, as a row of the significance table."""

    system: str
    score: str
    delta: str
    p: str
    p_holm: str
    p_sacrebleu: str
    detectable: str
    key: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class Significance:
    """All paired tests: how they were made, and a table a metric.

    Attributes:
        methods: How the differences were judged.
        corrected: Whether Holm's correction changes a p-value.
        asked: Whether sacrebleu's p-values are shown, too.
        tables: A metric and its tests.
    """

    methods: list[Sentence]
    corrected: bool
    asked: bool
    tables: list[tuple[Column, list[Tested]]]


def metric_columns(evaluation: Evaluation) -> list[Column]:
    """Returns the metrics in their order."""
    return [
        Column(name, metric.higher_is_better, figures.decimals(metric, 1))
        for name, metric in evaluation.metrics.items()
    ]


def score_rows(evaluation: Evaluation) -> list[Row]:
    """Returns one row a system, the best by the first metric on top."""
    columns = metric_columns(evaluation)
    best = {c.name: best_systems(evaluation, c.name) for c in columns}
    terms = evaluation.terminology
    return [
        Row(
            system=system,
            baseline=system == evaluation.baseline,
            cells=[_cell(evaluation, c, system, system in best[c.name]) for c in columns],
            terms=terms.summary(system) if terms else None,
        )
        for system in ranked(evaluation)
    ]


def ranked(evaluation: Evaluation, metric: str = "") -> list[str]:
    """Returns the systems from best to worst by a metric (the first one if none is named)."""
    metric = metric or next(iter(evaluation.metrics), "")
    if not metric:
        return list(evaluation.systems)
    scores = evaluation.common_scores[metric]
    higher = evaluation.metrics[metric].higher_is_better
    # NaN compares with nothing: such a system goes last.
    return sorted(
        evaluation.systems,
        key=lambda s: (scores[s] != scores[s], -scores[s] if higher else scores[s]),
    )


def explained(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Returns (heading, key of the explanation) for every kind of number shown."""
    found = [(name, f"explain_{m.explained}") for name, m in evaluation.metrics.items()]
    if evaluation.has_intervals:
        found.append(("interval", "explain_interval"))
    if evaluation.comparisons:
        found.append(("p_value", "explain_p"))
    if evaluation.terminology:
        found += [(key, f"explain_{key}") for key in (*SHOWN_SHARES, *SHOWN_COUNTS)]
    return found


def significance(evaluation: Evaluation) -> Significance | None:
    """Returns the paired tests, or None if there are none."""
    if not evaluation.comparisons:
        return None
    methods = dict.fromkeys((c.method, c.samples, c.seed) for c in evaluation.comparisons)
    return Significance(
        methods=[
            Sentence("method", {"method": m, "samples": f"{n:,}", "seed": seed})
            for m, n, seed in methods
        ],
        corrected=figures.is_corrected(evaluation.comparisons),
        asked=any(c.p_sacrebleu is not None for c in evaluation.comparisons),
        tables=[(c, list(_tested(evaluation, c))) for c in metric_columns(evaluation)],
    )


def plots(evaluation: Evaluation) -> list[tuple[Column, Markup]]:
    """Draws one dot plot a metric, its best system on top."""
    return [
        (c, charts.dot_plot(c.name, [_dot(evaluation, c, s) for s in ranked(evaluation, c.name)],
                            c.decimals))
        for c in metric_columns(evaluation)
    ]  # fmt: skip


def _cell(evaluation: Evaluation, column: Column, system: str, best: bool) -> Cell:
    score = evaluation.scores[column.name][system]
    interval = evaluation.interval(column.name, system)
    comparison = evaluation.comparison_or_none(column.name, system)
    scored = evaluation.scored(column.name, system)
    several = len(evaluation.systems) > 1
    return Cell(
        score=figures.number(score, column.decimals),
        full=repr(score),
        best=best and several,
        interval=None if interval is None else (
            figures.number(interval.low, column.decimals),
            figures.number(interval.high, column.decimals),
        ),
        delta=_delta(comparison, column),
        p=figures.judged_p(comparison) if comparison else "",
        key=figures.verdict_key(comparison, column.higher) if comparison else "",
        scored=scored if scored < len(evaluation.corpus.segments) else None,
    )  # fmt: skip


def _tested(evaluation: Evaluation, column: Column) -> Iterator[Tested]:
    found = [c for c in evaluation.comparisons if c.metric == column.name]
    largest = max((abs(c.delta) for c in found), default=0.0)
    for system in ranked(evaluation, column.name):
        c = evaluation.comparison_or_none(column.name, system)
        if c is None:
            continue
        key = figures.verdict_key(c, column.higher)
        yield Tested(
            system=system,
            score=figures.number(evaluation.scores[column.name][system], column.decimals),
            delta=_delta(c, column),
            p=figures.p_value(c.p_value),
            p_holm=figures.p_value(c.p_holm),
            p_sacrebleu="" if c.p_sacrebleu is None else figures.p_value(c.p_sacrebleu),
            detectable=figures.number(c.detectable, column.decimals),
            key=key,
            bar=charts.delta_bar(c.delta, largest, key),
        )


def _dot(evaluation: Evaluation, column: Column, system: str) -> charts.Dot:
    comparison = evaluation.comparison_or_none(column.name, system)
    mark = "plain"
    if system == evaluation.baseline:
        mark = "baseline"
    elif comparison:
        mark = "real" if comparison.outcome.real else "chance"
    score = evaluation.scores[column.name][system]
    return charts.Dot(system, score, evaluation.interval(column.name, system), mark)


def _delta(comparison: Comparison | None, column: Column) -> str:
    return figures.signed(comparison.delta, column.decimals + 1) if comparison else ""

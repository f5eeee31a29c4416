"""What the page of agreement shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics.agreement import (
    FEW_SYSTEMS,
    AgreementReport,
    Band,
    Estimate,
    Figure,
    FileAgreement,
)
from xindaya.metrics.agreement.flags import ANY, ANY_FLAG, SEGMENT
from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON, TIES
from xindaya.metrics.judging.outcome import Outcome
from xindaya.pairs.account import in_words
from xindaya.reports.agreement.words import range_of
from xindaya.reports.figures import MINUS, number, p_value, signed
from xindaya.reports.html.agreement import scatter
from xindaya.reports.html.shell import render_page
from xindaya.reports.html.wording import Names, Phrase, Sentence, name

_STATISTICS = {
    PEARSON: "agr_pearson",
    KENDALL: "agr_kendall",
    ACCURACY: "agr_accuracy_word",
    TIES: "agr_ties_word",
}
_VERDICTS = {
    Outcome.BETTER: "agr_better",
    Outcome.WORSE: "agr_worse",
    Outcome.CHANCE: "agr_chance_only",
    Outcome.TOO_FEW: "agr_too_few",
    Outcome.IDENTICAL: "agr_identical",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One file of human scores on the page.

    Attributes:
        one: The file and its numbers.
        verdict: Paragraphs of sentences.
        plots: Metric, whether a higher score is better, and the scatter plot of systems.
        densities: The same of segments.
    """

    one: FileAgreement
    verdict: tuple[tuple[Sentence, ...], ...]
    plots: tuple[tuple[str, bool, Markup], ...]
    densities: tuple[tuple[str, bool, Markup], ...]


def render_agreement(report: AgreementReport) -> str:
    """Renders the report as one HTML file that needs no network.

    Args:
        report: What to show.

    Returns:
        The file's text, to be written as UTF-8; the same for the same report.
    """
    context = {
        "title": report.corpus,
        "report": report,
        "sections": [_section(report, one) for one in report.files],
        "share_bar": scatter.share_bar,
        "band_size": _size,
        "cell": _cell,
        "share": _share,
        "p_value": p_value,
        "difference": lambda d: signed(d.delta, 3),
        "line": _line,
        "statistic": _STATISTICS,
        "verdict": _VERDICTS,
        "in_words": in_words,
    }
    return render_page("agreement/agreement.html.j2", context, styles=("agreement/agreement.css",))


def _section(report: AgreementReport, one: FileAgreement) -> Section:
    agreement = one.agreement
    human = one.file.measure.partition(",")[0]
    higher = report.higher_is_better
    return Section(
        one=one,
        verdict=(
            tuple(_on_systems(one)),
            tuple(_on_segments(one)),
            tuple(_on_metrics(one)),
            tuple(_on_flags(one)),
        ),
        plots=tuple(
            (
                s.metric,
                higher[s.metric],
                scatter.systems(
                    s.metric, s.points, (higher[s.metric], agreement.higher_is_better), human
                ),
            )
            for s in agreement.system_level
        ),
        densities=tuple(
            (
                s.metric,
                higher[s.metric],
                scatter.density(
                    s.metric, s.density, (higher[s.metric], agreement.higher_is_better), human,
                    f"{s.metric}: {s.observations:,}",
                ),
            )
            for s in agreement.segment_level
        ),
    )  # fmt: skip


def _on_systems(one: FileAgreement) -> Iterator[Sentence]:
    levels = one.agreement.system_level
    for s in levels:
        if s.accuracy.value is None:
            if s.pairs:
                yield Sentence("agr_alike", {"metric": name(s.metric)})
            continue
        values = {
            "metric": name(s.metric),
            "share": _share(s.accuracy.value),
            "chance": _share(s.accuracy.chance),
            "interval": _within(s.accuracy),
            "pairs": s.pairs,
            "tau": number(s.kendall.value, 2),
            "r": number(s.pearson.value, 2),
        }
        yield Sentence("agr_orders", values)
        if s.accuracy.below_chance:
            yield Sentence("agr_guessing", {})
        elif s.accuracy.against_chance is Outcome.CHANCE:
            yield Sentence("agr_unsure", {"metric": name(s.metric)})
    if levels and 1 < len(levels[0].points) < FEW_SYSTEMS:
        yield Sentence("agr_few", {"n": len(levels[0].points)})


def _on_segments(one: FileAgreement) -> Iterator[Sentence]:
    for s in one.agreement.segment_level:
        if s.ties is None:
            continue
        tau = s.grouping("item").kendall
        yield Sentence(
            "agr_segment",
            {
                "metric": name(s.metric),
                "share": _share(s.ties.accuracy.value),
                "chance": _share(s.ties.accuracy.chance),
                "ties": _share(s.ties.all_ties),
                "tau": number(tau.value, 2),
            },
        )
        tested = (s.ties.accuracy, tau, s.grouping("none").pearson)
        if not any(f.against_chance is Outcome.BETTER for f in tested):
            yield Sentence("agr_unsure_segment", {"metric": name(s.metric)})


def _on_metrics(one: FileAgreement) -> Iterator[Sentence]:
    differences = one.agreement.differences
    real = [d for d in differences if d.verdict.real]
    for d in real:
        yield Sentence(
            "agr_better_than",
            {
                "better": name(d.better),
                "other": name(d.other),
                "statistic": Phrase(_STATISTICS[d.statistic]),
                "level": Phrase(f"agr_level_{d.level}"),
                "delta": f"{abs(d.delta):.3f}",
                "p": p_value(d.p_holm),
            },
        )
    if differences and not real:
        few = sum(d.verdict is Outcome.TOO_FEW for d in differences)
        yield Sentence("agr_level", {"n": len(differences), "few": few})


def _on_flags(one: FileAgreement) -> Iterator[Sentence]:
    for f in one.flags:
        if f.kind == ANY_FLAG and f.category == ANY and f.precision is not None:
            key = "agr_flag_segment" if f.unit == SEGMENT else "agr_flag_span"
            shares = {"share": _share(f.precision), "chance": _share(f.chance)}
            yield Sentence(key, {"n": f"{f.flagged:,}", **shares})
    if one.file.only_corpus:
        yield Sentence("agr_only_corpus", {"systems": Names(one.file.only_corpus)})
    if one.file.only_human:
        yield Sentence("agr_only_human", {"systems": Names(one.file.only_human)})


def _within(estimate: Estimate) -> str:
    """Returns `` (46–82 %)``, or nothing without an interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f" ({100 * estimate.low:.0f}–{100 * estimate.high:.0f}\N{NO-BREAK SPACE}%)"


def _line(figure: Figure, percent: bool = False) -> str:
    """Returns the line of chance; nothing where the figure is undefined."""
    if figure.chance is None:
        return ""
    return _share(figure.chance) if percent else number(figure.chance, 0)


def _cell(estimate: Estimate, percent: bool = False) -> Markup:
    """Returns a value with its interval below it."""
    value = number(estimate.value, 3)
    if percent:
        value = _share(estimate.value)
    interval = (
        range_of(estimate, percent=percent)
        .strip()
        .strip("[]")
        .replace(", ", " … ")
        .replace("-", MINUS)
    )
    return Markup('{}<span class="sub">{}</span>').format(value, interval)


def _size(band: Band) -> str:
    """Returns a band's differences in signs that need no translation."""
    if band.high is None:
        return f"≥ {band.low:g}"
    return f"{band.low:g}–{band.high:g}" if band.low else f"< {band.high:g}"


def _share(value: float | Band | None) -> str:
    share = value.share if isinstance(value, Band) else value
    return "–" if share is None else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"

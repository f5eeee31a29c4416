"""What the numbers say, in sentences; all views in English share them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xindaya.metrics.agreement import (
    FEW_SYSTEMS,
    Agreement,
    AgreementReport,
    Band,
    Difference,
    Estimate,
    FileAgreement,
    FlagAgreement,
    SegmentAgreement,
    SystemAgreement,
)
from xindaya.metrics.agreement.flags import ANY, ANY_FLAG, SEGMENT, SPAN
from xindaya.metrics.judging.outcome import ALPHA
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted

HALF = 0.5
"""Pairwise accuracy of guessing."""


def opening(report: AgreementReport, one: FileAgreement) -> Iterator[str]:
    """Says what was compared with what."""
    file, agreement = one.file, one.agreement
    metrics = ", ".join(report.signatures) or "No metric"
    systems = counted(len(agreement.systems), "system")
    yield (
        f"{metrics} against {ascii_controls(file.name)} ({ascii_controls(file.measure)}): "
        f"{systems}, "
        + (
            "scored as wholes."
            if agreement.segments is None
            else f"{agreement.segments:,} segments of {report.segments:,} scored."
        )
    )
    yield (
        f"{file.orientation}. Positive correlations mean agreement with people, for every metric."
    )
    if agreement.unscored and agreement.segments is not None:
        yield f"{agreement.unscored:,} outputs of these systems have no human score: left out."
    if file.only_corpus:
        yield f"Without a human score: {_list(file.only_corpus)}."
    if file.only_human:
        yield f"Scored by people, but not in the corpus: {_list(file.only_human)}."
    yield from (f"Note: {ascii_controls(note)}." for note in file.notes)


def system_sentences(agreement: Sequence[SystemAgreement]) -> Iterator[str]:
    """Says how far to trust each metric on systems."""
    for s in agreement:
        if s.accuracy.value is None:
            continue
        yield (
            f"{s.metric} orders {s.accuracy.value:.0%} of {s.pairs} system pairs as people do"
            f"{range_of(s.accuracy, percent=True)}; tau {number(s.kendall)}, "
            f"Pearson {number(s.pearson)}."
        )
        if s.accuracy.high is not None and s.accuracy.high < HALF:
            yield "That is worse than guessing: is the reference a good translation?"
    if agreement and len(agreement[0].points) == 1:
        yield "Only one system: there is no pair to order."
    elif agreement and len(agreement[0].points) < FEW_SYSTEMS:
        yield (
            f"Only {len(agreement[0].points)} systems: a correlation of so few says next to "
            "nothing; look at the pairs and at the segments."
        )


def resampled(agreement: Agreement) -> Iterator[str]:
    """Says what the intervals are over, if there are any."""
    for s in agreement.system_level[:1]:
        why = (
            " (no segment is scored), so for other systems, too" if s.resampled == "systems" else ""
        )
        yield (
            f"In brackets: 95 % bootstrap intervals over {s.resampled}{why}; "
            f"{agreement.samples:,} samples, seed {agreement.seed}."
        )


def segment_sentences(agreement: Sequence[SegmentAgreement]) -> Iterator[str]:
    """Says how far to trust each metric on single segments."""
    for s in agreement:
        tau, pooled = s.grouping("item").kendall, s.grouping("none").pearson
        text = f"{s.metric}: "
        if s.ties is not None and s.ties.accuracy.value is not None:
            text += (
                f"agrees on {s.ties.accuracy.value:.0%} of pairs within a segment, ties counted "
                f"(calling all pairs ties: {s.ties.all_ties:.0%}); "
            )
        yield text + f"tau within segments {number(tau)}, Pearson over all {number(pooled)}."


def flag_sentences(flags: Sequence[FlagAgreement]) -> Iterator[str]:
    """Says whether terminology flags fall where people marked errors."""
    things = {
        SEGMENT: ("outputs with a terminology flag", "have an error that a rater marked"),
        SPAN: ("flagged renderings", "touch words that a rater marked"),
    }
    for f in flags:
        if f.kind != ANY_FLAG or f.category != ANY or f.precision is None or f.chance is None:
            continue
        what, meet = things[f.unit]
        yield f"Of {f.flagged:,} {what}, {f.precision:.0%} {meet}; without a flag {f.chance:.0%} do."


def size(band: Band) -> str:
    """Returns a band's differences: ``below 0.5``, ``1 to 2``, ``5 and more``."""
    if band.high is None:
        return f"{band.low:g} and more"
    return f"{band.low:g} to {band.high:g}" if band.low else f"below {band.high:g}"


def difference_sentences(differences: Sequence[Difference]) -> Iterator[str]:
    """Says which metrics agree with people better than others; the table has the rest."""
    real = [d for d in differences if d.p_holm < ALPHA and d.delta]
    yield from map(_difference, real)
    if differences and not real:
        yield "No metric agrees with people better than another: all differences could be chance."


def _difference(d: Difference) -> str:
    better, other = (d.second, d.first) if d.delta > 0 else (d.first, d.second)
    of = f"{d.statistic} on {d.level}s"
    return (
        f"{better} agrees with people better than {other}: {of} {abs(d.delta):.3f} higher, "
        f"p = {d.p_holm:.3f}."
    )


def number(estimate: Estimate, digits: int = 2) -> str:
    """Returns a value, or a dash where it is undefined."""
    return "–" if estimate.value is None else f"{estimate.value:.{digits}f}"


def range_of(estimate: Estimate, *, digits: int = 2, percent: bool = False) -> str:
    """Returns `` [low, high]``, or nothing without an interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    if percent:
        return f" [{100 * estimate.low:.0f}, {100 * estimate.high:.0f}]"
    return f" [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(ascii_controls, names))

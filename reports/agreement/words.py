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
    Figure,
    FileAgreement,
    FlagAgreement,
    SegmentAgreement,
    SystemAgreement,
)
from xindaya.metrics.agreement.flags import ANY, ANY_FLAG, SEGMENT, SPAN
from xindaya.metrics.judging.outcome import Outcome
from xindaya.pairs.account import in_words
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted


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
    yield from (f"Left out: {ascii_controls(line)}." for line in in_words(file.left_out))


def system_sentences(agreement: Sequence[SystemAgreement]) -> Iterator[str]:
    """Says how far to trust each metric on systems."""
    for s in agreement:
        if s.accuracy.value is None:
            if s.pairs:
                yield f"{s.metric}: undefined on systems, all are scored alike by it or by people."
            continue
        yield (
            f"{s.metric} orders {share(s.accuracy.value)} of {s.pairs} system pairs as people do"
            f"{range_of(s.accuracy, percent=True)}; guessing would order {share(s.accuracy.chance)}. "
            f"Tau {number(s.kendall)}, Pearson {number(s.pearson)}; guessing gives 0."
        )
        if s.accuracy.below_chance:
            yield "That is worse than guessing: is the reference a good translation?"
        elif s.accuracy.against_chance is Outcome.CHANCE:
            yield f"{s.metric} could be guessing: its order of systems is not told from chance."
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
        if s.ties is not None:
            text += (
                f"agrees on {share(s.ties.accuracy.value)} of pairs within a segment, ties counted "
                f"(guessing: {share(s.ties.accuracy.chance)}; calling all pairs ties: "
                f"{share(s.ties.all_ties)}); "
            )
        yield text + (
            f"tau within segments {number(tau)}, Pearson over all {number(pooled)}; guessing gives 0."
        )
        tested = [s.ties.accuracy] if s.ties is not None else []
        if not any(f.against_chance is Outcome.BETTER for f in (*tested, tau, pooled)):
            yield f"{s.metric} could be guessing: on segments it is not told from chance."


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
    real = [d for d in differences if d.verdict.real]
    yield from map(_difference, real)
    if not differences:
        return
    rest = {
        "could be chance": sum(d.verdict is Outcome.CHANCE for d in differences),
        "too few to tell": sum(d.verdict is Outcome.TOO_FEW for d in differences),
        "identical": sum(d.verdict is Outcome.IDENTICAL for d in differences),
    }
    said = ", ".join(f"{what}: {count}" for what, count in rest.items() if count)
    if not real:
        yield f"No metric is shown to agree with people better than another ({said})."
    elif said:
        yield f"Of the {counted(len(differences), 'comparison')}, {said}."
    for level, things in (("system", "systems"), ("segment", "segments")):
        if needed := max((d.needed for d in differences if d.level == level), default=0):
            yield f"For any verdict on {things} it would take {needed} in which the metrics differ."


def _difference(d: Difference) -> str:
    return (
        f"{d.better} agrees with people better than {d.other}: {d.statistic} on {d.level}s "
        f"{abs(d.delta):.3f} farther above chance, p = {d.p_holm:.3f}."
    )


def share(value: float | None) -> str:
    """Returns a share as ``67.9 %``."""
    return "–" if value is None else f"{100 * value:.1f} %"


def chance_of(figure: Figure, *, percent: bool = False) -> str:
    """Returns what guessing gives, and whether the figure is told from it; nothing if undefined."""
    if figure.chance is None:
        return ""
    line = share(figure.chance) if percent else f"{figure.chance:g}"
    doubt = figure.against_chance
    return line if doubt in (None, Outcome.BETTER) else f"{line}, {doubt}"


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

"""The tables of an agreement as rows of cells, for the console and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xindaya.metrics.agreement import (
    Agreement,
    Estimate,
    FileAgreement,
    FlagAgreement,
    SegmentAgreement,
    SystemAgreement,
)
from xindaya.reports.agreement.words import chance_of, number, range_of, share, size

_GROUPINGS = {"none": "all scores", "item": "within segments", "system": "within systems"}
_GUESSING = (
    "Guessing: what a metric gets that has nothing to do with people. Could be chance: people's "
    "scores in another order often give the metric as much."
)


@dataclass(frozen=True, slots=True)
class View:
    """One table.

    Attributes:
        title: Above it.
        header: Names of the columns; the first is text, the others are set right.
        rows: As wide as the header.
        notes: Below it.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def tables(one: FileAgreement) -> Iterator[View]:
    """Yields the tables that have rows."""
    agreement = one.agreement
    candidates = (
        _systems(agreement),
        _trust("How far to trust a difference between two systems", agreement.system_level),
        _segments(agreement),
        _trust("… and between two outputs of one segment", agreement.segment_level),
        _differences(agreement),
        _flags(one.flags),
    )
    yield from (view for view in candidates if view.rows)


def _systems(agreement: Agreement) -> View:
    rows = [
        (
            s.metric,
            _cell(s.accuracy, percent=True),
            chance_of(s.accuracy, percent=True),
            _cell(s.kendall),
            chance_of(s.kendall),
            _cell(s.pearson),
            chance_of(s.pearson),
            _everywhere(s),
        )
        for s in agreement.system_level
    ]
    header = (
        "Systems", "Pairwise accuracy", "Guessing", "Kendall", "Guessing", "Pearson", "Guessing",
        "On all segments",
    )  # fmt: skip
    if not any(row[-1] for row in rows):
        return View("", header[:-1], tuple(row[:-1] for row in rows), (_GUESSING,))
    note = "On all segments: the same three with the metric's scores over unrated segments, too."
    return View("", header, tuple(rows), (_GUESSING, note))


def _everywhere(s: SystemAgreement) -> str:
    """Returns accuracy, tau and r over all segments; nothing where that is no other number."""
    pearson, kendall, accuracy = s.everywhere
    if (pearson, kendall, accuracy) == (s.pearson.value, s.kendall.value, s.accuracy.value):
        return ""
    return ", ".join(
        (share(accuracy), *("–" if v is None else f"{v:.3f}" for v in (kendall, pearson)))
    )


def _segments(agreement: Agreement) -> View:
    rows: list[tuple[str, ...]] = []
    for s in agreement.segment_level:
        rows += [
            (
                f"{s.metric}, {_GROUPINGS[g.by]}",
                _cell(g.kendall),
                chance_of(g.kendall),
                _cell(g.pearson),
                chance_of(g.pearson),
                _groups(g.by, g.groups, g.undefined),
            )
            for g in s.groupings
        ]
        if s.ties is not None:
            rows.append(
                (
                    f"{s.metric}, tie-calibrated accuracy",
                    _cell(s.ties.accuracy, percent=True),
                    chance_of(s.ties.accuracy, percent=True),
                    "",
                    "",
                    f"ε {s.ties.epsilon:.3g}",
                )
            )
    note = (
        "Accuracy: acc*_eq of Deutsch et al. 2023; differences up to ε count as ties. Its guessing: "
        "people's scores shuffled within segments, ε found anew. Undefined: all scores of one side "
        "are equal there."
    )
    header = ("Segments", "Kendall", "Guessing", "Pearson", "Guessing", "")
    return View("", header, tuple(rows), (note,))


def _groups(by: str, groups: int, undefined: int) -> str:
    if by == "none":
        return ""
    return f"{groups:,} groups" + (f", {undefined:,} undefined" if undefined else "")


def _trust(title: str, levels: Sequence[SystemAgreement] | Sequence[SegmentAgreement]) -> View:
    """A row a metric, a column a size of difference; no row where there is no pair."""
    rows = tuple(
        (s.metric, *("–" if b.share is None else f"{b.share:.0%} of {b.pairs:,}" for b in s.bands))
        for s in levels
        if any(b.pairs for b in s.bands)
    )
    header = ("Difference", *(size(b) for s in levels[:1] for b in s.bands))
    note = (
        "Pairs in which people see the same order; guessing would see it in half of them. Pairs that "
        "are tied on a side are left out."
    )
    return View(title, header, rows, (note,))


def _differences(agreement: Agreement) -> View:
    rows = tuple(
        (
            f"{d.second} against {d.first}, {d.level}: {d.statistic}",
            f"{d.delta:+.3f}",
            f"{d.p_value:.3f}",
            f"{d.p_holm:.3f}",
            f"{d.permutations:,}" + (" (all)" if d.exact else ""),
            str(d.verdict),
        )
        for d in agreement.differences
    )
    note = (
        "Difference: how much farther above guessing. Scores exchanged at random, two-sided: of "
        "systems (PERM-BOTH of Deutsch et al. 2021), and of whole segments. Holm over all that is "
        "compared here. Better only if above guessing, too. Kendall on segments is within segments. "
        "Not tested: the other groupings."
    )
    header = ("Which metric is better", "Difference", "p", "p (Holm)", "Exchanges", "Verdict")
    return View("", header, rows, (note,))


def _flags(flags: Sequence[FlagAgreement]) -> View:
    rows = tuple(
        (
            f"{f.kind}, {f.category}, by {f.unit}",
            f"{share(f.precision)} ({f.hits:,} of {f.flagged:,})",
            f"{share(f.chance)} ({f.unflagged_hits:,} of {f.unflagged:,})",
            f"{share(f.recall)} ({f.found:,} of {f.marked:,})",
        )
        for f in flags
    )
    note = (
        "By segment: flagged outputs with a marked error. By span: flagged renderings that touch "
        "marked words. Unflagged: how often that happens without a flag, the chance rate. Recall: "
        "marked outputs (or errors) that have a flag."
    )
    return View("", ("Terminology flags", "Also marked", "Unflagged", "Recall"), rows, (note,))


def _cell(estimate: Estimate, *, percent: bool = False) -> str:
    if percent and estimate.value is not None:
        return share(estimate.value) + range_of(estimate, percent=True)
    return number(estimate, 3) + range_of(estimate)

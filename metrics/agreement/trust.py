"""Trust beside a measure: how well it orders systems, segments across texts, outputs of one segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xindaya.metrics.agreement.values import ACCURACY, KENDALL, PEARSON, AgreementReport, Figure

SYSTEMS, TEXTS, OUTPUTS = "systems", "segments", "outputs"
"""What is ordered: systems; segments across texts; the outputs of one segment."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a measure agrees with one file of human scores, in one respect.

    Attributes:
        measure: Its name.
        file: Name of the file.
        level: `SYSTEMS`, `TEXTS` or `OUTPUTS`.
        statistic: Pairwise accuracy of systems, Pearson of all segments, Kendall's tau-b within one.
        value: None where it is undefined.
        low: Lower end of the 95 % bootstrap interval.
        high: Its upper end.
        chance: The line of chance: what a measure gets that has nothing to do with people.
        verdict: Against chance: ``better``, ``could be chance`` or ``too few to tell``; empty where that
            is not tested.
        compared: Systems, or outputs, that were compared.
    """

    measure: str
    file: str
    level: str
    statistic: str
    value: float | None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    verdict: str = ""
    compared: int = 0

    @property
    def below_chance(self) -> bool:
        """True if the whole interval lies below the line of chance."""
        return self.high is not None and self.chance is not None and self.high < self.chance


def trust_of(report: AgreementReport) -> tuple[Trust, ...]:
    """Reads the three figures of every measure off an agreement, file by file."""
    return tuple(_figures(report))


def _figures(report: AgreementReport) -> Iterator[Trust]:
    for file in report.files:
        systems = file.agreement.system_level
        segments = {s.metric: s for s in file.agreement.segment_level}
        for s in systems:
            yield _trust(s.metric, file.file.name, SYSTEMS, ACCURACY, s.accuracy, len(s.points))
            if own := segments.get(s.metric):
                count = own.observations
                pooled, within = own.grouping("none").pearson, own.grouping("item").kendall
                yield _trust(s.metric, file.file.name, TEXTS, PEARSON, pooled, count)
                yield _trust(s.metric, file.file.name, OUTPUTS, KENDALL, within, count)


def _trust(
    measure: str, file: str, level: str, statistic: str, figure: Figure, compared: int
) -> Trust:
    verdict = "" if figure.against_chance is None else str(figure.against_chance)
    return Trust(
        measure, file, level, statistic, figure.value, figure.low, figure.high, figure.chance,
        verdict, compared,
    )  # fmt: skip

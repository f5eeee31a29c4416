"""Trust beside a measure: how well it orders systems, segments across texts, outputs of one segment."""

from __future__ import annotations

from dataclasses import dataclass

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

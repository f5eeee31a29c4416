"""Scores and verdicts of a reviewed sample, each with the parameters it depends on.

Names are MQM's: APT (absolute penalty total), EWC (evaluated word count, here of any unit), NPT
(penalty a thousand units), OQS (overall quality score). Two published scores differ by a factor
of ten in the penalty, so no number is called "the MQM score".
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from xindaya.metrics.mqm.intervals import CONFIDENCE, penalty_interval
from xindaya.metrics.mqm.tolerance import Linear, Tolerance
from xindaya.metrics.mqm.weights import MQM, NO_ERROR, Weights
from xindaya.pairs import NothingToEvaluateError, UsageError
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.pairs.formats import MqmError

MAXIMUM = 100.0
"""The score of a sample without errors."""

LEAST_SIZE = 500
"""Units below which no verdict is given; MQM samples usually have 500 to 20,000 words."""


MAX_SAMPLE = 10**9
"""Units beyond which nobody reviews."""


class Verdict(StrEnum):
    """What a sample says about its lot."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    TOO_SMALL = "SAMPLE TOO SMALL"


@dataclass(frozen=True, slots=True)
class LotScore:
    """The score of one system's reviewed sample.

    Attributes:
        system: Name of the system.
        weights: Penalty points.
        apt: Sum over segments of the mean penalty over raters.
        ewc: Size of the reviewed text, segments without errors included.
        unit: What is counted: ``source characters``, ``source words`` …
        segments: Number of rated segments.
        fatal: Number of errors that fail the lot, by any rater.
        low: Lower bound of the expected points of such a sample by errors that do not fail the lot
            by themselves: those that do are tolerated at no number.
        high: Upper bound of the same. It is that of the scheme, whatever errors were found.
        tolerance: Points tolerated by size.
        pass_mark: Score at which a lot just passes, below 100.
        least: Smallest size that gets a verdict.
        confidence: Of the bounds.
    """

    system: str
    weights: Weights
    apt: float
    ewc: int
    unit: str
    segments: int
    fatal: int
    low: float
    high: float
    tolerance: Tolerance
    pass_mark: float
    least: int = LEAST_SIZE
    confidence: float = CONFIDENCE

    @property
    def tolerated(self) -> float:
        """Points tolerated in a sample of this size."""
        return self.tolerance.at(self.ewc)

    @property
    def rate(self) -> float:
        """Points tolerated in a thousand units of a sample of this size."""
        return 1000 * self.tolerated / self.ewc

    @property
    def npt(self) -> float:
        """Normed penalty total: points a thousand units."""
        return 1000 * self.apt / self.ewc

    @property
    def npt_interval(self) -> tuple[float, float]:
        """Bounds of `npt`, less the errors that fail the lot by themselves."""
        return 1000 * self.low / self.ewc, 1000 * self.high / self.ewc

    @property
    def oqs(self) -> float:
        """Raw linear overall quality score, (1 − APT/EWC)·100: no tolerance in it."""
        return (1 - self.apt / self.ewc) * MAXIMUM

    @property
    def score(self) -> float:
        """Calibrated score, 100 − (100 − pass mark)·APT/E(EWC): the pass mark at the tolerance.

        Below 0 where there is far more than is tolerated. With the linear tolerance of
        ``10·(100 − pass mark)`` points a thousand units it is `oqs`.
        """
        return MAXIMUM - (MAXIMUM - self.pass_mark) * self.apt / self.tolerated

    @property
    def verdict(self) -> Verdict:
        """FAIL on a fatal error; else by where the interval lies; see `reason`.

        A further error, of whatever kind and by any rater of its segment, never improves it.
        """
        if self.fatal:
            return Verdict.FAIL
        if self.ewc < self.least or self.low <= self.tolerated < self.high:
            return Verdict.TOO_SMALL
        return Verdict.PASS if self.high <= self.tolerated else Verdict.FAIL

    @property
    def reason(self) -> str:
        """Why the verdict is what it is."""
        bounds = (
            f"{self.low:.4g} to {self.high:.4g} points expected, {self.tolerated:.4g} tolerated"
        )
        if self.fatal:
            return counted(self.fatal, f"{' or '.join(sorted(self.weights.fatal))} error")
        if self.ewc < self.least:
            return f"{self.ewc:,} {self.unit}, at least {self.least:,} needed"
        if self.verdict is Verdict.TOO_SMALL:
            told = f"{bounds}: the {self.confidence:.0%} interval holds the tolerance"
            needed = smallest_passing(
                self.tolerance, self.weights, least=self.least, confidence=self.confidence
            )
            if needed is None or self.ewc < needed:
                told += f"; {passing_in_words(needed, self.unit)}"
            return told
        return bounds

    def describe(self) -> str:
        """Returns every number with its parameters, in one line each."""
        low, high = self.npt_interval
        lines = [f"{self.system}: {self.verdict} ({self.reason})"]
        lines.append(
            f"  APT {self.apt:.4g} points in {self.ewc:,} {self.unit} (EWC), "
            f"{self.segments:,} segments; weights {self.weights.describe()}"
        )
        lines.append(
            f"  NPT {self.npt:.4g} points a 1,000 {self.unit} "
            f"({self.confidence:.0%} interval {low:.4g} to {high:.4g})"
        )
        lines.append(f"  OQS {self.oqs:.2f} = (1 − APT/EWC)·100")
        lines.append(
            f"  calibrated score {self.score:.2f} = 100 − (100 − pass mark)·APT/E(EWC); pass mark "
            f"{self.pass_mark:g}; {self.tolerance.describe()}; E({self.ewc:,}) = {self.tolerated:.4g}"
        )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Returns the same for JSON."""
        return {
            "system": self.system,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "apt": self.apt,
            "ewc": self.ewc,
            "unit": self.unit,
            "segments": self.segments,
            "fatal": self.fatal,
            "npt": self.npt,
            "npt_interval": list(self.npt_interval),
            "confidence": self.confidence,
            "oqs": self.oqs,
            "score": self.score,
            "pass_mark": self.pass_mark,
            "tolerance": self.tolerance.to_dict(),
            "tolerated": self.tolerated,
            "least_size": self.least,
            "weights": self.weights.to_dict(),
        }


def smallest_passing(
    tolerance: Tolerance,
    weights: Weights,
    *,
    least: int = LEAST_SIZE,
    confidence: float = CONFIDENCE,
) -> int | None:
    """Returns the size from which on a sample without any error passes.

    A tolerance below the bound of a flawless sample is below what the sample can show.

    Args:
        tolerance: Points tolerated by size.
        weights: Penalty points.
        least: Smallest size that gets a verdict.
        confidence: Of the interval.

    Returns:
        A size in units; None if it is above `MAX_SAMPLE`.
    """
    _, bound = penalty_interval({}, weights.largest, confidence)
    if tolerance.at(MAX_SAMPLE) < bound:
        return None
    sizes = range(least, MAX_SAMPLE)
    return least + bisect.bisect_left(sizes, bound, key=tolerance.at)


def passing_in_words(size: int | None, unit: str) -> str:
    """Says what `smallest_passing` found."""
    if size is None:
        return "not even a sample without an error passes, however large"
    return f"even without an error it takes {size:,} {unit} to pass"


def score_lot(
    errors: Iterable[MqmError],
    *,
    size: int,
    unit: str,
    weights: Weights = MQM,
    tolerance: Tolerance | None = None,
    pass_mark: float = 95.0,
    least: int = LEAST_SIZE,
    confidence: float = CONFIDENCE,
) -> LotScore:
    """Scores the ratings of one system's sample.

    Where several raters judged a segment, an error counts in proportion: the interval is as wide as
    one rater's, because they saw the same errors.

    Args:
        errors: All rows of one system, also those that say ``No-error``.
        size: Size of the rated segments in `unit`, each counted once.
        unit: ``source characters``, ``source words`` …
        weights: Penalty points.
        tolerance: Points tolerated; None for the straight line that makes `score` equal `oqs`.
        pass_mark: In [0, 100).
        least: Smallest size that gets a verdict.
        confidence: Of the interval.

    Raises:
        UsageError: If a number is out of range, or the rows are of several systems.
        NothingToEvaluateError: If there is no rating, or no text.
    """
    if not 0 <= pass_mark < MAXIMUM:
        raise UsageError(f"pass mark {pass_mark:g}: expected from 0 to below {MAXIMUM:g}")
    if not 0 < confidence < 1:
        raise UsageError(f"confidence {confidence:g}: expected between 0 and 1")
    rows = list(errors)
    if not rows or size <= 0:
        raise NothingToEvaluateError("no rated text: there is nothing to score")
    if len(systems := sorted({e.system for e in rows})) > 1:
        raise UsageError(f"ratings of {', '.join(systems)}: expected one system")
    raters: dict[str, set[str]] = {}
    for e in rows:
        raters.setdefault(e.segment, set()).add(e.rater)
    apt, weighed = 0.0, dict[float, float]()
    for e in rows:
        points, share = weights.penalty(e.category, e.severity), 1 / len(raters[e.segment])
        apt += points * share
        if not weights.is_fatal(e.severity):
            weighed[points] = weighed.get(points, 0.0) + share
    low, high = penalty_interval(weighed, weights.largest, confidence)
    return LotScore(
        system=rows[0].system,
        weights=weights,
        apt=apt,
        ewc=size,
        unit=unit,
        segments=len(raters),
        fatal=sum(weights.is_fatal(e.severity) for e in rows if e.severity not in NO_ERROR),
        low=low,
        high=high,
        tolerance=tolerance or Linear(10 * (MAXIMUM - pass_mark)),
        pass_mark=pass_mark,
        least=least,
        confidence=confidence,
    )

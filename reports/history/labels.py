"""How numbers and runs are set in every view of the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from xindaya.metrics.history import TERM_COUNTS, TERM_SHARES, RecordedRun
from xindaya.metrics.trends import Stretch

T = TypeVar("T")


def figure(measure: str, value: float | None, digits: int) -> str:
    """Sets a value as its measure is set: a share in per cent, a count whole."""
    if value is None:
        return "–"
    if measure in TERM_SHARES:
        return f"{value:.1%}"
    return f"{value:.0f}" if measure in TERM_COUNTS else f"{value:.{digits}f}"


def stretch_labels(stretches: Sequence[Stretch[T]]) -> list[list[str]]:
    """Labels the runs of all stretches alike."""
    labels = iter(run_labels([run for stretch in stretches for run in stretch.runs]))
    return [[next(labels) for _ in stretch.runs] for stretch in stretches]


def run_labels(runs: Sequence[RecordedRun]) -> list[str]:
    """Labels runs with the day, or with as much of the time as tells them apart."""
    labels: list[str] = []
    for start, end in ((0, 10), (5, 16), (5, 19), (5, 23)):
        labels = [run.recorded[start:end].replace("T", " ") for run in runs]
        if len(set(labels)) == len(labels):
            break
    return labels

"""How numbers and runs are set in every view of the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from xindaya.metrics.history import RecordedRun
from xindaya.metrics.measures import COUNT, SHARE, Measure
from xindaya.metrics.trends import Stretch
from xindaya.reports.figures import decimals, share

T = TypeVar("T")
_DELIVERY = "delivery"  # the label that deliveries are told apart by
_LONGEST = 18


def figure(measure: Measure, value: float | None, width: int) -> str:
    """Sets a value as its measure is set: a share in per cent, a count whole."""
    if value is None:
        return "–"
    if measure.unit == SHARE:
        return share(value)
    digits = 0 if measure.unit == COUNT else decimals(measure, width)
    return f"{value:.{digits}f}"


def stretch_labels(stretches: Sequence[Stretch[T]]) -> list[list[str]]:
    """Labels the runs of all stretches alike."""
    labels = iter(run_labels([run for stretch in stretches for run in stretch.runs]))
    return [[next(labels) for _ in stretch.runs] for stretch in stretches]


def run_labels(runs: Sequence[RecordedRun]) -> list[str]:
    """Labels runs with what the user called them, if no other is called so, else with the time."""
    names = [called(run.labels, run.note) for run in runs]
    times = Counter(names)
    return [
        name if name and times[name] == 1 else date
        for name, date in zip(names, _dates(runs), strict=True)
    ]


def called(labels: Mapping[str, str], note: str) -> str:
    """Returns the label ``delivery``, else the first label, else the note; empty without any."""
    key = _DELIVERY if _DELIVERY in labels else next(iter(labels), "")
    name = f"{key} {labels[key]}" if key else note.split("\n")[0]
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _dates(runs: Sequence[RecordedRun]) -> list[str]:
    """Returns the days, or as much of the times as tells them apart."""
    dates: list[str] = []
    for start, end in ((0, 10), (5, 16), (5, 19), (5, 23)):
        dates = [run.recorded[start:end].replace("T", " ") for run in runs]
        if len(set(dates)) == len(dates):
            break
    return dates

"""Results of quality tests, and how they travel: as ``user_properties`` of the test's report.

So they reach JUnit XML, and the controller of pytest-xdist, with no channel of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import pytest

_PREFIX = "mt."


@dataclass(frozen=True, slots=True)
class Result:
    """One judged or shown number. What does not apply is None and is not sent.

    Attributes:
        rule: As in the id of the test, such as ``chrF2>=55``.
        system: Name of the system.
        verdict: ``pass``, ``note`` (passed, and worth a look), ``fail``, or ``score``.
        message: The reason in one line.
        metric: Name of the metric.
        score: The value.
        before: That of the baseline.
        delta: The difference.
        p: p-value of the paired test.
        p_holm: The same, corrected.
        outcome: What the paired test comes to.
        undecided: True if the data are too few to judge a loss beyond the allowance.
        method: How it was tested.
        signature: Of the metric.
        baseline: File compared with, from the root folder.
        unused: Systems in that file which the spec does not have, comma-separated.
    """

    rule: str
    system: str
    verdict: str
    message: str
    metric: str | None = None
    score: float | None = None
    before: float | None = None
    delta: float | None = None
    p: float | None = None
    p_holm: float | None = None
    outcome: str | None = None
    undecided: bool | None = None
    method: str | None = None
    signature: str | None = None
    baseline: str | None = None
    unused: str | None = None


_FIELDS = tuple(f.name for f in fields(Result))


def add_result(item: pytest.Item, result: Result) -> None:
    """Sends a result along with the test's report."""
    for name in _FIELDS:
        value = getattr(result, name)
        if value is not None:
            item.user_properties.append((_PREFIX + name, value))


def results_of(properties: Iterable[tuple[str, object]]) -> Iterator[Result]:
    """Reads the results back from a report; every one begins with its rule."""
    group: dict[str, object] = {}
    for key, value in properties:
        name = key.removeprefix(_PREFIX)
        if not key.startswith(_PREFIX) or name not in _FIELDS:
            continue
        if name == "rule" and group:
            yield _result(group)
            group = {}
        group[name] = value
    if group:
        yield _result(group)


def _result(group: dict[str, object]) -> Result:
    required = {"rule": "", "system": "", "verdict": "", "message": ""}
    return Result(**required | group)  # type: ignore[arg-type]

"""Scores: the judge's false alarms where no difference is real, and its power where one is.

*No difference*: a pseudo-system takes each segment's output from one of the real systems by a fair
draw, so all pseudo-systems are equally good, and their labels could be exchanged within every
segment. *A difference*: two real systems, on segments drawn from a real test set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from corpora import TestSet, load, one_a_language

from calibration import Row, Task
from xindaya.metrics import BLEU, CHRF, TER, Metric, Rows
from xindaya.metrics.judging.family import Pair, judge
from xindaya.metrics.judging.outcome import ALPHA, RANDOMISATION, Comparison, Outcome
from xindaya.metrics.metric import sum_rows
from xindaya.metrics.resampling import bootstrap_scores, intervals, sacrebleu_p_values
from xindaya.pairs import Segment

COMMANDS = "score, run, compare, pytest, gates"
SIZES = (1, 2, 5, 20, 100, 1000)
FAMILIES = ((1, 1), (4, 3), (12, 1), (17, 3))
"""(systems compared, metrics): 1, 12, 12 and 51 verdicts."""

_CLOSE = (0.3, 2.0)  # points of chrF between two systems whose difference is worth looking for


@dataclass
class Known:
    """The statistics of a test set, computed once.

    Attributes:
        tests: The set.
        metrics: Metric name to metric.
        rows: Metric name to statistics of shape (systems, segments, columns).
    """

    tests: TestSet
    metrics: Mapping[str, Metric] = field(
        default_factory=lambda: {"chrF2": CHRF(), "BLEU": BLEU(), "TER": TER()}
    )
    rows: dict[str, Rows] = field(init=False)

    def __post_init__(self) -> None:
        if self.tests.target == "zh":
            self.metrics = {"chrF2": CHRF(), "BLEU": BLEU(tokenize="zh"),
                            "TER": TER(normalized=True, asian_support=True)}  # fmt: skip
        segments = [Segment(str(n), None, (r,)) for n, r in enumerate(self.tests.reference)]
        self.rows = {n: m.rows(segments, self.tests.outputs) for n, m in self.metrics.items()}

    def drawn(self, places: Rows, choice: Rows, metrics: Sequence[str]) -> dict[str, Rows]:
        """Returns the rows of the chosen segments, each from the system chosen for it."""
        return {name: self.rows[name][choice, places] for name in metrics}


def tasks(data: Path, replicates: int) -> Iterator[Task]:
    """Yields all simulations of the judge; the second test set is tried without the large families.

    Args:
        data: Folder of the test sets.
        replicates: Simulations a rate.
    """
    for place, tests in enumerate(one_a_language(load(data))):
        known = Known(tests)
        fewer = max(200, replicates // 4)
        for systems, metrics in FAMILIES if place == 0 else FAMILIES[::2]:
            names = list(known.metrics)[:metrics]
            for n in SIZES:
                yield Task(f"scores {tests.name}, {systems} × {metrics}, n = {n}",
                           partial(_false_alarms, known, names, systems, n, replicates))  # fmt: skip
        for n in (100, 300, 1000):
            yield Task(f"scores {tests.name}, power, n = {n}", partial(_power, known, n, fewer))
        for n in (5, 10, 20, 100, 1000):
            yield Task(
                f"scores {tests.name}, intervals, n = {n}", partial(_coverage, known, n, fewer)
            )


def _false_alarms(
    known: Known, names: list[str], systems: int, n: int, replicates: int, rng: np.random.Generator
) -> Iterator[Row]:
    """Counts replicates in which any system is called better or worse, by metric and by any."""
    alarms, anywhere, few, verdicts = dict.fromkeys(names, 0), 0, 0, 0
    total, real = len(known.tests.reference), len(known.tests.systems)
    for _ in range(replicates):
        places = rng.integers(total, size=n)
        drawn = [known.drawn(places, rng.integers(real, size=n), names) for _ in range(systems + 1)]
        pairs = [
            Pair("a", f"b{k}", {m: (drawn[0][m], own[m]) for m in names})
            for k, own in enumerate(drawn[1:])
        ]
        found = judge(known.metrics, pairs, seed=int(rng.integers(2**31)))
        hit = {c.metric for c in found if c.outcome.real}
        for name in hit:
            alarms[name] += 1
        anywhere += bool(hit)
        few += sum(c.outcome is Outcome.TOO_FEW for c in found)
        verdicts += len(found)
    truth = f"labels exchanged within segments, {known.tests.name}"
    for name, count in alarms.items():
        yield Row(COMMANDS, f"better or worse ({name})", truth, n, systems, replicates,
                  count / replicates, ALPHA, f"too few to tell: {few / verdicts:.0%}")  # fmt: skip
    if len(names) > 1:
        yield Row(COMMANDS, "better or worse, by any metric", truth, n, systems * len(names),
                  replicates, anywhere / replicates, None, "one family a metric")  # fmt: skip


def _power(known: Known, n: int, replicates: int, rng: np.random.Generator) -> Iterator[Row]:
    """Compares the judge's power with that of sacrebleu's randomisation test."""
    pair = _close_pair(known)
    if pair is None:
        return
    ours, theirs, expected = 0, 0, []
    metric = {"chrF2": known.metrics["chrF2"]}
    for _ in range(replicates):
        places = rng.integers(len(known.tests.reference), size=n)
        part = known.rows["chrF2"][list(pair)][:, places]
        (c,) = judge(metric, [Pair("a", "b", {"chrF2": (part[0], part[1])})])
        ours += c.outcome.real
        expected.append(_expected_power(c, known, pair))
        p_values = sacrebleu_p_values(
            metric, {"chrF2": part}, first=0, method=RANDOMISATION, samples=2000
        )
        theirs += p_values["chrF2"][1] < ALPHA
    truth = f"two systems of {known.tests.name}"
    yield Row(COMMANDS, "real difference (power)", truth, n, 1, replicates, ours / replicates, None,
              f"{ours / max(theirs, 1):.3f} of sacrebleu's randomisation test; "
              f"{np.mean(expected):.0%} of replicates have a detectable difference below the true "
              "one")  # fmt: skip


def _expected_power(c: Comparison, known: Known, pair: tuple[int, int]) -> bool:
    true = _score(known, pair[1]) - _score(known, pair[0])
    return c.detectable is not None and c.detectable < abs(true)


def _close_pair(known: Known) -> tuple[int, int] | None:
    """Returns two systems that differ by little, but differ."""
    scores = [_score(known, k) for k in range(len(known.tests.systems))]
    close = [
        (abs(a - b), i, j)
        for i, a in enumerate(scores)
        for j, b in enumerate(scores[:i])
        if _CLOSE[0] <= abs(a - b) <= _CLOSE[1]
    ]
    if not close:
        return None
    _, i, j = sorted(close)[len(close) // 2]
    return i, j


def _score(known: Known, system: int) -> float:
    return known.metrics["chrF2"].score(sum_rows(known.rows["chrF2"][system]))


def _coverage(known: Known, n: int, replicates: int, rng: np.random.Generator) -> Iterator[Row]:
    """Counts how often the interval of a score holds the score of the whole test set."""
    own = {name: r[:1] for name, r in known.rows.items()}
    true = {name: m.score(sum_rows(own[name][0])) for name, m in known.metrics.items()}
    held = dict.fromkeys(true, 0)
    for replicate in range(replicates):
        places = rng.integers(len(known.tests.reference), size=n)
        part = {name: r[:, places] for name, r in own.items()}
        for name, scores in bootstrap_scores(known.metrics, part, 400, replicate).items():
            interval = intervals(scores, replicate)[0]
            held[name] += interval.low <= true[name] <= interval.high
    for name, count in held.items():
        yield Row("score, run", f"95 % interval holds the score ({name})",
                  f"segments drawn from {known.tests.name}", n, 1, replicates, count / replicates,
                  None, "shown from 10 segments on")  # fmt: skip

"""How often `xindaya agree` calls one metric better than another where neither is, and where one is.

The metrics are real: BLEU, chrF, TER and a BLEU rounded to tens (many ties), of the systems of
WMT21 zh-en on the segments that have MQM scores. People are real where a metric is to be found
better, and where both metrics are to agree with them equally; else their scores are drawn or
shuffled. A replicate counts if *any* of its comparisons says better or worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calibration import Row, Task
from xindaya.metrics import BLEU, CHRF, TER
from xindaya.metrics.agreement.verdicts import Scores, judge
from xindaya.metrics.judging.outcome import ALPHA
from xindaya.pairs import Segment

Floats: TypeAlias = NDArray[np.float64]


class Cell(NamedTuple):
    """A size of test set: segments, systems, metrics."""

    segments: int
    systems: int
    metrics: int = 2


class _Real(NamedTuple):
    """Metric scores, shape (4, systems, segments), and the MQM scores of the same outputs."""

    metrics: Floats
    people: Floats


Make: TypeAlias = Callable[[np.random.Generator, Cell, _Real], tuple[Floats, Floats]]

_POWER = 20  # segments below which nothing can be found

CELLS = (
    *(Cell(n, 8) for n in (1, 2, 5, 20, 100)),
    *(Cell(20, k) for k in (2, 4)),
    Cell(20, 8, 4),
    Cell(1000, 4),
)


def tasks(data: Path, replicates: int) -> Iterator[Task]:
    """Yields every truth at every size.

    Args:
        data: The folder of real test sets.
        replicates: Data sets a rate.
    """
    real = _read(data / "wmt21-zhen-mqm")
    for truth, make, differs in _TRUTHS:
        for cell in CELLS:
            if cell.metrics > 2 and make not in (_random, _shuffled):
                continue  # the others make two metrics of their own
            if not differs or cell.segments >= _POWER:
                name = f"{truth}, {cell.systems} systems"
                yield Task(f"agree {name}, {cell.metrics} metrics, n = {cell.segments}",
                           partial(_rate, name, make, differs, cell, real, replicates))  # fmt: skip


def _rate(
    name: str, make: Make, differs: bool, cell: Cell, real: _Real, replicates: int,
    rng: np.random.Generator,
) -> Iterator[Row]:  # fmt: skip
    if differs:
        replicates = max(200, replicates // 4)
    found = sum(_any(*make(rng, cell, real), seed) for seed in range(replicates))
    family = 6 * cell.metrics * (cell.metrics - 1) // 2
    bound = None if differs else ALPHA
    yield Row("agree", "better or worse, in any comparison", name, cell.segments, family,
              replicates, found / replicates, bound)  # fmt: skip


def _any(metrics: Floats, human: Floats, seed: int) -> bool:
    """True if any comparison of metrics, shape (metrics, systems, segments), gives a verdict."""
    names = tuple(f"metric {n}" for n in range(len(metrics)))
    scores = Scores(names, metrics.mean(axis=2), human.mean(axis=1), tuple(metrics), human)
    [judged] = judge([scores], samples=1000, seed=seed)
    return any(d.verdict.real for d in judged.differences)


def _read(folder: Path) -> _Real:
    """Reads the systems and segments that have MQM scores, and scores them."""
    people: dict[str, dict[int, float]] = {}
    table = (folder / "mqm_newstest2021_zhen.avg_seg_scores.tsv").read_text("utf-8")
    files = {f.name.split(".hyp.")[1][:-3]: f for f in sorted(folder.glob("*.hyp.*.en"))}
    for line in table.split("\n")[1:-1]:
        system, rest = line.split("\t")
        score, segment = rest.split(" ")
        if score != "None" and system in files:
            people.setdefault(system, {})[int(segment) - 1] = float(score)
    rated = sorted(set.intersection(*(set(own) for own in people.values())))
    reference = (folder / "newstest2021.zh-en.ref.A.en").read_text("utf-8").split("\n")
    segments = [Segment(str(n), "", (reference[n],)) for n in rated]
    lines = {name: files[name].read_text("utf-8").split("\n") for name in people}
    outputs = [[lines[name][n] for n in rated] for name in people]
    scores = [
        sign * np.array([[m.segment_score(r) for r in own.tolist()] for own in m.rows(segments, outputs)])
        for m, sign in ((BLEU(), 1), (CHRF(), 1), (TER(), -1))
    ]  # fmt: skip
    human = np.array([[own[n] for n in rated] for own in people.values()])
    return _Real(np.stack([scores[1], np.round(scores[0], -1), scores[2], scores[0]]), human)


def _drawn(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    """Draws systems, and segments with replacement."""
    metrics, human = real
    systems = rng.permutation(len(human))[: cell.systems]
    segments = rng.integers(0, human.shape[1], cell.segments)
    return metrics[: cell.metrics][:, systems][:, :, segments], human[systems][:, segments]


def _random(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    metrics, human = _drawn(rng, cell, real)
    return metrics, rng.normal(size=human.shape)


def _shuffled(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    metrics, human = _drawn(rng, cell, real)
    return metrics, rng.permutation(human.ravel()).reshape(human.shape)


def _exchanged(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    """Two metrics, one with ties, on one scale: which gave a score says nothing."""
    metrics, human = _drawn(rng, cell, real)
    first, second = ((m - t.mean()) / t.std() for m, t in zip(metrics, real.metrics, strict=False))
    mask = rng.random(human.shape) < 0.5
    return np.stack([np.where(mask, first, second), np.where(mask, second, first)]), human


def _exchanged_segments(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    """One metric twice, one of them with noise that the outputs of a segment share."""
    metrics, human = _drawn(rng, cell, real)
    spread = float(real.metrics[0].std())
    noise = rng.normal(size=human.shape) / 4 + rng.normal(size=(1, cell.segments))
    first, second = metrics[0], metrics[0] + spread * noise
    mask = rng.random((1, cell.segments)) < 0.5
    return np.stack([np.where(mask, first, second), np.where(mask, second, first)]), human


def _noisy(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    metrics, human = _drawn(rng, cell, real)
    spread = float(real.metrics[0].std())
    noise = rng.normal(size=human.shape) * spread
    return np.stack([metrics[0], metrics[0] + 2 * noise]), human


def _noise(rng: np.random.Generator, cell: Cell, real: _Real) -> tuple[Floats, Floats]:
    metrics, human = _drawn(rng, cell, real)
    return np.stack([metrics[0], rng.normal(size=human.shape)]), human


_TRUTHS = (
    ("random human scores", _random, False),
    ("human scores shuffled", _shuffled, False),
    ("outputs of two metrics exchanged at random", _exchanged, False),
    ("segments of two metrics exchanged at random", _exchanged_segments, False),
    ("chrF against itself with noise", _noisy, True),
    ("chrF against noise", _noise, True),
)
"""Name, how it is made, and whether one metric is truly better."""

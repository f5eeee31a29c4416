"""Paired bootstrap and approximate randomisation, resampling only.

    python benchmarks/resampling.py [--data DIR] [--rounds 5] [--smoke] [-o DIR]

Both sides are given the statistics of BLEU and chrF++ of all systems, and give scores, p-values
and, for the bootstrap, means and intervals; all must be equal to the last bit. Beside them the
judge's own test, which decides and draws as many trials as its answers take. The matrix products
of ours use as many threads as NumPy's BLAS takes: look at CPU time (``OPENBLAS_NUM_THREADS=1`` for
one).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from common import Work, arguments
from contenders import CHRF_PP, bleu, timed
from corpora import TestSet, load, one_a_language
from reporting import publish, speed_goal, speed_table
from sacrebleu.significance import PairedTest

from xindaya.metrics import Metric, Rows
from xindaya.metrics.engine import kernel
from xindaya.metrics.judging.family import judge, pairs_with
from xindaya.metrics.judging.outcome import BOOTSTRAP, RANDOMISATION, SEED
from xindaya.metrics.resampling import bootstrap_scores, intervals, sacrebleu_p_values

TESTS = {"bootstrap": ("bs", 1000, 100, 150), "randomisation": ("ar", 10_000, 60, 200)}
P_VALUES, ALL, JUDGED = "xindaya, p-values", "xindaya", "xindaya, the judge"

Found = dict[tuple[str, str], tuple[Any, ...]]
"""(metric, system) to p-value, mean and half-width of the interval."""


def theirs(
    tests: TestSet, rows: Mapping[str, Rows], kind: str, samples: int
) -> Callable[[], Found]:
    """Returns sacrebleu's own test, fed with statistics."""
    known = {name: r.tolist() for name, r in rows.items()}
    place = {id(texts): k for k, texts in enumerate(tests.systems.values())}
    metrics = {}
    for measure in (bleu(_tokenize(tests)), CHRF_PP):
        metric, name = measure.sacrebleu(), measure.ours.name

        def statistics(texts: Any, _references: Any, name: str = name) -> Any:
            return known[name][place[id(texts)]]

        metric._extract_corpus_statistics = statistics
        metric.num_refs = 1  # which it notes when it reads references; signatures say it
        metrics[name] = metric

    def run() -> Found:
        test = PairedTest(list(tests.systems.items()), metrics, None, kind, samples)
        found: dict[str, Any] = test()[1]
        return {
            (name, system): (result.p_value, result.mean, result.ci)
            for name in metrics
            for system, result in zip(tests.systems, found[name], strict=True)
        }

    return run


def ours(
    tests: TestSet, metrics: Mapping[str, Metric], rows: Mapping[str, Rows], kind: str, samples: int,
    with_intervals: bool,
) -> Found:  # fmt: skip
    """Runs our test."""
    method = BOOTSTRAP if kind == "bs" else RANDOMISATION
    # As `evaluate` does: intervals and test are read off the same resamples.
    resampled = bootstrap_scores(metrics, rows, samples, SEED) if with_intervals else None
    found = sacrebleu_p_values(
        metrics, rows, first=0, method=method, samples=samples, seed=SEED, resampled=resampled
    )
    p_values = {
        (name, system): p
        for name, own in found.items()
        for system, p in list(zip(tests.systems, own, strict=True))[1:]
    }
    spread: dict[tuple[str, str], tuple[float, float]] = {}
    for name, scores in (resampled or {}).items():
        for system, i in zip(tests.systems, intervals(scores, SEED), strict=True):
            spread[name, system] = (i.mean, 0.5 * (i.high - i.low))
    return {
        (name, system): (p_values.get((name, system)), *spread.get((name, system), (None, None)))
        for name in metrics
        for system in tests.systems
    }


def prepare(tests: TestSet, label: str, shrink: int) -> Work:
    """Verifies, and returns what to time."""
    kind, samples, _, _ = TESTS[label]
    samples //= shrink
    measures = [bleu(_tokenize(tests)), CHRF_PP]
    metrics = {m.ours.name: m.ours for m in measures}
    rows = {m.ours.name: m.rows(kernel, tests, 0) for m in measures}
    mine = partial(ours, tests, metrics, rows, kind, samples)
    their = theirs(tests, rows, kind, samples)
    runs: dict[str, Callable[[], Any]] = {"sacrebleu": their, ALL: partial(mine, kind == "bs")}
    if kind == "bs":  # intervals come from the same resamples
        runs[P_VALUES] = partial(mine, False)
    wanted = their()
    verdicts = {name: agreement(run(), wanted) for name, run in runs.items() if name != "sacrebleu"}
    pairs = pairs_with(next(iter(tests.systems)), list(tests.systems), rows)
    runs[JUDGED] = partial(judge, metrics, pairs)  # other numbers: what decides, as far as needed
    candidates = {name: timed(run) for name, run in runs.items()}
    return Work(tests.name, f"{label} {samples:,}", candidates, verdicts=verdicts)


def agreement(found: Found, wanted: Found) -> str:
    """Compares what was found to the last bit; what was not asked for is None."""
    pairs = [
        (a, b)
        for key, values in found.items()
        for a, b in zip(values, wanted[key], strict=True)
        if a is not None
    ]
    differing = sum(b is None or not np.array_equal(a, b) for a, b in pairs)
    return f"{differing} of {len(pairs)} DIFFER" if differing else "equal"


def _tokenize(tests: TestSet) -> str:
    return "zh" if tests.target == "zh" else "13a"


def main() -> int:
    """Runs everything; returns 1 if a number differs from sacrebleu's."""
    chosen = arguments(__doc__).parse_args()
    chosen.rounds = 1 if chosen.smoke else chosen.rounds
    done = []
    for tests in one_a_language(load(chosen.data, smoke=chosen.smoke)):
        for label in TESTS:
            if chosen.only in f"{tests.name} {label}":
                work = prepare(tests, label, 20 if chosen.smoke else 1)
                work.measure(chosen.rounds)
                done.append(work)
    goals = []
    for label, (_, samples, must, aim) in TESTS.items():
        mine = [work for work in done if work.name.startswith(label)]
        goals += speed_goal(f"{label} {samples:,}, resampling only", must, aim, mine, ALL, by="cpu")
    return publish(chosen, "Resampling", [speed_table(done)], done, goals)


if __name__ == "__main__":
    sys.exit(main())

"""The engine against sacrebleu: verified first, then timed in interleaved rounds.

    python benchmarks/engine.py [--data DIR] [--rounds 5] [--smoke] [-o DIR]

Computed are the corpus scores of all systems of a set, all work on the references included.
sacrebleu gets its best usage: references cached once, before the clock starts; "plain" is the call
without that. TER is timed for one system on every n-th segment, since sacrebleu takes minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from common import Work, arguments, cores
from contenders import CHRF_, CHRF_PP, Measure, Oracle, bleu, ter, timed
from corpora import TestSet, load
from reporting import publish, speed_goal, speed_table

from xindaya.metrics.engine import fallback, kernel

ONE = "xindaya, 1 thread"
FALLBACK = "xindaya, NumPy"
GOALS = (
    ("chrF, one thread", ["chrF"], ONE, 60.0, 120.0),
    ("chrF++, one thread", ["chrF++"], ONE, 50.0, 100.0),
    ("BLEU-13a, one thread", ["BLEU-13a"], ONE, 40.0, 80.0),
    ("BLEU-zh, one thread", ["BLEU-zh"], ONE, 70.0, 100.0),
    ("TER, one system, one thread", ["TER, one system"], ONE, 150.0, 400.0),
    ("chrF without a compiler", ["chrF"], FALLBACK, 10.0, 15.0),
    ("BLEU without a compiler", ["BLEU-13a", "BLEU-zh"], FALLBACK, 3.5, 6.0),
)


def works(sets: list[TestSet], ter_step: int) -> Iterator[tuple[Measure, TestSet]]:
    """Yields everything to compute."""
    for tests in sets:
        for measure in (*map(bleu, ("13a", "zh")), CHRF_, CHRF_PP):
            # 13a makes one word of a Chinese segment: nobody's use.
            if not (tests.target == "zh" and measure.name == "BLEU-13a"):
                yield measure, tests
        yield ter(tests.target), tests.part(1, ter_step)


def prepare(measure: Measure, tests: TestSet) -> Work:
    """Verifies, and returns what to time."""
    oracle = Oracle(measure, tests)
    backends = {ONE: (kernel, 1), f"xindaya, {cores()} threads": (kernel, cores())}
    if measure.function != "ter":  # the fallback's is sacrebleu's
        backends[FALLBACK] = (fallback, 1)
    candidates = {"sacrebleu": timed(oracle.scores)}
    if measure.function != "ter":  # whose cache holds nothing
        candidates["sacrebleu, plain"] = timed(oracle.plain_scores)
    for name, (backend, threads) in backends.items():
        candidates[name] = timed(partial(measure.scores, backend, tests, threads))
    work = Work(tests.name, measure.name, candidates)
    for name, (backend, threads) in backends.items():
        work.verdicts[name] = oracle.verdict(measure.rows(backend, tests, threads))
    return work


def main() -> int:
    """Runs everything; returns 1 if a number differs from sacrebleu's."""
    parser = arguments(__doc__)
    parser.add_argument("--ter-step", type=int, default=10, help="take every n-th segment")
    chosen = parser.parse_args()
    chosen.rounds = 1 if chosen.smoke else chosen.rounds
    done = []
    for measure, tests in works(load(chosen.data, smoke=chosen.smoke), chosen.ter_step):
        if chosen.only in f"{tests.name} {measure.name}":
            work = prepare(measure, tests)
            work.measure(chosen.rounds)
            done.append(work)
    goals = []
    for name, metrics, candidate, must, aim in GOALS:
        mine = [work for work in done if work.name in metrics]
        goals += speed_goal(name, must, aim, mine, candidate, by="cpu")
    return publish(chosen, "Engine", [speed_table(done)], done, goals)


if __name__ == "__main__":
    sys.exit(main())

"""Other fast implementations of BLEU and chrF, on the same work.

    pip install -r benchmarks/requirements.txt
    python benchmarks/peers.py [--data DIR] [--rounds 5] [--smoke] [-o DIR]

Whichever peers are installed take part; the report says which are absent. They may use all cores;
ours is shown on one thread and on all. A peer whose scores differ from sacrebleu's is timed all the
same, and marked with the largest difference. nltk and torchmetrics are slower than sacrebleu, so
they get one system, every n-th segment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import util
from typing import Any

import numpy as np
from common import Work, arguments, cores
from contenders import CHRF_, CHRF_PP, Measure, Oracle, bleu, timed
from corpora import TestSet, load, one_a_language
from reporting import publish, speed_goal, speed_table

from xindaya.metrics.engine import kernel

ONE = "xindaya, 1 thread"
SLOW_STEP = 10

Scores = Sequence[Any]
Start = Callable[[TestSet], Callable[[], Scores]]
"""Prepares the input as a peer wants it, off the clock; returns what is timed."""


def fastchrf_segments(tests: TestSet) -> Callable[[], Scores]:
    """Rust: chrF of every system and segment."""
    import fastchrf

    outputs = [list(texts) for texts in zip(*tests.outputs, strict=True)]
    references = [[text] for text in tests.reference]

    def run() -> Scores:
        found = fastchrf.pairwise_chrf(outputs, references)
        return [[row[k][0] for row in found] for k in range(len(tests.outputs))]

    return run


def bleuscore_corpus(tests: TestSet) -> Callable[[], Scores]:
    """Rust: BLEU with 13a."""
    import bleuscore

    references = [[text] for text in tests.reference]
    return lambda: [
        100 * bleuscore.compute(references=references, predictions=texts)["bleu"]
        for texts in tests.outputs
    ]


def mojo_bleu(tests: TestSet) -> Callable[[], Scores]:
    """Mojo: BLEU with 13a."""
    import sacrebleu_mojo as mojo

    return lambda: [mojo.corpus_bleu(t, [tests.reference]).score for t in tests.outputs]


def mojo_chrf(tests: TestSet, order: int) -> Callable[[], Scores]:
    """Mojo: chrF."""
    import sacrebleu_mojo as mojo

    references = [tests.reference]
    return lambda: [mojo.corpus_chrf(t, references, word_order=order).score for t in tests.outputs]


def nltk_bleu(tests: TestSet) -> Callable[[], Scores]:
    """Plain Python: BLEU of words that sacrebleu has cut, off the clock; nltk has no such tokenizer."""
    from nltk.translate.bleu_score import corpus_bleu

    cut = bleu("13a").sacrebleu().tokenizer
    references = [[cut(text).split()] for text in tests.reference]
    outputs = [[cut(text).split() for text in texts] for texts in tests.outputs]
    return lambda: [100 * corpus_bleu(references, texts) for texts in outputs]


def nltk_chrf(tests: TestSet) -> Callable[[], Scores]:
    """Plain Python: chrF as nltk defines it."""
    from nltk.translate.chrf_score import corpus_chrf

    return lambda: [100 * corpus_chrf(tests.reference, t, beta=2.0) for t in tests.outputs]


def torchmetrics_bleu(tests: TestSet) -> Callable[[], Scores]:
    """Torch: BLEU with 13a."""
    from torchmetrics.functional.text import sacre_bleu_score

    references = [[text] for text in tests.reference]
    return lambda: [100 * float(sacre_bleu_score(t, references)) for t in tests.outputs]


def torchmetrics_chrf(tests: TestSet, order: int) -> Callable[[], Scores]:
    """Torch: chrF."""
    from torchmetrics.functional.text import chrf_score

    references = [[text] for text in tests.reference]
    return lambda: [
        100 * float(chrf_score(t, references, n_word_order=order)) for t in tests.outputs
    ]


FAST: list[tuple[Measure, bool, dict[str, Start]]] = [
    (CHRF_, True, {"fastchrf": fastchrf_segments}),
    (CHRF_, False, {"sacrebleu_mojo": partial(mojo_chrf, order=0)}),
    (CHRF_PP, False, {"sacrebleu_mojo": partial(mojo_chrf, order=2)}),
    (bleu("13a"), False, {"bleuscore": bleuscore_corpus, "sacrebleu_mojo": mojo_bleu}),
]
SLOW: list[tuple[Measure, bool, dict[str, Start]]] = [
    (CHRF_, False, {"nltk": nltk_chrf, "torchmetrics": partial(torchmetrics_chrf, order=0)}),
    (CHRF_PP, False, {"torchmetrics": partial(torchmetrics_chrf, order=2)}),
    (bleu("13a"), False, {"nltk": nltk_bleu, "torchmetrics": torchmetrics_bleu}),
]


def works(sets: Sequence[TestSet]) -> Iterator[Work]:
    """Yields what installed peers can do."""
    for tests in sets:
        for some, part in ((FAST, tests), (SLOW, tests.part(1, SLOW_STEP))):
            for measure, segments, peers in some:
                present = {n: start(part) for n, start in peers.items() if util.find_spec(n)}
                # No peer has a tokenizer for Chinese.
                if present and not (measure.function == "bleu" and tests.target == "zh"):
                    name = measure.name + (", segments" if segments else ", corpus")
                    name += ", one system" if some is SLOW else ""
                    yield prepare(name, measure, part, segments, present)


def prepare(
    name: str, measure: Measure, tests: TestSet, segments: bool, peers: Mapping[str, Callable[[], Scores]]
) -> Work:  # fmt: skip
    """Verifies, and returns what to time."""
    oracle = Oracle(measure, tests)

    def ours(threads: int) -> Scores:
        if segments:
            return [measure.ours.scores(rows) for rows in measure.rows(kernel, tests, threads)]
        return measure.scores(kernel, tests, threads)

    runs: dict[str, Callable[[], Scores]] = {
        "sacrebleu": oracle.segment_scores if segments else oracle.scores,
        ONE: partial(ours, 1), f"xindaya, {cores()} threads": partial(ours, cores()), **peers,
    }  # fmt: skip
    wanted = runs["sacrebleu"]()
    verdicts = {n: agreement(run(), wanted) for n, run in runs.items() if n != "sacrebleu"}
    return Work(tests.name, name, {n: timed(run) for n, run in runs.items()}, verdicts=verdicts)


def agreement(found: Scores, wanted: Scores) -> str:
    """Says how far scores are from sacrebleu's."""
    largest = float(np.abs(np.asarray(found) - np.asarray(wanted)).max())
    if largest > 1e-9:
        return f"different result, by up to {largest:.2g}"
    return f"equal but for {largest:.0e}" if largest else "equal"


def main() -> int:
    """Runs everything; returns 1 if one of our numbers differs from sacrebleu's."""
    chosen = arguments(__doc__).parse_args()
    chosen.rounds = 1 if chosen.smoke else chosen.rounds
    done = []
    for work in works(one_a_language(load(chosen.data, smoke=chosen.smoke))):
        if chosen.only in f"{work.data} {work.name}":
            work.measure(chosen.rounds)
            done.append(work)
    everyone = sorted({peer for _, _, peers in FAST + SLOW for peer in peers})
    absent = [peer for peer in everyone if not util.find_spec(peer)]
    goals = []
    for kind in ("chrF, segments", "chrF, corpus", "chrF++, corpus", "BLEU-13a, corpus"):
        mine = [work for work in done if work.name == kind]
        name = f"{kind}: ours on one thread, the fastest peer on all cores"
        goals += speed_goal(name, 6, 10, mine, ONE, *everyone, by="wall")
    notes = [f"absent: {', '.join(absent)}"] if absent else []
    return publish(chosen, "Peers", [speed_table(done, than=ONE)], done, goals, notes)


if __name__ == "__main__":
    sys.exit(main())

"""How far the measure ``embed`` agrees with people beside chrF, across segments and within them.

Run with ``python benchmarks/embed.py [--segments 300] [--seed 1]``: WMT21 Chinese–English news with MQM
scores is read where it lies (``../shared/data`` beside the repository, or ``$XINDAYA_DATA``). Each of the
segments has several outputs that people scored. *Across* is Pearson's r of all scored outputs together, which
rewards telling hard segments from easy ones; *within* is that of the outputs of one segment, which is all
that tells systems apart. The sum is that of the two standardised measures.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xindaya import Settings, evaluate
from xindaya.agreement.agree import agree
from xindaya.metrics import Evaluation
from xindaya.metrics.scores import Identity, Scores, SegmentScore
from xindaya.pairs import Corpus, Segment

DATA = Path(
    os.environ.get("XINDAYA_DATA", Path(__file__).resolve().parents[1] / ".." / "shared" / "data")
)
HUMAN = "mqm_newstest2021_zhen.avg_seg_scores.tsv"
SUM = "chrF2+embed"


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--segments", type=int, default=0, help="a random sample; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = options.data / "wmt21-zhen-mqm"
    head, *rows = [line.split() for line in _lines(folder / HUMAN)]
    rated = [row for row in rows if row[1] != "None"]
    places = sorted({int(row[2]) for row in rated})
    if options.segments:
        places = sorted(random.Random(options.seed).sample(places, options.segments))
    corpus = _corpus(folder, places, {row[0] for row in rated})
    evaluation = evaluate(
        corpus, metrics=["chrf", "embed"], settings=Settings(confidence_samples=0, test=None)
    )
    with tempfile.TemporaryDirectory() as temporary:
        human = Path(temporary, HUMAN)
        chosen = [row for row in rated if row[0] in corpus.systems and int(row[2]) in set(places)]
        human.write_text("\n".join("\t".join(row) for row in [head, *chosen]) + "\n", "utf-8")
        report = agree(_with_sum(evaluation), [human])
    found = report.files[0].agreement
    print(
        f"{len(places):,} segments, {len(chosen):,} scored outputs of {len(corpus.systems)} systems\n"
    )
    print("| measure | across: r | 95 % | within: r | 95 % |\n| --- | --- | --- | --- | --- |")
    for measure in found.segment_level:
        cells = [measure.grouping(by).pearson for by in ("none", "item")]
        print(
            f"| {measure.metric} |",
            " | ".join(f"{c.value:.3f} | {c.low:.3f} to {c.high:.3f}" for c in cells),
            "|",
        )
    for d in found.differences:
        if d.level == "segment":
            print(
                f"{d.statistic}: {d.second} against {d.first}: {d.delta:+.3f}, p = {d.p_holm:.4f}, {d.verdict}"
            )


def _corpus(folder: Path, places: Sequence[int], systems: set[str]) -> Corpus:
    """Returns the segments at these lines, from 1, and the outputs of these systems."""
    source, reference = (
        _lines(folder / f"newstest2021.zh-en.{side}") for side in ("src.zh", "ref.A.en")
    )
    outputs = {}
    for path in sorted(folder.glob("*.hyp.*.en")):
        name = path.name.split(".hyp.")[1].removesuffix(".en")
        if name in systems:
            lines = _lines(path)
            outputs[name] = tuple(lines[n - 1] for n in places)
    segments = tuple(Segment(str(n), source[n - 1], (reference[n - 1],)) for n in places)
    return Corpus("wmt21", "zh", "en", segments, ("A",), outputs)


def _with_sum(evaluation: Evaluation) -> Evaluation:
    """Adds the sum of both measures, each less its mean and over its standard deviation."""
    tables = [evaluation.segment_scores[name] for name in ("chrF2", "embed")]
    moments = [
        (statistics.fmean(every), statistics.pstdev(every))
        for every in ([v for of in table.values() for v in of] for table in tables)
    ]
    scores = [
        [
            SegmentScore(math.fsum((v - m) / s for v, (m, s) in zip(both, moments, strict=True)))
            for both in zip(*(table[system] for table in tables), strict=True)
        ]
        for system in evaluation.systems
    ]
    corpus = evaluation.corpus
    outputs = list(corpus.systems.values())
    total = Scores.of(SUM, Identity("sum"), corpus.segments, outputs, scores)
    return replace(
        evaluation,
        metrics={**evaluation.metrics, SUM: total},
        rows={**evaluation.rows, SUM: total.rows(corpus.segments, outputs)},
        signatures={**evaluation.signatures, SUM: total.signature(corpus.segments)},
    )


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")[:-1]


if __name__ == "__main__":
    main()

"""What scores from a file add to an evaluation: CPU seconds, interleaved with one without them.

    python benchmarks/scores.py [--rounds 5] [--smoke]

Made texts: 12 systems of 2,000 segments, BLEU and chrF with intervals and paired tests, and beside them
COMET's JSON or a table of as many scores. The goal is less than one second of CPU more.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
from pathlib import Path

from common import arguments, run_here

from xindaya.evaluation import evaluate
from xindaya.pairs import Corpus, Segment
from xindaya.scores import Source
from xindaya.settings import Settings

SYSTEMS, SEGMENTS, GOAL = 12, 2000, 1.0
WORDS = ("the", "of", "and", "to", "in", "is", "that", "new", "policy", "market", "office", "state")


def made(segments: int) -> tuple[Corpus, dict[str, list[float]]]:
    """Returns a corpus, and scores that fall from system to system as its outputs get worse."""
    draw = random.Random(5)
    sources = [
        "".join(draw.choices("中国经济发展政策市场国家办公室", k=30)) for _ in range(segments)
    ]
    references = [" ".join(draw.choices(WORDS, k=25)) for _ in range(segments)]
    systems, scores = {}, {}
    for k in range(SYSTEMS):
        kept = [[w for w in r.split() if draw.random() > 0.05 + 0.03 * k] for r in references]
        systems[f"s{k}"] = tuple(" ".join(words) for words in kept)
        scores[f"s{k}"] = [0.9 - 0.03 * k + draw.gauss(0, 0.1) for _ in references]
    lines = tuple(
        Segment(str(n + 1), s, (r,))
        for n, (s, r) in enumerate(zip(sources, references, strict=True))
    )
    return Corpus("made", "zh", "en", lines, ("A",), systems), scores


def write(folder: Path, corpus: Corpus, scores: dict[str, list[float]]) -> dict[str, Path]:
    """Writes the scores as COMET does, and as a table."""
    rows = {
        f"{name}.en": [
            {"src": s.source, "mt": text, "ref": s.references[0], "COMET": x}
            for s, text, x in zip(corpus.segments, texts, scores[name], strict=True)
        ]
        for name, texts in corpus.systems.items()
    }
    comet, table = folder / "comet.json", folder / "table.tsv"
    comet.write_text(json.dumps(rows, ensure_ascii=False, indent=4), "utf-8")
    lines = [f"{n}\t{name}\t{x}\n" for name, own in scores.items() for n, x in enumerate(own, 1)]
    table.write_text("id\tsystem\tscore\n" + "".join(lines))
    return {"COMET's JSON": comet, "a table": table}


def main() -> None:
    """Measures, and prints medians."""
    parser = arguments(__doc__)
    given = parser.parse_args()
    corpus, scores = made(100 if given.smoke else SEGMENTS)
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), corpus, scores)
        settings = {"none": Settings(check_data=False, cache=False)} | {
            name: Settings(check_data=False, cache=False, scores=(Source("COMET", {"": path}),))
            for name, path in files.items()
        }
        costs: dict[str, list[float]] = {name: [] for name in settings}
        for _ in range(1 if given.smoke else given.rounds):
            for name, chosen in settings.items():
                costs[name].append(
                    run_here(lambda chosen=chosen: evaluate(corpus, settings=chosen)).cpu
                )  # type: ignore[misc]
    base = costs.pop("none")
    for name, own in costs.items():
        more = [a - b for a, b in zip(own, base, strict=True)]
        print(
            f"{name}: {statistics.median(more):+.2f} s CPU ({min(more):+.2f} to {max(more):+.2f}) on "
            f"{statistics.median(base):.2f} s; goal: under {GOAL:g}"
        )


if __name__ == "__main__":
    main()

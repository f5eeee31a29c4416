"""Whole processes, from start to exit: the two command lines in turn, a fresh child each time.

    python benchmarks/process.py [--data DIR] [--rounds 5] [--smoke] [-o DIR]

Wall time, CPU time of all threads and peak memory of the child. Scores of all systems of a set, a
paired bootstrap test, and one system with 100,000 segments (made: see corpora.py). What both print
must be equal in ten digits; p-values in sacrebleu's four.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from common import Cost, Work, arguments, run_child, script
from corpora import TestSet, inserted, load, one_a_language, write_lines
from reporting import publish, speed_goal, speed_table

LARGE = 100_000
OURS = "xindaya"
Command = list[str | Path]


@dataclass(frozen=True, slots=True)
class Commands:
    """The same job in both command lines, and how to read the numbers from what they print."""

    data: str
    name: str
    theirs: Command
    ours: Command
    read_theirs: Callable[[str], list[str]]
    read_ours: Callable[[str], list[str]]

    def work(self) -> Work:
        """Verifies, and returns what to time."""
        wanted = self.read_theirs(run_child(self.theirs)[1])
        found = self.read_ours(run_child(self.ours)[1])
        verdict = "equal" if found == wanted and found else f"DIFFER: {found} {wanted}"
        candidates = {"sacrebleu": cost_of(self.theirs), OURS: cost_of(self.ours)}
        return Work(self.data, self.name, candidates, verdicts={OURS: verdict})


def cost_of(command: Sequence[str | Path]) -> Callable[[], Cost]:
    """Returns a candidate that runs a command."""
    return lambda: run_child(command)[0]


def bare_scores(text: str) -> list[str]:
    """Reads what ``xindaya score -b`` prints: a system a line, a metric a column."""
    return [cell for line in text.split("\n")[:-1] for cell in line.split("\t")[1:]]


def json_scores(text: str) -> list[str]:
    """Reads sacrebleu's JSON of several systems."""
    return [v for row in json.loads(text) for name, v in row.items() if name != "system"]


def single_score(text: str) -> list[str]:
    """Reads ``sacrebleu -b`` of one system."""
    return [text.strip()]


def table_p_values(text: str) -> list[str]:
    """Reads p-values from sacrebleu's table."""
    return re.findall(r"p = ([0-9.]+)", text)


def json_p_values(text: str) -> list[str]:
    """Reads p-values from our JSON."""
    return [f"{c['p_value']:.4f}" for c in json.loads(text)["comparisons"]]


def commands(tests: TestSet, folder: Path, size: int) -> Iterator[Commands]:
    """Yields the jobs of a set, having written its files."""
    reference, systems = tests.write(folder)
    chinese = tests.target == "zh"
    ours: Command = [script("xindaya"), "score", "-r", reference]
    ours += ["-sl", "en", "-tl", "zh"] if chinese else []
    inputs = [f"{n}={p}" for n, p in systems.items()]
    mine: Command = [*ours, *(x for i in inputs for x in ("-i", i)), "-m", "bleu,chrf++"]
    theirs: Command = [script("sacrebleu"), reference, "-w", "10"]
    theirs += ["-tok", "zh"] if chinese else []
    both: Command = ["-m", "bleu", "chrf", "--chrf-word-order", "2"]
    yield Commands(
        tests.name, "scores: BLEU, chrF++", [*theirs, "-i", *systems.values(), *both],
        [*mine, "-b", "-w", "10"], json_scores, bare_scores,
    )  # fmt: skip
    yield Commands(
        tests.name, "paired bootstrap: BLEU, chrF++",
        # Its JSON of a chrF bootstrap crashes under NumPy 2.
        [*theirs, "-i", *systems.values(), *both, "--paired-bs", "-f", "text"],
        [*mine, "--paired-bs", "-f", "json", "-q"], table_p_values, json_p_values,
    )  # fmt: skip
    name, output = next(iter(tests.systems.items()))
    large = [
        write_lines(folder / f"{kind}-{size}", inserted(texts, size, chinese=chinese))
        for kind, texts in (("reference", tests.reference), (name, output))
    ]
    ours[ours.index(reference)] = theirs[theirs.index(reference)] = large[0]
    for label, metric in (("chrF", "chrf"), ("BLEU-zh" if chinese else "BLEU-13a", "bleu")):
        yield Commands(
            tests.name, f"one system, {size:,} segments: {label}",
            [*theirs, "-i", large[1], "-m", metric, "-b"],
            [*ours, "-i", f"{name}={large[1]}", "-m", metric, "-b", "-w", "10"],
            single_score, bare_scores,
        )  # fmt: skip


def main() -> int:
    """Runs everything; returns 1 if a number differs from sacrebleu's."""
    parser = arguments(__doc__)
    parser.add_argument("--segments", type=int, default=LARGE, help="of the large system")
    chosen = parser.parse_args()
    if chosen.smoke:
        chosen.rounds, chosen.segments = 1, 200
    done = []
    for tests in one_a_language(load(chosen.data, smoke=chosen.smoke)):
        with tempfile.TemporaryDirectory() as folder:
            for job in commands(tests, Path(folder), chosen.segments):
                if chosen.only in f"{job.data} {job.name}":
                    work = job.work()
                    work.measure(chosen.rounds)
                    done.append(work)
    goals = []
    for start, end, must, aim in (
        ("scores", "", 35, 70), ("paired", "", 40, 60), ("one system", "chrF", 40, 60),
        ("one system", "BLEU-13a", 20, 60), ("one system", "BLEU-zh", 40, 60),
    ):  # fmt: skip
        mine = [w for w in done if w.name.startswith(start) and w.name.endswith(end)]
        name = f"whole process, {mine[0].name}" if mine else start
        goals += speed_goal(name, must, aim, mine, OURS, by="wall")
    return publish(chosen, "Whole processes", [speed_table(done, peak=True)], done, goals)


if __name__ == "__main__":
    sys.exit(main())

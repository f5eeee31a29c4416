"""How time and memory grow from 10⁴ to 10⁶ segments: one system, corpus scores, whole processes.

    python benchmarks/scaling.py [--data DIR] [--rounds 5] [--smoke] [-o DIR]

The exponent is the slope of log time over log segments (least squares), the time of a run on one
segment, which is the start of the process, taken off first. sacrebleu runs once a size; where its
memory, grown in a straight line, would not fit in this machine, it is left out, and said so.
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from common import Cost, Work, arguments, run_child, script
from corpora import TestSet, inserted, load, one_a_language, write_lines
from reporting import MEGABYTE, Goal, publish, table

SIZES = (10_000, 100_000, 1_000_000)
SMOKE_SIZES = (50, 100, 200)
OURS = "xindaya"
SPARE = 0.8  # of the machine's memory


Files = Mapping[int, tuple[Path, Path]]
"""Segments to reference and output."""


@dataclass
class Growth:
    """One metric on one set, at all sizes; our costs a round, sacrebleu's once."""

    data: str
    metric: str
    chinese: bool
    files: Files
    ours: dict[int, list[Cost]] = field(default_factory=dict)
    theirs: dict[int, Cost] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    verdicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sizes(self) -> list[int]:
        """All sizes but 1, which shows the start of the process."""
        return [n for n in self.files if n > 1]

    def measure(self, rounds: int) -> None:
        """Runs all sizes, rotating inside a round."""
        names = list(self.files)
        self.ours = {n: [] for n in names}
        languages = ["-sl", "en", "-tl", "zh"] if self.chinese else []
        for turn in range(rounds):
            shift = turn % len(names)
            for n in names[shift:] + names[:shift]:
                reference, output = self.files[n]
                command: list[str | Path] = [
                    script("xindaya"),
                    "score",
                    "-r",
                    reference,
                    "-i",
                    f"a={output}",
                ]
                cost, self.printed[n] = run_child(
                    [*command, "-m", self.metric, "-b", "-w", "10", *languages]
                )
                self.ours[n].append(cost)

    def compare(self, largest: int) -> None:
        """Runs sacrebleu once a size, as long as it fits, and compares the scores."""
        for n in self.sizes:
            estimate = max((c.peak * n / m for m, c in self.theirs.items()), default=0)
            if estimate > SPARE * memory() or n > largest:
                self.notes.append(
                    f"{self.data}, {self.metric}, {n:,} segments: sacrebleu left out; it would take "
                    f"some {estimate / 1e9:.1f} GB of this machine's {memory() / 1e9:.0f}"
                )
                continue
            reference, output = self.files[n]
            command: list[str | Path] = [
                script("sacrebleu"),
                reference,
                "-i",
                output,
                "-m",
                self.metric,
                "-b",
            ]
            self.theirs[n], wanted = run_child(
                [*command, "-w", "10", *(["-tok", "zh"] if self.chinese else [])]
            )
            same = self.printed[n].split("\t")[1].strip() == wanted.strip()
            self.verdicts.append("equal" if same else f"{n:,} DIFFERS")

    def exponent(self, clock: str) -> float:
        """Returns the slope of log time over log segments, without the start."""
        start = median(getattr(cost, clock) for cost in self.ours[1])
        times = [median(getattr(c, clock) for c in self.ours[n]) - start for n in self.sizes]
        points = [
            (math.log(n), math.log(max(t, 1e-3))) for n, t in zip(self.sizes, times, strict=True)
        ]
        mean = sum(x for x, _ in points) / len(points)
        return sum((x - mean) * y for x, y in points) / sum((x - mean) ** 2 for x, _ in points)

    @property
    def peak(self) -> float:
        """Returns the highest peak memory of ours, in megabytes."""
        return max(cost.peak for costs in self.ours.values() for cost in costs) / MEGABYTE


def write(tests: TestSet, sizes: Iterable[int], folder: Path) -> Files:
    """Writes a reference and an output of each size."""
    chinese, output = tests.target == "zh", next(iter(tests.outputs))

    def file(kind: str, texts: Sequence[str], size: int) -> Path:
        return write_lines(folder / f"{kind}-{size}", inserted(texts, size, chinese=chinese))

    return {n: (file("reference", tests.reference, n), file("output", output, n)) for n in sizes}


def memory() -> int:
    """Returns the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def growth_table(done: Sequence[Growth]) -> str:
    """Returns the table."""
    head = ["data", "metric", "verified"]
    head += [f"{n:,}: seconds, MB" for n in done[0].sizes]
    head += ["exponent, CPU", "wall", "sacrebleu: seconds, MB"]
    rows = []
    for g in done:
        row = [g.data, g.metric, ", ".join(sorted(set(g.verdicts)))]
        for n in g.sizes:
            wall, peak = (median(getattr(c, w) for c in g.ours[n]) for w in ("wall", "peak"))
            row.append(f"{wall:.2f}, {peak / MEGABYTE:.0f}")
        row += [f"{g.exponent(clock):.3f}" for clock in ("cpu", "wall")]
        them = [f"{n:,}: {c.wall:.1f}, {c.peak / MEGABYTE:.0f}" for n, c in g.theirs.items()]
        rows.append([*row, "; ".join(them)])
    return table(head, rows)


def main() -> int:
    """Runs everything; returns 1 if a number differs from sacrebleu's."""
    parser = arguments(__doc__)
    parser.add_argument("--largest", type=int, default=max(SIZES), help="for sacrebleu")
    chosen = parser.parse_args()
    sizes = SMOKE_SIZES if chosen.smoke else SIZES
    chosen.rounds = 1 if chosen.smoke else chosen.rounds
    done = []
    for tests in one_a_language(load(chosen.data, smoke=chosen.smoke)):
        with tempfile.TemporaryDirectory() as folder:
            files = write(tests, (1, *sizes), Path(folder))
            for metric in ("chrf", "bleu", "bleu,chrf++"):
                if chosen.only in f"{tests.name} {metric}":
                    growth = Growth(tests.name, metric, tests.target == "zh", files)
                    growth.measure(chosen.rounds)
                    if "," not in metric:
                        growth.compare(chosen.largest)
                    done.append(growth)
                    print(f"{tests.name}: {metric}: done", file=sys.stderr)
    if not done:
        raise SystemExit(f"nothing is called {chosen.only!r}")
    exponents = {clock: max(g.exponent(clock) for g in done) for clock in ("cpu", "wall")}
    goals = [
        Goal("time exponent, 10⁴ to 10⁶ segments", 1.05, 1.05, exponents, "cpu", at_most=True),
        Goal("peak memory, 10⁶ segments, totals only (MB)", 120, 80,
             {"": max(g.peak for g in done)}, at_most=True),
    ]  # fmt: skip
    works = [
        Work(g.data, f"{g.metric}, {n:,} segments", {}, OURS,
             {OURS: "; ".join(v for v in g.verdicts if v != "equal") or "equal"}, {OURS: costs})
        for g in done
        for n, costs in g.ours.items()
    ]  # fmt: skip
    notes = [note for g in done for note in g.notes]
    return publish(chosen, "Scaling", [growth_table(done)], works, goals, notes)


if __name__ == "__main__":
    sys.exit(main())

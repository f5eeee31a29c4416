"""What the benchmarks share: costs, interleaved rounds, ratios inside a round, child processes.

Every candidate runs once a round, in rotated order, and a ratio is taken between two costs of the
same round only, so that a machine that slows down for a minute slows all of them. CPU time stands
beside wall time: on a shared machine it is the steadier of the two.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROUNDS = 5
DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds, seconds of all its threads, bytes (0 if not measured)."""

    wall: float
    cpu: float
    peak: int = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the first cost the second is, over the rounds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.low:.1f}–{self.high:.1f})"


@dataclass
class Work:
    """One thing to compute, by several candidates.

    Attributes:
        data: Name of the test set.
        name: What is computed.
        candidates: Name to a function that does it and returns its cost.
        base: The candidate that ratios refer to.
        verdicts: Candidate to what the verification found.
        costs: Candidate to one cost a round.
    """

    data: str
    name: str
    candidates: Mapping[str, Callable[[], Cost]]
    base: str = "sacrebleu"
    verdicts: dict[str, str] = field(default_factory=dict)
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def measure(self, rounds: int) -> None:
        """Runs every candidate once a round, in rotated order."""
        names = list(self.candidates)
        self.costs = {name: [] for name in names}
        for turn in range(rounds):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                self.costs[name].append(self.candidates[name]())
        print(f"{self.data}: {self.name}: done", file=sys.stderr)

    def ratio(self, candidate: str, clock: str, base: str = "") -> Ratio:
        """Returns how many times faster a candidate is than the base, by ``wall`` or ``cpu``."""
        pairs = zip(self.costs[base or self.base], self.costs[candidate], strict=True)
        found = [getattr(a, clock) / max(getattr(b, clock), 1e-9) for a, b in pairs]
        return Ratio(statistics.median(found), min(found), max(found))

    def median(self, candidate: str, what: str) -> float:
        """Returns the median of ``wall``, ``cpu`` or ``peak``."""
        return float(statistics.median(getattr(cost, what) for cost in self.costs[candidate]))

    def record(self) -> dict[str, Any]:
        """Returns everything measured, for JSON."""
        return {
            "data": self.data, "work": self.name, "base": self.base,
            "candidates": {
                name: {
                    "verdict": self.verdicts.get(name, ""),
                    "costs": [asdict(cost) for cost in costs],
                    "ratio": {c: asdict(self.ratio(name, c)) for c in ("wall", "cpu")},
                }
                for name, costs in self.costs.items()
            },
        }  # fmt: skip


def run_here(function: Callable[[], Any], before: Callable[[], Any] | None = None) -> Cost:
    """Runs a function in this process."""
    if before:
        before()
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    function()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


# The memory of a process counts that of the one that started it, so a small one stands between.
_LAUNCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
with open(sys.argv[1], "wb") as output:
    code = subprocess.call(sys.argv[2:], stdout=output)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)
sys.exit(code)
"""


def run_child(command: Sequence[str | Path]) -> tuple[Cost, str]:
    """Runs a command in a fresh process; returns its cost, from start to exit, and its output.

    Modules are compiled once and kept, as they are for everybody: verify before you measure.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, output, *command],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
        wall, cpu, peak = done.stdout.split()
        return Cost(float(wall), float(cpu), int(peak)), output.read_text("utf-8")


def script(name: str) -> Path:
    """Returns a command of the environment that runs this."""
    return Path(sys.executable).with_name(name)


def arguments(doc: str, *, rounds: int = ROUNDS) -> argparse.ArgumentParser:
    """Returns the options that all benchmarks have."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    data = Path(os.environ.get("XINDAYA_DATA", DATA))
    parser.add_argument("--data", type=Path, default=data, help="folder of WMT sets")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--only", default="", help="part of a set's or a work's name")
    parser.add_argument("--smoke", action="store_true", help="little data, one round: verify only")
    parser.add_argument("-o", "--output", type=Path, help="folder for the report: .json and .md")
    return parser


def cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

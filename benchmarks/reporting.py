"""The reports of the benchmarks: goals, tables, what the numbers depend on; Markdown and JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from common import Work, cores

PACKAGES = (
    "xindaya", "sacrebleu", "numpy", "fastchrf", "bleuscore", "sacrebleu-mojo", "nltk",
    "torchmetrics",
)  # fmt: skip
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Goal:
    """A number to reach.

    Attributes:
        name: What is judged.
        must: The limit.
        aim: What to strive for.
        found: What was found; the worst of it decides, unless `by` names one.
        by: The clock that decides.
        at_most: Less is better.
    """

    name: str
    must: float
    aim: float
    found: Mapping[str, float]
    by: str = ""
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Which limit is reached."""
        sign = -1 if self.at_most else 1
        found = [self.found[self.by]] if self.by else self.found.values()
        worst = min(sign * value for value in found)
        reached = worst >= sign * self.must
        return "aim" if worst >= sign * self.aim else "must" if reached else "NOT MET"


def speed_goal(
    name: str, must: float, aim: float, works: Iterable[Work], candidate: str, *bases: str, by: str
) -> list[Goal]:
    """Judges a candidate by its worst median over the works; none if nothing was measured.

    Args:
        name: What is judged.
        must: Least ratio.
        aim: Ratio to strive for.
        works: Those that count.
        candidate: Who is judged.
        bases: Against whom; the works' own base if not given.
        by: The clock that decides, ``wall`` or ``cpu``.
    """
    found = {
        clock: [
            work.ratio(candidate, clock, base).median
            for work in works
            for base in (bases or (work.base,))
            if base in work.costs and candidate in work.costs
        ]
        for clock in ("wall", "cpu")
    }
    if not found[by]:
        return []
    return [Goal(name, must, aim, {clock: min(v) for clock, v in found.items()}, by)]


def machine() -> dict[str, Any]:
    """Returns what the numbers depend on."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").split("\n")
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return {
        "python": platform.python_version(), **{p: version(p) for p in PACKAGES},
        "blas": _blas(), "system": platform.platform(), "processor": model, "cores": cores(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "commit": _commit(),
    }  # fmt: skip


def version(package: str) -> str:
    """Returns the version of a package, or ``absent``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def _blas() -> str:
    import numpy as np

    try:
        found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    except (KeyError, TypeError):
        return "unknown"
    return f"{found['name']} {found['version']}"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9"]
    done = subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Returns a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def speed_table(works: Iterable[Work], *, peak: bool = False, than: str = "") -> str:
    """Returns the table of all candidates.

    Args:
        works: What was measured.
        peak: Show memory.
        than: Show how many times faster than each candidate this one is.
    """
    head = ["data", "work", "candidate", "verified", "seconds", "CPU/wall"]
    head += ["MB", "less"] if peak else []
    head += ["× sacrebleu, CPU", "× sacrebleu, wall"]
    head += [f"{than} is × faster, CPU", "wall"] if than else []
    rows = []
    for work in works:
        for name in work.costs:
            wall, cpu = work.median(name, "wall"), work.median(name, "cpu")
            row = [work.data, work.name, name, work.verdicts.get(name, ""), f"{wall:.3f}"]
            row.append(f"{cpu / wall:.2f}")
            if peak:
                mine, theirs = work.median(name, "peak"), work.median(work.base, "peak")
                row += [f"{mine / MEGABYTE:.0f}", f"{theirs / mine:.1f} ×"]
            row += [str(work.ratio(name, clock)) for clock in ("cpu", "wall")]
            row += [str(work.ratio(than, clock, name)) for clock in ("cpu", "wall")] if than else []
            rows.append(row)
    return table(head, rows)


def goal_table(goals: Sequence[Goal]) -> str:
    """Returns the table of goals."""
    head = ["goal", "must", "aim", "found, worst set", "by", "reached"]
    rows = []
    for g in goals:
        sign = "≤ " if g.at_most else "≥ "
        found = ", ".join(f"{v:.{2 if g.at_most else 1}f} {n}".strip() for n, v in g.found.items())
        rows.append([g.name, f"{sign}{g.must:g}", f"{sign}{g.aim:g}", found, g.by, g.verdict])
    return table(head, rows)


def publish(
    chosen: argparse.Namespace,
    title: str,
    tables: Sequence[str],
    works: Sequence[Work],
    goals: Sequence[Goal],
    notes: Sequence[str] = (),
) -> int:
    """Prints and writes the report; returns 1 if a number of ours differs."""
    facts = machine()
    parts = [f"## {title}\n", ", ".join(f"{k} {v}" for k, v in facts.items()) + "\n"]
    rounds = (
        "smoke test: speeds mean nothing" if chosen.smoke else f"{chosen.rounds} rounds; medians"
    )
    parts += [f"{rounds}.\n", *tables]
    if goals and not chosen.smoke:
        parts.append(goal_table(goals))
    text = "\n".join([*parts, *(f"- {note}" for note in notes)])
    print(text)
    if chosen.output:
        found = [asdict(goal) | {"verdict": goal.verdict} for goal in goals]
        report = {
            "title": title, "machine": facts, "rounds": chosen.rounds, "notes": list(notes),
            "works": [work.record() for work in works], "goals": found,
        }  # fmt: skip
        chosen.output.mkdir(parents=True, exist_ok=True)
        place = chosen.output / Path(sys.argv[0]).stem
        place.with_suffix(".md").write_text(text + "\n", encoding="utf-8")
        content = json.dumps(report, ensure_ascii=False, indent=1)
        place.with_suffix(".json").write_text(content + "\n", encoding="utf-8")
    verdicts = [(name, v) for work in works for name, v in work.verdicts.items()]
    return int(any(is_ours(name) and v != "equal" for name, v in verdicts))


def is_ours(candidate: str) -> bool:
    """Says whether a candidate is Xindaya."""
    return candidate.startswith("xindaya")

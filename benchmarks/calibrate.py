"""How often a verdict is wrong, and how often it finds what is there: docs/calibration.md.

    python benchmarks/calibrate.py [--data DIR] [--replicates 2000] [--seed 1] [--only WORD…] [--jobs 1]
                                   [--list] [-o FILE]

Every verdict that a command prints has a simulation here in which nothing is to be found; the rate at
which it is given all the same must not exceed its bound by more than chance (three standard errors
of the simulation). The table of FILE keeps the rows that were not measured this time.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from calibration import Row, Task, agree, drift, reviews, scores

from xindaya.pairs.files import write_text

PARTS: tuple[Callable[[Path, int], Iterable[Task]], ...] = (
    scores.tasks, agree.tasks, reviews.tasks, drift.tasks,
)  # fmt: skip
HEAD = ("Command", "Verdict", "Truth", "n", "Family", "Replicates", "Rate", "Must not exceed", "")
MARK = "<!-- measured -->\n"

_tasks: list[Task] = []  # what the processes of a pool find where they were forked


def exceeds(row: Row) -> bool:
    """True if a rate is above its bound by more than three standard errors."""
    if row.bound is None:
        return False
    error = math.sqrt(max(row.bound * (1 - row.bound), 1e-9) / row.replicates)
    return row.rate > row.bound + 3 * error


def line(row: Row) -> str:
    """Returns a line of the Markdown table."""
    bound = "" if row.bound is None else f"{100 * row.bound:g} %"
    mark = " **exceeded**" if exceeds(row) else ""
    cells = (row.command, row.verdict, row.truth, f"{row.n:,}", str(row.family),
             f"{row.replicates:,}", f"{100 * row.rate:.1f} %", bound + mark, row.note)  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def merge(file: Path, rows: Iterable[Row]) -> None:
    """Writes rows into the table of a file, in place of those of the same verdict, truth and size.

    The table is what stands first after `MARK`, to the first blank line.
    """
    head, _, rest = file.read_text("utf-8").partition(MARK)
    table, _, tail = rest.lstrip("\n").partition("\n\n")
    kept = {_key(text): text for text in table.split("\n")[2:]}
    kept |= {_key(line(row)): line(row) for row in rows}
    lines = [
        "| " + " | ".join(HEAD) + " |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
        *(kept[key] for key in sorted(kept, key=_order)),
    ]
    write_text(file, f"{head}{MARK}\n" + "\n".join(lines) + "\n" + (tail and f"\n{tail}"))


def _key(text: str) -> tuple[str, ...]:
    command, verdict, truth, n, family, *_ = (c.strip() for c in text.strip("| ").split(" | "))
    return command, verdict, truth, n.replace(",", ""), family


def _order(key: tuple[str, ...]) -> tuple[str, str, str, int, int]:
    command, verdict, truth, n, family = key
    return command, truth, verdict, int(family), int(n)


def measure(place: int, seed: int) -> list[Row]:
    """Measures one task with a generator that hangs on the seed and the task's name alone."""
    task = _tasks[place]
    return list(task.measure(np.random.default_rng([seed, zlib.crc32(task.name.encode())])))


def measured(seed: int, jobs: int) -> Iterator[list[Row]]:
    """Yields the rows of each task, in the order in which they are done."""
    one = partial(measure, seed=seed)
    if jobs == 1:
        yield from map(one, range(len(_tasks)))
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(one, range(len(_tasks)))


def main() -> int:
    """Measures; returns 1 if a rate is too high."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("XINDAYA_DATA", "../shared/data")
    )
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", nargs="+", default=[""], help="tasks whose names hold one of these"
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print the names of tasks")
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    for tasks in PARTS:
        found = tasks(Path(chosen.data), chosen.replicates)
        _tasks.extend(t for t in found if any(word in t.name for word in chosen.only))
    if chosen.list:
        print("\n".join(task.name for task in _tasks))
        return 0
    exceeded = False
    for done, rows in enumerate(measured(chosen.seed, chosen.jobs), start=1):
        exceeded |= any(map(exceeds, rows))
        print("\n".join(map(line, rows)), flush=True)
        print(f"{done} of {len(_tasks)}", file=sys.stderr, flush=True)
        if chosen.output:  # after each task: a whole run takes hours
            merge(chosen.output, rows)
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())

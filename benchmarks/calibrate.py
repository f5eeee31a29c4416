"""How often a verdict is wrong, and how often it finds what is there: docs/calibration.md.

    python benchmarks/calibrate.py [--data DIR] [--replicates 2000] [--seed 1] [--only WORD] [-o FILE]

Every verdict that a command prints has a simulation here in which nothing is to be found; the rate at
which it is given all the same must not exceed its bound by more than chance (three standard errors
of the simulation).
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from calibration import Row, agree, drift, reviews, scores

from xindaya.pairs.files import write_text

PARTS: dict[str, Callable[[Path, int, int], Iterable[Row]]] = {
    "scores": scores.rows,
    "agree": agree.rows,
    "reviews": reviews.rows,
    "drift": drift.rows,
}
HEAD = ("Command", "Verdict", "Truth", "n", "Family", "Replicates", "Rate", "Must not exceed", "")


def exceeds(row: Row) -> bool:
    """True if a rate is above its bound by more than three standard errors."""
    if row.bound is None:
        return False
    error = math.sqrt(max(row.bound * (1 - row.bound), 1e-9) / row.replicates)
    return row.rate > row.bound + 3 * error


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yields the lines of a Markdown table."""
    yield "| " + " | ".join(HEAD) + " |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for row in rows:
        bound = "" if row.bound is None else f"{100 * row.bound:g} %"
        mark = " **exceeded**" if exceeds(row) else ""
        cells = (row.command, row.verdict, row.truth, f"{row.n:,}", str(row.family),
                 f"{row.replicates:,}", f"{100 * row.rate:.1f} %", bound + mark, row.note)  # fmt: skip
        yield "| " + " | ".join(cells) + " |"


def main() -> int:
    """Measures; returns 1 if a rate is too high."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("XINDAYA_DATA", "../shared/data")
    )
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", choices=("", *PARTS))
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    lines = [*table([])]
    print("\n".join(lines), flush=True)
    exceeded = False
    for name, measure in PARTS.items():
        if chosen.only not in ("", name):
            continue
        for row in measure(Path(chosen.data), chosen.replicates, chosen.seed):
            exceeded |= exceeds(row)
            lines += [*table([row])][2:]
            print(lines[-1], flush=True)
            if chosen.output:  # after each row: a whole run takes hours
                head, mark, _ = chosen.output.read_text("utf-8").partition("<!-- measured -->\n")
                write_text(chosen.output, f"{head}{mark}\n" + "\n".join(lines) + "\n")
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())

"""Corpus scores of line files of any length, in flat memory.

The files are read in step, block by block; each block's statistics are added up and its texts
forgotten. That is all a corpus score needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from xindaya.metrics import TER, Metric
from xindaya.pairs import NothingToEvaluateError, Segment
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, iter_lines

BLOCK = 4096
"""Segments that are in memory at once."""


def stream_totals(
    metrics: Mapping[str, Metric],
    references: Sequence[Path],
    systems: Sequence[Path],
    *,
    beside: Sequence[Path] = (),
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
) -> dict[str, list[list[Any]]] | None:
    """Sums the statistics of line files.

    Args:
        metrics: Name to metric.
        references: At least one file.
        systems: At least one file.
        beside: Files that must be as long and are otherwise not looked at, such as the source.
        encoding: Of all files.
        max_chars: Longest line accepted.

    Returns:
        Metric name to one summed row a system; None if the files differ in length, which is for
        `read_parallel` to explain.

    Raises:
        InputError: If a file cannot be read.
        NothingToEvaluateError: If the files are empty.
    """
    totals: dict[str, list[list[Any]]] = {}
    files = [
        iter_lines(path, encoding=encoding, max_chars=max_chars)
        for path in (*references, *systems, *beside)
    ]
    # TER averages over references, and fractions must be added in one go to the last bit.
    whole = len(references) > 1 and any(isinstance(m, TER) for m in metrics.values())
    for columns in _in_step(files, None if whole else BLOCK):
        sizes = {len(column) for column in columns}
        if len(sizes) > 1:
            return None
        rows = zip(*columns[: len(references)], strict=True)
        segments = [Segment(str(n), None, row) for n, row in enumerate(rows)]
        for name, metric in metrics.items():
            outputs = columns[len(references) : len(references) + len(systems)]
            found = metric.totals(segments, outputs)
            known = totals.get(name)
            totals[name] = found if known is None else list(map(_added, known, found))
    if not totals:
        raise NothingToEvaluateError(f"{references[0]}: no segment to evaluate")
    return totals


def _in_step(files: Sequence[Iterator[str]], size: int | None) -> Iterator[list[list[str]]]:
    """Yields the next block of every file, until all are at their end; all lines for no size."""
    while any(block := [list(islice(file, size)) for file in files]):
        yield block


def _added(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    return [x + y for x, y in zip(a, b, strict=True)]

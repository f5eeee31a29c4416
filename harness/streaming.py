"""Corpus scores of line files of any length, in flat memory.

The files are read in step, block by block; each block's statistics are added up and its texts
forgotten. That is all a corpus score needs. Several threads take turns at reading: while one reads
its next block, the others compute theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from xindaya.metrics import Metric
from xindaya.metrics.engine.interface import cores
from xindaya.metrics.metric import about_empty, has_empty
from xindaya.pairs import NothingToEvaluateError
from xindaya.pairs.direction import Direction, direction_of_files
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, iter_lines

BLOCK = 8192
"""Texts of all files that a thread has in memory."""

_THREADS = 8  # one reads at a time, and reading is about a tenth of the work
_Columns = list[list[str]]  # one list of texts a file
_Totals = dict[str, list[list[Any]]]


def stream_totals(
    metrics: Mapping[str, Metric],
    references: Sequence[Path],
    systems: Sequence[Path],
    *,
    beside: Sequence[Path] = (),
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> _Totals | None:
    """Sums the statistics of line files.

    Args:
        metrics: Name to metric.
        references: At least one file.
        systems: At least one file.
        beside: Files that must be as long and are otherwise not looked at, such as the source.
        encoding: Of all files.
        max_chars: Longest line accepted.
        notes: Where to say what empty references count as.

    Returns:
        Metric name to one summed row a system; None if the files differ in length, which is for
        `read_parallel` to explain.

    Raises:
        InputError: If a file cannot be read.
        NothingToEvaluateError: If the files are empty.
    """
    paths = (*references, *systems, *beside)
    files = [iter_lines(path, encoding=encoding, max_chars=max_chars) for path in paths]
    # Means over several references are fractions, added in one go to be right to the last bit.
    whole = len(references) > 1 and any(metric.averages for metric in metrics.values())

    empty: list[int] = []

    def totals_of(columns: _Columns) -> _Totals:
        texts = list(zip(*columns[: len(references)], strict=True))
        if len(references) > 1:
            empty.append(sum(map(has_empty, texts)))
        outputs = columns[len(references) : len(references) + len(systems)]
        threads = 0 if whole else 1
        return {name: m.totals(texts, outputs, threads=threads) for name, m in metrics.items()}

    blocks = _in_step(files, None if whole else max(1, BLOCK // len(files)))
    try:
        found = _in_threads(totals_of, blocks)
    except _LengthsDifferError:
        return None
    if not found:
        raise NothingToEvaluateError(f"{references[0]}: no segment to evaluate")
    if notes is not None:
        notes += about_empty(metrics.values(), sum(empty))
    return {name: _added([totals[name] for totals in found]) for name in metrics}


def stream_direction(
    source: Path | None,
    references: Sequence[Path],
    *,
    source_lang: str | None,
    target_lang: str | None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Direction:
    """Decides on the direction of line files by their first lines, as `read_parallel` does."""

    def lines(path: Path) -> Iterator[str]:
        return iter_lines(path, encoding=encoding, max_chars=max_chars)

    return direction_of_files(
        source, references, lines, source_lang=source_lang, target_lang=target_lang, notes=notes
    )


class _LengthsDifferError(Exception):
    """A file ends before another."""


def _in_step(files: Sequence[Iterator[str]], size: int | None) -> Iterator[_Columns]:
    """Yields the next block of every file, until all are at their end; all lines for no size."""
    while any(columns := [list(islice(file, size)) for file in files]):
        if len(set(map(len, columns))) > 1:
            raise _LengthsDifferError
        yield columns


def _in_threads(
    compute: Callable[[_Columns], _Totals], blocks: Iterator[_Columns]
) -> list[_Totals]:
    """Returns what is computed of all blocks, in any order."""
    turn = Lock()
    found: list[_Totals] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not errors:
                with turn:
                    columns = next(blocks, None)
                if columns is None:
                    break
                found.append(compute(columns))
        except BaseException as error:
            errors.append(error)

    others = [Thread(target=work) for _ in range(min(cores(), _THREADS) - 1)]
    for thread in others:
        thread.start()
    work()
    for thread in others:
        thread.join()
    if errors:
        raise errors[0]
    return found


def _added(found: Sequence[list[list[Any]]]) -> list[list[Any]]:
    """Adds up the rows of each system."""
    return [list(map(sum, zip(*rows, strict=True))) for rows in zip(*found, strict=True)]

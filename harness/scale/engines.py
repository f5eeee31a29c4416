"""Where blocks are scored: in this process, in several, or on a Dask cluster (`cluster`).

An engine yields results in any order; it survives the death of a worker by giving its blocks to
another.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from xindaya.metrics.engine.interface import cores
from xindaya.pairs import XindayaError
from xindaya.scale.sums import Sums
from xindaya.scale.work import Refusal, Task, score_block

Engine = Callable[[Sequence[Task]], Iterator[Sums | Refusal]]

RETRIES = 3
"""How often a block is tried again after its worker died or its file could not be read."""


def serial(tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
    """Scores in this process, one block after another."""
    yield from map(score_block, tasks)


def processes(workers: int | None = None) -> Engine:
    """Returns an engine of several processes on this machine.

    They are spawned and talk over pipes: no port is opened.

    Args:
        workers: How many; None for one a core.
    """
    return partial(_run_processes, workers or cores())


def _run_processes(workers: int, tasks: Sequence[Task]) -> Iterator[Sums | Refusal]:
    left = dict(enumerate(tasks))
    failures = 0
    while left:
        pool = ProcessPoolExecutor(
            min(workers, len(left)),
            mp_context=multiprocessing.get_context("spawn"),
            # Ctrl-C is this process's business; it lets running blocks end and drops the rest.
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )
        try:
            futures = {pool.submit(score_block, task): place for place, task in left.items()}
            for future in as_completed(futures):
                result = future.result()
                del left[futures[future]]
                yield result
        except BrokenProcessPool as error:
            failures += 1
            if failures > RETRIES:
                raise XindayaError(
                    f"worker processes died {failures} times, {len(left)} blocks are left; "
                    "if memory is short, use fewer workers"
                ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

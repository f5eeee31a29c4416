"""A progress bar on stderr, only where a person looks at it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from xindaya.evaluation import StartProgress
from xindaya.metrics.metric import Progress


@contextlib.contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[StartProgress | None]:
    """Gives a function that starts one bar a task, or None where no terminal watches."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:

        def start(label: str, total: int) -> Progress:
            task = bar.add_task(label, total=total)
            return lambda done: bar.advance(task, done)

        yield start

"""The store as a whole: folders in, numbers out, and an index that always agrees with the folders.

One process at a time has the index open (a lock file beside it says so), because an index that is
damaged or outdated is replaced by a new file, and SQLite does not survive that with the old one
open elsewhere. Where the lock cannot be had, as in a read-only store, the folders are read instead.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import portalocker

from xindaya.metrics.history import RecordedRun, RenderingCount, RunFilter, RunNumbers
from xindaya.pairs import InputError
from xindaya.pairs.wording import counted
from xindaya.store.folders import Remark, add_run, content_hash, run_folder, run_ids, tidy
from xindaya.store.index import (
    add_numbers,
    drop_runs,
    indexed_ids,
    make_index,
    open_index,
    select_concepts,
    select_renderings,
    select_runs,
)
from xindaya.store.numbers import read_numbers, read_record

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation

INDEX = "index.sqlite"
LOCK_SECONDS = 60.0

T = TypeVar("T")
Say = Callable[[str], None]

_DAMAGED = (sqlite3.Error, TypeError, ValueError)  # SQLite hands on whatever bytes a file holds
_TROUBLE = (sqlite3.Error, OSError, portalocker.LockException)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """A run store.

    Args:
        folder: Where it is; made by the first recording.
        say: Takes messages for a person, such as that the index was made again.
        clock: Says what time it is.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        say: Say = lambda _message: None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.folder = Path(folder)
        self._say = say
        self._clock = clock

    def record(self, evaluation: Evaluation, remark: Remark | None = None) -> Path:
        """Records a run: its folder first, then its row in the index.

        Returns:
            The run folder.

        Raises:
            InputError: If the folder cannot be written; the store reads as before. An index that
                cannot be written is no error: its next reader brings it up to date.
        """
        run = add_run(self.folder, evaluation, remark or Remark(), self._clock())
        try:
            with self._locked(), contextlib.closing(self._current(expected=run)):
                pass
        except _TROUBLE as error:
            self._say(f"recorded; the index is brought up to date at its next use ({error})")
        return run_folder(self.folder, run)

    def runs(self, wanted: RunFilter | None = None) -> tuple[RecordedRun, ...]:
        """Returns the recorded runs in the order of time."""
        return (wanted or RunFilter()).select(self._ask(select_runs))

    def renderings(self, concept: str | None = None) -> list[RenderingCount]:
        """Returns the renderings of one concept, or of all, in all runs."""
        return self._ask(lambda index: select_renderings(index, concept))

    def concepts(self, term: str) -> list[str]:
        """Returns the concepts that have this id or this form in the source language."""
        return self._ask(lambda index: select_concepts(index, term))

    def rebuild(self) -> list[str]:
        """Makes the index anew from the folders, and checks that no run was changed.

        Returns:
            Ids of the runs in the index.

        Raises:
            InputError: If the index cannot be written; the old one is untouched.
        """
        ids = run_ids(self.folder)
        for run in ids:
            folder = run_folder(self.folder, run)
            with contextlib.suppress(InputError):  # said when its numbers are read
                if read_record(folder)["sha256"] != content_hash(folder):
                    self._say(f"{folder}: changed since it was recorded")
        try:
            with self._locked(), contextlib.closing(self._replace()) as index:
                return sorted(indexed_ids(index))
        except _TROUBLE as error:
            raise InputError(
                self.folder / INDEX,
                f"an index that cannot be written ({error})",
                "a writable store",
            ) from error

    def tidy(self) -> list[Path]:
        """Removes what writers killed a day ago or earlier left behind; never a recorded run."""
        return tidy(self.folder, time.time())

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Answers from the index, or from the folders where that is impossible."""
        if not run_ids(self.folder):
            return self._ask_folders(question)
        try:
            with self._locked():
                try:
                    with contextlib.closing(self._current()) as index:
                        return question(index)
                except _DAMAGED as error:
                    with contextlib.closing(self._replace(str(error))) as index:
                        return question(index)
        except _TROUBLE as error:
            self._say(
                f"{self.folder}: no index can be used here ({error}); reading the run folders"
            )
            return self._ask_folders(question)

    def _ask_folders(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with contextlib.closing(make_index(None, self._numbers(run_ids(self.folder)))) as index:
            return question(index)

    def _current(self, expected: str = "") -> sqlite3.Connection:
        """Opens the index and makes it agree with the folders.

        Args:
            expected: A run whose absence is no news.
        """
        ids = set(run_ids(self.folder))
        path = self.folder / INDEX
        if path.is_symlink():  # never drop rows from a database elsewhere
            return self._replace("it was a link to a file elsewhere")
        if not path.exists():
            return self._replace("there is none" if ids - {expected} else "")
        try:
            index = open_index(path)
        except _DAMAGED as error:
            return self._replace(str(error))
        try:
            known = indexed_ids(index)
            if known - ids:
                gone = counted(len(known - ids), "run is", "runs are")
                self._say(f"{path}: {gone} no longer in the store")
                drop_runs(index, known - ids)
            if ids - known:
                found = list(self._numbers(sorted(ids - known)))
                add_numbers(index, found)
                if news := [n.run.id for n in found if n.run.id != expected]:
                    self._say(
                        f"{path}: added {counted(len(news), 'run that was', 'runs that were')} not in it"
                    )
        except BaseException:
            index.close()
            raise
        return index

    def _replace(self, reason: str = "") -> sqlite3.Connection:
        """Makes the index anew beside the old one, which it then replaces."""
        path = self.folder / INDEX
        if reason:
            self._say(f"{path}: made again from the run folders ({reason})")
        new = path.with_name(f".{INDEX}.part")
        _remove(new)
        make_index(new, self._numbers(run_ids(self.folder))).close()
        # Never a new file beside the log of the old one: SQLite would apply it.
        _remove(path)
        new.replace(path)
        return open_index(path)

    def _numbers(self, ids: Iterable[str]) -> Iterator[RunNumbers]:
        for run in ids:
            try:
                yield read_numbers(run_folder(self.folder, run))
            except InputError as error:
                self._say(f"left out: {error}")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with portalocker.Lock(
            self.folder / ".lock", mode="a", timeout=LOCK_SECONDS, check_interval=0.02
        ):
            yield


def _remove(path: Path) -> None:
    """Removes an SQLite file and its logs."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)

"""The folders of a run store: how a run gets in, whole or not at all, and is left alone after that.

A run is built in a folder that readers overlook, synced to the disk and renamed into place. Nothing
here changes or deletes a recorded run.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xindaya.metrics.history import NO_LABELS
from xindaya.pairs import InputError, UsageError
from xindaya.pairs.errors import preview
from xindaya.pairs.files import write_text
from xindaya.run_sums import RECORD

if TYPE_CHECKING:
    from xindaya.metrics import Evaluation

SCHEMA_VERSION = 1
STALE_SECONDS = 24 * 3600
"""A recording takes seconds; what a writer has left untouched for a day belongs to a dead one."""

_RUNS = "runs"
_ID = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6,64}")
_BUILDING, _PART = ".recording-", ".part"
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


@dataclass(frozen=True, slots=True)
class Remark:
    """What the user says about a run.

    Attributes:
        name: Of what is run, such as the spec's name.
        note: Any text.
        labels: Such as ``{"delivery": "3"}``.
    """

    name: str = ""
    note: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)

    def __post_init__(self) -> None:
        for text in (self.name, self.note, *self.labels, *self.labels.values()):
            try:
                text.encode()
            except UnicodeEncodeError:
                raise UsageError(
                    f"a label or note that is no Unicode text: {preview(text)}"
                ) from None
        if "" in self.labels:
            raise UsageError("a label without a name; write KEY=VALUE")


def run_folder(store: Path, run: str) -> Path:
    """Returns the folder of a run."""
    return store / _RUNS / run


def run_ids(store: Path) -> list[str]:
    """Lists the recorded runs, oldest first; none if there is no store yet.

    Raises:
        InputError: If the store cannot be read.
    """
    try:
        with os.scandir(store / _RUNS) as entries:
            return sorted(e.name for e in entries if _ID.fullmatch(e.name) and e.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(
            store, f"a store that cannot be read ({error.strerror})", "a folder with runs"
        ) from error


def add_run(store: Path, evaluation: Evaluation, remark: Remark, now: datetime) -> str:
    """Records a run.

    The same content recorded at the same instant is one run, so that several workers of one
    session may all record it.

    Args:
        store: The store; made if it does not exist.
        evaluation: What to record.
        remark: What the user says about it.
        now: When; with its time zone.

    Returns:
        Its id: the time in UTC and the beginning of a hash of its files.

    Raises:
        InputError: If the store cannot be written; it reads as before.
    """
    from xindaya.runs import save_run

    moment = now.astimezone(UTC)
    recorded = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    building: Path | None = None
    try:
        runs = store / _RUNS
        runs.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(dir=runs, prefix=_BUILDING, suffix=_PART))
        folder = building / "run"
        save_run(evaluation, folder)
        sha256 = content_hash(folder)
        content = {
            "schema_version": SCHEMA_VERSION,
            "recorded": recorded,
            "name": remark.name,
            "note": remark.note,
            "labels": dict(remark.labels),
            "version": evaluation.provenance.version,
            "sha256": sha256,
        }
        write_text(folder / RECORD, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        _seal(folder)
        return _place(folder, runs, recorded.replace("-", "").replace(":", ""), sha256)
    except OSError as error:
        raise InputError(
            store,
            f"a store that cannot be written ({error.strerror or error})",
            "a writable folder with free space",
            hint="nothing was recorded",
        ) from error
    finally:
        if building is not None:
            shutil.rmtree(building, ignore_errors=True)


def content_hash(folder: Path) -> str:
    """Returns a hash of the names and contents of all files of a run but its record."""
    digest = hashlib.sha256()
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    for name, path in sorted(files.items()):
        if name != RECORD:
            with path.open("rb") as stream:
                own = hashlib.file_digest(stream, "sha256").hexdigest()
            digest.update(f"{own}  {name}\n".encode())
    return digest.hexdigest()


def tidy(store: Path, now: float) -> list[Path]:
    """Removes what killed writers left behind a day ago or earlier; never a recorded run.

    Args:
        store: The store.
        now: Seconds since the epoch.

    Returns:
        The folders removed.
    """
    removed = []
    for folder in sorted((store / _RUNS).glob(f"{_BUILDING}*{_PART}")):
        # Whoever still writes has just changed something in it.
        touched = [p.lstat().st_mtime for p in (folder, *folder.rglob("*"))]
        if now - max(touched) > STALE_SECONDS:
            shutil.rmtree(folder)
            removed.append(folder)
    return removed


def _seal(folder: Path) -> None:
    """Makes the files read-only and the folders durable; the files themselves are synced."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            _sync(path)
        else:
            path.chmod(path.stat().st_mode & ~0o222)


def _place(folder: Path, runs: Path, time: str, sha256: str) -> str:
    """Renames a finished folder into place, with as much of the hash as makes it unique."""
    for digits in (6, len(sha256)):
        name = f"{time}-{sha256[:digits]}"
        try:
            folder.rename(runs / name)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            if content_hash(runs / name) == sha256:
                return name
        else:
            with contextlib.suppress(OSError):  # it is recorded, and no error may say otherwise
                _sync(runs)
            return name
    raise FileExistsError(errno.EEXIST, f"{runs / name} is taken")


def _sync(folder: Path) -> None:
    """Makes the names in a folder survive a loss of power, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Checksums of a run folder: damaged runs are never shown, foreign files never replaced.

A folder is ours to replace only if each of its files stands there as it was written.

The file is what ``sha256sum -c`` reads. What a run is loaded from is checked whenever it is loaded;
views are not, because they are written again at will. Folders of 0.1.0 list no views: there, those
that it wrote are known by their names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xindaya.pairs import InputError
from xindaya.pairs.files import FORCE, holding, write_text
from xindaya.pairs.lines import read_lines
from xindaya.reports.machine import SCHEMA_VERSION

RUN, SUMS = "run.json", "sha256sums.txt"
RECORD = "record.json"
"""What a run store adds to a folder that nobody writes again."""

_DATA = re.compile(r"run\.json|corpus\.jsonl|termbase\.tsv|rows/.*")
_VIEW = re.compile(r"segments\.tsv|report\.html|report/segments-\d{4,}\.html|summary\.(md|pdf)")


def write_sums(folder: Path) -> None:
    """Writes the checksums of everything in a run folder."""
    lines = (f"{_digest(folder / name)}  {name}\n" for name in _names(folder))
    write_text(folder / SUMS, "".join(lines))


def note_views(folder: Path) -> None:
    """Takes the views of a run folder down as they are now, where they were written again."""
    kept = {n: d for n, d in _listed(folder).items() if not _VIEW.fullmatch(n)}
    views = {n: _digest(folder / n) for n in _names(folder) if _VIEW.fullmatch(n)}
    write_text(folder / SUMS, "".join(f"{d}  {n}\n" for n, d in sorted((kept | views).items())))


def is_view(path: Path) -> bool:
    """True for a view that stands in a run folder as it was written there."""
    folder = path.parent
    if not (_VIEW.fullmatch(path.name) and (folder / SUMS).is_file()):
        return False
    return _listed(folder).get(path.name) == _digest(path)


def check_sums(folder: Path) -> None:
    """Checks that what a run is loaded from is as it was written.

    Raises:
        InputError: Naming the file that is changed, missing or too many.
    """
    given = {n: d for n, d in _listed(folder).items() if not _VIEW.fullmatch(n)}
    for name in filter(_DATA.fullmatch, _names(folder)):
        if given.pop(name, "") != _digest(folder / name):
            raise _changed(folder / name, "a file that was changed since the run was written")
    for name in given:
        if not (folder / name).is_file():
            raise _changed(folder / SUMS, f"{name!r}, which the folder lacks")


def check_ours(folder: Path, *, force: bool = False) -> None:
    """Checks that a folder is a run and nothing else, so that another may take its place.

    Args:
        folder: A folder that holds something.
        force: A file of ours may have been changed since.

    Raises:
        InputError: Naming what we did not write; the folder is untouched.
    """
    if (folder / RECORD).exists():
        raise _foreign(folder, "a recorded run, which is never changed", "choose another folder")
    if not _is_run(folder):
        found = f"a folder that is not a run folder of ours ({holding(folder)})"
        raise _foreign(folder, found, "choose another folder")
    listed = _listed(folder)
    old = not any(map(_VIEW.fullmatch, listed))
    for name in _names(folder):
        if name in listed:
            if not force and listed[name] != _digest(folder / name):
                raise _foreign(folder / name, "a file that was changed since it was written", FORCE)
        elif not (old and _VIEW.fullmatch(name)):
            raise _foreign(
                folder / name, "a file that Xindaya did not write", "move it away, or choose another folder"
            )  # fmt: skip


def _is_run(folder: Path) -> bool:
    """True if there is a ``run.json`` of our schema, and checksums."""
    path = folder / RUN
    if not (path.is_file() and (folder / SUMS).is_file()):
        return False
    try:
        content: Any = json.loads(path.read_bytes())
        return bool(
            content["schema_version"] == SCHEMA_VERSION and content["tool"]["name"] == "xindaya"
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _listed(folder: Path) -> dict[str, str]:
    """Returns name to digest, as they were taken down."""
    if not (folder / SUMS).is_file():
        raise _changed(folder, f"no {SUMS}")
    lines = (line.partition("  ") for line in read_lines(folder / SUMS))
    return {name: digest for digest, _, name in lines}


def _names(folder: Path) -> Iterator[str]:
    """Yields the path of everything in a folder but its checksums and the folders themselves."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        walked = path.is_dir() and not path.is_symlink() and any(path.iterdir())
        if not walked and name != SUMS:
            yield name


def _digest(path: Path) -> str:
    if path.is_symlink() or not path.is_file():  # a pipe would block
        raise _changed(path, "no plain file")
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _changed(path, f"a file that cannot be read ({error.strerror})") from error


def _changed(path: Path, found: str) -> InputError:
    return InputError(
        path, found, f"a run folder as {SUMS} describes it", hint="evaluate again, or copy it anew"
    )


def _foreign(path: Path, found: str, hint: str) -> InputError:
    return InputError(
        path, found, "a new place, an empty folder, or an earlier run",
        hint=f"nothing was changed there; {hint}",
    )  # fmt: skip

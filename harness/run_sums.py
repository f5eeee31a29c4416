"""Checksums of a run folder: one that was damaged or edited is refused, never shown as measured.

The file is what ``sha256sum -c`` reads. Views are not in it: they are written again at will.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from xindaya.pairs import InputError
from xindaya.pairs.files import write_text
from xindaya.pairs.lines import read_lines

SUMS = "sha256sums.txt"

_DATA = ("run.json", "corpus.jsonl", "termbase.tsv", "rows")


def write_sums(folder: Path) -> None:
    """Writes the checksums of what a run is loaded from."""
    lines = (f"{digest}  {name}\n" for name, digest in _digests(folder))
    write_text(folder / SUMS, "".join(lines))


def check_sums(folder: Path) -> None:
    """Checks that a run folder is as it was written.

    Raises:
        InputError: Naming the file that is changed, missing or too many.
    """
    if not (folder / SUMS).is_file():
        raise _changed(folder, f"no {SUMS}")
    given: dict[str, str] = {}
    for line in read_lines(folder / SUMS):
        digest, _, name = line.partition("  ")
        given[name] = digest
    for name, digest in _digests(folder):
        if given.pop(name, "") != digest:
            raise _changed(folder / name, "a file that was changed since the run was written")
    for name in given:
        raise _changed(folder / SUMS, f"{name!r}, which the folder lacks")


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Yields name and SHA-256 of every file that a run is loaded from."""
    for top in _DATA:
        place = folder / top
        for path in sorted(place.iterdir()) if place.is_dir() else [place]:
            if not path.exists():
                continue
            if not path.is_file():  # a pipe would block
                raise _changed(path, "no plain file")
            try:
                with path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as error:
                raise _changed(path, f"a file that cannot be read ({error.strerror})") from error
            yield path.relative_to(folder).as_posix(), digest


def _changed(path: Path, found: str) -> InputError:
    return InputError(
        path, found, f"a run folder as {SUMS} describes it", hint="evaluate again, or copy it anew"
    )

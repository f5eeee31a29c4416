"""Writing that leaves the old content or the new, never half of either."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from xindaya.pairs.errors import InputError, preview

_NO_TEXT = re.compile("[\ud800-\udfff]")
_OPEN = re.compile(r"/dev/(?:fd/[0-9]+|stdin)|/proc/self/fd/[0-9]+")


@contextlib.contextmanager
def reading(path: Path, *, pipes: bool = False) -> Iterator[None]:
    """Refuses what is no plain file before it is opened, and says why one cannot be read.

    To open a pipe waits until somebody writes into it, perhaps for ever.

    Args:
        path: The file.
        pipes: Take a pipe that this process was given open (``<(…)``, ``/dev/stdin``): for readers
            that read once.

    Raises:
        InputError: If it is missing, a folder, a pipe, a device, not readable, or no path at all.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL, or half of a surrogate pair
        raise InputError(preview(str(path)), f"no path ({error})", "a path") from error
    except OSError:
        mode = stat.S_IFREG  # said below
    try:
        if not stat.S_ISREG(mode) and not (pipes and _OPEN.match(str(path))):
            raise InputError(path, "a folder" if path.is_dir() else "a pipe or a device", "a file")
        yield
    except FileNotFoundError as error:
        raise InputError(
            path, "no such file", "a file", hint="check the path and its spelling"
        ) from error
    except OSError as error:
        raise InputError(
            path, f"a file that cannot be read ({error.strerror or error})", "a readable file"
        ) from error


def printed_name(name: str) -> str:
    """Returns a name that came from a path as text: bytes of it that are none become U+FFFD."""
    return _NO_TEXT.sub("\ufffd", name)


def write_text(path: str | Path, text: str) -> None:
    """Writes UTF-8 text with LF line ends, atomically."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | Path, content: bytes) -> None:
    """Writes a file atomically.

    Raises:
        InputError: If the folder cannot be written or the disk is full; the old file is intact.
    """
    with open_atomic(path) as stream:
        stream.write(content)


@contextlib.contextmanager
def open_atomic(path: str | Path) -> Iterator[IO[bytes]]:
    """Gives a temporary file beside `path`, synced and renamed over it at the end.

    Whatever goes wrong inside, or outside while it is open, leaves the old file and no other.

    Raises:
        InputError: If the folder cannot be written or the disk is full; the old file is intact.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(path: str | Path) -> Iterator[Path]:
    """Gives a temporary folder that becomes `path` on success and vanishes on any failure.

    An existing `path` is replaced only once the new folder is complete, so a reader sees the old
    folder or the new one.

    Raises:
        InputError: If the place cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield building
        try:
            building.chmod(0o777 & ~_umask())
            _swap(building, path)
        except OSError as error:
            raise _unwritable(path, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _swap(new: Path, place: Path) -> None:
    """Renames `new` to `place`; a folder already there is moved aside first, then deleted."""
    if not place.exists():
        new.replace(place)
        return
    aside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}.", suffix=".old"))
    old = place.replace(aside / "old")
    try:
        new.replace(place)
    except OSError:
        old.replace(place)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        path,
        f"a place that cannot be written ({error.strerror or error})",
        "a writable folder with free space",
        hint="nothing was changed there",
    )

"""Writing that leaves the old content or the new, never half of either, and nothing foreign gone.

A file or folder is built beside its place, under a name of its own that its writer keeps locked, and
put there by one call of the system. What stands there already is looked at first: a pipe or a device
is refused, a link is kept and its target written, and a folder is replaced only where its owner says
that it may be. `output` adds what holds for a file that a user named.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from xindaya.pairs.errors import InputError, preview

if sys.platform != "win32":
    import fcntl

FORCE = "give --force to replace it, or another place"

_PART, _ASIDE = ".part", ".old"
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2(2)
_AT_FDCWD = -100
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
_kept: ContextVar[frozenset[Path]] = ContextVar("_kept", default=frozenset())


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Refuses what is no plain file before it is opened, and says why one cannot be read.

    To open a pipe waits until somebody writes into it, perhaps for ever.

    Raises:
        InputError: If it is missing, a folder, a pipe, a device, not readable, or no path at all.
    """
    _check_plain(path)
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(
            path, "no such file", "a file", hint="check the path and its spelling"
        ) from error
    except OSError as error:
        raise InputError(
            path, f"a file that cannot be read ({error.strerror or error})", "a readable file"
        ) from error


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

    Whatever goes wrong inside, or outside while it is open, leaves the old file and no other. A
    file that is replaced hands on its mode, and a link stays one: its target is written.

    Raises:
        InputError: If no file can be written there, the disk is full, or `output` keeps what
            stands there; the old file is intact.
    """
    path = Path(path)
    try:
        place = _place(path)
        _check_plain(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(place, folder=False) as temporary:
            with os.fdopen(os.open(temporary, os.O_WRONLY), "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _check_kept(path, place, temporary)
            _set_mode(temporary, place, 0o666)
            temporary.replace(place)
    except OSError as error:
        raise _unwritable(path, error) from error


@contextlib.contextmanager
def output(
    path: str | Path,
    *,
    inputs: Iterable[str | Path] = (),
    force: bool = False,
    ours: Callable[[Path], bool] = lambda _path: False,
) -> Iterator[None]:
    """Guards a file that a user named as output while it is written inside.

    In silence, it replaces only what is the same to the byte or surely ours.

    Args:
        path: The file.
        inputs: Files and folders that the command reads: they are never written over.
        force: Replace a file of other content, too.
        ours: True for a file that may be replaced because it is an earlier output of this kind.

    Raises:
        InputError: If the place is taken; nothing is changed there.
    """
    path = Path(path)
    try:
        place = _place(path)
        _check_plain(path)
        remove_leftovers(place)
        taken = place.exists()
        recognised = taken and ours(place)
        for given in inputs if taken else ():
            _check_no_input(path, place, Path(given), recognised=recognised)
    except OSError as error:
        raise _unwritable(path, error) from error
    # A file that comes meanwhile is kept, too.
    guarded = _kept.get() if force or recognised else _kept.get() | {place}
    token = _kept.set(guarded)
    try:
        yield
    finally:
        _kept.reset(token)


def check_empty(folder: Path) -> None:
    """Refuses a folder that holds something.

    Raises:
        InputError: Naming what it holds.
    """
    if held := holding(folder):
        raise InputError(
            folder, f"a folder that is not empty: {held}", "a new place or an empty folder",
            hint="nothing was changed there; give another place",
        )  # fmt: skip


def holding(folder: Path) -> str:
    """Says in a few words what a folder holds; empty if nothing."""
    names = sorted(p.name for p in folder.iterdir())
    return "".join(names[:1]) + (f" and {len(names) - 1} more" if len(names) > 1 else "")


@contextlib.contextmanager
def new_folder(
    path: str | Path, *, may_replace: Callable[[Path], None] = check_empty
) -> Iterator[Path]:
    """Gives a temporary folder that becomes `path` on success and vanishes on any failure.

    An existing `path` is replaced only once the new folder is complete, so a reader sees the old
    folder or the new one.

    Args:
        path: The folder; the target of a link.
        may_replace: Raises `InputError` for an existing folder that must stay. It is asked before
            anything is built and again before anything is replaced: files may come meanwhile.

    Raises:
        InputError: If the place is taken or cannot be written.
    """
    path = Path(path)
    with contextlib.ExitStack() as stack:
        try:
            place = _place(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(place)
            _check_folder(place, may_replace)
            building = stack.enter_context(_temporary(place, folder=True))
        except OSError as error:
            raise _unwritable(path, error) from error
        yield building
        try:
            _check_folder(place, may_replace)
            _set_mode(building, place, 0o777)
            _swap(building, place)
        except OSError as error:
            raise _unwritable(path, error) from error


def check_folder(path: str | Path, may_replace: Callable[[Path], None] = check_empty) -> None:
    """Refuses what `new_folder` would refuse; to be asked before anything is computed.

    Raises:
        InputError: If the place is taken.
    """
    try:
        _check_folder(_place(Path(path)), may_replace)
    except OSError as error:
        raise _unwritable(Path(path), error) from error


def remove_leftovers(place: Path) -> None:
    """Removes what killed writers left beside a place; what a living one holds, it has locked.

    Where folders cannot be exchanged, a writer killed between two renames leaves the old folder
    aside: it goes back to its place if that is empty, and is named otherwise.
    """
    pattern = re.compile(re.escape(_prefix(place)) + r"[a-z0-9_]{8}\.(part|old)")
    try:
        with os.scandir(place.parent) as entries:
            found = sorted(e.path for e in entries if pattern.fullmatch(e.name))
    except OSError:
        return
    for left in map(Path, found):
        if left.suffix == _ASIDE:
            _put_back(left, place)
        elif (lock := _locked(left, wait=False)) is not None:
            _remove(left)
            _unlock(lock)


def _put_back(aside: Path, place: Path) -> None:
    old = aside / "old"
    if not old.exists():
        with contextlib.suppress(OSError):
            aside.rmdir()
    elif not os.path.lexists(place):
        old.rename(place)
        aside.rmdir()
    else:
        import logging

        logging.getLogger(__name__).warning(
            "%s: what stood at %s when a writer was killed", old, place
        )


@contextlib.contextmanager
def _temporary(place: Path, *, folder: bool) -> Iterator[Path]:
    """Makes a file or folder beside a place, locked until it is there or has vanished again."""
    import tempfile

    while True:
        if folder:
            made = Path(tempfile.mkdtemp(_PART, _prefix(place), place.parent))
        else:
            handle, name = tempfile.mkstemp(_PART, _prefix(place), place.parent)
            os.close(handle)
            made = Path(name)
        lock = _locked(made, wait=True)
        if made.exists():
            break
        _unlock(lock)  # it was taken for a leftover before it was locked
    try:
        yield made
    finally:
        _remove(made)
        _unlock(lock)


def _locked(path: Path, *, wait: bool) -> int | None:
    """Opens and locks a file or folder; None if another has it locked, or locks do not exist."""
    if sys.platform == "win32":
        return None
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def _unlock(handle: int | None) -> None:
    if handle is not None:
        with contextlib.suppress(OSError):  # what was written is written
            os.close(handle)


def _swap(new: Path, place: Path) -> None:
    """Puts `new` at `place`; a folder that stood there is then at `new`, or gone."""
    if not place.exists() or not any(place.iterdir()):
        new.replace(place)
    elif not _exchange(new, place):
        import shutil
        import tempfile

        aside = Path(tempfile.mkdtemp(_ASIDE, _prefix(place), place.parent))
        old = place.replace(aside / "old")
        try:
            new.replace(place)
        except OSError:
            old.replace(place)
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two names in one step; False where the system cannot."""
    import ctypes

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, TypeError, AttributeError):  # no Linux, or an older C library
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:  # the file system cannot
        return False
    raise OSError(number, os.strerror(number), str(other))


def _place(path: Path) -> Path:
    """Returns where a path leads: a link is kept, and what it names is written."""
    place = Path(os.path.realpath(path))
    if place.is_symlink():
        raise InputError(path, "a link that leads in a circle", "a place to write to")
    return place


def _prefix(place: Path) -> str:
    return f".{place.name[:40]}."  # the whole name may be as long as a name can be


def _check_plain(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL, or half of a surrogate pair
        raise InputError(preview(str(path)), f"no path ({error})", "a path") from error
    except OSError:
        return  # whoever opens it says why that cannot be
    if not stat.S_ISREG(mode):
        raise InputError(path, "a folder" if path.is_dir() else "a pipe or a device", "a file")


def _check_folder(place: Path, may_replace: Callable[[Path], None]) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        found = "a file" if place.is_file() else "a pipe or a device"
        raise InputError(place, found, "a folder", hint="nothing was changed there")
    if any(place.iterdir()):
        may_replace(place)


def _check_no_input(path: Path, place: Path, given: Path, *, recognised: bool) -> None:
    """Refuses to write over an input, or over what lies in an input folder and is not our view."""
    if not given.exists():
        return
    if given.samefile(place):
        raise InputError(
            path, "an input of the same command", "another place to write to",
            hint="nothing was changed there",
        )  # fmt: skip
    inside = given.is_dir() and place.is_relative_to(_place(given))
    if inside and not recognised:
        raise InputError(
            path, f"a file of {given}, which the same command reads", "another place to write to",
            hint="nothing was changed there",
        )  # fmt: skip


def _check_kept(path: Path, place: Path, new: Path) -> None:
    import filecmp

    if place in _kept.get() and place.exists() and not filecmp.cmp(place, new, shallow=False):
        raise InputError(
            path, "a file with other content", "a new place, or what was written there before",
            hint=f"nothing was changed there; {FORCE}",
        )  # fmt: skip


def _set_mode(new: Path, place: Path, mode: int) -> None:
    """Gives a new file or folder the mode and owner of what it replaces, else the usual ones."""
    try:
        old = place.stat()
    except FileNotFoundError:
        new.chmod(mode & ~_umask())
        return
    with contextlib.suppress(OSError, AttributeError):  # only the superuser may give things away
        os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


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

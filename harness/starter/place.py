"""All files or none, and never over a file that is there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from xindaya.pairs import UsageError
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.files import write_bytes


def place(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a folder.

    Args:
        root: The folder; it is made if it does not exist.
        files: Path from the root to content.

    Raises:
        UsageError: If something stands in the way of any file; nothing was written.
        InputError: If a file cannot be written; those written before are gone again.
    """
    taken = dict.fromkeys(filter(None, (_in_the_way(root, root / name) for name in files)))
    if taken:
        listed = "".join(f"\n  {ascii_controls(str(path))}" for path in taken)
        raise UsageError(
            f"nothing was written, because this is there already:{listed}\n"
            "  hint: move it away, choose another folder, or leave out CI files with --ci none"
        )
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = root / name
            made += reversed([folder for folder in path.parents if not folder.exists()])
            write_bytes(path, content)
            made.append(path)
    except BaseException:
        _undo(made)
        raise


def _in_the_way(root: Path, path: Path) -> Path | None:
    """Returns the file itself, or a parent that is no folder of this root, if there is one."""
    if os.path.lexists(path):  # a link to nowhere is somebody's file, too
        return path
    inside = [root, *(p for p in path.parents if p.is_relative_to(root))]
    return next((p for p in inside if os.path.lexists(p) and not _is_folder_of(root, p)), None)


def _is_folder_of(root: Path, path: Path) -> bool:
    """True for a folder, unless it is a link that leads out of the root."""
    return path.is_dir() and path.resolve().is_relative_to(root.resolve())


def _undo(made: list[Path]) -> None:
    """Removes files and folders, the last one first; folders only while they are empty."""
    for path in reversed(made):
        with contextlib.suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()

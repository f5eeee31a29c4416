"""Places for what a review writes: no file that is there already, unless that is said."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from xindaya.pairs import InputError, UsageError
from xindaya.pairs.files import write_bytes
from xindaya.reports.review import Review, review_workbook
from xindaya.review.returned import open_workbook


def check_new(path: Path, suffixes: Sequence[str], *, force: bool = False) -> None:
    """Checks where a file is to be written.

    Args:
        path: The place.
        suffixes: What its name may end with.
        force: A file that is there may be replaced.

    Raises:
        UsageError: If the name does not end so.
        InputError: If the place is taken.
    """
    if path.suffix.lower() not in suffixes:
        raise UsageError(f"{path}: expected a name that ends with {' or '.join(suffixes)}")
    if path.is_dir() or (path.exists() and not force):
        raise InputError(
            path, "a file or folder that exists", "a new place",
            hint="choose another name, or --force to replace it",
        )  # fmt: skip


def write_review(path: Path, review: Review) -> None:
    """Writes the workbook of a review, once it is sure that it can be read back.

    Raises:
        InputError: If it is larger than is read from anybody, or a cell cannot hold a name.
    """
    content = review_workbook(review)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder, "trial.xlsx")
        trial.write_bytes(content)
        try:
            open_workbook(trial)
        except InputError as error:
            raise InputError(
                path, f"a workbook that could not be read back: {error.found}",
                error.expected, hint="review fewer segments",
            ) from error  # fmt: skip
    write_bytes(path, content)

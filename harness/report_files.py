"""A report on disk: one file, or a file and the folder of its parts."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.metrics import Evaluation
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.pairs import InputError
from xindaya.pairs.files import new_folder, write_text
from xindaya.reports.html import render_report

_PART = re.compile(r"segments-\d{4,}\.html")


def write_report(
    evaluation: Evaluation,
    path: Path,
    *,
    previous: Delivery | None = None,
    most: int | None = None,
) -> None:
    """Writes the HTML report; the parts of a large one go to a folder of the same name.

    The folder is replaced as a whole, then the file: neither is ever half-written.

    Args:
        evaluation: What to show.
        path: Of the report, ending in ``.html``.
        previous: The last delivery, for the report to show beside this one.
        most: Weight of a file, as for `render_report`.

    Raises:
        InputError: If a place is taken by something else, or cannot be written.
    """
    folder = path.with_suffix("")
    pages = render_report(evaluation, previous=previous, name=path.stem, most=most)
    name, text = next(pages)
    if name == f"{path.stem}.html":
        write_text(path.with_suffix(".html"), text)
        return
    if folder.exists() and not _is_ours(folder):
        raise InputError(
            folder,
            "a place that holds something else",
            "a folder with the parts of an earlier report, or nothing",
            hint="nothing was changed there; give the report another name",
        )
    with new_folder(folder) as building:
        while "/" in name:
            write_text(building / Path(name).name, text)
            name, text = next(pages)
    write_text(path.with_suffix(".html"), text)


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and all(_PART.fullmatch(p.name) for p in folder.iterdir())

"""A report on disk: one file, or a file and the folder of its parts."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.metrics import Evaluation
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.pairs import InputError
from xindaya.pairs.files import new_folder, write_text
from xindaya.reports.html import is_page, render_report

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
    with new_folder(folder, may_replace=_check_parts) as building:
        while "/" in name:
            write_text(building / Path(name).name, text)
            name, text = next(pages)
    write_text(path.with_suffix(".html"), text)


def _check_parts(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if not (_PART.fullmatch(path.name) and path.is_file() and is_page(path)):
            raise InputError(
                path,
                "something else than a part of a report",
                "a folder with the parts of an earlier report, or nothing",
                hint="nothing was changed there; give the report another name",
            )

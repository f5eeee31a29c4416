"""Two-column tables in Word files: source in one column, translation in the other.

A row that names the columns (*Source | Target*, *中文 | English*) says which is which. Without one,
the language of the texts does. Rows of more columns need a header. Text that was deleted with
tracked changes is not read. No Word library is needed: tables are simple XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import DEFAULT, stated
from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.columns import Columns, corpus_of_table
from xindaya.pairs.formats.workbook import open_office
from xindaya.pairs.formats.xml import local_name
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

_PART = "word/document.xml"
_HAN = re.compile(r"[\u3400-\u9fff]")


def read_docx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from the table rows of a Word file; rows without text are skipped.

    Raises:
        InputError: If the file is no DOCX, has no table, or its columns are not understood.
    """
    path = Path(path)
    layout = columns or Columns(stated(source_lang, target_lang))
    with open_office(path, "DOCX") as book:
        rows = [
            (number, cells)
            for number, row in enumerate(book.elements(_PART, ("tr",)), 1)
            if any(cells := list(_cells(row)))
        ]
    if not rows:
        raise InputError(path, "no table", "a table with a column for each language")
    header, body = _header(path, rows, layout)
    if not body:  # columns that have no name say nothing of which is the source
        layout = replace(layout, direction=layout.direction or DEFAULT)
    width = len(header)
    kept = [row for row in rows[body:] if len(row[1]) == width]
    if notes is not None and len(kept) < len(rows) - body:
        notes.append(f"{len(rows) - body - len(kept)} rows without {width} cells, skipped")
    return corpus_of_table(path, header, kept, layout, max_chars=max_chars, notes=notes)


def _header(
    path: Path, rows: list[tuple[int, list[str]]], layout: Columns
) -> tuple[list[str], int]:
    """Returns the names of the columns, and where the rows begin."""
    first = [cell.strip() or f"column {place}" for place, cell in enumerate(rows[0][1], 1)]
    try:
        roles = layout.roles(path, first)
    except InputError:
        if len(first) != 2 or layout.source or layout.target:
            raise
    else:
        if "source" in roles.values() and len(first) > 1:
            return first, 1
    pairs = [cells for _, cells in rows if len(cells) == 2]
    left, right = (sum(bool(_HAN.search(cells[side])) for cells in pairs) for side in (0, 1))
    if len(first) != 2 or left == right:
        raise InputError(
            path, f"a table that begins with {' | '.join(first)[:80]}",
            "a first row that names the columns, such as zh | en",
        )  # fmt: skip
    return (["zh", "en"] if left > right else ["en", "zh"]), 0


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in row:
        if local_name(cell) == "tc":
            paragraphs = (_text(p) for p in cell if local_name(p) == "p")
            yield "\n".join(p for p in paragraphs if p)


def _text(paragraph: etree._Element) -> str:
    pieces = []
    for part in paragraph.iter():
        name = local_name(part)
        if name == "t":
            pieces.append(part.text or "")
        elif name in ("tab", "br", "cr") and local_name(_parent(part)) == "r":
            pieces.append("\t" if name == "tab" else "\n")
    return "".join(pieces)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent

"""Termbases in spreadsheets (XLSX) with named columns: the project's own, or one a language.

The first sheet that has such columns is read. Every cell is text: a number as it is stored, a
formula as its own text (``=A1&B1``), never a cached result.

Read with lxml rather than a spreadsheet library, which would keep the whole grid that a hostile
file claims to have, and a copy of a shared text for every cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase_columns import is_headed, termbase_of_columns
from xindaya.pairs.formats.termbase_rows import REQUIRED, termbase_of
from xindaya.pairs.formats.termbase_xml import iter_xml, local_name, unescaped
from xindaya.pairs.termbase import Termbase

MAX_UNPACKED_BYTES = 64 << 20
MAX_RATIO = 200
MAX_ENTRIES = 10_000
MAX_CELLS = 1_000_000
MAX_CELL_CHARS = 32_767  # the format's own limit

_RATIO_FROM = 1 << 20  # bytes unpacked below which any ratio is harmless
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

_Rows = list[tuple[int, list[str]]]


def read_termbase_xlsx(
    path: str | Path, *, source_lang: str = "zh", lenient: bool = False
) -> Termbase:
    """Reads a termbase from a spreadsheet; raises and is lenient as the readers of tables.

    Raises:
        InputError: Also if the file is no XLSX, or unpacks to more than is reasonable.
    """
    path = Path(path)
    seen = []
    for rows in _sheets(path):
        if not rows:
            continue
        (_, header), *body = rows
        names = [name.strip() for name in header]
        if set(REQUIRED) <= set(names):
            table = Table(path, tuple(names), tuple(_row(path, names, *row) for row in body))
            return termbase_of(table, lenient=lenient)
        if is_headed(names, source_lang):
            return termbase_of_columns(path, names, body, source_lang=source_lang, lenient=lenient)
        seen.append(", ".join(names))
    raise InputError(
        path,
        f"the columns {' / '.join(seen) or '(none)'}",
        "concept, zh, en; or a column for Chinese and one for English",
        line=1,
    )


def _row(path: Path, names: list[str], line: int, cells: list[str]) -> Row:
    if len(cells) > len(names):
        raise InputError(path, f"{len(cells)} fields", f"at most {len(names)}", line=line)
    padded = cells + [""] * (len(names) - len(cells))
    return Row(line, dict(zip(names, padded, strict=True)))


def _sheets(path: Path) -> Iterator[_Rows]:
    """Yields the rows of each sheet in order, empty ones left out, as (row number, cells)."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            shared = _shared_strings(path, archive)
            for part in _sheet_parts(path, archive):
                yield list(_rows(path, archive.read(part), shared))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError,
            RuntimeError) as error:  # fmt: skip
        raise InputError(
            path, f"no readable XLSX ({error})", "an XLSX file", hint="save the file again as XLSX"
        ) from error
    except OSError as error:
        raise InputError(
            path, f"a file that cannot be read ({error.strerror or error})", "a readable file"
        ) from error


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuses what unpacks to too much; a member gives no more bytes than it declares."""
    members = archive.infolist()
    unpacked = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    if len(members) > MAX_ENTRIES:
        raise InputError(path, f"{len(members):,} files inside", f"at most {MAX_ENTRIES:,}")
    if unpacked > MAX_UNPACKED_BYTES:
        raise InputError(
            path, f"{unpacked:,} bytes when unpacked", f"at most {MAX_UNPACKED_BYTES:,}"
        )
    if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * packed:
        raise InputError(
            path, f"a file that unpacks to {unpacked // max(1, packed):,} times its size",
            f"at most {MAX_RATIO} times",
        )  # fmt: skip


def _shared_strings(path: Path, archive: zipfile.ZipFile) -> list[str]:
    part = "xl/sharedStrings.xml"
    if part not in archive.namelist():
        return []
    return [_text(path, item) for item in iter_xml(path, ("si",), content=archive.read(part))]


def _sheet_parts(path: Path, archive: zipfile.ZipFile) -> list[str]:
    """Returns the names of the sheets' files in the order of the workbook."""
    targets = {}
    relations = archive.read("xl/_rels/workbook.xml.rels")
    for relation in iter_xml(path, ("Relationship",), content=relations):
        target = relation.get("Target", "")
        absolute = target.startswith("/")
        targets[relation.get("Id")] = target[1:] if absolute else str(PurePosixPath("xl", target))
    parts = []
    for sheet in iter_xml(path, ("sheet",), content=archive.read("xl/workbook.xml")):
        identifier = next((str(v) for a, v in sheet.attrib.items() if str(a).endswith("}id")), "")
        if identifier in targets:
            parts.append(targets[identifier])
    return parts


def _rows(path: Path, content: bytes, shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    number, count = 0, 0
    for row in iter_xml(path, ("row",), content=content):
        declared = row.get("r", "")
        number = int(declared) if declared.isdecimal() else number + 1
        cells: dict[int, str] = {}
        column = -1
        for cell in row:
            reference = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(reference[1]) if reference else column + 1
            if text := _cell_text(path, number, cell, shared):
                cells[column] = text
        count += max(cells, default=-1) + 1
        if count > MAX_CELLS:
            raise InputError(path, "a sheet that is too large", f"at most {MAX_CELLS:,} cells")
        if cells:
            yield number, [cells.get(c, "") for c in range(max(cells) + 1)]


def _cell_text(path: Path, row: int, cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    parts = {local_name(part): part for part in cell}
    if "f" in parts and parts["f"].text:
        return f"={parts['f'].text}"
    if kind == "inlineStr":
        return _text(path, parts["is"]) if "is" in parts else ""
    value = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s":
        if not value.isdecimal() or int(value) >= len(shared):
            raise InputError(path, f"no shared text {value}", "a sound XLSX file", line=row)
        return shared[int(value)]
    if kind == "e":
        raise InputError(path, f"the error value {value}", "text", line=row)
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return unescaped(value)


def _text(path: Path, item: etree._Element) -> str:
    """Returns the text of a string: its runs joined, without the phonetic ones."""
    runs = []
    for part in item:
        name = local_name(part)
        if name == "t":
            runs.append(part.text or "")
        elif name == "r":
            runs += [t.text or "" for t in part if local_name(t) == "t"]
    text = "".join(runs)
    if len(text) > MAX_CELL_CHARS:
        raise InputError(path, f"a text of {len(text):,} characters", f"at most {MAX_CELL_CHARS:,}")
    return unescaped(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

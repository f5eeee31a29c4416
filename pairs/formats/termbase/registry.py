"""Reading and writing termbases in any format, chosen by content and by name.

The content says whether a file is XML, a spreadsheet, JSON or a table; the header of a table says
whose it is, and the name decides only what the content leaves open.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from xindaya.pairs.errors import UsageError
from xindaya.pairs.formats.csv_ import delimiter_of
from xindaya.pairs.formats.termbase.columns import heading_in, is_headed
from xindaya.pairs.formats.termbase.csv_ import read_termbase_csv, write_termbase_csv
from xindaya.pairs.formats.termbase.deepl import read_deepl, tags_of, write_deepl
from xindaya.pairs.formats.termbase.memoq import read_memoq
from xindaya.pairs.formats.termbase.tbx import read_tbx
from xindaya.pairs.formats.termbase.tbx_writer import write_tbx, write_tbx_basic
from xindaya.pairs.formats.termbase.tsv import read_termbase_tsv, write_termbase_tsv
from xindaya.pairs.formats.termbase.wmt25 import read_wmt25
from xindaya.pairs.formats.termbase.xlsx import read_termbase_xlsx, write_termbase_xlsx
from xindaya.pairs.sources import open_bytes, plain_name
from xindaya.pairs.termbase import Termbase

READABLE = ("tsv", "csv", "tbx", "deepl", "memoq", "xlsx", "wmt25")
WRITABLE = ("tsv", "csv", "xlsx", "tbx", "tbx-basic", "tbx-v2", "deepl")

_HEAD_BYTES = 1 << 16
_RECORDS = 20  # a heading may stand below a few rows
_BY_NAME = {".tsv": "tsv", ".csv": "csv", ".xlsx": "xlsx", ".tbx": "tbx", ".xml": "tbx"}


def read_termbase(
    path: str | Path,
    *,
    source_lang: str = "zh",
    format: str | None = None,  # noqa: A002 - the word people use
    mode: str = "proper",
    lenient: bool = False,
) -> Termbase:
    """Reads a termbase.

    Args:
        path: The file.
        source_lang: Language of the first column or of the keys, where the file does not say it.
        format: One of `READABLE`; by default chosen by content and name.
        mode: Which dictionary of a WMT25 file to take, ``proper`` or ``random``.
        lenient: Keep white space around forms, and forms that contradict or repeat one another,
            so that `xindaya.pairs.lint` can report them.

    Raises:
        UsageError: If the format or the language is unknown.
        InputError: If the file is malformed.
        NothingToEvaluateError: If it has no concept.
    """
    path = Path(path)
    if format is not None and format not in READABLE:
        raise UsageError(f"the format {format!r}: expected one of {', '.join(READABLE)}")
    head = _head(path)
    delimiter = _delimiter(path, head, source_lang)
    readers: dict[str, Callable[[], Termbase]] = {
        "tsv": lambda: read_termbase_tsv(path, lenient=lenient),
        "csv": lambda: read_termbase_csv(path, delimiter=delimiter, lenient=lenient),
        "tbx": lambda: read_tbx(path, lenient=lenient),
        "deepl": lambda: read_deepl(
            path, delimiter=delimiter, source_lang=source_lang, lenient=lenient
        ),
        "memoq": lambda: read_memoq(
            path, delimiter=delimiter, source_lang=source_lang, lenient=lenient
        ),
        "xlsx": lambda: read_termbase_xlsx(path, source_lang=source_lang, lenient=lenient),
        "wmt25": lambda: read_wmt25(path, source_lang=source_lang, mode=mode, lenient=lenient),
    }
    return readers[format or _kind(path, head, delimiter, source_lang)]()


def write_termbase(
    termbase: Termbase,
    path: str | Path,
    *,
    source_lang: str = "zh",
    format: str | None = None,  # noqa: A002 - the word people use
) -> list[str]:
    """Writes a termbase.

    Args:
        termbase: The termbase.
        path: The file; replaced whole or not at all.
        source_lang: Language of the first column of a DeepL glossary.
        format: One of `WRITABLE`; by default what the ending of the path names.

    Returns:
        What the format cannot hold, one message a kind.

    Raises:
        UsageError: If the format is unknown.
        InputError: If the format cannot hold a text at all, or the file cannot be written.
    """
    path = Path(path)
    kind = format or _BY_NAME.get(path.suffix.lower())
    if kind not in WRITABLE:
        raise UsageError(
            f"{path}: found {f'the format {format!r}' if format else f'the ending {path.suffix!r}'}"
            f"; expected one of {', '.join(WRITABLE)}"
        )
    writers: dict[str, Callable[[], list[str]]] = {
        "tsv": lambda: write_termbase_tsv(termbase, path),
        "csv": lambda: write_termbase_csv(termbase, path),
        "xlsx": lambda: write_termbase_xlsx(termbase, path),
        "tbx": lambda: write_tbx(termbase, path, source_lang=source_lang),
        "tbx-basic": lambda: write_tbx_basic(termbase, path, source_lang=source_lang),
        "tbx-v2": lambda: write_tbx_basic(termbase, path, source_lang=source_lang, version=2),
        "deepl": lambda: write_deepl(termbase, path, source_lang=source_lang),
    }
    return writers[kind]()


def _head(path: Path) -> bytes:
    with open_bytes(path) as stream:
        return stream.read(_HEAD_BYTES)


def _kind(path: Path, head: bytes, delimiter: str, source_lang: str) -> str:
    if head.startswith(b"PK"):
        return "xlsx"
    text = _decoded(head)
    if text.lstrip().startswith("<"):
        return "tbx"
    if text.lstrip().startswith(("{", "[")):
        return "wmt25"
    records = _first_records(text, delimiter)
    table = "tsv" if delimiter == "\t" else "csv"
    plain = [name.strip().lower() for name in records[0]]
    if "concept" in plain and {"zh", "en"} & set(plain):
        return table
    # A heading may end in two languages; its rows do not.
    if tags_of(records[0]) and all(tags_of(r) or len(r) != 4 for r in records[1:2]):
        return "deepl"
    if heading_in(records, lambda names: is_headed(names, source_lang)) is not None:
        return "memoq"
    return "deepl" if len(records[0]) == 2 else table


def _delimiter(path: Path, head: bytes, source_lang: str) -> str:
    if plain_name(path).suffix.lower() == ".tsv":
        return "\t"
    return delimiter_of(_lines(_decoded(head)), lambda cells: is_headed(cells, source_lang))


def _first_records(text: str, delimiter: str) -> list[list[str]]:
    """Returns the first records of a table, at least one."""
    if delimiter == "\t":  # which has no quotes
        return [[cell.strip().strip('"') for cell in line.split("\t")] for line in _lines(text)]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    with contextlib.suppress(csv.Error):  # the reader of the whole file says where
        if found := [record for record in islice(reader, _RECORDS) if record]:
            return found
    return [[]]


def _lines(text: str) -> list[str]:
    found = [line.rstrip("\r") for line in text.split("\n", _RECORDS)[:_RECORDS]]
    return [line for line in found if line] or [""]


def _decoded(head: bytes) -> str:
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return head.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")

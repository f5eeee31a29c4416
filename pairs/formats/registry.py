"""The formats of a corpus: what reads and writes each, and what it can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import UsageError
from xindaya.pairs.formats.columns import Columns
from xindaya.pairs.formats.counterparts import leave_out_unpaired
from xindaya.pairs.formats.csv_ import read_csv, write_csv
from xindaya.pairs.formats.detect import ENDINGS, detect_format
from xindaya.pairs.formats.docx import read_docx
from xindaya.pairs.formats.folder import MANIFEST, read_folder, write_folder
from xindaya.pairs.formats.jsonl import read_jsonl, write_jsonl
from xindaya.pairs.formats.losses import Holds, fit, is_display
from xindaya.pairs.formats.marot import read_marot, write_marot
from xindaya.pairs.formats.po import read_po, write_po
from xindaya.pairs.formats.records import records_of
from xindaya.pairs.formats.sides import TARGET, parse_side
from xindaya.pairs.formats.text import read_text_folder, write_parallel
from xindaya.pairs.formats.tmx import read_tmx
from xindaya.pairs.formats.tmx_writer import write_tmx_records
from xindaya.pairs.formats.tsv import read_tsv, write_tsv
from xindaya.pairs.formats.wmt_xml import read_wmt_xml, write_wmt_xml
from xindaya.pairs.formats.xliff import read_xliff
from xindaya.pairs.formats.xliff_writer import KEPT, KEPT_2, main_side, write_xliff
from xindaya.pairs.formats.xlsx import read_xlsx, write_xlsx
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.wording import counted


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        read: The reader.
        options: Which of ``columns``, ``encoding`` and ``target`` the reader takes.
        write: The writer, given the corpus, the path and the translation to write; None if the
            format is only read.
        holds: What it has a place for.
    """

    read: Callable[..., Corpus]
    options: frozenset[str] = frozenset()
    write: Callable[[Corpus, Path, str], Any] | None = None
    holds: Holds = field(default_factory=Holds)


def _read_marot(path: Path, **options: Any) -> Corpus:
    """Reads the texts of a Marot table, and accounts for its ratings."""
    corpus, errors = read_marot(path, **options)
    said = ((e, (e.rater, e.category, e.severity, e.metadata)) for e in errors)
    ratings = (
        LeftOut(
            f"segment {e.segment} of {e.system}", "ratings of errors", "\t".join(filter(None, t))
        )
        for e, t in said
    )
    return replace(corpus, left_out=(*corpus.left_out, *ratings))


def _write_tmx(corpus: Corpus, path: Path, side: str) -> list[str]:
    langs = {"source_lang": corpus.source_lang, "target_lang": corpus.target_lang}
    left = write_tmx_records(records_of(corpus), path, **langs)
    return [f"{counted(left, 'segment')} without any translation"] if left else []


_TABLE = Holds(missing=False)
_ONE = Holds(many=False, domain=False)
_NAMED, _ENCODED = frozenset(("columns",)), frozenset(("encoding",))
_SIDED = frozenset(("target",))

FORMATS: dict[str, Format] = {
    "csv": Format(
        read_csv, _NAMED | _ENCODED, lambda c, p, _: write_csv(c, p), Holds(missing=False)
    ),
    "docx": Format(read_docx, _NAMED),
    "folder": Format(
        read_folder, frozenset(), lambda c, p, _: write_folder(c, p),
        Holds(missing=False, titles=True, column=lambda _: False),
    ),
    "jsonl": Format(read_jsonl, _ENCODED, lambda c, p, _: write_jsonl(c, p)),
    "marot": Format(
        _read_marot, _ENCODED, lambda c, p, _: write_marot(c, p),
        Holds(domain=False, column=lambda key: key == "docSegId"),
    ),
    "po": Format(
        read_po, _ENCODED | _SIDED, lambda c, p, side: write_po(c, p, side=side),
        Holds(many=False, documents=False, domain=False, column=lambda key: key == "note"),
    ),
    "text": Format(
        read_text_folder, _ENCODED, lambda c, p, _: write_parallel(c, p),
        Holds(ids=False, domain=False, missing=False, column=lambda _: False),
    ),
    "tmx": Format(read_tmx, _SIDED, _write_tmx),
    "tsv": Format(
        read_tsv, _NAMED | _ENCODED, lambda c, p, _: write_tsv(c, p),
        Holds(missing=False, breaks=False),
    ),
    "wmt": Format(
        read_wmt_xml, frozenset(), lambda c, p, _: write_wmt_xml(c, p), Holds(column=lambda _: False)
    ),
    "xliff": Format(
        read_xliff, _SIDED, lambda c, p, side: write_xliff(c, p, side=side),
        Holds(many=False, domain=False, column=lambda key: key in KEPT or is_display(key)),
    ),
    "xliff2": Format(
        read_xliff, _SIDED,
        lambda c, p, side: write_xliff(c, p, side=side, version="2.0"),
        Holds(many=False, domain=False, column=lambda key: key in KEPT_2 or is_display(key)),
    ),
    "xlsx": Format(read_xlsx, _NAMED, lambda c, p, _: write_xlsx(c, p), _TABLE),
}  # fmt: skip
"""Name to format."""

READABLE = tuple(FORMATS)
WRITABLE = tuple(name for name, form in FORMATS.items() if form.write)
_ONLY_READ = (".sdlxliff", ".mqxliff", ".mxliff", ".pot")


def read_corpus(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    format: str | None = None,  # noqa: A002 - the word people use
    encoding: str = "utf-8",
    source_column: str | None = None,
    target_column: str | None = None,
    target: str = TARGET,
    sheet: str | None = None,
    notes: list[str] | None = None,
    unpaired: bool = False,
) -> Corpus:
    """Reads a corpus from a file or folder of any format.

    Args:
        path: The file or folder.
        source_lang: ``zh`` or ``en``; None for what the data says (`xindaya.pairs.direction`).
        target_lang: The other one.
        max_chars: Longest text accepted.
        format: One of `READABLE`; by default told by content and name.
        encoding: Of text files. XML and Office files say theirs.
        source_column: Name of the source column of a table.
        target_column: Name of its target column.
        target: What the translation in a bilingual file is, ``reference:NAME`` or ``system:NAME``.
        sheet: Name of the one sheet of a workbook to read.
        notes: How readers found the direction is added here.
        unpaired: Keep the rows of an alignment that have text on one side only.

    Raises:
        UsageError: If an option does not fit the format.
        InputError: If the path is of no known kind, its content is malformed, or it goes another way
            than stated.
        NothingToEvaluateError: If it has no segment.
    """
    path = Path(path)
    if format is not None and format not in FORMATS:
        raise UsageError(f"the format {format!r}: expected one of {', '.join(READABLE)}")
    parse_side(target)
    if path.name == MANIFEST:
        path = path.parent
    kind = format or detect_format(path, encoding=encoding)
    form = FORMATS[kind]
    options: dict[str, Any] = {
        "source_lang": source_lang,
        "target_lang": target_lang,
        "max_chars": max_chars,
        "notes": notes,
    }
    if sheet is not None and kind != "xlsx":
        raise UsageError(f"{path}: {kind} has no sheets to name")
    if source_column or target_column or target != TARGET or sheet is not None:
        direction = stated(source_lang, target_lang)
        columns = Columns(direction, source_column, target_column, target, sheet)
        if "columns" in form.options:
            options["columns"] = columns
        elif source_column or target_column:
            raise UsageError(f"{path}: {kind} has no columns to name")
        elif "target" not in form.options:
            raise UsageError(f"{path}: {kind} says itself which texts are references and systems")
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        if "encoding" not in form.options:
            raise UsageError(f"{path}: {kind} says its encoding itself")
        options["encoding"] = encoding
    if "target" in form.options:
        options["target"] = target
    corpus = form.read(path, **options)
    return corpus if unpaired else leave_out_unpaired(path, corpus)


def write_corpus(
    corpus: Corpus,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word people use
    side: str | None = None,
    lossy: bool = False,
) -> list[str]:
    """Writes a corpus in the format that the path's ending names; no ending means a folder.

    Args:
        corpus: The corpus.
        path: The file or folder; replaced whole or not at all.
        format: One of `WRITABLE`, if not what the ending names.
        side: The translation that a bilingual format writes: ``reference:NAME`` or
            ``system:NAME``; by default the first reference, else the first system.
        lossy: Write what a table cannot hold (missing texts, line breaks in columns) as empty
            texts and spaces, rather than fail.

    Returns:
        What the format cannot hold, one message a kind.

    Raises:
        UsageError: If the format is unknown or only read.
        InputError: If the format cannot hold a text, or the place cannot be written.
    """
    path = Path(path)
    form = FORMATS[writable_format(path, format)]
    side = side or main_side(corpus)
    fitting, losses = fit(corpus, form.holds, side)
    if form.write is None:  # pragma: no cover - writable_format has refused it
        raise UsageError(f"{path}: this format is only read")
    more = form.write(fitting if lossy else corpus, path, side)
    return losses + (more or [])


def writable_format(path: Path, name: str | None = None) -> str:
    """Returns the format to write a path in.

    Raises:
        UsageError: If it is unknown or only read.
    """
    ending = path.suffix.lower()
    kind = name or ("folder" if not ending else ENDINGS.get(ending, ""))
    if kind not in WRITABLE or (name is None and ending in _ONLY_READ):
        found = f"the format {name!r}" if name else f"the ending {ending!r}"
        hint = "; CAT tools refuse such files from others: write XLIFF or XLSX" if (
            ending in _ONLY_READ) else ""  # fmt: skip
        raise UsageError(f"{path}: found {found}; expected one of {', '.join(WRITABLE)}{hint}")
    return kind

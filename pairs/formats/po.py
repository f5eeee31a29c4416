"""gettext PO: ``msgid`` is the source, ``msgstr`` the translation, ``msgctxt`` the id if unique.

Fuzzy, obsolete and plural entries are left out, and accounted for with the header's other fields. An
empty ``msgstr`` means untranslated, as everywhere in gettext: no reference. Comments are the column
``note``, places in the program ``occurrences``, flags such as ``c-format`` ``flags``, an earlier
``msgid`` ``previous``. ``Language`` in the header is the target's, ``X-Source-Language`` the source's;
the first alone says both, as a ``msgid`` is English in a Chinese file (GNU gettext manual, 6.2).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, first_duplicate
from xindaya.pairs.direction import claimed, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.records import Record, build_corpus, records_of
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.formats.xliff_writer import main_side
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, iter_lines
from xindaya.pairs.sources import plain_name

if TYPE_CHECKING:
    import polib

_MAX_LINES = 2_000_000
_COMMENT = re.compile(r"#(?![,:|~])")
_LINE = re.compile(
    r'\s*(?:#.*|(?:(?:msg(?:id|id_plural|ctxt|str(?:\[\d+\])?))?\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*)?)'
)
_UNWRITABLE = re.compile("[\0\ud800-\udfff\r]")


class _Content(str):
    """What polib reads instead of a file, which may be packed or a pipe: only LF ends a line."""

    def splitlines(self, keepends: bool = False) -> list[str]:
        del keepends
        return self.split("\n")


def read_po(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    target: str = TARGET,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from PO.

    Raises:
        InputError: If the file is no PO.
        NothingToEvaluateError: If no entry is left.
    """
    import polib

    path = Path(path)
    # The strict reader first: it says where the file is not what it should be.
    lines: list[str] = []
    for number, line in enumerate(iter_lines(path, encoding=encoding, max_chars=2 * max_chars), 1):
        # The library takes a string that breaks off as none at all.
        if not _LINE.fullmatch(line):
            raise InputError(path, f"no valid PO ({preview(line)})", 'KEYWORD "text"', line=number)
        if number > _MAX_LINES:
            raise InputError(path, f"over {_MAX_LINES:,} lines", "a smaller PO file")
        lines.append(line)
    try:
        file = polib.pofile(_Content("\n".join([*lines, ""])), encoding="utf-8")
    except (OSError, ValueError, IndexError) as error:
        raise InputError(path, f"no valid PO ({preview(str(error), 120)})", "gettext PO") from error
    kept: list[polib.POEntry] = []
    left_out = _header(file)
    for entry in file:
        if reason := _unusable(entry):
            place = f"line {entry.linenum}"
            left_out.append(LeftOut(place, f"{reason} entries", "\n".join(_texts(entry))))
        else:
            kept.append(entry)
    left_out += _stray(file, iter_lines(path, encoding=encoding, max_chars=2 * max_chars))
    contexts = [entry.msgctxt or "" for entry in kept]
    are_ids = all(contexts) and not first_duplicate(contexts)
    ids, records = Ids(), []
    for entry in kept:
        record = Record(ids.give(entry.msgctxt if are_ids else None), entry.linenum or None)
        record.source = entry.msgid
        put(record, target, entry.msgstr or None)
        record.extra = {
            "note": _note(entry),
            "occurrences": _occurrences(entry),
            "context": "" if are_ids else entry.msgctxt or "",
            "flags": ", ".join(entry.flags),
            "previous": "\n".join(_previous(entry)),
        }
        for text in (entry.msgid, entry.msgstr):
            if len(text) > max_chars:
                raise InputError(
                    path, f"a text of {len(text):,} characters", f"at most {max_chars:,}",
                    line=entry.linenum,
                )  # fmt: skip
        records.append(record)
    metadata = {key.lower(): value for key, value in file.metadata.items()}
    direction = claimed(
        path, stated(source_lang, target_lang),
        said(metadata.get("x-source-language"), metadata.get("language"), "as its header says"),
    )  # fmt: skip
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=direction, notes=notes,
        left_out=left_out,
    )  # fmt: skip


def _unusable(entry: polib.POEntry) -> str:
    """Says why an entry is no segment; empty if it is one."""
    if entry.obsolete:
        return "obsolete"
    return "fuzzy" if entry.fuzzy else "plural" if entry.msgid_plural else ""


def _texts(entry: polib.POEntry) -> Iterator[str]:
    """Yields all that an entry says."""
    plurals = [text for _, text in sorted(entry.msgstr_plural.items())]
    texts = [entry.msgctxt, entry.msgid, entry.msgid_plural, entry.msgstr, *plurals, _note(entry)]
    texts += [_occurrences(entry), ", ".join(entry.flags), *_previous(entry)]
    yield from (text for text in texts if text)


def _note(entry: polib.POEntry) -> str:
    return "\n".join(c for c in (entry.comment, entry.tcomment) if c)


def _occurrences(entry: polib.POEntry) -> str:
    return " ".join(f"{file}:{line}" if line else file for file, line in entry.occurrences)


def _previous(entry: polib.POEntry) -> Iterator[str]:
    earlier = (entry.previous_msgctxt, entry.previous_msgid, entry.previous_msgid_plural)
    yield from (text for text in earlier if text)


def _header(file: polib.POFile) -> list[LeftOut]:
    """Accounts for the fields of the header, and the comment above it."""
    fields = [f"{key}: {value}" for key, value in file.metadata.items()]
    text = "\n".join(filter(None, (file.header, *fields)))
    return [LeftOut("line 1", "fields and comments of the header", text)] if text else []


def _stray(file: polib.POFile, lines: Iterable[str]) -> list[LeftOut]:
    """Finds the comments that the library gives to no entry: those after the last one."""
    comments = [
        (number, line[1:].lstrip(".").strip())
        for number, line in enumerate(lines, 1)
        if _COMMENT.match(line)
    ]
    held = Counter(
        line.strip()
        for text in (file.header, *(_note(entry) for entry in file))
        for line in text.split("\n")
    )
    stray = []
    for number, text in comments:
        held[text] -= 1
        if text and held[text] < 0:
            stray.append(LeftOut(f"line {number}", "comments of no entry", text))
    return stray


def write_po(corpus: Corpus, path: str | Path, *, side: str | None = None) -> None:
    """Writes a corpus as PO, with one translation a segment.

    Raises:
        InputError: If a source is missing or empty, or a text holds a carriage return or a NUL.
    """
    kind, _, name = (side or main_side(corpus)).partition(":")
    lines = [
        'msgid ""',
        'msgstr ""',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Language: {corpus.target_lang}\\n"',
    ]
    for record in records_of(corpus):
        if not record.source:
            raise InputError(
                path, f"no source text in segment {preview(record.id)}", "one in each",
                hint="an empty msgid is the header of a PO file",
            )  # fmt: skip
        texts = record.references if kind == "reference" else record.systems
        cells = {"id": record.id, "source": record.source, "target": texts.get(name) or ""}
        note = record.extra.get("note", "")
        check_writable(path, "PO", record.id, cells | {"note": note}, _UNWRITABLE)
        lines.append("")
        lines += [f"# {line}" for line in note.split("\n") if line]
        for keyword, text in zip(("msgctxt", "msgid", "msgstr"), cells.values(), strict=True):
            lines.append(f'{keyword} "{_escaped(text)}"')
    write_text(path, "\n".join(lines) + "\n")


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("\n", "\\n").replace("\t", "\\t")

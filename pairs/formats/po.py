"""gettext PO: ``msgid`` is the source, ``msgstr`` the translation, ``msgctxt`` the id if unique.

Fuzzy, obsolete and plural entries are skipped and counted. An empty ``msgstr`` means untranslated,
as everywhere in gettext: no reference. Comments are the column ``note``, places in the program
``occurrences``. ``Language`` in the header is the target's, ``X-Source-Language`` the source's.
"""

from __future__ import annotations

import re
from pathlib import Path

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

_MAX_LINES = 2_000_000
_LINE = re.compile(
    r'\s*(?:#.*|(?:(?:msg(?:id|id_plural|ctxt|str(?:\[\d+\])?))?\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*)?)'
)
_UNWRITABLE = re.compile("[\0\ud800-\udfff\r]")


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
    """Reads a corpus from PO; what was skipped goes to `notes`.

    Raises:
        InputError: If the file is no PO.
        NothingToEvaluateError: If no entry is left.
    """
    import polib

    path = Path(path)
    # The strict reader first: it says where the file is not what it should be.
    for number, line in enumerate(iter_lines(path, encoding=encoding, max_chars=2 * max_chars), 1):
        # The library takes a string that breaks off as none at all.
        if not _LINE.fullmatch(line):
            raise InputError(path, f"no valid PO ({preview(line)})", 'KEYWORD "text"', line=number)
        if number > _MAX_LINES:
            raise InputError(path, f"over {_MAX_LINES:,} lines", "a smaller PO file")
    utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    try:
        file = polib.pofile(str(path), encoding="utf-8-sig" if utf8 else encoding)
    except (OSError, ValueError, IndexError) as error:
        raise InputError(path, f"no valid PO ({preview(str(error), 120)})", "gettext PO") from error
    kept, skipped = [], {"fuzzy": 0, "obsolete": 0, "plural": 0}
    for entry in file:
        kind = (
            "obsolete" if entry.obsolete else "fuzzy" if entry.fuzzy
            else "plural" if entry.msgid_plural else ""
        )  # fmt: skip
        if kind:
            skipped[kind] += 1
        else:
            kept.append(entry)
    if notes is not None:
        notes += [f"{n} {kind} entries, skipped" for kind, n in skipped.items() if n]
    contexts = [entry.msgctxt or "" for entry in kept]
    are_ids = all(contexts) and not first_duplicate(contexts)
    ids, records = Ids(), []
    for entry in kept:
        record = Record(ids.give(entry.msgctxt if are_ids else None), entry.linenum or None)
        record.source = entry.msgid
        put(record, target, entry.msgstr or None)
        occurrences = " ".join(
            f"{file}:{line}" if line else file for file, line in entry.occurrences
        )
        comment = "\n".join(c for c in (entry.comment, entry.tcomment) if c)
        record.extra = {
            "note": comment,
            "occurrences": occurrences,
            "context": "" if are_ids else entry.msgctxt or "",
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
    return build_corpus(path, records, name=plain_name(path).stem, direction=direction, notes=notes)


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

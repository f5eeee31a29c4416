"""The corpus folder: ``corpus.toml`` beside TSV files that are joined by segment id.

::

    name = "sample"
    source_lang = "zh"
    target_lang = "en"
    licence = "…"
    provenance = "…"
    source = "source.tsv"                    # columns id, text
    [references]
    A = "references/A.tsv"
    [systems]
    vendor = "systems/vendor.tsv"
    [[documents]]                            # boundaries, in reading order
    id = "notice"
    title = "…"
    domain = "regulation"
    first = "notice-01"
    last = "notice-09"
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import claimed, stated
from xindaya.pairs.errors import InputError
from xindaya.pairs.files import new_folder, write_text
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.tables import format_table, read_table
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.toml import TomlFile, read_toml, toml_string

MANIFEST = "corpus.toml"
_STRINGS = ("name", "title", "source_lang", "target_lang", "licence", "provenance", "source")
_DOCUMENT_KEYS = ("id", "title", "domain", "first", "last")


def read_folder(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus folder.

    Args:
        path: The folder.
        source_lang: ``zh`` or ``en``; None for what the manifest says.
        target_lang: The other one.
        max_chars: Longest text accepted.
        notes: What the texts say of the direction is added here.

    Raises:
        InputError: If the manifest or a file is malformed, ids do not join, a path leaves the
            folder, document boundaries do not cover the segments in order, or another direction is
            stated than the manifest's.
    """
    folder = Path(path)
    manifest = read_toml(folder / MANIFEST)
    manifest.check_keys(manifest.data, (*_STRINGS, "references", "systems", "documents"))
    for key in ("name", "source"):
        if not isinstance(manifest.data.get(key), str):
            raise InputError(manifest.path, f"no {key!r}", f'{key} = "…"')
    source = _read_texts(manifest, str(manifest.data["source"]), max_chars)
    records = {i: Record(id=i, source=text) for i, text in source.items()}
    for kind in ("references", "systems"):
        for name, file in _table(manifest, kind).items():
            texts = _read_texts(manifest, str(file), max_chars)
            _check_join(folder / str(file), texts, source)
            for segment_id, text in texts.items():
                getattr(records[segment_id], kind)[name] = text
    titles = _set_documents(manifest, list(records.values()))
    head = {k: str(manifest.data.get(k, "")) for k in _STRINGS}
    own = stated(head["source_lang"] or None, head["target_lang"] or None)
    own = own and replace(own, by=f"as {MANIFEST} says")
    return build_corpus(
        folder,
        list(records.values()),
        name=head["name"],
        direction=claimed(manifest.path, stated(source_lang, target_lang), own),
        notes=notes,
        titles=titles,
        licence=head["licence"],
        provenance=head["provenance"],
    )


def write_folder(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus folder, whole or not at all.

    Raises:
        InputError: If a text cannot stand in TSV, a source or reference is missing, or a name
            cannot be a file name.
    """
    with new_folder(path) as folder:
        ids = [s.id for s in corpus.segments]

        def write(file: str, texts: tuple[str | None, ...]) -> str:
            rows = [{"id": i, "text": t} for i, t in zip(ids, texts, strict=True) if t is not None]
            write_text(folder / file, format_table(Path(path) / file, ("id", "text"), rows))
            return file

        if not corpus.has_source:
            raise InputError(path, "segments without a source", "a source text in each")
        head = {
            "name": corpus.name,
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "licence": corpus.licence,
            "provenance": corpus.provenance,
            "source": write("source.tsv", tuple(s.source for s in corpus.segments)),
        }
        lines = [f"{k} = {toml_string(v)}" for k, v in head.items()]
        for kind, texts in (
            ("references", {n: corpus.reference(n) for n in corpus.reference_names}),
            ("systems", dict(corpus.systems)),
        ):
            lines += ["", f"[{kind}]"]
            for number, (name, column) in enumerate(texts.items(), 1):
                file = name if name.isascii() and name.isalnum() else f"{number:02d}"
                lines.append(
                    f"{toml_string(name)} = {toml_string(write(f'{kind}/{file}.tsv', column))}"
                )
        named = any(corpus.documents) or any(s.domain for s in corpus.segments)
        for document, places in corpus.documents.items() if named else ():
            first, last = corpus.segments[places[0]], corpus.segments[places[-1]]
            if places != tuple(range(places[0], places[-1] + 1)):
                raise InputError(path, f"document {document!r} in pieces", "contiguous documents")
            boundary = {
                "id": corpus.document_name(document),
                "title": corpus.titles.get(document, ""),
                "domain": first.domain,
                "first": first.id,
                "last": last.id,
            }
            lines += [
                "",
                "[[documents]]",
                *(f"{k} = {toml_string(v)}" for k, v in boundary.items() if v),
            ]
        write_text(folder / MANIFEST, "\n".join(lines) + "\n")


def _table(manifest: TomlFile, kind: str) -> dict[str, Any]:
    table = manifest.data.get(kind, {})
    if not isinstance(table, dict) or not all(isinstance(f, str) for f in table.values()):
        raise InputError(
            manifest.path, f"{kind} = {table!r}", f'[{kind}] with NAME = "FILE"',
            line=manifest.line_of(kind),
        )  # fmt: skip
    return table


def _read_texts(manifest: TomlFile, file: str, max_chars: int) -> dict[str, str]:
    path = manifest.inside(file)
    table = read_table(path, max_chars=max_chars)
    table.require("id", "text")
    texts: dict[str, str] = {}
    for row in table.rows:
        if row.cells["id"] in texts:
            raise InputError(path, f"id {row.cells['id']!r} twice", "unique ids", line=row.line)
        texts[row.cells["id"]] = row.cells["text"]
    return texts


def _check_join(path: Path, texts: dict[str, str], source: dict[str, str]) -> None:
    missing = [i for i in source if i not in texts]
    unknown = [i for i in texts if i not in source]
    if missing or unknown:
        what = [f"no text for {_some(missing)}"] if missing else []
        what += [f"unknown ids {_some(unknown)}"] if unknown else []
        raise InputError(path, " and ".join(what), "exactly the ids of the source file")


def _some(ids: list[str]) -> str:
    shown = ", ".join(repr(i) for i in ids[:5])
    return shown + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")


def _set_documents(manifest: TomlFile, records: list[Record]) -> dict[str, str]:
    """Marks each record with its document; returns the titles."""
    entries = manifest.data.get("documents", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise InputError(manifest.path, "documents", "[[documents]] tables")
    titles, position = {}, 0
    for entry in entries:
        manifest.check_keys(entry, _DOCUMENT_KEYS)
        for key in ("id", "first", "last"):
            if not isinstance(entry.get(key), str):
                raise InputError(manifest.path, f"a document without {key!r}", f'{key} = "…"')
        titles[entry["id"]] = str(entry.get("title", ""))
        if position >= len(records) or records[position].id != entry["first"]:
            found = records[position].id if position < len(records) else "the end"
            raise InputError(
                manifest.path,
                f"document {entry['id']!r} starting at {entry['first']!r}",
                f"{found!r}, the next segment of the source file",
                line=manifest.line_of(entry["first"]),
            )
        while position < len(records):
            record = records[position]
            record.document, record.domain = entry["id"], str(entry.get("domain", ""))
            position += 1
            if record.id == entry["last"]:
                break
        else:
            raise InputError(
                manifest.path, f"last = {entry['last']!r}", "a segment after the document's first"
            )
    if entries and position < len(records):
        raise InputError(
            manifest.path, f"no document for {records[position].id!r}", "documents for all segments"
        )
    return titles

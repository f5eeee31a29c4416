"""A corpus in one TSV table: a row a segment.

Columns: ``id`` (required), ``document``, ``domain``, ``source``, ``reference`` or
``reference:NAME`` for each reference set, ``system:NAME`` for each system. ``zh`` and ``en`` are
read as source and reference (or the other way round), so what `xindaya align` writes is a corpus.
"""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.errors import InputError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.tables import Row, format_table, read_table
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

_REFERENCE, _SYSTEM = "reference:", "system:"


def read_tsv(
    path: str | Path,
    *,
    source_lang: str = "zh",
    target_lang: str = "en",
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
) -> Corpus:
    """Reads a corpus from one TSV table.

    Raises:
        InputError: If ``id`` is missing, no text column is known, or the table is malformed.
        NothingToEvaluateError: If the table has no row.
    """
    path = Path(path)
    table = read_table(path, encoding=encoding, max_chars=max_chars)
    table.require("id")
    aliases = {source_lang: "source", target_lang: "reference"}
    texts = [c for c in table.columns if _is_text(aliases.get(c, c))]
    if not texts:
        raise InputError(
            path,
            f"the columns {', '.join(table.columns)}",
            "a text column: source, reference, reference:NAME or system:NAME",
            line=1,
        )
    records = [_record(row, aliases) for row in table.rows]
    return build_corpus(
        path, records, name=path.stem, source_lang=source_lang, target_lang=target_lang
    )


def write_tsv(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as one TSV table.

    Raises:
        InputError: If a text holds a tab or a line break, or a reference is missing.
    """
    columns = ["id", "document", "domain"]
    columns += ["source"] if corpus.has_source else []
    columns += [_REFERENCE + n for n in corpus.reference_names]
    columns += [_SYSTEM + n for n in corpus.systems]
    rows = []
    for position, s in enumerate(corpus.segments):
        cells = {"id": s.id, "document": s.document, "domain": s.domain, "source": s.source or ""}
        for name, text in zip(corpus.reference_names, s.references, strict=True):
            if text is None:
                raise InputError(
                    path,
                    f"no reference {name!r} for segment {s.id!r}",
                    "a text in every cell",
                    hint="write JSONL instead: it tells a missing text from an empty one",
                )
            cells[_REFERENCE + name] = text
        for name, outputs in corpus.systems.items():
            cells[_SYSTEM + name] = outputs[position]
        rows.append(cells)
    write_text(path, format_table(path, columns, rows))


def _is_text(column: str) -> bool:
    return column in ("source", "reference") or column.startswith((_REFERENCE, _SYSTEM))


def _record(row: Row, aliases: dict[str, str]) -> Record:
    record = Record(id=row.cells["id"], line=row.line)
    for name, cell in row.cells.items():
        column = aliases.get(name, name)
        if column in ("source", "document", "domain"):
            setattr(record, column, cell)
        elif column == "reference":
            record.references["A"] = cell
        elif column.startswith(_REFERENCE):
            record.references[column.removeprefix(_REFERENCE)] = cell
        elif column.startswith(_SYSTEM):
            record.systems[column.removeprefix(_SYSTEM)] = cell
    return record

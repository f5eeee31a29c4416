"""Marot's MQM table: one row an error, with ``<v>…</v>`` around its words, or an older 9 columns.

The older table may have a tenth column, ``comment``, which is kept as the metadata's ``note``. Columns
beyond the tenth, as Google's side-by-side ratings of WMT23 have one (google/wmt-mqm-human-evaluation,
generalMT2023, ``sxs_mqm_…``), are kept in the metadata under their headings; a row may end before them.
Read as a corpus, whose systems are the annotated ones, and the rows as `MqmError` beside it. The id
of a segment is ``globalSegId`` if that is unique, else ``DOC:ID``. References stand, as Marot has
them, in the metadata of a segment's first row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.writable import check_writable
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, iter_lines
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted

COLUMNS = (
    "system", "doc", "docSegId", "globalSegId", "rater", "source", "target", "category",
    "severity", "metadata",
)  # fmt: skip

_OLD = ("system", "doc", "doc_id", "seg_id", "rater", "source", "target", "category", "severity")
_MARK = re.compile(r"</?v>")
_TEST = "hotw-test"
_CANARY = "canary"  # the document of a line that says: not for training (WMT24)
_UNWRITABLE = re.compile("[\0\t\n\r\ud800-\udfff]")
_Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MqmError:
    """One row of a rating: an error, or that there is none (``No-error``).

    Attributes:
        system: The rated system.
        segment: Id of the segment in the corpus.
        rater: Who rated.
        category: As written: ``Accuracy/Mistranslation``.
        severity: As written: ``Major``.
        source_spans: Where the error is in the source, as character positions (begin, end).
        target_spans: Where it is in the output.
        metadata: What else the row says, as JSON; empty if nothing.
        path: The file it was read from, if any.
        line: The line it stands on there.
    """

    system: str
    segment: str
    rater: str
    category: str
    severity: str
    source_spans: _Places = ()
    target_spans: _Places = ()
    metadata: str = ""
    path: Path | None = field(default=None, compare=False, repr=False)
    line: int | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class _Row:
    line: int
    cells: Sequence[str]
    source: str
    target: str
    source_spans: _Places
    target_spans: _Places
    paired: bool
    metadata: dict[str, Any] = field(default_factory=dict)


def read_marot(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
    lenient: bool = False,
) -> tuple[Corpus, list[MqmError]]:
    """Reads a Marot table as a corpus and its ratings, in the order of the file.

    A row without category and severity carries a text that nobody rated, and is no `MqmError`. A
    mark ``<v>`` without its other half reaches to the end; such rows are counted in `notes`. Tests
    of a rater's attention (``HOTW-test``), whose text has an error put in, and the canary line of
    WMT24 are left out (`Corpus.left_out`), and so is a text that differs in blanks from an earlier
    row's.

    Args:
        path: The table.
        source_lang: Language of its sources; None for what the texts show.
        target_lang: Language of its outputs.
        encoding: Of the file.
        max_chars: Longest text accepted.
        notes: Where to say what was not as it should be.
        lenient: For scoring, as published tables are: where two rows disagree on a text, keep the
            first (places of errors are those in their own row's text), and where no row has the
            output of a system, take an empty one. The other texts are left out, the empty ones
            counted in `notes`.

    Raises:
        InputError: If a row is malformed, or (unless `lenient`) two rows disagree on a text or an
            output is missing.
        NothingToEvaluateError: If there is no row.
    """
    path = Path(path)
    every = list(_rows(path, encoding, max_chars))
    left_out = [LeftOut(f"line {r.line}", why, _said(r)) for r in every if (why := _unrated(r))]
    rows = [row for row in every if not _unrated(row)]
    by_number: dict[str, set[str]] = {}
    for row in rows:
        by_number.setdefault(row.cells[3], set()).add(row.cells[1])
    unique = all(number and len(documents) == 1 for number, documents in by_number.items())
    records: dict[str, Record] = {}
    errors = []
    for row in rows:
        system, document, place, number, rater = row.cells[:5]
        key = number if unique else f"{document}:{number or place}"
        record = records.setdefault(
            key, Record(key, row.line, row.source, document, extra={"docSegId": place})
        )
        known = record.systems.setdefault(system, row.target)
        for what, text, first in (
            ("source", row.source, record.source),
            (f"output of {system!r}", row.target, known),
        ):
            if text != first and (lenient or _bare(text) == _bare(first or "")):
                reason = "texts unlike an earlier row's"
                left_out.append(LeftOut(f"line {row.line}", reason, text))
            elif text != first:
                raise InputError(
                    path, f"another {what} of segment {key!r}: {preview(text)}",
                    preview(first or ""), line=row.line,
                )  # fmt: skip
        _add_references(path, record, row)
        category, severity = row.cells[7:9]
        if category or severity:
            metadata = json.dumps(row.metadata, ensure_ascii=False) if row.metadata else ""
            spans = row.source_spans, row.target_spans
            origin = path, row.line
            errors.append(
                MqmError(system, key, rater, category, severity, *spans, metadata, *origin)
            )
        elif beside := "\t".join(filter(None, (rater, *_values(row.metadata)))):
            reason = "remarks beside texts that nobody rated"
            left_out.append(LeftOut(f"line {row.line}", reason, beside))
    missing = fill_outputs(records.values()) if lenient else []
    if notes is not None:
        for noun, what, lines in (
            ("mark", "<v> without the other half", [row.line for row in rows if not row.paired]),
            ("output", "missing", missing),
        ):
            if lines:
                number = counted(len(lines), noun)
                notes.append(f"{number} {what}, on line {lines[0]} first")
    corpus = build_corpus(
        path, list(records.values()), name=plain_name(path).stem,
        direction=stated(source_lang, target_lang), notes=notes, left_out=left_out,
    )  # fmt: skip
    return corpus, errors


def _unrated(row: _Row) -> str:
    """Says why a row is no rating of a translation; empty if it is one."""
    if row.cells[1].casefold() == _CANARY:
        return "canary lines"
    return "attention tests (HOTW-test)" if row.cells[8].casefold() == _TEST else ""


def _bare(text: str) -> str:
    """Returns a text without blanks: published rows of one segment may differ in them."""
    return "".join(text.split())


def _said(row: _Row) -> str:
    return "\t".join((*row.cells[:5], row.source, row.target, *row.cells[7:]))


def _values(metadata: dict[str, Any]) -> list[str]:
    return [
        v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in metadata.values()
    ]


def write_marot(corpus: Corpus, path: str | Path, errors: Sequence[MqmError] = ()) -> None:
    """Writes a corpus with its ratings; an output that nobody rated has one row without them.

    Raises:
        InputError: If there is no system, or a text holds a tab, a line break or ``<v>``.
    """
    if not corpus.systems:
        raise InputError(path, "no system", "outputs of a system to rate")
    rated: dict[tuple[str, str], None] = {(e.system, e.segment): None for e in errors}
    places = {s.id: position for position, s in enumerate(corpus.segments)}
    rows = list(errors)
    rows += [
        MqmError(system, s.id, "", "", "")
        for s in corpus.segments
        for system in corpus.systems
        if (system, s.id) not in rated
    ]
    if not errors:
        rows.sort(key=lambda e: places[e.segment])
    lines = ["\t".join(COLUMNS)]
    told: set[str] = set()
    for error in rows:
        if error.segment not in places or error.system not in corpus.systems:
            raise InputError(
                path, f"a rating of {error.system!r} on {error.segment!r}", "a known one"
            )
        segment = corpus.segments[places[error.segment]]
        metadata: dict[str, Any] = json.loads(error.metadata) if error.metadata else {}
        pairs = zip(corpus.reference_names, segment.references, strict=True)
        references = {n: t for n, t in pairs if t is not None}
        if references and segment.id not in told:
            kept = metadata.get("segment", {})
            metadata = {**metadata, "segment": {**kept, "references": references}}
        told.add(segment.id)
        source, target = segment.source or "", corpus.systems[error.system][places[segment.id]]
        cells = {
            "system": error.system,
            "doc": corpus.document_name(segment.document),
            "docSegId": segment.extra.get("docSegId", ""),
            "globalSegId": segment.id,
            "rater": error.rater,
            "source": _marked(path, segment.id, source, error.source_spans),
            "target": _marked(path, segment.id, target, error.target_spans),
            "category": error.category,
            "severity": error.severity,
            "metadata": json.dumps(metadata, ensure_ascii=False) if metadata else "{}",
        }
        check_writable(path, "Marot TSV", segment.id, cells, _UNWRITABLE)
        lines.append("\t".join(cells.values()))
    write_text(path, "\n".join(lines) + "\n")


def is_marot(header: Sequence[str]) -> bool:
    """True if these are the columns of a Marot table."""
    return len(header) >= 9 and [_plain(name) for name in header[:9]] in (
        [_plain(name) for name in COLUMNS[:9]],
        [_plain(name) for name in _OLD],
    )


def _rows(path: Path, encoding: str, max_chars: int) -> Iterator[_Row]:
    header: list[str] = []
    for number, line in enumerate(iter_lines(path, encoding=encoding, max_chars=64 * max_chars), 1):
        cells = line.split("\t")
        if number == 1:
            header = cells
            if not is_marot(header):
                raise InputError(path, preview(line), f"the columns {', '.join(COLUMNS)}", line=1)
            continue
        if not min(len(header), len(COLUMNS)) <= len(cells) <= len(header):
            raise InputError(path, f"{len(cells)} fields", f"{len(header)}", line=number)
        for name, text in (("source", cells[5]), ("target", cells[6])):
            if len(text) > max_chars:
                raise InputError(
                    path, f"a {name} of {len(text):,} characters", f"at most {max_chars:,}",
                    line=number,
                )  # fmt: skip
        source, source_spans, whole = _spans(cells[5])
        target, target_spans, paired = _spans(cells[6])
        metadata = _metadata(path, header, cells, number)
        spans = source_spans, target_spans
        yield _Row(number, cells, source, target, *spans, whole and paired, metadata)


def _metadata(path: Path, header: Sequence[str], cells: Sequence[str], line: int) -> dict[str, Any]:
    """Returns what the columns beyond the ninth say of a row."""
    last = cells[9].strip() if len(cells) > 9 else ""
    if len(header) > 9 and header[9].strip().lower() == "comment":
        metadata: Any = {"note": last} if last else {}
    else:
        metadata = parse_json(path, last, line) if last else {}
    if not isinstance(metadata, dict):
        raise InputError(path, f"the metadata {preview(cells[9])}", "a JSON object", line=line)
    for place, cell in enumerate(cells[10:], 11):
        if cell.strip():
            metadata.setdefault(header[place - 1].strip() or f"column {place}", cell)
    return metadata


def _spans(text: str) -> tuple[str, _Places, bool]:
    """Takes the marks out of a text; says where they were, and whether all were paired.

    Published ratings have a few open marks: one reaches to the end, or from the beginning.
    """
    if "<v>" not in text and "</v>" not in text:
        return text, (), True
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    place, length, paired = 0, 0, True
    begin: int | None = None
    for match in _MARK.finditer(text):
        pieces.append(text[place : match.start()])
        length += len(pieces[-1])
        place = match.end()
        if match[0] == "<v>":
            paired = paired and begin is None
            begin = length if begin is None else begin
        elif begin is None and places:
            paired = False
        else:
            paired = paired and begin is not None
            places.append((begin or 0, length))
            begin = None
    plain = "".join([*pieces, text[place:]])
    if begin is not None:
        places.append((begin, len(plain)))
        paired = False
    return plain, tuple(places), paired


def _marked(path: str | Path, segment: str, text: str, spans: _Places) -> str:
    if _MARK.search(text):
        raise InputError(
            path, f"<v> in the text of segment {preview(segment)}", "text without Marot's own marks"
        )
    pieces, place = [], 0
    for begin, end in spans:
        pieces += [text[place:begin], "<v>", text[begin:end], "</v>"]
        place = end
    return "".join([*pieces, text[place:]])


def fill_outputs(records: Collection[Record]) -> list[int | None]:
    """Gives empty outputs where there is none; returns the line of each such segment."""
    systems = dict.fromkeys(name for record in records for name in record.systems)
    lines = []
    for record in records:
        absent = [name for name in systems if name not in record.systems]
        record.systems |= dict.fromkeys(absent, "")
        lines += [record.line] * len(absent)
    return lines


def _add_references(path: Path, record: Record, row: _Row) -> None:
    segment = row.metadata.get("segment")
    if segment is None:
        return
    references = segment.pop("references", {}) if isinstance(segment, dict) else None
    if not isinstance(references, dict) or not all(isinstance(t, str) for t in references.values()):
        raise InputError(path, "segment metadata", '{"references": {NAME: text}}', line=row.line)
    record.references |= references
    if not segment:
        del row.metadata["segment"]


def _plain(name: str) -> str:
    return (
        name.strip()
        .lower()
        .replace("_", "")
        .replace("docsegid", "docid")
        .replace("globalsegid", "segid")
    )

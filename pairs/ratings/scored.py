"""Scores that a program computed, as rows: what its file says, before it is joined to any corpus.

Where each shape comes from:

- COMET (Unbabel/COMET, ``comet/cli/score.py``, ``--to_json``): an object of file name to list of rows
  with ``src``, ``mt``, ``ref``, ``COMET``, and ``errors`` of XCOMET (half-open places in ``mt``); its
  texts are stripped lines.
- MetricX (google-research/metricx, ``metricx24/predict.py``): a line an output with ``source``,
  ``hypothesis``, ``reference`` (empty without one), ``prediction``; lower is better.
- WMT26's evaluation task (README of its baseline): ``item_id``, ``task2_pred`` and ``task1_pred`` by system.
- ours, as run folders hold it: a first line with ``scores`` (the name) and ``identity``, then a line an
  output with ``id``, ``system``, ``score``, ``reason``, ``errors`` and ``texts``, a hash.
- tables with a heading (id, system and score, in any order, texts beside them as they come),
  mt-metrics-eval's ``system TAB score`` in the order of the segments, and bare scores, one a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.formats.headings import role_named
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.marot import MqmError
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.ratings.judgements import error_of, number_of
from xindaya.pairs.ratings.read import SEGMENT, SYSTEM, find_column, score_column, segment_ids
from xindaya.pairs.ratings.table import LARGEST, Table, is_score, plain, read_table, score_of

_MOST_CHARS = 1 << 28
_NAMED = "call the measure as the column is called, or name the column in a spec"
_NAMELESS = ("score", "value", "prediction")
_ROLES = {
    "src": "source", "source": "source", "mt": "output", "hypothesis": "output", "output": "output",
    "ref": "reference", "reference": "reference",
}  # fmt: skip


class _Texts(NamedTuple):
    """What a row says of the texts that were scored."""

    source: str | None = None
    output: str | None = None
    reference: str | None = None


class ScoredRow(NamedTuple):  # cheaper to make than a dataclass: there are many
    """One score as its file gives it.

    Attributes:
        place: Where it stands, such as ``line 3``.
        value: None where the output was not scored.
        system: Whose output; empty if the file does not say.
        segment: Id of the segment; empty if the file does not say.
        position: That it is the n-th of its system, from 0; None where ids say more.
        output: The text that was scored, if the file has it.
        source: Likewise.
        reference: Likewise; empty where none was used, None where the file does not say.
        texts: Hash of the texts, in our own files.
        reason: Why there is no score.
        errors: What was marked, as objects of our own form.
    """

    place: str
    value: float | None
    system: str = ""
    segment: str = ""
    position: int | None = None
    output: str | None = None
    source: str | None = None
    reference: str | None = None
    texts: str = ""
    reason: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredFile:
    """A file of scores.

    Attributes:
        path: The file.
        rows: In its order.
        measure: What it calls the scores; empty if it does not.
        higher_is_better: Which end is good; None if the file does not say.
        identity: What it says of how they were computed.
    """

    path: Path
    rows: tuple[ScoredRow, ...]
    measure: str = ""
    higher_is_better: bool | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)


def read_scored(
    path: str | Path, *, column: str = "", title: str = "", encoding: str = "utf-8"
) -> ScoredFile:
    """Reads a file of scores; its form is told by its content.

    Args:
        path: The file.
        column: Column of the scores, where a table has several.
        title: What they are called: the column, if there is one of that name.
        encoding: Of the file.

    Raises:
        InputError: If the file is malformed, or of no known form.
        NothingToEvaluateError: If it has no score.
    """
    path = Path(path)
    lines = iter_lines(path, encoding=encoding, max_chars=_MOST_CHARS)
    first = next((line for line in lines if line.strip()), "").lstrip()
    if first.startswith(("{", "[")):
        found = _json(path, encoding)
    elif is_score(first) and first.strip():
        found = _bare(path, encoding)
    else:
        table = read_table(path, encoding=encoding)
        if not column and plain(title) in map(plain, table.header):
            column = title
        found = _table(table, column) if table.header else _headless(table)
    if not found.rows:
        raise NothingToEvaluateError(f"{path}: no score")
    return found


def parse_row(path: Path, place: str, row: Any) -> Iterator[ScoredRow]:
    """Yields the scores of one line of WMT26's JSON, or of ours.

    Raises:
        InputError: If it is neither.
    """
    if not isinstance(row, dict):
        raise InputError(path, f"{place}: {preview(json.dumps(row))}", "an object")
    try:
        if "prediction" in row:
            yield _metricx(path, place, row)
        elif "task1_pred" in row or "task2_pred" in row:
            yield from _wmt26(path, place, row)
        elif "id" in row and "score" in row:
            yield _ours(path, place, row)
        else:
            raise InputError(
                path, f"{place}: the keys {preview(', '.join(row))}",
                "scores: prediction (MetricX), task2_pred (WMT26), or id and score",
            )  # fmt: skip
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            path, f"{place}: content that does not fit ({preview(repr(error), 120)})",
            "a score in one of the known forms",
        ) from error  # fmt: skip


def _json(path: Path, encoding: str) -> ScoredFile:
    lines = list(iter_lines(path, encoding=encoding, max_chars=_MOST_CHARS))
    if sum(map(len, lines)) > _MOST_CHARS:
        raise InputError(path, f"over {_MOST_CHARS:,} characters", "fewer")
    number, first = next((n, line) for n, line in enumerate(lines, 1) if line.strip())
    try:
        whole = not isinstance(row := json.loads(first), dict) or _is_comet(row)
    except (ValueError, RecursionError):
        whole = True
    if whole:
        return _comet(path, parse_json(path, "\n".join(lines), nan=True))
    identity: Mapping[str, Any] = {}
    measure, begin = "", 0
    if "scores" in row and "identity" in row:
        head = parse_json(path, first, number)
        measure, identity, begin = str(head["scores"]), _object(path, head["identity"]), number
    rows: list[ScoredRow] = []
    for n, line in enumerate(lines[begin:], begin + 1):
        if line.strip():
            rows += parse_row(path, f"line {n}", parse_json(path, line, n, nan=True))
    of_metricx = "prediction" in row
    return ScoredFile(path, _numbered(rows), measure, False if of_metricx else None, identity)


def _is_comet(content: Mapping[str, Any]) -> bool:
    return bool(content) and all(isinstance(rows, list) for rows in content.values())


def _comet(path: Path, content: Any) -> ScoredFile:
    files = content.items() if isinstance(content, dict) else [("", content)]
    rows: list[ScoredRow] = []
    measure = ""
    for name, own in files:
        if not isinstance(own, list):
            raise InputError(path, f"{preview(name)}: no list", "a list of rows, as COMET writes")
        label = f"{name} " if name else ""
        for n, row in enumerate(own, 1):
            place = f"{label}{n}"
            if not isinstance(row, dict) or "mt" not in row:
                raise InputError(
                    path, f"{place}: {preview(json.dumps(row, ensure_ascii=False))}",
                    "an object with mt and a score, as COMET writes",
                )  # fmt: skip
            measure = measure or next((k for k in ("COMET", "score") if k in row), "")
            if not measure or measure not in row:
                raise InputError(
                    path, f"{place}: the keys {preview(', '.join(row))}", measure or "COMET"
                )
            source, output, reference = row.get("src"), row["mt"], row.get("ref")
            if not {type(source), type(output), type(reference)} <= {str, type(None)}:
                _texts(path, place, row)  # says which
            value = row[measure]
            if type(value) is not float or not -LARGEST <= value <= LARGEST:
                value = number_of(path, place, value)
            errors = _errors(path, place, row["errors"]) if row.get("errors") else ()
            rows.append(ScoredRow(
                place, value, "", "", n - 1, output, source, reference or "", "", "", errors,
            ))  # fmt: skip
    return ScoredFile(path, tuple(rows), measure if measure != "score" else "")


def _metricx(path: Path, place: str, row: Mapping[str, Any]) -> ScoredRow:
    system = row.get("system_id", row.get("system", ""))
    texts = _texts(path, place, row)
    return ScoredRow(
        place, number_of(path, place, row["prediction"]), str(system), output=texts.output,
        source=texts.source, reference=texts.reference,
    )  # fmt: skip


def _wmt26(path: Path, place: str, row: Mapping[str, Any]) -> Iterator[ScoredRow]:
    name, reasons = str(row["item_id"]), row.get("reasons") or {}
    spans, scores = row.get("task1_pred") or {}, row.get("task2_pred") or {}
    for system in dict.fromkeys((*spans, *scores)):
        marked = (spans.get(system) or {}).get("errors") or ()
        yield ScoredRow(
            place, number_of(path, place, scores.get(system)), system, name,
            reason=str(reasons.get(system) or ""), errors=_errors(path, place, marked),
        )  # fmt: skip


def _ours(path: Path, place: str, row: Mapping[str, Any]) -> ScoredRow:
    texts = _texts(path, place, row)
    return ScoredRow(
        place, number_of(path, place, row["score"]), str(row.get("system", "")), str(row["id"]),
        output=texts.output, source=texts.source, reference=texts.reference,
        reason=str(row.get("reason") or ""), errors=_errors(path, place, row.get("errors") or ()),
        texts=str(row.get("texts") or ""),
    )  # fmt: skip


def _texts(path: Path, place: str, row: Mapping[str, Any]) -> _Texts:
    found: dict[str, str] = {}
    for key, role in _ROLES.items():
        text = row.get(key)
        if text is not None:
            if not isinstance(text, str):
                raise InputError(path, f"{place}: {role} {preview(json.dumps(text))}", "a text")
            found.setdefault(role, text)
    return _Texts(**found)


def _errors(path: Path, place: str, items: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(items, list | tuple) or not all(isinstance(item, dict) for item in items):
        raise InputError(path, f"{place}: errors {preview(json.dumps(items))}", "a list of objects")
    return tuple(map(_error, items))


def _error(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns a marked error in our own form; its place is half-open."""
    found: MqmError = error_of(item, "start", "end", inclusive=False)
    begin, end = found.target_spans[0] if found.target_spans else (0, 0)
    return {
        "start": begin, "end": end, "severity": found.severity, "category": found.category,
        "text_of": str(item.get("text_of") or "output"), "note": str(item.get("note") or ""),
    }  # fmt: skip


def _bare(path: Path, encoding: str) -> ScoredFile:
    rows = [
        ScoredRow(f"line {n}", score_of(path, n, line), position=n - 1)
        for n, line in enumerate(iter_lines(path, encoding=encoding), 1)
    ]
    return ScoredFile(path, tuple(rows))


def _headless(table: Table) -> ScoredFile:
    rows = [
        ScoredRow(f"line {n}", score_of(table.path, n, cell), system)
        for n, (system, cell) in table.rows
    ]
    return ScoredFile(table.path, _numbered(rows))


def _table(table: Table, column: str) -> ScoredFile:
    names = [plain(name) for name in table.header]
    roles = [_role(name) for name in table.header]
    segment = find_column(names, SEGMENT)
    system = find_column(names, SYSTEM)
    taken = {place for place, role in enumerate(roles) if role}
    if system is not None and system in taken:  # mt: an output beside other texts, else a system
        if len(taken) > 1:
            system = None
        else:
            roles[system] = ""
    score = score_column(table, names, column, {system, segment, *taken}, _NAMED)
    ids = segment_ids(table, segment, names) if segment is not None else [""] * len(table.rows)
    rows = []
    for (number, cells), own in zip(table.rows, ids, strict=True):
        texts = _Texts(**{role: cells[place] for place, role in enumerate(roles) if role})
        rows.append(ScoredRow(
            f"line {number}", score_of(table.path, number, cells[score]),
            cells[system] if system is not None else "", own, None, texts.output, texts.source,
            texts.reference,
        ))  # fmt: skip
    measure = "" if names[score] in _NAMELESS else table.header[score]
    return ScoredFile(table.path, _numbered(rows), measure)


def _role(heading: str) -> str:
    """Returns which text a column holds: ``source``, ``output`` or ``reference``; empty for none."""
    known = {"source": "source", "target": "output"}.get(role_named(heading) or "", "")
    return _ROLES.get(plain(heading), known)


def _numbered(rows: list[ScoredRow]) -> tuple[ScoredRow, ...]:
    """Gives the n-th row of each system the position n, where no row names its segment or text."""
    if any(row.segment or row.output is not None for row in rows):
        return tuple(rows)
    counts: Counter[str] = Counter()
    numbered = []
    for row in rows:
        numbered.append(ScoredRow(row.place, row.value, row.system, position=counts[row.system]))
        counts[row.system] += 1
    return tuple(numbered)


def _object(path: Path, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(path, f"the identity {preview(json.dumps(value))}", "an object", line=1)
    return value

"""People's scores as JSON: WMT's human evaluation since 2024, Pearmut's annotations, error spans of WMT26.

Where each shape comes from:

- Pearmut (zouharvi/pearmut, ``examples/annotated_cache``, ``server/results_export.py``, README): a line an
  annotated document, ``annotation`` by model beside ``item`` with ``src`` and ``tgt``; places of errors are
  inclusive on both ends. WMT26 gathers such lines in one JSON object by languages; a user's
  ``__RESET__`` voids what came before, tutorials and attention checks are named in ``item_id``
  (wmt-conference/wmt26-general-mt, ``humeval/02a-filter_data.py``).
- WMT25 and the unified WMT24 (wmt-conference/wmt25-general-mt ``humeval/05-collect_humeval.py``,
  wmt24-news-systems ``humeval/merge_to_jsonl.py``): a line a segment, ``scores`` by system.
- WMT24's own (the same ``merge_to_jsonl.py``): a line a judgement, ``esa_score``, ``esa_spans``.
- WMT26's evaluation task (README of its baseline, WMT26-QE-baselines): a line a segment, ``item_id``,
  ``task1_pred`` (spans half-open, ``omission``, ``instruction_fault``), ``task2_pred``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import Direction
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.marot import MqmError
from xindaya.pairs.formats.wmt_jsonl import document_in, languages_in
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.ratings.judgements import NOTHING, Judgement, error_of, number_of, ratings_of
from xindaya.pairs.ratings.model import Ratings

_Found = Iterator[Judgement | LeftOut]
_SEVERITIES = {"minor": "minor", "major": "major", "critical": "major"}
_UNPLACED = ("omission", "instruction_fault")
_CHECKS = ("welcome_", "random_", "goodbye_", "attention_check_")
_MOST_CHARS = 1 << 28


def read_export(
    path: Path, *, direction: Direction | None = None, encoding: str = "utf-8"
) -> Ratings:
    """Reads people's scores from JSON.

    Args:
        path: JSON lines, or one JSON object or list.
        direction: As stated; judgements of other languages are left out.
        encoding: Of the file.

    Raises:
        InputError: If it is of none of the shapes above.
        NothingToEvaluateError: If nobody scored.
    """
    rows = list(_rows(path, encoding))
    shapes = [_shape(row) for _, _, row in rows]
    unknown = next((n for n, shape in enumerate(shapes) if shape is None), None)
    if unknown is not None or not rows:
        place, _, row = rows[unknown or 0] if rows else ("", "", {})
        raise InputError(
            path, f"{place}: the keys {preview(', '.join(row))}" if rows else "nothing",
            "people's scores: annotation, scores, esa_score, or task1_pred and task2_pred",
        )  # fmt: skip
    rows, left_out = _without_resets(rows)
    measure = "task2_pred" if shapes[0] is _predicted else "ESA score"
    found = (item for place, langs, row in rows for item in _judged(path, place, langs, row))
    return ratings_of(path, (*left_out, *found), measure, direction=direction)


def write_predictions(ratings: Ratings) -> tuple[str, list[LeftOut]]:
    """Returns errors and scores as WMT26's evaluation task takes them, one line a segment.

    Spans are half-open, severities minor and major (critical is major, as WMT24 counted it). An error
    without a place is an ``omission`` or an ``instruction_fault`` if its category says so; the graver
    one stands. Several people's errors stand together.

    Returns:
        The lines; and what they have no place for.
    """
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    left_out: list[LeftOut] = []
    for e in ratings.errors:
        row = rows.setdefault(e.segment, {"task1_pred": {}, "task2_pred": {}})
        own = row["task1_pred"].setdefault(
            e.system, {"errors": [], "omission": None, "instruction_fault": None}
        )
        severity = _SEVERITIES.get(e.severity.casefold(), "")
        fault = next((k for k in _UNPLACED if k.split("_")[0] in e.category.casefold()), "")
        if e.severity.casefold() == NOTHING.casefold():
            continue
        if not severity or not (e.target_spans or fault):
            reason = "errors without a place" if severity else "errors neither minor nor major"
            place = f"segment {e.segment} of {e.system}"
            left_out.append(LeftOut(place, reason, f"{e.category} {e.severity}".strip()))
        elif e.target_spans:
            own["errors"] += [
                {"start": begin, "end": end, "severity": severity, "category": e.category}
                for begin, end in e.target_spans
            ]
        else:
            own[fault] = "major" if "major" in (own[fault], severity) else severity
    for system, scores in ratings.segments.items():
        for segment, score in scores.items():
            row = rows.setdefault(segment, {"task1_pred": {}, "task2_pred": {}})
            row["task2_pred"][system] = score
    lines = [{"item_id": segment, **row} for segment, row in rows.items()]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), left_out


def _rows(path: Path, encoding: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yields place, languages and object of each row."""
    lines = list(iter_lines(path, encoding=encoding, max_chars=_MOST_CHARS))
    if sum(map(len, lines)) > _MOST_CHARS:
        raise InputError(path, f"over {_MOST_CHARS:,} characters", "fewer")
    try:
        first = json.loads(next((line for line in lines if line.strip()), ""))
        whole = not isinstance(first, dict) or (
            _shape(first) is None and all(isinstance(rows, list) for rows in first.values())
        )
    except (ValueError, RecursionError):
        whole = True
    if not whole:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"line {number}", "", _object(path, parse_json(path, line, number, nan=True))
        return
    content = parse_json(path, "\n".join(lines), nan=True)
    groups = content.items() if isinstance(content, dict) else [("", content)]
    for langs, rows in groups:
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            yield f"{langs} {number}".strip(), langs, _object(path, row)


def _object(path: Path, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise InputError(path, preview(json.dumps(row, ensure_ascii=False)), "an object")
    return row


def _shape(row: Mapping[str, Any]) -> Any:
    """Returns the reader of a row; None if it is of no known shape."""
    if "annotation" in row:
        return _pearmut
    if "task1_pred" in row or "task2_pred" in row:
        return _predicted
    if "esa_score" in row:
        return _assessed
    return _of_segment if isinstance(row.get("scores"), dict) else None


def _without_resets(
    rows: Sequence[tuple[str, str, dict[str, Any]]],
) -> tuple[list[tuple[str, str, dict[str, Any]]], list[LeftOut]]:
    """Leaves out what a user annotated before starting anew."""
    last: dict[Any, int] = {}
    for number, (_, langs, row) in enumerate(rows):
        if row.get("annotation") == "__RESET__":
            last[langs, str(row.get("user_id"))] = number
    kept, left_out = [], []
    for number, one in enumerate(rows):
        place, langs, row = one
        if number > last.get((langs, str(row.get("user_id"))), -1):
            kept.append(one)
        else:
            left_out.append(LeftOut(place, "annotations before a reset", _dump(row)))
    return kept, left_out


def _judged(path: Path, place: str, langs: str, row: dict[str, Any]) -> _Found:
    try:
        yield from _shape(row)(path, place, langs, row)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            path, f"{place}: content that does not fit ({preview(repr(error), 120)})",
            "people's scores in one of the known shapes",
        ) from error  # fmt: skip


def _pearmut(path: Path, place: str, langs: str, row: dict[str, Any]) -> _Found:
    rest = dict(row)
    annotation, items = rest.pop("annotation"), rest.pop("item", None)
    number, rater = str(rest.pop("item_i", "")), str(rest.pop("user_id", "") or "")
    if isinstance(annotation, dict):  # before version 1
        annotation = [annotation]
    items = items if isinstance(items, list) else [items or {}] * len(annotation or ())
    time = max((a["time"] for a in rest.get("actions") or () if "time" in a), default=0.0)
    if beside := {key: value for key, value in rest.items() if value}:
        yield LeftOut(place, "records of how people annotated", _dump(beside))
    for k, (item, by_model) in enumerate(zip(items, annotation or (), strict=True)):
        name = str(item.get("item_id") or (f"{number}_{k}" if len(items) > 1 else number))
        if number.startswith(_CHECKS) or name.startswith(_CHECKS) or "_tutorial_" in name:
            yield LeftOut(place, "tutorials and attention checks", _dump([item, by_model]))
            continue
        targets = item.get("tgt") or {}
        beside = {k: v for k, v in item.items() if k not in ("item_id", "src", "tgt") and v}
        if beside:
            yield LeftOut(place, "instructions and references shown to people", _dump(beside))
        for model, own in (by_model or {}).items():
            own = dict(own)
            spans = own.pop("error_spans", None) or ()
            errors = tuple(error_of(e, "start_i", "end_i", inclusive=True) for e in spans)
            score = number_of(path, place, own.pop("score", None))
            if said := {key: value for key, value in own.items() if value}:
                yield LeftOut(place, "remarks on outputs", _dump(said))
            yield Judgement(
                place, model, name, document_in(name), rater, score, errors, item.get("src"),
                targets.get(model), float(time), languages_in(name) or _pair(langs),
            )  # fmt: skip
        for model in targets.keys() - (by_model or {}).keys():
            yield LeftOut(place, "outputs that nobody judged", f"{model}\t{targets[model]}")


def _predicted(path: Path, place: str, _langs: str, row: dict[str, Any]) -> _Found:
    name = str(row["item_id"])
    spans, scores = row.get("task1_pred") or {}, row.get("task2_pred") or {}
    beside = {
        k: v for k, v in row.items() if k not in ("item_id", "task1_pred", "task2_pred") and v
    }
    if beside:
        yield LeftOut(place, "fields without a role", _dump(beside))
    for system in dict.fromkeys((*spans, *scores)):
        own = dict(spans.get(system) or {})
        errors = [error_of(e, "start", "end", inclusive=False) for e in own.pop("errors", ())]
        faults = [(key, own.pop(key, None)) for key in _UNPLACED]
        errors += [MqmError("", "", "", key, str(severity)) for key, severity in faults if severity]
        if own:
            yield LeftOut(place, "fields without a role", _dump(own))
        yield Judgement(
            place, system, name, document_in(name), "", number_of(path, place, scores.get(system)),
            tuple(errors), tags=languages_in(name),
        )  # fmt: skip


def _assessed(path: Path, place: str, _langs: str, row: dict[str, Any]) -> _Found:
    used = (
        "langs", "line_id", "src", "tgt", "doc_id", "esa_spans", "esa_score", "times", "system",
        "annotator",
    )  # fmt: skip
    beside = {k: v for k, v in row.items() if k not in used and v}
    if beside:
        yield LeftOut(place, "fields without a role", _dump(beside))
    yield Judgement(
        place, str(row["system"]), f"{row['doc_id']}_#_{row['line_id']}", str(row["doc_id"]),
        str(row.get("annotator") or ""), number_of(path, place, row["esa_score"]),
        tuple(error_of(e, "start_i", "end_i", inclusive=True) for e in row.get("esa_spans") or ()),
        row.get("src"), row.get("tgt"), _time(row.get("times")), _pair(str(row.get("langs", ""))),
    )  # fmt: skip


def _of_segment(path: Path, place: str, _langs: str, row: dict[str, Any]) -> _Found:
    name, targets = str(row["doc_id"]), row.get("tgt_text") or {}
    used = ("scores", "src_text", "tgt_text", "doc_id")
    if beside := {k: v for k, v in row.items() if k not in used and v}:
        yield LeftOut(place, "fields without a role", _dump(beside))
    for system, given in row["scores"].items():
        judged = list(given) if isinstance(given, list) else list(_waves(given))
        if not judged and system in targets:
            yield LeftOut(place, "outputs that nobody judged", f"{system}\t{targets[system]}")
        for number, one in enumerate(judged, 1):
            spans = one.get("errors") or ()
            # Without a name, each is somebody else's.
            yield Judgement(
                f"{place}, {number}" if len(judged) > 1 else place, system, name, document_in(name), str(one.get("annotator") or ""),
                number_of(path, place, one.get("score")),
                tuple(error_of(e, "start_i", "end_i", inclusive=True) for e in spans),
                row.get("src_text"), targets.get(system), _time(one.get("times")),
                languages_in(name),
            )  # fmt: skip
        if isinstance(given, dict) and (others := _others(given)):
            yield LeftOut(place, "scores of automatic metrics", _dump({system: others}))
    for system in targets.keys() - row["scores"].keys():
        yield LeftOut(place, "outputs that nobody judged", f"{system}\t{targets[system]}")


_WAVE = ("human", "errors", "annotator", "times")


def _waves(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the judgements that stand as ``human1``, ``errors1``, … beside each other."""
    for key in given:
        if key.startswith("human"):
            wave = key.removeprefix("human")
            one = {name: given.get(f"{name}{wave}") for name in _WAVE}
            if one["human"] is not None or one["errors"]:
                yield {**one, "score": one["human"]}


def _others(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key.rstrip("0123456789") not in _WAVE}


def _pair(langs: str) -> tuple[str, str] | None:
    """Returns the languages of ``en-zh`` or ``eng-zho``."""
    first, _, second = langs.partition("-")
    return (first, second) if first and second else None


def _time(times: Any) -> float:
    return max((float(t) for t in times or ()), default=0.0) if isinstance(times, Iterable) else 0.0


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

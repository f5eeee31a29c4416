"""Appraise's export of scores: CSV without a header, one judgement a row.

Ten columns (AppraiseDev/Appraise, ``EvalData/models/direct_assessment_document.py``,
``get_system_data``): user, system, segment, type, languages, score, document, whether it is whole, and
errors as JSON, whose places are inclusive (which direct assessment without spans, of WMT22 and
before, lacks); then the times of begin and end, and batch and item, where they were asked for. WMT's campaigns (wmt24-news-systems, ``humeval/tools.py``) name in the type and in
the document what is no judgement of a translation: attention checks, tutorials, fillers.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import Direction
from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.ratings.judgements import Judgement, error_of, number_of, ratings_of
from xindaya.pairs.ratings.model import Ratings
from xindaya.pairs.ratings.table import is_score

_WIDTHS = range(9, 15)
_TYPES = ("TGT", "CHK", "BAD", "REF")
_JUDGED = ("TGT", "CHK")
_FILLER = re.compile("#(bad|dup|incomplete)|tutorial")
_MOST = 1_000_000


def is_appraise(line: str) -> bool:
    """True if a first line is a row of such an export."""
    try:
        cells = next(csv.reader([line]), [])
    except csv.Error:
        return False
    return len(cells) in _WIDTHS and cells[3] in _TYPES and is_score(cells[6])


def read_appraise(
    path: Path, *, direction: Direction | None = None, encoding: str = "utf-8"
) -> Ratings:
    """Reads an export of Appraise.

    Args:
        path: The file.
        direction: As stated; judgements of other languages are left out.
        encoding: Of the file.

    Raises:
        InputError: If a row is malformed.
        NothingToEvaluateError: If nobody scored.
    """
    return ratings_of(path, _rows(path, encoding), "ESA score", direction=direction)


def _rows(path: Path, encoding: str) -> Iterator[Judgement | LeftOut]:
    width = 0
    for number, line in enumerate(iter_lines(path, encoding=encoding, max_chars=1 << 24), 1):
        if not line.strip():
            continue
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error as error:
            raise InputError(path, f"broken CSV ({error})", "closed quotes", line=number) from error
        width = width or len(cells)
        if len(cells) != width or number > _MOST:
            found = f"{len(cells)} fields" if number <= _MOST else f"over {_MOST:,} rows"
            raise InputError(path, found, f"{width} a row", line=number)
        yield from _judged(path, number, cells)


def _judged(path: Path, number: int, cells: list[str]) -> Iterator[Judgement | LeftOut]:
    user, system, segment, kind, source, target, score, document, whole, *more = cells
    errors = more.pop(0) if len(more) % 2 else ""
    place = f"line {number}"
    if kind not in _JUDGED or _FILLER.search(f"{document} {system} {segment}"):
        reason = "attention checks, tutorials and fillers"
        yield LeftOut(place, reason, "\t".join(cells))
        return
    spans = parse_json(path, errors or "[]", number)
    if isinstance(spans, str):  # one that was quoted twice
        spans = parse_json(path, spans, number)
    if not isinstance(spans, list) or not all(isinstance(e, dict) for e in spans):
        raise InputError(path, f"the errors {json.dumps(spans)[:80]}", "a list", line=number)
    times = [float(cell) for cell in more[:2] if is_score(cell) and cell.strip()]
    beside = "\t".join((kind, document, whole, *more))
    yield LeftOut(place, "types, document names and times of judgements", beside)
    yield Judgement(
        place, system, segment, document.partition("#")[0] if "_#_" not in document else document,
        user, number_of(path, place, score),
        tuple(error_of(e, "start_i", "end_i", inclusive=True) for e in spans),
        time=max(times, default=0.0), tags=(source, target),
    )  # fmt: skip

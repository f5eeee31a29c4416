"""Reading human scores: what a file holds is told by its header, not by its name.

Known forms: WMT's MQM averages a segment (``system mqm_avg_score seg_id``), MQM errors with spans
(Marot's table), WMT's direct assessment of systems (``RAW.SCR Z.SCR N SYS N.ALL``) and of segments
(``SYS SID RAW.SCR Z.SCR N``, the ``ad-seg-scores`` of wmt21-news-systems, humaneval/README.txt), the
headless ``*.score`` files of mt-metrics-eval, Appraise's CSV, JSON of Pearmut and of WMT since 2024, and
any table with a column of systems and one of scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import Direction, stated
from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.formats.detect import detect_format
from xindaya.pairs.formats.marot import read_marot
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.ratings.appraise import is_appraise, read_appraise
from xindaya.pairs.ratings.exports import read_export
from xindaya.pairs.ratings.model import Ratings
from xindaya.pairs.ratings.table import Table, is_score, plain, read_table, score_of

_MOST_CHARS = 1 << 28
KINDS = ("auto", "mqm", "segments", "systems", "da")

SYSTEM = ("system", "sys", "systemid", "systemname", "mt")
SEGMENT = (
    "segid", "sid", "segmentid", "globalsegid", "segment", "seg", "sgm", "segnum", "itemid", "line", "id",
)  # fmt: skip
_DOCUMENT = ("doc", "document", "docid", "documentid")
# Direct assessment, best first: z-scores allow for strict and mild raters.
_ASSESSED = ("zscr", "zscore", "z", "rawscr", "rawscore", "raw", "da", "dascore")
_SCORE = (*_ASSESSED, "score", "mqm", "mqmavgscore", "mqmscore", "avgscore", "mean", "average")


def read_ratings(
    path: str | Path,
    *,
    kind: str = "auto",
    column: str = "",
    source_lang: str | None = None,
    target_lang: str | None = None,
    encoding: str = "utf-8",
) -> Ratings:
    """Reads a file of human scores.

    Args:
        path: The file.
        kind: One of `KINDS`: ``auto`` tells it by the content; any other must fit.
        column: Name of the column of scores, where a table has several.
        source_lang: Of the texts beside MQM errors; None for what they show.
        target_lang: Of the texts beside MQM errors.
        encoding: Of the file.

    Raises:
        InputError: If the file is malformed or not of this kind.
        NothingToEvaluateError: If it has no score.
    """
    path = Path(path)
    is_mqm = _is_mqm(path, encoding)
    if is_mqm and kind in ("auto", "mqm"):
        notes: list[str] = []
        corpus, errors = read_marot(
            path,
            source_lang=source_lang,
            target_lang=target_lang,
            encoding=encoding,
            notes=notes,
            lenient=True,
        )
        return Ratings(
            path.name, "mqm", "MQM", corpus=corpus, errors=tuple(errors), notes=tuple(notes),
            left_out=corpus.left_out,
        )  # fmt: skip
    if found := None if is_mqm else _export(path, stated(source_lang, target_lang), encoding):
        if kind not in ("auto", "da", found.kind):
            what = f"scores of {found.kind}"
            raise InputError(path, what, f"scores of {kind}", hint="see --kind")
        return found
    if is_mqm or kind == "mqm":
        what = "MQM errors" if is_mqm else "a table without the columns of MQM errors"
        raise InputError(path, what, f"scores of kind {kind!r}", hint="leave out --kind")
    table = read_table(path, encoding=encoding)
    return _with_header(table, kind, column) if table.header else _headless(table, kind)


def _is_mqm(path: Path, encoding: str) -> bool:
    try:
        return detect_format(path, encoding=encoding) == "marot"
    except InputError:
        if not path.is_file():
            raise
        return False


def _export(path: Path, direction: Direction | None, encoding: str) -> Ratings | None:
    """Reads JSON and Appraise's CSV; None for anything else."""
    lines = iter_lines(path, encoding=encoding, max_chars=_MOST_CHARS)
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith(("{", "[")):
        return read_export(path, direction=direction, encoding=encoding)
    if is_appraise(first):
        return read_appraise(path, direction=direction, encoding=encoding)
    return None


def _headless(table: Table, kind: str) -> Ratings:
    """Reads ``system TAB score`` rows: one a system, or one a segment in the order of the text."""
    scores: dict[str, list[float | None]] = {}
    for number, (system, cell) in table.rows:
        scores.setdefault(system, []).append(score_of(table.path, number, cell))
    counts = {system: len(column) for system, column in scores.items()}
    if len(set(counts.values())) > 1:
        few, many = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
        raise InputError(
            table.path, f"{counts[few]:,} scores of {few!r} and {counts[many]:,} of {many!r}",
            "as many of each system: None where nobody scored",
        )  # fmt: skip
    if set(counts.values()) == {1} and kind != "segments":
        known = {s: column[0] for s, column in scores.items() if column[0] is not None}
        return _of_systems(table, "score", known, kind)
    _check_kind(table, kind, "segments")
    _check_scored(table, (x for own in scores.values() for x in own))
    segments = {s: {str(n): x for n, x in enumerate(c, 1)} for s, c in scores.items()}
    return Ratings(table.path.name, "segments", "score", segments, ordered=True)


def _with_header(table: Table, kind: str, column: str) -> Ratings:
    names = [plain(name) for name in table.header]
    system, segment = find_column(names, SYSTEM), find_column(names, SEGMENT)
    if system is None:
        raise InputError(
            table.path, f"the columns {', '.join(map(preview, table.header))}",
            "one called system (or sys) and one of scores", line=1,
        )  # fmt: skip
    if kind == "systems":
        segment = None
    score = score_column(table, names, column, {system, segment})
    for place in (system, segment, score):
        if place is not None and names.count(names[place]) > 1:
            raise InputError(
                table.path, f"two columns {preview(table.header[place])}", "each name once", line=1
            )
    assessed = kind == "da" or names[score] in _ASSESSED
    if kind == "da" and names[score] not in _ASSESSED and not column:
        raise InputError(
            table.path, f"the columns {', '.join(map(preview, table.header))}",
            "raw or z scores of direct assessment", line=1, hint="leave out --kind, or name --score-column",
        )  # fmt: skip
    measure = table.header[score]
    if segment is None:
        _check_kind(table, kind, "systems")
        known = {}
        for number, cells in table.rows:
            if cells[system] in known:
                raise _twice(table, number, cells[system])
            value = score_of(table.path, number, cells[score])
            if value is not None:
                known[cells[system]] = value
        found = _of_systems(table, measure, known, kind)
        return replace(found, left_out=_columns(table, {system, score}))
    _check_kind(table, kind, "segments")
    document = find_column(names, _DOCUMENT)
    ids = segment_ids(table, segment, names)
    used = {system, segment, score}
    if document is not None and ids != [cells[segment] for _, cells in table.rows]:
        used.add(document)
    found = _of_segments(table, system, score, ids, measure, average=assessed)
    return replace(found, left_out=_columns(table, used))


def _columns(table: Table, used: set[int]) -> tuple[LeftOut, ...]:
    """Accounts for the columns that have no role."""
    return tuple(
        LeftOut(f"column {name}", "columns without a role", "\n".join((name, *cells)))
        for place, name in enumerate(table.header)
        if place not in used and any(cells := [cells[place] for _, cells in table.rows])
    )


def _of_systems(table: Table, measure: str, known: dict[str, float], kind: str) -> Ratings:
    _check_kind(table, kind, "systems")
    if not known:
        raise NothingToEvaluateError(f"{table.path}: no system is scored")
    return Ratings(table.path.name, "systems", measure, systems=known)


def _of_segments(
    table: Table,
    system_place: int,
    score_place: int,
    ids: list[str],
    measure: str,
    *,
    average: bool,
) -> Ratings:
    """Collects scores of segments; judgements of several people are averaged."""
    given: dict[str, dict[str, list[float]]] = {}
    repeated = 0
    for (number, cells), segment in zip(table.rows, ids, strict=True):
        system = cells[system_place]
        value = score_of(table.path, number, cells[score_place])
        own = given.setdefault(system, {})
        if segment in own:
            if not average:
                raise _twice(table, number, system, segment)
            repeated += 1
        own.setdefault(segment, []).extend([] if value is None else [value])
    segments = {
        system: {segment: sum(v) / len(v) if v else None for segment, v in own.items()}
        for system, own in given.items()
    }
    _check_scored(table, (x for own in segments.values() for x in own.values()))
    notes = (f"{repeated:,} repeated judgements are averaged with the first",) if repeated else ()
    return Ratings(table.path.name, "segments", measure, segments, notes=notes)


def segment_ids(table: Table, segment: int, names: Sequence[str]) -> list[str]:
    """Returns the segment of each row: ``DOC:ID`` where every document counts by itself."""
    document = find_column(names, _DOCUMENT)
    if document is None:
        return [cells[segment] for _, cells in table.rows]
    owners: dict[str, str] = {}
    for _, cells in table.rows:
        if owners.setdefault(cells[segment], cells[document]) != cells[document]:
            return [f"{own[document]}:{own[segment]}" for _, own in table.rows]
    return [cells[segment] for _, cells in table.rows]


def find_column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Returns the place of the first of the wanted columns; None if there is none of them."""
    return next((names.index(name) for name in wanted if name in names), None)


def score_column(
    table: Table,
    names: Sequence[str],
    column: str,
    taken: set[int | None],
    way_out: str = "name it with --score-column",
) -> int:
    """Chooses the column of scores: the one asked for, a known name, or the only numbers."""
    if column:
        if plain(column) not in names:
            raise InputError(
                table.path, f"no column {column!r}", f"one of {', '.join(table.header)}", line=1,
                hint=way_out,
            )  # fmt: skip
        return names.index(plain(column))
    known = find_column(names, _SCORE)
    if known is not None and known not in taken:
        return known
    numeric = [
        place
        for place in range(len(names))
        if place not in taken and all(is_score(cells[place]) for _, cells in table.rows)
    ]
    if len(numeric) != 1:
        raise InputError(
            table.path, f"{len(numeric)} columns that could be scores among "
            f"{', '.join(map(preview, table.header))}", "one", line=1,
            hint=way_out,
        )  # fmt: skip
    return numeric[0]


def _check_scored(table: Table, scores: Iterable[float | None]) -> None:
    if all(score is None for score in scores):
        raise NothingToEvaluateError(f"{table.path}: no segment is scored")


def _check_kind(table: Table, kind: str, found: str) -> None:
    if kind not in ("auto", "da", found):
        raise InputError(table.path, f"scores of {found}", f"scores of {kind}", hint="see --kind")


def _twice(table: Table, line: int, system: str, segment: str = "") -> InputError:
    of = f" on segment {preview(segment)}" if segment else ""
    hint = "" if segment else "a table of judgements needs a column of segments"
    return InputError(
        table.path, f"{preview(system)}{of} twice", "one score each", line=line, hint=hint
    )

"""The project's termbase table: ``concept, zh, en, status, case, note`` and optional columns.

One row an English form. A concept's Chinese forms are the distinct ``zh`` cells of its rows; in a
row without ``en`` the status belongs to the Chinese form. Optional columns: ``match`` (inflected,
exact, pattern), ``expansion`` (what an acronym stands for), ``context`` (regular expression the
source passage must match), ``critical`` (yes or no).

Other columns are kept. Where only the first row of a concept has a value, it is the concept's;
where other rows have one, each value belongs to its row's form (the English one, if there is one).
A name that would be read otherwise is written with ``concept:`` or ``term:`` before it, which says
whose the values are.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.termbase import Case, Concept, Match, Status, Term, Termbase

REQUIRED = ("concept", "zh", "en")
KNOWN = (*REQUIRED, "status", "case", "note", "match", "expansion", "context", "critical")
_CONCEPT, _TERM = "concept:", "term:"

_Choice = TypeVar("_Choice", bound=enum.StrEnum)


def termbase_of(table: Table, *, lenient: bool = False) -> Termbase:
    """Returns the termbase that a table holds.

    Args:
        table: The table.
        lenient: Keep white space around forms and forms that contradict or repeat one another.

    Raises:
        InputError: If a required column is missing, a status, case or match word is unknown, a
            form stands twice in a concept with different rules, or a row names no term.
        NothingToEvaluateError: If the table has no row.
    """
    drafts = Drafts(table.path, lenient=lenient)
    read_rows(table, drafts)
    return drafts.termbase(table.path.stem)


def read_rows(table: Table, drafts: Drafts) -> None:
    """Adds the rows of a table to a termbase; raises as `termbase_of`."""
    table.require(*REQUIRED)
    owned = _concept_columns(table)
    for row in table.rows:
        concept = row.cells["concept"].strip()
        draft = drafts.concept(concept)
        again = drafts.is_again(concept, row.cells["zh"], row.cells["en"])
        extra = _term_fields(row, owned[concept])
        for term, stated in _terms(table.path, row, extra, lenient=drafts.lenient):
            drafts.add(draft, term, row.line, stated=stated, repeats=stated and again)
        draft.context = draft.context or row.cells.get("context", "")
        draft.critical |= row.cells.get("critical", "").strip().lower() in ("yes", "true", "1")
        draft.extra = _concept_fields(row, owned[concept]) | draft.extra


def rows_of(path: Path, termbase: Termbase) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Returns the columns and rows of a termbase, one row a term.

    Args:
        path: The file to be written, for error messages.
        termbase: The termbase. A concept without a term has no row.

    Raises:
        InputError: If the name of an unknown field cannot be the name of a column.
    """
    rows = [row for concept in termbase.concepts for row in _concept_rows(concept)]
    columns = dict.fromkeys(KNOWN)
    for row in rows:
        columns.update(dict.fromkeys(row))
    for column in columns:
        if column != column.strip() or any(c in column for c in "\t\n\r"):
            raise InputError(path, f"the field name {preview(column)}", "a name of one line")
    return tuple(columns), rows


def _terms(
    path: Path, row: Row, extra: Mapping[str, str], *, lenient: bool
) -> list[tuple[Term, bool]]:
    """Returns the terms of a row, and whether the row states the status of each."""
    zh, en = row.cells["zh"], row.cells["en"]
    if not zh.strip() and not en.strip():
        raise InputError(path, "a row without a term", "zh or en", line=row.line)
    lang, text = ("en", en) if en.strip() else ("zh", zh)
    stated = Term(
        text if lenient else text.strip(),
        lang,
        _choice(path, row, "status", Status.PREFERRED),
        _choice(path, row, "case", Case.INSENSITIVE),
        _choice(path, row, "match", Match.INFLECTED),
        row.cells.get("expansion", "").strip(),
        row.cells.get("note", ""),
        extra,
    )
    if lang == "zh" or not zh.strip():
        return [(stated, True)]
    return [(Term(zh if lenient else zh.strip(), "zh"), False), (stated, True)]


def _concept_columns(table: Table) -> dict[str, frozenset[str]]:
    """Returns, by concept, the unknown columns of which only its first row has a value."""
    first: dict[str, set[str]] = {}
    later: dict[str, set[str]] = {}
    for row in table.rows:
        concept = row.cells["concept"].strip()
        if not concept:
            raise InputError(table.path, "an empty concept id", "an id", line=row.line)
        filled = {column for column, cell in row.cells.items() if cell and _is_plain(column)}
        if concept in first:
            later[concept] |= filled
        else:
            first[concept], later[concept] = filled, set()
    return {concept: frozenset(first[concept] - later[concept]) for concept in first}


def _concept_fields(row: Row, owned: frozenset[str]) -> dict[str, str]:
    return {
        column.removeprefix(_CONCEPT): cell
        for column, cell in row.cells.items()
        if cell and (column in owned or column.startswith(_CONCEPT))
    }


def _term_fields(row: Row, owned: frozenset[str]) -> dict[str, str]:
    return {
        column.removeprefix(_TERM): cell
        for column, cell in row.cells.items()
        if cell and column not in owned and (_is_plain(column) or column.startswith(_TERM))
    }


def _is_plain(column: str) -> bool:
    """True for an unknown column without a prefix."""
    return column not in KNOWN and not column.startswith((_CONCEPT, _TERM))


def _concept_rows(concept: Concept) -> list[dict[str, str]]:
    rows = []
    for position, term in enumerate(concept.terms):
        row = {
            "concept": concept.id,
            term.lang: term.text,
            "status": term.status.value,
            "case": "" if term.case is Case.INSENSITIVE else term.case.value,
            "note": term.note,
            "match": "" if term.match is Match.INFLECTED else term.match.value,
            "expansion": term.expansion,
        }
        if position == 0:
            row["context"] = concept.context
            row["critical"] = "yes" if concept.critical else ""
            for name, value in concept.extra.items():
                row[name if _is_plain(name) else _CONCEPT + name] = value
        for name, value in term.extra.items():
            row[name if _reads_as_term_field(concept, name) else _TERM + name] = value
        rows.append(row)
    return rows


def _reads_as_term_field(concept: Concept, name: str) -> bool:
    """True if a column of this name, without a prefix, is read as a field of the terms."""
    elsewhere = any(name in term.extra for term in concept.terms[1:])
    return _is_plain(name) and name not in concept.extra and elsewhere


def _choice(path: Path, row: Row, column: str, default: _Choice) -> _Choice:
    word = row.cells.get(column, "").strip().lower()
    if not word:
        return default
    try:
        return type(default)(word)
    except ValueError as error:
        raise InputError(
            path,
            f"{column} {word!r}",
            " or ".join(type(default)),
            line=row.line,
        ) from error

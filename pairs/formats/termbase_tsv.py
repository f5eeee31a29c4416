"""The project's termbase table: ``concept, zh, en, status, case, note`` and optional columns.

One row an English form. A concept's Chinese forms are the distinct ``zh`` cells of its rows; in a
row without ``en`` the status belongs to the Chinese form. Optional columns: ``match`` (inflected,
exact, pattern), ``expansion`` (what an acronym stands for), ``context`` (regular expression the
source passage must match), ``critical`` (yes or no). Others are kept for a round trip.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from xindaya.pairs.errors import InputError, NothingToEvaluateError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.tables import Row, format_table, read_table
from xindaya.pairs.termbase import Case, Concept, Match, Status, Term, Termbase

_REQUIRED = ("concept", "zh", "en")
_KNOWN = (*_REQUIRED, "status", "case", "note", "match", "expansion", "context", "critical")

_Choice = TypeVar("_Choice", bound=enum.StrEnum)


@dataclass(slots=True)
class _Draft:
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    context: str = ""
    critical: bool = False
    extra: dict[str, str] = field(default_factory=dict)


def read_termbase_tsv(path: str | Path) -> Termbase:
    """Reads a termbase table.

    Raises:
        InputError: If a required column is missing, a status, case or match word is unknown, a
            form stands twice in a concept with different fields, or a row names no term.
        NothingToEvaluateError: If the table has no row.
    """
    path = Path(path)
    table = read_table(path)
    table.require(*_REQUIRED)
    drafts: dict[str, _Draft] = {}
    for row in table.rows:
        concept = row.cells["concept"].strip()
        if not concept:
            raise InputError(path, "an empty concept id", "an id", line=row.line)
        draft = drafts.setdefault(concept, _Draft())
        _add_terms(path, row, draft)
        draft.context = draft.context or row.cells.get("context", "")
        draft.critical |= row.cells.get("critical", "").strip().lower() in ("yes", "true", "1")
        unknown = {k: v for k, v in row.cells.items() if k not in _KNOWN and v}
        draft.extra.update({k: v for k, v in unknown.items() if k not in draft.extra})
    if not drafts:
        raise NothingToEvaluateError(f"{path}: a termbase without a concept")
    concepts = tuple(
        Concept(i, tuple(d.terms.values()), d.context, d.critical, MappingProxyType(d.extra))
        for i, d in drafts.items()
    )
    return Termbase(path.stem, concepts)


def write_termbase_tsv(termbase: Termbase, path: str | Path) -> None:
    """Writes a termbase table, one row a term."""
    extra = list(dict.fromkeys(k for c in termbase.concepts for k in c.extra))
    rows = []
    for concept in termbase.concepts:
        for position, term in enumerate(concept.terms):
            row = {
                "concept": concept.id,
                term.lang: term.text,
                "status": term.status.value,
                "case": "" if term.case is Case.INSENSITIVE else term.case.value,
                "note": term.note,
                "match": "" if term.match is Match.INFLECTED else term.match.value,
                "expansion": term.expansion,
                "context": concept.context if position == 0 else "",
                "critical": "yes" if concept.critical and position == 0 else "",
            }
            rows.append(row | (dict(concept.extra) if position == 0 else {}))
    write_text(path, format_table(path, (*_KNOWN, *extra), rows))


def _add_terms(path: Path, row: Row, draft: _Draft) -> None:
    zh, en = row.cells["zh"].strip(), row.cells["en"].strip()
    if not zh and not en:
        raise InputError(path, "a row without a term", "zh or en", line=row.line)
    status = _choice(path, row, "status", Status.PREFERRED)
    case = _choice(path, row, "case", Case.INSENSITIVE)
    match = _choice(path, row, "match", Match.INFLECTED)
    note, expansion = row.cells.get("note", ""), row.cells.get("expansion", "").strip()
    if zh and not en:
        _put(path, row, draft, Term(zh, "zh", status, case, match, expansion, note))
    elif zh and ("zh", zh) not in draft.terms:
        first = not any(lang == "zh" for lang, _ in draft.terms)
        _put(
            path,
            row,
            draft,
            Term(zh, "zh", Status.PREFERRED if first else Status.ADMITTED),
        )
    if en:
        _put(path, row, draft, Term(en, "en", status, case, match, expansion, note))


def _put(path: Path, row: Row, draft: _Draft, term: Term) -> None:
    known = draft.terms.setdefault((term.lang, term.text), term)
    if (known.status, known.case, known.match) != (term.status, term.case, term.match):
        raise InputError(
            path,
            f"{term.text!r} as {term.status} and as {known.status} in one concept",
            "one status, case and match rule a form",
            line=row.line,
        )


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

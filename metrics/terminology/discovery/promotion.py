"""From a proposed term to the termbase: a cluster's spellings become rows with a status."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.metrics.terminology.discovery.found import Discovery, FoundRendering, FoundTerm
from xindaya.metrics.terminology.discovery.words import cluster_key, english_tokens, normal_form
from xindaya.pairs import InputError, Status, Termbase, UsageError
from xindaya.pairs.direction import other_language
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.tables import Row, Table, format_table, read_table
from xindaya.pairs.formats.termbase.rows import termbase_of

_COLUMNS = ("concept", "zh", "en", "status")


@dataclass(frozen=True, slots=True)
class Promotion:
    """A rendering of a term, the status that its spellings get, and the language of the term."""

    term: FoundTerm
    rendering: FoundRendering
    status: Status
    lang: str = "zh"


def parse_promotion(
    argument: str, discovery: Discovery, without: Callable[[], Discovery] | None = None
) -> Promotion:
    """Reads ``TERM=RENDERING:STATUS``; the rendering is any spelling of it, or its number from 1.

    A termbase changes what is read. So a spelling may also be one that is found without it, and a
    number must mean the same with it and without it.

    Args:
        argument: What the user typed.
        discovery: The terms found.
        without: Finds the terms without the termbase, if there is one.

    Raises:
        UsageError: If there is no such term, rendering or status, or a number has two meanings.
    """
    name, equals, rest = argument.partition("=")
    wanted, colon, status = rest.rpartition(":")
    if not equals or not colon:
        raise UsageError(f"--promote {argument!r}: expected TERM=RENDERING:STATUS")
    if status not in list(Status):
        raise UsageError(f"--promote {argument!r}: status {status!r}; expected {', '.join(Status)}")
    term = discovery.term(name)
    rendering = _meant(term, wanted)
    numbered = wanted.isdecimal() and wanted.isascii()
    if without and (numbered or rendering is None):
        plain = without().term(name)
        other = _meant(plain, wanted)
        if rendering is None:
            term, rendering = (plain, other) if other or not term else (term, None)
        elif numbered and (other is None or other.key != rendering.key):
            also = f"{other.text!r} without it" if other else "none without it"
            raise UsageError(
                f"--promote {argument!r}: number {wanted} is {rendering.text!r} with the termbase"
                f" and {also}; say which by its text, {name}={rendering.text}:{status}"
            )
    if term is None:
        raise UsageError(f"--promote {argument!r}: {name!r} is not among the terms found")
    if rendering is None:
        texts = "; ".join(f"{n} {r.text!r}" for n, r in enumerate(term.renderings, 1))
        raise UsageError(f"--promote {argument!r}: no rendering {wanted!r}; {name} has {texts}")
    return Promotion(term, rendering, Status(status), discovery.lang)


def _meant(term: FoundTerm | None, wanted: str) -> FoundRendering | None:
    """Returns the rendering with this spelling, else with these words, else with this number."""
    renderings = term.renderings if term else ()
    key = cluster_key(token for token, _ in english_tokens(wanted))
    tests: tuple[Callable[[int, FoundRendering], bool], ...] = (
        lambda _, r: _folded(wanted) in map(_folded, r.forms),
        lambda _, r: bool(key) and r.key == key,
        lambda number, _: wanted == str(number),
    )
    matches = (r for test in tests for n, r in enumerate(renderings, 1) if test(n, r))
    return next(matches, None)


def _folded(form: str) -> str:
    return " ".join(form.split()).casefold()


def promote(promotions: Sequence[Promotion], path: Path) -> int:
    """Appends rows to a termbase table, which is made if it does not exist.

    What stands there stays as it is; a row that says the same already is not repeated. The file is
    replaced as a whole, and only by one that reads as a termbase.

    Returns:
        Rows added.

    Raises:
        InputError: If the file is no termbase, or gives a spelling another status.
    """
    old = read_table(path) if path.exists() else Table(path, _COLUMNS, ())
    existing = termbase_of(old) if old.rows else None
    columns = (*old.columns, *(c for c in _COLUMNS if c not in old.columns))
    rows = [row.cells for row in old.rows]
    kept = len(rows)
    concepts: dict[str, str] = {}
    for promotion in promotions:
        term = promotion.term.term
        taken = {cells["concept"] for cells in rows}
        concept = concepts.setdefault(term, _concept(promotion, existing, taken))
        target = other_language(promotion.lang)
        stated = {
            cells[target].lower(): cells.get("status") or Status.PREFERRED.value
            for cells in rows
            if cells["concept"] == concept and (target == "en" or not cells["en"])
        }
        for form in distinct_forms(promotion.rendering.forms):
            status = stated.setdefault(form.lower(), promotion.status.value)
            if status != promotion.status.value:
                raise InputError(path, f"{form!r} as {status}", f"no such row in {concept!r}")
            for row in form_rows(concept, promotion.lang, term, form, status):
                if not any(_says(cells, row) for cells in rows):
                    rows.append(row)
    full = [Row(n, {c: cells.get(c, "") for c in columns}) for n, cells in enumerate(rows, 2)]
    termbase_of(Table(path, columns, tuple(full)))
    if len(rows) > kept:
        write_text(path, format_table(path, columns, rows))
    return len(rows) - kept


def _concept(promotion: Promotion, existing: Termbase | None, taken: set[str]) -> str:
    """Returns the concept that has the source form, or a new id made of the English one."""
    term = promotion.term.term
    for concept in existing.concepts if existing else ():
        if term in (t.text for t in concept.in_language(promotion.lang)):
            return concept.id
    return concept_id(term if promotion.lang == "en" else promotion.rendering.text, term, taken)


def concept_id(english: str, term: str, taken: Container[str]) -> str:
    """Returns a new id: the English form in small letters and hyphens, else the term itself."""
    slug = re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-") or term
    name, number = slug, 2
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    return name


def form_rows(
    concept: str, lang: str, term: str, form: str, status: str
) -> Iterator[dict[str, str]]:
    """Yields the rows that give a term a rendering with a status.

    The status of a row is that of its English form, so a Chinese rendering has a row of its own.
    """
    values = [(term, form, status)] if lang == "zh" else [("", term, ""), (form, "", status)]
    for value in values:
        yield dict(zip(_COLUMNS, (concept, *value), strict=True))


def distinct_forms(forms: Sequence[str]) -> list[str]:
    """Keeps one spelling of those that differ in inflection, case or blanks only."""
    kept: dict[tuple[str, ...], str] = {}
    for form in (" ".join(form.split()) for form in forms):
        kept.setdefault(tuple(normal_form(token) for token, _ in english_tokens(form)), form)
    return list(kept.values())


def _says(cells: dict[str, str], row: dict[str, str]) -> bool:
    same = all(cells[column] == row[column] for column in ("concept", "zh"))
    return same and cells["en"].lower() == row["en"].lower()

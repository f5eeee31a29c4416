"""From a proposed term to the termbase: a cluster's spellings become rows with a status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.metrics.terminology.discovery.found import Discovery, FoundRendering, FoundTerm
from xindaya.metrics.terminology.discovery.words import cluster_key, english_tokens, normal_form
from xindaya.pairs import InputError, Status, Termbase, UsageError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.tables import Row, Table, format_table, read_table
from xindaya.pairs.formats.termbase.rows import termbase_of

_COLUMNS = ("concept", "zh", "en", "status")


@dataclass(frozen=True, slots=True)
class Promotion:
    """A cluster of a term and the status that its spellings get."""

    term: FoundTerm
    rendering: FoundRendering
    status: Status


def parse_promotion(argument: str, discovery: Discovery) -> Promotion:
    """Reads ``TERM=CLUSTER:STATUS``; the cluster is its number from 1, or any spelling of it.

    Raises:
        UsageError: If there is no such term, cluster or status.
    """
    name, equals, rest = argument.partition("=")
    cluster, colon, status = rest.rpartition(":")
    if not equals or not colon:
        raise UsageError(f"--promote {argument!r}: expected TERM=CLUSTER:STATUS")
    if status not in list(Status):
        raise UsageError(f"--promote {argument!r}: status {status!r}; expected {', '.join(Status)}")
    term = discovery.term(name)
    if term is None:
        raise UsageError(f"--promote {argument!r}: {name!r} is not among the terms found")
    key = cluster_key(token for token, _ in english_tokens(cluster))
    for number, rendering in enumerate(term.renderings, 1):
        if cluster == str(number) or (key and rendering.key == key):
            return Promotion(term, rendering, Status(status))
    texts = "; ".join(f"{n} {r.text!r}" for n, r in enumerate(term.renderings, 1))
    raise UsageError(f"--promote {argument!r}: no rendering {cluster!r}; {name} has {texts}")


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
        stated = {
            cells["en"].lower(): cells.get("status") or Status.PREFERRED.value
            for cells in rows
            if cells["concept"] == concept
        }
        for form in _distinct(promotion.rendering.forms):
            status = stated.setdefault(form.lower(), promotion.status.value)
            if status != promotion.status.value:
                raise InputError(path, f"{form!r} as {status}", f"no such row in {concept!r}")
            row = dict(zip(_COLUMNS, (concept, term, form, status), strict=True))
            if not any(_says(cells, row) for cells in rows):
                rows.append(row)
    full = [Row(n, {c: cells.get(c, "") for c in columns}) for n, cells in enumerate(rows, 2)]
    termbase_of(Table(path, columns, tuple(full)))
    if len(rows) > kept:
        write_text(path, format_table(path, columns, rows))
    return len(rows) - kept


def _concept(promotion: Promotion, existing: Termbase | None, taken: set[str]) -> str:
    """Returns the concept that has the Chinese form, or a new id made of the English one."""
    for concept in existing.concepts if existing else ():
        if promotion.term.term in (t.text for t in concept.in_language("zh")):
            return concept.id
    slug = re.sub(r"[^a-z0-9]+", "-", promotion.rendering.text.lower()).strip("-")
    name, number = slug or promotion.term.term, 2
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    return name


def _distinct(forms: Sequence[str]) -> list[str]:
    """Keeps one spelling of those that differ in inflection or case only."""
    kept: dict[tuple[str, ...], str] = {}
    for form in forms:
        kept.setdefault(tuple(normal_form(token) for token, _ in english_tokens(form)), form)
    return list(kept.values())


def _says(cells: dict[str, str], row: dict[str, str]) -> bool:
    same = all(cells[column] == row[column] for column in ("concept", "zh"))
    return same and cells["en"].lower() == row["en"].lower()

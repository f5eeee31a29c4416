"""From a translated sample to a draft of its termbase: what is usual is preferred.

A term is learnt if it has the shape of a name, occurs often enough, and has a usual rendering: one
with a large enough share of the occurrences that have any, read with enough confidence. Where these are
only just large enough, a person is asked. Its other
renderings that recur stand below it as admitted, each with what there is to decide. Terms with one
usual rendering become one concept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.metrics.terminology.discovery.found import Discovery, FoundRendering, FoundTerm
from xindaya.metrics.terminology.discovery.promotion import concept_id, form_rows
from xindaya.metrics.terminology.discovery.words import Key
from xindaya.pairs import Status
from xindaya.pairs.direction import other_language
from xindaya.pairs.formats.tables import Row, Table
from xindaya.pairs.formats.termbase.rows import termbase_of
from xindaya.pairs.lint import Severity, lint
from xindaya.pairs.lint_text import spelled

COLUMNS = ("concept", "zh", "en", "status", "case", "note", "confidence", "decide")
"""Of the table; ``decide`` says what a person has to, and is empty where nothing is."""

_RECURS = 2  # occurrences
# From these a usual rendering needs no decision. Chosen on one annual report of the HKMA, against the
# glossary of its terms (94 of 101 right, 102 of 123 without); on two others 149 of 171 and 185 of 225.
_SURE_SHARE, _SURE = 0.7, 0.9
_ADMITTED = Status.ADMITTED.value


@dataclass(frozen=True, slots=True)
class Draft:
    """A termbase to be decided on.

    Attributes:
        rows: By `COLUMNS`, the most useful concept first: by occurrences times the share and the
            confidence of the usual rendering.
        concepts: How many.
        decisions: Rows that a person has to decide.
        few: Terms left out because they occur too seldom.
        nameless: Those without the shape of a name.
        unsure: Those without a rendering that is usual and sure enough.
        doubtful: Forms left out because a check of the termbase would warn of them.
    """

    rows: tuple[dict[str, str], ...]
    concepts: int
    decisions: int
    few: int
    nameless: int
    unsure: int
    doubtful: int


def learn(
    discovery: Discovery, ids: Sequence[str], *, minimum: int, share: float, confidence: float
) -> Draft:
    """Drafts the termbase of a translated sample.

    Args:
        discovery: The terms of the sample.
        ids: Id of each segment.
        minimum: Occurrences with a rendering from which a term is learnt.
        share: Least share of the usual rendering in them.
        confidence: Least confidence of a rendering (`FoundRendering.confidence`).
    """
    few = [t for t in discovery.terms if t.resolved < minimum]
    often = [t for t in discovery.terms if t.resolved >= minimum]
    named = [t for t in often if t.named]
    learnt = [
        t
        for t in named
        if t.renderings[0].count >= share * t.resolved and t.renderings[0].confidence >= confidence
    ]
    concepts: defaultdict[Key, list[FoundTerm]] = defaultdict(list)
    for term in sorted(learnt, key=_use, reverse=True):
        concepts[term.renderings[0].key].append(term)
    target = other_language(discovery.lang)
    owners = {spelled(_form(terms[0].renderings[0])): key for key, terms in concepts.items()}
    rows: list[dict[str, str]] = []
    taken: set[str] = set()
    for key, terms in concepts.items():
        first = terms[0].renderings[0]
        english = _form(first) if discovery.lang == "zh" else terms[0].term
        concept = concept_id(english, terms[0].term, taken)
        taken.add(concept)
        rows += [
            row
            for row in _rows(concept, terms, discovery.lang, ids, confidence)
            if not row[target] or owners.setdefault(spelled(row[target]), key) == key
        ]
    kept = _without_warnings(rows)
    return Draft(
        tuple(kept),
        len({row["concept"] for row in kept}),
        sum(bool(row["decide"]) for row in kept),
        len(few),
        len(often) - len(named),
        len(named) - len(learnt),
        len(rows) - len(kept),
    )


def _use(term: FoundTerm) -> tuple[float, str]:
    usual = term.renderings[0]
    return term.occurrences * usual.count / term.resolved * usual.confidence, term.term


def _rows(
    concept: str, terms: Sequence[FoundTerm], lang: str, ids: Sequence[str], confidence: float
) -> Iterator[dict[str, str]]:
    """Yields the rows of one concept; a form that several of its terms have stands once."""
    first, *others = terms
    said: set[str] = set()
    for term in terms:
        for rendering in term.renderings:
            usual = rendering is first.renderings[0]
            form = _form(rendering)
            recurs = rendering.count >= _RECURS and rendering.confidence >= confidence
            if spelled(form) in said or not (usual or recurs):
                continue
            said.add(spelled(form))
            status = Status.PREFERRED.value if usual else _ADMITTED
            *before, row = form_rows(concept, lang, _one_line(first.term), form, status)
            for source in before if usual else ():
                yield _full(source)
            yield _full(row) | {
                "note": _note(term, rendering, ids),
                "confidence": f"{rendering.confidence:.2f}",
                "decide": _question(term, rendering) if usual else "keep, deprecate or forbid?",
            }
    column = {"concept": concept, "status": _ADMITTED}
    for term in others:
        yield _full({**column, lang: _one_line(term.term)}) | {
            "note": _note(term, term.renderings[0], ids),
            "confidence": f"{term.renderings[0].confidence:.2f}",
            "decide": f"one concept with {_one_line(first.term)}?",
        }


def _question(term: FoundTerm, usual: FoundRendering) -> str:
    sure = usual.count >= _SURE_SHARE * term.resolved and usual.confidence >= _SURE
    return "" if sure else "is this the right one?"


def _note(term: FoundTerm, rendering: FoundRendering, ids: Sequence[str]) -> str:
    return f"{rendering.count} of {term.occurrences}, first in {ids[rendering.segments[0]]}"


def _full(row: dict[str, str]) -> dict[str, str]:
    """Returns all columns; an acronym is not to match small letters."""
    full = {column: row.get(column, "") for column in COLUMNS}
    return full | {"case": "exact" if full["en"].isupper() else ""}


def _form(rendering: FoundRendering) -> str:
    return _one_line(rendering.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without_warnings(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Leaves out the forms that `lint` warns of, and with its usual rendering a whole concept."""
    kept = list(rows)
    while kept and (bad := _warned(kept)):
        hit = [bool(bad & {(r["concept"], r[c]) for c in ("zh", "en")}) for r in kept]
        lost = {concept for concept, form in bad if not form}
        lost |= {
            r["concept"] for r, h in zip(kept, hit, strict=True) if h and r["status"] != _ADMITTED
        }
        kept = [r for r, h in zip(kept, hit, strict=True) if not h and r["concept"] not in lost]
    return kept


def _warned(rows: Sequence[dict[str, str]]) -> set[tuple[str, str]]:
    """Returns the concepts and forms with a warning or an error."""
    table = Table(Path("draft"), COLUMNS, tuple(Row(n, r) for n, r in enumerate(rows, 2)))
    found = lint(termbase_of(table, lenient=True))
    return {(f.concept, f.term) for f in found if f.severity is not Severity.NOTE}

"""Termbases while they are read: concepts joined by id, forms joined or found to contradict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from xindaya.pairs.account import LeftOut, in_words
from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.formats.termbase.categories import put
from xindaya.pairs.sources import printed_name
from xindaya.pairs.termbase import (
    SEVERAL_STATUSES,
    TAG,
    Case,
    Concept,
    Match,
    Status,
    Term,
    Termbase,
)


@dataclass(slots=True)
class _Form:
    term: Term
    stated: bool  # whether the file states its status


@dataclass(slots=True)
class ConceptDraft:
    """A concept of which not all lines have been read."""

    forms: list[_Form] = field(default_factory=list)
    context: str = ""
    critical: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    def find(self, lang: str, text: str) -> Term | None:
        """Returns the term with this text, if it has been added."""
        return next(
            (f.term for f in self.forms if f.term.lang == lang and f.term.text == text), None
        )


class Drafts:
    """The concepts of one file.

    Args:
        path: The file, for error messages.
        lenient: Keep forms that contradict or repeat one another, for `xindaya.pairs.lint`.

    Attributes:
        left_out: What the file has besides; readers add to it.
    """

    def __init__(self, path: Path, *, lenient: bool = False) -> None:
        self._path, self.lenient = path, lenient
        self.left_out: list[LeftOut] = []
        self._concepts: dict[str, ConceptDraft] = {}
        self._entries: set[tuple[str, ...]] = set()

    def __contains__(self, concept: str) -> bool:
        return concept in self._concepts

    def ids(self) -> frozenset[str]:
        """Returns the ids of the concepts so far."""
        return frozenset(self._concepts)

    def is_again(self, *entry: str) -> bool:
        """True if the very same entry has been read before."""
        known = entry in self._entries
        self._entries.add(entry)
        return known

    def concept(self, concept: str) -> ConceptDraft:
        """Returns the concept with this id, a new one if there is none."""
        return self._concepts.setdefault(concept, ConceptDraft())

    def add(
        self,
        draft: ConceptDraft,
        term: Term,
        line: int | None,
        *,
        stated: bool = True,
        repeats: bool = False,
    ) -> None:
        """Adds a form to a concept.

        A form that is there already is joined with the new one, and what both of them have is
        kept. One for another variant or part of speech is a form of its own.

        Args:
            draft: The concept.
            term: The form.
            line: Where it stands.
            stated: Whether the file states its status; if not, `termbase` decides it.
            repeats: Whether the very same entry has been read before; kept if lenient.

        Raises:
            InputError: If the form is there already with another status, case or match rule.
        """
        for form in draft.forms:
            known = form.term
            implied = not stated and not repeats and not term.extra
            if (known.lang, known.text) != (term.lang, term.text) or not (
                implied or known.homograph == term.homograph
            ):
                continue
            alike = _rules(known) == _rules(term) and not (repeats and self.lenient)
            if alike or stated is not form.stated or not (stated or repeats):
                if repeats:
                    place = f"line {line}" if line else preview(term.text)
                    self.left_out.append(LeftOut(place, "forms said again", _again(known, term)))
                first, second = (term, known) if stated and not form.stated else (known, term)
                form.term, form.stated = _joined(first, second), stated or form.stated
                return
            if not self.lenient:
                raise self._contradiction(known, term, line)
        draft.forms.append(_Form(term, stated))

    def termbase(self, name: str) -> Termbase:
        """Returns the concepts in the order in which they were begun.

        Where a language of a concept has no form that is stated to be preferred, the first one
        without a stated status is; the others without one are admitted.

        Raises:
            NothingToEvaluateError: If there is no concept.
        """
        if not self._concepts:
            why = "".join(f"; left out: {line}" for line in in_words(self.left_out))
            raise NothingToEvaluateError(f"{self._path}: a termbase without a concept{why}")
        concepts = tuple(_finished(i, d) for i, d in self._concepts.items())
        said = [place for concept in concepts for place in _several_statuses(concept)]
        left_out = (*self.left_out, *(LeftOut(place, SEVERAL_STATUSES) for place in said))
        return Termbase(printed_name(name), concepts, left_out)

    def _contradiction(self, known: Term, term: Term, line: int | None) -> InputError:
        if known.status is not term.status:
            what = f"as {term.status} and as {known.status}"
        else:
            what = f"as {term.case}, {term.match} and as {known.case}, {known.match}"
        return InputError(
            self._path,
            f"{preview(term.text)} {what} in one concept",
            "one status, case and match rule a form",
            line=line,
        )


def _rules(term: Term) -> tuple[Status, Case, Match]:
    return term.status, term.case, term.match


def _several_statuses(concept: Concept) -> list[str]:
    """Names the forms that have several statuses, and when they have which."""
    found = []
    for text in dict.fromkeys((t.lang, t.text) for t in concept.terms):
        alike = [t for t in concept.terms if (t.lang, t.text) == text]
        if len({t.status for t in alike}) > 1 and len({t.homograph for t in alike}) == len(alike):
            uses = ", ".join(f"{t.status} as {' '.join(t.homograph).strip()}" for t in alike)
            found.append(f"concept {concept.id}: {text[1]} is {uses}")
    return found


def _again(known: Term, other: Term) -> str:
    """Returns what two entries of a form say both."""
    both = [(known.note, other.note), (known.expansion, other.expansion)]
    both += [
        (v, other.extra.get(n, "")) for n, v in known.extra.items() if "@" not in n and n != TAG
    ]
    return " ".join([other.text, *(value for value, same in both if value and value == same)])


def _joined(known: Term, other: Term) -> Term:
    """Returns one term with everything that two have."""
    extra = dict(known.extra)
    for name, value in other.extra.items():
        if known.extra.get(name) != value:
            put(extra, name, value)
    for name, old, new in (
        ("tbx:note", known.note, other.note),
        ("expansion", known.expansion, other.expansion),
    ):
        if old and new and old != new:
            put(extra, name, new)
    return replace(
        known,
        expansion=known.expansion or other.expansion,
        note=known.note or other.note,
        extra=extra,
    )


def _finished(concept: str, draft: ConceptDraft) -> Concept:
    led = {f.term.lang for f in draft.forms if f.stated and f.term.status is Status.PREFERRED}
    leading: set[str] = set()  # forms that are preferred for want of another
    terms = []
    for form in draft.forms:
        term = form.term
        if not form.stated:
            leads = term.lang not in led or term.text in leading
            term = replace(term, status=Status.PREFERRED if leads else Status.ADMITTED)
            led.add(term.lang)
            leading |= {term.text} if leads else set()
        terms.append(term)
    return Concept(concept, tuple(terms), draft.context, draft.critical, draft.extra)

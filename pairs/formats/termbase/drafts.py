"""Termbases while they are read: concepts joined by id, forms joined or found to contradict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.sources import printed_name
from xindaya.pairs.termbase import Case, Concept, Match, Status, Term, Termbase


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
    """

    def __init__(self, path: Path, *, lenient: bool = False) -> None:
        self._path, self.lenient = path, lenient
        self._concepts: dict[str, ConceptDraft] = {}

    def __contains__(self, concept: str) -> bool:
        return concept in self._concepts

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

        A form that is there already is joined with the new one: what only one of them has (a
        note, an expansion, a stated status) is kept.

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
            if (known.lang, known.text) != (term.lang, term.text):
                continue
            if not stated and not repeats:
                form.term = _joined(known, term)
                return
            if stated and not form.stated:
                form.term, form.stated = _joined(term, known), True
                return
            if _rules(known) == _rules(term) and not (repeats and self.lenient):
                form.term = _joined(known, term)
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
            raise NothingToEvaluateError(f"{self._path}: a termbase without a concept")
        return Termbase(
            printed_name(name), tuple(_finished(i, d) for i, d in self._concepts.items())
        )

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


def _joined(known: Term, other: Term) -> Term:
    return replace(
        known,
        expansion=known.expansion or other.expansion,
        note=known.note or other.note,
        extra={**other.extra, **known.extra},
    )


def _finished(concept: str, draft: ConceptDraft) -> Concept:
    led = {f.term.lang for f in draft.forms if f.stated and f.term.status is Status.PREFERRED}
    terms = []
    for form in draft.forms:
        term = form.term
        if not form.stated:
            leads = term.lang not in led
            term = replace(term, status=Status.PREFERRED if leads else Status.ADMITTED)
            led.add(term.lang)
        terms.append(term)
    return Concept(concept, tuple(terms), draft.context, draft.critical, draft.extra)

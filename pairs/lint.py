"""Checking a termbase itself: what contradicts, repeats or can never match.

An **error** means that two rules contradict each other or that a form can never match as written; a
**warning**, that something is probably not meant; an **info**, that one should know it. Two forms
are *the same* if they differ by nothing but width, case, hyphens, quotes and spaces between words;
capitals count where one of the two forms asks for them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import TypeVar

import regex

from xindaya.pairs import lint_text
from xindaya.pairs.account import LeftOut
from xindaya.pairs.termbase import (
    SEVERAL_STATUSES,
    TAG,
    UNKNOWN_STATUS,
    Case,
    Concept,
    Match,
    Status,
    Term,
    Termbase,
)


class Severity(enum.StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


KINDS: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "homonym": (Severity.ERROR, "the same Chinese form in two concepts that have no context"),
        "contradiction": (
            Severity.ERROR,
            "the same form in one concept as preferred or admitted and as deprecated or forbidden",
        ),
        "invisible-character": (
            Severity.ERROR,
            "a zero-width, bidirectional or control character in a form",
        ),
        "homoglyph": (
            Severity.ERROR,
            "a Cyrillic, Greek or like letter in a form with Latin letters",
        ),
        "bad-pattern": (
            Severity.ERROR,
            "a pattern or context that does not compile, or a pattern that matches nothing at all",
        ),
        "inflection": (
            Severity.WARNING,
            "an allowed and a barred English form of one concept that have the same stems",
        ),
        "shared-rendering": (
            Severity.WARNING,
            "the same English form preferred or admitted in two concepts",
        ),
        "duplicate": (Severity.WARNING, "the same form twice in one concept, both or none allowed"),
        "several-forms": (
            Severity.WARNING,
            "several forms in one, as glossaries have them in a cell; --split takes them apart",
        ),
        "unknown-status": (Severity.WARNING, "a status in the file that is not understood"),
        "stray-space": (
            Severity.WARNING,
            "white space at an end, twice in a row, or other than the plain space",
        ),
        "chinese-in-english": (Severity.WARNING, "a Chinese character in an English form"),
        "full-width": (Severity.WARNING, "a full-width Latin letter or digit in a form"),
        "no-chinese": (Severity.WARNING, "a concept without a Chinese form"),
        "no-english": (Severity.WARNING, "a concept without an English form"),
        "no-preferred": (Severity.WARNING, "a concept whose English forms are all not preferred"),
        "acronym-case": (
            Severity.WARNING,
            "two to six capitals that match small letters too: SAFE matches safe",
        ),
        "unknown-expansion": (
            Severity.WARNING,
            "an expansion that is no form of the concept, so that it is never recognised",
        ),
        "short-form": (Severity.WARNING, "a Chinese form of one character, found everywhere"),
        "formula": (Severity.WARNING, "a form that begins with =, as a spreadsheet's formula does"),
        "variant-status": (
            Severity.NOTE,
            "a form whose status depends on the variant or the part of speech",
        ),
        "left-out": (Severity.NOTE, "something of the file that is no part of the termbase"),
        "mixed-characters": (
            Severity.NOTE,
            "a character only GB 2312 has beside one only Big5 has: simplified and traditional",
        ),
        "contains-other": (
            Severity.NOTE,
            "a preferred form that contains a form of another concept; the longer one owns it",
        ),
    }
)
"""Every kind of finding: its severity, and how it is decided."""

_T = TypeVar("_T")
_ALLOWED = (Status.PREFERRED, Status.ADMITTED)
_ACRONYM = re.compile(r"[A-Z](?=.*[A-Z])[A-Z0-9&.-]{1,5}")
_TIMEOUT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing found.

    Attributes:
        id: Stable as long as the concept, the form and what is wrong stay: for waivers.
        kind: One of `KINDS`.
        concept: Id of the concept; where several are concerned, of the first; empty if it is about
            the file.
        term: The form, or nothing if it is about the whole concept.
        message: For people.
        severity: That of the kind.
    """

    id: str
    kind: str
    concept: str
    term: str
    message: str
    severity: Severity


def lint(termbase: Termbase) -> list[LintFinding]:
    """Returns what is wrong with a termbase, errors first, otherwise in its order.

    A termbase read leniently keeps the white space and the repeated forms that other readers take
    away or refuse. Takes time in proportion to the forms, whatever their number.
    """
    found: list[LintFinding] = []
    for concept in termbase.concepts:
        for check in _CONCEPT_CHECKS:
            found += check(concept)
    found += _homonyms(termbase)
    found += _shared_renderings(termbase)
    found += _containing(termbase)
    found += map(_unread, termbase.left_out)
    order = list(Severity)
    return sorted(_numbered(found), key=lambda f: order.index(f.severity))


def split_forms(termbase: Termbase) -> Termbase:
    """Takes apart the forms that stand together in one, as the check ``several-forms`` finds them.

    The first keeps what is known of the whole. The others are admitted where that may be used, and
    have its status where not.
    """
    return replace(termbase, concepts=tuple(map(_split, termbase.concepts)))


def _split(concept: Concept) -> Concept:
    terms: list[Term] = []
    for term in concept.terms:
        first, *more = _forms_in(term)
        status = Status.ADMITTED if term.status is Status.PREFERRED else term.status
        tag = {TAG: term.extra[TAG]} if TAG in term.extra else {}
        terms.append(replace(term, text=first))
        terms += [Term(text, term.lang, status, term.case, term.match, extra=tag) for text in more]
    seen: dict[tuple[str, str, str, str], Term] = {}
    for term in terms:
        seen.setdefault((term.lang, term.text, *term.homograph), term)
    return (
        replace(concept, terms=tuple(seen.values())) if len(terms) > len(concept.terms) else concept
    )


def _forms_in(term: Term) -> list[str]:
    return [term.text] if term.match is Match.PATTERN else lint_text.forms_in(term.text)


def _unread(item: LeftOut) -> LintFinding:
    """Returns what the reader said."""
    kind = {UNKNOWN_STATUS: "unknown-status", SEVERAL_STATUSES: "variant-status"}.get(item.reason)
    text = f" ({item.text})" if item.text else ""
    message = f"{item.place}{text}: {item.reason}"
    return _finding(kind or "left-out", "", "", message, item.place)


def _finding(kind: str, concept: str, term: str, message: str, *about: str) -> LintFinding:
    identifier = ":".join((kind, concept, *((term,) if term else ()), *about))
    return LintFinding(identifier, kind, concept, term, message, KINDS[kind][0])


def _numbered(findings: Iterable[LintFinding]) -> Iterator[LintFinding]:
    """Makes ids unique: the second finding of an id gets ``:2``."""
    seen: dict[str, int] = {}
    for f in findings:
        number = seen[f.id] = seen.get(f.id, 0) + 1
        identifier = f.id if number == 1 else f"{f.id}:{number}"
        yield LintFinding(identifier, f.kind, f.concept, f.term, f.message, f.severity)


def _characters(concept: Concept) -> Iterator[LintFinding]:
    for term in concept.terms:
        text = term.text
        if char := lint_text.invisible(text):
            yield _finding("invisible-character", concept.id, text, f"{char} in {text!r}")
        if term.match is Match.PATTERN:
            continue
        if len(forms := lint_text.forms_in(text)) > 1:
            message = f"{text!r} holds {len(forms)} forms: {', '.join(forms)}"
            yield _finding("several-forms", concept.id, text, message)
        if problem := lint_text.stray_spaces(text):
            yield _finding("stray-space", concept.id, text, f"{problem} in {text!r}")
        if letter := lint_text.homoglyph(text):
            yield _finding("homoglyph", concept.id, text, f"{letter} among Latin letters")
        if wide := lint_text.full_width(text):
            yield _finding("full-width", concept.id, text, f"full-width {wide}")
        if text.lstrip().startswith(("=", "＝")):
            yield _finding("formula", concept.id, text, "looks like a formula")
        if term.lang == "en" and (han := next(filter(lint_text.is_han, text), "")):
            yield _finding("chinese-in-english", concept.id, text, f"{han} in an English form")
        if term.lang == "zh":
            simplified, traditional = lint_text.mixed_characters(text)
            if simplified:
                yield _finding(
                    "mixed-characters", concept.id, text,
                    f"{simplified} is simplified, {traditional} traditional",
                )  # fmt: skip
            if len(text.strip()) == 1 and lint_text.is_han(text.strip()):
                yield _finding("short-form", concept.id, text, "one character matches everywhere")


def _completeness(concept: Concept) -> Iterator[LintFinding]:
    english = concept.in_language("en")
    if not concept.in_language("zh"):
        yield _finding("no-chinese", concept.id, "", "no Chinese form")
    if not english:
        yield _finding("no-english", concept.id, "", "no English form")
    elif all(term.status is not Status.PREFERRED for term in english):
        yield _finding("no-preferred", concept.id, "", "no preferred English form")


def _acronyms(concept: Concept) -> Iterator[LintFinding]:
    forms = {(t.lang, lint_text.spelled(t.text)) for t in concept.terms}
    for term in concept.terms:
        insensitive = term.case is Case.INSENSITIVE and term.match is not Match.PATTERN
        if term.lang == "en" and insensitive and _ACRONYM.fullmatch(term.text.strip()):
            yield _finding(
                "acronym-case", concept.id, term.text,
                f"{term.text} matches {term.text.lower()} too; set case to exact",
            )  # fmt: skip
        expanded = (term.lang, lint_text.spelled(term.expansion))
        if term.expansion and expanded not in forms:
            yield _finding(
                "unknown-expansion", concept.id, term.text,
                f"stands for {term.expansion!r}, which is no form of the concept: nobody is asked for it",
            )  # fmt: skip


def _patterns(concept: Concept) -> Iterator[LintFinding]:
    if concept.context and (problem := _pattern_problem(concept.context)):
        yield _finding("bad-pattern", concept.id, "", f"the context {concept.context!r} {problem}")
    for term in concept.terms:
        if term.match is not Match.PATTERN:
            continue
        problem = _pattern_problem(term.text) or _matches_nothing(term.text)
        if problem:
            yield _finding("bad-pattern", concept.id, term.text, f"the pattern {problem}")


def _pattern_problem(pattern: str) -> str:
    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError, ValueError) as error:
        return f"is no regular expression ({error})"
    return ""


def _matches_nothing(pattern: str) -> str:
    try:
        empty = regex.compile(pattern).search("", timeout=_TIMEOUT_SECONDS)
    except TimeoutError:
        return f"takes more than {_TIMEOUT_SECONDS:g} s on no text at all"
    return "matches the empty string, hence everywhere" if empty else ""


def _repetitions(concept: Concept) -> Iterator[LintFinding]:
    """Compares the forms of one concept that are the same."""
    for lang in ("zh", "en"):
        terms = [t for t in concept.terms if t.lang == lang]
        for group in _grouped(terms, _sameness).values():
            for first, second in combinations(group, 2):
                if _told_apart(first, second) or first.homograph != second.homograph:
                    continue
                one, other = repr(first.text), repr(second.text)
                named = f"{one} and {other}" if one != other else one
                if _contradict(first, second):
                    statuses = f"{first.status} and {second.status}"
                    message = f"{named}: {statuses} at once"
                    yield _finding("contradiction", concept.id, second.text, message)
                else:
                    message = f"{named}: matching cannot tell one from the other"
                    message = message if one != other else f"{named} twice"
                    yield _finding("duplicate", concept.id, second.text, message)
    literal = [t for t in concept.terms if t.lang == "en" and t.match is not Match.PATTERN]
    for group in _grouped(literal, lambda t: lint_text.stems(t.text) or t.text).values():
        for first, second in combinations(group, 2):
            inflected = Match.INFLECTED in (first.match, second.match)
            if inflected and _contradict(first, second) and _sameness(first) != _sameness(second):
                message = (
                    f"{first.text!r} ({first.status}) and {second.text!r} ({second.status}) have "
                    "the same stems: an inflected form may be taken for either"
                )
                yield _finding("inflection", concept.id, second.text, message)


_CONCEPT_CHECKS: tuple[Callable[[Concept], Iterator[LintFinding]], ...] = (
    _characters,
    _completeness,
    _acronyms,
    _patterns,
    _repetitions,
)


def _homonyms(termbase: Termbase) -> Iterator[LintFinding]:
    free = [c for c in termbase.concepts if not c.context]
    yield from _in_two_concepts(free, "zh", "homonym", tuple(Status), "give each a context")


def _shared_renderings(termbase: Termbase) -> Iterator[LintFinding]:
    yield from _in_two_concepts(
        termbase.concepts, "en", "shared-rendering", _ALLOWED, "readers cannot tell them apart"
    )


def _in_two_concepts(
    concepts: Iterable[Concept], lang: str, kind: str, statuses: tuple[Status, ...], advice: str
) -> Iterator[LintFinding]:
    owned = [(c, t) for c in concepts for t in c.terms if t.lang == lang and t.status in statuses]
    for group in _grouped(owned, lambda pair: _sameness(pair[1])).values():
        owners = list(dict.fromkeys(c.id for c, _ in group))
        if len(owners) > 1:
            text = group[0][1].text
            message = f"{text!r} stands in {', '.join(owners)}; {advice}"
            yield _finding(kind, owners[0], text, message)


def _containing(termbase: Termbase) -> Iterator[LintFinding]:
    """Looks up every part of a preferred form among the forms of the other concepts."""
    for lang in ("zh", "en"):
        owners: dict[tuple[str, ...], dict[str, str]] = {}
        for concept in termbase.concepts:
            for term in concept.terms:
                if term.lang == lang and term.match is not Match.PATTERN:
                    owners.setdefault(_units(term), {}).setdefault(concept.id, term.text)
        owners.pop((), None)
        longest = max(map(len, owners), default=0)
        for concept in termbase.concepts:
            for term in concept.in_language(lang):
                if term.status is Status.PREFERRED and term.match is not Match.PATTERN:
                    yield from _contained(concept, term, owners, longest)


def _contained(
    concept: Concept, term: Term, owners: Mapping[tuple[str, ...], Mapping[str, str]], longest: int
) -> Iterator[LintFinding]:
    units = _units(term)
    parts: dict[str, str] = {}
    for length in range(min(longest, len(units) - 1), 0, -1):
        for start in range(len(units) - length + 1):
            for other, text in owners.get(units[start : start + length], {}).items():
                if other != concept.id:
                    parts.setdefault(other, text)
    for other, text in parts.items():
        message = f"contains {text!r} of {other}; inside it, this concept owns the words"
        yield _finding("contains-other", concept.id, term.text, message, other)


def _units(term: Term) -> tuple[str, ...]:
    """Returns what a form is matched by: characters in Chinese, stems in English."""
    return tuple(lint_text.spelled(term.text)) if term.lang == "zh" else lint_text.stems(term.text)


def _sameness(term: Term) -> str:
    """Returns what two forms share if they are the same; a pattern only equals itself."""
    return f"/{term.text}/" if term.match is Match.PATTERN else lint_text.spelled(term.text)


def _told_apart(first: Term, second: Term) -> bool:
    """True if two forms differ by capitals and one of them asks for them."""
    differ = first.text != second.text and first.text.casefold() == second.text.casefold()
    return differ and Case.EXACT in (first.case, second.case)


def _contradict(first: Term, second: Term) -> bool:
    return (first.status in _ALLOWED) != (second.status in _ALLOWED)


def _grouped(items: Iterable[_T], key: Callable[[_T], Hashable]) -> dict[Hashable, list[_T]]:
    groups: dict[Hashable, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups

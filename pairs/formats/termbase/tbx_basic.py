"""TBX-Basic, the dialect that other tools import: what it has room for, and what is lost in it.

Data categories, their levels and their values are those of the published TBX-Basic dialect (its
RELAX NG and Schematron schemas, version 3; version 2 has them too).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType

from xindaya.pairs.formats.termbase.categories import fields_by_section, parsed, put, text_of
from xindaya.pairs.formats.termbase.losses import lost
from xindaya.pairs.formats.termbase.tbx import STATUS, TERM_TYPE
from xindaya.pairs.formats.termbase.words import status_of
from xindaya.pairs.formats.xml import local_name
from xindaya.pairs.termbase import (
    PART_OF_SPEECH,
    TAG,
    Case,
    Concept,
    Match,
    Status,
    Term,
    Termbase,
)

_EVERYWHERE = frozenset(("tbx:note", "admin:source"))
_LEVELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "concept": _EVERYWHERE | {"descrip:subjectField", "descrip:definition"},
        "language": _EVERYWHERE | {"descrip:definition"},
        "term": _EVERYWHERE | {
            "descrip:context", "admin:customerSubset", "admin:projectSubset", STATUS, TERM_TYPE,
            PART_OF_SPEECH, "termNote:geographicalUsage", "termNote:grammaticalGender",
            "termNote:termLocation",
        },
    }
)  # fmt: skip
_VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        STATUS: frozenset(f"{word}Term-admn-sts" for word in
                          ("preferred", "admitted", "deprecated", "superseded")),
        TERM_TYPE: frozenset(("fullForm", "acronym", "abbreviation", "shortForm", "variant",
                              "phrase")),
        PART_OF_SPEECH: frozenset(("noun", "verb", "adjective", "adverb", "other")),
        "termNote:grammaticalGender": frozenset(("masculine", "feminine", "neuter", "other")),
        "termNote:termLocation": frozenset(
            ("checkBox", "comboBox", "comboBoxElement", "dialogBox", "groupBox",
             "informativeMessage", "interactiveMessage", "menuItem", "progressBar", "pushButton",
             "radioButton", "slider", "spinBox", "tab", "tableText", "textBox", "toolTip",
             "user-definedType")),
    }
)  # fmt: skip
_NOUNS = frozenset(("propernoun", "proper noun"))
_GROUPS = frozenset(("descripGrp", "adminGrp", "transacGrp"))
_IN_GROUPS = frozenset(
    (("admin", "source"), ("note", ""), ("transac", "transactionType"),
     ("transacNote", "responsibility"), ("date", ""))
)  # fmt: skip
_TRANSACTIONS = frozenset(("origination", "modification"))
_NOUNS = frozenset(("propernoun", "proper noun"))
_NUMBER = re.compile(r"#[0-9]+\Z")
_BREAKS = re.compile(r"\s*[\t\n\r]\s*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_basic(termbase: Termbase) -> tuple[Termbase, list[str]]:
    """Returns the part of a termbase that TBX-Basic can hold, and what is lost, one message a kind.

    A forbidden form becomes a deprecated one, a proper noun a noun. What an acronym stands for is
    kept where that is the concept's one full form.
    """
    fitting = _Fitting()
    concepts = [fitting.concept(c) for c in termbase.concepts]
    kept = tuple(c for c in concepts if c.terms)
    losses = [line for what, names in fitting.lost.items() for line in lost(what, names)]
    return replace(termbase, concepts=kept), losses


class _Fitting:
    """Makes concepts fit, and keeps a list of what is lost, by kind."""

    def __init__(self) -> None:
        self.lost: dict[str, list[str]] = {}

    def concept(self, concept: Concept) -> Concept:
        """Returns what is left of a concept; it may be without a term."""
        if concept.context:
            self._lose("concepts lose the condition on their context", concept.id)
        if concept.critical:
            self._lose("concepts are no longer marked as critical", concept.id)
        usable = [t for t in concept.terms if t.match is not Match.PATTERN]
        for term in concept.terms:
            if term.match is Match.PATTERN:
                self._lose("patterns", term.text)
        if not usable:
            self._lose("concepts without a term", concept.id)
        full = {(t.lang, t.expansion) for t in usable if t.expansion}
        terms = tuple(self._term(t, full) for t in usable)
        general, by_tag = fields_by_section(concept.extra, {t.tag for t in usable})
        extra = self._fields(general, "concept")
        for tag, fields in by_tag.items():
            fitted = self._fields(fields, "language")
            extra |= {f"{_bcp47(tag)}/{name}": value for name, value in fitted.items()}
        return Concept(concept.id, terms, extra=extra)

    def _term(self, term: Term, full: Set[tuple[str, str]]) -> Term:
        """Returns a term that is read again as it was, as far as that can be."""
        extra = self._fields({n: v for n, v in term.extra.items() if n != TAG}, "term")
        if term.tag != term.lang:
            extra[TAG] = _bcp47(term.tag)
        status = term.status
        if status is Status.FORBIDDEN:
            self._lose("forbidden forms, which are called deprecated there", term.text)
            status = Status.DEPRECATED
        if status_of(extra.get(STATUS, "")) is not status:
            extra.pop(STATUS, None)
        if term.expansion:
            extra[TERM_TYPE] = "acronym"
            if len({text for lang, text in full if lang == term.lang}) > 1:
                self._lose("acronyms lose what they stand for", term.text)
        elif (term.lang, term.text) in full:
            extra.setdefault(TERM_TYPE, "fullForm")
        acronym = extra.get(TERM_TYPE) == "acronym" and term.text.isupper()
        case = Case.EXACT if acronym else Case.INSENSITIVE
        if (case, Match.INFLECTED) != (term.case, term.match):
            self._lose("forms lose their rule on capitals or inflection", term.text)
        note = self._text(term.note) or extra.pop("tbx:note", "")
        return Term(self._text(term.text), term.lang, status, case, note=note, extra=extra)

    def _fields(self, fields: Mapping[str, str], level: str) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in fields.items():
            plain = _NUMBER.sub("", name)
            if plain == PART_OF_SPEECH and value.lower() in _NOUNS:
                self._lose("proper nouns, which are called nouns there", value)
                put(kept, plain, "noun")
            elif plain in _LEVELS[level] and value in _VALUES.get(plain, (value,)):
                put(kept, plain, self._text(value))
            elif plain.startswith("xml:") and _fits(value, level):
                put(kept, plain, value)
            elif plain != STATUS or status_of(value) is None:
                self._lose("fields that it has no room for", name)
        return kept

    def _text(self, text: str) -> str:
        if not _BREAKS.search(text) and text == text.strip(" "):
            return text
        self._lose("texts lose their line breaks, or blanks at their ends", text.strip())
        return _BREAKS.sub(" ", text).strip(" ")

    def _lose(self, what: str, name: str) -> None:
        self.lost.setdefault(what, []).append(name)


def _bcp47(tag: str) -> str:
    return tag.replace("_", "-")


def _fits(value: str, level: str) -> bool:
    """True for a kept ``descripGrp``, ``adminGrp`` or ``transacGrp`` of allowed categories only."""
    root = parsed(value)
    if root is None or local_name(root) not in _GROUPS or len(root) == 0:
        return False
    if f"{local_name(root[0])}Grp" != local_name(root):
        return False
    for part in root.iterchildren("{*}*"):
        name, kind, text = local_name(part), part.get("type", ""), text_of(part)
        if len(part) or set(part.attrib) - {"type"} or not text:
            return False
        if (name, kind) not in _IN_GROUPS and f"{name}:{kind}" not in _LEVELS[level]:
            return False
        if (name == "date" and not _DATE.fullmatch(text)) or (
            name == "transac" and text not in _TRANSACTIONS
        ):
            return False
    return not root.attrib

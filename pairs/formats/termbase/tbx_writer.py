"""Writing TBX v3 in DCA style, so that `read_tbx` gives the same termbase again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from xindaya.pairs.files import write_text
from xindaya.pairs.formats.termbase.categories import (
    NAMESPACE,
    attribute_xml,
    fields_xml,
    plain_xml,
    typed_xml,
)
from xindaya.pairs.formats.termbase.tbx import (
    CANONICAL,
    CONTEXT,
    CRITICAL,
    ID,
    OWN_CASE,
    OWN_EXPANSION,
    OWN_MATCH,
    OWN_STATUS,
    STATUS,
    TAG,
    TERM_TYPE,
)
from xindaya.pairs.formats.termbase.words import language_of, status_of
from xindaya.pairs.formats.xml_text import XmlText, name_token, replaced
from xindaya.pairs.termbase import Case, Concept, Match, Term, Termbase

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tbx xmlns="{namespace}" type="{dialect}" style="dca" xml:lang="{lang}">
  <tbxHeader>
    <fileDesc>
      <titleStmt>{title}</titleStmt>
      <sourceDesc><p>Written by Xindaya.</p></sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
"""
_TAIL = "    </body>\n  </text>\n</tbx>\n"
_XML_LANG = re.compile(r'xml:lang="([^"]*)"')
_CONCEPT_RESERVED = frozenset((CONTEXT, CRITICAL, "xml:langSec"))
_SECTION_RESERVED = frozenset(("xml:termSec",))
_TERM_RESERVED = frozenset(
    (OWN_STATUS, OWN_CASE, OWN_MATCH, OWN_EXPANSION, "xml:term", "xml:termGrp",
     "xml:termNoteGrp")
)  # fmt: skip


def write_tbx(termbase: Termbase, path: str | Path, *, source_lang: str = "zh") -> list[str]:
    """Writes a termbase as TBX v3 (DCA).

    The order of the forms is kept within a language tag, not between two. The dialect is named
    TBX-Basic if only its categories are used, and TBX-Xindaya otherwise.

    Returns:
        What TBX cannot hold: nothing.

    Raises:
        InputError: If a text holds a character that XML cannot carry (a control character), or
            the file cannot be written.
    """
    path = Path(path)
    checker = XmlText(path, "XML", unit="concept", instead="TSV")
    body = []
    for concept in termbase.concepts:
        lines = _entry(concept)
        for line in lines:
            checker.check(line, concept.id)
        body += lines
    text = "".join(f"      {line}\n" for line in body)
    title = plain_xml("title", replaced(termbase.name))
    dialect = "TBX-Xindaya" if '="xindaya-' in text else "TBX-Basic"
    head = _HEAD.format(namespace=NAMESPACE, dialect=dialect, lang=source_lang, title=title)
    write_text(path, head + text + _TAIL)
    return []


def _entry(concept: Concept) -> list[str]:
    groups: dict[str, list[Term]] = {}
    for term in concept.terms:
        groups.setdefault(_tag(term), []).append(term)
    general, by_tag = _fields_by_section(concept.extra, groups)
    foreign = {n: v for n, v in general.items() if _is_foreign_section(n, v)}
    rest = {n: v for n, v in general.items() if n not in foreign}
    lines = [f"<conceptEntry{attribute_xml('id', name_token(concept.id))}>"]
    if concept.context:
        lines.append("  " + typed_xml("descrip", CONTEXT.partition(":")[2], concept.context))
    if concept.critical:
        lines.append("  " + typed_xml("descrip", CRITICAL.partition(":")[2], "yes"))
    lines += ["  " + x for x in fields_xml(rest, _CONCEPT_RESERVED)]
    for tag, terms in groups.items():
        lines.append(f"  <langSec{attribute_xml('xml:lang', tag)}>")
        lines += ["    " + x for x in fields_xml(by_tag.get(tag, {}), _SECTION_RESERVED)]
        lines += [f"    {line}" for term in terms for line in _term(term)]
        lines.append("  </langSec>")
    lines += ["  " + x for x in fields_xml(foreign)]
    return [*lines, "</conceptEntry>"]


def _term(term: Term) -> list[str]:
    fields = {n: v for n, v in term.extra.items() if n not in (ID, STATUS)}
    if _tag(term) == fields.get(TAG):
        del fields[TAG]
    own = _own_fields(term)
    identifier = attribute_xml("id", term.extra[ID]) if ID in term.extra else ""
    reserved = _TERM_RESERVED if term.note else _TERM_RESERVED | {"tbx:note"}
    parts = [plain_xml("term", term.text)]
    parts += [typed_xml("termNote", n.partition(":")[2], v) for n, v in own.items() if v]
    parts += [plain_xml("note", term.note)] if term.note else []
    parts += fields_xml(fields, reserved)
    return [f"<termSec{identifier}>", *(f"  {part}" for part in parts), "</termSec>"]


def _own_fields(term: Term) -> dict[str, str]:
    """Returns the categories that say what the model knows of a term; empty ones go without."""
    kept = term.extra.get(STATUS, "")
    word = kept if status_of(kept) else CANONICAL[term.status]
    implied = "acronym" if term.expansion and TERM_TYPE not in term.extra else ""
    acronym = "acronym" in (implied, term.extra.get(TERM_TYPE))
    case = Case.EXACT if acronym and term.text.isupper() else Case.INSENSITIVE
    return {
        STATUS: word,
        OWN_STATUS: "" if status_of(word) is term.status else term.status.value,
        TERM_TYPE: implied,
        OWN_CASE: "" if term.case is case else term.case.value,
        OWN_MATCH: "" if term.match is Match.INFLECTED else term.match.value,
        OWN_EXPANSION: term.expansion,
    }


def _tag(term: Term) -> str:
    """Returns the language tag of a term, such as ``zh-Hant``."""
    tag = term.extra.get(TAG, "")
    return tag if language_of(tag) == term.lang else term.lang


def _fields_by_section(
    extra: Mapping[str, str], tags: Mapping[str, object]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Tells the fields of a concept from those of its language sections (``zh/NAME``)."""
    general: dict[str, str] = {}
    by_tag: dict[str, dict[str, str]] = {}
    for name, value in extra.items():
        tag, slash, rest = name.partition("/")
        if slash and tag in tags:
            by_tag.setdefault(tag, {})[rest] = value
        else:
            general[name] = value
    return general, by_tag


def _is_foreign_section(name: str, value: str) -> bool:
    """True for a kept section of a language other than Chinese and English."""
    tag = _XML_LANG.search(value)
    return name.startswith("xml:langSec") and tag is not None and not language_of(tag[1])

"""Writing TBX: v3 (DCA) so that `read_tbx` gives the same termbase again, and TBX-Basic v3 and v2."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.pairs.errors import InputError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.termbase.categories import (
    NAMESPACE,
    NOTE,
    attribute_xml,
    fields_by_section,
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
    TERM_TYPE,
)
from xindaya.pairs.formats.termbase.tbx_basic import as_basic
from xindaya.pairs.formats.termbase.words import language_of, status_of
from xindaya.pairs.formats.xml_text import XmlText, name_token, replaced
from xindaya.pairs.termbase import TAG, Case, Concept, Match, Term, Termbase

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
_V2_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="{lang}">
  <martifHeader>
    <fileDesc>
      <titleStmt>{title}</titleStmt>
      <sourceDesc><p>Written by Xindaya.</p></sourceDesc>
    </fileDesc>
    <encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc>
  </martifHeader>
  <text>
    <body>
"""
_TAIL = "    </body>\n  </text>\n</{root}>\n"
_V2_NAMES = {"conceptEntry": "termEntry", "langSec": "langSet", "termSec": "tig"}
_NAMES = re.compile(rf"(?<=<)(/?)({'|'.join(_V2_NAMES)})\b")
_XML_LANG = re.compile(r'xml:lang="([^"]*)"')
_CONCEPT_RESERVED = frozenset((CONTEXT, CRITICAL, "xml:langSec"))
_SECTION_RESERVED = frozenset(("xml:termSec",))
_TERM_RESERVED = frozenset(
    (OWN_STATUS, OWN_CASE, OWN_MATCH, OWN_EXPANSION, "tbx:term", "xml:term", "xml:termGrp",
     "xml:termNoteGrp")
)  # fmt: skip


def write_tbx(termbase: Termbase, path: str | Path, *, source_lang: str = "zh") -> list[str]:
    """Writes a termbase as TBX v3 (DCA).

    The order of the forms is kept within a language tag, not between two. The dialect is named
    TBX-Basic if it has room for everything, and TBX-Xindaya otherwise.

    Returns:
        What TBX cannot hold: nothing.

    Raises:
        InputError: If a text holds a character that XML cannot carry (a control character), or
            the file cannot be written.
    """
    dialect = "TBX-Xindaya" if as_basic(termbase)[1] else "TBX-Basic"
    head = _HEAD.format(namespace=NAMESPACE, dialect=dialect, lang=source_lang, title="{title}")
    _write(termbase, Path(path), head, _TAIL.format(root="tbx"))
    return []


def write_tbx_basic(
    termbase: Termbase, path: str | Path, *, source_lang: str = "zh", version: int = 3
) -> list[str]:
    """Writes a termbase as TBX-Basic, valid by its published schemas.

    Args:
        termbase: The termbase.
        path: The file.
        source_lang: The default language of the file.
        version: 3 (ISO 30042:2019, DCA) or 2 (``martif``, which older tools read).

    Returns:
        What TBX-Basic cannot hold, one message a kind.

    Raises:
        InputError: As `write_tbx`, and if no concept is left.
    """
    basic, losses = as_basic(termbase)
    if not basic.concepts:
        raise InputError(path, "no concept with a term", "one, which TBX-Basic asks for")
    head = _HEAD if version == 3 else _V2_HEAD
    filled = head.format(
        namespace=NAMESPACE, dialect="TBX-Basic", lang=source_lang, title="{title}"
    )
    tail = _TAIL.format(root="tbx" if version == 3 else "martif")
    _write(basic, Path(path), filled, tail, version=version)
    return losses


def _write(termbase: Termbase, path: Path, head: str, tail: str, *, version: int = 3) -> None:
    checker = XmlText(path, "XML", unit="concept", instead="TSV")
    body = []
    for concept in termbase.concepts:
        for line in _entry(concept):
            checker.check(line, concept.id)
            body.append(f"      {line if version == 3 else _as_v2(line)}\n")
    title = plain_xml("title", replaced(termbase.name).strip() or "termbase")
    write_text(path, head.replace("{title}", title) + "".join(body) + tail)


def _as_v2(line: str) -> str:
    """Gives a line the names of v2; escaped text has no ``<``."""
    plain = line.replace(f' xmlns="{NAMESPACE}"', "")
    return _NAMES.sub(lambda match: match[1] + _V2_NAMES[match[2]], plain)


def _entry(concept: Concept) -> list[str]:
    groups: dict[str, list[Term]] = {}
    for term in concept.terms:
        groups.setdefault(_tag(term), []).append(term)
    general, by_tag = fields_by_section(concept.extra, groups)
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
    own = {"tbx:term": term.text, **_own_fields(term), NOTE: term.note}
    identifier = attribute_xml("id", term.extra[ID]) if ID in term.extra else ""
    reserved = _TERM_RESERVED if term.note else _TERM_RESERVED | {"tbx:note"}
    parts = fields_xml(fields, reserved, {n: v for n, v in own.items() if v})
    # The schemas want what is on the term itself first.
    parts.sort(key=lambda part: not part.startswith("<term"))
    return [f"<termSec{identifier}>", *(f"  {part}" for part in parts), "</termSec>"]


def _own_fields(term: Term) -> dict[str, str]:
    """Returns the categories that say what the model knows of a term; empty ones go without."""
    word = term.extra.get(STATUS) or CANONICAL[term.status]
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


def _is_foreign_section(name: str, value: str) -> bool:
    """True for a kept section of a language other than Chinese and English."""
    tag = _XML_LANG.search(value)
    return name.startswith("xml:langSec") and tag is not None and not language_of(tag[1])

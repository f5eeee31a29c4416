"""TBX, the standard for termbases (ISO 30042): v2 (``martif``, TBX-Basic) and v3, DCA and DCT.

MultiTerm's own XML (``mtf``), from which TBX descends, is read in the same way: its concepts have
their number in an element, and its languages name themselves in one.

Languages other than Chinese and English, and every element the model does not know, are kept as
fields (see `xindaya.pairs.formats.termbase.categories`) and written back.

What our model has and TBX has not is written as ``xindaya-…`` categories. A form without a status
is preferred if it is the first of its language and none is stated to be; an ``acronym`` in capitals
is matched with them, and its expansion is the concept's one ``fullForm``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.termbase.categories import (
    NOTE,
    attributes_of,
    field_of,
    put,
    put_attributes,
    put_element,
    says_status,
    text_of,
)
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.formats.termbase.words import language_of, status_of
from xindaya.pairs.formats.xml import iter_outermost, line_of, local_name, open_xml, unescaped
from xindaya.pairs.termbase import (
    TAG,
    UNKNOWN_STATUS,
    Case,
    Match,
    Status,
    Term,
    Termbase,
    strictest,
)

ENTRIES = ("termEntry", "conceptEntry", "conceptGrp")
SECTIONS = ("langSet", "langSec", "languageGrp")
TERMS = ("tig", "ntig", "termSec", "termGrp")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATUS, TERM_TYPE = "termNote:administrativeStatus", "termNote:termType"
CONTEXT, CRITICAL = "descrip:xindaya-context", "descrip:xindaya-critical"
OWN_STATUS, OWN_CASE = "termNote:xindaya-status", "termNote:xindaya-case"
OWN_MATCH, OWN_EXPANSION = "termNote:xindaya-match", "termNote:xindaya-expansion"
ID = "tbx:@id"
CANONICAL = {
    Status.PREFERRED: "preferredTerm-admn-sts",
    Status.ADMITTED: "admittedTerm-admn-sts",
    Status.DEPRECATED: "deprecatedTerm-admn-sts",
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
}
"""TBX's word for each status. It has none for forbidden: that is said by our own category too."""

MAX_BYTES = 256 << 20
"""Largest file that is read; a termbase is held in memory whole."""

_ROOTS = ("martif", "tbx", "mtf")
_HOLDERS = frozenset((*_ROOTS, "text", "body"))
_NAMING = ("concept", "language")  # MultiTerm's elements for an id and a tag
_AUTHORIZATION = "termNote:normativeAuthorization"
_Choice = TypeVar("_Choice", Status, Case, Match)


class _AllBut(frozenset[str]):
    """Every name but these, for what is looked for in a document."""

    def __contains__(self, name: object) -> bool:
        return not super().__contains__(name)


@dataclass(slots=True)
class _Said:
    """A status as the file says it."""

    word: str
    name: str = ""  # name and value it is kept under if it is not understood; no name: it is kept
    value: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status | None:
        return status_of(self.word)


@dataclass(slots=True)
class _Section:
    """One form as it stands in the file."""

    lang: str
    line: int | None
    whole: str  # everything that the file says of it
    text: str = ""
    note: str = ""
    statuses: list[_Said] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"line {self.line}, {preview(self.text)}"


def read_tbx(path: str | Path, *, lenient: bool = False) -> Termbase:
    """Reads a TBX file.

    A status is recognised by its category and its word, whatever other attributes it has, however
    they are spelled and whichever element holds them. One that nobody knows is said. An entry that
    an empty form leaves without a Chinese or an English one is left out.

    Args:
        path: The file.
        lenient: Keep forms that contradict or repeat one another.

    Raises:
        InputError: If it is no TBX, declares an entity, has an entry id twice or a language section
            without a language.
        NothingToEvaluateError: If it has no entry.
    """
    path = Path(path)
    drafts = Drafts(path, lenient=lenient)
    for number, entry in enumerate(_entries(path, drafts), 1):
        own = unescaped(entry.get("id", "")) or (entry.findtext("{*}concept") or "").strip()
        concept = own or f"entry-{number}"
        if concept in drafts:
            raise InputError(
                path, f"the entry id {preview(concept)} twice", "unique ids", line=line_of(entry)
            )
        try:
            _read_entry(path, entry, drafts, concept)
        except (ValueError, etree.C14NError) as error:  # lxml reads what it does not write again
            found = f"the entry {preview(concept)} with {preview(str(error))}"
            raise InputError(path, found, "sound XML", line=line_of(entry)) from error
    return drafts.termbase(path.stem)


def _entries(path: Path, drafts: Drafts) -> Iterator[etree._Element]:
    """Yields the entries; what stands beside them is left out."""
    with open_xml(path) as stream:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(path, f"{size:,} bytes of XML", f"at most {MAX_BYTES:,}")
        for element in iter_outermost(path, stream, _AllBut(_HOLDERS), roots=_ROOTS):
            if local_name(element) in ENTRIES:
                yield element
                continue
            for entry in list(element.iter(*(f"{{*}}{name}" for name in ENTRIES))):
                yield entry
                entry.text = None
                for part in list(entry):
                    entry.remove(part)
            if text := text_of(element):
                place = f"line {line_of(element)}, <{local_name(element)}>"
                drafts.left_out.append(LeftOut(place, "parts of the file beside its entries", text))


def _read_entry(path: Path, entry: etree._Element, drafts: Drafts, concept: str) -> None:
    _refuse_references(path, entry)
    sections: list[_Section] = []
    extra: dict[str, str] = {}
    left_out = _loose(entry)
    put_attributes(extra, "tbx:", attributes_of(entry, "id"))
    for child in entry:
        tag = _tag(child)
        if local_name(child) in SECTIONS:
            if not tag:
                raise InputError(
                    path, "a language section without xml:lang", "its language",
                    line=line_of(child),
                )  # fmt: skip
            if language_of(tag):
                sections += _read_section(child, tag, extra, left_out)
                continue
        else:
            left_out += _unapplied(child)
        if local_name(child) not in _NAMING:
            put_element(extra, child)
    empty = [s for s in sections if not s.text.strip()]
    filled = [s for s in sections if s.text.strip()]
    if {s.lang for s in empty} - {s.lang for s in filled}:
        drafts.left_out.append(
            LeftOut(
                f"line {line_of(entry)}, {', '.join(preview(s.text) for s in filled) or concept}",
                "entries whose Chinese or English form is empty", text_of(entry),
            )
        )  # fmt: skip
        return
    left_out += [LeftOut(f"line {s.line}", "forms without text", s.whole) for s in empty]
    draft = drafts.concept(concept)
    draft.context = extra.pop(CONTEXT, "")
    draft.critical = extra.pop(CRITICAL, "") == "yes"
    draft.extra = extra
    full_forms = {
        lang: [s.text for s in filled if s.lang == lang and s.fields.get(TERM_TYPE) == "fullForm"]
        for lang in ("zh", "en")
    }
    drafts.left_out += left_out
    for section in filled:
        term, stated = _term(path, section, full_forms[section.lang], drafts.left_out)
        drafts.add(draft, term, section.line, stated=stated, repeats=True)


def _tag(section: etree._Element) -> str:
    """Returns the language tag of a section."""
    named = section.find("{*}language")
    of_element = named.get("lang") or named.get("type") or "" if named is not None else ""
    return section.get(LANG) or section.get("lang") or of_element


def _refuse_references(path: Path, entry: etree._Element) -> None:
    """Refuses a reference to an entity that only a DTD could declare."""
    for reference in entry.iter(etree.Entity):
        raise InputError(
            path, f"the entity {reference.text}", "characters that need no DTD",
            line=line_of(entry),
        )  # fmt: skip


def _loose(element: etree._Element) -> list[LeftOut]:
    """Returns the text that stands between the parts of an entry."""
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    text = " ".join(piece.strip() for piece in pieces if piece.strip())
    place = f"line {line_of(element)}, <{local_name(element)}>"
    return [LeftOut(place, "texts between the parts of an entry", text)] if text else []


def _unapplied(element: etree._Element) -> list[LeftOut]:
    """Names a status that is not a form's, but that of an entry or a language; it stays a field."""
    return [
        LeftOut(
            f"line {line_of(part)}, {preview(text_of(part))}",
            "statuses of a whole entry or language, which no form has",
        )
        for part in element.iter("{*}*")
        if says_status(part)
    ]


def _read_section(
    section: etree._Element, tag: str, extra: dict[str, str], left_out: list[LeftOut]
) -> list[_Section]:
    found = []
    left_out += _loose(section)
    put_attributes(extra, f"{tag}/tbx:", attributes_of(section, TAG, "lang"))
    for child in section:
        if local_name(child) in TERMS:
            found.append(_read_term(child, tag))
            left_out += _loose(child) if found[-1].text.strip() else []
        elif local_name(child) not in _NAMING:
            left_out += _unapplied(child)
            put_element(extra, child, f"{tag}/")
    return found


def _read_term(element: etree._Element, tag: str) -> _Section:
    form = _Section(language_of(tag) or "", line_of(element), text_of(element))
    terms = 0
    for part in _parts(element):
        name, value, attributes = field_of(part)
        if local_name(part) == "term" and not terms:
            form.text, form.line = text_of(part), line_of(part)
            put_attributes(form.fields, "tbx:term", attributes_of(part))
            terms += 1
        elif local_name(part) == "note" and name == "tbx:note" and not form.note:
            form.note = value
            put_attributes(form.fields, NOTE, attributes)
        elif says_status(part) and name != _AUTHORIZATION:
            own = attributes_of(part, "type")
            form.statuses.append(_Said(text_of(part), name, value, own))
        else:
            inner = [e for e in part.iter("{*}*") if says_status(e)]
            form.statuses += [_Said(text_of(e)) for e in inner]
            put_attributes(form.fields, put(form.fields, name, value), attributes)
    put_attributes(form.fields, "tbx:", attributes_of(element))
    if tag != form.lang:
        form.fields[TAG] = tag
    return form


def _parts(element: etree._Element) -> list[etree._Element]:
    """Returns the elements of a form, those of ``termGrp`` and ``termNoteGrp`` among them."""
    parts = []
    for child in element:
        if local_name(child) in ("termGrp", "termNoteGrp"):
            parts += _parts(child)
        else:
            parts.append(child)
    return parts


def _term(
    path: Path, form: _Section, full_forms: list[str], left_out: list[LeftOut]
) -> tuple[Term, bool]:
    fields = form.fields
    status, stated = _status(path, form, left_out)
    expansion = fields.pop(OWN_EXPANSION, "")
    case = Case.INSENSITIVE
    if fields.get(TERM_TYPE) == "acronym":
        case = Case.EXACT if form.text.isupper() else case
        expansion = expansion or (full_forms[0] if len(full_forms) == 1 else "")
        if expansion:
            del fields[TERM_TYPE]
    term = Term(
        form.text,
        form.lang,
        status,
        _choice(path, form, OWN_CASE, case),
        _choice(path, form, OWN_MATCH, Match.INFLECTED),
        expansion,
        form.note,
        fields,
    )
    return term, stated


def _status(path: Path, form: _Section, left_out: list[LeftOut]) -> tuple[Status, bool]:
    """Returns the status, and whether the file states it; a word of the file's own stays a field.

    Of several, the strictest holds. A word of the standard is written again as it was.
    """
    known = [said for said in form.statuses if said.status]
    status = strictest(said.status for said in known if said.status) if known else None
    stated = status is not None or OWN_STATUS in form.fields
    own = _choice(path, form, OWN_STATUS, status or Status.PREFERRED)
    fitting = [said for said in known if said.status is status]
    kept = next((said for said in fitting if said.name), None)
    for said in form.statuses:
        if said is kept:
            name = STATUS if said.word == CANONICAL[own] else put(form.fields, STATUS, said.word)
            put_attributes(form.fields, name, said.attributes)
        elif said.status is None and said.word.strip():
            place = f"{form.place}: {preview(said.word)}"
            left_out.append(LeftOut(place, UNKNOWN_STATUS))
            if said.name:
                name = put(form.fields, said.name, said.value)
                put_attributes(form.fields, name, said.attributes)
        elif said is not kept and said.name:
            reason = "statuses beside another one, at least as strict, of the same form"
            left_out.append(LeftOut(form.place, reason, said.word))
    return own, stated


def _choice(path: Path, form: _Section, name: str, default: _Choice) -> _Choice:
    word = form.fields.pop(name, "")
    if not word:
        return default
    try:
        return type(default)(word)
    except ValueError as error:
        kind = name.rpartition("-")[2]
        raise InputError(
            path, f"{kind} {preview(word)}", " or ".join(type(default)), line=form.line
        ) from error

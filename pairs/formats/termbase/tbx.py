"""TBX, the standard for termbases (ISO 30042): v2 (``martif``, TBX-Basic) and v3, DCA and DCT.

Languages other than Chinese and English, and every element the model does not know, are kept as
fields (see `xindaya.pairs.formats.termbase.categories`) and written back.

What our model has and TBX has not is written as ``xindaya-…`` categories. A form without a status
is preferred if it is the first of its language and none is stated to be; an ``acronym`` in capitals
is matched with them, and its expansion is the concept's one ``fullForm``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lxml import etree

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.termbase.categories import field_of, put, text_of
from xindaya.pairs.formats.termbase.drafts import Drafts
from xindaya.pairs.formats.termbase.words import language_of, status_of, status_words
from xindaya.pairs.formats.xml import iter_outermost, line_of, local_name, open_xml, unescaped
from xindaya.pairs.termbase import Case, Match, Status, Term, Termbase

ENTRIES = ("termEntry", "conceptEntry")
SECTIONS = ("langSet", "langSec")
TERMS = ("tig", "ntig", "termSec")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATUS, TERM_TYPE = "termNote:administrativeStatus", "termNote:termType"
CONTEXT, CRITICAL = "descrip:xindaya-context", "descrip:xindaya-critical"
OWN_STATUS, OWN_CASE = "termNote:xindaya-status", "termNote:xindaya-case"
OWN_MATCH, OWN_EXPANSION = "termNote:xindaya-match", "termNote:xindaya-expansion"
ID, TAG = "tbx:@id", "xml:lang"
CANONICAL = {
    Status.PREFERRED: "preferredTerm-admn-sts",
    Status.ADMITTED: "admittedTerm-admn-sts",
    Status.DEPRECATED: "deprecatedTerm-admn-sts",
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
}
"""TBX's word for each status. It has none for forbidden: that is said by our own category too."""

MAX_BYTES = 256 << 20
"""Largest file that is read; a termbase is held in memory whole."""

_AUTHORIZATION = "termNote:normativeAuthorization"
_Choice = TypeVar("_Choice", Status, Case, Match)


@dataclass(slots=True)
class _Section:
    """One form as it stands in the file."""

    lang: str
    line: int | None
    text: str
    note: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def read_tbx(path: str | Path, *, lenient: bool = False) -> Termbase:
    """Reads a TBX file.

    Args:
        path: The file.
        lenient: Keep forms that contradict or repeat one another.

    Raises:
        InputError: If it is no TBX, declares an entity, has an entry id twice, a language section
            without a language, a form without text or a status nobody knows.
        NothingToEvaluateError: If it has no entry.
    """
    path = Path(path)
    drafts = Drafts(path, lenient=lenient)
    for number, entry in enumerate(_entries(path), 1):
        concept = unescaped(entry.get("id", "")) or f"entry-{number}"
        if concept in drafts:
            raise InputError(
                path, f"the entry id {preview(concept)} twice", "unique ids", line=line_of(entry)
            )
        _read_entry(path, entry, drafts, concept)
    return drafts.termbase(path.stem)


def _entries(path: Path) -> Iterator[etree._Element]:
    with open_xml(path) as stream:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(path, f"{size:,} bytes of XML", f"at most {MAX_BYTES:,}")
        yield from iter_outermost(path, stream, ENTRIES, roots=("martif", "tbx"))


def _read_entry(path: Path, entry: etree._Element, drafts: Drafts, concept: str) -> None:
    draft = drafts.concept(concept)
    sections: list[_Section] = []
    _refuse_references(path, entry)
    for child in entry:
        tag = child.get(LANG) or child.get("lang") or ""
        if local_name(child) in SECTIONS:
            if not tag:
                raise InputError(
                    path, "a language section without xml:lang", "its language",
                    line=line_of(child),
                )  # fmt: skip
            if language_of(tag):
                sections += _read_section(path, child, tag, draft.extra)
                continue
        put(draft.extra, *_field(path, child))
    draft.context = draft.extra.pop(CONTEXT, "")
    draft.critical = draft.extra.pop(CRITICAL, "") == "yes"
    full_forms = {
        lang: [s.text for s in sections if s.lang == lang and s.fields.get(TERM_TYPE) == "fullForm"]
        for lang in ("zh", "en")
    }
    for section in sections:
        term, stated = _term(path, section, full_forms[section.lang])
        drafts.add(draft, term, section.line, stated=stated, repeats=True)


def _refuse_references(path: Path, entry: etree._Element) -> None:
    """Refuses a reference to an entity that only a DTD could declare."""
    for reference in entry.iter(etree.Entity):
        raise InputError(
            path, f"the entity {reference.text}", "characters that need no DTD",
            line=line_of(entry),
        )  # fmt: skip


def _read_section(
    path: Path, section: etree._Element, tag: str, extra: dict[str, str]
) -> list[_Section]:
    found = []
    for child in section:
        if local_name(child) in TERMS:
            found.append(_read_term(path, child, tag))
        else:
            name, value = _field(path, child)
            put(extra, f"{tag}/{name}", value)
    return found


def _field(path: Path, element: etree._Element) -> tuple[str, str]:
    try:
        return field_of(element)
    except (ValueError, etree.C14NError) as error:  # lxml reads what it does not write again
        found = f"<{local_name(element)}> with {preview(str(error))}"
        raise InputError(path, found, "sound XML", line=line_of(element)) from error


def _read_term(path: Path, element: etree._Element, tag: str) -> _Section:
    form = _Section(language_of(tag) or "", line_of(element), "")
    for part in _parts(element):
        name, value = _field(path, part)
        if local_name(part) == "term":
            form.text, form.line = text_of(part), line_of(part)
            form.fields.update({ID: part.get("id", "")} if part.get("id") else {})
        elif local_name(part) == "note" and name == "tbx:note" and not form.note:
            form.note = value
        else:
            put(form.fields, name, value)
    if not form.text.strip():
        raise InputError(path, "a form without text", "<term>…</term>", line=form.line)
    if element.get("id"):
        form.fields[ID] = element.get("id", "")
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


def _term(path: Path, form: _Section, full_forms: list[str]) -> tuple[Term, bool]:
    fields = form.fields
    status, stated = _status(path, form)
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


def _status(path: Path, form: _Section) -> tuple[Status, bool]:
    """Returns the status, and whether the file states it."""
    word = form.fields.get(STATUS) or form.fields.get(_AUTHORIZATION, "")
    status = status_of(word)
    if status is None and STATUS in form.fields:
        raise InputError(
            path, f"administrativeStatus {preview(word)}", status_words(), line=form.line
        )
    own = _choice(path, form, OWN_STATUS, status or Status.PREFERRED)
    if form.fields.get(STATUS) == CANONICAL[own]:
        # A word of the standard is written again as it was; others are kept.
        del form.fields[STATUS]
    return own, status is not None


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

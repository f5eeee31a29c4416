"""TBX-Basic, as other tools import it: the published schemas' structure, categories and values.

The document types below say what those of ISO 30042 and of the TBX-Basic dialect say of the elements
that are written; the lists are those of the dialect's Schematron rules.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from xindaya.pairs import (
    Case,
    Concept,
    InputError,
    Match,
    Status,
    Term,
    Termbase,
    read_termbase,
    write_termbase,
)

DTD = """
<!ENTITY % aux "(descrip | descripGrp | admin | adminGrp | transacGrp | note)*">
<!ELEMENT {root} ({root}Header, text)>
<!ATTLIST {root} xml:lang CDATA #REQUIRED {attributes}>
<!ELEMENT {root}Header (fileDesc, encodingDesc?)>
<!ELEMENT fileDesc (titleStmt?, sourceDesc+)>
<!ELEMENT titleStmt (title)> <!ELEMENT title (#PCDATA)> <!ELEMENT sourceDesc (p+)>
<!ELEMENT encodingDesc (p+)> <!ELEMENT p (#PCDATA)> <!ATTLIST p type CDATA #IMPLIED>
<!ELEMENT text (body)> <!ELEMENT body ({entry}+)>
<!ELEMENT {entry} (%aux;, {section}+)> <!ATTLIST {entry} id ID #IMPLIED>
<!ELEMENT {section} (%aux;, {term}+)> <!ATTLIST {section} xml:lang CDATA #REQUIRED>
<!ELEMENT {term} (term, termNote*, %aux;)>
<!ELEMENT term (#PCDATA)> <!ELEMENT note (#PCDATA)>
<!ELEMENT termNote (#PCDATA)> <!ATTLIST termNote type CDATA #REQUIRED>
<!ELEMENT descrip (#PCDATA)> <!ATTLIST descrip type CDATA #REQUIRED>
<!ELEMENT admin (#PCDATA)> <!ATTLIST admin type CDATA #REQUIRED>
<!ELEMENT descripGrp (descrip, (admin | note)*)> <!ATTLIST descripGrp xmlns CDATA #IMPLIED>
<!ELEMENT adminGrp (admin, note*)> <!ATTLIST adminGrp xmlns CDATA #IMPLIED>
<!ELEMENT transacGrp (transac, (transacNote | date | note)*)>
<!ATTLIST transacGrp xmlns CDATA #IMPLIED>
<!ELEMENT transac (#PCDATA)> <!ATTLIST transac type (transactionType) #REQUIRED>
<!ELEMENT transacNote (#PCDATA)> <!ATTLIST transacNote type (responsibility) #REQUIRED>
<!ELEMENT date (#PCDATA)>
"""
V3 = DTD.format(
    root="tbx", entry="conceptEntry", section="langSec", term="termSec",
    attributes='type (TBX-Basic) #REQUIRED style (dca) #REQUIRED xmlns CDATA #FIXED "urn:iso:std:iso:30042:ed-2"',
)  # fmt: skip
V2 = DTD.format(
    root="martif",
    entry="termEntry",
    section="langSet",
    term="tig",
    attributes="type (TBX-Basic) #REQUIRED",
)
CATEGORIES = {
    "entry": {"subjectField", "definition", "source"},
    "section": {"definition", "source"},
    "term": {"context", "source", "customerSubset", "projectSubset", "administrativeStatus",
             "geographicalUsage", "grammaticalGender", "partOfSpeech", "termLocation", "termType"},
}  # fmt: skip
LEVELS = {"conceptEntry": "entry", "termEntry": "entry", "langSec": "section", "langSet": "section",
          "termSec": "term", "tig": "term"}  # fmt: skip
VALUES = {
    "administrativeStatus": {"admittedTerm-admn-sts", "deprecatedTerm-admn-sts",
                             "supersededTerm-admn-sts", "preferredTerm-admn-sts"},
    "partOfSpeech": {"adjective", "noun", "other", "verb", "adverb"},
    "grammaticalGender": {"masculine", "feminine", "neuter", "other"},
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
}  # fmt: skip


def problems(path: Path) -> list[str]:
    """Returns what is not as the published schemas want it."""
    tree = etree.parse(path)
    dtd = etree.DTD(io.StringIO(V2 if tree.getroot().tag == "martif" else V3))
    found = [] if dtd.validate(tree) else [str(e) for e in dtd.error_log]
    for element in tree.getroot().iter("{*}termNote", "{*}descrip", "{*}admin"):
        category = element.get("type", "")
        holder = element.getparent()
        while holder is not None and etree.QName(holder).localname not in LEVELS:
            holder = holder.getparent()
        assert holder is not None
        if category not in CATEGORIES[LEVELS[etree.QName(holder).localname]]:
            found.append(f"{category} in {holder.tag}")
        if element.text not in VALUES.get(category, {element.text}):
            found.append(f"{category}: {element.text}")
    return found


TEXT = st.text("aB1甲<&'\" \n\t", min_size=1, max_size=5).filter(str.strip)
FIELDS = st.dictionaries(
    st.sampled_from(["descrip:subjectField", "descrip:definition", "descrip:context", "admin:source",
                     "tbx:note", "tbx:note@id", "tbx:@id", "owner", "descrip:status", "zh/tbx:note",
                     "en/descrip:definition", "termNote:termLocation", "admin:customerSubset"]),
    TEXT, max_size=4,
)  # fmt: skip
PARTS = st.sampled_from(["noun", "verb", "properNoun", "Proper noun", "particle"])
TERMS = st.builds(
    Term, TEXT, st.sampled_from(["zh", "en"]), st.sampled_from(Status), st.sampled_from(Case),
    st.sampled_from(Match), st.just("") | TEXT, st.just("") | TEXT,
    st.builds(lambda fields, part: {**fields, "termNote:partOfSpeech": part}, FIELDS, PARTS),
)  # fmt: skip
CONCEPTS = st.builds(
    Concept, TEXT, st.lists(TERMS, min_size=1, max_size=3, unique_by=lambda t: (t.lang, t.text.strip())).map(tuple),
    st.just("") | TEXT, st.booleans(), FIELDS,
)  # fmt: skip


@settings(max_examples=50)
@given(
    st.lists(CONCEPTS, min_size=1, max_size=2, unique_by=lambda c: c.id),
    st.sampled_from(["tbx-basic", "tbx-v2"]),
)
def test_what_is_written_is_valid(
    tmp_path_factory: pytest.TempPathFactory, concepts: list[Concept], form: str
) -> None:
    path = tmp_path_factory.mktemp("basic") / "t.tbx"
    usable = [[t for t in c.terms if t.match is not Match.PATTERN] for c in concepts]
    if not any(usable):
        with pytest.raises(InputError, match="no concept with a term"):
            write_termbase(Termbase("t", tuple(concepts)), path, format=form)
        return
    write_termbase(Termbase("t", tuple(concepts)), path, format=form)
    assert problems(path) == []
    barred = (Status.DEPRECATED, Status.FORBIDDEN)
    read = {
        c.id: {(t.lang, t.text): t.status in barred for t in c.terms}
        for c in read_termbase(path).concepts
    }
    assert read == {
        c.id: {(t.lang, " ".join(t.text.split("\n")).strip()): t.status in barred for t in terms}
        if not any(c in t.text for t in terms for c in "\n\t") else read[c.id]
        for c, terms in zip(concepts, usable, strict=True) if terms
    }  # fmt: skip


def test_what_is_lost_is_said(tmp_path: Path) -> None:
    full, short = "reserve requirement ratio", "RRR"
    terms = (
        Term("存款准备金率", "zh", extra={"termNote:partOfSpeech": "properNoun", "owner": "Li"}),
        Term(full, "en"),
        Term(short, "en", Status.ADMITTED, Case.EXACT, expansion=full),
        Term("reserve share", "en", Status.FORBIDDEN, note="a\nb"),
        Term("reserves?", "en", match=Match.PATTERN),
    )
    termbase = Termbase("t", (Concept("1", terms, "央行", critical=True), Concept("2", ())))
    losses = write_termbase(termbase, tmp_path / "t.tbx", format="tbx-basic")
    assert losses == [
        "concepts lose the condition on their context: 1 (1)",
        "concepts are no longer marked as critical: 1 (1)",
        "patterns: 1 (reserves?)",
        "proper nouns, which are called nouns there: 1 (properNoun)",
        "fields that it has no room for: 1 (owner)",
        "forbidden forms, which are called deprecated there: 1 (reserve share)",
        "texts lose their line breaks, or blanks at their ends: 1 (a\nb)",
        "concepts without a term: 1 (2)",
    ]
    assert problems(tmp_path / "t.tbx") == []
    read = read_termbase(tmp_path / "t.tbx").concepts[0].in_language("en")
    assert [(t.text, t.status.value, t.case.value, t.expansion) for t in read] == [
        (full, "preferred", "insensitive", ""), (short, "admitted", "exact", full),
        ("reserve share", "deprecated", "insensitive", ""),
    ]  # fmt: skip


def test_groups_of_the_dialect_are_kept(tmp_path: Path) -> None:
    groups = {
        "xml:descripGrp": '<descripGrp xmlns="urn:iso:std:iso:30042:ed-2"><descrip type="definition">d'
        '</descrip><admin type="source">s</admin></descripGrp>',
        "xml:transacGrp": '<transacGrp xmlns="urn:iso:std:iso:30042:ed-2"><transac type="transactionType">'
        "origination</transac><date>2024-01-31</date></transacGrp>",
        "xml:ref": '<ref xmlns="urn:iso:std:iso:30042:ed-2" target="x" type="see">x</ref>',
    }
    termbase = Termbase("t", (Concept("c", (Term("甲", "zh"),), extra=groups),))
    for form in ("tbx-basic", "tbx-v2"):
        losses = write_termbase(termbase, tmp_path / "t.tbx", format=form)
        assert losses == ["fields that it has no room for: 1 (xml:ref)"]
        assert problems(tmp_path / "t.tbx") == []
        kept = read_termbase(tmp_path / "t.tbx").concepts[0].extra
        assert kept == {n: v for n, v in groups.items() if n != "xml:ref"}

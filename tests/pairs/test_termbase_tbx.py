"""TBX: reading what other tools write, writing what reads back, refusing what attacks."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xindaya.pairs import (
    Case,
    Concept,
    InputError,
    Match,
    NothingToEvaluateError,
    Status,
    Term,
    Termbase,
    read_termbase,
    write_termbase,
)

V2 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en">
  <martifHeader><fileDesc><sourceDesc><p>made for a test</p></sourceDesc></fileDesc></martifHeader>
  <text><body>
    <termEntry id="c1">
      <descrip type="subjectField">internet</descrip>
      <descripGrp><descrip type="definition">the national <hi>regulator</hi></descrip>
        <admin type="source">own</admin></descripGrp>
      <langSet xml:lang="zh-CN">
        <ntig><termGrp>
          <term>网信办</term>
          <termNote type="partOfSpeech">noun</termNote>
        </termGrp></ntig>
        <tig><term>國家網信辦</term></tig>
      </langSet>
      <langSet xml:lang="en-US">
        <descrip type="definition">the office
          that regulates</descrip>
        <tig>
          <term>Cyberspace Administration of China</term>
          <termNote type="termType">fullForm</termNote>
          <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
          <note>since 2014</note>
          <descrip type="context">The CAC said so.</descrip>
        </tig>
        <tig>
          <term>CAC</term>
          <termNote type="termType">acronym</termNote>
          <termNote type="administrativeStatus">admittedTerm</termNote>
        </tig>
        <tig>
          <term>State Internet Information Office</term>
          <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote>
        </tig>
        <tig>
          <term>network information office</term>
          <termNote type="administrativeStatus">forbidden</termNote>
        </tig>
      </langSet>
      <langSet xml:lang="fr"><tig><term>Administration du cyberespace</term></tig></langSet>
    </termEntry>
  </body></text>
</martif>
"""
DCT = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://example.org/TBX-Basic.rng" type="application/xml"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
     xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
  <tbxHeader><fileDesc><sourceDesc><p>test</p></sourceDesc></fileDesc></tbxHeader>
  <text><body>
    <conceptEntry id="5">
      <min:subjectField>finance</min:subjectField>
      <langSec xml:lang="zh-Hant">
        <termSec><term>央行</term>
          <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
          <basic:termLocation>menu</basic:termLocation></termSec>
      </langSec>
      <langSec xml:lang="en">
        <termSec><term>central bank</term><min:partOfSpeech>noun</min:partOfSpeech>
          <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
        <termSec><term>People&#39;s Bank</term></termSec>
      </langSec>
    </conceptEntry>
  </body></text>
</tbx>
"""
WRAP = '<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body>{}</body></text></tbx>'
FORM = '<langSec xml:lang="zh"><termSec>{}</termSec></langSec>'


def read(tmp_path: Path, text: str) -> Termbase:
    path = tmp_path / "t.tbx"
    path.write_text(text, "utf-8")
    return read_termbase(path)


def again(tmp_path: Path, termbase: Termbase, name: str = "again.tbx") -> Termbase:
    assert write_termbase(termbase, tmp_path / name) == []
    return replace(read_termbase(tmp_path / name), name=termbase.name)


def by_language(termbase: Termbase) -> Termbase:
    """The termbase with Chinese forms first: TBX does not keep the order between languages."""
    concepts = tuple(
        replace(c, terms=tuple(sorted(c.terms, key=lambda t: t.lang, reverse=True)))
        for c in termbase.concepts
    )
    return replace(termbase, concepts=concepts)


def test_v2(tmp_path: Path) -> None:
    (concept,) = read(tmp_path, V2).concepts
    zh, en = concept.in_language("zh"), concept.in_language("en")
    assert [(t.text, t.status.value) for t in zh] == [
        ("网信办", "preferred"), ("國家網信辦", "admitted"),
    ]  # fmt: skip
    assert [(t.text, t.status.value) for t in en] == [
        ("Cyberspace Administration of China", "preferred"), ("CAC", "admitted"),
        ("State Internet Information Office", "deprecated"),
        ("network information office", "forbidden"),
    ]  # fmt: skip
    assert (en[1].case, en[1].expansion) == (Case.EXACT, "Cyberspace Administration of China")
    assert en[0].note == "since 2014"
    assert en[0].extra["descrip:context"] == "The CAC said so."
    assert en[2].extra["termNote:administrativeStatus"] == "supersededTerm-admn-sts"
    assert zh[0].extra == {"termNote:partOfSpeech": "noun", "xml:lang": "zh-CN"}
    assert concept.extra["descrip:subjectField"] == "internet"
    assert concept.extra["en-US/descrip:definition"] == "the office that regulates"
    assert "<hi>regulator</hi></descrip>" in concept.extra["xml:descripGrp"]
    assert "Administration du cyberespace" in concept.extra["xml:langSec"]


def test_v3_dct(tmp_path: Path) -> None:
    (concept,) = read(tmp_path, DCT).concepts
    assert concept.id == "5"
    assert concept.extra == {"descrip:subjectField": "finance"}
    zh, bank, peoples = concept.terms
    assert zh.extra == {"termNote:termLocation": "menu", "xml:lang": "zh-Hant"}
    assert (bank.status, bank.extra) == (Status.DEPRECATED, {"termNote:partOfSpeech": "noun"})
    assert (peoples.text, peoples.status) == ("People's Bank", Status.PREFERRED)


@pytest.mark.parametrize("text", [V2, DCT])
def test_everything_survives(tmp_path: Path, text: str) -> None:
    termbase = read(tmp_path, text)
    assert again(tmp_path, termbase) == termbase
    # Once written as TBX v3, the file itself does not change any more, through a table either.
    again(tmp_path, again(tmp_path, termbase), "third.tbx")
    assert (tmp_path / "again.tbx").read_bytes() == (tmp_path / "third.tbx").read_bytes()
    assert again(tmp_path, termbase, "again.tsv") == termbase
    assert again(tmp_path, termbase, "again.csv") == termbase


def test_what_is_written_is_dca(tmp_path: Path, termbase: Termbase) -> None:
    again(tmp_path, termbase)
    root = etree.parse(tmp_path / "again.tbx").getroot()
    core = "{urn:iso:std:iso:30042:ed-2}"
    assert (root.tag, root.get("style"), root.get("type")) == (f"{core}tbx", "dca", "TBX-Xindaya")
    notes = root.findall(f".//{core}termNote[@type='administrativeStatus']")
    assert {n.text for n in notes} == {
        "preferredTerm-admn-sts", "admittedTerm-admn-sts", "deprecatedTerm-admn-sts",
    }  # fmt: skip
    plain = Termbase("plain", (Concept("a", (Term("甲", "zh"), Term("A", "en"))),))
    write_termbase(plain, tmp_path / "plain.tbx")
    assert 'type="TBX-Basic"' in (tmp_path / "plain.tbx").read_text("utf-8")


def test_sample_keeps_its_hash(tmp_path: Path) -> None:
    from xindaya.samples import SAMPLE_TERMBASE

    sample = read_termbase(SAMPLE_TERMBASE)
    written = again(tmp_path, sample)
    assert written.sha256 == sample.sha256
    assert by_language(written) == by_language(sample)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), min_size=1) | (
    st.sampled_from(
        ["]]>", "&amp;", "<b>", "a\nb", "\t", " x ", "=1+1", "'=x", "\r\n", "<!ENTITY", "_x0041_"]
    )
)
FORMS = TEXT.filter(lambda t: t.strip() != "")
FIELDS = st.dictionaries(
    TEXT | st.sampled_from(["descrip:x", "descrip:x#2", "tbx:note", "admin:a", "xml:p", "owner"]),
    TEXT,
    max_size=3,
)
TERMS = st.builds(
    Term,
    FORMS,
    st.sampled_from(["zh", "en"]),
    st.sampled_from(Status),
    st.sampled_from(Case),
    st.sampled_from(Match),
    st.just("") | TEXT,
    st.just("") | TEXT,
    FIELDS,
)
CONCEPTS = st.builds(
    Concept,
    FORMS,
    st.lists(TERMS, max_size=4, unique_by=lambda t: (t.lang, t.text)).map(tuple),
    st.just("") | TEXT,
    st.booleans(),
    FIELDS,
)
TERMBASES = st.lists(CONCEPTS, min_size=1, max_size=3, unique_by=lambda c: c.id).map(
    lambda concepts: Termbase("t", tuple(concepts))
)


@given(TERMBASES)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, termbase: Termbase) -> None:
    written = again(tmp_path_factory.mktemp("tbx"), termbase)
    assert by_language(written) == by_language(termbase)


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b[31m", "\ufffe", "\ud800"])
def test_characters_xml_cannot_hold(tmp_path: Path, bad: str) -> None:
    termbase = Termbase("t", (Concept("c", (Term(f"甲{bad}", "zh"),)),))
    with pytest.raises(InputError, match=f"U\\+{ord(bad[0]):04X} in concept 'c'"):
        write_termbase(termbase, tmp_path / "t.tbx")
    assert list(tmp_path.iterdir()) == []


LAUGHS = "".join(
    f'<!ENTITY a{n} "{"".join([f"&a{n - 1};"] * 10)}">' for n in range(1, 10)
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WRAP, "the entity 'x'"),
        ('<!DOCTYPE tbx [<!ENTITY % p SYSTEM "http://x/">%p;]>' + WRAP, "the entity 'p'"),
        (f'<!DOCTYPE tbx [<!ENTITY a0 "ha">{LAUGHS}]><tbx a="&a9;"/>', "the entity 'a0'"),
        ('<!DOCTYPE tbx SYSTEM "no.dtd">' + WRAP.format(
            "<conceptEntry>" + FORM.format("<term>&x;甲</term>") + "</conceptEntry>"), "entity &x;"),
        (V2[: len(V2) // 2], "line 22: found no well-formed XML"),
        ("<html/>", "found <html> as the root; expected <martif> or <tbx>"),
        (WRAP.format('<conceptEntry id="a"/>\n<conceptEntry id="a"/>'),
         "line 2: found the entry id 'a' twice"),
        (WRAP.format("<conceptEntry><langSec/></conceptEntry>"), "without xml:lang"),
        (WRAP.format("<conceptEntry>" + FORM.format("<term> </term>") + "</conceptEntry>"),
         "a form without text"),
        (WRAP.format("<conceptEntry>" + FORM.format(
            '<term>甲</term><termNote type="administrativeStatus">fine</termNote>')
            + "</conceptEntry>"), "administrativeStatus 'fine'; expected accepted, admitted"),
        (WRAP.format("<conceptEntry>" + FORM.format(
            '<term>甲</term><termNote type="xindaya-case">upper</termNote>')
            + "</conceptEntry>"), "case 'upper'; expected insensitive or exact"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_deep_and_wide_files_need_little(tmp_path: Path) -> None:
    hostile = tmp_path / "t.tbx"
    hostile.write_text(WRAP.format("<x><y/></x>\n" * 50_000))
    tracemalloc.start()
    with pytest.raises(NothingToEvaluateError):
        read_termbase(hostile)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()
    hostile.write_text("<tbx>" + "<a>" * 100_000)
    with pytest.raises(InputError, match="no well-formed XML"):
        read_termbase(hostile)
    hostile.write_text("<tbx><conceptEntry>" + "<a/>" * 300_000)
    with pytest.raises(InputError, match="over 200,000 elements"):
        read_termbase(hostile)


def test_lenient_keeps_what_contradicts(tmp_path: Path) -> None:
    terms = "".join(
        f'<termSec><term>甲</term><termNote type="administrativeStatus">{s}</termNote></termSec>'
        for s in ("preferred", "forbidden")
    )
    path = tmp_path / "t.tbx"
    path.write_text(
        WRAP.format(f'<conceptEntry><langSec xml:lang="zh">{terms}</langSec></conceptEntry>')
    )
    with pytest.raises(InputError, match="line 1: found '甲' as forbidden and as preferred"):
        read_termbase(path)
    assert len(read_termbase(path, lenient=True).concepts[0].terms) == 2

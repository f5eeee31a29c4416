"""TBX: reading what other tools write, writing what reads back, refusing what attacks."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from dataclasses import replace
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
    NothingToEvaluateError,
    Status,
    Term,
    Termbase,
    read_termbase,
    write_termbase,
)
from xindaya.pairs.formats.xml_text import escaped
from xindaya.pairs.lint import lint
from xindaya.pairs.termbase import SEVERAL_STATUSES, UNKNOWN_STATUS

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
        ("<html/>", "found <html> as the root; expected <martif> or <tbx> or <mtf>"),
        (WRAP.format('<conceptEntry id="a"/>\n<conceptEntry id="a"/>'),
         "line 2: found the entry id 'a' twice"),
        (WRAP.format("<conceptEntry><langSec/></conceptEntry>"), "without xml:lang"),
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


ENTRY = (
    '<martif type="TBX"><text><body><termEntry id="c"><langSet xml:lang="zh"><tig><term>甲</term>'
    '</tig></langSet><langSet xml:lang="en">{}</langSet></termEntry></body></text></martif>'
)


def english(tmp_path: Path, *forms: str) -> tuple[tuple[Term, ...], Termbase]:
    """Reads an entry with these English forms: what stands in their ``tig``."""
    text = ENTRY.format("".join(f"<tig>{form}</tig>" for form in forms))
    termbase = read(tmp_path, text)
    return termbase.concepts[0].in_language("en"), termbase


NOTE = '<termNote type="administrativeStatus"{}>{}</termNote>'


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (NOTE.format(' id="n1"', "deprecatedTerm-admn-sts"), "deprecated"),
        (NOTE.format(' xml:lang="en"', "forbidden"), "forbidden"),
        (NOTE.format(' datatype="plainText" target="x"', "admittedTerm"), "admitted"),
        (NOTE.format(' v:own="1" xmlns:v="urn:v"', "supersededTerm-admn-sts"), "deprecated"),
        (NOTE.format("", "<hi>Forbidden</hi>"), "forbidden"),
        ('<termNote type="Status">Do not use</termNote>', "forbidden"),
        ('<termNote type="term_status">not recommended</termNote>', "deprecated"),
        ('<descrip type="usageStatus">OBSOLETE</descrip>', "deprecated"),
        ('<descripGrp><descrip type="Usage Status">禁用</descrip></descripGrp>', "forbidden"),
        ('<admin type="ADMINISTRATIVESTATUS">DeprecatedTerm</admin>', "deprecated"),
        ('<m:administrativeStatus xmlns:m="urn:m" id="x">forbidden</m:administrativeStatus>',
         "forbidden"),
        ('<termNoteGrp><termNote type="status" id="y">rejected</termNote></termNoteGrp>',
         "forbidden"),
        ('<termNote type="normativeAuthorization" id="z">deprecatedTerm</termNote>', "deprecated"),
    ],
)  # fmt: skip
def test_a_status_is_recognised_however_it_is_spelled(
    tmp_path: Path, status: str, expected: str
) -> None:
    terms, termbase = english(tmp_path, f"<term>a</term>{status}", "<term>b</term>")
    assert {t.text: t.status.value for t in terms} == {"a": expected, "b": terms[0].status.value}
    assert termbase.left_out == ()
    assert again(tmp_path, termbase) == termbase
    written = etree.parse(tmp_path / "again.tbx")
    for section in written.iter("{*}termSec"):
        assert len(section.findall("{*}termNote[@type='administrativeStatus']")) == 1


def test_attributes_of_a_status_are_written_back(tmp_path: Path) -> None:
    _, termbase = english(tmp_path, "<term id='t'>a</term>" + NOTE.format(' id="n"', "forbidden"))
    again(tmp_path, termbase)
    section = etree.parse(tmp_path / "again.tbx").findall(".//{*}termSec")[1]
    assert [(e.get("id"), e.text) for e in section[:2]] == [("t", "a"), ("n", "forbidden")]


def test_a_status_nobody_knows_is_said(tmp_path: Path) -> None:
    (term,), termbase = english(tmp_path, "<term>a</term>" + NOTE.format("", "in review"))
    (said,) = termbase.left_out
    assert (said.reason, said.place) == (UNKNOWN_STATUS, "line 1, 'a': 'in review'")
    assert term.extra == {"termNote:administrativeStatus": "in review"}
    assert again(tmp_path, termbase) == termbase
    (finding,) = [f for f in lint(termbase) if f.kind == "unknown-status"]
    assert "'a': 'in review'" in finding.message


def test_of_two_statuses_the_stricter_holds(tmp_path: Path) -> None:
    (term,), termbase = english(
        tmp_path, "<term>a</term>" + NOTE.format("", "preferred")
        + '<descrip type="status">forbidden</descrip>',
    )  # fmt: skip
    assert term.status is Status.FORBIDDEN
    assert [item.text for item in termbase.left_out] == ["preferred"]
    assert replace(again(tmp_path, termbase), left_out=()) == termbase


def test_a_status_of_the_entry_is_said(tmp_path: Path) -> None:
    termbase = read(tmp_path, ENTRY.replace("<langSet", '<descrip type="status">new</descrip><langSet', 1)
                    .format("<tig><term>a</term></tig>"))  # fmt: skip
    assert [item.place for item in termbase.left_out] == ["line 1, 'new'"]
    assert termbase.concepts[0].extra == {"descrip:status": "new"}


VARIANTS = (
    '<martif type="TBX"><text><body><termEntry id="c"><langSet xml:lang="zh"><tig><term>甲</term>'
    "</tig></langSet>{}</termEntry></body></text></martif>"
)


def section(tag: str, status: str, form: str = "lift") -> str:
    return f'<langSet xml:lang="{tag}"><tig><term>{form}</term>{NOTE.format("", status)}</tig></langSet>'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("", "forbidden"), ("en-GB", "preferred"), ("en_gb-oxendict", "preferred"),
     ("en-US", "forbidden"), ("en-AU", "admitted"), ("en", "admitted")],
)  # fmt: skip
def test_a_status_by_variant(tmp_path: Path, tag: str, expected: str) -> None:
    sections = (
        section("en-GB", "preferred") + section("en-US", "forbidden") + section("en", "admitted")
    )
    termbase = read(tmp_path, VARIANTS.format(sections))
    assert [t.tag for t in termbase.concepts[0].in_language("en")] == ["en-GB", "en-US", "en"]
    (term,) = termbase.in_variant(tag).concepts[0].in_language("en")
    assert term.status.value == expected
    assert termbase.left_out[0].reason == SEVERAL_STATUSES
    assert "forbidden as en-US" in termbase.left_out[0].place
    assert again(tmp_path, termbase) == termbase
    assert again(tmp_path, termbase, "again.tsv") == termbase


def test_the_hash_knows_variants(tmp_path: Path) -> None:
    one = read(
        tmp_path, VARIANTS.format(section("en-GB", "preferred") + section("en-US", "forbidden"))
    )
    other = read(
        tmp_path, VARIANTS.format(section("en-US", "preferred") + section("en-GB", "forbidden"))
    )
    assert one.sha256 != other.sha256


def test_homographs_and_second_notes(tmp_path: Path) -> None:
    pos = '<termNote type="partOfSpeech">{}</termNote>'
    terms, termbase = english(
        tmp_path,
        "<term>record</term>" + pos.format("noun") + "<note>first</note><note>second</note>",
        "<term>record</term>" + pos.format("verb") + NOTE.format("", "forbidden"),
        "<term>tape</term><note>one</note>", "<term>tape</term><note>two</note>",
    )  # fmt: skip
    assert [(t.text, t.status.value) for t in terms] == [
        ("record", "preferred"), ("record", "forbidden"), ("tape", "admitted"),
    ]  # fmt: skip
    assert (terms[0].note, terms[0].extra["tbx:note"]) == ("first", "second")
    assert (terms[2].note, terms[2].extra["tbx:note"]) == ("one", "two")
    assert again(tmp_path, termbase) == termbase
    assert len(etree.parse(tmp_path / "again.tbx").findall(".//{*}note")) == 4
    assert [f.kind for f in lint(termbase) if f.kind in ("contradiction", "duplicate")] == []


def test_empty_forms_are_left_out(tmp_path: Path) -> None:
    filled = "<tig><term>a</term></tig><tig><term> </term><note>why</note></tig>"
    termbase = read(tmp_path, ENTRY.format(filled))
    assert [t.text for t in termbase.concepts[0].terms] == ["甲", "a"]
    assert [(i.reason, i.text) for i in termbase.left_out] == [("forms without text", "why")]
    second = (
        '<termEntry id="d"><langSet xml:lang="en"><tig><term/></tig></langSet></termEntry></body>'
    )
    termbase = read(tmp_path, ENTRY.format("<tig><term>a</term></tig>").replace("</body>", second))
    assert [c.id for c in termbase.concepts] == ["c"]
    assert [i.reason for i in termbase.left_out] == [
        "entries whose Chinese or English form is empty"
    ]
    with pytest.raises(NothingToEvaluateError, match="left out: entries whose"):
        read(tmp_path, ENTRY.format("<tig><term/></tig>"))


MULTITERM = """<?xml version="1.0" encoding="UTF-16"?>
<mtf><conceptGrp><concept>12</concept><system type="entryClass">1</system>
<descripGrp><descrip type="Subject">banking</descrip></descripGrp>
<languageGrp><language type="Chinese" lang="ZH-CN"/><termGrp><term>降准</term></termGrp></languageGrp>
<languageGrp><language type="English" lang="EN-US"/>
<termGrp><term>RRR cut</term><descripGrp><descrip type="Status">Preferred</descrip></descripGrp></termGrp>
<termGrp><term>reserve slash</term><descripGrp><descrip type="Status">Do not use</descrip></descripGrp>
</termGrp></languageGrp></conceptGrp></mtf>
"""


def test_multiterm(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_bytes(MULTITERM.encode("utf-16"))
    termbase = read_termbase(tmp_path / "t.xml")
    (concept,) = termbase.concepts
    assert [(t.text, t.tag, t.status.value) for t in concept.terms] == [
        ("降准", "ZH-CN", "preferred"), ("RRR cut", "EN-US", "preferred"),
        ("reserve slash", "EN-US", "forbidden"),
    ]  # fmt: skip
    assert (concept.id, termbase.left_out) == ("12", ())
    assert list(concept.extra) == ["xml:system", "xml:descripGrp"]
    assert again(tmp_path, termbase) == termbase


WORDS = st.text("abc甲乙丙<&'\" ", min_size=1, max_size=4).filter(str.strip)
KINDS_OF_FIELDS = st.sampled_from(
    ["note", 'note id="n"', 'note type="x"', 'descrip type="definition"', "descrip", "xref",
     'admin type="source" xml:lang="en"', 'descrip type="status"', 'transac v="1"', "unknown"]
)  # fmt: skip
STATUSES = st.sampled_from(["Forbidden", "preferred", "in review", "superseded", "禁用"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """TBX of every shape, valid or not."""

    def fields(most: int) -> str:
        kinds = draw(st.lists(KINDS_OF_FIELDS, max_size=most))
        return "".join(f"<{k}>{escaped(draw(WORDS))}</{k.split()[0]}>" for k in kinds)

    def form() -> str:
        text = escaped(draw(WORDS)) if draw(st.integers(0, 5)) else ""
        statuses = draw(st.lists(STATUSES, max_size=2))
        said = "".join(NOTE.format(' id="s"' * (len(s) % 2), s) for s in statuses)
        return f"<tig><term>{text}</term>{said}{fields(3)}</tig>"

    def language() -> str:
        tag = draw(st.sampled_from(["zh", "zh-TW", "en", "en-GB", "fr"]))
        loose = escaped(draw(WORDS)) if not draw(st.integers(0, 5)) else ""
        forms = "".join(form() for _ in range(draw(st.integers(1, 3))))
        return f'<langSet xml:lang="{tag}">{loose}{fields(1)}{forms}</langSet>'

    entries = "".join(
        f"<termEntry>{fields(2)}{''.join(language() for _ in range(draw(st.integers(1, 3))))}</termEntry>"
        for _ in range(draw(st.integers(1, 3)))
    )
    header = f"<martifHeader><p>{escaped(draw(WORDS))}</p></martifHeader>"
    return f"<martif>{header}<text><body>{entries}</body><back>{fields(1)}</back></text></martif>"


def shown(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@settings(max_examples=60)
@given(documents())
def test_every_character_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, document: str
) -> None:
    path = tmp_path_factory.mktemp("tbx") / "t.tbx"
    path.write_text(document, "utf-8")
    try:
        termbase = read_termbase(path, lenient=True)
    except NothingToEvaluateError:
        return
    found: list[str] = [item.text for item in termbase.left_out]
    for c in termbase.concepts:
        for name, value in (*c.extra.items(), *(i for t in c.terms for i in t.extra.items())):
            if "xml:" in name and value.startswith("<"):
                found.append("".join(map(str, etree.fromstring(value).itertext())))
            elif "@" not in name and name != "xml:lang":
                found.append(value)
        found += [piece for t in c.terms for piece in (t.text, t.note)]
    text = "".join(map(str, etree.fromstring(document.encode()).itertext()))
    assert shown("".join(found)) == shown(text)

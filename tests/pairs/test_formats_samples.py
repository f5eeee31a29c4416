"""Small files as tools write them, read as people mean them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from xindaya.pairs import InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.account import LeftOut
from xindaya.pairs.formats import read_corpus, read_marot, tag_mismatches, write_corpus

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="*all*" segtype="sentence"><note>x</note></header><body>
<tu tuid="a" creationid="PM"><prop type="x-document">d1</prop><note>n1</note>
<tuv xml:lang="EN-us" changeid="Li"><seg>Press <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept><ph x="2">{}</ph></seg></tuv>
<tuv xml:lang="zh-CN"><seg>按<bpt i="1">&lt;b></bpt>确定<ept i="1">&lt;/b></ept></seg></tuv></tu>
<!-- <tu><tuv xml:lang="zh"><seg>no</seg></tuv></tu> -->
<tu tuid="a"><tuv xml:lang="zh"><seg>甲<![CDATA[</tu>]]></seg></tuv><tuv xml:lang="en"><seg>A</seg></tuv><tuv xml:lang="en"><seg>A2</seg></tuv></tu>
<tu><tuv lang="zh"><seg/></tuv><tuv lang="en"><seg>empty</seg></tuv></tu>
<tu><tuv xml:lang="zh"><seg>乙</seg></tuv><tuv xml:lang="de"><seg>B</seg></tuv></tu>
<tu tuid="&quot;q"><tuv xml:lang="en"><seg>C &amp; &#20320;</seg></tuv><tuv xml:lang="zh"><seg>丙</seg></tuv></tu>
</body></tmx>"""


CODES = "native codes of tags, which placeholders stand for"


def test_tmx(tmp_path: Path) -> None:
    (tmp_path / "m.dat").write_text(TMX, "utf-8")
    notes: list[str] = []
    corpus = read_corpus(tmp_path / "m.dat", notes=notes)
    first, second, third, fourth = corpus.segments
    assert (first.id, first.source, first.references[0]) == ("a", "按确定", "Press OK")
    assert first.document == "d1"
    assert first.extra == {
        "display:source": "按⟦1⟧确定⟦/1⟧", "display:reference:A": "Press ⟦1⟧OK⟦/1⟧⟦2/⟧",
        "lang:source": "zh-CN", "lang:target": "EN-us", "translator": "Li", "tu:creationid": "PM",
        "note": "n1",
    }  # fmt: skip
    assert (second.id, second.source, second.references) == ("u2", "甲</tu>", ("A", "A2"))
    assert (third.id, third.source) == ("u3", "")
    assert (fourth.id, fourth.source, fourth.references[0]) == ('"q', "丙", "C & 你")
    assert notes == ["3 units without an own id, called after their place"]
    assert [(o.place, o.reason, o.text) for o in corpus.left_out] == [
        ("line 3", "texts in the header", "x"),
        ("unit u4", "units without both zh and en", "乙\nB"),
        *(("inline tags", CODES, code) for code in ("</b>", "<b>", "{}")),
    ]
    (mismatch,) = tag_mismatches(corpus)
    assert (mismatch.segment, mismatch.side) == ("a", "reference:A")
    assert (mismatch.missing, mismatch.added) == ((), ("⟦2/⟧",))
    write_corpus(corpus, tmp_path / "again.tmx")
    again = read_corpus(tmp_path / "again.tmx")
    assert [s.extra for s in again.segments] == [s.extra for s in corpus.segments]


XLIFF_12 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a.docx" source-language="zh-CN" target-language="en-GB"><body>
<group id="g"><trans-unit id="1" resname="title" approved="yes"><source>你好<x id="1"/>，<g id="2">世界</g></source>
<target state="translated">Hello<x id="1"/>, <g id="2">world</g></target><note>n</note>
<alt-trans><source>x</source><target>no</target></alt-trans></trans-unit></group>
<trans-unit id="2" translate="no"><source>skip</source></trans-unit>
<trans-unit id="3"><source>甲。乙。</source><seg-source><mrk mtype="seg" mid="s1">甲。</mrk><mrk mtype="seg" mid="s2">乙。</mrk></seg-source>
<target><mrk mtype="seg" mid="s1">A.</mrk></target></trans-unit>
</body></file><file original="b.docx" source-language="zh" target-language="en"><body>
<trans-unit id="1"><source>再见</source><target></target></trans-unit></body></file></xliff>"""

SDL = """<xliff xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" version="1.2" sdl:version="1.0" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="c.docx" source-language="zh-CN" target-language="en-US"><header><sdl:tag-defs/></header><body>
<trans-unit id="0f3"><source>甲乙</source><seg-source><g id="5"><mrk mtype="seg" mid="1">甲</mrk><mrk mtype="seg" mid="2">乙</mrk></g></seg-source>
<target><g id="5"><mrk mtype="seg" mid="1">A<mrk mtype="x-sdl-deleted">B</mrk></mrk><mrk mtype="seg" mid="2">B<x id="9"/></mrk></g></target>
<sdl:seg-defs><sdl:seg id="1" conf="ApprovedTranslation" origin="tm" percent="100"><sdl:value key="last_modified_by">Wang</sdl:value></sdl:seg>
<sdl:seg id="2" conf="Draft" locked="true"/></sdl:seg-defs></trans-unit></body></file></xliff>"""

MQ = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:mq="MQXliff">
<file original="d.docx" source-language="zh-cn" target-language="en-us"><body>
<trans-unit id="1" mq:status="ManuallyConfirmed" mq:percent="87" mq:lastchanginguser="Zhao"><source xml:space="preserve">甲<bpt id="1" ctype="bold">{}</bpt>乙<ept id="1">{}</ept></source>
<target xml:space="preserve"><bpt id="1" ctype="bold">{}</bpt>AB<ept id="1">{}</ept></target></trans-unit></body></file></xliff>"""

XLIFF_2 = """<xliff version="2.1" srcLang="zh" trgLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0">
<file id="f1" original="e.md"><unit id="u1"><notes><note>look</note></notes>
<segment id="s1" state="final"><source>甲<pc id="1">乙</pc><cp hex="0001"/></source><target>A<sc id="1"/>B<ec startRef="1"/></target></segment>
<ignorable><source> </source></ignorable><segment><source>丙<ph id="2"/></source></segment></unit></file></xliff>"""


def test_xliff_1(tmp_path: Path) -> None:
    (tmp_path / "a.xlf").write_text(XLIFF_12, "utf-8")
    notes: list[str] = []
    corpus = read_corpus(tmp_path / "a.xlf", target="system:v", notes=notes)
    assert [s.id for s in corpus.segments] == ["a.docx/1", "a.docx/3.s1", "a.docx/3.s2", "b.docx/1"]
    assert corpus.systems["v"] == ("Hello, world", "A.", "", "")
    assert corpus.segments[0].extra == {
        "state": "translated", "approved": "yes", "resname": "title", "note": "n",
        "alt-trans": "no", "alt-trans:source": "x", "lang:source": "zh-CN", "lang:target": "en-GB",
        "display:source": "你好⟦1/⟧，⟦2⟧世界⟦/2⟧", "display:system:v": "Hello⟦1/⟧, ⟦2⟧world⟦/2⟧",
    }  # fmt: skip
    assert notes == []
    assert [(o.place, o.reason, o.text) for o in corpus.left_out] == [
        ("unit 2", 'units with translate="no"', "skip")
    ]
    assert tag_mismatches(corpus) == []
    references = read_corpus(tmp_path / "a.xlf").reference("A")
    assert references == ("Hello, world", "A.", None, "")
    with pytest.raises(InputError, match="found source-language 'zh-CN'; expected 'en'"):
        read_corpus(tmp_path / "a.xlf", source_lang="en", target_lang="zh")


def test_sdlxliff_and_mqxliff(tmp_path: Path) -> None:
    (tmp_path / "c.sdlxliff").write_text("\ufeff" + SDL, "utf-8")
    one, two = read_corpus(tmp_path / "c.sdlxliff").segments
    assert (one.id, one.source, one.references) == ("1", "甲", ("A",))
    assert one.extra == {
        "state": "ApprovedTranslation", "origin": "tm", "match": "100", "translator": "Wang",
        "deleted:reference:A": "B", "lang:source": "zh-CN", "lang:target": "en-US",
    }  # fmt: skip
    assert two.extra == {
        "state": "Draft", "locked": "true", "display:reference:A": "B⟦9/⟧",
        "lang:source": "zh-CN", "lang:target": "en-US",
    }  # fmt: skip
    (tmp_path / "d.mqxliff").write_text(MQ, "utf-8")
    (segment,) = read_corpus(tmp_path / "d.mqxliff").segments
    assert (segment.source, segment.references) == ("甲乙", ("AB",))
    assert segment.extra["translator"] == "Zhao"
    assert (segment.extra["state"], segment.extra["match"]) == ("ManuallyConfirmed", "87")
    with pytest.raises(UsageError, match="CAT tools refuse"):
        write_corpus(read_corpus(tmp_path / "d.mqxliff"), tmp_path / "e.mqxliff")


def test_xliff_2(tmp_path: Path) -> None:
    (tmp_path / "e.xlf").write_text(XLIFF_2, "utf-8")
    corpus = read_corpus(tmp_path / "e.xlf")
    one, two = corpus.segments
    assert (one.id, two.id) == ("u1.s1", "u1.2")
    assert (one.source, one.references, one.document) == ("甲乙\x01", ("AB",), "e.md")
    assert one.extra["state"] == "final"
    assert one.extra["display:reference:A"] == "A⟦1⟧B⟦/1⟧"
    assert (two.references, two.extra["display:source"]) == ((None,), "丙⟦2/⟧")
    write_corpus(corpus, tmp_path / "f.xlf", format="xliff2")
    assert read_corpus(tmp_path / "f.xlf").segments == corpus.segments


WMT = """<?xml version='1.0' encoding='utf-8'?><dataset id="t"><collection id="general">
<doc id="d1" origlang="zh" domain="news"><src lang="zh"><p><seg id="1">甲</seg><seg id="2">乙</seg></p></src>
<ref lang="en" translator="B"><p><seg id="1">A</seg></p></ref><ref lang="de"><p><seg id="1">x</seg></p></ref>
<hyp lang="en" system="S"><p><seg id="1">a</seg><seg id="2">b</seg></p></hyp></doc>
<doc id="d2" origlang="zh"><src lang="zh"><p><seg id="1">丙</seg></p></src><ref lang="en" translator="B"><p><seg id="1">C</seg></p></ref>
<hyp lang="en" system="S"><p><seg id="1">c</seg></p></hyp></doc></collection></dataset>"""


def test_wmt(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(WMT, "utf-8")
    notes: list[str] = []
    corpus = read_corpus(tmp_path / "t.xml", notes=notes)
    assert [s.id for s in corpus.segments] == ["d1:1", "d1:2", "d2:1"]
    assert corpus.reference("B") == ("A", None, "C")
    assert corpus.systems["S"] == ("a", "b", "c")
    assert [s.domain for s in corpus.segments] == ["news", "news", ""]
    assert notes == []
    assert [(i.reason, i.text) for i in corpus.left_out] == [("texts in other languages", "x")]
    broken = WMT.replace('<seg id="2">b</seg>', "")
    (tmp_path / "t.xml").write_text(broken, "utf-8")
    with pytest.raises(InputError, match="no output of system 'S' for segment 'd1:2'"):
        read_corpus(tmp_path / "t.xml")
    (tmp_path / "t.xml").write_text(WMT.replace('id="2">乙', 'id="1">乙'), "utf-8")
    with pytest.raises(InputError, match=r"line 2: found id '1' twice in a src of document 'd1'"):
        read_corpus(tmp_path / "t.xml")


REPEATED = """<dataset id="t">
<collection id="a"><doc id="d" testsuite="x"><src lang="zh"><p><seg id="1">甲</seg></p></src>
<ref lang="en"><p><seg id="1">one</seg></p></ref><ref lang="en"><p><seg id="1">uno</seg></p></ref>
<ref lang="en" translator="B"><p><seg id="1">b</seg></p></ref>
<ref lang="en" translator="B"><p><seg id="1">bb</seg></p></ref>
<hyp lang="en"><p><seg id="1">s</seg></p></hyp><hyp lang="en"><p><seg id="1">t</seg></p></hyp>
<src lang="zh"><p><seg id="1">另</seg></p></src></doc>
<doc id="d"><src lang="zh"><seg id="2">丁</seg></src><hyp lang="en"><seg id="2">u</seg></hyp>
<hyp lang="en"><seg id="2">v</seg></hyp></doc>
<doc id="d"><src lang="zh"><seg id="1">丙</seg></src><hyp lang="en"><seg id="1">w</seg></hyp>
<hyp lang="en"><seg id="1">y</seg></hyp></doc></collection></dataset>"""


def test_wmt_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(REPEATED, "utf-8")
    corpus = read_corpus(tmp_path / "t.xml")
    assert [(s.id, s.document, s.source) for s in corpus.segments] == [
        # The second <doc> adds to the first; the third says a segment again.
        ("d:1", "d", "甲"), ("d:2", "d", "丁"), ("d (2):1", "d (2)", "丙"),
    ]  # fmt: skip
    assert dict(zip(corpus.reference_names, corpus.segments[0].references, strict=True)) == {
        # A is free and B is not, so the second without a name is C.
        "A": "one", "C": "uno", "B": "b", "B (2)": "bb",
    }  # fmt: skip
    assert corpus.systems == {"system": ("s", "u", "w"), "system (2)": ("t", "v", "y")}
    assert corpus.segments[0].extra == {"doc:testsuite": "x", "doc:collection": "a"}
    assert [(i.reason, i.text) for i in corpus.left_out] == [("further sources of a segment", "另")]


WMT26 = "official_###_{}_###_news_###_D_###_{}"
EN_ZH, EN_DE = "eng_Latn_###_zho_Hans", "eng_Latn_###_deu_Latn"


def test_json_lines_of_wmt(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"item_id": WMT26.format(EN_DE, 0), "src": "a", "ref": None, "hyps": {"G": "b"}},
        {"item_id": WMT26.format(EN_ZH, 1), "src": "The house", "hyps": {"G": "房子"},
         "ref": {"text": "屋子", "type": "postedit"}},
        {"doc_id": "en-zh_CN_#_news_#_E_#_2", "src_text": "The river", "tgt_text":
         {"G": "江", "refA": "河"}, "scores": {"G": [1]}, "domain": "news"},
        {"doc_id": "F", "src_lang": "en", "tgt_lang": "zh_CN", "src_text": "The hill", "video": None,
         "refs": {"refA": {"ref": "山", "translator": "x"}}, "hypothesis": "丘"},
    ]  # fmt: skip
    rows[3]["hyps"] = {"G": "岭"}
    del rows[3]["hypothesis"]
    path = tmp_path / "sys.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    corpus = read_corpus(path)
    assert (corpus.source_lang, corpus.systems) == ("en", {"G": ("房子", "江", "岭")})
    assert [(s.source, s.references, s.domain) for s in corpus.segments] == [
        ("The house", ("屋子",), ""), ("The river", ("河",), "news"), ("The hill", ("山",), ""),
    ]  # fmt: skip
    assert corpus.segments[0].document == "official_###_eng_Latn_###_zho_Hans_###_news_###_D"
    assert corpus.segments[1].document == "en-zh_CN_#_news_#_E"
    assert [s.extra for s in corpus.segments] == [
        {"ref": '{"type": "postedit"}'}, {"scores": '{"G": [1]}'},
        {"refs:refA": '{"translator": "x"}'},
    ]  # fmt: skip
    assert [i.reason for i in corpus.left_out] == ["segments from eng_Latn to deu_Latn"]
    path.write_text('{"doc_id": "F", "hypothesis": "丘", "metadata": {"t": 1}}\n', "utf-8")
    corpus = read_corpus(path, source_lang="en")
    assert corpus.systems == {"sys": ("丘",)}
    path.write_text('{"item_id": "F", "task1_pred": {}}\n', "utf-8")
    with pytest.raises(InputError, match="agree --human"):
        read_corpus(path)


def test_any_number_of_references(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    texts = [f"text {n}" for n in range(27)]
    path.write_text(json.dumps({"id": "1", "source": "甲", "references": texts}) + "\n", "utf-8")
    corpus = read_corpus(path)
    assert corpus.segments[0].references == tuple(texts)
    assert corpus.reference_names[-2:] == ("Z", "AA")


PO = """# head
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#. note
#: a.c:12 b.c
msgid "你好\\n"
"世界"
msgstr "Hello\u2028world"

#, fuzzy
msgid "模糊"
msgstr "vague"

msgid "一个"
msgid_plural "多个"
msgstr[0] "one"

msgid "未译"
msgstr ""

#~ msgid "旧"
#~ msgstr "old"
"""


def test_po(tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text(PO, "utf-8")
    notes: list[str] = []
    corpus = read_corpus(tmp_path / "m.txt", notes=notes)
    assert [(s.source, s.references) for s in corpus.segments] == [
        ("你好\n世界", ("Hello\u2028world",)), ("未译", (None,)),
    ]  # fmt: skip
    assert corpus.segments[0].extra == {"note": "note", "occurrences": "a.c:12 b.c"}
    assert notes == []
    assert [(i.place, i.reason, i.text) for i in corpus.left_out] == [
        ("line 1", "fields and comments of the header",
         "head\nContent-Type: text/plain; charset=UTF-8"),
        ("line 11", "fuzzy entries", "模糊\nvague\nfuzzy"),
        ("line 15", "plural entries", "一个\n多个\none"),
        ("line 22", "obsolete entries", "旧\nold"),
    ]  # fmt: skip


def test_the_language_of_a_po_file_says_both(tmp_path: Path) -> None:
    path = tmp_path / "zh_CN.po"
    path.write_text(
        'msgid ""\nmsgstr "Language: zh_CN\\n"\n\n#, c-format\n#| msgid "Shut"\n'
        'msgid "Close"\nmsgstr "关闭"\n# nobody\'s\n', "utf-8",
    )  # fmt: skip
    corpus = read_corpus(path)
    assert (corpus.source_lang, corpus.target_lang) == ("en", "zh")
    assert corpus.segments[0].extra == {"flags": "c-format", "previous": "Shut"}
    assert [i.text for i in corpus.left_out][1:] == ["nobody's"]
    with pytest.raises(InputError, match=r"en to zh \(as its header says"):
        read_corpus(path, source_lang="zh", target_lang="en")


def test_marot_old_columns(tmp_path: Path, data: Path) -> None:
    notes: list[str] = []
    corpus, errors = read_marot(data / "ted-zhen-mqm" / "mqm_ted_zhen.tsv", notes=notes)
    assert notes == ["1 mark <v> without the other half, on line 9622 first"]
    assert (len(corpus.segments), len(corpus.systems)) == (529, 15)
    assert len(errors) == 9915
    assert errors[0].category == "Style/Awkward"
    begin, end = errors[0].target_spans[0]
    place = [s.id for s in corpus.segments].index(errors[0].segment)
    assert corpus.systems[errors[0].system][place][begin:end] == "take a moment"


def test_marot_rows_that_differ_in_blanks(tmp_path: Path) -> None:
    head = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"
    rows = (
        "a\td\t1\t1\tr\t甲 乙\tOne two\tStyle\tMinor\na\td\t1\t1\tr\t甲乙\tOne  two\tStyle\tMinor\n"
    )
    canary = "a\tcanary\t1\t0\tr\tNo training\tNo training\tNo-error\tNo-error\n"
    (tmp_path / "m.tsv").write_text(head + canary + rows, "utf-8")
    corpus, errors = read_marot(tmp_path / "m.tsv")
    assert (corpus.segments[0].source, corpus.systems["a"], len(errors)) == (
        "甲 乙",
        ("One two",),
        2,
    )
    assert [(item.place, item.reason) for item in corpus.left_out] == [
        ("line 2", "canary lines"), ("line 4", "texts unlike an earlier row's"),
        ("line 4", "texts unlike an earlier row's"),
    ]  # fmt: skip
    corpus = read_corpus(tmp_path / "m.tsv")
    assert [item.reason for item in corpus.left_out][-2:] == ["ratings of errors"] * 2


def test_headed_columns(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("No.;Chinese (PRC);译文;Status;Words\r\n1;你好;'=Hi;final;3\r\n", "utf-8-sig")
    (segment,) = read_corpus(path).segments
    assert (segment.id, segment.source, segment.references) == ("1", "你好", ("=Hi",))
    assert segment.extra == {"state": "final", "Words": "3"}
    path.write_text("x,y\r\n你好,Hi\r\n", "utf-8")
    with pytest.raises(InputError, match="--source-column"):
        read_corpus(path)
    corpus = read_corpus(path, source_column="x", target_column="y", target="system:v")
    assert (corpus.segments[0].id, corpus.systems["v"]) == ("u1", ("Hi",))
    with pytest.raises(InputError, match="is 'x' meant"):
        read_corpus(path, source_column="xx")
    path.write_bytes("中文,英文\r\n你好,Hi\r\n".encode("gb18030"))
    assert read_corpus(path, encoding="gb18030").segments[0].source == "你好"
    with pytest.raises(InputError, match="--encoding gb18030"):
        read_corpus(path)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(path: Path, rows: list[list[str]]) -> Path:
    body = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in row)
        + "</w:tr>"
        for row in rows
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f"<w:document {W}><w:body><w:tbl>{body}</w:tbl></w:body></w:document>",
        )
    return path


def test_docx(tmp_path: Path) -> None:
    rows = [["Hello", "你好</w:t><w:br/><w:t>吗"], ["Bye", "再见<w:delText>x</w:delText>"]]
    corpus = read_corpus(docx(tmp_path / "a.docx", rows))
    assert [(s.source, s.references) for s in corpus.segments] == [
        ("你好\n吗", ("Hello",)), ("再见", ("Bye",)),
    ]  # fmt: skip
    named = [["ID", "Source", "Target"], ["7", "你好", "Hi"], ["merged"]]
    corpus = read_corpus(docx(tmp_path / "b.docx", named))
    assert (corpus.segments[0].id, corpus.segments[0].source) == ("7", "你好")
    assert corpus.left_out == (LeftOut("table 1, row 3", "rows without 3 cells", "merged"),)
    with pytest.raises(InputError, match="a first row that names the columns"):
        read_corpus(docx(tmp_path / "c.docx", [["a", "b"]]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<tmx><header/></tmx>", "no <body>"),
        ("<html><body/></html>", "the ending"),
        ("<?xml version='1.0'?><dataset></dataset>", "no segment"),
        ("plain words", "the ending"),
        ("", "the ending"),
    ],
)
def test_what_is_no_corpus(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "x.bin").write_text(content)
    with pytest.raises((InputError, NothingToEvaluateError), match=message):
        read_corpus(tmp_path / "x.bin")

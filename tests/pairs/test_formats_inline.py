"""Inline content, segmentation, variants and states of TMX and XLIFF, shape by shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from xindaya.pairs import Corpus, InputError, Segment, read_corpus, write_corpus
from xindaya.pairs.direction import canonical, is_variant, variant
from xindaya.pairs.formats import xml_stream

FILE = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" {space}>{before}<file original="f"'
    ' source-language="zh-CN" target-language="en"><body>{units}</body></file></xliff>'
)
CODES = "native codes of tags, which placeholders stand for"
MEMORY = '<tmx version="1.4"><header srclang="{lang}"/><body>{units}</body></tmx>'
LB = "<tuv xml:lang='zh'><seg>甲</seg></tuv><tuv xml:lang='en'><seg>{}</seg></tuv>"


def read(folder: Path, content: str, **options: str) -> Corpus:
    (folder / "x.dat").write_text(content, "utf-8")
    return read_corpus(folder / "x.dat", **options)  # type: ignore[arg-type]


def xliff(folder: Path, units: str, *, space: str = "", before: str = "", **options: str) -> Corpus:
    return read(folder, FILE.format(units=units, space=space, before=before), **options)


def texts(corpus: Corpus) -> list[tuple[str, str | None, str | None]]:
    return [(s.id, s.source, s.references[0]) for s in corpus.segments]


def account(corpus: Corpus) -> list[tuple[str, str]]:
    return [(out.reason, out.text) for out in corpus.left_out]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a<x id='1' ctype='lb'/>b", "a b"),
        ("a<x id='1' ctype='x-html-br'/>b", "a b"),
        ("a<x id='1' ctype='x-bold'/>b", "ab"),
        ("a <x id='1' ctype='lb'/>b", "a b"),
        ("<x id='1' ctype='lb'/>a<x id='2' ctype='pb'/>", "a"),
        ("a<x id='1' ctype='lb'/><x id='2' ctype='lb'/>b", "a b"),
        ("a<bpt id='1' ctype='lb'>&lt;p></bpt>b<ept id='1'>&lt;/p></ept>c", "a bc"),
        ("a<ph id='1'>&lt;br /></ph>b", "a b"),
        ("a<ph id='1'>&lt;brand/></ph>b", "ab"),
        ("a<ph id='1'>&amp;lt;br/&amp;gt;</ph>b", "a b"),
        ("a<ph id='1'>&lt;/b>&lt;w:br w:type='page'/>&lt;b></ph>b", "a b"),
        (r"a<ph id='1'>\n</ph>b", "a b"),
        ("a<ph id='1'>&lt;mq:ch val=\"&amp;#xA;\" /&gt;</ph>b", "a b"),
        ("a<ph id='1'>&lt;mq:ch val='x' /&gt;</ph>b", "ab"),
        ("a<ph id='1' equiv-text=' '/>b", "a b"),
        ("a<ph id='1'>{tab}</ph>b", "ab"),
        ("H<g id='1'>2</g>O", "H2O"),
        ("a<it id='1' pos='open' ctype='lb'/>b", "a b"),
        ("a<mrk mtype='protected'>b</mrk>c", "abc"),
    ],
)
def test_breaks_are_blanks_and_tags_glue(tmp_path: Path, content: str, text: str) -> None:
    unit = f"<trans-unit id='1'><source>甲</source><target>{content}</target></trans-unit>"
    assert texts(xliff(tmp_path, unit)) == [("1", "甲", text)]


def test_breaks_of_the_other_formats(tmp_path: Path) -> None:
    for break_ in ("<ph type='lb'/>", "<ph x='1'>&lt;br></ph>", "<it pos='begin' type='x-lb'/>"):
        corpus = read(
            tmp_path, MEMORY.format(lang="zh", units="<tu>" + LB + "</tu>").format(f"a{break_}b")
        )
        assert corpus.segments[0].references == ("a b",)
        write_corpus(corpus, tmp_path / "again.tmx")
        assert read_corpus(tmp_path / "again.tmx").segments == corpus.segments
    two = (
        '<xliff version="2.0" srcLang="zh" trgLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0">'
        '<file id="f"><unit id="u"><originalData><data id="1">&lt;br/></data></originalData><segment>'
        '<source>甲</source><target>a<ph id="2" dataRef="1"/>b<ph id="1"/>c'
        '<ph id="3" type="fmt" subType="xlf:lb"/>d</target></segment></unit></file></xliff>'
    )
    assert texts(read(tmp_path, two)) == [("u", "甲", "a bc d")]


def test_marks_that_do_not_match(tmp_path: Path) -> None:
    def unit(source: str, target: str) -> str:
        return (
            f"<trans-unit id='t'><source>甲乙</source><seg-source>{source}</seg-source>"
            f"<target>{target}</target></trans-unit>"
        )

    def mark(mid: str, text: str) -> str:
        return f"<mrk mtype='seg'{mid and f' mid={mid!r}'}>{text}</mrk>"

    two = mark("1", "甲") + mark("2", "乙")
    inside = (
        f"<trans-unit id='t'><source>{two}</source><target>{mark('2', 'B')}</target></trans-unit>"
    )
    assert texts(xliff(tmp_path, inside)) == [("t.1", "甲", None), ("t.2", "乙", "B")]
    assert texts(xliff(tmp_path, unit(two, "A B"))) == [("t", "甲乙", "A B")]
    assert texts(xliff(tmp_path, unit(mark("1", "甲乙"), "A B"))) == [("t", "甲乙", "A B")]
    only = "<ph id='1'>c<sub>note</sub></ph>"
    assert account(xliff(tmp_path, unit(mark("1", "甲"), only))) == [
        ("sub-flows of the target alone", "note"),
        (CODES, "c"),
    ]
    reversed_ = mark("2", "B") + mark("1", "A")
    assert texts(xliff(tmp_path, unit(two, reversed_))) == [("t.1", "甲", "A"), ("t.2", "乙", "B")]
    for mid in ("", "1"):  # absent, repeated
        same = mark(mid, "甲") + mark(mid, "乙"), mark(mid, "A") + mark(mid, "B")
        assert texts(xliff(tmp_path, unit(*same))) == [("t.1", "甲", "A"), ("t.2", "乙", "B")]
    corpus = xliff(tmp_path, unit("前" + two, mark("1", "A") + " rest " + mark("7", "C")))
    assert texts(corpus) == [("t.1", "甲", "A"), ("t.2", "乙", None)]
    assert account(corpus) == [
        ("target segments without a source segment", "C"),
        ("texts outside the marked segments", "前"),
        ("texts outside the marked segments", " rest "),
    ]


def test_subflows_protected_texts_and_tags_alone(tmp_path: Path) -> None:
    units = (
        "<trans-unit id='1'><source>见<ph id='1'>x<sub>注</sub></ph></source>"
        "<target>See<ph id='1'>x<sub>note</sub><sub>more</sub></ph></target></trans-unit>"
        "<trans-unit id='2'><source><x id='1'/></source><note>n</note></trans-unit>"
        "<trans-unit id='3'><source>用<x id='5' xid='L'/>吧</source><target>use <x id='5' xid='L'/></target>"
        "</trans-unit><trans-unit id='L' translate='no'><source>信达雅</source></trans-unit>"
        "<trans-unit><source>无</source></trans-unit>"
    )
    corpus = xliff(tmp_path, units)
    assert texts(corpus) == [
        ("1", "见", "See"), ("1.sub1", "注", "note"), ("3", "用信达雅吧", "use 信达雅"), ("u5", "无", None),
    ]  # fmt: skip
    assert account(corpus) == [
        ("sub-flows of the target alone", "more"), ("units of tags alone", ""),
        ("notes of units without a segment", "n"), (CODES, "x"),
    ]  # fmt: skip
    assert corpus.segments[2].extra["display:source"] == "用⟦5⟧信达雅⟦/5⟧吧"


def test_phrase_writes_tags_into_the_text(tmp_path: Path) -> None:
    unit = (
        "<trans-unit id='j:0' m:confirmed='1' m:trans-origin='mt'><source>甲{1}乙{i&gt;丙&lt;i}</source>"
        "<target>a{1}b {i&gt;c&lt;i}{2}</target><m:tunit-metadata><m:mark id='1'><m:content>&lt;br/></m:content>"
        "</m:mark></m:tunit-metadata></trans-unit>"
    )
    corpus = xliff(tmp_path, unit, space='xmlns:m="http://www.memsource.com/mxlf/2.0"')
    assert texts(corpus) == [("j:0", "甲 乙丙", "a b c")]
    extra = corpus.segments[0].extra
    assert extra["display:reference:A"] == "a⟦1/⟧ b ⟦i⟧c⟦/i⟧⟦2/⟧"
    assert (extra["confirmed"], extra["trans-origin"]) == ("1", "mt")
    plain = unit.replace("m:confirmed='1' m:trans-origin='mt'", "").replace("m:", "")
    assert texts(xliff(tmp_path, plain))[0][2] == "a{1}b {i>c<i}{2}"  # elsewhere it is text


def test_files_of_one_name(tmp_path: Path) -> None:
    unit = "<trans-unit id='1'><source>{}</source></trans-unit>"
    content = FILE.format(units=unit.format("甲"), space="", before="")
    start = content.index("<file")
    body = content[start:].replace("</xliff>", "")
    both = content[:start] + body + body.replace("甲", "乙") + "</xliff>"
    assert texts(read(tmp_path, both)) == [("f/1", "甲", None), ("f#2/1", "乙", None)]


def test_an_id_that_stands_twice_in_a_file_is_told_apart(tmp_path: Path) -> None:
    unit = "<trans-unit id='{}'><source>{}</source></trans-unit>"
    units = [("1", "甲"), ("1", "乙"), ("1#2", "丙"), ("1", "丁")]
    content = FILE.format(space="", before="", units="".join(unit.format(*u) for u in units))
    notes: list[str] = []
    found = read(tmp_path, content, notes=notes)  # type: ignore[arg-type]
    assert [s.id for s in found.segments] == ["1", "1#3", "1#2", "1#4"]
    assert notes[0].endswith("2 segments with the id of another in the same file, called '1#3'")
    other = content.replace("</xliff>", content[content.index("<file") :])
    ids = [s.id for s in read(tmp_path, other).segments]
    assert (len(ids), len(set(ids)), ids[4:6]) == (8, 8, ["f#2/1", "f#2/1#3"])


def test_an_embedded_file_is_named(tmp_path: Path) -> None:
    # The parser's own limit is 10,000,000 characters a text.
    internal = f"<internal-file form='base64'>{'QUJD' * 2_500_001}</internal-file>"
    unit = (
        "<header><skl>"
        + internal
        + "</skl></header><body><trans-unit id='1'><source>甲</source></trans-unit></body>"
    )
    content = FILE.format(units="", space="", before="").replace("<body></body>", unit)
    corpus = read(tmp_path, content)
    assert texts(corpus) == [("1", "甲", None)]
    assert [(out.place, out.reason) for out in corpus.left_out] == [
        ("line 1: 10,000,004 characters", "embedded files")
    ]


def variants(*tags: str) -> str:
    texts_ = "".join(f"<tuv xml:lang='{t}'><seg>译{t}</seg></tuv>" for t in tags)
    return f"<tu><tuv xml:lang='en'><seg>text</seg></tuv>{texts_}</tu>"


def test_variants_are_named_or_chosen_by_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_stream, "CHUNK", 300)
    units = variants("zh-CN") * 3 + variants("zh_tw", "zh-CN") + variants("zh-CN") * 3
    content = MEMORY.format(lang="en", units=units)
    corpus = read(tmp_path, content)
    assert corpus.reference_names == ("zh-CN", "zh-TW")
    assert corpus.reference("zh-CN") == ("译zh-CN",) * 7
    assert corpus.reference("zh-TW") == (None,) * 3 + ("译zh_tw",) + (None,) * 3
    write_corpus(corpus, tmp_path / "again.tmx")
    assert 'xml:lang="zh_tw"' in (tmp_path / "again.tmx").read_text("utf-8")
    assert read_corpus(tmp_path / "again.tmx").segments == corpus.segments
    chosen = read(tmp_path, content, target_lang="zh-Hant")
    assert texts(chosen) == [("u4", "text", "译zh_tw")]
    assert ("texts in another variant, zh-CN", "译zh-CN") in account(chosen)
    assert read(tmp_path, content, target_lang="zh-CN").reference("A") == ("译zh-CN",) * 7


def test_language_tags() -> None:
    assert canonical("ZH_hant-tw") == "zh-Hant-TW"
    assert variant("zh-TW") == ("hant", "tw")
    assert variant("zh-CHS") == ("hans", "")
    assert variant("es-419-x-tw") == ("", "419")
    assert is_variant("zh-Hant-HK", "zh-Hant")
    assert is_variant("zh-HK", "zh-Hant")
    assert not is_variant("zh-Hant", "zh-TW")
    assert is_variant("zh-Hant", "zh-TW", sure=False)
    assert not is_variant("zh-HK", "zh-TW", sure=False)
    assert not is_variant("zh-Hans", "zh-TW", sure=False)
    assert is_variant("en-GB", "en")
    assert not is_variant("en", "zh", sure=False)


def test_tags_of_xliff_survive_and_choose(tmp_path: Path) -> None:
    unit = "<trans-unit id='1'><source>甲</source><target>A</target></trans-unit>"
    corpus = xliff(tmp_path, unit)
    for form in ("xliff", "xliff2", "tmx"):
        write_corpus(corpus, tmp_path / "y", format=form)
        assert "zh-CN" in (tmp_path / "y").read_text("utf-8")
        assert read_corpus(tmp_path / "y").segments[0].extra["lang:source"] == "zh-CN"
    with pytest.raises(
        InputError, match=r"found source-language 'zh-CN'; expected 'zh-TW', as stated"
    ):
        xliff(tmp_path, unit, source_lang="zh-TW")


def test_states_that_the_standard_does_not_have(tmp_path: Path) -> None:
    extra = {"state": "ApprovedTranslation", "match": "99"}
    segments = (
        Segment("1", "甲", ("A",), extra=extra),
        Segment("2", "乙", ("B",), extra={"state": "signed-off", "state-qualifier": "x-own"}),
    )
    corpus = Corpus("x", "zh", "en", segments, ("A",))
    for form in ("xliff", "xliff2"):
        write_corpus(corpus, tmp_path / "s.xlf", format=form)
        text = (tmp_path / "s.xlf").read_text("utf-8")
        assert ' state="ApprovedTranslation"' not in text
        assert ' match-quality="' not in text
        again = read_corpus(tmp_path / "s.xlf").segments
        assert [s.extra["state"] for s in again] == ["ApprovedTranslation", "signed-off"]
    write_corpus(corpus, tmp_path / "s.xlf")
    assert [dict(s.extra) for s in read_corpus(tmp_path / "s.xlf").segments] == [
        dict(s.extra) for s in segments
    ]


def test_native_codes_are_named_once(tmp_path: Path) -> None:
    code = '<ph x="1">&lt;b a="c"&gt;</ph>'
    units = "".join(
        f'<tu><tuv xml:lang="zh"><seg>{code}甲</seg></tuv><tuv xml:lang="en"><seg>{code}{more}A</seg></tuv></tu>'
        for more in ("", "", "<bpt i='1'>&lt;i><sub>s</sub></bpt><ept i='1'/>")
    )
    (tmp_path / "a.tmx").write_text(MEMORY.format(lang="zh", units=units), "utf-8")
    segment = f"<source>{code.replace('x=', 'id=')}甲</source><target>A</target>"
    data = '<originalData><data id="d">&lt;u&gt;</data></originalData>'
    (tmp_path / "a.xlf").write_text(
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh" trgLang="en">'
        f'<file id="f"><unit id="u">{data}<segment><source><ph id="1" dataRef="d"/>甲</source>'
        "<target>A</target></segment></unit></file></xliff>", "utf-8",
    )  # fmt: skip
    (tmp_path / "b.xlf").write_text(
        '<xliff version="1.2"><file source-language="zh" target-language="en"><body><trans-unit id="u">'
        f"{segment}</trans-unit></body></file></xliff>", "utf-8",
    )  # fmt: skip
    for name, codes in (
        ("a.tmx", ['<b a="c">', "<i>"]),
        ("a.xlf", ["<u>"]),
        ("b.xlf", ['<b a="c">']),
    ):
        found = [o.text for o in read_corpus(tmp_path / name).left_out if o.reason == CODES]
        assert found == codes

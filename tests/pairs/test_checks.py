"""Every check says what is wrong and is silent where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xindaya.pairs import Corpus, Segment, UsageError, read_corpus
from xindaya.pairs.checks import CHECKS, KINDS, SEVERITIES, DataFinding, check_corpus_data

Rows = Iterable[tuple[str, str]]


def make(rows: Rows, source_lang: str = "zh", document: str = "d") -> Corpus:
    """A corpus of (source, target) rows whose only system is called ``out``."""
    rows = list(rows)
    segments = tuple(Segment(str(n), s, (), document) for n, (s, _) in enumerate(rows, 1))
    target_lang = "en" if source_lang == "zh" else "zh"
    return Corpus("c", source_lang, target_lang, segments, (), {"out": tuple(t for _, t in rows)})


def kinds(source: str, target: str, source_lang: str = "zh") -> set[str]:
    return {f.kind for f in check_corpus_data(make([(source, target)], source_lang))}


# kind, source, target, source language, and whether the check speaks
CASES = [
    ("empty", "你好。", " \u200b ", "zh", True),
    ("empty", " ", "Hello.", "zh", True),
    ("empty", "你好。", ".", "zh", False),
    ("identical", "国家网信办发布新规。", "国家网信办发布新规。", "zh", True),
    ("identical", "国家 网信办发布新规。", "国家网信办发布新规｡", "zh", True),
    ("identical", "iPhone 15 Pro", "iPhone 15 Pro", "zh", False),
    ("identical", "The rules apply.", "the rules apply.", "en", True),
    ("identical", "Tim Cook", "Tim Cook", "en", False),
    ("untranslated", "餐单由最初预计送达。", "The meal list, 由最初预计, was delivered.", "zh", True),
    ("untranslated", "网信办发布新规。", "The office (网信办) issued new rules.", "zh", False),
    ("untranslated", "“信达雅”", "The triad “信达雅” (xin, da, ya)", "zh", False),
    ("untranslated", "快讯丨比赛", "News丨A match", "zh", False),
    ("untranslated", "It will be fine in the end.", "它 will be fine in the end。", "en", True),
    ("untranslated", "He reads The New York Times.", "他读 The New York Times。", "en", False),
    ("untranslated", "The Lord of the Rings", "《The Lord of the Rings in the book》", "en", False),
    ("length-ratio", "本通知自发布之日起施行，请各单位认真执行并及时报告。", "Yes, sure.", "zh", True),
    ("length-ratio", "好。", "All right then, my dear friend, let us go now", "zh", True),
    ("length-ratio", "好。", "All right then.", "zh", False),
    ("length-ratio", "本通知自发布之日起施行。", "This notice takes effect upon issue.", "zh", False),
    ("brackets", "通知（第三期）", "Notice (Part III", "zh", True),
    ("brackets", "通知（第三期）", "Notice (Part III)", "zh", False),
    ("brackets", "他说：“好。”", "He said, “Fine.", "zh", True),
    ("brackets", "他说：“好。”", "He said, \"Fine.”", "zh", False),
    ("brackets", "它的尺寸", "It's the dogs' 13\" screen :)", "zh", False),
    ("brackets", "一、好", "1) good b) better (iii) best", "zh", False),
    ("brackets", "The book “X” is", "《X》》是", "en", True),
    ("brackets", "The book “X” is", "《X》是", "en", False),
    ("control", "好的。", "Fi\x07ne.", "zh", True),
    ("control", "好的。", "Fi\u2028ne.", "zh", True),
    ("control", "好的。", "Fine.", "zh", False),
    ("bidi", "好的。", "Fi\u202ene.", "zh", True),
    ("bidi", "好的。", "Fine…", "zh", False),
    ("zero-width", "好的。", "Fi\u200bne.", "zh", True),
    ("zero-width", "好\ufeff的。", "Fine.", "zh", True),
    ("zero-width", "好的👩\u200d💻。", "Fine 👩\u200d💻.", "zh", False),
    ("damaged", "好的。", "Fi\ufffdne.", "zh", True),
    ("damaged", "好的。", "It isnâ€™t.", "zh", True),
    ("damaged", "好的。", "Naïve café, São Paulo, £5.", "zh", False),
    ("radicals", "⻓三角。", "The delta.", "zh", True),
    ("radicals", "长三角。", "The delta.", "zh", False),
    ("segmented", "国家 互联网 信息 办公室 发布 新规 。", "New rules.", "zh", True),
    ("segmented", "张 三 来了，李四也来了，大家都来了。", "All came.", "zh", False),
    ("normal-form", "咖啡。", "Cafe\u0301.", "zh", True),
    ("normal-form", "咖啡。", "Caf\u00e9.", "zh", False),
    ("full-width", "好的。", "Fine！", "zh", True),
    ("full-width", "好的。", "Version ２.", "zh", True),
    ("full-width", "好的。", "The “你好，世界” program.", "zh", False),
    ("full-width", "２月。", "February.", "zh", True),
    ("full-width", "2月，好。", "February, fine.", "zh", False),
    ("ascii-punctuation", "你好,世界。", "Hello, world.", "zh", True),
    ("ascii-punctuation", "3,000人在10:30到。", "3,000 people came at 10:30.", "zh", False),
    ("truncated", "他们来了，也走了。", "They came and", "zh", True),
    ("truncated", "他们来了，也走了。", "They came, ”", "zh", True),
    ("truncated", "他们来了，也走了。", "They came and wen", "zh", True),
    ("truncated", "他们来了，也走了。", "They came and went.”", "zh", False),
    ("truncated", "关于新规的通知", "Notice on the new rules of", "zh", False),
    ("truncated", "见网站。", "See https://example.org/of", "zh", False),
    ("truncated", "They came and went.", "他们来了，但是", "en", True),
    ("truncated", "They came and went.", "他们来了又走了。", "en", False),
    ("truncated", "“他们来了，也走了。”", "“They came and went, ”", "zh", False),
    ("truncated", "见附录一。", "See Appendix A", "zh", True),
    ("doubled", "雨下了一整夜。", "It rained all night long. It rained all night long.", "zh", True),
    ("doubled", "雨下了一整夜。", "It rained all night long. It was cold.", "zh", False),
    ("doubled", "It rained all night.", "雨下了一整夜。雨下了一整夜。", "en", True),
    ("currency", "港元汇率稳定。", "The euro is stable.", "zh", True),
    ("currency", "港元汇率稳定。", "The Hong Kong dollar is stable.", "zh", False),
    ("currency", "港元汇率稳定。", "The dollar is stable.", "zh", False),
    ("currency", "The euro fell.", "欧元下跌，约合人民币7元。", "en", False),
    ("gap", "7月5日降价5%。", "On July 5 prices fell by %.", "zh", True),
    ("gap", "7月5日降价5%。", "On July 5 prices fell by 5 %.", "zh", False),
    ("gap", "On July 5 it rained.", "7月日下雨。", "en", True),
    ("gap", "On July 5 it rained.", "7月5日下雨。", "en", False),
    ("direction", "出口上升5%。", "Exports fell 5 percent.", "zh", True),
    ("direction", "出口上升5%，进口下降3%。", "Exports rose 5 percent and imports rose 3 percent.", "zh", True),
    ("direction", "出口上升5%，进口下降3%。", "Exports rose 5 percent and imports fell 3 percent.", "zh", False),
    ("direction", "Sales fell sharply.", "销售额大幅上升。", "en", True),
    ("negation", "未经许可，任何人不得入内。", "Anyone may enter with a permit.", "zh", True),
    ("negation", "任何人不得入内。", "No one may enter.", "zh", False),
    ("negation", "门开着。", "The door is not open.", "zh", True),
    ("negation", "They did not agree.", "他们同意了。", "en", True),
    ("names", "代表团昨天抵达日本。", "The delegation arrived yesterday.", "zh", True),
    ("names", "代表团昨天抵达日本。", "The delegation arrived in Tokyo yesterday.", "zh", False),
    ("names", "新款ThinkPad已上市。", "The new laptop is on sale.", "zh", True),
    ("names", "The team flew to Shanghai.", "球队已经出发。", "en", True),
    ("untranslated", "“信达雅”的标准", "The standard of “信达雅” applies", "zh", True),
    ("markup", "%s of %s", "第%2$s个，共%1$s个", "en", False),
    ("markup", "点<b>这里</b>。", "Click here.", "zh", True),
    ("markup", "点<b>这里</b>。", "Click <b>here</b>.", "zh", False),
    ("markup", "<a title=\"好\">点</a>", "<a title=\"good\">click</a>", "zh", False),
    ("markup", "共{0}个，%s。", "A total of {0}, %d.", "zh", True),
    ("markup", "共${name}个，%s。", "A total of ${name}, %s.", "zh", False),
    ("markup", "增长5%的收入", "5% income growth", "zh", False),
    ("markup", "你&我", "you &amp; me", "zh", True),
    ("markup", "研发&投资", "R&D and AT&T; fine", "zh", False),
    ("markup", "**注意**：好。", "Note: fine.", "zh", True),
    ("markup", "[[链接]]", "link", "zh", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "source", "target", "lang", "speaks"), CASES)
def test_pair(kind: str, source: str, target: str, lang: str, speaks: bool) -> None:
    assert (kind in kinds(source, target, lang)) is speaks


def test_every_check_is_tested_both_ways() -> None:
    seen = {(kind, speaks) for kind, *_, speaks in CASES}
    elsewhere = {"tags", "numbers", "duplicate", "inconsistent", "mixed-scripts"}
    assert seen == {(k, s) for k in KINDS if k not in elsewhere for s in (True, False)}


def find(corpus: Corpus, kind: str) -> list[tuple[str, str]]:
    return [(f.text, f.segment) for f in check_corpus_data(corpus) if f.kind == kind]


def test_repeats() -> None:
    rows = [
        ("点击此处。", "Click here."),
        ("下一步操作", "Next step"),
        ("点击此处", "Press here."),
        ("下一步操作。", "next  step."),
        ("好", "Good"),
        ("好", "Fine"),
    ]
    corpus = make(rows)
    assert find(corpus, "duplicate") == [("source", "1"), ("source", "2")]
    assert find(corpus, "inconsistent") == [("out", "1")]


def test_tags(tmp_path: Path) -> None:
    def unit(number: int, zh: str, en: str) -> str:
        sides = f'<tuv xml:lang="zh"><seg>{zh}</seg></tuv><tuv xml:lang="en"><seg>{en}</seg></tuv>'
        return f'<tu tuid="{number}">{sides}</tu>'

    bold = '<bpt i="1">[</bpt>{}<ept i="1">]</ept>'
    units = [
        unit(1, "点击" + bold.format("这里") + "。", "Click " + bold.format("here") + "."),
        unit(2, "点击" + bold.format("这里") + "。", "Click here."),
        unit(3, "点击这里。", "Click " + bold.format("here") + "."),
    ]
    path = tmp_path / "x.tmx"
    path.write_text(
        '<tmx version="1.4"><header srclang="zh"/><body>' + "".join(units) + "</body></tmx>",
        "utf-8",
    )
    assert find(read_corpus(path), "tags") == [("A", "2"), ("A", "3")]


def test_mixed_scripts() -> None:
    rows = [
        ("中国发展经济。", "a"),
        ("这个問題很难。", "b"),
        ("他們說話。", "c"),
        ("乾隆皇后著书。", "d"),
    ]
    findings = [f for f in check_corpus_data(make(rows)) if f.kind == "mixed-scripts"]
    assert [(f.segment, f.severity) for f in findings] == [("2", "warning"), ("3", "note")]
    traditional = [("中國發展經濟。", "a"), ("這個问題很難。", "b"), ("皇后的麵條在台灣。", "c")]
    assert find(make(traditional), "mixed-scripts") == [("source", "2")]
    assert find(make([("中國發展。", "a")]), "mixed-scripts") == []
    assert find(make([("a", "中国發展。")], "en"), "mixed-scripts") == [("out", "1")]


def test_quotation_over_segments() -> None:
    rows = [("他说：“第一句。", "He said: “One."), ("第二句。", "Two."), ("第三句。”", "Three.”")]
    assert find(make(rows), "brackets") == []
    merged = [*rows[:2], ("第三句。”", "Three.")]
    assert find(make(merged), "brackets") == [("out", "1")]


def test_target_that_is_open_as_its_source() -> None:
    assert find(make([("他说：“好。", "He said, “Fine.")]), "brackets") == [("source", "1")]
    found = find(make([("他说：“好。", "He said, (Fine.")]), "brackets")
    assert found == [("source", "1"), ("out", "1")]


def test_length_is_judged_by_the_corpus() -> None:
    source = "这是一个普通的句子，说的是普通的事情，没有别的意思。"
    usual = "This is an ordinary sentence about ordinary things, and it means nothing else."
    rows = [(source + str(n), usual + " " * n) for n in range(60)]
    assert find(make(rows), "length-ratio") == []
    twice = [(s, t + " " + t[:70] + t[:70]) for s, t in rows[:1]] + rows[1:]
    assert find(make(twice), "length-ratio") == [("out", "1")]
    # A text that is always twice as long is usual for this corpus.
    assert find(make([(s, t + " " + t) for s, t in rows]), "length-ratio") == []


def test_a_missing_clause_is_found_by_length_and_words() -> None:
    rows = [
        (f"委员会第{n}次会议讨论了学校和医院的预算，代表们同意增加老师的工资。",
         f"Meeting No. {n} of the committee discussed the budget of schools and hospitals, and the delegates agreed to raise the pay of teachers.")
        for n in range(20, 60)
    ]  # fmt: skip
    assert find(make(rows), "truncated") == []
    source, target = rows[0]
    cut = [(source, target.partition(",")[0] + "."), *rows[1:]]
    (found,) = [f for f in check_corpus_data(make(cut)) if f.kind == "truncated"]
    assert (found.segment, found.severity) == ("1", "note")
    (spot,) = found.spots
    assert source[spot.start : spot.end] == "代表们同意增加老师的工资。"


def test_a_name_that_the_corpus_renders_in_one_way() -> None:
    rows = [
        (f"第{n}天，柳明到了车站。", f"On day {n}, Liuming came to the station.")
        for n in range(20, 40)
    ]
    rows += [
        (f"第{n}天，客人到了车站。", f"On day {n}, guests came to the station.")
        for n in range(20, 50)
    ]
    assert find(make(rows), "names") == []
    rows[3] = (rows[3][0], "On day 23, he came to the station.")
    assert find(make(rows), "names") == [("out", "4")]


def test_ids_names_and_order() -> None:
    segments = (Segment("s/1", "国家网信办", ("",)), Segment("2", "好的\u200b吗", ("Fine?",)))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"A": ("x\x07", ""), "source": ("a", "b")})
    findings = check_corpus_data(corpus)
    assert [f.id for f in findings] == [
        "empty/reference:A/s/1",
        "control/system:A/s/1",
        "empty/system:A/2",
        "zero-width/source/2",
    ]
    assert findings[0] == DataFinding(
        "empty/reference:A/s/1",
        "empty",
        "reference:A",
        "s/1",
        "The segment is empty; the source is “国家网信办”.",
        "error",
        "这一段是空的；原文是“国家网信办”。",
    )


@pytest.mark.parametrize("case", [c for c in CASES if c[-1]], ids=lambda c: c[0])
def test_every_message_is_in_both_languages(case: tuple[str, str, str, str, bool]) -> None:
    _, source, target, lang, _ = case
    for finding in check_corpus_data(make([(source, target)], lang)):
        assert re.search("[\u4e00-\u9fff]", finding.message_zh), finding.kind
        for spot in finding.spots:
            assert 0 <= spot.start < spot.end <= len(source if spot.side == "source" else target)


def test_off_and_waivers() -> None:
    corpus = make([("你好。", ""), ("好的吗？", "Fi\x07ne?")])
    assert [f.id for f in check_corpus_data(corpus)] == ["empty/out/1", "control/out/2"]
    assert [f.id for f in check_corpus_data(corpus, off=["empty"])] == ["control/out/2"]
    waivers = ["empty/out/1", "empty/out/9", "cac/doc/1/1", "bidi/out/1"]
    left = check_corpus_data(corpus, waivers=waivers, off=["bidi"])
    assert [f.id for f in left] == ["control/out/2", "unused-waiver/empty/out/9"]
    with pytest.raises(UsageError, match="no check is called 'emtpy'"):
        check_corpus_data(corpus, off=["emtpy"])


def test_missing_texts() -> None:
    segments = (Segment("1", None, (None,)), Segment("2", "好的吗？", ("Fine?",)))
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"x": ("Hello", "Fine?")})
    assert check_corpus_data(corpus) == ()
    assert check_corpus_data(Corpus("c", "zh", "en", ())) == ()


def test_table() -> None:
    assert len(set(KINDS)) == len(CHECKS)
    assert all(c.finds and c.decides.endswith(".") for c in CHECKS)


_HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("0123456789.,:/-%()（）“”\"'《》<>{}[]$&;#*_` \t")),
        st.sampled_from(list("零一二两三四五六七八九十百千万亿兆分之点成半多余几年月日时周第国國")),
        st.sampled_from(list("abkmstndrhKMIVX\u200b\u200d\u202e\u0301\ufeff\ud800😅丨，。")),
        st.characters(),
    ),
    max_size=40,
) | st.lists(
    st.sampled_from(
        [
            "one",
            "two",
            "hundred",
            "thousand",
            "million",
            "point",
            "half",
            "a",
            "and",
            "third",
            "May",
            "3",
            "of",
            "20th",
            "%",
            "pm",
            "九月",
            "三成",
            "百分之",
            "6亿",
            "二十",
            "五分之",
            "十三五",
        ]
    )
).map(" ".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(_HOSTILE, _HOSTILE, _HOSTILE, st.none() | _HOSTILE), max_size=4),
    source_lang=st.sampled_from(["zh", "en"]),
)
def test_hostile_text(rows: list[tuple[str, str, str, str | None]], source_lang: str) -> None:
    segments = tuple(Segment(str(n), r[0], (r[3],)) for n, r in enumerate(rows))
    target_lang = "en" if source_lang == "zh" else "zh"
    systems = {"a": tuple(r[1] for r in rows), "b": tuple(r[2] for r in rows)}
    corpus = Corpus("c", source_lang, target_lang, segments, ("r",), systems)
    findings = check_corpus_data(corpus)
    assert findings == check_corpus_data(corpus)
    assert len({f.id for f in findings}) == len(findings)
    assert all(f.kind in KINDS and f.severity in SEVERITIES for f in findings)
    assert all(f.message.endswith(".") and "\n" not in f.message for f in findings)
    other_order = corpus.with_systems({"b": systems["b"], "a": systems["a"]})
    assert check_corpus_data(other_order) == findings
    assert check_corpus_data(corpus, waivers=[f.id for f in findings]) == ()


@pytest.mark.parametrize(
    "piece",
    ["a", "a-", "A1", "1", "1,", "1.", "一", "亿", "1万", "(", "“", "\"", "'", "<a ", "{", "&a", "*",
     "`", "[", "中", "中a", "one ", "a b ", "a@", "May ", " ", "\u200b", "1:1", "%", "#A", "，"],
)  # fmt: skip
def test_long_lines_take_no_more_steps_than_they_are_longer(
    piece: str, calls: Callable[[Callable[[], object]], int]
) -> None:
    def steps(characters: int) -> int:
        line = piece * (characters // len(piece))
        corpora = [make([(line, line + "x"), ("好的", line)], lang) for lang in ("zh", "en")]
        return calls(lambda: [check_corpus_data(corpus) for corpus in corpora])

    steps(6_000)  # what is loaded or remembered once
    assert steps(8_000) < 2.5 * steps(4_000) + 2_000

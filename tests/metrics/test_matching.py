from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics.terminology.chinese import ChineseMatcher
from xindaya.metrics.terminology.english import EnglishMatcher
from xindaya.metrics.terminology.spans import Form, Tier
from xindaya.pairs import Case, Concept, Match, Term
from xindaya.pairs.folding import fold


def form(text: str, lang: str, **fields: object) -> Form:
    term = Term(text, lang, **fields)  # type: ignore[arg-type]
    return Form(Concept(text, (term,)), term)


def zh(text: str, *terms: str) -> list[str]:
    spans = ChineseMatcher(form(t, "zh") for t in terms).find(text)
    return [text[s.start : s.end] for s in spans]


def en(text: str, *forms: Form | str) -> list[tuple[str, Tier]]:
    made = [f if isinstance(f, Form) else form(f, "en") for f in forms]
    return [(text[s.start : s.end], s.hits[0][1]) for s in EnglishMatcher(made).find(text)]


@pytest.mark.parametrize(
    ("terms", "text", "found"),
    [
        (["网信", "网信办", "中央网信办"], "中央网信办和网信办", ["中央网信办", "网信办"]),
        (["治网"], "整治网络", []),
        (["治网", "管网治网"], "坚持管网治网", ["管网治网"]),
        (["网信办"], "国家网信办公布规定", ["网信办"]),
        (["个人信息"], "应公开个人信息处理规则", ["个人信息"]),
        (["重要数据"], "安全、重要数据备份", ["重要数据"]),
        (["积分"], "累积分布", []),
        (["北京大学"], "北京大学生", []),
        (["北京大学", "北京"], "北京大学生", ["北京"]),
        (["中国"], "发展中国家", []),
        (["北京"], "北京市", ["北京"]),
        (["AI"], "生成式AI与FAIR", ["AI"]),
        (["AI"], "生成式ＡＩ服务", ["ＡＩ"]),
        (["App"], "打击app违规", ["app"]),
    ],
)
def test_chinese(terms: list[str], text: str, found: list[str]) -> None:
    assert zh(text, *terms) == found


@pytest.mark.parametrize(
    ("forms", "text", "found"),
    [
        (["large model"], "Large models help.", [("Large models", Tier.STEM)]),
        (["large model"], "A Large Model.", [("Large Model", Tier.CASE)]),
        (["large model"], "A large model.", [("large model", Tier.EXACT)]),
        (["site"], "This website.", []),
        (["east"], "at least Easter", []),
        (["CAC", "CAC rules"], "The CAC rules.", [("CAC rules", Tier.EXACT)]),
        (["cross-border data"], "cross border data", [("cross border data", Tier.EXACT)]),
        (["research and development"], "Research & Development",
         [("Research & Development", Tier.STEM)]),
        (["people's bank"], "the People’s Bank", [("People’s Bank", Tier.CASE)]),
        (["data security"], "about data. Security first", []),
        (["data security"], "data, security", []),
        (["Ministry of Culture, Sport"], "Ministry of Culture, Sport",
         [("Ministry of Culture, Sport", Tier.EXACT)]),
        (["large model"], "a large\u00a0model", [("large\u00a0model", Tier.EXACT)]),
    ],
)  # fmt: skip
def test_english(forms: list[str], text: str, found: list[tuple[str, Tier]]) -> None:
    assert en(text, *forms) == found


def test_exact_case_and_plain_match() -> None:
    acronym = form("LLM", "en", case=Case.EXACT)
    assert en("LLMs and llm", acronym) == [("LLMs", Tier.STEM)]
    strict = form("rule", "en", match=Match.EXACT)
    assert en("rules and a rule", strict) == [("rule", Tier.EXACT)]


def test_a_span_shared_by_two_concepts_keeps_both() -> None:
    a, b = form("commission", "en"), Form(Concept("b", ()), Term("commission", "en"))
    (span,) = EnglishMatcher([a, b]).find("The commission")
    assert {hit[0].concept.id for hit in span.hits} == {"commission", "b"}


@settings(deadline=None)
@given(st.text(max_size=30))
def test_folded_spans_lie_in_the_raw_text(text: str) -> None:
    folded = fold(text)
    for start in range(len(folded.text)):
        a, b = folded.raw_span(start, start + 1)
        assert 0 <= a < b <= len(text)


@settings(deadline=None)
@given(
    st.lists(st.text("网信办国家治", min_size=1, max_size=4), min_size=1, max_size=4, unique=True),
    st.text("网信办国家治。a ", max_size=20),
)
def test_chinese_spans_are_forms_and_do_not_overlap(terms: list[str], text: str) -> None:
    spans = ChineseMatcher(form(t, "zh") for t in terms).find(text)
    end = 0
    for span in spans:
        found = fold(text[span.start : span.end], join=True).text  # across blanks, too
        assert found in {fold(term, join=True).text for term in terms}
        assert span.start >= end
        end = span.end

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
        (["工信部"], "工信部将于近日发布", ["工信部"]),
        (["外匯市場"], "在外匯市場買賣", ["外匯市場"]),
        (["基建項目"], "基建項目的投資", ["基建項目"]),
        (["治網"], "整治網絡", []),
        (["中國"], "發展中國家", []),
        (["積分"], "累積分佈", []),
        (["银行业"], "银行业务", []),
        (["会议"], "美国国会议员", []),
        (["脱贫攻坚"], "打赢脱贫攻坚战", ["脱贫攻坚"]),
        (["工信部"], "工信 部 将于 近日", ["工信 部"]),
        (["中国"], "发展 中 国家", []),
    ],
)
def test_chinese(terms: list[str], text: str, found: list[str]) -> None:
    assert zh(text, *terms) == found


@pytest.mark.parametrize(
    ("term", "inside", "itself"),
    [
        ("二号线", "地铁十二号线", "地铁二号线"),
        ("一号文件", "第十一号文件", "第一号文件"),
        ("二十条", "第一百二十条", "统一二十条标准"),
        ("二十條", "第一百二十條", "這二十條"),
        ("五百强", "二千五百强", "世界五百强"),
        ("一大", "第十一大城市", "中共一大会址"),
        ("六年", "二〇二六年五月", "这六年来"),
        ("九一八", "一九一八年", "九一八事变"),
        ("十九大", "二十九大", "党的十九大"),
        ("5G", "15G", "统一5G标准"),
        ("5G", "3.5G", "在5G时代"),
        ("神舟十", "神舟十三号", "神舟十号"),
        ("五亿元", "三点五亿元", "共五亿元"),
        ("二千萬", "一億二千萬", "這二千萬"),
        ("500强", "2,500强", "全球500强"),
        ("前500", "前500万", "前500家"),
        ("二级市场", "十二级市场", "一二级市场"),  # both markets
        ("万元", "二万元", "500万元"),  # a unit
        ("二十国集团", "一百二十国集团", "晚九点二十国集团"),
    ],
)
def test_no_term_in_a_longer_number(term: str, inside: str, itself: str) -> None:
    assert zh(inside, term) == []
    assert zh(itself, term) == [term]


@pytest.mark.parametrize(
    ("term", "inside", "itself"),
    [
        ("5 percent", "1.5 percent", "up 5 percent"),
        ("500 companies", "2,500 companies", "In 2015, 500 companies"),
        ("top 500", "the top 500,000", "the top 500, 300 of which"),
        ("Basel 3", "Basel 3.1", "Basel 3."),
        ("Second Plenum", "the Twenty-Second Plenum", "the Second Plenum"),
        ("five hundred firms", "one thousand five hundred firms", "all five hundred firms"),
        ("Chapter Twenty", "Chapter Twenty-One", "Chapter Twenty."),
    ],
)
def test_no_english_term_in_a_longer_number(term: str, inside: str, itself: str) -> None:
    assert en(inside, term) == []
    assert [text for text, _ in en(itself, term)] == [term]


@pytest.mark.parametrize(
    ("forms", "text", "found"),
    [
        (["MoU"], "Two MoUs.", [("MoUs", Tier.STEM)]),
        (["PhD"], "Many PhDs.", [("PhDs", Tier.STEM)]),
        (["ETF"], "ETFs", [("ETFs", Tier.STEM)]),
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


def test_stems_do_not_depend_on_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """snowballstemmer.stemmer gives PyStemmer's stems where that is installed."""
    import snowballstemmer

    from xindaya.pairs import stemming

    monkeypatch.setattr(snowballstemmer, "stemmer", None)
    stemming._stemmer.cache_clear()
    # From the vocabulary that Snowball publishes with its English stemmer.
    assert [stemming.snowball(w) for w in ("consolidating", "knightly")] == ["consolid", "knight"]

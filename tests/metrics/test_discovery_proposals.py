"""Sentence pairs, tokens, compounds and term candidates."""

from __future__ import annotations

import math

import pytest

from xindaya.metrics.terminology.discovery import Passage
from xindaya.metrics.terminology.discovery.proposals import (
    Candidate,
    Dictionary,
    Entry,
    Sequences,
    compounds,
    look_up,
    propose,
    runs,
)
from xindaya.metrics.terminology.discovery.text import (
    SentencePair,
    Text,
    Tokens,
    read_text,
    sentence_pairs,
)
from xindaya.metrics.terminology.discovery.words import (
    acronyms,
    cluster_key,
    english_tokens,
    is_content,
    is_edge,
    may_close,
)
from xindaya.pairs import Termbase


def made(*sentences: str, lang: str = "zh") -> Text:
    """A text of sentences whose tokens are given with blanks, without a translation."""
    pairs = []
    for number, sentence in enumerate(sentences):
        words = tuple(sentence.split())
        ends = [sum(map(len, words[: k + 1])) for k in range(len(words))]
        tokens = Tokens(words, tuple([0, *ends][: len(words)]), tuple(ends), "".join(words))
        pairs.append(SentencePair(number, tokens, Tokens((), (), (), "")))
    return Text(tuple(pairs), lang)


def written(found: list[Candidate]) -> list[str]:
    return ["".join(c.gram) for c in found]


def test_english_tokens() -> None:
    text = "Xi'an's R&D: U.S. high-quality e-commerce 3.5% US-China Pre-tax"
    tokens = list(english_tokens(text))
    assert [t for t, _ in tokens] == [
        "Xi'an's", "R&D", ":", "U.S.", "high", "-", "quality", "e-commerce", "3.5", "%", "US", "-", "China",
        "Pre-tax",
    ]  # fmt: skip
    assert all(text.startswith(token, offset) for token, offset in tokens)


def test_us_and_who_are_names_in_capitals() -> None:
    assert is_content("US")
    assert not is_content("us")
    assert is_content("WHO")
    assert not is_content("Who")


def test_what_opens_and_closes_a_term() -> None:
    assert is_edge("Greater")  # of a name
    assert not is_edge("greater")
    assert not is_edge("Mr")
    assert is_edge("authorized")
    assert not may_close("authorized")
    assert may_close("lending")


def test_key_ignores_order_inflection_hyphens_and_function_words() -> None:
    assert cluster_key(["the", "field", "of", "large", "models"]) == ("field", "larg", "model")
    assert cluster_key(["Large", "Model", "fields"]) == ("field", "larg", "model")
    assert cluster_key(["on-site"]) == cluster_key(["onsite"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "the Linked Exchange Rate System (LERS)",
            {"lers": ("Linked", "Exchange", "Rate", "System")},
        ),
        ("large language models (LLMs)", {"llm": ("large", "language", "models")}),
        ("Hong Kong Interbank Offered Rate (HIBOR)",
         {"hibor": ("Hong", "Kong", "Interbank", "Offered", "Rate")}),
        ("the Bank of China (BOC)", {"boc": ("Bank", "of", "China")}),
        ("a rise of 3 points (US dollars)", {}),
        ("nothing fits (XYZ)", {}),
    ],
)  # fmt: skip
def test_acronyms_are_read_where_they_are_explained(
    text: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert acronyms([[t for t, _ in english_tokens(text)]]) == expected


def test_dictionary_knows_frequency_and_part_of_speech() -> None:
    dictionary = look_up({"网络", "坚持", "更", "网信", "北京"})
    assert dictionary.count("网信") == 0
    assert dictionary.share("网络") == pytest.approx(8352 / 60_101_967)
    assert dictionary.is_nominal("网络")
    assert dictionary.is_nominal("网信")
    assert not dictionary.is_nominal("坚持")
    assert dictionary.is_grammar("更")
    assert dictionary.is_proper("北京")


def test_a_name_has_no_verb_before_its_object() -> None:
    tags = {"健全": "v", "网络": "n", "治理": "v", "体系": "n"}
    dictionary = Dictionary({w: Entry(100, tag) for w, tag in tags.items()}, 60_000_000)
    assert dictionary.is_name(("网络", "治理", "体系"))
    assert not dictionary.is_name(("健全", "体系"))


def test_attraction_and_freedom_by_hand() -> None:
    sentences = [["网信", "工作", "会"], ["网信", "工作", "组"], ["其他"]]
    found = Sequences.of(sentences, sentences, longest=3, least=2)
    assert found.counts == {("网信",): 2, ("工作",): 2, ("网信", "工作"): 2}
    assert found.attraction(("网信", "工作")) == pytest.approx(math.log2(2 * 7 / 4))
    assert found.freedom["网信", "工作"] == 1.0  # two sentence starts, and 会 or 组
    assert found.freedom[("网信",)] == 0.0  # always before 工作


def test_sequences_cross_no_break_but_brackets_and_linking_words() -> None:
    sentences = [
        ["甲乙", "，", "丙丁"],
        ["机构", "（", "处置", "）", "条例"],
        ["票据", "及", "债券"],
    ] * 2
    found = Sequences.of(sentences, sentences, longest=5, least=2)
    assert ("甲乙", "，", "丙丁") not in found.counts
    assert ("机构", "（", "处置", "）", "条例") in found.counts
    assert ("机构", "（", "处置") not in found.counts
    assert ("票据", "及", "债券") in found.counts


SENTENCES = (
    "网 信 办 发布", "网 信 工作", "加强 网 信 系统", "网 信 办 表示", "国家 网 信 领域",
    *(f"其他 内容 {k}" for k in range(20)),
)  # fmt: skip


def test_characters_become_words_and_the_longest_wins() -> None:
    found = compounds(made(*SENTENCES))
    assert {("网", "信"), ("网", "信", "办")} <= found
    assert ("网", "信", "工作") not in found
    assert runs(("网", "信", "办", "发布"), found) == [(0, 3)]
    assert runs(("国家", "网", "信", "领域"), found) == [(1, 3)]


def test_names_are_proposed_and_fragments_are_not() -> None:
    system = "网络 综合 治理 体系"
    text = made(*[f"健全 {system}", f"建成 {system} 以后", f"{system} 完善", "坚持 党"] * 2,
                *(f"其他 {k}" for k in range(40)))  # fmt: skip
    found = propose(text)
    assert "网络综合治理体系" in written(found)
    assert not {"网络综合治理", "综合治理体系", "坚持", "健全"} & set(written(found))
    assert next(c for c in found if len(c.gram) == 4).name


def test_a_part_of_a_pair_stays_a_term_of_its_own() -> None:
    found = written(propose(made(*["货币 及 金融 稳定 政策", "保持 货币 及 金融 稳定"] * 2)))
    assert "货币及金融稳定" in found
    assert "金融稳定" in found


def test_two_rare_words_need_to_meet_once_only() -> None:
    assert "管网治网" in written(propose(made("管网 治网", "依法 治网", "技术 管网", "其他")))


def test_english_terms_are_proposed() -> None:
    text = made(*(f"the {verb} exchange rate system of {k}" for k, verb in enumerate(
        ("stable", "linked", "old", "new", "fixed"))), lang="en")  # fmt: skip
    assert ("exchang", "rate", "system") in [c.gram for c in propose(text)]


def test_sentences_are_paired_in_order_and_joined_where_one_became_two() -> None:
    chinese = "金管局成立於1993年。其職能包括維持貨幣穩定，並促進金融體系的穩健。它還管理外匯基金。"
    english = (
        "The HKMA was founded in 1993. Its functions include keeping the currency stable. "
        "It also promotes the soundness of the financial system. It manages the Exchange Fund."
    )
    pairs = list(sentence_pairs(chinese, english))
    assert [zh[:2] for zh, _ in pairs] == ["金管", "其職", "它還"]
    assert pairs[1][1].endswith("the financial system.")
    assert [(en, zh) for zh, en in pairs] == list(sentence_pairs(english, chinese, "en"))


def test_traditional_text_is_cut_in_simplified_characters_and_shown_as_written() -> None:
    (pair,) = read_text([Passage("認可機構", "authorized institutions")]).pairs
    assert pair.source.words == ("认可", "机构")
    assert pair.source.written(0, 2) == "認可機構"


def test_termbase_forms_are_never_cut(termbase: Termbase) -> None:
    text = read_text([Passage("依法治网很重要", "Governing the internet by law matters")], termbase)
    assert "治网" in text.source[0]
    assert text.known == {("治网",)}
    joined = text.rewritten(lambda tokens: tokens.joined(runs(tokens.words, {("依法", "治网")})))
    assert joined.source[0][0] == "依法治网"
    assert joined.pairs[0].source.written(0, 1) == "依法治网"

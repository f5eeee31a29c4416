"""Tokens, compounds and term candidates."""

from __future__ import annotations

import math

import pytest

from xindaya.metrics.segmentation import Segmenter
from xindaya.metrics.terminology.discovery.candidates import find_all, propose
from xindaya.metrics.terminology.discovery.compounds import find_compounds, join
from xindaya.metrics.terminology.discovery.dictionary import Dictionary, Entry, look_up
from xindaya.metrics.terminology.discovery.sentences import (
    Passage,
    SentencePair,
    chinese_tokens,
    read_text,
)
from xindaya.metrics.terminology.discovery.sequences import recurring
from xindaya.metrics.terminology.discovery.words import english_tokens
from xindaya.pairs import Termbase

NO_DICTIONARY = Dictionary({}, 60_000_000)


def test_english_tokens() -> None:
    text = "Xi'an's R&D: U.S. high-quality 3.5%"
    tokens = list(english_tokens(text))
    assert [t for t, _ in tokens] == [
        "Xi'an's", "R&D", ":", "U.S.", "high", "-", "quality", "3.5", "%",
    ]  # fmt: skip
    assert all(text.startswith(token, offset) for token, offset in tokens)


def test_dictionary_knows_frequency_and_part_of_speech() -> None:
    dictionary = look_up({"网络", "坚持", "更", "网信"})
    assert dictionary.count("网信") == 0
    assert dictionary.share("网络") == pytest.approx(8352 / 60_101_967)
    assert dictionary.is_nominal("网络")
    assert dictionary.is_nominal("网信")
    assert dictionary.is_verb("坚持")
    assert dictionary.is_grammar("更")


def test_attraction_and_freedom_by_hand() -> None:
    found = recurring([["x", "b", "c"], ["x", "b", "d"], ["e"]], str.isalpha, longest=3, least=2)
    assert found.counts == {("x",): 2, ("b",): 2, ("x", "b"): 2}
    assert found.attraction(("x", "b")) == pytest.approx(math.log2(2 * 7 / 4))
    assert found.freedom["x", "b"] == 1.0  # two sentence starts, and c or d
    assert found.freedom[("x",)] == 0.0  # always before b
    assert list(found.maximal()) == [("x", "b")]


def test_sequences_do_not_cross_what_is_unusable() -> None:
    found = recurring([["a", ",", "b"]] * 2, str.isalpha, longest=2, least=2)
    assert ("a", "b") not in found.counts


def test_punctuation_binds_nothing() -> None:
    found = recurring([["x", "。", "y"], ["z", "x", "。"]], str.isalpha, longest=1, least=2)
    assert found.freedom[("x",)] == 1.0


SENTENCES = [
    ["网", "信", "办", "发布"], ["网", "信", "工作"], ["加强", "网", "信", "系统"],
    ["网", "信", "办", "表示"], ["国家", "网", "信", "领域"], ["大", "模型", "发展"],
    ["训练", "大", "模型"], ["研发", "大", "模型", "技术"],
] + [["其他", "内容", str(k)] for k in range(20)]  # fmt: skip


def test_characters_become_words_and_the_longest_wins() -> None:
    compounds = find_compounds(SENTENCES, NO_DICTIONARY)
    assert {("网", "信"), ("网", "信", "办"), ("大", "模型")} <= compounds
    assert ("网", "信", "工作") not in compounds
    assert list(join(SENTENCES[0], compounds)) == ["网信办", "发布"]
    assert list(join(SENTENCES[1], compounds)) == ["网信", "工作"]


def test_closed_tokens_are_not_joined() -> None:
    assert ("大", "模型") not in find_compounds(SENTENCES, NO_DICTIONARY, closed={"模型"})


def test_grammar_is_not_joined() -> None:
    adverb = Dictionary({"大": Entry(1, "d")}, 60_000_000)
    assert ("大", "模型") not in find_compounds(SENTENCES, adverb)


TAGS = {"坚持": "v", "健全": "v", "网络": "n", "综合": "vn", "治理": "v", "体系": "n"}


def proposed(sentences: list[list[str]], **options: object) -> list[str]:
    dictionary = Dictionary({w: Entry(100, tag) for w, tag in TAGS.items()}, 60_000_000)
    return [c.text for c in propose(sentences, dictionary, **options)]  # type: ignore[arg-type]


def test_names_are_proposed_and_fragments_are_not() -> None:
    system = ["网络", "综合", "治理", "体系"]
    sentences = [
        ["健全", *system],
        ["建成", *system, "以后"],
        [*system, "完善"],
        ["坚持", "党"],
    ] * 2
    found = proposed(sentences + [["其他", str(k)] for k in range(40)])
    assert "网络综合治理体系" in found
    assert not {"网络综合治理", "综合治理体系", "健全网络综合治理体系", "坚持", "健全"} & set(found)


def test_two_rare_words_need_to_meet_once_only() -> None:
    sentences = [["管网", "治网"], ["依法", "治网"], ["技术", "管网"], ["其他"]]
    assert "管网治网" in proposed(sentences)


def test_known_terms_come_first() -> None:
    assert proposed([["网络", "网络"]], known=["稀有"])[0] == "稀有"


def test_find_all() -> None:
    assert find_all(["a", "b", "a", "b"], ("a", "b")) == [(0, 2), (2, 4)]
    assert find_all(["a"], ("a", "b")) == []


def test_terms_are_one_token() -> None:
    words = Segmenter()
    text = "国家网信办表示"
    assert list(chinese_tokens(text, words, [(2, 5)])) == ["国家", "网信办", "表示"]
    assert "".join(chinese_tokens(text, words)) == text


def test_passages_are_cut_where_both_sides_agree() -> None:
    both = Passage("他来了。她走了。", "He came. She left.")
    one = Passage("他来了。她走了。", "He came and she left.")
    assert [p.segment for p in read_text([both, one]).pairs] == [0, 0, 1]


def test_termbase_forms_are_never_cut(termbase: Termbase) -> None:
    text = read_text([Passage("依法治网很重要", "Governing the internet by law matters")], termbase)
    assert "治网" in text.pairs[0].source
    assert text.known == {"治网"}
    assert text.joined(frozenset({("依法", "治网")})).pairs[0].source[0] == "依法治网"


def test_target_text_is_what_the_text_has() -> None:
    english = "Ensure high-quality development."
    tokens = list(english_tokens(english))
    pair = SentencePair(0, (), tuple(t for t, _ in tokens), tuple(o for _, o in tokens), english)
    assert pair.target_text(1, 5) == "high-quality development"

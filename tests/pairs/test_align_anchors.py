"""Numbers, dates, names and words that translators keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs import InputError
from xindaya.pairs.align import read_lexicon
from xindaya.pairs.align.anchors import (
    chinese_anchors,
    english_anchors,
    fold,
    number_keys,
    same_key_links,
)
from xindaya.pairs.align.lexicon import built_in_lexicon
from xindaya.pairs.align.names import NameFinder
from xindaya.pairs.align.pinyin import syllable
from xindaya.pairs.align.words import stem


@pytest.mark.parametrize(
    ("zh", "en", "keys"),
    [
        ("二十届三中全会", "the 20th Congress", {"n:20"}),
        ("9月6日", "September 6", {"m:9", "n:6", "d:9-6"}),
        ("九月六日", "6th of September", {"m:9", "n:6", "d:9-6"}),
        ("190多个", "more than 190", {"n:190"}),
        ("注册用户超过6亿", "more than 600 million users", {"n:600000000"}),
        ("１０３５亿港元", "HK$103.5 billion", {"n:103500000000"}),
        ("1.37万亿元", "1.37 trillion yuan", {"n:1370000000000"}),
        ("三千五百人", "3,500 people", {"n:3500"}),
        ("百分之三点五", "3.5 percent", {"n:3.5", "p:percent"}),
        ("增长3.50%", "up 3.5%", {"n:3.5", "p:percent"}),
        ("二〇二三年", "in 2023", {"n:2023"}),
        ("2023年5月6日", "May 6, 2023", {"n:2023", "m:5", "n:6", "d:5-6"}),
        ("90年代", "the 1990s", {"n:90"}),
        ("二十一个", "twenty-one", {"n:21"}),
        ("三个", "three", {"n~:3"}),
        ("http://a.cn/x看", "See http://a.cn/x.", {"x:http://a.cn/x"}),
        ("12:34:13发布", "at 12:34:13", {"x:12:34:13"}),
        ("2024-11-23", "2024-11-23", {"n:2024", "m:11", "n:23", "d:11-23"}),
        ("十八大", "18th", {"n:18"}),
    ],
)
def test_numbers_are_equal_in_both_scripts(zh: str, en: str, keys: set[str]) -> None:
    found_zh, found_en = set(chinese_anchors(fold(zh))), set(english_anchors(fold(en)))
    assert keys <= found_zh
    assert keys <= found_en


@pytest.mark.parametrize("zh", ["一个", "百姓", "千万不要", "万一", "第一", "统一"])
def test_words_made_of_numerals_are_no_numbers(zh: str) -> None:
    assert number_keys(zh, "zh") == set()


@pytest.mark.parametrize("en", ["one of them", "he may go", "they march on", "everyone", "B2B"])
def test_english_words_are_no_numbers(en: str) -> None:
    assert number_keys(en, "en") == set()


@given(st.text(alphabet="0123456789,.:-/$%一二三十百千万亿点月日第多 aJmk年May th", max_size=60))
def test_any_text_has_keys(text: str) -> None:
    assert all(":" in key for key in number_keys(text, "zh") | number_keys(text, "en"))


@pytest.mark.parametrize("piece", ["9", "九", "十", "1,", "1.", "A.", "。", "5月", "亿", "a-", "#"])
def test_endless_runs_are_read_in_time(piece: str) -> None:
    text = piece * (90_000 // len(piece))
    assert len(set(chinese_anchors(text)) | set(english_anchors(text))) < 100_000


def test_weak_and_strong_numbers_are_linked() -> None:
    assert set(same_key_links({"n~:3", "m:3"}, {"n:3", "n~:3", "n:4"})) == {
        ("n~:3", "n:3"), ("n~:3", "n~:3"),
    }  # fmt: skip


def test_traditional_and_full_width_are_folded() -> None:
    assert fold("國際金融中心ＧＤＰ") == "国际金融中心GDP"


@pytest.mark.parametrize(
    ("char", "sound"), [("庄", "zhuang"), ("文", "wen"), ("啊", "a"), ("座", "zuo"), ("丨", "")]
)
def test_pinyin(char: str, sound: str) -> None:
    assert syllable(char) == sound


def test_names_are_heard() -> None:
    find = NameFinder({"zhuang", "rongwen", "obama", "biden", "table"})
    assert set(find("采访了庄荣文")) == {("庄", "zhuang"), ("荣文", "rongwen")}
    assert ("奥巴马", "obama") in set(find("总统奥巴马说"))
    assert {word for _, word in find("天气很好")} == set()


def test_stems_unify_spellings() -> None:
    assert stem("organisations") == stem("organization")
    assert stem("China’s") == stem("China")


def test_built_in_words_are_simplified_and_found() -> None:
    words = built_in_lexicon()
    assert "经济" in words.words_in(fold("香港經濟增長"))
    assert ("hong", "kong") in words.phrases_of("香港")


def test_lexicon_in_cedict_format(tmp_path: Path) -> None:
    path = tmp_path / "words.u8"
    path.write_text(
        "# comment\n"
        "網信辦 网信办 [wang3 xin4 ban4] /cyberspace administration/CL:個|个[ge4]/\n"
        "發展 发展 [fa1 zhan3] /development (of sth); to develop/variant of 發展[fa1]/\n",
        encoding="utf-8",
    )
    lexicon = read_lexicon(path)
    assert lexicon.words_in("国家网信办发展") == {"网信办", "发展"}
    assert lexicon.phrases_of("网信办") == {(stem("cyberspace"), stem("administration"))}
    assert lexicon.phrases_of("发展") == {(stem("development"),), (stem("develop"),)}


def test_a_bad_lexicon_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "words.u8"
    path.write_text("# c\n网信办 = CAC\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: found '网信办 = CAC'; expected a CEDICT entry"):
        read_lexicon(path)

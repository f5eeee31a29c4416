from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs.folding import RADICAL, fold, is_segmented


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("⻓三角", "长三角"),  # U+2ED3, which NFKC leaves as it is
        ("⺠法典", "民法典"),  # U+2EA0, likewise
        ("⼯信部", "工信部"),  # U+2F2F, a Kangxi radical
        ("ＡＩ “模型”", 'AI "模型"'),
    ],
)
def test_what_looks_alike_is_alike(raw: str, folded: str) -> None:
    assert fold(raw).text == folded


def test_blanks_between_chinese_characters_are_left_out_if_asked() -> None:
    raw = "国家 互联网 信息 办公室 AI 大模型"
    assert fold(raw).text == raw
    joined = fold(raw, join=True)
    assert joined.text == "国家互联网信息办公室 AI 大模型"
    start = joined.text.index("办公室")
    assert raw[slice(*joined.raw_span(start, start + 3))] == "办公室"
    assert raw[slice(*joined.raw_span(0, 10))] == "国家 互联网 信息 办公室"


def test_which_text_is_segmented() -> None:
    assert is_segmented("国家 互联网 信息 办公室 发布 新规")
    assert not is_segmented("通 知")
    assert not is_segmented("第一章 总则 本法所称网络数据，是指通过网络处理和产生的各种电子数据。")


@given(st.text("长⻓⼯ａfi Ⅻ㎏“国 \u3000", min_size=1), st.booleans())
def test_every_folded_character_comes_from_its_raw_one(raw: str, join: bool) -> None:
    found = fold(raw, join=join)
    assert not RADICAL.search(found.text)
    for place, char in enumerate(found.text):
        start, end = found.raw_span(place, place + 1)
        assert end == start + 1
        assert char in fold(raw[start]).text or raw[start] == unicodedata.normalize("NFKC", char)

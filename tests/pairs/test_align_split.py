"""Passages and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs.align.split import chinese_sentences, english_sentences, split


@pytest.mark.parametrize(
    ("passage", "sentences"),
    [
        ("他来了。她走了！真的吗？是的。", ["他来了。", "她走了！", "真的吗？", "是的。"]),
        ("他说：“我来了。”她笑了。", ["他说：“我来了。”", "她笑了。"]),
        ("“来吧！”他说。走了。", ["“来吧！”", "他说。", "走了。"]),
        ("「真的？！」他問。（完。）好。", ["「真的？！」", "他問。", "（完。）", "好。"]),
        ("我想……算了。", ["我想……", "算了。"]),
        ("我想……，算了。", ["我想……，算了。"]),
        ("增长3.5%。达到4.2.版本。", ["增长3.5%。", "达到4.2.版本。"]),
        ("问:好吗?答:好.真好!", ["问:好吗?", "答:好.", "真好!"]),
        ("没有句号", ["没有句号"]),
        ("《怎么办？》一书出版。", ["《怎么办？》", "一书出版。"]),
    ],
)
def test_chinese_sentences(passage: str, sentences: list[str]) -> None:
    assert chinese_sentences(passage) == sentences


@pytest.mark.parametrize(
    ("passage", "sentences"),
    [
        ("He came. She left! Really? Yes.", ["He came.", "She left!", "Really?", "Yes."]),
        ("Mr. Smith met Dr. Wu. They spoke.", ["Mr. Smith met Dr. Wu.", "They spoke."]),
        ("J. R. Smith left. A. Jones stayed.", ["J. R. Smith left.", "A. Jones stayed."]),
        ("It grew 3.5 percent. No. 5 fell.", ["It grew 3.5 percent.", "No. 5 fell."]),
        ("“Come.” He left. (Done.) Good.", ["“Come.”", "He left.", "(Done.)", "Good."]),
        ("The U.S. Senate met in the U.S. The end.", ["The U.S. Senate met in the U.S.", "The end."]),
        ("It rose, e.g. Hong Kong, etc. The rest fell.",
         ["It rose, e.g. Hong Kong, etc.", "The rest fell."]),
        ("1. Introduction follows. It is short.", ["1. Introduction follows.", "It is short."]),
        ("One.\u00a0Two.\u202fThree.", ["One.", "Two.", "Three."]),
        ("Wait... and see. Well… Yes.", ["Wait... and see.", "Well…", "Yes."]),
        ("Apple Inc. said so. It ended in Jan. 5 came.",
         ["Apple Inc. said so.", "It ended in Jan. 5 came."]),
        ("no full stop", ["no full stop"]),
    ],
)  # fmt: skip
def test_english_sentences(passage: str, sentences: list[str]) -> None:
    assert english_sentences(passage) == sentences


def test_lines_are_counted_without_empty_ones() -> None:
    lines = ["一。二。", "", " \u3000 ", "三。"]
    passages = split(lines, lang="zh")
    assert [(p.line, p.text) for p in passages] == [(1, "一。二。"), (2, "三。")]
    sentences = split(lines, lang="zh", unit="sentence")
    assert [(p.line, p.text, p.opens) for p in sentences] == [
        (1, "一。", True), (1, "二。", False), (2, "三。", True),
    ]  # fmt: skip


@given(st.text(alphabet="天地。！？…”“」（）.!? a1A\u00a0", max_size=40))
def test_nothing_but_space_is_lost(text: str) -> None:
    for cut in (chinese_sentences, english_sentences):
        assert "".join("".join(cut(text)).split()) == "".join(text.split())

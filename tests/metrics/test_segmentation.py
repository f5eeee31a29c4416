from __future__ import annotations

from xindaya.metrics.segmentation import Segmenter


def test_words_and_boundaries() -> None:
    assert Segmenter().words("整治网络") == ["整治", "网络"]
    assert Segmenter().boundaries("整治网络") == {0, 2, 4}


def test_parts_of_a_word_leave_the_word_itself_out() -> None:
    assert Segmenter().parts("发展中国家") == ["发展", "中", "国家"]
    assert Segmenter().parts("网") == ["网"]


def test_signature_names_version_and_dictionary() -> None:
    assert Segmenter().signature.startswith("jieba-0.42.1-dict-")

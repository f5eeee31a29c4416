from __future__ import annotations

import pytest

from xindaya.metrics.segmentation import Segmenter


def test_words_and_boundaries() -> None:
    assert Segmenter().words("整治网络") == ["整治", "网络"]
    assert Segmenter().boundaries("整治网络") == {0, 2, 4}


def test_loss_weighs_the_words_that_a_span_would_tear() -> None:
    loss = Segmenter().loss
    assert loss("整治网络", 1, 3) > 10  # 整/治网/络 for 整治/网络
    assert loss("北京市", 0, 2) == pytest.approx(0, abs=1e-9)  # a part of a longer word
    assert loss("发展中国家", 2, 4) > 1  # not of 发展/中/国家
    assert loss("工信部将于", 0, 3) < 0  # no word of the dictionary, but a likely one


def test_signature_names_version_and_dictionary() -> None:
    assert Segmenter().signature.startswith("jieba-0.42.1-dict-")

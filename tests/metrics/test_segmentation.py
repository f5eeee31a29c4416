from __future__ import annotations

import stat
from pathlib import Path

import pytest

from xindaya.metrics import segmentation
from xindaya.metrics.segmentation import Segmenter


def test_words_and_boundaries() -> None:
    assert Segmenter().words("整治网络") == ["整治", "网络"]
    assert Segmenter().boundaries("整治网络") == {0, 2, 4}


def test_parts_of_a_word_leave_the_word_itself_out() -> None:
    assert Segmenter().parts("发展中国家") == ["发展", "中", "国家"]
    assert Segmenter().parts("网") == ["网"]


def test_signature_names_version_and_dictionary() -> None:
    assert Segmenter().signature.startswith("jieba-0.42.1-dict-")


def test_cache_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = segmentation._private_cache()
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_cache_folder_that_others_can_write_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "xindaya").mkdir()
    (tmp_path / "xindaya").chmod(0o777)
    assert segmentation._private_cache() is None

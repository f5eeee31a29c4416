from __future__ import annotations

import stat
from pathlib import Path

import pytest

from xindaya.pairs.private import private_cache


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XINDAYA_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_cache_is_private(tmp_path: Path) -> None:
    folder = private_cache()
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_cache_folder_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "xindaya").mkdir()
    (tmp_path / "xindaya").chmod(0o777)
    assert private_cache() is None


def test_another_place_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINDAYA_CACHE", str(tmp_path / "here"))
    assert private_cache() == tmp_path / "here"
    monkeypatch.setenv("XINDAYA_CACHE", "off")
    assert private_cache() is None

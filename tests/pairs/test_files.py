from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from xindaya.pairs import InputError
from xindaya.pairs.files import new_folder, write_text


def test_write_replaces_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "x.txt"
    write_text(path, "old\n")
    write_text(path, "new\n")
    assert path.read_bytes() == b"new\n"
    assert [p.name for p in path.parent.iterdir()] == ["x.txt"]


@pytest.mark.parametrize("call", ["fsync", "fdopen"])
def test_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "x.txt"
    write_text(path, "old")

    def full(*_args: object, **_keywords: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(InputError, match="No space left"):
        patch.setattr(os, call, full)
        write_text(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]


def test_failure_inside_a_new_folder_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "run"
    with pytest.raises(RuntimeError), new_folder(place) as building:
        (building / "half").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_new_folder_replaces_the_old_one_only_when_complete(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    (place / "old").write_text("x")
    with new_folder(place) as building:
        (building / "new").write_text("y")
        assert (place / "old").exists()
    assert [p.name for p in place.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]

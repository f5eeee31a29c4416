from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from xindaya.pairs import InputError, files
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
    with new_folder(place, may_replace=lambda _folder: None) as building:
        (building / "new").write_text("y")
        assert (place / "old").exists()
    assert [p.name for p in place.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def replaced(place: Path) -> None:
    with new_folder(place, may_replace=lambda _folder: None) as building:
        (building / "new").write_text("y")


def test_where_folders_cannot_be_exchanged_the_old_one_steps_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_exchange", lambda _one, _other: False)
    place = tmp_path / "run"
    place.mkdir()
    (place / "old").write_text("x")
    replaced(place)
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == [
        "run", "run/new",
    ]  # fmt: skip


def test_what_killed_writers_left_goes_or_goes_back(tmp_path: Path) -> None:
    dead, aside = tmp_path / ".run.abcd1234.part", tmp_path / ".run.abcd5678.old" / "old"
    for folder in (dead, aside):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    others = [tmp_path / name for name in (".run.part", ".runs.abcd1234.part", ".run.mine.part")]
    for file in others:
        file.write_text("mine")
    files.remove_leftovers(tmp_path / "run")
    assert (tmp_path / "run" / "file").read_text() == "x"
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "run"])


def test_what_a_living_writer_builds_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "run"
    with new_folder(place) as building:
        (building / "half").write_text("x")
        replaced(place)
        assert (building / "half").exists()
        (place / "new").unlink()
    assert [p.name for p in place.iterdir()] == ["half"]


def test_what_stands_aside_of_a_folder_that_is_there_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    aside = tmp_path / ".run.abcd5678.old" / "old"
    aside.mkdir(parents=True)
    (tmp_path / "run").mkdir()
    files.remove_leftovers(tmp_path / "run")
    assert aside.exists()
    assert str(aside) in caplog.text


def test_a_link_to_nowhere_names_the_file_to_write(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_text(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "x"
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(InputError, match="a link that leads in a circle"):
        write_text(tmp_path / "circle", "x")
    assert (tmp_path / "circle").is_symlink()


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    write_text(tmp_path / ("网" * 84 + "ab"), "x")  # 254 bytes of the 255 a name may have
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_came_while_an_output_was_made_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with pytest.raises(InputError, match="a file with other content"), files.output(path):  # noqa: SIM117
        with files.open_atomic(path) as stream:
            stream.write(b"new")
            path.write_text("mine")
    assert path.read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]

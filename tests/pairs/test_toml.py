from __future__ import annotations

from pathlib import Path

import pytest

from xindaya.pairs import SpecError
from xindaya.pairs.toml import read_toml


def test_unknown_key_names_the_line_and_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('name = "a"\n\n[options]\nsead = 3\n')
    file = read_toml(path)
    with pytest.raises(SpecError, match=r"x.toml, line 4: unknown key 'sead'; did you mean 'seed'"):
        file.check_keys(file.data["options"], ("seed", "test"))


def test_invalid_toml_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("name = \n")
    with pytest.raises(SpecError, match=r"x.toml: not valid TOML: .*line 1"):
        read_toml(path)


def test_paths_stay_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('a = "../b"\n')
    file = read_toml(path)
    assert file.inside("sub/b") == (tmp_path / "sub" / "b").resolve()
    for outside in ("../b", "/etc/passwd", "sub/../../b"):
        with pytest.raises(Exception, match="expected a path inside"):
            file.inside(outside)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs import InputError, lines
from xindaya.pairs.lines import read_lines

TEXT = st.text(st.characters(exclude_characters="\n\0", exclude_categories=["Cs"]))


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "lines.txt"
    path.write_bytes(content)
    return path


@given(lines=st.lists(TEXT.filter(lambda t: not t.endswith("\r") and not t.startswith("\ufeff"))))
def test_write_then_read_is_identity(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    assert read_lines(path) == lines


def test_only_lf_ends_a_line(tmp_path: Path) -> None:
    odd = "a\u2028b\u0085c\x0bd\x0ce\rf"
    assert read_lines(written(tmp_path, f"{odd}\nnext".encode())) == [odd, "next"]


@pytest.mark.parametrize(
    "content",
    [b"a\nb\n", b"a\nb", b"a\r\nb\r\n", b"\xef\xbb\xbfa\nb\n"],
    ids=["lf", "no-last-newline", "crlf", "bom"],
)
def test_line_ends_and_bom_do_not_show(tmp_path: Path, content: bytes) -> None:
    assert read_lines(written(tmp_path, content)) == ["a", "b"]


def test_gb18030_is_refused_with_line_and_suggestion(tmp_path: Path) -> None:
    path = written(tmp_path, b"ok\n" + "国家网信办发布新规，加强个人信息保护。".encode("gb18030"))
    with pytest.raises(InputError, match=r"line 2: found bytes .*(?s:.*)gb18030"):
        read_lines(path)
    assert read_lines(path, encoding="gb18030")[1].startswith("国家网信办")


def test_utf16_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    path = written(tmp_path, "国家网信办\n".encode("utf-16"))
    with pytest.raises(InputError, match="utf-16"):
        read_lines(path)


def test_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: found a NUL character at column 2"):
        read_lines(written(tmp_path, b"a\0b\n"))


def test_long_line_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * 5_000_000)
    with pytest.raises(InputError, match="longer than 1,000 characters"):
        read_lines(path, max_chars=1000)


def test_limit_counts_characters_not_bytes(tmp_path: Path) -> None:
    assert read_lines(written(tmp_path, "网".encode() * 10), max_chars=10) == ["网" * 10]
    with pytest.raises(InputError):
        read_lines(written(tmp_path, "网".encode() * 11), max_chars=10)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_lines(tmp_path / "none")
    with pytest.raises(InputError, match="found a folder"):
        read_lines(tmp_path)


def test_damaged_utf8_is_not_called_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes("国家网信办发布新规。\n".encode()[:-2] + b"\n" + b"plain English text\n" * 99)
    with pytest.raises(InputError, match="not UTF-8") as caught:
        read_lines(path)
    assert "gb18030" not in str(caught.value)


@pytest.mark.parametrize("chunk", [3, 4, 5, 8])
def test_lines_do_not_depend_on_where_reading_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(lines, "_CHUNK", chunk)
    content = "\ufeff网é\r\n\nx\r\r\n𠮷 y\n\nlast".encode()
    assert read_lines(written(tmp_path, content)) == ["网é", "", "x\r", "𠮷 y", "", "last"]
    with pytest.raises(InputError, match="line 3: found a NUL"):
        read_lines(written(tmp_path, b"a\nbb\n\0\nc\n"))

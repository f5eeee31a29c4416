"""``xindaya align`` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xindaya.cli.align import command
from xindaya.pairs import XindayaError
from xindaya.pairs.align import read_alignment

ZH = "新闻\n\n他在2023年来到北京。\n\n她买了190本书,花了6亿元。\n(责编:张三)\n"
EN = "He came to Beijing in 2023.\nShe bought\t190 books for 600 million yuan.\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "zh.txt").write_text(ZH, encoding="utf-8")
    (tmp_path / "en.txt").write_text(EN, encoding="utf-8")
    return tmp_path


def test_writes_the_table_and_says_what_it_found(files: Path) -> None:
    done = run(files / "zh.txt", files / "en.txt", "-o", files / "out.tsv", "--min-confidence", 1)
    assert done.exception is None
    assert done.return_value == 0
    beads = read_alignment(files / "out.tsv")
    assert [(b.zh_lines, b.en_lines) for b in beads] == [
        ((1,), ()), ((2,), (1,)), ((3,), (2,)), ((4,), ()),
    ]  # fmt: skip
    assert "2 aligned pairs: 2 one to one, 0 merged\n2 Chinese and 0 English unaligned\n" in (
        done.stdout
    )
    assert "below confidence 1, worth a look:" in done.stdout
    assert "Tabs inside 1 row became spaces." in done.stderr


def test_sentences_and_other_encodings(files: Path) -> None:
    (files / "zh.txt").write_bytes("他来了。她在2023年走了。".encode("gb18030"))
    (files / "en.txt").write_bytes(b"He came. She left in 2023.")
    done = run(files / "zh.txt", files / "en.txt", "-o", files / "out.tsv", "--unit", "sentence",
               "--encoding", "gb18030", "-q")  # fmt: skip
    assert done.exception is None
    assert done.stderr == ""
    assert len(read_alignment(files / "out.tsv")) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("no.txt", "en.txt", "-o", "out.tsv"), 3, "no such file"),
        (("empty.txt", "en.txt", "-o", "out.tsv"), 5, "nothing to align"),
        (("zh.txt", "en.txt", "-o", "zh.txt"), 3, "an input of the same command"),
        (("en.txt", "zh.txt", "-o", "out.tsv"), 2, "give the Chinese document first"),
        (("zh.txt", "en.txt", "-o", "."), 3, "a folder"),
        (("gb.txt", "en.txt", "-o", "out.tsv"), 3, "--encoding gb18030"),
        (("zh.txt", "en.txt", "-o", "out.tsv", "--lexicon", "en.txt"), 3, "CEDICT"),
    ],
)
def test_errors_have_the_code_of_the_design_and_write_nothing(
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(files)
    Path("empty.txt").write_text("\n \n", encoding="utf-8")
    Path("gb.txt").write_bytes(
        "国家互联网信息办公室发布了新的规定,要求各平台加强管理。".encode("gb18030")
    )
    before = {p: p.read_bytes() for p in files.iterdir()}
    done = run(*arguments)
    assert isinstance(done.exception, XindayaError)
    assert done.exception.exit_code == code
    assert message in str(done.exception)
    assert {p: p.read_bytes() for p in files.iterdir()} == before


def test_control_characters_do_not_reach_the_terminal(files: Path) -> None:
    (files / "en.txt").write_text(EN + "\x1b]0;owned\x07\n", encoding="utf-8")
    done = run(files / "zh.txt", files / "en.txt", "-o", files / "out.tsv", "--min-confidence", 1)
    assert "\x1b" not in done.output


def test_a_document_in_the_wrong_language_is_doubted(files: Path) -> None:
    done = run(files / "zh.txt", files / "zh.txt", "-o", files / "out.tsv")
    assert done.exception is None
    assert "zh.txt holds hardly any English: is it the right file?" in done.stderr


def test_what_it_writes_passes_the_check_and_comes_back(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xindaya.cli import invoke as xindaya

    table = str(files / "out.tsv")
    assert xindaya(["align", str(files / "zh.txt"), str(files / "en.txt"), "-o", table]) == 0
    assert "warning" not in capsys.readouterr().err
    assert xindaya(["check", table, "--fail-on", "error"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("out: 2 segments, 0 errors")
    assert err == "left out: rows without a counterpart: 2 (row 1; row 4)\n"
    for name in ("out.xlsx", "back.tsv"):
        assert xindaya(["convert", table, str(files / name), "-q"]) == 0
        table = str(files / name)
    assert read_alignment(table) == read_alignment(files / "out.tsv")


def test_documents_that_are_no_translations_are_doubted(files: Path) -> None:
    (files / "other.txt").write_text(
        "Bake the bread for an hour.\nThe cat sleeps on the sofa all afternoon, as cats do.\n"
    )
    done = run(files / "zh.txt", files / "other.txt", "-o", files / "out.tsv")
    assert (done.exception, done.return_value) == (None, 0)
    doubt = "warning: hardly anything is aligned: are the documents translations of each other?\n"
    assert doubt in done.stderr
    (files / "other.txt").write_text("\u200b\n", "utf-8")  # a line that shows nothing
    again = run(files / "zh.txt", files / "other.txt", "-o", files / "out.tsv", "--force")
    assert doubt in again.stderr

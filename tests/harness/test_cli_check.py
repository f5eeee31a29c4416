"""``xindaya check`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from xindaya.cli.check import command
from xindaya.pairs import InputError, UsageError
from xindaya.pairs.checks import CHECKS, KINDS
from xindaya.samples import SAMPLE_CORPUS


def check(*arguments: str | Path) -> int:
    result = command.main([str(a) for a in arguments], standalone_mode=False)
    return result if isinstance(result, int) else 0


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Options for three line files with one error, two warnings and one note."""
    (tmp_path / "s.zh").write_text("共6亿元。\n你好吗？\n点击<b>此处</b>。\n", "utf-8")
    (tmp_path / "r.en").write_text("600 million yuan.\nHow are you?\nClick <b>here</b>.\n", "utf-8")
    (tmp_path / "x.en").write_text("60 million yuan.\n\nClick\x1bc here.\n", "utf-8")
    return ["-s", f"{tmp_path}/s.zh", "-r", f"{tmp_path}/r.en", "-i", f"x={tmp_path}/x.en"]


def test_text(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(*files) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.split("\n")
    assert lines[0] == "s: 3 segments, 1 error, 3 warnings, 0 notes"
    assert lines[2].split() == ["Check", "x", "all"]
    assert lines[3].split() == ["empty", "error", "1", "1"]
    assert "  x 1  “6亿元” of the source became “60 million yuan” in the target." in lines
    assert "  x 3  Control characters: U+001B." in lines
    assert "\x1b" not in out


def test_examples_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(SAMPLE_CORPUS, "--examples", "2") == 0
    assert "  … and 14 more (-f tsv lists all)" in capsys.readouterr().out


def test_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(*files, "-f", "json", "--off", "markup,control") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema_version"] == 1
    assert content["corpus"]["segments"] == 3
    assert [f["id"] for f in content["findings"]] == ["numbers/x/1", "empty/x/2"]
    assert {c["id"] for c in content["checks"] if not c["on"]} == {"markup", "control"}
    assert content["counts"][0] == {"kind": "empty", "text": "x", "severity": "error", "count": 1}


def test_tsv(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(*files, "-f", "tsv") == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "severity\tkind\ttext\tsegment\tmessage\tid"
    assert [line.split("\t")[5] for line in lines[1:-1]] == [
        "numbers/x/1",
        "empty/x/2",
        "control/x/3",
        "markup/x/3",
    ]


def test_fail_on(files: list[str], tmp_path: Path) -> None:
    assert check(*files, "--fail-on", "error") == 1
    assert check(*files, "--fail-on", "error", "--off", "empty") == 0
    assert check(*files, "--fail-on", "warning", "--off", "empty") == 1
    waivers = tmp_path / "waivers.txt"
    waivers.write_text("# seen\nempty/x/2\tmeant\ncac/d/1/1\nnumbers/x/1\n", "utf-8")
    assert check(*files, "--fail-on", "error", "--waivers", waivers) == 0


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--list") == 0
    out = capsys.readouterr().out
    assert all(kind in out for kind in KINDS)
    assert all(c.finds.split()[0] in out for c in CHECKS)


def test_directions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.en").write_text("600 million.\n", "utf-8")
    (tmp_path / "x.zh").write_text("6千万。\n", "utf-8")
    arguments = ["-sl", "en", "-tl", "zh", "-s", tmp_path / "s.en", "-i", tmp_path / "x.zh"]
    assert check(*arguments, "-f", "tsv") == 0
    assert "numbers/x/1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ([], UsageError, "either CORPUS or line files"),
        (["none.tsv", "-s", "s.zh"], UsageError, "either CORPUS or line files"),
        (["none.tsv"], InputError, "no such file"),
        (["none.tsv", "--off", "emtpy"], UsageError, "no check is called 'emtpy'"),
        (["none.tsv", "--waivers", "bad.txt"], InputError, "or kind/text/segment"),
        (["none.tsv", "--waivers", "twice.txt"], InputError, "each once"),
        (["none.tsv", "--fail-on", "note"], click.UsageError, "'note' is not one of"),
    ],
)
def test_errors(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    error: type[Exception],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.txt").write_text("empty\n", "utf-8")
    Path("twice.txt").write_text("empty/x/1\nempty/x/1\n", "utf-8")
    with pytest.raises(error, match=message):
        check(*arguments)


def test_a_run_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from xindaya import Settings, evaluate, save_run
    from xindaya.pairs import read_corpus

    corpus = read_corpus(SAMPLE_CORPUS)
    save_run(evaluate(corpus, settings=Settings(("chrf",), test=None)), tmp_path / "run")
    assert check(SAMPLE_CORPUS, "-f", "tsv") == check(tmp_path / "run", "-f", "tsv") == 0
    shown = capsys.readouterr().out
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]
    (tmp_path / "run" / "corpus.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="changed since the run was written"):
        check(tmp_path / "run")

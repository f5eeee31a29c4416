"""``terms lint`` and ``terms convert`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.cli import invoke as run
from xindaya.pairs import read_termbase

HEADER = "concept\tzh\ten\tstatus\n"
GOOD = HEADER + "a\t网信办\tthe Office\t\n"
BAD = HEADER + "a\t网信办\tthe Office\t\na\t网信办\tthe office\tforbidden\na\t网\tit\tadmitted\n"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.tsv"
    path.write_text(BAD, "utf-8")
    return path


def test_text(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["terms", "lint", str(bad)]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (
        "error: a: 'the Office' and 'the office': preferred and forbidden at once "
        "[contradiction]\n"
        "warning: a: one character matches everywhere [short-form]\n"
        "bad: 1 concept; 1 error, 1 warning, 0 notes\n"
    )
    assert run(["terms", "lint", str(bad), "--severity", "error"]) == 1
    assert "short-form" not in capsys.readouterr().out


def test_json_and_tsv(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["terms", "lint", str(bad), "-f", "json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["schema_version"] == 1
    termbase = content["termbase"]
    assert (termbase["name"], termbase["concepts"], termbase["terms"]) == ("bad", 1, 5)
    assert content["findings"][0] == {
        "id": "contradiction:a:the office",
        "kind": "contradiction",
        "concept": "a",
        "term": "the office",
        "message": "'the Office' and 'the office': preferred and forbidden at once",
        "severity": "error",
    }
    assert run(["terms", "lint", str(bad), "-f", "tsv"]) == 1
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "severity\tkind\tconcept\tterm\tmessage\tid"
    assert lines[1].startswith("error\tcontradiction\ta\tthe office\t")


def test_nothing_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.tsv").write_text(GOOD, "utf-8")
    assert run(["terms", "lint", str(tmp_path / "good.tsv")]) == 0
    assert capsys.readouterr().out == "good: 1 concept; 0 errors, 0 warnings, 0 notes\n"


def test_terminal_is_not_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.tsv").write_text(HEADER + "a\x1b[2J\t网信办\tthe \x1b]0;x\x07 it\t\n", "utf-8")
    for form in ("text", "tsv", "json"):
        assert run(["terms", "lint", str(tmp_path / "t.tsv"), "-f", form]) == 1
        assert "\x1b" not in capsys.readouterr().out


def test_convert_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from xindaya.samples import SAMPLE_TERMBASE

    names = ["a.tbx", "b.csv", "c.xml", "d.tsv"]
    source = str(SAMPLE_TERMBASE)
    for name in names:
        assert run(["terms", "convert", source, str(tmp_path / name)]) == 0
        source = str(tmp_path / name)
    assert "not carried over" not in capsys.readouterr().err
    assert read_termbase(tmp_path / "d.tsv").sha256 == read_termbase(SAMPLE_TERMBASE).sha256


def test_convert_says_what_is_lost(
    tmp_path: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "glossary.tsv"
    assert run(["terms", "convert", str(bad), str(target), "--to", "deepl"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split("\n")[1:3] == [
        "not carried over: forms besides the preferred one: 2 (the office, it)", "",
    ]  # fmt: skip
    assert target.read_text("utf-8") == "网信办\tthe Office\n网\tthe Office\n"
    assert run(["terms", "convert", str(bad), str(target), "--to", "deepl", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_convert_wmt25_mode(tmp_path: Path) -> None:
    source = tmp_path / "full.jsonl"
    source.write_text(json.dumps({"proper": {"甲": ["A"]}, "random": {"好": ["good"]}}))
    target = tmp_path / "t.tsv"
    assert run(["terms", "convert", str(source), str(target), "--mode", "random"]) == 0
    assert read_termbase(target).concepts[0].id == "好"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["lint", "none.tsv"], 3, "no such file"),
        (["lint", "empty.json"], 5, "a termbase without a concept"),
        (["lint", "xxe.tbx"], 3, "a declaration of the entity"),
        (["convert", "xxe.tbx", "out.tsv"], 3, "a declaration of the entity"),
        (["convert", "good.tsv", "out.odt"], 2, "expected one of tsv, csv, xlsx, tbx"),
        (["convert", "good.tsv", "out.tsv", "--to", "odt"], 2, "the format 'odt'"),
        (["convert", "good.tsv", "out.tsv", "--from", "odt"], 2, "the format 'odt'"),
        (["convert", "control.tsv", "out.tbx"], 3, "the character U+0007"),
        (["lint", "good.tsv", "--mode", "x"], 2, "Invalid value"),
    ],
)
def test_errors_leave_nothing_behind(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.tsv").write_text(GOOD, "utf-8")
    Path("control.tsv").write_text(HEADER + "a\t网信办\tx\x07\t\n", "utf-8")
    Path("empty.json").write_text("{}")
    Path("xxe.tbx").write_text('<!DOCTYPE tbx [<!ENTITY x SYSTEM "good.tsv">]><tbx>&x;</tbx>')
    before = sorted(tmp_path.iterdir())
    assert run(["terms", *arguments]) == code
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_note_is_called_as_check_calls_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "a\t网信办\tthe Office\t\nb\t网信办主任\tthe Director\t\nc\t网\tit\tpreferred\n"
    (tmp_path / "t.tsv").write_text(HEADER + rows, "utf-8")
    shown = []
    for options in ([], ["--severity", "note"], ["--severity", "info"]):
        assert run(["terms", "lint", str(tmp_path / "t.tsv"), *options]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] == shown[2]
    levels = [line.partition(":")[0] for line in shown[0].split("\n")[:-2]]
    assert set(levels) == {"warning", "note"}
    assert levels == sorted(levels, reverse=True)


def test_forms_in_one_cell_are_named_and_taken_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    glossary, split = tmp_path / "g.csv", tmp_path / "t.xlsx"
    glossary.write_text("中文术语,英文术语\n降准,RRR cut; cut in the reserve ratio\n", "utf-8")
    assert run(["terms", "lint", str(glossary)]) == 0
    assert "holds 2 forms: RRR cut, cut in the reserve ratio" in capsys.readouterr().out
    assert run(["terms", "lint", "--split", str(glossary)]) == 0
    assert "several-forms" not in capsys.readouterr().out
    assert run(["terms", "convert", "--split", str(glossary), str(split)]) == 0
    english = read_termbase(split).concepts[0].in_language("en")
    assert [(t.text, t.status.value) for t in english] == [
        ("RRR cut", "preferred"), ("cut in the reserve ratio", "admitted"),
    ]  # fmt: skip


def test_what_is_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    glossary = tmp_path / "g.csv"
    glossary.write_text("Our terms,,\nzh,en,status\n降准,RRR cut,to check\n", "utf-8")
    assert run(["terms", "convert", str(glossary), str(tmp_path / "t.tsv")]) == 0
    err = capsys.readouterr().err
    assert "left out: rows above the headings: 1 (line 1)" in err
    assert "left out: statuses that are not understood" in err
    assert run(["terms", "lint", str(glossary), "-f", "json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [item["text"] for item in content["termbase"]["left_out"]] == ["Our terms", ""]
    assert {"unknown-status", "left-out"} <= {f["kind"] for f in content["findings"]}

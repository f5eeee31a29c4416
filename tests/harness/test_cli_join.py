"""``xindaya join``, and deliveries that say whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.cli import invoke
from xindaya.pairs import read_corpus


@pytest.fixture
def deliveries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.csv").write_text(
        "id,source,target\n1,网信办 发布新规。,CAC issued rules.\n2,數據泄露,Data leaks.\n3,只在甲方,Only A.\n",
        "utf-8",
    )
    (tmp_path / "b.tsv").write_text(
        "id\tzh\ten\nx\t数据泄露\tData breaches.\ny\t网信办发布新规。\tThe CAC published rules.\n",
        "utf-8",
    )
    (tmp_path / "t.tsv").write_text("zh\ten\n网信办\tCAC\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_join(deliveries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["join", "acme=a.csv", "b.tsv", "-o", "corpus"]) == 0
    out, err = capsys.readouterr()
    assert out == "delivery\tid\ttext\nacme\t3\t只在甲方 Only A.\n"
    assert "left out: segments that the other does not have: 1 (acme, 3)" in err
    joined = read_corpus(deliveries / "corpus")
    assert joined.systems == {
        "acme": ("CAC issued rules.", "Data leaks."),
        "b": ("The CAC published rules.", "Data breaches."),
    }
    assert joined.reference_names == ()
    assert invoke(["join", "acme=a.csv", "-r", "r=b.tsv", "-o", "x.jsonl"]) == 0
    joined = read_corpus(deliveries / "x.jsonl")
    assert (joined.reference_names, list(joined.systems)) == (("r",), ["acme"])
    assert joined.reference("r")[2] is None


def test_join_refuses(deliveries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["join", "acme=a.csv", "-o", "x"]) == 2
    assert invoke(["join", "acme=a.csv", "acme=b.tsv", "-o", "x"]) == 2
    assert invoke(["join", "acme=a.csv", "-r", "acme=b.tsv", "-o", "x"]) == 2
    assert invoke(["join", "acme=a.csv", "b.tsv", "-o", "b.tsv", "--force"]) == 3
    assert invoke(["join", "acme=a.csv", "b=absent.tsv", "-o", "x"]) == 3
    assert not (deliveries / "x").exists()


def test_a_delivery_says_whose_it_is(deliveries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["terms", "check", "acme=a.csv", "--terms", "t.tsv", "-f", "json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert [system["name"] for system in checked["systems"]] == ["acme"]
    (deliveries / "s.mt.toml").write_text(
        'corpus = "acme=a.csv"\nmetrics = ["bleu"]\ntermbase = "t.tsv"\n', "utf-8"
    )
    assert invoke(["run", "s.mt.toml", "-f", "json"]) == 0
    ran = json.loads(capsys.readouterr().out)
    assert [system["name"] for system in ran["systems"]] == ["acme"]
    assert invoke(["review", "export", "acme=a.csv", "--all", "-o", "r.xlsx"]) == 0
    assert (deliveries / "r.xlsx").is_file()
    # Read and matched with the delivery again; nobody has judged anything yet.
    assert invoke(["review", "import", "r.xlsx", "--run", "acme=a.csv", "-f", "json"]) == 5
    assert "nobody has judged anything yet" in capsys.readouterr().err

"""``xindaya terms learn`` as a user runs it: a draft that reads back, and that the sample follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.cli import invoke as run
from xindaya.pairs import Status, read_termbase

TERMS = [
    ("量子计算", "quantum computing"),
    ("外汇基金", "Exchange Fund"),
    ("数字经济", "digital economy"),
]
DEPARTMENTS = [
    ("农业", "agriculture"),
    ("教育", "education"),
    ("医疗", "health"),
    ("交通", "transport"),
]
VERBS = [("研究", "study"), ("支持", "support"), ("介绍", "present")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three terms, each in every department; one of them changes its name at last."""
    forward, backward = ["id\tzh\ten"], ["id\ten\tzh"]
    for k in range(36):
        (term, name), (who, what) = TERMS[k % 3], DEPARTMENTS[k // 3 % 4]
        verb, does = VERBS[(k // 3 + k // 12) % 3]
        name = "cyber market" if k in (29, 32) else name  # two of the digital economy
        zh, en = f"{who}部门{verb}{term}。", f"The {what} department will {does} the {name}."
        forward.append(f"s{k}\t{zh}\t{en}")
        backward.append(f"s{k}\t{en}\t{zh}")
    (tmp_path / "sample.tsv").write_text("\n".join(forward) + "\n", encoding="utf-8")
    (tmp_path / "turned.tsv").write_text("\n".join(backward) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def learn(sample: str = "sample.tsv", *arguments: str) -> int:
    return run(["terms", "learn", sample, "-o", "draft.tsv", *arguments])


@pytest.mark.parametrize("sample", ["sample.tsv", "turned.tsv"])
def test_the_sample_follows_what_was_learnt_from_it(
    sample: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert learn(sample) == 0
    assert "draft.tsv: " in capsys.readouterr().err
    assert run(["terms", "lint", "draft.tsv", "--severity", "warning", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert run(["terms", "check", sample, "--terms", "draft.tsv", "--gate", "adherence >= 1"]) == 0


def test_what_is_usual_is_preferred_and_the_rest_is_to_be_decided(folder: Path) -> None:
    assert learn() == 0
    by_id = read_termbase(folder / "draft.tsv").by_id
    assert {*by_id} >= {"quantum-computing", "exchange-fund", "digital-economy"}
    concept = by_id["digital-economy"]
    zh, usual, other = concept.terms
    assert zh.text == "数字经济"
    assert (usual.text, usual.status) == ("digital economy", Status.PREFERRED)
    assert usual.note == "10 of 12, first in s2"
    assert "decide" not in usual.extra
    assert (other.text, other.status) == ("cyber market", Status.ADMITTED)
    assert other.note == "2 of 12, first in s29"
    assert other.extra["decide"] == "keep, deprecate or forbid?"
    assert 0.5 <= float(other.extra["confidence"]) <= 1


def test_thresholds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert learn("sample.tsv", "--share", "0.9") == 0  # 10 of 12 are fewer
    assert "without a rendering that is usual and sure enough" in capsys.readouterr().err
    assert "digital-economy" not in read_termbase(folder / "draft.tsv").by_id
    assert learn("sample.tsv", "--minimum", "99", "--force") == 5
    err = capsys.readouterr().err
    assert "no term can be learnt; left out: " in err
    assert "with fewer than 99 occurrences" in err


def test_what_stands_there_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "draft.tsv").write_text("decided", encoding="utf-8")
    assert learn() == 3
    assert (folder / "draft.tsv").read_text("utf-8") == "decided"
    assert run(["terms", "learn", "sample.tsv", "-o", "sample.tsv", "--force"]) == 3
    assert run(["terms", "learn", "sample.tsv", "-o", "draft.tbx"]) == 2
    assert "terms convert" in capsys.readouterr().err

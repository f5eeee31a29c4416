"""``review score`` on a table whose points are counted by hand, and on WMT's published averages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.cli import invoke as run

HEAD = ("system", "doc", "doc_id", "seg_id", "rater", "source", "target", "category", "severity")
# Segment 1: rater a 5 + 1, rater b 0.1: (6 + 0.1) / 2 = 3.05. Segment 2: rater a 0. Mean 1.525.
ROWS = (
    ("s", "d", "1", "1", "a", "甲", "<v>A</v> b", "Accuracy/Mistranslation", "Major"),
    ("s", "d", "1", "1", "a", "甲", "A <v>b</v>", "Style/Awkward", "Minor"),
    ("s", "d", "1", "1", "b", "甲", "A <v>b</v>", "Fluency/Punctuation", "Minor"),
    ("s", "d", "2", "2", "a", "乙", "B", "No-error", "no-error"),
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mqm.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in (HEAD, *ROWS)), "utf-8")
    return path


def test_points_by_hand(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "score", str(table), "-f", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["systems"] == [{"name": "s", "score": 1.525, "segments": 2}]
    assert [(s["score"], s["raters"]) for s in found["segments"]] == [(3.05, 2), (0.0, 1)]
    assert run(["review", "score", str(table), "-f", "tsv"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "system\tsegment\tscore\traters"
    assert lines[1].endswith("\t3.05\t2")
    assert run(["review", "score", str(table)]) == 0
    out = capsys.readouterr().out
    assert out.split("\n")[1].split() == ["s", "1.52500", "2", "3", "1", "2"]
    assert "weights WMT (major 5, minor 1" in out


def test_spans_for_the_evaluation_task(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "score", str(table), "-f", "wmt26"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.split("\n")[:-1])
    assert (first["item_id"], first["task2_pred"]) == ("1", {})
    assert first["task1_pred"]["s"]["errors"][:2] == [
        {"start": 0, "end": 1, "severity": "major", "category": "Accuracy/Mistranslation"},
        {"start": 2, "end": 3, "severity": "minor", "category": "Style/Awkward"},
    ]
    assert second["task1_pred"] == {
        "s": {"errors": [], "omission": None, "instruction_fault": None}
    }


def test_other_weights_and_unknown_ones(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "score", str(table), "--weights", "mqm", "-f", "json"]) == 0
    # ((5 + 1) + 1) / 2 = 3.5; (3.5 + 0) / 2
    assert json.loads(capsys.readouterr().out)["systems"][0]["score"] == 1.75
    assert run(["review", "score", str(table), "--weights", "lisa"]) == 2
    assert "lisa" in capsys.readouterr().err


def test_published_means(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = data / "ted-zhen-mqm" / "mqm_ted_zhen.tsv"
    assert run(["review", "score", str(table), "-f", "json"]) == 0
    means = {s["name"]: s["score"] for s in json.loads(capsys.readouterr().out)["systems"]}
    assert means["DIDI-NLP"] == pytest.approx(1.65085, abs=1e-5)
    assert means["SMU"] == pytest.approx(2.20208, abs=1e-5)
    assert means["Borderline"] == pytest.approx(2.40529, abs=1e-5)

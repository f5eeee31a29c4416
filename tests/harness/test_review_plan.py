"""``review plan`` as a vendor manager runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from xindaya.cli import invoke as run
from xindaya.pairs import Corpus, write_corpus


@pytest.fixture
def folder(corpus: Corpus, tmp_path: Path) -> Path:
    write_corpus(corpus, tmp_path / "c.jsonl")
    return tmp_path / "c.jsonl"


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "plan", "--accept", "1%", "--reject", "0.05"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    # n = 132, c = 3 is the textbook plan; P(X > 3 | 1 %) = 4.43 %, P(X ≤ 3 | 5 %) = 9.92 %
    assert out.startswith("Review 132 segments")
    assert "at most 3 of them are bad" in out
    assert "reject from 4." in out
    assert "4.43% of cases (the vendor's risk; at most 5% was asked)" in out
    assert "9.92% of cases (your risk; at most 10% was asked)" in out
    marked = [line for line in out.split("\n") if line.endswith("level") and "█" in line]
    assert [line.split()[0] for line in marked] == ["1%", "5%"]


def test_json_with_a_lot(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "plan", "--accept", "1%", "--reject", "5%", "--lot", "1000",
                "-f", "json"]) == 0  # fmt: skip
    plan = json.loads(capsys.readouterr().out)
    assert plan["size"] < 132
    assert plan["lot"] == 1000
    assert plan["producer_risk"]["met"] <= plan["producer_risk"]["asked"] == 0.05
    assert plan["consumer_risk"]["met"] <= plan["consumer_risk"]["asked"] == 0.1
    chances = [point["acceptance"] for point in plan["operating_characteristic"]]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1


def test_a_tolerance_below_what_the_sample_can_show(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = ["--accept", "1%", "--reject", "90%", "--per-thousand", "10"]
    assert run(["review", "plan", *levels, "-f", "json"]) == 0
    points = json.loads(capsys.readouterr().out)["points"]
    # 5 · -ln(0.025) = 18.444 points, at 10 in 1,000
    assert (points["smallest_passing"], points["can_pass"]) == (1845, None)
    assert run(["review", "plan", *levels]) == 0
    assert "even without an error it takes 1,845 units" in capsys.readouterr().out
    drawn = ["review", "plan", str(folder), *levels, "--least", "1"]
    assert run(drawn) == 0
    out = capsys.readouterr().out
    assert "The accept level is less than one of the 4 segments" in out
    assert "Too small to pass by points: " in out
    assert run([*drawn[:-4], "--per-thousand", "100000", "--least", "1", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["points"]["can_pass"] is True


def test_allotment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["review", "plan", str(folder), "--accept", "0", "--reject", "90%",
                 "--consumer-risk", "20%", "--seed", "0"]  # fmt: skip
    assert run([*arguments, "-f", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    # 90 % of 4 is at least 4 bad ones: one segment shows it.
    assert (plan["size"], plan["accept"], plan["lot"]) == (1, 0, 4)
    assert sum(plan["sample"]["documents"].values()) == 1
    assert run([*arguments, "--by-document"]) == 0
    out = capsys.readouterr().out
    assert out.split("\n")[-3].split()[0] == "a"
    assert plan["sample"]["segments"][0] in out


def test_the_seed_is_drawn_and_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["review", "plan", str(folder), "--accept", "0", "--reject", "90%",
                 "--by-document"]  # fmt: skip
    seeds = set()
    for _ in range(3):
        assert run(arguments) == 0
        found = re.search(r"\(seed (\d+)\)", capsys.readouterr().out)
        assert found is not None
        seeds.add(found[1])
    assert len(seeds) > 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--accept", "2", "--reject", "8%"], "write 2% or 0.02"),
        (["--accept", "few", "--reject", "8%"], "write 2% or 0.02"),
        (["--accept", "8%", "--reject", "2%"], "accept < reject"),
        (["--accept", "2%", "--reject", "8%", "--by-document"], "name the run or corpus"),
        (["--accept", "2%"], "--reject"),
    ],
)
def test_refuses(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "plan", *arguments]) == 2
    assert message in capsys.readouterr().err

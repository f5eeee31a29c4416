"""``xindaya review triage``: a run and reviewed segments in, what needs no person out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya import Settings, evaluate
from xindaya.cli import invoke
from xindaya.pairs import Corpus, Segment
from xindaya.runs import save_run

SEGMENTS = 400


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A system whose first 300 outputs are the reference, and whose others are something else."""
    segments = tuple(
        Segment(
            str(n), f"第{n}条规定自发布之日起施行。", (f"Rule {n} takes effect when published.",)
        )
        for n in range(SEGMENTS)
    )
    outputs = tuple(
        (s.references[0] or "") if n < 300 else f"Nothing of that, {n}."
        for n, s in enumerate(segments)
    )
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"a": outputs})
    settings = Settings(metrics=("chrf",), confidence_samples=0, test=None, check_data=False)
    save_run(evaluate(corpus, settings=settings), tmp_path / "run")
    return tmp_path / "run"


def human(tmp_path: Path, every: int) -> Path:
    """Every nth segment, scored 90 or, from the 300th on, 10."""
    rows = [f"a\t{n}\t{90 if n < 300 else 10}" for n in range(0, SEGMENTS, every)]
    path = tmp_path / "human.tsv"
    path.write_text("\n".join(["system\tseg_id\tscore", *rows]) + "\n", "utf-8")
    return path


def test_it_names_the_part_that_needs_no_person(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed, out = human(tmp_path, 2), tmp_path / "triage.tsv"
    arguments = ["review", "triage", str(run), "--human", str(reviewed), "--bad", "50"]
    assert invoke([*arguments, "-f", "json", "-o", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["reviewed"], found["bad"]) == ("triage", 200, 50)
    assert found["free"]["share"] == 0.75  # the next part, 80 %, has 20 bad ones of 320: 6.25 %
    assert set(found["publish"]) == {str(n) for n in range(300)}
    rows = [line.split("\t") for line in out.read_text("utf-8").split("\n")[1:-1]]
    assert [row[0] for row in rows if row[1] == "publish"] == found["publish"]
    assert sum(row[3] == "yes" for row in rows) == 200
    assert invoke(arguments) == 0
    said = capsys.readouterr().out
    assert (
        "Publish these 75% without a person: 300 segments, of which at most 5 % are bad (95 % sure)"
        in said
    )


def test_it_says_what_it_needs_before_it_speaks(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reviewed = human(tmp_path, 20)
    arguments = ["review", "triage", str(run), "--human", str(reviewed), "--bad", "50"]
    assert invoke(arguments) == 1
    said = capsys.readouterr().out
    assert "Too few reviews to say it of any part" in said
    assert "reviews in all would do" in said


def test_what_it_cannot_know(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reviewed = human(tmp_path, 2)
    arguments = ["review", "triage", str(run), "--human", str(reviewed)]
    assert invoke(arguments) == 2
    assert "--bad: say which score makes a segment bad" in capsys.readouterr().err
    assert invoke([*arguments, "--bad", "50", "--by", "COMET"]) == 2
    assert "no metric 'COMET' in the run; there are: chrF2" in capsys.readouterr().err
    assert invoke([*arguments, "--bad", "50", "--at-most", "0"]) == 2
    assert "bad segments 0" in capsys.readouterr().err

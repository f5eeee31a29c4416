"""Recording and ``xindaya history`` as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from xindaya import Settings, evaluate, load_run
from xindaya.cli import invoke as run_command_line
from xindaya.pairs import Corpus, Termbase, write_parallel
from xindaya.store import Remark, Store, run_folder, run_ids

SPEC = """
name = "release"
metrics = ["chrf"]
termbase = "terms.tsv"
gates = ["chrF2 >= 50"]

[files]
source = "source.zh"

[files.references]
A = "reference.A.en"

[files.systems]
good = "system.good.en"
bad = "system.bad.en"
"""
SCORE = ("score", "-r", "reference.A.en", "-i", "bad=system.bad.en", "-m", "chrf")


@pytest.fixture
def files(
    tmp_path: Path, corpus: Corpus, termbase: Termbase, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with line files, a spec and the termbase; the current one."""
    write_parallel(corpus, tmp_path)
    (tmp_path / "release.mt.toml").write_text(SPEC, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XINDAYA_STORE", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three deliveries of the vendor Ada, the last on a shorter test set."""
    folder = tmp_path_factory.mktemp("history")
    from xindaya.pairs import Segment, read_termbase

    (folder / "terms.tsv").write_text(
        "concept\tzh\ten\tstatus\ncac\t网信办\tCAC\tpreferred\n"
        "cac\t国家网信办\t\t\ncac\t\tnetwork office\tforbidden\n",
        "utf-8",
    )
    segments = (
        Segment("1", "国家网信办发布新规。", ("The CAC issued new rules.",), "a"),
        Segment("2", "网信办表示，将加强监管。", ("The CAC will step up oversight.",), "a"),
    )
    deliveries = (
        (2, ("Network office rules.", "The network office will.")),
        (2, ("The CAC issued rules.", "The network office will.")),
        (1, ("The CAC issued new rules.",)),
    )
    for n, (size, texts) in enumerate(deliveries):
        corpus = Corpus("press", "zh", "en", segments[:size], ("A",), {"Ada": texts})
        evaluation = evaluate(
            corpus,
            termbase=read_termbase(folder / "terms.tsv"),
            settings=Settings(metrics=("chrf",), confidence_samples=20),
        )
        moment = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n)
        Store(folder / "store", clock=lambda moment=moment: moment).record(
            evaluation, Remark("release", labels={"delivery": str(n + 1)})
        )
    return folder / "store"


def run(*arguments: object) -> int:
    return run_command_line([str(a) for a in arguments])


def test_recording_a_spec(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", "release.mt.toml", "--record", "--label", "delivery=1", "--note", "前") == 1
    folder = run_folder(Path("xindaya-store"), run_ids(Path("xindaya-store"))[0])
    assert capsys.readouterr().err == f"Recorded: {folder}\n"
    (recorded,) = Store("xindaya-store").runs()
    assert (recorded.name, recorded.note, recorded.labels) == ("release", "前", {"delivery": "1"})
    assert (recorded.gates_passed, recorded.gates_failed) == (1, 1)
    assert load_run(folder).provenance.command == "xindaya run release.mt.toml"


def test_recording_scores(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*SCORE, "--store", "mine", "--name", "nightly", "-b", "-q") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert [r.name for r in Store("mine").runs()] == ["nightly"]
    # The environment names a store; it does not ask for recording.
    monkeypatch.setenv("XINDAYA_STORE", str(files / "other"))
    assert run(*SCORE, "-o", "out") == 0
    assert not (files / "other").exists()
    assert run(*SCORE, "-o", "out", "--record") == 0
    (other,) = Store(files / "other").runs()
    assert other.name == "score"
    same = ("run.json", "corpus.jsonl", "segments.tsv", "report.html")
    recorded = run_folder(files / "other", other.id)
    assert [(recorded / n).read_bytes() for n in same] == [
        (files / "out" / n).read_bytes() for n in same
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--label", "a=b"), "need --record or --store DIR"),
        (("--record", "--label", "a"), "expected KEY=VALUE"),
        (("--record", "--label", "a=1", "--label", "a=2"), "given twice"),
        (("--record", "--note", "\udcff"), "no Unicode text"),
    ],
)
def test_wrong_remarks_record_nothing(
    files: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    assert run(*SCORE, *arguments) == 2
    assert reason in capsys.readouterr().err
    assert not (files / "xindaya-store").exists()


def test_the_list(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("history", "--store", store) == 0
    listed = capsys.readouterr().out
    ids = run_ids(store)
    assert [line.split()[0] for line in listed.split("\n") if line.startswith("2026")] == ids[::-1]
    assert "Chrf" not in listed
    assert run("history", "--store", store, "-n", 1, "--label", "delivery=2", "-f", "json") == 0
    content = json.loads(capsys.readouterr().out)
    assert [r["id"] for r in content["runs"]] == [ids[1]]
    assert content["runs"][0]["systems"][0]["terminology"]["adherence"] == 0.5
    for wanted, found in (
        (("--since", "2026-11-02"), 2),
        (("--since", "2026-11-02T01:00+02:00"), 2),
        (("--name", "release", "--corpus", "press"), 3),
        (("--system", "Bob"), 0),
    ):
        assert run("history", "--store", store, *wanted, "-f", "json") == 0
        assert len(json.loads(capsys.readouterr().out)["runs"]) == found
    assert run("history", "--store", store, "--system", "Bob") == 0
    assert capsys.readouterr() == ("", "No run fits.\n")


def test_trends_and_terms(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "history.html"
    options = ("--trend", "chrf", "--trend", "adherence", "--term", "国家网信办", "-o", page)
    assert run("history", "--store", store, *options) == 0
    captured = capsys.readouterr()
    assert captured.err == f"Page: {page}\n"
    trends = captured.out.split("\n\n")
    assert trends[0] == "chrF2 (higher is better), 3 runs"
    assert captured.out.count("not comparable with the table above: another test set") == 3
    # Half of the term's occurrences were right in the second delivery, none in the first.
    assert "0.0%" in captured.out
    assert "+50.0 points" in captured.out
    assert "网信办 (concept cac): renderings, 3 runs" in captured.out
    assert '<svg class="trend"' in page.read_text("utf-8")
    assert '<svg class="renderings"' in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("--trend", "chrff"), 2, "did you mean 'chrF2'?"),
        (("--trend", "BLEU"), 2, "no run has it"),
        (("--term", "网信"), 2, "occurs in no recorded run"),
        (("--since", "yesterday"), 2, "expected a date"),
        (("--since", "0001-01-01T00:00+14:00"), 2, "expected a date"),
        (("--store", "nowhere"), 3, "nowhere: found no recorded run"),
    ],
)
def test_wrong_questions(
    store: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    reason: str,
) -> None:
    assert run("history", "--store", store, *arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert reason in captured.err


def test_housekeeping(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = store / "runs" / ".recording-x.part"
    left.mkdir()
    os.utime(left, (0, 0))
    assert run("history", "--store", store, "--rebuild", "--tidy", "-n", 1) == 0
    assert capsys.readouterr().err == f"Removed: {left}\nIndex: 3 runs\n"
    assert not left.exists()


def test_several_pytest_workers_record_one_run(files: Path) -> None:
    registered = {e.value for d in metadata.distributions() for e in d.entry_points}
    load = () if "xindaya.pytest_plugin" in registered else ("-p", "xindaya.pytest_plugin")
    (files / "pytest.ini").write_text("[pytest]\nmt_store = kept\n")
    command = [sys.executable, "-m", "pytest", "-q", *load, "release.mt.toml", "-n", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=files)
    assert done.returncode == 1, done.stdout  # a gate fails
    (recorded,) = Store(files / "kept").runs()
    assert (recorded.name, recorded.gates_passed, recorded.gates_failed) == ("release", 1, 1)
    assert recorded.score("good", "chrF2").low is None  # type: ignore[union-attr]
    # Another session is another run; the command line goes before the ini file.
    done = subprocess.run(
        [*command[:-2], "--mt-store", "other"], check=False, cwd=files, capture_output=True
    )
    assert done.returncode == 1
    assert [len(run_ids(files / place)) for place in ("kept", "other")] == [1, 1]

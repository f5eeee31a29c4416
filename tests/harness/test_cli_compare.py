"""``xindaya compare`` as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xindaya import Settings, evaluate, save_run
from xindaya.cli import invoke as xindaya
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase
from xindaya.store import Store

GOOD = ("The CAC issued new rules.", "The CAC will step up oversight.", "AI grows.", "3.5%.",
        "The court sat.", "The bank paid.", "The city grew.", "The law passed.")  # fmt: skip
BAD = ("Network information office rules.", "Nothing.", *"xxxxxx")
SOURCES = ("国家网信办发布新规。", "网信办表示，将加强监管。", "人工智能发展迅速。", "3.5%的增长。",
           "法院开庭。", "银行付款。", "城市扩大。", "法律通过。")  # fmt: skip
CORPUS = Corpus(
    "small",
    "zh",
    "en",
    tuple(
        Segment(str(n), s, (r,), "d") for n, (s, r) in enumerate(zip(SOURCES, GOOD, strict=True))
    ),
    ("A",),
)
TERMBASE = Termbase(
    "terms",
    (
        Concept(
            "cac",
            (
                Term("国家网信办", "zh"),
                Term("网信办", "zh"),
                Term("CAC", "en"),
                Term("network information office", "en", Status.FORBIDDEN),
            ),
        ),
    ),
)


def save(corpus: Corpus, place: Path, **systems: tuple[str, ...]) -> None:
    settings = Settings(metrics=("bleu", "chrf"), confidence_samples=0, test=None)
    evaluation = evaluate(corpus.with_systems(systems), termbase=TERMBASE, settings=settings)
    save_run(evaluation, place)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs ``old``, ``new`` (worse), ``renamed``, and ``other`` of another test set."""
    place = tmp_path_factory.mktemp("runs")
    save(CORPUS, place / "old", x=GOOD, same=GOOD)
    save(CORPUS, place / "new", x=BAD, same=GOOD)
    save(CORPUS, place / "renamed", y=BAD)
    save(replace(CORPUS, segments=CORPUS.segments[:7]), place / "other", x=BAD[:7])
    return place


@pytest.fixture
def runs(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh current folder from which the runs are seen."""
    for folder in saved.iterdir():
        (tmp_path / folder.name).symlink_to(folder, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert xindaya(["compare", "old", "new"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Really worse: x. No score changed: same.\n")
    assert err == ""


def test_json_of_one_renamed_system(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert xindaya(["compare", "old", "renamed", "--map", "x=y", "-f", "json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [(s["was"], s["name"]) for s in content["systems"]] == [("x", "y")]
    assert (content["gone"], content["added"]) == (["same"], [])
    assert (content["old"]["name"], content["new"]["name"]) == ("old", "renamed")


def test_the_verdict_and_how_it_was_found_are_in_the_json(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert xindaya(["compare", "old", "new", "--seed", "1", "-f", "json"]) == 0
    score = json.loads(capsys.readouterr().out)["systems"][0]["scores"][0]
    # All eight segments are worse: 2 of 2^8 arrangements are as far apart.
    assert (score["method"], score["p_value"], score["verdict"]) == (
        "exact randomisation", 2 / 256, "worse",
    )  # fmt: skip
    assert (score["seed"], score["differing"], score["monte_carlo_error"]) == (1, 8, 0)


def test_too_few_to_tell_passes_unless_asked_otherwise(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, second in (("then", GOOD[1]), ("now", "Nothing.")):
        save(CORPUS, tmp_path / name, x=(GOOD[0], second, *GOOD[2:]))
    command = ["compare", str(tmp_path / "then"), str(tmp_path / "now"), "--fail-on", "BLEU:-0"]
    assert xindaya(command) == 0
    assert "too few segments differ to tell." in capsys.readouterr().out
    assert xindaya([*command, "--undecided", "fail"]) == 1
    assert "too few to tell: 1 segment differ, a verdict takes at least 6" in (
        capsys.readouterr().err
    )


def test_page_and_markdown(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert xindaya(["compare", "old", "new", "-f", "markdown", "-o", "page.html"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("**Really worse: x.")
    assert err == "Page: page.html\n"
    page = Path("page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert str(runs) not in page


@pytest.mark.parametrize(
    ("allowed", "code", "message"),
    [
        (("chrF2:-0",), 1, "fail-on: x: chrF2 "),
        (("chrF2:-99",), 0, ""),
        (("chrF2/segment:-100", "chrF2:-99"), 0, ""),
        (("BLEU:-100%",), 0, ""),
        (("terms:+0",), 1, "fail-on: x: terms: 1 forbidden"),
        (("terms:+2",), 0, ""),
    ],
)
def test_fail_on(
    runs: Path,
    capsys: pytest.CaptureFixture[str],
    allowed: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    options = [o for a in allowed for o in ("--fail-on", a)]
    assert xindaya(["compare", "old", "new", *options]) == code
    assert capsys.readouterr().err.startswith(message)


def test_systems_that_did_not_change_cannot_fail(runs: Path) -> None:
    only = ["compare", "old", "new", "--system", "same"]
    assert xindaya([*only, "--fail-on", "chrF2:-0", "--fail-on", "terms:+0"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("old", "renamed"), 2, "--map x=y"),
        (("old", "new", "--map", "x"), 2, "--map 'x': expected OLD=NEW"),
        (("old", "new", "--map", "x=x", "--map", "x=same"), 2, "'x' is mapped twice"),
        (("old", "new", "--system", "z"), 2, "no system 'z' in the new run"),
        (("old", "new", "--by", "TER"), 2, "--by 'TER': not compared in both runs"),
        (("old", "new", "--fail-on", "TER:+1"), 2, "compared by BLEU, chrF2, terms"),
        (("old", "new", "--fail-on", "chrF2:+1"), 2, "did you mean 'chrF2:-1'"),
        (("old", "nowhere"), 2, "'nowhere' is no run folder"),
        (("old", "new", "-o", "old"), 3, "found a folder"),
    ],
)
def test_errors(
    runs: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    assert xindaya(["compare", *arguments]) == code
    out, err = capsys.readouterr()
    assert (out, message in err) == ("", True), err


def test_another_test_set_is_refused_and_nothing_is_written(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert xindaya(["compare", "old", "other", "-o", "page.html"]) == 2
    err = capsys.readouterr().err
    assert "old and other cannot be compared:\n  corpus: 1 segment gone: '7'" in err
    assert not Path("page.html").exists()


def test_runs_of_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(tmp_path / "store")
    settings = Settings(metrics=("chrf",), confidence_samples=0, test=None)
    for outputs in (GOOD, BAD):
        store.record(evaluate(CORPUS.with_systems({"x": outputs}), settings=settings))
    arguments = ["compare", "latest~1", "latest", "--store", str(store.folder)]
    assert xindaya(arguments) == 0
    assert capsys.readouterr().out.startswith("chrF2 fell by ")


def test_the_run_before_the_latest_is_one_of_the_same_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from xindaya.store import Remark

    store = Store(tmp_path / "store")
    settings = Settings(metrics=("chrf",), confidence_samples=0, test=None)
    fewer = replace(CORPUS, segments=CORPUS.segments[:7])
    for name, corpus, outputs in (
        ("release", CORPUS, {"x": GOOD}),
        ("nightly", fewer, {"y": GOOD[:7]}),
        ("release", CORPUS, {"x": BAD}),
    ):
        store.record(evaluate(corpus.with_systems(outputs), settings=settings), Remark(name))
    place = ["--store", str(store.folder)]
    for old, new in (("latest~1", "latest"), ("release:latest~1", "release:latest")):
        assert xindaya(["compare", old, new, *place]) == 0
        assert capsys.readouterr().out.startswith("chrF2 fell by ")
    assert xindaya(["compare", "nightly:latest", "latest", *place]) == 2
    err = capsys.readouterr().err
    assert "corpus: 1 segment added: '7'" in err
    assert "--map" not in err

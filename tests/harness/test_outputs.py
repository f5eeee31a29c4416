"""Nothing of the user's is lost: what a command did not write it neither removes nor replaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xindaya import Settings, evaluate, load_run, save_run
from xindaya.baseline_files import read_baseline, update_baseline
from xindaya.cache import StatisticsCache, Texts
from xindaya.cli import invoke
from xindaya.metrics import CHRF, Evaluation
from xindaya.metrics.judging.record import record_of
from xindaya.pairs import Corpus, InputError, read_corpus
from xindaya.pairs.files import new_folder
from xindaya.run_corpus import OUTPUTS
from xindaya.run_sums import write_sums

Inject = Callable[[str, str, Path, Path], Iterator[tuple[Path, int]]]  # see conftest.py

QUICK = Settings(metrics=("chrf",), test=None, confidence_samples=0, cache=False)
PAIRS = "id\tsource\treference\tsystem:a\tsystem:b\n1\t网信办。\tThe CAC.\tThe CAC.\tCAC.\n"
TERMS = "concept\tzh\ten\tstatus\ncac\t网信办\tCAC\tpreferred\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with pairs, a termbase, a spec and an outputs' run, where commands are run."""
    monkeypatch.chdir(tmp_path)
    write("pairs.tsv", PAIRS)
    write("terms.tsv", TERMS)
    write("s.mt.toml", 'corpus = "pairs.tsv"\nmetrics = ["chrf"]\n')
    assert invoke(["run", "s.mt.toml", "-q", "-o", "run"]) == 0
    return tmp_path


def write(path: str | Path, text: str) -> None:
    Path(path).write_text(text, "utf-8", newline="\n")


def content(folder: Path) -> dict[str, bytes]:
    """Returns every file below a folder, and empty folders."""
    paths = [p for p in folder.rglob("*") if p.is_file() or not any(p.iterdir())]
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in paths}


# ---- Run folders ------------------------------------------------------------------------------


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    "foreign",
    ["li.xlsx", "mine/notes.txt", "mine/", "rows/x.npy", "report/sheet.html", ".git/HEAD"],
)
def test_a_run_folder_with_a_foreign_file_stays(
    home: Path, capsys: pytest.CaptureFixture[str], foreign: str, force: tuple[str, ...]
) -> None:
    place = home / "run" / foreign
    (place if foreign.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
    if not foreign.endswith("/"):
        write(place, "a reviewer's")
    before = content(home)
    assert invoke(["run", "s.mt.toml", "-q", "-o", "run", *force]) == 3
    assert foreign.rstrip("/").replace("mine/notes", "mine/notes") in capsys.readouterr().err
    assert content(home) == before


@pytest.mark.parametrize(
    "stated", ["{}", "[]", "not JSON", '{"schema_version": 1, "tool": {"name": "other"}}']
)
def test_a_run_json_of_another_kind_makes_no_run_folder(home: Path, stated: str) -> None:
    (home / "thesis").mkdir()
    write("thesis/run.json", stated)
    write("thesis/thesis.docx", "years of work")
    before = content(home)
    assert invoke(["run", "s.mt.toml", "-q", "-o", "thesis", "--force"]) == 3
    assert content(home) == before


def test_the_same_run_replaces_in_silence_and_another_asks_for_force(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["run", "s.mt.toml", "-q", "-o", "run"]
    assert invoke(again) == 0
    capsys.readouterr()
    for change in (
        ("pairs.tsv", PAIRS.replace("\tCAC.\n", "\tThe CAC\n")),  # an output
        ("pairs.tsv", PAIRS.replace("\tThe CAC.\tThe", "\tCAC!\tThe")),  # the reference
        ("s.mt.toml", 'corpus = "pairs.tsv"\nmetrics = ["chrf"]\ngates = ["chrF2 >= 1"]\n'),
        ("s.mt.toml", 'corpus = "pairs.tsv"\nmetrics = ["bleu"]\n'),
    ):
        kept = Path(change[0]).read_text("utf-8")
        before = content(home / "run")
        write(*change)
        assert invoke(again) == 3, change
        assert "--force" in capsys.readouterr().err
        assert content(home / "run") == before
        assert invoke([*again, "--force"]) == 0
        assert content(home / "run") != before
        write(change[0], kept)
        assert invoke([*again, "--force"]) == 0
    assert sorted(p.name for p in home.iterdir()) == ["pairs.tsv", "run", "s.mt.toml", "terms.tsv"]


def test_an_edited_view_asks_for_force_and_a_renewed_one_does_not(home: Path) -> None:
    again = ["run", "s.mt.toml", "-q", "-o", "run"]
    assert invoke(["report", "run", "-q"]) == 0
    assert invoke(again) == 0
    with (home / "run" / "segments.tsv").open("a") as stream:
        stream.write("checked by Li\n")
    load_run("run")  # a view is not what is loaded
    assert invoke(again) == 3
    assert invoke([*again, "--force"]) == 0


def test_a_folder_that_the_command_reads_is_no_output(home: Path) -> None:
    before = content(home / "run")
    check = ["terms", "check", "run", "--terms", "terms.tsv", "-q", "--force", "-o"]
    assert invoke([*check, "run"]) == 3
    assert content(home / "run") == before
    assert invoke([*check, "new"]) == 0


def test_a_run_of_0_1_0_is_read_compared_and_replaced(home: Path) -> None:
    """It called an unnamed document after the file, hashed that, and listed no views."""
    folder = home / "run"
    run = json.loads((folder / "run.json").read_text("utf-8"))
    text = (folder / "corpus.jsonl").read_text("utf-8")
    segments = [json.loads(line) for line in text.split("\n")[:-1]]
    lines = [json.dumps(s | {"document": "pairs"}, ensure_ascii=False) + "\n" for s in segments]
    write(folder / "corpus.jsonl", "".join(lines))
    new = load_run(evaluated(home)).corpus
    named = replace(new, segments=tuple(replace(s, document="pairs") for s in new.segments))
    assert named.sha256 == new.sha256_named != new.sha256
    run["corpus"]["sha256"] = named.sha256
    del run["run"][OUTPUTS]
    write(folder / "run.json", json.dumps(run))
    write_sums(folder)
    sums = (folder / "sha256sums.txt").read_text().split("\n")
    write(folder / "sha256sums.txt", "\n".join(s for s in sums if "re" not in s and "seg" not in s))
    assert "report.html" not in (folder / "sha256sums.txt").read_text()
    assert load_run(folder).corpus == new
    assert invoke(["compare", "run", "fresh", "-q"]) == 0
    assert invoke(["run", "s.mt.toml", "-q", "-o", "run"]) == 0
    assert "report.html" in (folder / "sha256sums.txt").read_text()


def evaluated(home: Path) -> Path:
    assert invoke(["run", "s.mt.toml", "-q", "-o", "fresh"]) == 0
    return home / "fresh"


# ---- Files ------------------------------------------------------------------------------------

WRITERS = [
    ["convert", "pairs.tsv", "OUT.jsonl"],
    ["terms", "convert", "terms.tsv", "OUT.csv"],
    ["terms", "discover", "pairs.tsv", "-q", "-o", "OUT.json"],
    ["align", "zh.txt", "en.txt", "-o", "OUT.tsv"],
    ["agree", "run3", "--human", "human.tsv", "-q", "-o", "OUT.html"],
    ["compare", "run", "run", "-q", "-o", "OUT.html"],
    ["history", "--store", "store", "-o", "OUT.html"],
    ["report", "run", "-q", "-o", "OUT.html"],
    ["report", "run", "-q", "-o", "OUT.md"],
    ["review", "export", "run", "--system", "a", "--all", "-q", "-o", "OUT.xlsx"],
]


@pytest.fixture
def desk(home: Path) -> Path:
    """More of what commands read."""
    write("zh.txt", "网信办发布新规。\n")
    write("en.txt", "The CAC issued new rules.\n")
    head, row = "\t".join(f"system:{s}" for s in "xyz"), "\t".join(("The CAC.", "CAC.", "It."))
    write(
        "three.tsv", f"id\tsource\treference\t{head}\n1\t甲\tThe CAC.\t{row}\n2\t乙\tIt.\t{row}\n"
    )
    write("three.mt.toml", 'corpus = "three.tsv"\nmetrics = ["chrf"]\n')
    assert invoke(["run", "three.mt.toml", "-q", "-o", "run3", "--store", "store"]) == 0
    rows = [f"{s}\t{n}\t{n + k}" for k, s in enumerate("xyz") for n in (1, 2)]
    write("human.tsv", "system\tsegment\tscore\n" + "\n".join(rows) + "\n")
    return home


@pytest.mark.parametrize("command", WRITERS, ids=lambda c: " ".join(c[:2]))
def test_only_what_is_the_same_or_surely_ours_is_written_over(
    desk: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    name = next(part for part in command if part.startswith("OUT"))
    out = desk / name
    write(out, "mine\n")
    assert invoke(command) == 3
    assert name in capsys.readouterr().err
    assert out.read_text("utf-8") == "mine\n"
    out.chmod(0o600)
    assert invoke([*command, "--force"]) == 0
    first = out.read_bytes()
    assert first != b"mine\n"
    assert out.stat().st_mode & 0o777 == 0o600
    if not name.endswith(".xlsx"):  # a review is never replaced in silence
        assert invoke(command) == 0
        assert out.read_bytes() == first
    # A link stays one.
    out.rename(desk / "elsewhere")
    out.symlink_to("elsewhere")
    assert invoke([*command, "--force"]) == 0
    assert out.is_symlink()
    assert (desk / "elsewhere").stat().st_mode & 0o777 == 0o600
    out.unlink()
    os.mkfifo(out)
    assert invoke([*command, "--force"]) == 3
    assert out.is_fifo()
    assert not [p for p in desk.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize(
    "command",
    [
        ["convert", "pairs.tsv", "pairs.tsv"],
        ["convert", "pairs.tsv", "link.tsv"],
        ["terms", "convert", "terms.tsv", "terms.tsv"],
        ["terms", "convert", "terms.tsv", "hard.tsv"],
        ["terms", "discover", "pairs.tsv", "-q", "--terms", "terms.tsv", "-o", "terms.tsv"],
        ["align", "zh.txt", "en.txt", "-o", "en.txt"],
        ["agree", "run3", "--human", "human.tsv", "-q", "-o", "human.tsv"],
        ["compare", "run", "run", "-q", "-o", "run/run.json"],
        ["history", "--store", "store", "-o", "store/index.sqlite"],
        ["convert", "pairs.tsv", "/dev/null", "--to", "tsv"],
    ],
    ids=" ".join,
)
def test_no_input_and_no_device_is_written_over_even_by_force(
    desk: Path, command: list[str]
) -> None:
    Path("link.tsv").symlink_to("pairs.tsv")
    os.link("terms.tsv", "hard.tsv")
    before = content(desk)
    assert invoke([*command, "--force"]) == 3
    assert content(desk) == before
    assert Path("/dev/null").is_char_device()


def test_a_page_does_not_go_over_a_spec(desk: Path) -> None:
    assert invoke(["agree", "run3", "--human", "human.tsv", "-q", "-o", "s.mt.toml"]) == 3
    assert Path("s.mt.toml").read_text("utf-8").startswith("corpus")


def test_a_page_of_ours_is_renewed_in_silence(desk: Path) -> None:
    assert invoke(["compare", "run", "run", "-q", "-o", "page.html"]) == 0
    first = Path("page.html").read_bytes()
    assert invoke(["report", "run3", "-q", "-o", "page.html"]) == 0
    assert Path("page.html").read_bytes() != first


def test_pytest_replaces_what_an_earlier_session_wrote_and_nothing_else(home: Path) -> None:
    def session(*options: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "s.mt.toml"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    spec = 'corpus = "pairs.tsv"\nmetrics = ["{}"]\ngates = ["{} >= 0"]\n'
    write("s.mt.toml", spec.format("chrf", "chrF2"))
    shutil.copy("terms.tsv", "mine.json")
    (home / "out" / "s").mkdir(parents=True)
    write("out/s/thesis.docx", "years of work")
    code, said = session("--mt-json=mine.json", "--mt-report=out")
    assert code == 1
    assert "mine.json could not be written" in said
    assert "thesis.docx" in said
    assert Path("mine.json").read_text("utf-8") == TERMS
    assert content(home / "out") == {"s/thesis.docx": b"years of work", ".s.lock": b""}
    write("results.json", '{"tool": "xindaya", "results": []}')
    shutil.rmtree("out")
    (home / "out").mkdir()
    shutil.copytree("run", "out/s")
    write("s.mt.toml", spec.format("bleu", "BLEU"))
    assert session("--mt-json=results.json", "--mt-report=out")[0] == 0
    assert json.loads(Path("results.json").read_text("utf-8"))["results"]
    assert [*load_run("out/s").metrics] == ["BLEU"]


# ---- Identity ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["tsv", "jsonl", "csv", "tmx", "xlsx"])
def test_a_copy_under_another_name_is_the_same_text(home: Path, ending: str) -> None:
    assert invoke(["convert", "pairs.tsv", f"a.{ending}", "-q"]) == 0
    shutil.copy(f"a.{ending}", f"november.{ending}")
    old, new = (read_corpus(f"{name}.{ending}") for name in ("a", "november"))
    assert old.sha256 == new.sha256 == read_corpus("pairs.tsv").sha256
    assert [s.document for s in new.segments] == [""]
    assert new.document_name("") == "november"


def test_deliveries_named_anew_are_compared(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy("pairs.tsv", "november.tsv")
    write("n.mt.toml", 'corpus = "november.tsv"\nmetrics = ["chrf"]\ntermbase = "terms.tsv"\n')
    write("s.mt.toml", 'corpus = "pairs.tsv"\nmetrics = ["chrf"]\ntermbase = "terms.tsv"\n')
    record = ["--store", "store", "--name", "delivery"]
    assert invoke(["run", "s.mt.toml", "-q", "-o", "october", *record]) == 0
    new = ["run", "n.mt.toml", "-q", "-o", "new", "--previous", "october", *record]
    assert invoke(new) == 0
    assert invoke(["compare", "october", "new", "-q"]) == 0
    assert invoke(["compare", "latest~1", "latest", "-q", "--store", "store"]) == 0
    capsys.readouterr()
    assert invoke(["history", "--store", "store", "--trend", "chrF2", "-f", "json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert len({run["corpus"]["sha256"] for run in runs}) == 1
    # A baseline of 0.1.0 has the hash that the file's name went into.
    old = evaluate("pairs.tsv", settings=QUICK)
    record_then = replace(record_of(old, "a"), corpus=old.corpus.sha256_named)
    update_baseline(home / "b.json", "s", {"a": record_then})
    from xindaya.regressions import Judge

    Judge(old, read_baseline(home / "b.json")).metric("a", "chrF2")


def test_a_named_document_is_part_of_the_text(home: Path) -> None:
    row = "1\t{}\t甲\tA\n"
    hashes = set()
    for name in ("x", "y", ""):
        write("d.tsv", "id\tdocument\tsource\treference\n" + row.format(name))
        hashes.add(read_corpus("d.tsv").sha256)
    assert len(hashes) == 3


# ---- Killed at every call ---------------------------------------------------------------------

SAVING = """
import xindaya.runs
from xindaya import load_run, save_run

# Drawing the report calls no system, and a hundred thousand functions to be watched.
assert xindaya.runs.render_report
xindaya.runs.render_report = lambda *_, **__: [("report.html", 20_000 * "report")]
evaluation = load_run({seed!r})

def act(folder):
    save_run(evaluation, folder / "run", force=True)
"""
UPDATING = """
from xindaya import load_run
from xindaya.baseline_files import update_baseline
from xindaya.metrics.judging.record import record_of

record = record_of(load_run({seed!r}), "good")

def act(folder):
    update_baseline(folder / "b.json", "o", {{"s": record}})
"""
IMPORTING = """
import contextlib, io
from pathlib import Path
from xindaya.cli import invoke
from xindaya.pairs import InputError

def act(folder):
    outputs = [f"-o{{folder / name}}" for name in ("result.json", "errors.tsv")]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = invoke(["review", "import", str(folder / "li.xlsx"), "--run", {seed!r}, "-q", *outputs])
    if code == 3:
        raise InputError(folder, "refused")
    assert code in (0, 1), code
"""
CACHING = """
from xindaya import load_run
from xindaya.cache import StatisticsCache, Texts
from xindaya.metrics import CHRF

corpus = load_run({seed!r}).corpus
texts = Texts.of(corpus.segments, list(corpus.systems.values()))

def act(folder):
    StatisticsCache(folder / "cache", worth=0).rows(CHRF(), "", texts, lambda _done: None)
"""


@pytest.fixture
def seeds(tmp_path: Path, corpus: Corpus) -> tuple[Evaluation, Evaluation, Path]:
    """An old run and a new one, and the folder of the new one."""
    old = evaluate(corpus, settings=QUICK)
    outputs = {name: tuple(f"{t} Yes." for t in texts) for name, texts in corpus.systems.items()}
    new = evaluate(corpus.with_systems(outputs), settings=QUICK)
    save_run(new, tmp_path / "seed")
    (tmp_path / "base" / "mine").mkdir(parents=True)
    write(tmp_path / "base" / "mine" / "thesis.docx", "years of work")
    return old, new, tmp_path


def mine_is_there(place: Path) -> bool:
    return (place / "mine" / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("mode", ["kill", "fail"])
def test_a_run_folder_is_the_old_or_the_new(
    seeds: tuple[Evaluation, Evaluation, Path], inject: Inject, mode: str
) -> None:
    old, new, root = seeds
    save_run(old, root / "base" / "run")
    seen = set()
    for place, code in inject(
        mode, SAVING.format(seed=str(root / "seed")), root / "base", root / "out"
    ):
        found = load_run(place / "run").corpus
        assert found in (old.corpus, new.corpus)
        assert mine_is_there(place)
        if mode == "fail":  # what is told is what happened
            assert (code == 0) == (found == new.corpus), place.name
            assert code == 0 or len(list(place.iterdir())) == 2
        seen.add((code, found == new.corpus))
    # What the last one that was killed left goes when somebody writes there again.
    save_run(new, place / "run", force=True)
    assert sorted(p.name for p in place.iterdir()) == ["mine", "run"]
    assert seen >= ({(-9, False), (-9, True)} if mode == "kill" else {(3, False), (0, True)})


@pytest.mark.parametrize("mode", ["kill", "fail"])
def test_a_baseline_is_the_old_or_the_new(
    seeds: tuple[Evaluation, Evaluation, Path], inject: Inject, mode: str
) -> None:
    old, new, root = seeds
    update_baseline(root / "base" / "b.json", "o", {"s": record_of(old, "good")})
    scores = [e.scores["chrF2"]["good"] for e in (old, new)]
    seen = set()
    act = UPDATING.format(seed=str(root / "seed"))
    for place, code in inject(mode, act, root / "base", root / "out"):
        baseline = read_baseline(place / "b.json")
        assert baseline is not None
        found = baseline.systems["s"].metrics["chrF2"].score
        assert found in scores
        assert mine_is_there(place)
        seen.add((code, found == scores[1]))
        update_baseline(place / "b.json", "o", {"s": record_of(new, "good")})
        assert not [p for p in place.iterdir() if p.name.endswith(".part")]
    assert seen >= ({(-9, False), (-9, True)} if mode == "kill" else {(3, False), (0, True)})


def test_a_review_import_leaves_whole_files_or_none(
    seeds: tuple[Evaluation, Evaluation, Path], inject: Inject
) -> None:
    _, _, root = seeds
    sheet, seed = root / "base" / "li.xlsx", str(root / "seed")
    export = ["review", "export", seed, "--system", "good", "--all", "-q", "-o", str(sheet)]
    assert invoke(export) == 0
    answered(sheet)
    sent, wholes = sheet.read_bytes(), set()
    for place, _code in inject("kill", IMPORTING.format(seed=seed), root / "base", root / "out"):
        assert (place / "li.xlsx").read_bytes() == sent
        assert mine_is_there(place)
        present = [n for n in ("errors.tsv", "result.json") if (place / n).exists()]
        if "result.json" in present:
            assert json.loads((place / "result.json").read_text("utf-8"))["schema_version"] == 1
        wholes.add(tuple(present))
    assert wholes == {(), ("errors.tsv",), ("errors.tsv", "result.json")}


def answered(sheet: Path) -> None:
    """Accepts every segment, as a reviewer would in a spreadsheet program."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(sheet)
    for row in range(2, 6):  # four segments; G is the verdict, as in test_review.py
        book["Review"][f"G{row}"] = "accept"
    book.save(sheet)


def test_a_cache_is_right_whatever_a_writer_left(
    seeds: tuple[Evaluation, Evaluation, Path], inject: Inject
) -> None:
    _, new, root = seeds
    corpus = new.corpus
    outputs = list(corpus.systems.values())
    expected = CHRF().rows(corpus.segments, outputs)
    texts = Texts.of(corpus.segments, outputs)
    for place, _code in inject(
        "kill", CACHING.format(seed=str(root / "seed")), root / "base", root / "out"
    ):
        cache = StatisticsCache(place / "cache", worth=0)
        assert (cache.rows(CHRF(), "", texts, lambda _done: None) == expected).all()
        assert mine_is_there(place)


def test_what_came_while_a_folder_was_built_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    with pytest.raises(InputError, match=r"li\.xlsx"), new_folder(place) as building:
        write(building / "new", "x")
        write(place / "li.xlsx", "a reviewer's")
    assert content(tmp_path) == {"run/li.xlsx": b"a reviewer's"}

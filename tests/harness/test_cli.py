"""The command line as a user runs it: output, exit codes, and what is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya.pairs import Corpus, write_corpus, write_parallel


def xindaya(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xindaya", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path, corpus: Corpus) -> Path:
    write_parallel(corpus, tmp_path)
    return tmp_path


SCORE = ("score", "-r", "reference.A.en", "-i", "good=system.good.en")


def test_score_as_json(files: Path) -> None:
    done = xindaya(
        *SCORE, "-s", "source.zh", "-r", "reference.B.en", "-i", "bad=system.bad.en",
        "-m", "bleu,chrf", "-m", "ter", "--paired-ar", "--paired-ar-n", 40, "-f", "json", cwd=files,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    content = json.loads(done.stdout)
    assert [m["name"] for m in content["metrics"]] == ["BLEU", "chrF2", "TER"]
    assert "nrefs:2" in content["metrics"][0]["signature"]
    # Both of the segments' outputs differ in three of four: at best 2 of 2^3 arrangements.
    test = content["comparisons"][0]
    assert (test["method"], test["verdict"]) == ("exact randomisation", "too few to tell")
    assert 0 < test["p_sacrebleu"] <= 1
    assert [s["name"] for s in content["systems"]] == ["good", "bad"]


def test_scores_equal_the_sacrebleu_command(files: Path) -> None:
    sacrebleu = [sys.executable, "-W", "ignore", "-m", "sacrebleu", "reference.A.en", "-i",
                 "system.good.en", "-m", "bleu", "chrf", "ter", "-b", "-w", "14"]  # fmt: skip
    theirs = subprocess.run(sacrebleu, cwd=files, capture_output=True, text=True, check=True)
    ours = xindaya(*SCORE, "-m", "bleu,chrf,ter", "-b", "-w", "14", cwd=files)
    assert ours.stdout.split("\t")[1:] == [f"{s}\n" if n == 2 else str(s) for n, s in enumerate(
        f"{x:.14f}" for x in json.loads(theirs.stdout))]  # fmt: skip


def test_bare_scores_need_neither_numpy_nor_sacrebleu(files: Path) -> None:
    code = (
        "import sys; from xindaya.cli import invoke as run;"
        "run(['score', '-r', 'reference.A.en', '-i', 'system.good.en', '-m', 'bleu,chrf++', '-b']);"
        "heavy = {'numpy', 'pandas', 'sacrebleu', 'jieba', 'lxml', 'rich'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=files, capture_output=True, text=True, check=False
    )
    if "numpy" in done.stderr:
        pytest.skip("no compiled engine here: NumPy serves")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_plain_score_loads_what_it_uses_alone(files: Path) -> None:
    """No format but lines, no check, no terminology, no second implementation of the metrics."""
    code = (
        "import sys; from xindaya.cli import invoke;"
        "assert invoke(['score', '-r', 'reference.A.en', '-i', 'system.good.en']) == 0;"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=files, capture_output=True, text=True, check=False
    )
    loaded = set(done.stderr.split())
    assert done.returncode == 0, done.stderr
    unused = ("pandas", "sacrebleu", "jieba", "lxml", "regex", "rapidfuzz", "snowballstemmer",
              "jinja2", "polib", "xlsxwriter", "opencc", "distributed")  # fmt: skip
    assert not loaded & set(unused)
    rooms = ("metrics.terminology", "pairs.checks", "pairs.align", "pairs.termbase", "reports.html")
    assert not [name for name in loaded for room in rooms if name.startswith(f"xindaya.{room}")]
    assert {n for n in loaded if n.startswith("xindaya.pairs.formats.")} == {
        "xindaya.pairs.formats.text"
    }
    assert len([name for name in loaded if name.startswith("xindaya")]) <= 60


def test_output_folder_and_report(files: Path) -> None:
    done = xindaya(*SCORE, "-o", "run", cwd=files)
    assert done.returncode == 0
    assert "run/report.html" in done.stderr
    assert {p.name for p in (files / "run").iterdir()} == {
        "run.json", "corpus.jsonl", "rows", "sha256sums.txt", "segments.tsv", "report.html",
    }  # fmt: skip


def test_two_outputs_for_one_reference_are_an_error(files: Path) -> None:
    (files / "one").write_text("The CAC issued new rules.\n")
    done = xindaya("score", "-r", "one", "-i", "system.good.en", "-o", "run", cwd=files)
    assert done.returncode == 3
    assert "system.good.en: found 4 lines; expected 1, as one has" in done.stderr
    assert not (files / "run").exists()


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", 3, "found 0 lines; expected 4"),
        ("国家网信办\n".encode("gb18030") * 4, 3, "pass --encoding gb18030"),
        (b"a\0b\n" * 4, 3, "a NUL character"),
        (b"x\n" * 3, 3, "found 3 lines; expected 4"),
    ],
)
def test_broken_files(files: Path, content: bytes, code: int, message: str) -> None:
    (files / "system.good.en").write_bytes(content)
    before = {p.name for p in files.iterdir()}
    done = xindaya(*SCORE, "-o", "run", cwd=files)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert {p.name for p in files.iterdir()} == before


def test_all_empty_is_nothing_to_evaluate(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"")
    done = xindaya("score", "-r", "a", "-i", "b", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (5, "xindaya: a: no segment to evaluate\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("scroe",), "Did you mean 'score'?"),
        (("score", "-r", "a"), "Missing option"),
        ((*SCORE, "-m", "blue"), "did you mean 'bleu'"),
        ((*SCORE, "--paired-bs", "--paired-ar"), "exclude each other"),
        ((*SCORE, "-i", "good=system.bad.en"), "stands for two files"),
        ((*SCORE, "--baseline", "x"), "none of the systems"),
        ((*SCORE, "-sl", "de"), "expected zh to en"),
    ],
)
def test_usage_errors(files: Path, arguments: tuple[str, ...], message: str) -> None:
    done = xindaya(*arguments, cwd=files)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_run_gates_and_unknown_keys(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    spec = tmp_path / "x.mt.toml"
    spec.write_text('corpus = "c"\ngates = ["BLEU <= 100"]\n')
    assert xindaya("run", spec, cwd=tmp_path).returncode == 0
    spec.write_text('corpus = "c"\ngates = ["BLEU >= 99"]\n')
    done = xindaya("run", spec, "-f", "markdown", cwd=tmp_path)
    assert done.returncode == 1
    assert "**FAILED**: bad: BLEU" in done.stdout
    spec.write_text('corpus = "c"\ngate = ["BLEU >= 99"]\n')
    done = xindaya("run", spec, cwd=tmp_path)
    assert done.returncode == 2
    assert "line 2: unknown key 'gate'; did you mean 'gates'?" in done.stderr


def test_demo(tmp_path: Path) -> None:
    done = xindaya("demo", cwd=tmp_path)
    assert done.returncode == 0
    assert "meridian" in done.stdout
    assert (tmp_path / "xindaya-demo" / "report.html").stat().st_size > 100_000


def test_closed_pipe_is_quiet(files: Path) -> None:
    command = f"{sys.executable} -m xindaya score -r reference.A.en -i system.good.en | true"
    done = subprocess.run(
        command, shell=True, cwd=files, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_help_has_examples(tmp_path: Path) -> None:
    for command in ("score", "run", "demo"):
        done = xindaya(command, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert "xindaya" in done.stdout or "sample" in done.stdout


def test_bare_scores_look_at_every_file_they_are_given(files: Path) -> None:
    bare = (*SCORE, "-b")
    assert xindaya(*bare, "-s", "source.zh", cwd=files).returncode == 0
    assert "no such file" in xindaya(*bare, "-s", "nope", cwd=files).stderr
    (files / "short").write_text("x\n")
    assert "found 1 lines" in xindaya(*bare, "-s", "short", cwd=files).stderr.replace(
        "expected 1,", "found 1 lines,"
    )
    assert xindaya(*bare, "--terms", "t.tsv", cwd=files).returncode == 2
    assert "add -s FILE" in xindaya(*SCORE, "--terms", "t.tsv", cwd=files).stderr


def test_nothing_scored_is_nothing_to_evaluate(files: Path) -> None:
    done = xindaya("score", "-i", "system.good.en", "-o", "run", cwd=files)
    assert (done.returncode, done.stdout) == (5, "")
    assert "BLEU not scored: the corpus has no reference\n" in done.stderr
    assert not (files / "run").exists()
    terms = "concept\tzh\ten\ncac\t网信办\tCAC\n"
    (files / "terms.tsv").write_text(terms, "utf-8")
    checked = xindaya(
        "score", "-s", "source.zh", "-i", "system.good.en", "--terms", "terms.tsv", cwd=files
    )
    assert checked.returncode == 0


def test_a_spec_without_its_baseline_shows_scores_and_fails(files: Path) -> None:
    (files / "x.mt.toml").write_text(
        'fail_on = ["chrF2:-1"]\n[files]\nreferences = { A = "reference.A.en" }\n'
        'systems = { good = "system.good.en" }\n',
        "utf-8",
    )
    done = xindaya("run", "x.mt.toml", "-f", "json", cwd=files)
    assert done.returncode == 1
    content = json.loads(done.stdout)
    assert content["systems"][0]["scores"]["chrF2"] > 0
    assert [g["passed"] for g in content["gates"]] == [False]
    assert "--mt-new-only writes one" in xindaya("run", "x.mt.toml", cwd=files).stdout.replace(
        "\n", " "
    )

"""``xindaya init``: from nothing to a green build, to a red one, and back."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu

from xindaya import cli
from xindaya.pairs import InputError, UsageError, read_parallel, write_corpus
from xindaya.starter import place

WRITTEN = {
    ".github/workflows/translation.yml", ".gitlab-ci.yml", "translation/.gitignore",
    "translation/README.md",
    "translation/.mt-baselines/.gitignore", "translation/.mt-baselines/release.json",
    "translation/.mt-baselines/release.npz", "translation/gitlab-ci.yml",
    "translation/reference.en", "translation/release.mt.toml", "translation/source.zh",
    "translation/terms.tsv", "translation/vendor-a.en", "translation/vendor-b.en",
}  # fmt: skip
SPEC = "translation/release.mt.toml"
ACCEPT = re.compile(r"  if the change is meant, .*:  pytest (\S+ --mt-update-baseline)")


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    ignored = ("PYTEST_ADDOPTS", "GITHUB_STEP_SUMMARY")
    env = {k: v for k, v in os.environ.items() if k not in ignored}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def xindaya(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return python("-m", "xindaya", *arguments, cwd=cwd)


def run(repo: Path, *arguments: str) -> tuple[str, str]:
    """Runs pytest; returns its output and how the tests went, such as ``2 failed, 9 passed``."""
    # Neither plugin belongs to the user; the second takes half a second to load.
    others = ("-p", "no:randomly", "-p", "no:hypothesispytest")
    out = python("-m", "pytest", *others, *arguments, cwd=repo).stdout
    last = out.rstrip("\n").rpartition("\n")[2]
    return out, last.strip("= ").partition(" in ")[0]


def summary(out: str) -> str:
    """Returns our section of the output."""
    return out.partition("= translation quality =")[2].partition("\n===")[0]


def files_of(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with packages named like folders of ours, after ``xindaya init``."""
    repo = tmp_path_factory.mktemp("made")
    for name in ("metrics", "reports"):
        (repo / name).mkdir()
        (repo / name / "__init__.py").write_text(f"OWNER = 'the user of {name}'\n")
    (repo / "test_own.py").write_text(
        "import metrics, reports\n\ndef test_own():\n"
        "    assert (metrics.OWNER, reports.OWNER) == "
        "('the user of metrics', 'the user of reports')\n"
    )
    before = files_of(repo)
    done = xindaya("init", cwd=repo)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n    .mt-baselines/\n      .gitignore\n      release.json\n" in done.stdout
    assert f"\n  pytest {SPEC} " in done.stdout
    assert files_of(repo) - before == WRITTEN
    return repo


@pytest.fixture
def repo(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "repo"))


def test_green_from_the_start(repo: Path) -> None:
    out, outcome = run(repo)
    assert outcome == "12 passed"  # 11 rules, and the user's own test
    assert "  ok    data  data check: 0 errors, 0 warnings, 0 notes" in summary(out)
    parallel, same = run(repo, "-n", "2")
    assert (same, summary(parallel)) == (outcome, summary(out))
    assert xindaya("run", SPEC, cwd=repo).returncode == 0


def test_the_baseline_and_the_floors_are_measured(repo: Path) -> None:
    texts = {
        name: (repo / "translation" / f"{name}.en").read_text("utf-8").split("\n")[:-1]
        for name in ("reference", "vendor-a", "vendor-b")
    }
    systems, references = (texts["vendor-a"], texts["vendor-b"]), [texts["reference"]]
    bleu = [sacrebleu.corpus_bleu(s, references).score for s in systems]
    chrf = [sacrebleu.corpus_chrf(s, references).score for s in systems]
    spec = (repo / SPEC).read_text("utf-8")
    floors = [math.floor(min(scores) - 2) for scores in (bleu, chrf)]
    assert f'gates = ["BLEU >= {floors[0]}", "chrF2 >= {floors[1]}"]' in spec
    baseline = (repo / "translation" / ".mt-baselines" / "release.json").read_text("utf-8")
    assert re.findall(r'"score": (\S+),', baseline) == [
        repr(score) for system in zip(bleu, chrf, strict=True) for score in system
    ]


def test_a_worse_output_is_red_until_it_is_taken_back(repo: Path) -> None:
    folder = repo / "translation"
    good = (folder / "vendor-a.en").read_bytes()
    shutil.copy(folder / "vendor-b.en", folder / "vendor-a.en")
    out, outcome = run(repo)
    assert outcome == "3 failed, 9 passed"
    # Twelve segments that all got worse: 2 of 2^12 arrangements are as far apart.
    reason = r"\(-\d\d\.\d\d, allowed loss 1, p = 0\.0005\): worse"
    assert re.search(rf"^vendor-a: BLEU \d\d\.\d\d → \d\d\.\d\d {reason}$", out, re.MULTILINE)
    assert re.search(rf"^vendor-a: chrF2 \d\d\.\d\d → \d\d\.\d\d {reason}; \d", out, re.MULTILINE)
    assert (
        "vendor-a: 0 forbidden, 0 critical newly unresolved, errors 0 → 3 (+3, allowed +0)" in out
    )
    assert "    term:      个人信息 is rendered “personal data” (deprecated)" in out
    assert set(ACCEPT.findall(out)) == {f"{SPEC} --mt-update-baseline"}
    parallel, same = run(repo, "-n", "2")
    assert (same, summary(parallel)) == (outcome, summary(out))
    (folder / "vendor-a.en").write_bytes(good)
    assert run(repo)[1] == "12 passed"


def test_a_worse_output_that_is_accepted_is_green(repo: Path) -> None:
    folder = repo / "translation"
    shutil.copy(folder / "vendor-b.en", folder / "vendor-a.en")
    command = ACCEPT.search(run(repo, "-k", "BLEU")[0])
    assert command is not None
    assert run(repo, *command[1].split())[1] == "11 passed"
    out, outcome = run(repo)
    assert outcome == "12 passed"
    assert "vendor-a  BLEU~baseline  BLEU 11.73 → 11.73 (+0.00): identical" in summary(out)


def test_one_forbidden_term_is_red_until_it_is_waived(repo: Path) -> None:
    folder = repo / "translation"
    replace_once(folder / "vendor-a.en", "The CAC will", "The network information office will")
    out, outcome = run(repo)
    assert outcome == "1 failed, 11 passed"
    assert "vendor-a: 1 forbidden, 0 critical newly unresolved, errors 0 → 1" in out
    assert "\n  segment 8\n    source:    网信办将会同" in out
    assert "网信办 is rendered “network information office” (forbidden); preferred is" in out
    assert ACCEPT.search(out) is None
    parallel, same = run(repo, "-n", "2")
    assert (same, summary(parallel)) == (outcome, summary(out))
    identity = re.search(r"names as waivers:  (\S+)", out)
    assert identity is not None
    (folder / "waivers.txt").write_text(f"{identity[1]}\tquoted from the document\n", "utf-8")
    replace_once(folder / "release.mt.toml", "metrics =", 'waivers = "waivers.txt"\nmetrics =')
    assert run(repo)[1] == "12 passed"


def test_a_changed_reference_is_refused_until_it_is_accepted(repo: Path) -> None:
    replace_once(repo / "translation" / "reference.en", "at least 20", "20")
    out, outcome = run(repo)
    assert outcome == "6 failed, 6 passed"
    first = f"{SPEC}::vendor-a::BLEU~baseline"
    assert (
        "vendor-a: BLEU cannot be compared with the baseline:\n"
        "  corpus: the references of 1 segment changed, the first is '3'\n"
    ) in out
    again = f"vendor-b: BLEU cannot be compared with the baseline: see {first}"
    assert f"\n{again}\n" in out
    command = ACCEPT.search(out)
    assert command is not None
    parallel, same = run(repo, "-n", "2")
    assert (same, summary(parallel)) == (outcome, summary(out))
    refused = xindaya("run", SPEC, cwd=repo)
    assert refused.returncode == 1
    shown = " ".join(refused.stdout.split())
    assert re.search(r"vendor-a \d\d\.\d\d", shown)
    assert "the references of 1 segment changed, the first is '3'" in shown
    assert "--mt-update-baseline accepts it" in shown
    assert run(repo, *command[1].split())[1] == "11 passed"
    assert run(repo)[1] == "12 passed"


def test_files_for_ci(repo: Path) -> None:
    command = f"pytest {SPEC} --junitxml=translation-junit.xml --mt-report=translation/report"
    for file in (".github/workflows/translation.yml", "translation/gitlab-ci.yml"):
        lines = [line.strip(" -") for line in (repo / file).read_text("utf-8").split("\n")]
        assert any(line.endswith('pip install "$XINDAYA" pytest') for line in lines)
        assert "XINDAYA: xindaya" in lines
        assert any(line.endswith(command) for line in lines)
        assert {"translation-junit.xml", "translation/report/"} <= set(lines)
    top = (repo / ".gitlab-ci.yml").read_text("utf-8")
    assert top == "include:\n  - local: translation/gitlab-ci.yml\n"
    assert run(repo, *command.split()[1:])[1] == "11 passed"
    assert (repo / "translation-junit.xml").is_file()
    reports = list((repo / "translation/report").rglob("report.html"))
    assert len(reports) == 1


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "translation").mkdir()
    (tmp_path / "translation" / "terms.tsv").write_text("mine")
    (tmp_path / "translation" / "README.md").symlink_to("nowhere")
    (tmp_path / ".github").write_text("a file where a folder would be")
    before = files_of(tmp_path)
    refused = xindaya("init", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "xindaya: nothing was written, because this is there already:\n"
        "  translation/README.md\n  translation/terms.tsv\n  .github\n"
        "  hint: move it away, choose another folder, or leave out CI files with --ci none\n"
    )
    assert files_of(tmp_path) == before
    assert (tmp_path / "translation" / "terms.tsv").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="links need privileges there")
def test_a_link_that_leads_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    repo, outside = tmp_path / "repo", tmp_path / "outside"
    repo.mkdir()
    outside.mkdir()
    (repo / ".github").symlink_to(outside)
    with pytest.raises(UsageError, match=r"\.github"):
        place(repo, {"a.txt": b"a", ".github/workflows/t.yml": b"t"})
    assert not list(outside.iterdir())
    assert not (repo / "a.txt").exists()


def test_what_was_written_before_a_failure_is_gone(tmp_path: Path) -> None:
    files = {"a/b/one": b"1", "two": b"2", "x" * 300: b"no file system takes this name"}
    with pytest.raises(InputError, match="cannot be written"):
        place(tmp_path / "new" / "root", files)
    assert list(tmp_path.iterdir()) == []


def test_a_pipeline_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / ".gitlab-ci.yml").write_text("stages: [test]\n")
    done = xindaya("init", "part", "--ci", "gitlab", "--name", "v1.2", cwd=tmp_path)
    assert done.returncode == 0
    assert "\nNext, in part:\n  pytest translation/v1.2.mt.toml " in done.stdout
    assert done.stderr == (
        "note: .gitlab-ci.yml is there already and stays as it is; add to it:\n"
        "    include:\n      - local: translation/gitlab-ci.yml\n"
        f"note: CI files work only at the top of a repository, which is {tmp_path}\n"
    )
    assert (tmp_path / "part" / ".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert not (tmp_path / "part" / ".github").exists()


def test_texts_of_the_user_stay_where_they_are(made: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    sample = made / "translation"
    shutil.copy(sample / "source.zh", data / 'a "b|`c.zh')
    for name in ("reference.en", "vendor-a.en", "terms.tsv"):
        shutil.copy(sample / name, data)
    text = (sample / "vendor-b.en").read_text("utf-8")
    (data / "b.en").write_text(text.replace("data export", "data exit"), "utf-8")
    done = xindaya(
        "init", "--ci", "none", "-s", 'data/a "b|`c.zh', "-r", "data/reference.en",
        "-i", 'vendor "a"\\=data/vendor-a.en', "-i", "data/b.en", "--terms", "data/terms.tsv",
        cwd=tmp_path,
    )  # fmt: skip
    found = "1 forbidden, 0 critical unresolved, 3 errors"
    assert (done.returncode, done.stderr) == (
        0,
        f"note: b: its terms are red until corrected or waived: {found}\n",
    )
    assert {p.name for p in (tmp_path / "translation").iterdir()} == {
        ".gitignore", ".mt-baselines", "README.md", "release.mt.toml",
    }  # fmt: skip
    out, outcome = run(tmp_path)
    assert outcome == "1 failed, 10 passed"
    assert "数据出境 is rendered “data exit” (forbidden)" in out
    assert 'vendor "a"\\  BLEU~baseline  BLEU 72.62 → 72.62 (+0.00): identical' in summary(out)


def test_a_corpus_of_the_user(made: Path, tmp_path: Path) -> None:
    sample = made / "translation"
    corpus = read_parallel(
        source=sample / "source.zh",
        references={"A": sample / "reference.en"},
        systems={"only": sample / "vendor-a.en"},
    )
    write_corpus(corpus, tmp_path / "repo" / "pairs.jsonl")
    done = xindaya("init", "repo", "--ci", "none", "--corpus", "repo/pairs.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    spec = (tmp_path / "repo" / SPEC).read_text("utf-8")
    assert 'corpus = "../pairs.jsonl"\n' in spec
    assert '# termbase = "terms.tsv"' in spec
    assert run(tmp_path / "repo")[1] == "5 passed"  # the data, two floors, two baselines


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--name", "a\nb"], 2, "--name 'a\\nb': expected"),
        (["--name", "../x"], 2, "--name '../x': expected letters, digits, '.', '_' and '-'"),
        (["--terms", "t.tsv"], 2, "--terms and --docs need texts of yours"),
        (["-sl", "en", "-tl", "zh"], 2, "-sl and -tl are for files with one segment a line"),
        (["-s", "s.zh"], 2, "need a reference (-r FILE) and a system (-i FILE)"),
        (["--corpus", "c", "-r", "r.en"], 2, "choose one of them"),
        (["-r", "nope", "-i", "nope"], 3, "nope: found no such file"),
        (["sub", "-r", "text", "-i", "text"], 2, "text is outside of "),
        (["-r", "empty", "-i", "empty"], 5, "no segment to evaluate"),
    ],
)
def test_refused(
    tmp_path: Path, arguments: list[str], code: int, message: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "text").write_text("One.\n")
    (tmp_path / "empty").write_text("")
    monkeypatch.chdir(tmp_path)
    assert cli.invoke(["init", *arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert files_of(tmp_path) == {"text", "empty"}

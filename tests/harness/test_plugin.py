"""The plugin in a user's repository: every run is a pytest of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest_plugins = "pytester"

SPEC = """\
name = "release"
metrics = ["bleu", "chrf"]
termbase = "terms.tsv"
gates = ["chrF2 >= 55"]
fail_on = ["chrF2:-1.0", "BLEU:-2%", "chrF2/segment:-40"]
[files]
source = "src.zh"
references = { A = "ref.en" }
systems = { vendor-a = "a.en", vendor-b = "b.en" }
"""
TERMS = """\
concept\tzh\ten\tstatus\tcritical
cac\t网信办\tCAC\tpreferred\tyes
cac\t\tnetwork office\tforbidden\t
"""
SEGMENTS = 40
TESTS = """
from pathlib import Path
import pytest
HERE = Path(__file__).parent
TEXTS = dict(references=HERE / "ref.en", sources=HERE / "src.zh")
pytestmark = pytest.mark.mt(metrics=["chrf"], termbase="terms.tsv", fail_on=["chrF2:-1"])

def test_floor(translation_scores):
    scores = translation_scores(HERE / "b.en", **TEXTS)
    assert scores["chrf"] >= 99

def test_terms(check_terms):
    terms = check_terms(HERE / "b.en", sources=TEXTS["sources"])
    assert terms.coverage == 1
    assert terms.errors == terms.forbidden
    assert terms.forbidden == 0

def test_not_worse(compare_systems):
    found = compare_systems(HERE / "a.en", HERE / "b.en", metrics=["bleu", "chrf"], **TEXTS)
    assert found["chrF2"].delta < 0
    assert not found["chrf"].worse

def test_lengths(translation_scores):
    translation_scores(["one"], references=TEXTS["references"])

class TestBaseline:
    def test_it(self, translation_scores, translation_baseline):
        translation_baseline(translation_scores(HERE / "b.en", **TEXTS))
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def texts() -> dict[str, list[str]]:
    who = [
        ("网信办", "The CAC"),
        ("法院", "The court"),
        ("银行", "The bank"),
        ("该省", "The province"),
    ]
    what = [
        ("发布新规", "issued new rules"),
        ("撤回草案", "withdrew the draft"),
        ("道歉", "said sorry"),
    ]
    when = [
        ("周五", "on Friday"),
        ("去年", "last year"),
        ("五月", "in May"),
        ("会后", "afterwards"),
    ]
    source, reference, other = [], [], []
    for n in range(SEGMENTS):
        a, b, c = who[n % 4], what[n % 3], when[n % 5 % 4]
        source.append(f"{a[0]}{c[0]}{b[0]}。")
        reference.append(f"{a[1]} {b[1]} {c[1]}.")
        other.append(reference[-1] if n % 2 else f"{c[1].capitalize()} {a[1]} {b[1]}.")
    return {"src.zh": source, "ref.en": reference, "a.en": reference, "b.en": other}


@pytest.fixture
def suite(pytester: pytest.Pytester, texts: dict[str, list[str]]) -> Path:
    """A repository with one spec, two systems, and a package named like a folder of ours."""
    for name, lines in texts.items():
        write(pytester.path / name, lines)
    (pytester.path / "terms.tsv").write_text(TERMS, "utf-8")
    (pytester.path / "release.mt.toml").write_text(SPEC, "utf-8")
    (pytester.path / "metrics").mkdir()
    (pytester.path / "metrics" / "__init__.py").write_text("OWNER = 'the user'\n")
    return pytester.path


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest in a process of its own, in file order unless told otherwise."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # Not metadata.entry_points(): an old egg-info in the current folder would hide the wheel's.
    registered = {e.value for d in metadata.distributions() for e in d.entry_points}
    installed = "xindaya.pytest_plugin" in registered
    load = () if installed else ("-p", "xindaya.pytest_plugin")
    block = ("-p", "no:xindaya") if installed else ()

    def start(*arguments: str, shuffled: bool = False, loaded: bool = True) -> pytest.RunResult:
        choice = load if loaded else block
        order = () if shuffled else ("-p", "no:randomly")
        return pytester.runpytest_subprocess(*choice, *order, *arguments, timeout=120)

    return start


def write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", "utf-8")


def summary(result: pytest.RunResult) -> list[str]:
    """Returns the lines of our section."""
    start = next(n for n, line in enumerate(result.outlines) if "= translation quality =" in line)
    end = next(n for n in range(start + 1, len(result.outlines)) if "===" in result.outlines[n])
    return result.outlines[start + 1 : end]


def stderr(result: pytest.RunResult) -> list[str]:
    return [line for line in result.errlines if line]


def test_from_no_baseline_to_green(suite: Path, run: Run) -> None:
    missing = run("-k", "vendor-a")
    missing.assert_outcomes(passed=1, failed=3, deselected=5)
    missing.stdout.fnmatch_lines(
        [
            "vendor-a: there is no baseline in .mt-baselines/release.json; *release.json.new",
            "  accept it with:  pytest release.mt.toml --mt-new-only",
        ]
    )
    assert sorted(p.name for p in (suite / ".mt-baselines").glob("r*")) == ["release.json.new"]
    added = run("release.mt.toml", "--mt-new-only", "-n", "2", shuffled=True)
    added.assert_outcomes(passed=9)
    names = sorted(p.name for p in (suite / ".mt-baselines").glob("r*"))
    assert names == ["release.json", "release.npz"]
    serial = run(
        "-W", "error", "-o", "strict=true", "-p", "no:xdist", "--junitxml=junit.xml",
        "--mt-json=out/r.json", shuffled=True,
    )  # fmt: skip
    serial.assert_outcomes(passed=9)
    assert stderr(serial) == []
    lines = summary(serial)
    assert lines[0] == "release.mt.toml"
    assert "  ok    vendor-b  chrF2~baseline  chrF2 " in "\n".join(lines)
    assert lines[-1] == "equal statistics are no test"
    cases = {
        f"{c.get('classname')}::{c.get('name')}": {
            p.get("name"): p.get("value") for p in c.iter("property")
        }
        for c in ElementTree.parse(suite / "junit.xml").iter("testcase")
    }
    floor = cases["release.mt.toml.vendor-a::chrF2>=55"]
    assert (floor["mt.score"], floor["mt.verdict"]) == ("100.0", "pass")
    assert "version:2.6.0" in str(cases["release.mt.toml.vendor-b::BLEU~baseline"]["mt.signature"])
    results = json.loads((suite / "out" / "r.json").read_text("utf-8"))["results"]
    assert len(results) == 9
    assert results[0] == {
        "test": "release.mt.toml::data", "outcome": "passed", "rule": "data", "system": "",
        "verdict": "pass", "message": results[0]["message"],
    }  # fmt: skip
    parallel = run("-n", "2", "-W", "error", "--mt-report=report", shuffled=True)
    parallel.assert_outcomes(passed=9)
    assert summary(parallel) == lines
    assert (suite / "report" / "release" / "report.html").is_file()


def test_red_then_updated_then_unused(
    suite: Path, run: Run, texts: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--mt-update-baseline").assert_outcomes(passed=9)
    worse = [t.rsplit(" ", 2)[0] + " stuff" if n % 2 else t for n, t in enumerate(texts["b.en"])]
    worse[0] = "The network office\x1b[2J issued new rules on Friday."
    write(suite / "b.en", worse)
    step = suite / "step.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    red = run("--mt-worst=1")
    red.assert_outcomes(passed=6, failed=3)
    red.stdout.fnmatch_lines(
        [
            "vendor-b: BLEU * → * (-*, allowed loss *, p = 0.0005): worse",
            "  signature: nrefs:1|case:mixed|*",
            "segments that lost most:",
            "    reference: *",
            "vendor-b: chrF2 * → *: worse; * segment* lost more than 40",
            "  segment *: chrF2 * → * (-*)",
            "vendor-b: 1 forbidden, 0 critical newly unresolved, errors 0 → 1 (+1)",
            "    source:    网信办周五发布新规。",
            "    output:    The network office\\u001b[[]2J issued new rules on Friday.",
            "    term:      网信办 is rendered “network office” (forbidden); preferred is “CAC”.",
        ]
    )
    assert "\x1b" not in red.stdout.str()
    assert "| release.mt.toml::vendor-b::terms [terms] | 1.00 | 0.00 | +1.00 |" in step.read_text()
    updated = run("--mt-update-baseline", "-k", "not terms", "-n", "2", shuffled=True)
    updated.assert_outcomes(passed=7)
    spec = SPEC.replace(", vendor-b =", ", vendor-c =")
    (suite / "release.mt.toml").rename(suite / "next.mt.toml").write_text(spec, "utf-8")
    renamed = run("--mt-new-only", "-k", "BLEU")
    unused = "warning: unused baseline release.json in .mt-baselines: release.mt.toml is gone"
    assert unused in summary(renamed)
    stale = run("--mt-new-only", "--mt-baseline=.mt-baselines/release.json", "-k", "BLEU")
    stale.assert_outcomes(passed=2, deselected=7)
    unused = "warning: unused baseline of vendor-b in .mt-baselines/release.json"
    assert unused in summary(stale)


def test_a_spec_without_rules_for_losses_is_given_its_first_baseline(suite: Path, run: Run) -> None:
    (suite / "release.mt.toml").write_text(SPEC.replace("fail_on", "#"), "utf-8")
    run("release.mt.toml").assert_outcomes(passed=5)
    assert not (suite / ".mt-baselines").exists()
    run("release.mt.toml", "--mt-update-baseline").assert_outcomes(passed=9)
    written = json.loads((suite / ".mt-baselines" / "release.json").read_text("utf-8"))
    assert set(written["systems"]) == {"vendor-a", "vendor-b"}
    run("release.mt.toml").assert_outcomes(passed=9)


def test_what_changed_is_refused(suite: Path, run: Run, texts: dict[str, list[str]]) -> None:
    run("--mt-new-only").assert_outcomes(passed=9)
    write(suite / "ref.en", [*texts["ref.en"][:-1], "Something else."])
    (suite / "terms.tsv").write_text(TERMS + "court\t法院\tcourt\tpreferred\t\n", "utf-8")
    refused = run("-k", "vendor-a", "-W", "error")
    refused.assert_outcomes(passed=1, failed=3, deselected=5)
    refused.stdout.fnmatch_lines(
        [
            "vendor-a: BLEU cannot be compared with the baseline:",
            "  corpus: the references of 1 segment changed, the first is '40'",
            "  if the change is meant, measure a new baseline with:  *--mt-update-baseline",
            "vendor-a: terms cannot be compared with the baseline:",
            "  termbase: * then, * now",
        ]
    )


def test_wrong_specs_and_options(suite: Path, run: Run) -> None:
    (suite / "release.mt.toml").write_text(SPEC.replace("gates", "gatess"), "utf-8")
    (suite / "other.mt.toml").write_text(SPEC.replace("[files]", "[fils]"), "utf-8")
    wrong = run()
    assert wrong.ret == pytest.ExitCode.INTERRUPTED
    wrong.stdout.fnmatch_lines(
        [
            "*other.mt.toml, line 6: unknown key 'fils'; did you mean 'files'?",
            "*release.mt.toml, line 4: unknown key 'gatess'; did you mean 'gates'?",
        ]
    )
    for arguments, message in [
        (["--mt-alpha=2"], "--mt-alpha / mt_alpha: found 2.0, expected a number between 0 and 1"),
        (["-o", "mt_worst=x"], "--mt-worst / mt_worst: found 'x', expected a whole number from 0"),
        (["--mt-fail-on=chrf:+1"], "lower is worse; did you mean 'chrF2:-1'"),
    ]:
        usage = run(*arguments)
        assert usage.ret == pytest.ExitCode.USAGE_ERROR
        assert message in usage.stderr.str()


def test_fixtures(suite: Path, run: Run, texts: dict[str, list[str]]) -> None:
    (suite / "release.mt.toml").unlink()
    (suite / "test_quality.py").write_text(TESTS, "utf-8")
    write(suite / "b.en", ["The network office said sorry.", *texts["b.en"][1:]])
    red = run("-W", "error", "-o", "strict=true", "-o", "mt_worst=1")
    red.assert_outcomes(failed=5)
    red.stdout.re_match_lines(
        [
            r"E +assert chrF2 \d\d\.\d\d >= 99 \(-\d+\.\d\d\)",
            r"-+ translation quality -+",
            r"worst segments:",
            r"  segment 1: chrF2 \d+\.\d",
            r"E +assert 1 forbidden terms == 0",
            r"segments with term errors:",
            r"    term:      网信办 is rendered “network office” \(forbidden\)",
            r"E +\+  where True = <new - old: chrF2 -\d+\.\d\d, p = 0\.\d+>\.worse",
            r"E +xindaya.*UsageError: 40 reference for 1 outputs: expected as many",
            r"outputs: there is no baseline in \.mt-baselines/test_quality\.TestBaseline.*\.json;",
            r"  accept it with:  pytest test_quality.py::TestBaseline::test_it --mt-new-only",
        ]
    )
    assert "…" not in "\n".join(line for line in red.outlines if line.startswith("worst"))
    run("-k", "Baseline", "--mt-new-only").assert_outcomes(
        failed=1, deselected=4
    )  # still forbidden
    write(suite / "b.en", texts["b.en"])
    run("-k", "Baseline").assert_outcomes(passed=1, deselected=4)


def test_silent_and_cheap_where_it_is_not_used(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_it(): pass")
    outputs = []
    for loaded in (True, False):
        lines = run(loaded=loaded).outlines
        # pytest itself lists the installed plugins.
        outputs.append(
            [re.sub(r"[\d.]+s|=+", "", n) for n in lines if not n.startswith("plugins:")]
        )
    assert outputs[0] == outputs[1]
    code = """
        import sys
        import pytest
        before = set(sys.modules)
        import xindaya.pytest_plugin
        heavy = {"numpy", "pandas", "sacrebleu", "jieba", "lxml", "click", "rich", "portalocker"}
        assert not heavy & (set(sys.modules) - before)
        ours = [name for name in sys.modules if name.startswith("xindaya")]
        assert not any(name.startswith(("xindaya.metrics", "xindaya.pairs")) for name in ours)
    """
    assert pytester.runpython(pytester.makepyfile(cost=code)).ret == 0

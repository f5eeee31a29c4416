"""A package with one entry point: its metric is scored, gated, saved, loaded, followed and compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya.cli import invoke as xindaya
from xindaya.evaluation import evaluate
from xindaya.gates import parse_allowance, parse_rule
from xindaya.metrics import Evaluation, make_metrics
from xindaya.metrics.measures import MetricOptions, metric_names
from xindaya.pairs import InputError, UsageError
from xindaya.pytest_plugin.values import Scores
from xindaya.runs import load_run, save_run

MODULE = '''
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xindaya.metrics.metric import About, Metric, check_options, check_shape, option


@dataclass(frozen=True)
class LengthError(Metric):
    """How far the summed length of the outputs is from that of the sources, in per cent."""

    unit: str = option("chars", About(str, "What is counted", choices=("chars", "words")))

    prefix: ClassVar[str] = "length_"
    higher_is_better: ClassVar[bool] = False
    digits: ClassVar[int] = 1
    needs_reference: ClassVar[bool] = False
    needs_source: ClassVar[bool] = True

    def __post_init__(self):
        check_options(self)

    @property
    def name(self):
        return "LengthError"

    @property
    def columns(self):
        return "output", "source"

    def rows(self, segments, outputs, progress=None):
        check_shape(segments, outputs)
        size = len if self.unit == "chars" else lambda text: len(text.split())
        return np.array([
            [[size(text), size(segment.source)] for segment, text in zip(segments, texts)]
            for texts in outputs
        ])

    def score(self, row):
        return 100 * abs(row[0] - row[1]) / row[1]

    def signature(self, segments):
        return f"unit:{self.unit}|version:1.2"


def by_words(options):
    return LengthError(unit="words")


class Broken:
    pass
'''
POINTS = """[xindaya.metrics]
length = {module}:LengthError
words = {module}:by_words
broken = {module}:Broken
absent = no_such_module_here:X
bleu = {module}:LengthError
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs a package as pip would: a module and a folder that says what it is."""
    site, module = tmp_path / "site", "length_metric"
    info = site / "length_metric-1.2.dist-info"
    info.mkdir(parents=True)
    (site / f"{module}.py").write_text(MODULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: length-metric\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(POINTS.format(module=module))
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop(module, None)


TEXTS = {
    "source.zh": ["甲乙丙丁", "甲乙"],
    "reference.en": ["one two", "three"],
    "a.en": ["one two", "thr"],  # 7 + 3 of 4 + 2 characters: 66.7 % off
    "b.en": ["onet", "th"],  # 4 + 2: 0 % off
}


@pytest.fixture
def place(tmp_path, package, monkeypatch):
    for name, lines in TEXTS.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


LINE = ["score", "-s", "source.zh", "-r", "reference.en", "-i", "a.en", "b.en", "-m", "length"]


def test_it_is_an_option_of_the_line(place, capsys):
    assert xindaya([*LINE, "chrf", "-f", "json", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["metrics"][0] == {
        "name": "LengthError", "signature": "unit:chars|version:1.2", "higher_is_better": False,
        "digits": 1,
    }  # fmt: skip
    assert found["systems"][0]["scores"]["LengthError"] == pytest.approx(100 * 4 / 6)
    assert xindaya([*LINE, "--length-unit", "words", "-b"]) == 0
    assert capsys.readouterr().out.split("\n")[0] == "a\t50.0"  # 2 + 1 of 1 + 1
    assert xindaya([*LINE, "--length-unit", "lines"]) == 2
    assert xindaya(["score", "--help"]) == 0
    assert "--length-unit" in capsys.readouterr().out
    assert xindaya(["agree", "--human", "x", *LINE[1:], "--length-unit", "words"]) == 3


def test_one_spec_gates_saves_loads_follows_and_compares(place, capsys):
    (place / "x.mt.toml").write_text(
        'metrics = ["length", "chrf"]\ngates = ["lengtherror <= 10"]\nfail_on = ["LengthError:+1"]\n'
        '[files]\nsource = "source.zh"\nreferences = { A = "reference.en" }\n'
        'systems = { a = "a.en", b = "b.en" }\n[options]\nlength_unit = "chars"\n'
    )
    assert xindaya(["run", "x.mt.toml", "-o", "run", "--record", "--store", "store"]) == 1
    out = capsys.readouterr().out
    assert "a       LengthError 66.7 misses LengthError <= 10 by 56.7" in out
    assert "LengthError ↓" in out
    run = load_run("run")
    assert run.scores["LengthError"] == pytest.approx({"a": 400 / 6, "b": 0})
    assert "LengthError" in (place / "run" / "report.html").read_text(encoding="utf-8")
    for kind in ("tsv", "markdown", "latex"):
        xindaya(["run", "x.mt.toml", "-f", kind, "-q"])
        assert "LengthError" in capsys.readouterr().out
    assert (
        xindaya(["compare", "run", "run", "--by", "lengtherror", "--fail-on", "LengthError:+1"])
        == 0
    )
    assert xindaya(["history", "--store", "store", "--trend", "lengtherror"]) == 0
    assert "LengthError (lower is better), 1 run" in capsys.readouterr().out


def evaluation(place: Path) -> Evaluation:
    from xindaya.pairs import read_parallel

    return evaluate(
        read_parallel(
            source=place / "source.zh", references={"A": place / "reference.en"},
            systems={"a": place / "a.en"}, name="x",
        ),
        metrics=["length", "words", "chrf"][:1],
    )  # fmt: skip


def test_rules_know_its_direction(place):
    metrics = make_metrics(["length"]).values()
    assert str(parse_rule("LENGTHERROR >= 5", metrics)) == "LengthError >= 5"
    assert str(parse_allowance("lengtherror:+2", metrics)) == "LengthError:+2"
    with pytest.raises(UsageError, match="higher is worse"):
        parse_allowance("LengthError:-2", metrics)
    # Before anybody knows which metrics there are, its name and sign are believed; a slip is not.
    assert parse_allowance("LengthError:+2", lenient=True).sign == "+"
    with pytest.raises(UsageError, match="did you mean 'chrF2'"):
        parse_allowance("crhf2:-1", lenient=True)


def test_the_pytest_plugin_finds_it_whatever_the_case(place):
    scores = Scores(evaluation(place), "a", 5)
    assert scores["lengtherror"] == scores["LengthError"] == pytest.approx(400 / 6)
    with pytest.raises(KeyError, match="was not computed"):
        scores["bleu"]


def test_a_function_may_make_it(package):
    assert make_metrics(["words"], MetricOptions("zh"))["LengthError"].signature([]) == (
        "unit:words|version:1.2"
    )


def test_what_cannot_be_loaded_says_whose_it_is(package):
    assert metric_names() == (
        "bleu", "chrf", "chrf++", "ter", "absent", "broken", "embed", "length", "words",
    )  # fmt: skip
    with pytest.raises(UsageError, match="'absent' of the package length-metric cannot be loaded"):
        make_metrics(["absent"])
    with pytest.raises(UsageError, match=r"is a Broken; expected a xindaya\.metrics\.Metric"):
        make_metrics(["broken"])
    assert type(make_metrics(["bleu"])["BLEU"]).__name__ == "BLEU"  # ours go before
    with pytest.raises(UsageError, match="did you mean 'length'"):
        make_metrics(["lenght"])


def test_a_run_without_its_package_says_so(place):
    (place / "site" / "length_metric-1.2.dist-info" / "entry_points.txt").write_text(
        "[xindaya.metrics]\nlength = length_metric:LengthError\n"
    )
    save_run(evaluation(place), place / "run")
    (place / "site" / "length_metric-1.2.dist-info" / "entry_points.txt").write_text("")
    with pytest.raises(InputError, match="'LengthError' of a package that is not here"):
        load_run(place / "run")


def test_no_entry_point_is_read_for_our_own_metrics(place):
    code = (
        "import sys, xindaya.cli as c; c.invoke(sys.argv[1:]); "
        "print('importlib.metadata' in sys.modules, 'numpy' in sys.modules)"
    )
    line = ["score", "-r", "reference.en", "-i", "a.en", "-m", "chrf", "-b"]
    result = subprocess.run(
        [sys.executable, "-c", code, *line], capture_output=True, text=True, check=True
    )
    assert result.stdout.split("\n")[1] == "False False"

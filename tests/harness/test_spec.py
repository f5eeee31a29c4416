from __future__ import annotations

from pathlib import Path

import pytest

from xindaya import SpecError, load_spec, run_spec
from xindaya.gates import Rule, parse_rule
from xindaya.pairs import Corpus, UsageError, write_corpus, write_parallel
from xindaya.runs import load_run, save_run

GOOD = 'corpus = "c"\nmetrics = ["chrf"]\nbaseline = "bad"\ngates = ["chrF2 >= 20"]\n'


def spec(folder: Path, text: str) -> Path:
    path = folder / "x.mt.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_spec_runs_and_its_gates_judge_each_system(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    evaluation = run_spec(load_spec(spec(tmp_path, GOOD)))
    assert evaluation.baseline == "bad"
    scores = evaluation.scores["chrF2"]
    assert {g.system: g.passed for g in evaluation.gates} == {s: scores[s] >= 20 for s in scores}


def test_line_files_and_a_choice_of_systems(tmp_path: Path, corpus: Corpus) -> None:
    write_parallel(corpus, tmp_path)
    text = """
systems = ["bad"]
[files]
source = "source.zh"
references = { A = "reference.A.en" }
systems = { good = "system.good.en", bad = "system.bad.en" }
[options]
test = "none"
confidence_samples = 0
"""
    evaluation = run_spec(load_spec(spec(tmp_path, text)))
    assert evaluation.systems == ("bad",)
    assert evaluation.comparisons == ()
    assert evaluation.corpus.name == "x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "seeed = 1\n", r"x.mt.toml, line 5: unknown key 'seeed'"),
        (GOOD.replace("chrf", "chfr"), r"line 2: unknown metric 'chfr'; did you mean 'chrf'"),
        (
            GOOD.replace("chrF2", "chrF9"),
            r"line 4: gate 'chrF9 >= 20': unknown measure 'chrF9'; did",
        ),
        (GOOD.replace(">=", "=>"), r"line 4: gate .*: expected the form"),
        (GOOD.replace('["chrf"]', '"chrf"'), r"line 2: metrics = 'chrf'; expected a list"),
        (GOOD + "[options]\nseed = 1.5\n", r"line 6: seed = 1.5; expected int"),
        (GOOD + "[options]\nlowercase = 1\n", r"line 6: lowercase = 1; expected bool"),
        (GOOD + "[options]\nseed = -1\n", r"line 6: seed = -1; expected a whole number from 0"),
        (GOOD + '[options]\ntest = "t-test"\n', r"unknown paired test 't-test'"),
        ('metrics = ["bleu"]\n', r"expected either corpus or \[files\]"),
        (GOOD + '[files]\nsource = "a"\n', r"expected either corpus or \[files\]"),
        ("corpus = 3\n", r"line 1: corpus = 3; expected a string"),
        ("corpus = [\n", r"not valid TOML"),
    ],
)
def test_broken_specs(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        load_spec(spec(tmp_path, text))


def test_rules() -> None:
    assert parse_rule("chrf2++>=55.5") == Rule("chrF2++", ">=", 55.5)
    assert str(parse_rule("forbidden <= 0")) == "forbidden <= 0"
    with pytest.raises(UsageError):
        parse_rule("BLEU > 3")


def test_a_gate_that_cannot_be_judged_is_not_met(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    text = GOOD.replace("chrF2 >= 20", "adherence >= 0.5")
    assert not run_spec(load_spec(spec(tmp_path, text))).passed


def test_options_of_the_metrics(tmp_path: Path, corpus: Corpus) -> None:
    write_corpus(corpus, tmp_path / "c")
    text = GOOD.replace('["chrf"]', '["chrf", "bleu"]').replace("chrF2", "chrF3")
    text += "[options]\nchrf_beta = 3\nchrf_whitespace = true\nsmooth_value = 1\n"
    evaluation = run_spec(load_spec(spec(tmp_path, text + 'smooth_method = "add-k"\n')))
    assert "space:yes" in evaluation.signatures["chrF3"]
    assert "smooth:add-k[1.00]" in evaluation.signatures["BLEU"]
    assert {g.rule for g in evaluation.gates} == {"chrF3 >= 20"}
    save_run(evaluation, tmp_path / "run")
    assert load_run(tmp_path / "run").scores == evaluation.scores
    with pytest.raises(SpecError, match=r"line 6: chrf_beta = 2000; expected a number from 0 to"):
        load_spec(spec(tmp_path, GOOD + "[options]\nchrf_beta = 2000\n"))
    with pytest.raises(SpecError, match=r"line 6: unknown key 'chrf_betta'; did you mean 'chrf_b"):
        load_spec(spec(tmp_path, GOOD + "[options]\nchrf_betta = 2\n"))

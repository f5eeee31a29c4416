"""What people's scores say of every measure stands beside it, and equals what SciPy computes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from xindaya.cli import invoke as xindaya
from xindaya.metrics import Evaluation
from xindaya.metrics.trust import OUTPUTS, SYSTEMS, TEXTS, Trust
from xindaya.reports import trust as views
from xindaya.runs import load_run
from xindaya.spec import load_spec, run_spec

N, SYSTEM_NAMES = 40, "abcde"

SPEC = """
human = "human.tsv"
metrics = ["chrf"]
[scores]
near = "near.tsv"
against = "against.tsv"
[files]
source = "source.zh"
references = { A = "reference.en" }
systems = { a = "a.en", b = "b.en", c = "c.en", d = "d.en", e = "e.en" }
[options]
confidence_samples = 100
"""


@pytest.fixture
def suite(tmp_path) -> Path:
    """A spec whose human scores one measure follows, and another contradicts within segments only."""
    rng = np.random.default_rng(5)
    ease = rng.normal(0, 30, N)  # of each segment
    skill = np.linspace(0, 20, len(SYSTEM_NAMES))[:, None]
    human = 50 + ease + skill + rng.normal(0, 5, (len(SYSTEM_NAMES), N))
    near = human + rng.normal(0, 3, human.shape)
    against = 2 * ease - skill + rng.normal(0, 3, human.shape)
    table(tmp_path / "human.tsv", human)
    table(tmp_path / "near.tsv", near, unscored=[(1, 3)])
    table(tmp_path / "against.tsv", against)
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    texts = {name: [" ".join(rng.permutation(words)) for _ in range(N)] for name in SYSTEM_NAMES}
    lines = {f"{name}.en": own for name, own in texts.items()} | {
        "source.zh": [f"第{n}句。" for n in range(N)],
        "reference.en": [" ".join(words)] * N,
        "x.mt.toml": [SPEC],
    }
    for name, own in lines.items():
        (tmp_path / name).write_text("\n".join(own) + "\n", encoding="utf-8")
    return tmp_path / "x.mt.toml"


def table(path: Path, scores: np.ndarray, unscored: list[tuple[int, int]] = ()) -> None:  # type: ignore[type-arg, assignment]
    rows = [
        f"{name}\t{n + 1}\t{'None' if (k, n) in unscored else repr(float(scores[k, n]))}\n"
        for k, name in enumerate(SYSTEM_NAMES)
        for n in range(N)
    ]
    path.write_text("system\tseg_id\tscore\n" + "".join(rows))


def column(path: Path) -> np.ndarray:  # type: ignore[type-arg]
    cells = [line.split("\t")[2] for line in path.read_text().split("\n")[1:-1]]
    values = [np.nan if cell == "None" else float(cell) for cell in cells]
    return np.array(values).reshape(len(SYSTEM_NAMES), N)


def of(evaluation: Evaluation, measure: str, level: str) -> Trust:
    (found,) = [t for t in evaluation.trust if (t.measure, t.level) == (measure, level)]
    return found


def test_every_measure_carries_what_scipy_computes(suite):
    evaluation = run_spec(load_spec(suite))
    human = column(suite.parent / "human.tsv")
    human[1, 3] = np.nan  # where one measure has no score, none is judged
    known = np.isfinite(human)
    for measure in ("near", "against", "chrF2"):
        scores = np.array(list(evaluation.segment_scores[measure].values()))
        pearson = stats.pearsonr(scores[known], human[known]).statistic
        assert of(evaluation, measure, TEXTS).value == pytest.approx(pearson, abs=1e-12)
        taus = [
            stats.kendalltau(scores[known[:, n], n], human[known[:, n], n]).statistic
            for n in range(N)
        ]
        within = of(evaluation, measure, OUTPUTS)
        assert within.value == pytest.approx(np.nanmean(taus), abs=1e-12)
        assert within.low is not None
        assert within.low < np.nanmean(taus) < (within.high or 0.0) + 1e-9
        assert within.chance == 0
    for measure in ("near", "against"):
        means = [np.nanmean(np.where(known, column(suite.parent / f"{s}.tsv"), np.nan), axis=1)
                 for s in (measure, "human")]  # fmt: skip
        pairs = [(i, j) for i in range(5) for j in range(i)]
        agree = sum((means[0][i] > means[0][j]) == (means[1][i] > means[1][j]) for i, j in pairs)
        assert of(evaluation, measure, SYSTEMS).value == agree / len(pairs)
        assert of(evaluation, measure, SYSTEMS).compared == 5
    assert of(evaluation, "near", TEXTS).compared == 5 * N - 1


def test_a_measure_below_chance_within_segments_is_not_to_rank_systems(suite, capsys):
    assert xindaya(["run", str(suite), "-o", str(suite.parent / "run")]) == 0
    text = capsys.readouterr().out
    evaluation = load_run(suite.parent / "run")
    # It tells easy segments from hard ones, and the outputs of one the wrong way round.
    assert of(evaluation, "against", TEXTS).value > 0.7  # type: ignore[operator]
    assert of(evaluation, "against", OUTPUTS).below_chance
    (warning,) = views.warnings(evaluation.trust)
    assert warning.startswith(
        "Do not rank systems with against: within segments it is below chance"
    )
    assert "Do not rank systems with against" in text
    assert "Do not rank systems with near" not in text
    assert "Outputs of one segment" in text
    page = (suite.parent / "run" / "report.html").read_text(encoding="utf-8")
    assert "Do not rank systems with against" in page
    assert "不要用 against 给系统排名" in page
    for kind in ("markdown", "json"):
        assert xindaya(["run", str(suite), "-f", kind, "-q"]) == 0
        out = capsys.readouterr().out
        if kind == "json":
            assert len(json.loads(out)["trust"]) == 3 * 3
        else:
            assert "**Do not rank systems with against" in out
            assert "| near | 1.00" in out


def test_without_human_scores_nothing_is_said(suite):
    suite.write_text(suite.read_text(encoding="utf-8").replace('human = "human.tsv"', ""))
    assert run_spec(load_spec(suite)).trust == ()

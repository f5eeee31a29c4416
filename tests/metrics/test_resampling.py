from __future__ import annotations

import random

import numpy as np
import pytest
import sacrebleu.metrics as sb
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.significance import PairedTest

from xindaya.metrics import BLEU, CHRF, TER
from xindaya.metrics.bleu import SMOOTHING
from xindaya.metrics.judging.outcome import BOOTSTRAP, RANDOMISATION, SEED, holm
from xindaya.metrics.metric import Metric, Rows, builtin_sums
from xindaya.metrics.resampling import (
    Columns,
    _bootstrap_weights,
    _randomisation_masks,
    bootstrap_scores,
    enough_for_interval,
    intervals,
    sacrebleu_p_values,
)
from xindaya.pairs import Segment

WORDS = [
    "the",
    "cyberspace",
    "office",
    "of",
    "china",
    "issued",
    "new",
    "rules",
    "on",
    "data",
    "and",
    "5",
    "apps",
    "today",
    ".",
]
METRICS: dict[str, Metric] = {
    "BLEU": BLEU(),
    "chrF2": CHRF(),
    "chrF2++": CHRF(word_order=2),
    "TER": TER(),
}
THEIRS = {"BLEU": sb.BLEU(), "chrF2": sb.CHRF(), "chrF2++": sb.CHRF(word_order=2), "TER": sb.TER()}
SAMPLES = 200


def noisy(text: str, rng: random.Random, rate: float) -> str:
    return " ".join(rng.choice(WORDS) if rng.random() < rate else w for w in text.split())


@pytest.fixture(scope="module")
def texts() -> tuple[list[str], dict[str, list[str]]]:
    rng = random.Random(3)
    references = [" ".join(rng.choices(WORDS, k=rng.randint(3, 15))) for _ in range(60)]
    systems = {
        "base": [noisy(r, rng, 0.30) for r in references],
        "near": [noisy(r, rng, 0.33) for r in references],
        "far": [noisy(r, rng, 0.60) for r in references],
    }
    return references, systems


@pytest.fixture(scope="module")
def rows(texts: tuple[list[str], dict[str, list[str]]]) -> dict[str, Rows]:
    references, systems = texts
    segments = [Segment(str(n), None, (r,)) for n, r in enumerate(references)]
    return {n: m.rows(segments, list(systems.values())) for n, m in METRICS.items()}


@pytest.mark.parametrize(("kind", "method"), [("bs", BOOTSTRAP), ("ar", RANDOMISATION)])
def test_p_values_means_and_intervals_equal_sacrebleu(
    texts: tuple[list[str], dict[str, list[str]]], rows: dict[str, Rows], kind: str, method: str
) -> None:
    references, systems = texts
    _, expected = PairedTest(
        list(systems.items()), THEIRS, [references], test_type=kind, n_samples=SAMPLES
    )()
    found = sacrebleu_p_values(METRICS, rows, first=0, method=method, samples=SAMPLES, seed=SEED)
    for name, p_values in found.items():
        assert p_values[1:] == [result.p_value for result in expected[name][1:]]
    if kind == "bs":
        for name, scores in bootstrap_scores(METRICS, rows, SAMPLES, SEED).items():
            for result, interval in zip(expected[name], intervals(scores, SEED), strict=True):
                assert interval.mean == result.mean
                assert 0.5 * (interval.high - interval.low) == result.ci


@pytest.mark.parametrize("method", [BOOTSTRAP, RANDOMISATION])
@pytest.mark.parametrize("seed", [0, 1, SEED])
def test_every_seed_is_repeatable(rows: dict[str, Rows], method: str, seed: int) -> None:
    first, second = (
        sacrebleu_p_values(METRICS, rows, first=2, method=method, samples=50, seed=seed)
        for _ in range(2)
    )
    assert first == second


def test_an_interval_needs_segments_with_statistics() -> None:
    rows = np.ones((12, 3), dtype=int)
    assert enough_for_interval(rows)
    rows[:3] = 0
    assert not enough_for_interval(rows)


@pytest.mark.parametrize("block_bytes", [1, 70_000])
def test_blocks_continue_one_random_stream(
    monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    segments, samples = 77, 100
    drawn = np.random.default_rng(5).choice(segments, size=(samples, segments), replace=True)
    whole = np.stack([np.bincount(row, minlength=segments) for row in drawn])
    masks = np.random.default_rng(5).integers(2, size=(samples, segments), dtype=bool)
    monkeypatch.setattr("xindaya.metrics.resampling._BLOCK_BYTES", block_bytes)
    assert (np.concatenate(list(_bootstrap_weights(segments, samples, 5))) == whole).all()
    assert (np.concatenate(list(_randomisation_masks(segments, samples, 5))) == masks).all()


def test_sums_are_exact_beyond_float32() -> None:
    """Two segments of 2^24 + 1 words: float32 would lose the odd one."""
    rows = np.array([[[2**24 + 1] * 3] * 2])
    metric = CHRF(char_order=1)
    scores = bootstrap_scores({"chrF2": metric}, {"chrF2": rows}, 10, 0)["chrF2"]
    assert (scores == 100).all()
    columns = Columns({"chrF2": rows})
    sums = columns.sums(np.ones((1, 2), np.float32))
    assert next(columns.parts("chrF2", sums)).tolist() == [[2 * (2**24 + 1)] * 3]


def test_columns_that_systems_share_stand_once() -> None:
    rows = np.arange(24).reshape(3, 2, 4)
    rows[:, :, 2] = rows[0, :, 2]  # of the reference
    rows[2, :, 0] = rows[0, :, 0]
    weights = np.array([[2, 0], [1, 1], [0, 5]], np.float32)
    columns = Columns({"a": rows, "b": rows[:, :, :1]})
    sums = columns.sums(weights)
    assert sums.shape == (3, 3 * 4 - 2 - 1 + 3 - 1)
    for name, held in (("a", rows), ("b", rows[:, :, :1])):
        for part, system in zip(columns.parts(name, sums), held, strict=True):
            assert (part == weights @ system).all()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("smooth", SMOOTHING)
def test_many_bleu_scores_are_single_ones(smooth: str, kind: type[np.floating]) -> None:
    """Sums as resampling makes them, some with an order that matches nothing."""
    rng = np.random.default_rng(3)
    total = np.sort(rng.integers(0, 60, size=(400, 4)))[:, ::-1]
    correct = rng.integers(0, total + 1)
    rows = np.column_stack([total[:, 0], rng.integers(1, 60, 400), correct, total]).astype(kind)
    metric = BLEU(smooth=smooth)
    assert metric.scores(rows).tolist() == [metric.score(row) for row in rows]
    assert metric.scores(rows[:0]).shape == (0,)


def test_holm_by_hand() -> None:
    """Three p-values: 3 × 0.01, 2 × 0.02, then 1 × 0.03 raised to the one before it."""
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=4, max_size=4), min_size=1, max_size=6))
def test_rows_are_summed_as_the_built_in_sum_does(rows: list[list[float]]) -> None:
    assert builtin_sums(np.array(rows)).tolist() == [sum(row) for row in rows]

"""Verdicts between metrics: how often they are wrong, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from xindaya.metrics.agreement.exchange import exchange_segments, pearson_rows
from xindaya.metrics.agreement.verdicts import Judged, Scores, judge
from xindaya.metrics.judging.outcome import Outcome


def _judged(*files: tuple[np.ndarray, np.ndarray], seed: int = 0) -> list[Judged]:
    """Judges metrics of shape (metrics, systems, segments) against people."""
    scores = [
        Scores(
            tuple("abcdefgh"[: len(metrics)]),
            metrics.mean(axis=2),
            np.nanmean(human, axis=1),
            tuple(metrics),
            human,
        )
        for metrics, human in files
    ]
    return judge(scores, samples=200, seed=seed)


def _quality(rng: np.random.Generator, systems: int, segments: int) -> np.ndarray:
    """Outputs differ, systems differ, segments are hard or easy."""
    shared = rng.normal(size=(1, segments)) + 0.3 * rng.normal(size=(systems, 1))
    return shared + rng.normal(size=(systems, segments))


def _alarms(make, replicates: int) -> int:
    rng = np.random.default_rng(7)
    return sum(
        any(d.verdict.real for d in _judged(make(rng), seed=n)[0].differences)
        for n in range(replicates)
    )


def test_random_people_praise_no_metric():
    """A fine metric and one with many ties; 0.1 allows for 200 replicates of a rate of 0.05."""

    def make(rng):
        quality = _quality(rng, 4, 20)
        fine, coarse = quality, 3 * np.rint(quality / 3)
        return np.stack([fine, coarse]), rng.normal(size=quality.shape)

    assert _alarms(make, 200) <= 0.1 * 200


def test_metrics_that_agree_alike_are_not_told_apart():
    """Outputs exchanged at random between two metrics; people have ties and are skewed."""

    def make(rng):
        quality = _quality(rng, 4, 20)
        human = -np.rint(np.maximum(0, rng.normal(size=quality.shape) - quality))
        first, second = quality + rng.normal(size=quality.shape), 2 * np.rint(quality / 2)
        mask = rng.random(quality.shape) < 0.5
        return np.stack([np.where(mask, first, second), np.where(mask, second, first)]), human

    assert _alarms(make, 200) <= 0.1 * 200


def test_outputs_of_a_segment_are_one_observation():
    """Noise that a segment's outputs share: exchanging outputs would alarm in a quarter of cases."""
    rng, alarms = np.random.default_rng(3), 0
    for seed in range(200):
        human = _quality(rng, 8, 40)
        second = human + 2 * rng.normal(size=(1, 40)) + 0.3 * rng.normal(size=human.shape)
        mask = rng.random((1, 40)) < 0.5
        metrics = np.where(mask, human, second), np.where(mask, second, human)
        rows = [pearson_rows(m, human) for m in metrics]
        alarms += exchange_segments(rows, 200, seed)[0, 1].p_value < 0.05
    assert alarms <= 0.1 * 200


def test_a_better_metric_is_found_better():
    rng = np.random.default_rng(1)
    quality = _quality(rng, 8, 60)
    human = np.rint(quality + 0.5 * rng.normal(size=quality.shape))
    noise = rng.normal(size=quality.shape)
    [found] = _judged((np.stack([noise, quality]), human))
    on_segments = [d for d in found.differences if d.level == "segment"]
    assert len(on_segments) == 3
    assert {d.verdict for d in on_segments} == {Outcome.BETTER}
    [turned] = _judged((np.stack([quality, noise]), human))
    on_segments = [d for d in turned.differences if d.level == "segment"]
    assert {d.verdict for d in on_segments} == {Outcome.WORSE}
    assert {d.better for d in on_segments} == {"a"}


def test_a_metric_below_chance_is_not_praised():
    """Both run against people, one of them more."""
    rng = np.random.default_rng(2)
    human = _quality(rng, 8, 200)
    metrics = np.stack([-human, rng.normal(size=human.shape) - 0.1 * human])
    [found] = _judged((metrics, human))
    apart = [d for d in found.differences if d.level == "segment"]
    assert max(d.p_holm for d in apart) < 0.05
    assert not any(d.verdict.real for d in found.differences)


@pytest.mark.parametrize(("systems", "segments"), [(2, 1), (8, 1), (2, 4), (4, 5)])
def test_too_few_is_said(systems, segments):
    """No arrangement gives p < 0.05: 2^1 … 2^5 exchanges of segments, 2^8 of systems, over six."""
    rng = np.random.default_rng(4)
    human = _quality(rng, systems, segments)
    [found] = _judged((np.stack([human, rng.normal(size=human.shape)]), human))
    assert found.differences
    on_segments = [d for d in found.differences if d.level == "segment"]
    # Two metrics that order one pair of outputs alike are identical there.
    assert {d.verdict for d in on_segments} <= {Outcome.TOO_FEW, Outcome.IDENTICAL}
    assert not any(d.verdict.real for d in found.differences)
    # 2 / 2^n < 0.05 takes six; more in a family of several.
    few = [d for d in on_segments if d.verdict is Outcome.TOO_FEW]
    assert all(d.needed >= 6 and d.needed > d.units for d in few)


def test_a_copy_is_identical_and_costs_nothing():
    rng = np.random.default_rng(5)
    human = _quality(rng, 8, 50)
    one, other = human + rng.normal(size=human.shape), human + 2 * rng.normal(size=human.shape)
    [pair] = _judged((np.stack([one, other]), human))
    [three] = _judged((np.stack([one, one, other]), human))
    same = [d for d in three.differences if (d.first, d.second) == ("a", "b")]
    assert {d.verdict for d in same} == {Outcome.IDENTICAL}
    assert {(d.delta, d.p_value) for d in same} == {(0.0, 1.0)}
    assert len(three.differences) == 18
    assert len(pair.differences) == 6


def test_one_family_over_files():
    """The same file twice: Holm multiplies the smallest p-value by the tests of both."""
    rng = np.random.default_rng(6)
    human = _quality(rng, 8, 60)
    metrics = human + np.array([[[3.0]], [[1.0]]]) * rng.normal(size=(2, *human.shape))
    for copies in (1, 2):
        found = _judged(*[(metrics, human)] * copies)
        tests = [d for one in found for d in one.differences if d.verdict is not Outcome.TOO_FEW]
        smallest = min(tests, key=lambda d: d.p_value)
        assert smallest.p_holm == pytest.approx(len(tests) * smallest.p_value)
        assert len(tests) % copies == 0
        assert len(tests) >= 3 * copies


def test_three_systems_cost_the_segments_nothing():
    """No exchange of three systems is a test (2 / 2^3), so three tests are left, not six."""
    rng = np.random.default_rng(8)
    human = _quality(rng, 3, 12)
    metrics = np.stack([human + rng.normal(size=human.shape), rng.normal(size=human.shape)])
    [found] = _judged((metrics, human))
    on_segments = [d for d in found.differences if d.level == "segment"]
    smallest = min(on_segments, key=lambda d: d.p_value)
    assert smallest.exact
    assert smallest.p_holm == pytest.approx(min(1.0, 3 * smallest.p_value))


def test_people_who_see_no_difference_judge_nothing():
    metrics = np.random.default_rng(9).normal(size=(2, 4, 6))
    [found] = _judged((metrics, np.ones((4, 6))))
    assert (found.figures, found.differences) == ({}, ())


def test_the_same_seed_gives_the_same():
    rng = np.random.default_rng(10)
    human = _quality(rng, 9, 20)
    metrics = rng.normal(size=(2, 9, 20))
    assert _judged((metrics, human)) == _judged((metrics, human))

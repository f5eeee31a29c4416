"""Agreement with people: parity with scipy, thresholds against brute force, tests by enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics.agreement import HumanScores
from xindaya.metrics.agreement.bands import band
from xindaya.metrics.agreement.bootstrap import estimate, resampled_sums
from xindaya.metrics.agreement.chance import chance_on_segments, chance_on_systems
from xindaya.metrics.agreement.correlation import (
    accuracy,
    accuracy_by_chance,
    item_taus,
    kendall,
    pearson,
    tau_b,
)
from xindaya.metrics.agreement.exchange import (
    exchange_segments,
    exchange_systems,
    mean_rows,
    pearson_rows,
)
from xindaya.metrics.agreement.segments import agree_on_segments
from xindaya.metrics.agreement.ties import calibrate, count_pairs, item_accuracies

# Few values, so that ties are common; and any values.
_vectors = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        *[
            st.lists(
                st.one_of(st.integers(-2, 2).map(float), st.floats(-1e6, 1e6, width=32)),
                min_size=n,
                max_size=n,
            )
        ]
        * 2
    )
)


def _scores(seed: int = 0, systems: int = 6, segments: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """A metric and people who agree somewhat; people have many ties and score only some."""
    rng = np.random.default_rng(seed)
    human = -rng.poisson(1.5, (systems, segments)).astype(float)
    metric = human + 2 * rng.normal(size=human.shape)
    metric[:, : segments // 4] = np.rint(metric[:, : segments // 4])
    human[rng.random(human.shape) < 0.1] = np.nan
    human[:, 3] = np.nan
    human[1:, 5] = np.nan  # one score is no pair
    return metric, human


@given(_vectors)
def test_tau_b_equals_scipy(vectors):
    x, y = map(np.array, vectors)
    expected = scipy.stats.kendalltau(x, y).statistic
    assert tau_b(x, y) == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert float(kendall(x, y)) == pytest.approx(expected, abs=1e-12, nan_ok=True)


@given(_vectors)
def test_tau_b_is_symmetric_and_odd(vectors):
    x, y = map(np.array, vectors)
    tau = tau_b(x, y)
    assert tau_b(y, x) == pytest.approx(tau, abs=1e-12, nan_ok=True)
    assert tau_b(x, -y) == pytest.approx(-tau, abs=1e-12, nan_ok=True)


def test_tau_b_of_many():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 50, 3001).astype(float)
    y = x + rng.integers(0, 90, 3001)
    assert tau_b(x, y) == pytest.approx(scipy.stats.kendalltau(x, y).statistic, abs=1e-12)


def test_correlations_of_a_batch():
    x, y = np.random.default_rng(2).normal(size=(2, 5, 8))
    for row in range(5):
        assert pearson(x, y)[row] == pytest.approx(
            scipy.stats.pearsonr(x[row], y[row]).statistic, abs=1e-12
        )
        assert kendall(x, y)[row] == pytest.approx(
            scipy.stats.kendalltau(x[row], y[row]).statistic, abs=1e-12
        )
    assert np.isnan(pearson(np.full(3, 0.1), y[0, :3]))


def test_pairwise_accuracy_by_hand():
    # Pairs 12 13 14 23 24 34; metric − − − = − −, human − − − − = +: they agree on 12 13 14.
    metric, human = np.array([1.0, 2, 2, 3]), np.array([1.0, 2, 3, 2])
    assert float(accuracy(metric, human)) == 3 / 6
    # A tie on both sides agrees.
    assert float(accuracy(np.array([1.0, 1, 2]), np.array([5.0, 5, 4]))) == 1 / 3
    # Two copies of a resampled system are no pair: of 11' 12 1'2 the last two agree.
    assert float(accuracy(np.array([1.0, 1, 2]), np.array([3.0, 3, 4]), np.array([0, 0, 1]))) == 1
    assert np.isnan(accuracy(np.array([1.0]), np.array([2.0])))
    # All tied on a side: undefined, not 0 %.
    assert np.isnan(accuracy(metric, np.ones(4)))
    assert np.isnan(accuracy(np.ones(4), human))


@given(_vectors.filter(lambda vectors: len(vectors[0]) < 7))
def test_accuracy_by_chance_is_the_mean_over_all_orders(vectors):
    x, y = map(np.array, vectors)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    orders = np.array(list(itertools.permutations(y)))
    found = accuracy(np.broadcast_to(x, orders.shape), orders)
    assert accuracy_by_chance(x, y) == pytest.approx(found.mean(), abs=1e-12)


def _accuracy_at(metric: np.ndarray, human: np.ndarray, epsilon: float) -> float:
    """acc_eq by definition: the mean over segments of the share of pairs judged alike."""
    items = []
    for x, y in zip(metric.T, human.T, strict=True):
        known = [k for k in range(len(y)) if np.isfinite(y[k])]
        judged = [
            (0 if abs(x[i] - x[j]) <= epsilon else np.sign(x[i] - x[j])) == np.sign(y[i] - y[j])
            for i, j in itertools.combinations(known, 2)
        ]
        if judged:
            items.append(sum(judged) / len(judged))
    return sum(items) / len(items)


@pytest.mark.parametrize("seed", range(4))
def test_tie_calibration_equals_brute_force(seed):
    metric, human = _scores(seed, systems=4, segments=15)
    found, epsilon, uncalibrated, all_ties = calibrate(metric, human)
    candidates = {0.0}
    for i, j in itertools.combinations(range(4), 2):
        candidates |= set(np.abs(metric[i] - metric[j]))
    by_threshold = {e: _accuracy_at(metric, human, e) for e in sorted(candidates)}
    best = max(by_threshold.values())
    assert found == pytest.approx(best, abs=1e-12)
    # The smallest of the best, among pairs that people scored.
    assert by_threshold[epsilon] == pytest.approx(best, abs=1e-12)
    assert all(value < best - 1e-13 for e, value in by_threshold.items() if e < epsilon)
    assert uncalibrated == pytest.approx(by_threshold[0.0], abs=1e-12)
    assert all_ties == pytest.approx(_accuracy_at(metric, human, np.inf), abs=1e-12)
    assert np.nanmean(item_accuracies(metric, human, epsilon)) == pytest.approx(found, abs=1e-12)


def test_pairs_within_segments_are_counted():
    human = np.array([[1.0, 1, np.nan], [2, np.nan, np.nan], [3, 4, 5]])
    assert count_pairs(human) == 3 + 1 + 0
    assert np.isnan(calibrate(human, np.full((3, 3), np.nan))[0])


def test_groupings_equal_scipy():
    metric, human = _scores()
    found = agree_on_segments("m", metric, human, (1.0, 1.0), samples=50, seed=0)
    known = np.isfinite(human)
    none = found.grouping("none")
    assert none.pearson.value == pytest.approx(
        scipy.stats.pearsonr(metric[known], human[known]).statistic, abs=1e-12
    )
    assert none.kendall.value == pytest.approx(
        scipy.stats.kendalltau(metric[known], human[known]).statistic, abs=1e-12
    )
    for by, columns in (
        ("item", [(metric[:, s], human[:, s]) for s in range(human.shape[1])]),
        ("system", list(zip(metric, human, strict=True))),
    ):
        taus, rs = [], []
        for x, y in columns:
            x, y = x[np.isfinite(y)], y[np.isfinite(y)]
            if len(y) > 1 and np.ptp(x) > 0 and np.ptp(y) > 0:
                taus.append(scipy.stats.kendalltau(x, y).statistic)
                rs.append(scipy.stats.pearsonr(x, y).statistic)
        grouping = found.grouping(by)
        assert grouping.kendall.value == pytest.approx(np.mean(taus), abs=1e-12)
        assert grouping.pearson.value == pytest.approx(np.mean(rs), abs=1e-12)
        assert grouping.groups == len(taus)
    assert found.observations == known.sum()
    assert sum(cell.count for cell in found.density.cells) == known.sum()


def test_directions_only_change_signs():
    metric, human = _scores()
    one = agree_on_segments("m", metric, human, (1.0, 1.0), samples=20, seed=0)
    other = agree_on_segments("m", -metric, -human, (-1.0, -1.0), samples=20, seed=0)
    assert (one.groupings, one.ties, one.bands) == (other.groupings, other.ties, other.bands)


def test_interval_of_pooled_tau_is_near_the_full_bootstrap():
    metric, human = _scores(systems=5, segments=120)
    found = agree_on_segments("m", metric, human, (1.0, 1.0), samples=400, seed=0)
    rng = np.random.default_rng(5)
    taus = []
    for _ in range(400):
        drawn = rng.integers(0, 120, 120)
        x, y = metric[:, drawn].ravel(), human[:, drawn].ravel()
        taus.append(scipy.stats.kendalltau(x[np.isfinite(y)], y[np.isfinite(y)]).statistic)
    low, high = np.percentile(taus, [2.5, 97.5])
    estimated = found.grouping("none").kendall
    # Two bootstraps of 400 samples differ by about a tenth of the width.
    assert estimated.low == pytest.approx(low, abs=0.2 * (high - low))
    assert estimated.high == pytest.approx(high, abs=0.2 * (high - low))


def test_resampled_sums_draw_whole_segments():
    columns = np.stack([np.ones(30), np.arange(30.0)], axis=1)
    drawn = resampled_sums(columns, 200, 7)
    assert (drawn[:, 0] == 30).all()
    assert (drawn == resampled_sums(columns, 200, 7)).all()
    # The sum of 30 uniform draws from 0 … 29 has mean 435 and deviation 47.4.
    assert abs(drawn[:, 1].mean() - 435) < 4 * 47.4 / 200**0.5
    assert estimate(float("nan"), drawn[:, 0]).value is None


def test_tied_people_have_no_tie_calibration():
    assert np.isnan(calibrate(np.arange(6.0).reshape(3, 2), np.zeros((3, 2)))[0])


def test_chance_of_systems_tries_all_orders():
    metric, human = np.array([1.0, 2, 3, 4]), np.array([2.0, 4, 6, 9])
    # Of 4! orders only one is in the metric's own.
    for statistic in ("Pearson", "Kendall", "pairwise accuracy"):
        found = chance_on_systems(statistic, metric, human, 10, 0)
        assert (found.p_value, found.smallest) == (1 / 24, 1 / 24)
    assert found.line == 0.5
    # With two systems tied for people, two orders are one: 2 / 4!.
    tied = np.array([2.0, 2, 6, 9])
    assert chance_on_systems("Kendall", metric, tied, 10, 0).p_value == 2 / 24
    assert chance_on_systems("Kendall", metric, -human, 10, 0).p_value == 1
    assert chance_on_systems("pairwise accuracy", metric, np.ones(4), 10, 0) is None


def test_chance_of_segments_equals_all_orders_of_each():
    """Three systems and two segments: 36 orders within the segments, thresholds found anew."""
    metric = np.array([[1.0, 5.0], [2.5, 5.0], [9.0, 1.0]])
    human = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    orders = [
        np.stack(columns, axis=1)
        for columns in itertools.product(*(itertools.permutations(h) for h in human.T))
    ]
    assert len(orders) == 36
    accuracies = [calibrate(metric, y)[0] for y in orders]
    taus = [np.nanmean(item_taus(metric, y)) for y in orders]
    [found] = chance_on_segments([metric], human, 20_000, 0)
    # 20,000 draws: the deviation of a share is at most 0.0035.
    line = found["tie-calibrated accuracy"].line
    assert line == pytest.approx(np.mean(accuracies), abs=0.01)
    for what, values in (("tie-calibrated accuracy", accuracies), ("Kendall", taus)):
        expected = np.mean([v >= values[0] - 1e-9 for v in values])
        assert found[what].p_value == pytest.approx(expected, abs=0.015)
    # Each segment has 3!/2! arrangements that differ.
    assert found["Kendall"].smallest == pytest.approx(1 / 9)


def test_the_line_of_chance_of_accuracy_knows_ties():
    """A metric that ties a third of pairs, against people who never do: half of two thirds."""
    rng = np.random.default_rng(0)
    human = rng.normal(size=(3, 400))
    metric = np.tile([[0.0], [0.0], [1.0]], 400)
    [found] = chance_on_segments([metric], human, 200, 0)
    assert found["tie-calibrated accuracy"].line == pytest.approx(1 / 3, abs=0.005)
    assert found["Pearson"].line == 0


def test_segments_with_one_rated_system_have_no_pairs():
    """Scores of all segments together correlate; within a segment there is nothing to compare."""
    human = np.full((2, 6), np.nan)
    human[0, ::2], human[1, 1::2] = (1, 3, 2), (2, 5, 4)
    metrics = np.arange(12.0).reshape(2, 6)
    (found,) = chance_on_segments([metrics], human, 20, 1)
    assert list(found) == ["Pearson"]


def test_nobody_agrees_with_people_who_see_no_difference():
    metric = np.arange(12.0).reshape(3, 4)
    assert chance_on_segments([metric], np.ones((3, 4)), 20, 0) == [{}]
    # Differences between segments only: nothing within one.
    assert list(chance_on_segments([metric], np.tile(np.arange(4.0), (3, 1)), 20, 0)[0]) == [
        "Pearson"
    ]


@pytest.mark.parametrize(
    ("statistic", "of"),
    [
        ("Pearson", lambda x, y: scipy.stats.pearsonr(x, y).statistic),
        ("Kendall", lambda x, y: scipy.stats.kendalltau(x, y).statistic),
    ],
)
def test_exchange_of_systems_enumerates_all(statistic, of):
    rng = np.random.default_rng(3)
    human, first, second = rng.normal(size=(3, 6))
    found = exchange_systems(statistic, (first, second), human, 10, 0)
    z = [(m - m.mean()) / m.std() for m in (first, second)]
    assert found.delta == pytest.approx(of(second, human) - of(first, human), abs=1e-12)
    beyond = 0
    for exchanged in itertools.product((False, True), repeat=6):
        mask = np.array(exchanged)
        a, b = np.where(mask, z[1], z[0]), np.where(mask, z[0], z[1])
        beyond += abs(of(b, human) - of(a, human)) >= abs(found.delta) - 1e-9
    assert (found.p_value, found.tried, found.exact) == (beyond / 2**6, 64, True)
    assert found.smallest >= 2 / 2**6


def test_exchange_of_segments_enumerates_all():
    """Six segments, exchanged whole: the correlation of both mixtures, by scipy."""
    metric, human = _scores(systems=4, segments=6)
    other = np.random.default_rng(9).normal(size=metric.shape)
    known = np.isfinite(human)
    rows = [pearson_rows(m, human) for m in (metric, other)]
    found = exchange_segments(rows, 10, 0)[0, 1]

    z = [(m - m[known].mean()) / m[known].std() for m in (metric, other)]

    def delta(mask):
        a, b = np.where(mask, z[1], z[0]), np.where(mask, z[0], z[1])
        rs = [scipy.stats.pearsonr(x[known], human[known]).statistic for x in (a, b)]
        return rs[1] - rs[0]

    assert found.delta == pytest.approx(delta(np.zeros(6, bool)), abs=1e-12)
    masks = itertools.product((False, True), repeat=6)
    beyond = sum(abs(delta(np.array(m))) >= abs(found.delta) - 1e-9 for m in masks)
    assert found.p_value == beyond / 64


def test_a_metric_is_no_better_than_itself():
    metric, human = _scores()
    found = exchange_systems("Pearson", (metric[:, 0],) * 2, np.arange(6.0), 10, 0)
    assert (found.delta, found.p_value, found.units) == (0.0, 1.0, 0)
    rows = [pearson_rows(m, human) for m in (metric, 3 * metric + 1)]  # scores are standardised
    found = exchange_segments(rows, 50, 0)[0, 1]
    assert (found.p_value, found.units) == (1.0, 0)


def test_means_are_exchanged_by_segment():
    first, second = np.array([0.0, 0, 0, 1, np.nan]), np.array([1.0, 1, 1, 1, np.nan])
    found = exchange_segments([mean_rows(first, 0.25), mean_rows(second, 0.25)], 10, 0)[0, 1]
    # Differences 1 1 1 0: of 2^4 signs, only all + and all − reach 3: 4 arrangements of 16.
    assert (found.delta, found.p_value, found.smallest, found.units) == (0.75, 0.25, 0.25, 3)
    # Farther above chance: 1 − 0.5 against 0.25 − 0.25.
    rows = [mean_rows(first, 0.25), mean_rows(second, 0.5)]
    assert exchange_segments(rows, 10, 0)[0, 1].delta == 0.5


def test_bands_by_hand():
    metric = np.array([0.2, -0.4, 1.5, -9.0, 0.0, 3.0])
    human = np.array([1.0, 1.0, 2.0, -1.0, 1.0, 0.0])
    found = band(metric, human, (0.0, 1.0, 5.0))
    # 0.2 agrees, −0.4 does not, 1.5 and −9 do; a tie on either side has no order.
    assert [(b.low, b.high, b.pairs, b.agree) for b in found] == [
        (0.0, 1.0, 2, 1),
        (1.0, 5.0, 1, 1),
        (5.0, None, 1, 1),
    ]
    assert found[0].share == 0.5


def test_human_rows_add_up_to_the_mean():
    scores = np.array([[1.0, np.nan, 2.0], [np.nan, np.nan, 5.0]])
    human = HumanScores(("a", "b"), scores, np.array([1.5, 5.0]), True)
    assert human.rows().sum(axis=1).tolist() == [[3.0, 2.0], [5.0, 1.0]]

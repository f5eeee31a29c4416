"""Tie-calibrated pairwise accuracy: acc*_eq of Deutsch, Foster and Freitag 2023, "Ties Matter".

Within each segment, every pair of systems is judged: people say better, worse or equal; so does
the metric, for which a difference of at most ε is "equal". The accuracy is the share of pairs on
which they say the same, the mean over segments, and ε is chosen to make it largest. All
candidates are tried (every difference that occurs, and 0), by sorting the differences once: when
ε passes a difference, its pair turns into a tie, which wins or loses exactly that pair.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.agreement.correlation import Floats, pairs_of, signs

_ROUNDING = 1e-12  # accuracies this close are equal; the smallest threshold wins


def calibrate(metric: Floats, human: Floats) -> tuple[float, float, float, float]:
    """Finds the threshold.

    Args:
        metric: Scores, shape (systems, segments), higher is better.
        human: The same of people; NaN where nobody scored.

    Returns:
        The accuracy, its threshold ε*, the accuracy with ε = 0, and that with ε = ∞. NaN without
        a pair.
    """
    sizes, same, equal, weights = _judged(metric, human)
    if not len(sizes):
        return (float("nan"),) * 4
    order = np.argsort(sizes, kind="stable")
    sizes, gains = sizes[order], (weights * (equal.astype(np.int8) - same))[order]
    untied = float((weights * same).sum())
    last = np.flatnonzero(np.r_[sizes[1:] != sizes[:-1], True])  # of each run of equal sizes
    accuracies, thresholds = untied + np.cumsum(gains)[last], sizes[last]
    if thresholds[0] > 0:
        accuracies, thresholds = np.r_[untied, accuracies], np.r_[0.0, thresholds]
    best = int(np.flatnonzero(accuracies >= accuracies.max() - _ROUNDING)[0])
    tied = float((weights * equal).sum())
    return float(accuracies[best]), float(thresholds[best]), float(accuracies[0]), tied


def item_accuracies(metric: Floats, human: Floats, epsilon: float) -> Floats:
    """Returns the accuracy within each segment at a threshold; NaN where there is no pair."""
    first, second = pairs_of(len(metric))
    correct, total = np.zeros(metric.shape[1]), np.zeros(metric.shape[1])
    for i, j in zip(first, second, strict=True):
        difference, gold = metric[i] - metric[j], human[i] - human[j]
        said = np.where(np.abs(difference) <= epsilon, 0, np.sign(difference))
        both = np.isfinite(gold)
        correct += both & (said == np.sign(np.where(both, gold, 0)))
        total += both
    return np.where(total > 0, correct / np.maximum(total, 1), np.nan)


def count_pairs(human: Floats) -> int:
    """Counts the pairs of scored outputs within segments."""
    scored = np.isfinite(human).sum(axis=0)
    return int((scored * (scored - 1) // 2).sum())


def _judged(
    metric: Floats, human: Floats
) -> tuple[Floats, NDArray[np.int8], NDArray[np.bool_], Floats]:
    """Lists all pairs: size of the metric's difference, agreement on the order, tie, weight."""
    pairs = pairs_of(len(metric))
    scored = np.isfinite(human)
    both = scored[pairs[0]] & scored[pairs[1]]
    gold, said = signs(human.T, pairs).T[both], signs(metric.T, pairs).T[both]
    sizes = np.abs(metric[pairs[0]] - metric[pairs[1]])[both]
    in_item = both.sum(axis=0)
    weights = 1.0 / np.maximum(in_item, 1) / max(1, int((in_item > 0).sum()))
    return (
        sizes,
        ((gold == said) & (gold != 0)).astype(np.int8),
        gold == 0,
        np.broadcast_to(weights, both.shape)[both],
    )

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
_ALWAYS_A_TIE = 2  # no sign of people's equals it


class Thresholds:
    """A metric's thresholds, tried against any signs of people.

    Args:
        metric: Scores, shape (systems, segments), higher is better.
        human: The same of people; NaN where nobody scored. Only where it is NaN matters.
    """

    def __init__(self, metric: Floats, human: Floats) -> None:
        scored = np.isfinite(human)
        pairs = pairs_of(len(metric))
        both = scored[pairs[0]] & scored[pairs[1]]
        sizes = np.abs(metric[pairs[0]] - metric[pairs[1]])[both]
        in_item = both.sum(axis=0)
        weights = 1.0 / np.maximum(in_item, 1) / max(1, int((in_item > 0).sum()))
        self._order = np.argsort(sizes, kind="stable")
        self._weights = np.broadcast_to(weights, both.shape)[both][self._order]
        self._even = len(np.unique(self._weights)) == 1
        said = listed_pairs(metric, both)[self._order]
        self._said = np.where(said == 0, _ALWAYS_A_TIE, said).astype(np.int8)
        sizes = sizes[self._order]
        self._last = np.flatnonzero(np.r_[sizes[1:] != sizes[:-1], True])  # of each run of equals
        self._none = bool(len(sizes)) and sizes[0] > 0
        self._sizes = np.r_[0.0, sizes[self._last]] if self._none else sizes[self._last]

    def accuracies(self, gold: NDArray[np.int8]) -> Floats:
        """Returns the accuracy at every threshold.

        Args:
            gold: Signs of people's differences, shape (n, pairs), pairs as `listed_pairs` has them.

        Returns:
            Shape (n, thresholds), from ε = 0 up.
        """
        gold = gold[:, self._order]
        same, equal = gold == self._said, gold == 0
        gains = equal.view(np.int8) - same.view(np.int8)
        # Integers are exact and fast: all pairs weigh the same where all systems are scored.
        weigh = self._weights[:1] if self._even else self._weights
        kind = np.int32 if self._even else np.float64
        steps = np.cumsum(gains if self._even else gains * weigh, axis=1, dtype=kind)
        if len(self._last) < steps.shape[1]:
            steps = steps[:, self._last]
        if self._none:
            steps = np.concatenate([np.zeros((len(steps), 1), kind), steps], axis=1)
        untied = same.sum(axis=1) * weigh[0] if self._even else same @ weigh
        reached: Floats = untied[:, None] + (steps * weigh[0] if self._even else steps)
        return reached

    def best(self, gold: NDArray[np.int8]) -> Floats:
        """Returns the largest accuracy for each row of signs."""
        best: Floats = self.accuracies(gold).max(axis=1)
        return best

    def calibrated(self, gold: NDArray[np.int8]) -> tuple[float, float, float]:
        """Returns the accuracy of one row of signs, its threshold ε*, and the accuracy at ε = 0."""
        accuracies = self.accuracies(gold[None])[0]
        best = int(np.flatnonzero(accuracies >= accuracies.max() - _ROUNDING)[0])
        return float(accuracies[best]), float(self._sizes[best]), float(accuracies[0])


def calibrate(metric: Floats, human: Floats) -> tuple[float, float, float, float]:
    """Finds the threshold.

    Args:
        metric: Scores, shape (systems, segments), higher is better.
        human: The same of people; NaN where nobody scored.

    Returns:
        The accuracy, its threshold ε*, the accuracy with ε = 0, and that with ε = ∞. NaN where
        people see no difference in any pair: then there is nothing to find.
    """
    pairs = pairs_of(len(metric))
    gold = signs(human.T, pairs).T
    if not gold.any():
        return (float("nan"),) * 4
    scored = np.isfinite(human)
    both = scored[pairs[0]] & scored[pairs[1]]
    items = both.any(axis=0)
    equal = ((gold == 0) & both).sum(axis=0)[items] / both.sum(axis=0)[items]
    found = Thresholds(metric, human).calibrated(gold[both])
    return *found, float(equal.mean())


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


def listed_pairs(metric: Floats, both: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Returns the signs of a metric's differences in one list.

    Args:
        metric: Scores, shape (systems, segments).
        both: Which pairs of outputs people scored, shape (pairs, segments).
    """
    return signs(metric.T, pairs_of(len(metric))).T[both]


def count_pairs(human: Floats) -> int:
    """Counts the pairs of scored outputs within segments."""
    scored = np.isfinite(human).sum(axis=0)
    return int((scored * (scored - 1) // 2).sum())

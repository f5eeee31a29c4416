"""Which of two texts reviewers prefer: sign test, Bradley–Terry strengths, self-consistency.

"No preference" is an answer: the sign test counts it apart, and Bradley–Terry as half a win each.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from xindaya.metrics.judging.outcome import ALPHA, Outcome, attainable_holm, holm, outcome_of
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLES = 1000
_ROUNDS, _CLOSE = 10_000, 1e-10


@dataclass(frozen=True, slots=True)
class Preference:
    """One answer.

    Attributes:
        item: What was judged; answers on one item are not independent.
        first: Name of one system.
        second: Name of the other.
        winner: The preferred one of the two, or empty for no preference.
    """

    item: str
    first: str
    second: str
    winner: str = ""


@dataclass(frozen=True, slots=True)
class SignTest:
    """Whether one system is preferred more often than chance would have it.

    Attributes:
        first: Name of one system.
        second: Name of the other.
        first_wins: Items on which `first` is preferred.
        second_wins: Items on which `second` is.
        ties: Items without a preference; not in the test.
        p_value: Exact two-sided binomial probability, in (0, 1].
        p_holm: The same after Holm's correction for the number of pairs tested.
        outcome: Whether `first` is better or worse, or why that cannot be said.
        needed: Items with a preference that it would take for any verdict, where the outcome is
            `Outcome.TOO_FEW`; else 0.
    """

    first: str
    second: str
    first_wins: int
    second_wins: int
    ties: int
    p_value: float
    p_holm: float
    outcome: Outcome = Outcome.TOO_FEW
    needed: int = 0


@dataclass(frozen=True, slots=True)
class Strength:
    """How a system stands among several (Bradley & Terry 1952).

    Attributes:
        system: Name of the system.
        strength: Natural logarithm, in logits; the systems' mean is 0.
        win_rate: Expected share of wins against the other systems, in [0, 1].
        low: 2.5 % percentile of `win_rate` over resampled items; None where too many resamples have
            no answer.
        high: 97.5 % percentile.
    """

    system: str
    strength: float
    win_rate: float
    low: float | None
    high: float | None


def sign_test(preferences: Sequence[Preference], first: str, second: str) -> SignTest:
    """Tests one pair of systems; an item counts once, for what most of its answers prefer."""
    balance: dict[str, int] = {}
    for p in preferences:
        if {p.first, p.second} == {first, second}:
            balance[p.item] = balance.get(p.item, 0) + (p.winner == first) - (p.winner == second)
    wins = sum(value > 0 for value in balance.values())
    losses = sum(value < 0 for value in balance.values())
    p_value = sign_p_value(wins, losses)
    ties = len(balance) - wins - losses
    return SignTest(first, second, wins, losses, ties, p_value, p_value)


def sign_p_value(wins: int, losses: int) -> float:
    """Returns the exact two-sided p-value of the sign test; 1 where nobody won."""
    total = wins + losses
    tail = sum(math.comb(total, i) for i in range(min(wins, losses) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 1 << total)))


def judged(tests: Sequence[SignTest]) -> tuple[SignTest, ...]:
    """Corrects tests for their number (Holm 1979) and says what each comes to.

    Where not even all items with a preference on one side could reach the level, there are too few
    to tell.
    """
    p_values = [t.p_value for t in tests]
    attainable = attainable_holm(
        p_values, [sign_p_value(t.first_wins + t.second_wins, 0) for t in tests]
    )
    found = []
    for test, p, best in zip(tests, holm(p_values), attainable, strict=True):
        outcome = outcome_of(test.first_wins - test.second_wins, p, best)
        needed = 0
        if outcome is Outcome.TOO_FEW:
            needed = next(n for n in itertools.count(1) if len(tests) * sign_p_value(n, 0) < ALPHA)
        found.append(replace(test, p_holm=p, outcome=outcome, needed=needed))
    return tuple(found)


def bradley_terry(
    preferences: Sequence[Preference],
    systems: Sequence[str],
    *,
    samples: int = SAMPLES,
    seed: int = 0,
) -> list[Strength] | None:
    """Estimates the strengths of several systems from answers on pairs of them.

    Strengths are found by Hunter's MM algorithm (2004); intervals by drawing items with their
    answers anew. A resample in which some systems never lose to the others has no finite
    strengths; where more than 2.5 % are so, there are no intervals.

    Returns:
        One value a system, the strongest first; None where the answers themselves have no finite
        strengths: some systems never lose to the others, or were never compared with them.

    Raises:
        UsageError: If an answer is about another system.
    """
    import numpy as np

    places = {name: place for place, name in enumerate(systems)}
    items: dict[str, int] = {}
    for p in preferences:
        if not {p.first, p.second, p.winner or p.first} <= places.keys():
            raise UsageError(f"an answer on {p.first!r} and {p.second!r}: expected {list(systems)}")
        items.setdefault(p.item, len(items))
    wins = np.zeros((len(items), len(systems), len(systems)))
    for p in preferences:
        one, other = places[p.first], places[p.second]
        share = 0.5 if not p.winner else float(p.winner == p.first)
        wins[items[p.item], one, other] += share
        wins[items[p.item], other, one] += 1 - share
    found = _strengths(wins.sum(axis=0))
    if found is None:
        return None
    rng = np.random.default_rng(seed)
    drawn = [
        _strengths(wins[rng.integers(0, len(items), len(items))].sum(axis=0))
        for _ in range(samples)
    ]
    rates = np.sort([_win_rates(logs) for logs in drawn if logs is not None], axis=0)
    lost, skip = samples - len(rates), samples // 40
    known = len(rates) > 0 and lost <= skip
    result = [
        Strength(
            name,
            float(found[place]),
            float(_win_rates(found)[place]),
            float(rates[len(rates) // 40, place]) if known else None,
            float(rates[len(rates) - len(rates) // 40 - 1, place]) if known else None,
        )
        for name, place in places.items()
    ]
    return sorted(result, key=lambda s: -s.strength)


def self_consistency(
    answers: Mapping[str, Preference], repeats: Mapping[str, str]
) -> tuple[int, int]:
    """Counts how often a reviewer answered a repeated item as before.

    Args:
        answers: Item to answer, of one reviewer.
        repeats: Repeated item to the item it repeats.

    Returns:
        Number of equal answers, and of repeats answered both times.
    """
    pairs = [
        (answers[again].winner, answers[before].winner)
        for again, before in repeats.items()
        if again in answers and before in answers
    ]
    return sum(one == other for one, other in pairs), len(pairs)


def _strengths(wins: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Returns log strengths with mean 0, or None where they would be infinite (Ford 1957).

    Args:
        wins: Entry (i, j) is how often i was preferred to j.
    """
    import numpy as np

    size = len(wins)
    reached = np.linalg.matrix_power((wins > 0) + np.eye(size), size) > 0
    if not reached.all():
        return None
    won, met = wins.sum(axis=1), wins + wins.T
    logs: NDArray[np.float64] = np.zeros(size)
    for _ in range(_ROUNDS):
        strength = np.exp(logs)
        new = np.log(won / (met / (strength[:, None] + strength)).sum(axis=1))
        new -= new.mean()
        moved = float(np.abs(new - logs).max())
        logs = new
        if moved < _CLOSE:
            break
    return logs


def _win_rates(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the mean chance of each system to win against each other one."""
    import numpy as np

    chances = 1 / (1 + np.exp(logs - logs[:, None]))
    rates: NDArray[np.float64] = (chances.sum(axis=1) - 0.5) / max(1, len(logs) - 1)
    return rates

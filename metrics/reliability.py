"""How far reviewers agree beyond chance: Cohen's kappa and Krippendorff's alpha.

Both are 1 for perfect agreement and 0 for what chance would give. Where everybody always gave the
same value nothing can be told from chance, and the answer is None, not 1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from xindaya.pairs import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOMINAL, ORDINAL, INTERVAL = LEVELS = ("nominal", "ordinal", "interval")
"""What differences mean: none but being different; ranks; numbers."""

KAPPA_WEIGHTS = ("none", "linear", "quadratic")

_Value = TypeVar("_Value", bound=Hashable)


def cohen_kappa(
    first: Sequence[_Value],
    second: Sequence[_Value],
    *,
    weights: str = "none",
    order: Sequence[_Value] | None = None,
) -> float | None:
    """Computes Cohen's kappa of two raters (1960), or weighted kappa (1968).

    Args:
        first: Values by the first rater, one an item.
        second: Values by the second, of the same items in the same order.
        weights: ``none``, or how disagreement grows with the distance of two categories in
            `order`: ``linear`` or ``quadratic``.
        order: All categories from lowest to highest; needed with weights.

    Returns:
        Kappa, at most 1; None where both raters gave only one and the same value, or none.

    Raises:
        UsageError: If the lengths differ, or a category is not in `order`.
    """
    import numpy as np

    if len(first) != len(second):
        raise UsageError(f"{len(first)} values against {len(second)}: expected one each an item")
    if weights not in KAPPA_WEIGHTS:
        raise UsageError(f"weights {weights!r}: expected one of {', '.join(KAPPA_WEIGHTS)}")
    if weights != "none" and order is None:
        raise UsageError(f"{weights} weights: expected the order of the categories")
    categories = _numbered(order if order is not None else [*first, *second])
    if missing := [v for v in (*first, *second) if v not in categories]:
        raise UsageError(f"value {missing[0]!r}: expected one of {', '.join(map(str, categories))}")
    observed = np.zeros((len(categories), len(categories)))
    for a, b in zip(first, second, strict=True):
        observed[categories[a], categories[b]] += 1
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / max(1, len(first))
    places = np.arange(len(categories))
    distance: NDArray[Any] = np.abs(places[:, None] - places)
    cost = distance ** {"none": 0, "linear": 1, "quadratic": 2}[weights] * (distance > 0)
    return _beyond_chance(float((cost * observed).sum()), float((cost * expected).sum()))


def krippendorff_alpha(
    ratings: Sequence[Sequence[Hashable]],
    *,
    level: str = NOMINAL,
    order: Sequence[Hashable] | None = None,
) -> float | None:
    """Computes Krippendorff's alpha ("Computing Krippendorff's Alpha-Reliability", 2011).

    Args:
        ratings: One sequence a rater, of one value an item; None where a rater did not judge it.
        level: ``nominal``, ``ordinal`` or ``interval``; the last two need numbers or an `order`.
        order: All values from lowest to highest, for ordinal data that are not numbers.

    Returns:
        Alpha, at most 1; None where fewer than two different values can be paired.

    Raises:
        UsageError: If the raters' sequences differ in length, or the level does not fit the values.
    """
    import numpy as np

    if level not in LEVELS:
        raise UsageError(f"level {level!r}: expected one of {', '.join(LEVELS)}")
    if len({len(values) for values in ratings}) > 1:
        raise UsageError("raters with different numbers of items: give None where one is missing")
    units = [[v for v in unit if v is not None] for unit in zip(*ratings, strict=True)]
    # A value without another of the same item cannot be paired, and says nothing.
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    if order is None and level != NOMINAL:
        order = sorted(set(values), key=_number)
    places = _numbered(order if order is not None else values)
    if missing := [v for v in values if v not in places]:
        raise UsageError(f"value {missing[0]!r}: expected one of {', '.join(map(str, places))}")
    counts = np.zeros((len(units), len(places)))
    for row, unit in enumerate(units):
        for value in unit:
            counts[row, places[value]] += 1
    size = counts.sum(axis=1, keepdims=True)
    scaled = counts / np.maximum(size - 1, 1)
    coincidences = scaled.T @ counts - np.diag(scaled.sum(axis=0))
    margins = counts.sum(axis=0)
    expected = (np.outer(margins, margins) - np.diag(margins)) / max(1.0, margins.sum() - 1)
    cost = _DISTANCES[level](margins, list(places))
    return _beyond_chance(float((cost * coincidences).sum()), float((cost * expected).sum()))


def _beyond_chance(observed: float, expected: float) -> float | None:
    return 1 - observed / expected if expected > 0 else None


def _numbered(values: Sequence[_Value]) -> dict[_Value, int]:
    return {value: place for place, value in enumerate(dict.fromkeys(values))}


def _number(value: Hashable) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise UsageError(f"value {value!r}: expected numbers, or the order of the values")


def _nominal(margins: NDArray[np.float64], _: list[Hashable]) -> NDArray[np.float64]:
    import numpy as np

    return 1 - np.eye(len(margins))


def _ordinal(margins: NDArray[np.float64], _: list[Hashable]) -> NDArray[np.float64]:
    """Squared number of values between two, half of the two themselves included."""
    import numpy as np

    middles = np.cumsum(margins) - margins / 2
    distances: NDArray[np.float64] = (middles[:, None] - middles) ** 2
    return distances


def _interval(_: NDArray[np.float64], values: list[Hashable]) -> NDArray[np.float64]:
    import numpy as np

    numbers = np.array([_number(value) for value in values])
    distances: NDArray[np.float64] = (numbers[:, None] - numbers) ** 2
    return distances


_DISTANCES: dict[str, Callable[..., Any]] = {
    NOMINAL: _nominal,
    ORDINAL: _ordinal,
    INTERVAL: _interval,
}

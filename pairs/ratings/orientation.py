"""Which end of a human scale is good: files rarely say so, and MQM comes with either sign."""

from __future__ import annotations

from collections.abc import Iterable

from xindaya.pairs.errors import UsageError


def orientation(values: Iterable[float], measure: str, name: str = "") -> tuple[bool, str]:
    """Tells whether a higher score is a better translation.

    Args:
        values: The scores.
        measure: Name of their column.
        name: Name of their file.

    Returns:
        The answer, and what it is read from.

    Raises:
        UsageError: If the scores are called MQM and have both signs.
    """
    held = [value for value in values if value]
    low, high = min(held, default=0.0), max(held, default=0.0)
    if "mqm" not in f"{measure} {name}".lower():
        return True, "Not called MQM, so a higher score is taken as better"
    if low < 0 < high:
        raise UsageError(
            f"{name or 'the human scores'}: MQM scores of both signs, from {low:g} to {high:g}; "
            "say which end is good with --higher-is-better or --lower-is-better"
        )
    if low < 0:
        return True, "MQM penalties with a minus sign: higher is better"
    return False, "MQM penalties: lower is better"

"""Rules that a system must meet, such as ``chrF2 >= 55`` or ``forbidden <= 0``."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xindaya.metrics import Evaluation, GateResult
from xindaya.pairs import UsageError

_RULE = re.compile(r"\s*([\w+]+)\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)\s*")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}
TERM_MEASURES = ("adherence", "coverage", "ltcr", "preferred_rate", "forbidden", "drifting")
SCORES = ("BLEU", "chrF2", "chrF2++", "TER")


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit.

    Attributes:
        measure: A metric name, or one of `TERM_MEASURES` (shares in [0, 1], or counts).
        relation: ``>=`` or ``<=``.
        limit: The number on the right.
    """

    measure: str
    relation: str
    limit: float

    def __str__(self) -> str:
        return f"{self.measure} {self.relation} {self.limit:g}"


def parse_rule(text: str) -> Rule:
    """Parses a rule.

    Raises:
        UsageError: If it is not of the form ``MEASURE >= NUMBER``, or the measure is unknown.
    """
    match = _RULE.fullmatch(text)
    if not match:
        raise UsageError(f'gate {text!r}: expected the form "chrF2 >= 55"')
    measure, relation, limit = match.groups()
    known = {name.lower(): name for name in (*SCORES, *TERM_MEASURES)}
    if measure.lower() not in known:
        close = difflib.get_close_matches(measure.lower(), known, 1)
        meant = f"; did you mean {known[close[0]]!r}?" if close else ""
        raise UsageError(
            f"gate {text!r}: unknown measure {measure!r}{meant} (known: {', '.join(known.values())})"
        )
    return Rule(known[measure.lower()], relation, float(limit))


def apply_gates(evaluation: Evaluation, rules: Sequence[Rule]) -> tuple[GateResult, ...]:
    """Checks every rule for every system."""
    return tuple(_apply(evaluation, s, rule) for s in evaluation.systems for rule in rules)


def _apply(evaluation: Evaluation, system: str, rule: Rule) -> GateResult:
    value = _value(evaluation, system, rule.measure)
    if value is None:
        # A gate that cannot be judged is not met: silence would pass a broken set-up.
        message = f"{rule.measure} was not computed, so {rule} cannot be judged"
        return GateResult(system, str(rule), False, message)
    passed = _OPERATORS[rule.relation](value, rule.limit)
    verb = "meets" if passed else "misses"
    message = f"{rule.measure} {value:.4g} {verb} {rule} ({value - rule.limit:+.4g})"
    return GateResult(system, str(rule), passed, message)


def _value(evaluation: Evaluation, system: str, measure: str) -> float | None:
    if measure in evaluation.scores:
        return evaluation.scores[measure][system]
    if measure in TERM_MEASURES and evaluation.terminology is not None:
        value: float | None = getattr(evaluation.terminology.summary(system), measure)
        return value
    return None

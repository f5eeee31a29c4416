"""Rules that a system must meet: floors, and how much worse than its baseline it may be.

A floor is written ``chrF2 >= 55`` or ``forbidden <= 0``; an allowance ``chrF2:-1.0``,
``BLEU:-2%``, ``chrF2/segment:-40`` or ``terms:+0``. How an allowance is judged is in
`xindaya.regressions`.
"""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xindaya.metrics import Evaluation, GateResult
from xindaya.metrics.judging.outcome import ALPHA, SEED
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import UsageError

_RULE = re.compile(r"\s*([\w+]+)\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)\s*")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}
TERM_SHARES = ("adherence", "coverage", "ltcr", "preferred_rate")
TERM_COUNTS = ("forbidden", "drifting")
TERM_MEASURES = TERM_SHARES + TERM_COUNTS
SCORES = ("BLEU", "chrF2", "chrF2++", "TER")
TERMS = "terms"
_ALLOWANCE = re.compile(r"\s*([\w+]+)(/segment)?\s*:\s*([+-]?)(\d+(?:\.\d+)?)\s*(%?)\s*")
_SHORT = {"chrf": "chrF2", "chrf++": "chrF2++"}  # as in a spec's list of metrics
_RISING = ("TER", TERMS)  # more is worse


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


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much worse than its baseline a system may be.

    Attributes:
        measure: A metric name, or ``terms`` (number of term errors).
        amount: The largest loss that passes: in points, or in per cent of the baseline's score.
        relative: True if `amount` is a percentage.
        per_segment: True if it is about the score of every single segment.
    """

    measure: str
    amount: float
    relative: bool = False
    per_segment: bool = False

    @property
    def sign(self) -> str:
        """The direction in which the measure gets worse."""
        return "+" if self.measure in _RISING else "-"

    def points(self, before: float) -> float:
        """Returns the largest loss in points, given the baseline's score."""
        return abs(before) * self.amount / 100 if self.relative else self.amount

    def __str__(self) -> str:
        segment = "/segment" if self.per_segment else ""
        return f"{self.measure}{segment}:{self.sign}{self.amount:g}{'%' * self.relative}"


@dataclass(frozen=True, slots=True)
class Policy:
    """How regressions are judged.

    Attributes:
        allowances: What may be lost; nothing, where a measure is not named.
        alpha: A corrected p-value below this is significant.
        seed: Of the test's random numbers.
        undecided_fails: Whether a loss fails that the data are too few to judge.
    """

    allowances: tuple[Allowance, ...] = ()
    alpha: float = ALPHA
    seed: int = SEED
    undecided_fails: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise UsageError(f"alpha {self.alpha!r}: expected a number between 0 and 1")

    def allowance(self, measure: str, *, per_segment: bool = False) -> Allowance | None:
        """Returns what may be lost of a measure, if that is said."""
        key = (measure, per_segment)
        return next((a for a in self.allowances if (a.measure, a.per_segment) == key), None)

    def metrics(self, evaluation_metrics: tuple[str, ...]) -> tuple[str, ...]:
        """Returns the metrics to judge: those with an allowance, or all if none has one."""
        named = {a.measure for a in self.allowances}
        return tuple(m for m in evaluation_metrics if m in named) or evaluation_metrics


def parse_rule(text: str, metrics: Sequence[str] = ()) -> Rule:
    """Parses a rule.

    Args:
        text: As a person writes it.
        metrics: Names of metrics that are known beside `SCORES`, such as ``chrF3``.

    Raises:
        UsageError: If it is not of the form ``MEASURE >= NUMBER``, or the measure is unknown.
    """
    match = _RULE.fullmatch(text)
    if not match:
        raise UsageError(f'gate {text!r}: expected the form "chrF2 >= 55"')
    measure, relation, limit = match.groups()
    known = _known(measure, (*SCORES, *metrics, *TERM_MEASURES), f"gate {text!r}")
    return Rule(known, relation, float(limit))


def parse_allowance(text: str, metrics: Sequence[str] = ()) -> Allowance:
    """Parses an allowance.

    Args:
        text: As a person writes it.
        metrics: Names of metrics that are known beside `SCORES`.

    Raises:
        UsageError: If it is not of the form ``MEASURE:CHANGE``, the measure is unknown, or the
            sign is that of an improvement.
    """
    match = _ALLOWANCE.fullmatch(text)
    where = f"fail-on {text!r}"
    if not match:
        raise UsageError(
            f'{where}: expected the form "chrF2:-1.0", "BLEU:-2%", "chrF2/segment:-40" or "terms:+0"'
        )
    name, segment, sign, digits, percent = match.groups()
    measure = _known(name, (*SCORES, *metrics, TERMS), where)
    if measure == TERMS and (segment or percent):
        raise UsageError(f'{where}: terms are counted over the whole text: expected "terms:+0"')
    if segment and percent:
        raise UsageError(f"{where}: expected points for single segments, not a percentage")
    allowance = Allowance(measure, float(digits), bool(percent), bool(segment))
    if float(digits) and sign != allowance.sign:
        direction = "higher" if measure in _RISING else "lower"
        raise UsageError(f"{where}: {direction} is worse; did you mean {str(allowance)!r}?")
    return allowance


def merge_allowances(*groups: Sequence[Allowance]) -> tuple[Allowance, ...]:
    """Joins lists of allowances; what a later list says of a measure wins."""
    merged = {(a.measure, a.per_segment): a for group in groups for a in group}
    return tuple(merged.values())


def apply_gates(evaluation: Evaluation, rules: Sequence[Rule]) -> tuple[GateResult, ...]:
    """Checks every rule for every system."""
    return tuple(apply_rule(evaluation, s, rule) for s in evaluation.systems for rule in rules)


def apply_rule(evaluation: Evaluation, system: str, rule: Rule) -> GateResult:
    """Checks one rule for one system."""
    value = value_of(evaluation, system, rule.measure)
    if value is None:
        # A gate that cannot be judged is not met: silence would pass a broken set-up.
        message = f"{rule.measure} was not computed, so {rule} cannot be judged"
        return GateResult(system, str(rule), False, message)
    passed = _OPERATORS[rule.relation](value, rule.limit)
    verb = "meets" if passed else "misses"
    digits = 0 if rule.measure in TERM_COUNTS else 3 if rule.measure in TERM_SHARES else 2
    by = _figure(abs(value - rule.limit), digits)
    message = f"{rule.measure} {_figure(value, digits)} {verb} {rule} by {by}"
    if remark := _remark(evaluation, system, rule.measure):
        message += f" ({remark})"
    return GateResult(system, str(rule), passed, message)


def _remark(evaluation: Evaluation, system: str, measure: str) -> str:
    if measure not in evaluation.metrics:
        return ""
    rows = evaluation.rows[measure][evaluation.systems.index(system)]
    return evaluation.metrics[measure].remark(sum_rows(rows))


def _figure(value: float, digits: int) -> str:
    """Sets a value with a few digits; only a small one that would look like 0 has others."""
    short = f"{value:.{digits}f}"
    return short if float(short) or not value else f"{value:.2g}"


def value_of(evaluation: Evaluation, system: str, measure: str) -> float | None:
    """Returns a metric's score or a term measure, or None if it was not computed."""
    if measure in evaluation.scores:
        return evaluation.scores[measure][system]
    if measure in TERM_MEASURES and evaluation.terminology is not None:
        value: float | None = getattr(evaluation.terminology.summary(system), measure)
        return value
    return None


def _known(measure: str, names: Sequence[str], where: str) -> str:
    """Returns the measure as it is written, whatever the case typed."""
    known = {name.lower(): name for name in names} | _SHORT
    if measure.lower() in known:
        return known[measure.lower()]
    close = difflib.get_close_matches(measure.lower(), known, 1)
    meant = f"; did you mean {known[close[0]]!r}?" if close else ""
    raise UsageError(
        f"{where}: unknown measure {measure!r}{meant} (known: {', '.join(dict.fromkeys(names))})"
    )

"""Rules that a system must meet: floors, and how much worse than its baseline it may be.

A floor is written ``chrF2 >= 55`` or ``forbidden <= 0``; an allowance ``chrF2:-1.0``,
``BLEU:-2%``, ``chrF2/segment:-40`` or ``terms:+0``. How an allowance is judged is in
`xindaya.regressions`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from xindaya.metrics import Evaluation, GateResult, Metric
from xindaya.metrics.judging.outcome import ALPHA, SEED
from xindaya.metrics.measures import (
    TERM_ERRORS,
    TERM_MEASURES,
    TERMS,
    Measure,
    known_measures,
    measure_named,
    measure_of,
)
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import UsageError

_NAME = r"\s*(\w[\w+.-]*?)"  # as `metrics.scores.NAME`
_RULE = re.compile(_NAME + r"\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)\s*")
_ALLOWANCE = re.compile(_NAME + r"(/segment)?\s*:\s*([+-]?)(\d+(?:\.\d+)?)\s*(%?)\s*")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit.

    Attributes:
        measure: A metric name, or one of `TERM_MEASURES`.
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
        measure: A metric, or ``terms`` (number of term errors).
        amount: The largest loss that passes: in points, or in per cent of the baseline's score.
        relative: True if `amount` is a percentage.
        per_segment: True if it is about the score of every single segment.
        sign: The direction in which the measure gets worse; told by its name where it is ours.
    """

    measure: str
    amount: float
    relative: bool = False
    per_segment: bool = False
    sign: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.sign:
            known = known_measures() | {TERMS: TERM_ERRORS}
            measure = known.get(self.measure, Measure(self.measure))
            object.__setattr__(self, "sign", measure.sign)

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


def parse_rule(text: str, metrics: Iterable[Metric] = ()) -> Rule:
    """Parses a rule.

    Args:
        text: As a person writes it.
        metrics: That are computed; our own are known in any case.

    Raises:
        UsageError: If it is not of the form ``MEASURE >= NUMBER``, or the measure is unknown.
    """
    match = _RULE.fullmatch(text)
    if not match:
        raise UsageError(f'gate {text!r}: expected the form "chrF2 >= 55"')
    measure, relation, limit = match.groups()
    unknown = f"gate {text!r}: unknown measure {measure!r}"
    known = measure_named(measure, known_measures(metrics), unknown)
    return Rule(known, relation, float(limit))


def parse_allowance(
    text: str, metrics: Iterable[Metric] = (), *, lenient: bool = False
) -> Allowance:
    """Parses an allowance.

    Args:
        text: As a person writes it.
        metrics: That are computed; our own are known in any case.
        lenient: Others may be computed, too: a name that is unlike all known ones is believed, and so
            is its sign.

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
    measure = _lost(name, sign, metrics, where, lenient=lenient)
    if measure == TERM_ERRORS and (segment or percent):
        raise UsageError(f'{where}: terms are counted over the whole text: expected "terms:+0"')
    if segment and percent:
        raise UsageError(f"{where}: expected points for single segments, not a percentage")
    allowance = Allowance(measure.name, float(digits), bool(percent), bool(segment), measure.sign)
    if float(digits) and sign != measure.sign:
        direction = "lower" if measure.higher_is_better else "higher"
        raise UsageError(f"{where}: {direction} is worse; did you mean {str(allowance)!r}?")
    return allowance


def _lost(name: str, sign: str, metrics: Iterable[Metric], where: str, *, lenient: bool) -> Measure:
    """Returns the measure that an allowance is about: a metric or the term errors."""
    known = {n: m for n, m in known_measures(metrics).items() if n not in TERM_MEASURES}
    known[TERMS] = TERM_ERRORS
    try:
        return known[measure_named(name, known, f"{where}: unknown measure {name!r}")]
    except UsageError as error:
        if not lenient or "did you mean" in str(error):
            raise
        return Measure(name, higher_is_better=sign != "+")


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
    digits = _measure(evaluation, rule.measure).digits
    by = _figure(abs(value - rule.limit), digits)
    message = f"{rule.measure} {_figure(value, digits)} {verb} {rule} by {by}"
    if remark := _remark(evaluation, system, rule.measure):
        message += f" ({remark})"
    return GateResult(system, str(rule), passed, message)


def _measure(evaluation: Evaluation, name: str) -> Measure:
    return TERM_MEASURES.get(name) or measure_of(evaluation.metrics[name])


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

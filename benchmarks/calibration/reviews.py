"""Reviews: verdicts by points, acceptance plans and blind preferences, where the truth is known.

*At the tolerance*: errors of every severity are Poisson, and their expected points are exactly those
that are tolerated, so neither PASS nor FAIL is deserved. *No preference*: a coin decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from calibration import Row, Task
from xindaya.metrics.acceptance import acceptance_plan
from xindaya.metrics.judging.outcome import ALPHA
from xindaya.metrics.mqm import (
    CONFIDENCE,
    J2450_LIKE,
    MQM,
    WMT,
    Linear,
    Verdict,
    Weights,
    score_lot,
)
from xindaya.metrics.preferences import SignTest, judged, sign_p_value
from xindaya.metrics.triage import triage
from xindaya.pairs.formats import MqmError

SIZES = (1, 2, 5, 20, 100, 1000)
"""Expected errors at the tolerance, or judged pairs."""

FAMILIES = (1, 12, 51)

Kind = tuple[str, str]
"""Category and severity of an error."""

MINOR, MAJOR = ("Style", "minor"), ("Style", "major")
NOTHING = ("Non-translation", "major")

MIXES: Sequence[tuple[str, Weights, Mapping[Kind, float], int]] = (
    ("MQM, all minor", MQM, {MINOR: 1.0}, 1),
    ("MQM, 1 in 50 major", MQM, {MINOR: 0.98, MAJOR: 0.02}, 1),
    ("MQM, 1 in 6 major", MQM, {MINOR: 5 / 6, MAJOR: 1 / 6}, 1),
    ("MQM, all major", MQM, {MAJOR: 1.0}, 1),
    ("MQM, 1 in 6 major, two raters who each see 7 of 10", MQM, {MINOR: 5 / 6, MAJOR: 1 / 6}, 2),
    ("J2450-like", J2450_LIKE, {("Omission", "minor"): 0.6, ("Misspelling", "minor"): 0.2, ("Wrong term", "serious"): 0.2}, 1),
    ("WMT, 1 in 100 no translation", WMT, {MINOR: 0.8, MAJOR: 0.19, NOTHING: 0.01}, 1),
)  # fmt: skip
_SEEN = 0.7
_SIZE = 10_000


def tasks(data: Path, replicates: int) -> Iterator[Task]:
    """Yields all simulations of reviews.

    Args:
        data: Not needed: the truth is made.
        replicates: Simulations a rate.
    """
    for name, weights, mix, raters in MIXES:
        for n in SIZES:
            yield Task(f"reviews {name}, n = {n}",
                       partial(_at_the_tolerance, name, weights, mix, raters, n, replicates))  # fmt: skip
    for n in SIZES:
        yield Task(f"reviews passed, n = {n}", partial(_passed, n, replicates))
    for known in (0.0, 0.5):
        for n in (20, 100, 300):
            yield Task(f"reviews triage, {known}, n = {n}", partial(_triage, known, n, replicates))
    yield Task("reviews plans", partial(_plans, replicates))
    for family in FAMILIES:
        for n in SIZES:
            yield Task(f"reviews blind, {family}, n = {n}",
                       partial(_preferences, n, family, 0.5, replicates))  # fmt: skip
    for n in (20, 100, 1000):
        yield Task(f"reviews blind, power, n = {n}", partial(_preferences, n, 1, 0.6, replicates))


def _at_the_tolerance(
    name: str,
    weights: Weights,
    mix: Mapping[Kind, float],
    raters: int,
    n: int,
    replicates: int,
    rng: np.random.Generator,
) -> Iterator[Row]:
    points = n * sum(share * weights.penalty(*kind) for kind, share in mix.items())
    found = _verdicts(weights, mix, raters, n, points, replicates, rng)
    bound = round((1 - CONFIDENCE) / 2, 6)
    for verdict in (Verdict.PASS, Verdict.FAIL):
        yield Row("review import", verdict, f"points at the tolerance: {name}", n, 1, replicates,
                  found.count(verdict) / replicates, bound, "n: errors expected")  # fmt: skip


def _passed(n: int, replicates: int, rng: np.random.Generator) -> Iterator[Row]:
    """Power: half the points that are tolerated."""
    mix = {MINOR: 5 / 6, MAJOR: 1 / 6}
    tolerated = 2 * n * (5 / 6 + 5 / 6)
    found = _verdicts(MQM, mix, 1, n, tolerated, replicates, rng)
    yield Row("review import", Verdict.PASS, "half the points that are tolerated", n, 1, replicates,
              found.count(Verdict.PASS) / replicates, None, "n: errors expected")  # fmt: skip


def _verdicts(
    weights: Weights,
    mix: Mapping[Kind, float],
    raters: int,
    n: int,
    tolerated: float,
    replicates: int,
    rng: np.random.Generator,
) -> list[Verdict]:
    """Returns what `score_lot` says of samples with n errors expected; equal samples once."""
    known: dict[tuple[tuple[int, ...], ...], Verdict] = {}
    names = [str(r) for r in range(raters)]
    seen = 1.0 if raters == 1 else _SEEN
    result = []
    for _ in range(replicates):
        there = rng.poisson([n * share / seen for share in mix.values()])
        counts = tuple(tuple(rng.binomial(there, seen).tolist()) for _ in names)
        if counts not in known:
            errors = [MqmError("s", "1", name, "No-error", "no-error") for name in names]
            for name, numbers in zip(names, counts, strict=True):
                for (category, severity), number in zip(mix, numbers, strict=True):
                    errors += [MqmError("s", "1", name, category, severity)] * number
            known[counts] = score_lot(
                errors, size=_SIZE, unit="words", weights=weights,
                tolerance=Linear(1000 * tolerated / _SIZE),
            ).verdict  # fmt: skip
        result.append(known[counts])
    return result


def _plans(replicates: int, rng: np.random.Generator) -> Iterator[Row]:
    for good, bad, lot in ((2, 8, None), (1, 5, 1200), (5, 20, 60)):
        plan = acceptance_plan(Fraction(good, 100), Fraction(bad, 100), lot=lot)
        told = "very many segments" if lot is None else f"{lot:,} segments"
        for share, word, bound in ((good, "REJECT", 0.05), (bad, "ACCEPT", 0.10)):
            if lot is None:
                found = rng.binomial(plan.size, share / 100, replicates)
            else:
                wrong = lot * share // 100
                found = rng.hypergeometric(wrong, lot - wrong, plan.size, replicates)
            said = found <= plan.accept if word == "ACCEPT" else found > plan.accept
            yield Row("review plan, import", word, f"{share} % bad of {told}", plan.size, 1,
                      replicates, float(said.mean()), bound, "n: segments reviewed")  # fmt: skip


def _triage(known: float, n: int, replicates: int, rng: np.random.Generator) -> Iterator[Row]:
    """A part is named in which more are bad than are allowed.

    Args:
        known: How far the order follows what is bad: 0 for not at all.
        n: Segments reviewed.
        replicates: Simulations.
        rng: Of all random numbers.
    """
    lot, most = 1000, Fraction(5, 100)
    wrong = named = 0
    spoiled = 80 if known else 51  # 5 % of the lot, and one
    for _ in range(replicates):
        bad = rng.permutation(lot) < spoiled
        order = np.argsort(known * bad + rng.random(lot), kind="stable").tolist()
        reviewed = rng.choice(lot, n, replace=False).tolist()
        found = triage(order, {place: bool(bad[place]) for place in reviewed}, most=most,
                       confidence=Fraction(95, 100)).free  # fmt: skip
        if found:
            named += 1
            wrong += bad[order[: found.segments]].sum() > most * found.segments
    worth = "worth nothing" if not known else "that tells something"
    yield Row("review triage", "a part needs no person, wrongly", f"{spoiled / 10:g} % bad, an order {worth}", n, 20,
              replicates, wrong / replicates, 0.05, f"named: {named / replicates:.0%}")  # fmt: skip


def _preferences(
    n: int, family: int, share: float, replicates: int, rng: np.random.Generator
) -> Iterator[Row]:
    p_values: dict[int, float] = {}
    wrong = 0
    for wins in rng.binomial(n, share, (replicates, family)).tolist():
        tests = []
        for won in wins:
            fewer = min(won, n - won)
            if fewer not in p_values:
                p_values[fewer] = sign_p_value(won, n - won)
            tests.append(SignTest("a", "b", won, n - won, 0, p_values[fewer], 1.0))
        wrong += any(t.outcome.real for t in judged(tests))
    fair = share == 0.5
    truth = "no preference" if fair else f"one is preferred in {share:.0%}"
    yield Row("review blind", "better or worse", truth, n, family, replicates, wrong / replicates,
              ALPHA if fair else None, "n: segments with a preference")  # fmt: skip

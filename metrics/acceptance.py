"""How much to review, and when to accept: single sampling plans by attributes.

A plan says: review n segments, accept the delivery if at most c of them have an error that counts.
Its risks are exact sums of binomial probabilities, or of hypergeometric ones where the size of the
lot is known; no table of a standard is used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from xindaya.pairs import UsageError

MAX_SIZE = 20_000
"""Largest sample that is searched for; nobody reviews more."""

MAX_LOT = 10**12
"""Largest lot whose size is reckoned with: a larger one is as good as unlimited."""

LEAST_RISK = Fraction(1, 10**6)

_CLOSE = 1e-9  # a float this near to a risk is computed again, exactly; its error is below that
_NOTHING = 1e-18  # share of the largest term below which the others are left out


@dataclass(frozen=True, slots=True)
class Plan:
    """A single sampling plan.

    Attributes:
        size: Number of segments to review (n).
        accept: Largest number of bad ones with which the lot is accepted (c).
        good: Share of bad segments in a lot that should pass (acceptable quality level).
        bad: Share in a lot that should not (rejectable quality level).
        producer_risk: Largest chance asked for that a good lot is rejected.
        consumer_risk: Largest chance asked for that a bad lot is accepted.
        lot: Number of segments in the lot; None for one much larger than the sample.
    """

    size: int
    accept: int
    good: Fraction
    bad: Fraction
    producer_risk: Fraction
    consumer_risk: Fraction
    lot: int | None = None

    @property
    def producer_risk_met(self) -> float:
        """Chance that a lot at the good level is rejected."""
        return float(1 - _exact(self.size, self.accept, _Quality.good(self.good, self.lot)))

    @property
    def consumer_risk_met(self) -> float:
        """Chance that a lot at the bad level is accepted."""
        return float(_exact(self.size, self.accept, _Quality.bad(self.bad, self.lot)))

    def acceptance(self, quality: float | Fraction) -> float:
        """Returns the chance that a lot with this share of bad segments is accepted.

        In a lot of known size the share is taken to the nearest whole number of segments; the two
        levels are rounded as the plan does.
        """
        share = Fraction(quality)
        if share == self.good:
            return _near(self.size, self.accept, _Quality.good(share, self.lot))
        if share == self.bad or self.lot is None:
            return _near(self.size, self.accept, _Quality.bad(share, self.lot))
        return _near(self.size, self.accept, _Quality(share, self.lot, round(share * self.lot)))


def acceptance_plan(
    good: Fraction,
    bad: Fraction,
    *,
    producer_risk: Fraction = Fraction(5, 100),
    consumer_risk: Fraction = Fraction(10, 100),
    lot: int | None = None,
) -> Plan:
    """Finds the smallest plan that meets both risks.

    For each c there is a smallest n at which a bad lot passes seldom enough; the first c at whose n
    a good lot passes often enough is the answer, because n grows with c.

    Args:
        good: Acceptable share of bad segments, in [0, bad).
        bad: Rejectable share, at most 1.
        producer_risk: At least `LEAST_RISK`, and as far from 1.
        consumer_risk: Likewise.
        lot: Number of segments in the lot. The good level is rounded down to whole segments, the
            bad one up.

    Raises:
        UsageError: If a value is out of range, or no plan of at most `MAX_SIZE` segments meets the
            risks; a lot of no more segments than that always has one.
    """
    if not 0 <= good < bad <= 1:
        raise UsageError(
            f"levels {float(good):.4g} and {float(bad):.4g}: expected 0 ≤ accept < reject ≤ 1"
        )
    for name, risk in (("producer", producer_risk), ("consumer", consumer_risk)):
        if not LEAST_RISK <= risk <= 1 - LEAST_RISK:
            raise UsageError(
                f"{name} risk {float(risk):.4g}: expected between 0 and 1, and at least "
                f"{float(LEAST_RISK):.0e} from either"
            )
    if lot is not None and not 1 <= lot <= MAX_LOT:
        raise UsageError(
            f"a lot of {lot} segments: expected from 1 to {MAX_LOT:,}; leave it out for more"
        )
    low, high = _Quality.good(good, lot), _Quality.bad(bad, lot)
    largest = MAX_SIZE if lot is None else min(lot, MAX_SIZE)
    size = 1
    for accept in range(largest):
        size = _smallest_size(max(size, accept + 1), accept, high, consumer_risk, largest)
        if size > largest:
            break
        if _at_least(size, accept, low, 1 - producer_risk):
            return Plan(size, accept, good, bad, producer_risk, consumer_risk, lot)
    raise UsageError(
        f"no plan of at most {largest:,} segments meets these risks; "
        "set the two levels further apart, or allow larger risks"
    )


def chance_of_so_few(found: int, size: int, bad: int, lot: int) -> float:
    """Returns the chance of at most so many bad ones in a random sample of a lot.

    Args:
        found: Bad ones in the sample.
        size: Of the sample, drawn without replacement.
        bad: Bad ones in the lot.
        lot: Segments in the lot; with no more than `bad`, the chance is that of a lot of bad ones.
    """
    count = min(bad, lot)
    return _near(size, found, _Quality(Fraction(count, max(1, lot)), lot, count))


@dataclass(frozen=True, slots=True)
class _Quality:
    """A share of bad segments; in a lot of known size, their number."""

    share: Fraction
    lot: int | None
    count: int | None

    @classmethod
    def good(cls, share: Fraction, lot: int | None) -> _Quality:
        return cls(share, lot, None if lot is None else math.floor(share * lot))

    @classmethod
    def bad(cls, share: Fraction, lot: int | None) -> _Quality:
        return cls(share, lot, None if lot is None else math.ceil(share * lot))


def _smallest_size(start: int, accept: int, bad: _Quality, risk: Fraction, largest: int) -> int:
    """Returns the smallest n from `start` on with P(accept) ≤ risk, which falls with n.

    Beyond `largest` if there is none.
    """

    def enough(size: int) -> bool:
        return not _at_least(size, accept, bad, risk, strictly=True)

    step, low, high = 1, start - 1, start
    while high <= largest and not enough(high):
        low, step = high, 2 * step
        high = min(high + step, largest) if high < largest else largest + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _at_least(
    size: int, accept: int, quality: _Quality, bound: Fraction, *, strictly: bool = False
) -> bool:
    """True if P(accept) reaches the bound; exact, though most cases are clear from a float."""
    near = _near(size, accept, quality)
    if abs(near - bound) > _CLOSE:
        return near > bound
    exact = _exact(size, accept, quality)
    return exact > bound if strictly else exact >= bound


def _near(size: int, accept: int, quality: _Quality) -> float:
    """P(at most `accept` bad ones) in floating point.

    The terms are followed downwards and upwards from the largest, so that none is lost.
    """
    if quality.lot is None or quality.count is None:
        p, least, most = float(quality.share), 0, size
        if p in (0, 1):
            return float(p == 0 or accept >= size)
        middle = min(accept, int((size + 1) * p))
        log = _log_choose(size, middle) + middle * math.log(p) + (size - middle) * math.log1p(-p)

        def below(i: int) -> float:
            return i / (size - i + 1) * (1 - p) / p
    else:
        count, sound = quality.count, quality.lot - quality.count
        least, most = max(0, size - sound), min(size, count)
        middle = max(least, min(accept, (size + 1) * (count + 1) // (quality.lot + 2)))
        log = _log_choose(count, middle) + _log_choose(sound, size - middle)
        log -= _log_choose(quality.lot, size)

        def below(i: int) -> float:
            return i * (sound - size + i) / ((count - i + 1) * (size - i + 1))

    if not least <= accept < most:
        return float(accept >= most)
    largest = math.exp(log)
    terms = [largest]
    for i in range(middle, least, -1):
        terms.append(terms[-1] * below(i))
        if terms[-1] < largest * _NOTHING:
            break
    term = largest
    for i in range(middle + 1, accept + 1):
        term /= below(i)
        terms.append(term)
        if term < largest * _NOTHING:
            break
    return min(1.0, math.fsum(terms))


def _log_choose(n: int, k: int) -> float:
    if n < 10_000:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    # The logarithms of two large factorials would cancel, and with them the digits that count:
    # the difference of their Stirling series instead, C(n, k) being C(n, n - k).
    k = min(k, n - k)
    m = n - k
    falling = k * math.log(n) - (m + 0.5) * math.log1p(-k / n) - k
    return falling + _stirling(n) - _stirling(m) - math.lgamma(k + 1)


def _stirling(n: int) -> float:
    """What ln n! is beyond (n + 1/2) ln n - n + ln √(2π)."""
    return 1 / (12 * n) - 1 / (360 * n**3)


def _exact(size: int, accept: int, quality: _Quality) -> Fraction:
    """P(at most `accept` bad ones) as a fraction of whole numbers."""
    if quality.lot is None or quality.count is None:
        a, b = quality.share.as_integer_ratio()
        if a == b:
            return Fraction(int(accept >= size))
        term = total = (b - a) ** size
        for i in range(min(accept, size)):
            term = term * (size - i) * a // ((i + 1) * (b - a))  # always divides
            total += term
        return Fraction(total, b**size)
    count, sound = quality.count, quality.lot - quality.count
    terms = range(min(accept, size) + 1)
    total = sum(math.comb(count, i) * math.comb(sound, size - i) for i in terms)
    return Fraction(total, math.comb(quality.lot, size))

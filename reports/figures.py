"""Numbers as they are set: how many decimals, which sign, which dash."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from xindaya.metrics import Comparison, Evaluation
from xindaya.metrics.judging.outcome import EXACT, RANDOMISATION, Interval, Outcome
from xindaya.pairs.wording import counted

MINUS = "\N{MINUS SIGN}"
_USUAL = 2  # decimals of scores up to 100
_MARKS = {"real_better": "▲", "real_worse": "▼"}


def number(value: float | None, decimals: int = 1) -> str:
    """Returns a number with a fixed count of decimals, or a dash if there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.{decimals}f}".replace("-", MINUS)


def signed(value: float, decimals: int = 2) -> str:
    """Returns a difference with its sign; a rounded zero is ``±0``."""
    text = f"{value:+.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else "±" + text[1:]


def span(interval: Interval | None, decimals: int = 2) -> str:
    """Returns the two ends of an interval of a difference, or a dash where there is none."""
    if interval is None:
        return "–"
    return f"{signed(interval.low, decimals)} … {signed(interval.high, decimals)}"


class _Measured(Protocol):
    @property
    def digits(self) -> int: ...


def decimals(metric: _Measured, width: int) -> int:
    """Returns the decimals of a metric's scores where scores up to 100 have `width` of them."""
    return max(0, width + metric.digits - _USUAL)


def percent(share: float | None) -> str:
    """Returns a share as ``97.5 %``, or a dash if it is undefined."""
    return "–" if share is None else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def share(value: float | None) -> str:
    """Returns a share as text views and Markdown set it: ``97.5%``; `percent` is for HTML."""
    return "–" if value is None else f"{value:.1%}"


def adherence(value: float | None, ceiling: float | None) -> str:
    """Returns an adherence beside the reference's own, which is the ceiling: ``84.0% of 95.8%``."""
    return share(value) + ("" if ceiling is None else f" of {share(ceiling)}")


def bounds(shares: tuple[float, float]) -> str:
    """Returns the two ends of an interval of shares, in per cent."""
    return f"{100 * shares[0]:.1f}–{100 * shares[1]:.1f}"


def p_value(p: float) -> str:
    """Returns ``p = 0.013``, never a p of zero."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def judged_p(comparison: Comparison) -> str:
    """Returns the p-value that the words follow, named where it is a corrected one."""
    shown = p_value(comparison.p_holm)
    return shown if shown == p_value(comparison.p_value) else f"Holm {shown}"


def is_corrected(comparisons: Iterable[Comparison]) -> bool:
    """True if Holm's correction changes a p-value, so that both are to be shown."""
    return any(c.p_holm != c.p_value for c in comparisons)


def verdict_key(comparison: Comparison, higher_is_better: bool) -> str:
    """Returns the key of the words for a comparison."""
    outcome = comparison.outcome
    if outcome is Outcome.IDENTICAL:
        return "identical"
    if outcome is Outcome.TOO_FEW:
        return "too_few"
    if comparison.delta == 0:
        return "no_difference"
    side = "better" if (comparison.delta > 0) == higher_is_better else "worse"
    return f"{'real' if outcome.real else 'chance'}_{side}"


def mark(comparison: Comparison, higher_is_better: bool) -> str:
    """Returns ``▲`` for a real gain and ``▼`` for a real loss, whichever way the metric points."""
    return _MARKS.get(verdict_key(comparison, higher_is_better), "")


def legend(evaluation: Evaluation, spell: Callable[[str], str]) -> list[str]:
    """Explains the marks that a view of the scores shows, or says why there is none.

    Args:
        evaluation: With comparisons.
        spell: Makes the name of the baseline safe for the view.
    """
    better = {m: evaluation.metrics[m].higher_is_better for m in evaluation.metrics}
    shown = {mark(c, better[c.metric]) for c in evaluation.comparisons}
    words = [f"{m} {key.removeprefix('real_')}" for key, m in _MARKS.items() if m in shown]
    baseline = spell(evaluation.baseline)
    said = f"{', '.join(words)} than {baseline}:" if words else f"no difference from {baseline} has"
    lines = [f"{said} {test_in_words(evaluation.comparisons)}", *_power(evaluation)]
    few = [c for c in evaluation.comparisons if c.outcome is Outcome.TOO_FEW]
    if few:
        needed = max(c.needed for c in few)
        count = counted(len(few), "comparison")
        lines.append(
            f"too few to tell in {count}: a verdict takes {needed} segments that differ or more"
        )
    asked = [c for c in evaluation.comparisons if c.p_sacrebleu is not None]
    lines += [
        f"sacrebleu's p of {spell(c.system)}, {c.metric}: {c.p_sacrebleu:.4f} (it decides nothing)"
        for c in asked
    ]
    return lines


def test_in_words(comparisons: Sequence[Comparison]) -> str:
    """Says how differences were judged, in one clause."""
    test = comparisons[0]
    corrected = f", Holm's correction for {test.tests} systems" if test.tests > 1 else ""
    tried = sorted({c.samples for c in comparisons if c.method == RANDOMISATION})
    if not tried:
        how = f"{EXACT}, all arrangements"
    else:
        span = f"{tried[0]:,}" + (f" to {tried[-1]:,}" if len(tried) > 1 else "")
        error = max(c.monte_carlo_error for c in comparisons)
        how = f"{RANDOMISATION}, {span} trials, p ± {error:.1g}, seed {test.seed}"
    unsettled = sum(not c.settled for c in comparisons)
    close = f"; {counted(unsettled, 'answer')} within that error of {test.alpha:g}"
    return f"p < {test.alpha:g} ({how}{corrected}{close if unsettled else ''})"


def _power(evaluation: Evaluation) -> list[str]:
    """Says how small a difference of each metric this test set can show."""
    sizes = []
    for metric in evaluation.metrics:
        known = [
            c.detectable for c in evaluation.comparisons
            if c.metric == metric and c.detectable is not None
        ]  # fmt: skip
        if known:
            width = decimals(evaluation.metrics[metric], 1)
            low, high = number(min(known), width), number(max(known), width)
            sizes.append(f"{metric} {low}" + (f" to {high}" if low != high else ""))
    if not sizes:
        return []
    return [f"differences that this test set shows four times in five: {', '.join(sizes)} points"]

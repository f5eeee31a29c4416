"""Numbers as they are set: how many decimals, which sign, which dash."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from xindaya.metrics import Comparison, Evaluation
from xindaya.metrics.judging.outcome import ALPHA

MINUS = "\N{MINUS SIGN}"
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


def percent(share: float | None) -> str:
    """Returns a share as ``97.5 %``, or a dash if it is undefined."""
    return "–" if share is None else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def share(value: float | None) -> str:
    """Returns a share as text views and Markdown set it: ``97.5%``; `percent` is for HTML."""
    return "–" if value is None else f"{value:.1%}"


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


def is_real(comparison: Comparison) -> bool:
    """True if the difference is called real, after correction for the systems compared."""
    return comparison.p_holm < ALPHA and comparison.delta != 0


def verdict_key(comparison: Comparison, higher_is_better: bool) -> str:
    """Returns the key of the words for a comparison."""
    if comparison.delta == 0:
        return "no_difference"
    side = "better" if (comparison.delta > 0) == higher_is_better else "worse"
    return f"{'real' if is_real(comparison) else 'chance'}_{side}"


def mark(comparison: Comparison, higher_is_better: bool) -> str:
    """Returns ``▲`` for a real gain and ``▼`` for a real loss, whichever way the metric points."""
    return _MARKS.get(verdict_key(comparison, higher_is_better), "")


def legend(evaluation: Evaluation, spell: Callable[[str], str]) -> str:
    """Explains the marks that a view of the scores shows, or says why there is none.

    Args:
        evaluation: With comparisons.
        spell: Makes the name of the baseline safe for the view.
    """
    test = evaluation.comparisons[0]
    better = {m: evaluation.metrics[m].higher_is_better for m in evaluation.metrics}
    shown = {mark(c, better[c.metric]) for c in evaluation.comparisons}
    words = [f"{m} {key.removeprefix('real_')}" for key, m in _MARKS.items() if m in shown]
    others = len(evaluation.systems) - 1
    corrected = f", Holm's correction for {others} systems" if others > 1 else ""
    baseline = spell(evaluation.baseline)
    said = f"{', '.join(words)} than {baseline}:" if words else f"no difference from {baseline} has"
    return (
        f"{said} p < {ALPHA} (paired {test.method}, {test.samples:,} samples, seed {test.seed}"
        f"{corrected})"
    )

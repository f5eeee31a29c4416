"""Numbers as they are set: how many decimals, which sign, which dash."""

from __future__ import annotations

import math

from xindaya.metrics import Comparison
from xindaya.metrics.significance import ALPHA

MINUS = "\N{MINUS SIGN}"


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


def bounds(shares: tuple[float, float]) -> str:
    """Returns the two ends of an interval of shares, in per cent."""
    return f"{100 * shares[0]:.1f}–{100 * shares[1]:.1f}"


def p_value(p: float) -> str:
    """Returns ``p = 0.013``, never a p of zero."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def is_real(comparison: Comparison) -> bool:
    """True if the difference is called real, after correction for the systems compared."""
    return comparison.p_holm < ALPHA and comparison.delta != 0


def verdict_key(comparison: Comparison, higher_is_better: bool) -> str:
    """Returns the key of the words for a comparison."""
    if comparison.delta == 0:
        return "no_difference"
    side = "better" if (comparison.delta > 0) == higher_is_better else "worse"
    return f"{'real' if is_real(comparison) else 'chance'}_{side}"

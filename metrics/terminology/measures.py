"""Numbers about how consistently a term is rendered, from its renderings in reading order.

All are functions of counts, and counts add up over segments, documents and processes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise


def ltcr(counts: Mapping[str, int]) -> float | None:
    """Lexical translation consistency ratio (Lyu et al. 2021): share of pairs that agree.

    For a term that occurs k times, ``Σ c(c-1) / (k(k-1))`` over its renderings' counts c.

    Returns:
        A share in [0, 1], or None for fewer than two occurrences.
    """
    agreeing, pairs = ltcr_pairs(counts)
    return agreeing / pairs if pairs else None


def ltcr_pairs(counts: Mapping[str, int]) -> tuple[int, int]:
    """Returns numerator and denominator of `ltcr`; corpus LTCR is the ratio of their sums."""
    k = sum(counts.values())
    return sum(c * (c - 1) for c in counts.values()), k * (k - 1)


def dominant_share(counts: Mapping[str, int]) -> float | None:
    """Share of the most frequent rendering, in (0, 1], or None without occurrences."""
    return max(counts.values()) / sum(counts.values()) if counts else None


def first_form_share(renderings: Sequence[str]) -> float | None:
    """Share of the later occurrences that repeat the first rendering (Semenov & Bojar 2022).

    Returns:
        A share in [0, 1], or None for fewer than two occurrences.
    """
    later = renderings[1:]
    return sum(r == renderings[0] for r in later) / len(later) if later else None


def switch_rate(renderings: Sequence[str]) -> float | None:
    """Share of consecutive occurrences between which the rendering changes; ours.

    One early change of mind is low, flip-flopping is high.

    Returns:
        A share in [0, 1], or None for fewer than two occurrences.
    """
    steps = list(pairwise(renderings))
    return sum(a != b for a, b in steps) / len(steps) if steps else None


def normalised_entropy(counts: Mapping[str, int]) -> float | None:
    """Entropy of the renderings over its maximum ``log2(V)``; 0 for one rendering.

    Returns:
        A number in [0, 1], or None without occurrences.
    """
    total = sum(counts.values())
    if not total:
        return None
    if len(counts) < 2:
        return 0.0
    shares = [c / total for c in counts.values() if c]
    return -sum(p * math.log2(p) for p in shares) / math.log2(len(counts))


def jensen_shannon(a: Mapping[str, int], b: Mapping[str, int]) -> float | None:
    """Jensen–Shannon divergence (base 2) of two rendering distributions.

    Returns:
        0 for equal distributions, 1 for disjoint ones; None if either side is empty.
    """
    n_a, n_b = sum(a.values()), sum(b.values())
    if not n_a or not n_b:
        return None
    divergence = 0.0
    for rendering in sorted(a.keys() | b.keys()):
        p, q = a.get(rendering, 0) / n_a, b.get(rendering, 0) / n_b
        middle = (p + q) / 2
        divergence += 0.5 * sum(x * math.log2(x / middle) for x in (p, q) if x)
    return min(1.0, max(0.0, divergence))


def count(renderings: Sequence[str]) -> Counter[str]:
    """Counts renderings; an empty one means unresolved and is left out."""
    return Counter(r for r in renderings if r)

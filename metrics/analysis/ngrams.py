"""N-grams that one system gets and another misses.

For two systems, count the segments in which one gets an n-gram more often than the other (see
`trie` for what is got). N-grams are ordered by the exact sign test on these two counts (Conover
1999, Practical Nonparametric Statistics, 3.4), so that 5 to 0 stands before 30 to 25. The idea is compare-mt's (Neubig et al. 2019), whose order, (a + 1) / (a + b + 2),
puts 3 to 0 before 30 to 8.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from xindaya.metrics.analysis.texts import Coder, affordable, metric_coder
from xindaya.metrics.analysis.trie import Integers, ReferenceNGrams
from xindaya.metrics.evaluation import Evaluation

MOST = 20
BUDGET = 60_000_000  # characters of output; beyond, memory and minutes: the best systems only
_CANDIDATES = 50  # times as many as are wanted: enough that are not parts of one another


@dataclass(frozen=True, slots=True)
class NGram:
    """An n-gram and in how many segments it tells two systems apart.

    Attributes:
        text: As it stands in a reference, to be searched for.
        tokens: Its one to four tokens.
        only: Segments in which this system gets it more often than the other.
        other: Segments in which the other system gets it more often.
        segments: Segments with a reference that has it.
        p_value: Of the sign test, two-sided. It orders; it proves nothing, because thousands of
            n-grams are looked at.
    """

    text: str
    tokens: tuple[str, ...]
    only: int
    other: int
    segments: int
    p_value: float


@dataclass(frozen=True, slots=True)
class NGramComparison:
    """What a system and the baseline get of the references, each without the other.

    Attributes:
        system: Name of the system.
        baseline: Name of the baseline.
        gained: The system gets them, the baseline does not; clearest first.
        missed: The baseline gets them, the system does not.
    """

    system: str
    baseline: str
    gained: tuple[NGram, ...]
    missed: tuple[NGram, ...]


def compare_ngrams(
    evaluation: Evaluation, coder: Coder | None = None, most: int = MOST
) -> tuple[NGramComparison, ...]:
    """Compares the baseline with every other system, as many as are affordable.

    Args:
        evaluation: The evaluation; its baseline is one side of every comparison.
        coder: The tokens, if they are coded already.
        most: How many n-grams each way.
    """
    corpus, baseline = evaluation.corpus, evaluation.baseline
    if not baseline or not corpus.reference_names:
        return ()
    grams = ReferenceNGrams(coder or metric_coder(evaluation))
    base = grams.matches(baseline)
    others = [s for s in affordable(evaluation, BUDGET) if s != baseline]
    comparisons = []
    for system in others:
        pairs = zip(grams.matches(system), base, strict=True)
        leads = [np.sign(here - there) for here, there in pairs]
        gained = tuple(_clearest(evaluation, grams, leads, most))
        missed = tuple(_clearest(evaluation, grams, [-lead for lead in leads], most))
        comparisons.append(NGramComparison(system, baseline, gained, missed))
    return tuple(comparisons)


def _clearest(
    evaluation: Evaluation, grams: ReferenceNGrams, leads: list[Integers], most: int
) -> Iterator[NGram]:
    """Yields the n-grams with the clearest lead; leads are -1, 0 or 1 a segment and n-gram."""
    chosen: list[tuple[tuple[str, ...], tuple[int, int]]] = []
    for log_p, order, gram, only, other in _candidates(grams, leads)[: _CANDIDATES * most]:
        if len(chosen) == most:
            return
        tokens, counts = grams.tokens(order, gram), (only, other)
        if any(same == counts and _within(tokens, whole) for whole, same in chosen):
            continue  # part of a longer one that says the same
        chosen.append((tokens, counts))
        level = grams.levels[order - 1]
        places = np.flatnonzero(level.gram == gram)
        first = places[np.argmax(leads[order - 1][places] > 0)]
        references = evaluation.corpus.segments[grams.segment(order, int(first))].references
        text = _as_written(tokens, references)
        yield NGram(text, tokens, only, other, len(places), min(1.0, 2 * math.exp(log_p)))


def _candidates(
    grams: ReferenceNGrams, leads: list[Integers]
) -> list[tuple[float, int, int, int, int]]:
    """Returns (log p, order, n-gram, only, other), the clearest first, longer before shorter."""
    found = []
    for order, (level, lead) in enumerate(zip(grams.levels, leads, strict=True), 1):
        size = len(level.grams)
        only = np.bincount(level.gram[lead > 0], minlength=size)
        other = np.bincount(level.gram[lead < 0], minlength=size)
        ahead = np.flatnonzero(only > other)
        for gram, a, b in zip(ahead.tolist(), only[ahead].tolist(), other[ahead].tolist(),
                              strict=True):  # fmt: skip
            found.append((log_sign_test(a, b), order, gram, a, b))
    found.sort(key=lambda c: (c[0], -c[1], c[2]))
    return found


def _as_written(tokens: tuple[str, ...], references: Iterable[str | None]) -> str:
    """Returns the n-gram with the spaces, or none, that a reference has in it."""
    pattern = r"\s*".join(map(re.escape, tokens))
    texts = [text for text in references if text]
    for flags in (0, re.IGNORECASE):  # tokens may be lower-cased
        for text in texts:
            if match := re.search(pattern, text, flags):
                return match.group()
    return " ".join(tokens)


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """True if the tokens of one n-gram stand side by side in another."""
    width = len(part)
    return any(whole[k : k + width] == part for k in range(len(whole) - width + 1))


@cache
def log_sign_test(more: int, fewer: int) -> float:
    """Returns the natural logarithm of the one-sided p-value of the exact sign test.

    The probability of at least `more` heads in ``more + fewer`` throws of a fair coin.
    """
    n = more + fewer
    top = math.lgamma(n + 1) - n * math.log(2)
    logs = [top - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(more, n + 1)]
    largest = max(logs)
    return largest + math.log(math.fsum(math.exp(x - largest) for x in logs))

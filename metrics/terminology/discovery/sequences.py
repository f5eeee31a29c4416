"""Word sequences that recur in a text: how often, how firmly bound, and how freely used."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.words import is_content

Gram = tuple[str, ...]

_Neighbours = defaultdict[Gram, Counter[str]]


@dataclass(frozen=True)
class Sequences:
    """The recurring sequences of a text.

    Attributes:
        counts: Sequence, single words included, to its occurrences.
        total: Tokens of the text.
        freedom: Sequence to its branching entropy in bits, that of its poorer side (Luo and Sun
            2003): 0 if the same word always stands beside it. Sentence edges, punctuation and
            function words bind nothing.
    """

    counts: dict[Gram, int]
    total: int
    freedom: dict[Gram, float]

    def attraction(self, gram: Gram) -> float:
        """Returns the pointwise mutual information (Church and Hanks 1990) of the weakest split.

        ``log2(c(xy) · N / (c(x) · c(y)))``, in bits; infinite for a single word.
        """
        together = self.counts[gram] * self.total
        return min(
            (
                math.log2(together / (self.counts[gram[:cut]] * self.counts[gram[cut:]]))
                for cut in range(1, len(gram))
            ),
            default=math.inf,
        )

    def maximal(self) -> Iterator[Gram]:
        """Yields the sequences that no longer one contains every time."""
        covered = {
            part
            for gram, count in self.counts.items()
            for part in (gram[1:], gram[:-1])
            if part and self.counts[part] == count
        }
        return (gram for gram in self.counts if gram not in covered)


def recurring(
    sentences: Sequence[Sequence[str]], usable: Callable[[str], bool], *, longest: int, least: int
) -> Sequences:
    """Counts the sequences of usable words that occur at least `least` times.

    Level by level: a sequence can recur only if both sequences one word shorter do (Agrawal and
    Srikant 1994), which keeps the memory in proportion to what is found.
    """
    counts: dict[Gram, int] = {}
    runs = [run for tokens in sentences for run in _runs(tokens, usable)]
    for size in range(1, longest + 1):
        level: Counter[Gram] = Counter()
        for run in runs:
            for start in range(len(run) - size + 1):
                gram = run[start : start + size]
                if size == 1 or (gram[1:] in counts and gram[:-1] in counts):
                    level[gram] += 1
        found = {gram: count for gram, count in level.items() if count >= least}
        if not found:
            break
        counts.update(found)
    return Sequences(counts, sum(map(len, sentences)), _freedom(sentences, counts, longest))


def _runs(tokens: Sequence[str], usable: Callable[[str], bool]) -> Iterator[Gram]:
    run: list[str] = []
    for token in tokens:
        if usable(token):
            run.append(token)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _freedom(
    sentences: Sequence[Sequence[str]], counts: dict[Gram, int], longest: int
) -> dict[Gram, float]:
    before: _Neighbours = defaultdict(Counter)
    after: _Neighbours = defaultdict(Counter)
    for place, tokens in enumerate(sentences):
        # What binds nothing is a neighbour of its own each time.
        free = [t if is_content(t) else f"<{place}/{k}" for k, t in enumerate(tokens)]
        beside = [f"<{place}", *free, f">{place}"]
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + longest, len(tokens)) + 1):
                gram = tuple(tokens[start:end])
                if gram not in counts:
                    break
                before[gram][beside[start]] += 1
                after[gram][beside[end + 1]] += 1
    return {gram: min(_entropy(before[gram]), _entropy(after[gram])) for gram in counts}


def _entropy(neighbours: Counter[str]) -> float:
    total = sum(neighbours.values())
    return -sum(n / total * math.log2(n / total) for n in neighbours.values())

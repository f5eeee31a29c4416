"""Word accuracy by frequency: are rare words harder (Neubig et al. 2019, compare-mt)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xindaya.metrics.analysis.texts import Coder, Tokens, affordable, metric_coder
from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.segmentation import Segmenter

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOORS = (1, 2, 3, 5, 10, 100)
"""Where each bucket of frequencies begins: once, twice, 3–4, 5–9, 10–99, 100 times and more."""

BUDGET = 3_000_000  # characters of Chinese output: jieba cuts about half a million a second


@dataclass(frozen=True, slots=True)
class WordAccuracy:
    """How well words are translated, by how often the references of the test set have them.

    Attributes:
        labels: Of the buckets, such as ``3–4``; rarest first.
        words: Reference tokens in each bucket.
        systems: Names of the systems that were looked at.
        left_out: The others: cutting Chinese words takes long, so of very many only the baseline
            and the best are looked at.
        f_measure: One sequence a system: harmonic mean of precision and recall in each bucket, 0
            to 1; None where neither side has a word of the bucket. A word is matched in a segment
            as often as output and reference both have it.
        unknown: Share of each system's tokens whose word is nowhere in that reference.
        cut: How words were cut: ``13a``, or jieba with version and dictionary.
    """

    labels: tuple[str, ...]
    words: tuple[int, ...]
    systems: tuple[str, ...]
    left_out: tuple[str, ...]
    f_measure: tuple[tuple[float | None, ...], ...]
    unknown: tuple[float, ...]
    cut: str


def word_accuracy(evaluation: Evaluation, coder: Coder | None = None) -> WordAccuracy | None:
    """Computes word accuracy against the first reference that each segment has.

    Args:
        evaluation: The evaluation.
        coder: The metric's tokens, if they are coded already; Chinese is cut anew.

    Returns:
        The F-measures, or None if there is no reference.
    """
    corpus = evaluation.corpus
    reference = [next((r for r in s.references if r is not None), None) for s in corpus.segments]
    if not any(reference):
        return None
    coder, cut, systems = _words_of(evaluation, coder)
    expected = coder.code(reference)
    bucket = _buckets(expected, len(coder.words))
    known, limits = _counted(expected, bucket)
    of_reference = _summed(bucket, known, limits)
    measures, unknown = [], []
    for system in systems:
        tokens = coder.output(system)
        keys, counts = _counted(tokens, bucket)
        _, here, there = np.intersect1d(keys, known, assume_unique=True, return_indices=True)
        of_matches = _summed(bucket, keys[here], np.minimum(counts[here], limits[there]))
        sums = zip(of_matches, _summed(bucket, keys, counts), of_reference, strict=True)
        measures.append(tuple(2 * m / (o + r) if o + r else None for m, o, r in sums))
        unknown.append(1 - int(counts.sum()) / len(tokens.words) if len(tokens.words) else 0.0)
    return WordAccuracy(
        labels=tuple(map(_label, range(len(FLOORS)))),
        words=tuple(of_reference),
        systems=systems,
        left_out=tuple(s for s in evaluation.systems if s not in systems),
        f_measure=tuple(measures),
        unknown=tuple(unknown),
        cut=cut,
    )


def _words_of(evaluation: Evaluation, coder: Coder | None) -> tuple[Coder, str, tuple[str, ...]]:
    """Returns the words, how they are cut, and the systems for which that is affordable."""
    if evaluation.corpus.target_lang != "zh":
        return coder or metric_coder(evaluation), "13a", evaluation.systems
    segmenter = Segmenter()

    def cut(texts: Sequence[str]) -> list[list[str]]:
        return [[w for w in segmenter.words(text) if not w.isspace()] for text in texts]

    chinese = Coder(cut, evaluation.corpus)
    return chinese, segmenter.signature, affordable(evaluation, BUDGET)


def _buckets(reference: Tokens, words: int) -> NDArray[np.int64]:
    """Returns the bucket of each word, by how often the reference has it; -1 for never."""
    frequency = np.bincount(reference.words, minlength=words)
    return np.searchsorted(FLOORS, frequency, side="right") - 1


def _counted(
    tokens: Tokens, bucket: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns segment × words + word for each word of each segment, and its counts.

    Words that the reference does not have are left out.
    """
    known = tokens.words >= 0
    known[known] = bucket[tokens.words[known]] >= 0
    segments = tokens.segments[known].astype(np.int64)
    return np.unique(segments * len(bucket) + tokens.words[known], return_counts=True)


def _summed(
    bucket: NDArray[np.int64], keys: NDArray[np.int64], counts: NDArray[np.int64]
) -> list[int]:
    """Sums the counts of keys as `_counted` gives them, by bucket."""
    if not len(keys):
        return [0] * len(FLOORS)
    sums = np.bincount(bucket[keys % len(bucket)], weights=counts, minlength=len(FLOORS))
    return [int(s) for s in sums]


def _label(bucket: int) -> str:
    if bucket == len(FLOORS) - 1:
        return f"≥ {FLOORS[-1]}"
    low, high = FLOORS[bucket], FLOORS[bucket + 1] - 1
    return str(low) if low == high else f"{low}–{high}"

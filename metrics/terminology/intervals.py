"""Bootstrap intervals of the terminology measures, over documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.verdicts import Occurrence, Verdict, cluster_of
from xindaya.pairs import Termbase

SAMPLES = 1000


def term_intervals(
    termbase: Termbase,
    occurrences: Sequence[Occurrence],
    documents: Sequence[str],
    lang: str,
    *,
    samples: int = SAMPLES,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """Computes 95 % percentile intervals of adherence, coverage and LTCR.

    Whole documents are drawn, because the occurrences in one are not independent; where there is
    only one document, its segments are.

    Args:
        termbase: Says which forms are one rendering.
        occurrences: Of one text.
        documents: Document of each segment.
        lang: Language of the text.
        samples: Number of resamples.
        seed: Of the random numbers.

    Returns:
        Measure to bounds, in [0, 1]; a measure that some resample leaves undefined is left out.
    """
    counted = [o for o in occurrences if not o.waived]
    blocks = _blocks(counted, documents)
    size = len(set(blocks))
    if size < 2:
        return {}
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, size, size=(samples, size))
    weights = np.zeros((samples, size))
    np.add.at(weights, (np.arange(samples)[:, None], drawn), 1)
    kept = _sums(weights, blocks, [o.verdict in (Verdict.PREFERRED, Verdict.ADMITTED)
                                   for o in counted])  # fmt: skip
    resolved = _sums(weights, blocks, [bool(o.rendering) for o in counted])
    total = _sums(weights, blocks, [True] * len(counted))
    agreeing, pairs = _pairs(termbase, weights, blocks, counted, lang)
    shares = {
        "adherence": (kept, resolved),
        "coverage": (resolved, total),
        "ltcr": (agreeing, pairs),
    }
    return {name: _bounds(above / below) for name, (above, below) in shares.items() if below.all()}


def _blocks(occurrences: Sequence[Occurrence], documents: Sequence[str]) -> list[int]:
    """Numbers the block of each occurrence: its document, or its segment if there is one."""
    labels: list[str | int] = [documents[o.segment] for o in occurrences]
    if len(set(labels)) < 2:
        labels = [o.segment for o in occurrences]
    numbers = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    return [numbers[label] for label in labels]


def _sums(
    weights: NDArray[np.float64], blocks: Sequence[int], marks: Sequence[bool]
) -> NDArray[np.float64]:
    counts = np.bincount(blocks, weights=np.array(marks, float), minlength=weights.shape[1])
    return weights @ counts


def _pairs(
    termbase: Termbase,
    weights: NDArray[np.float64],
    blocks: Sequence[int],
    occurrences: Sequence[Occurrence],
    lang: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns the numerators and denominators of pooled LTCR, one a resample."""
    columns: dict[tuple[str, str], int] = {}
    concepts: dict[str, int] = {}
    places = []
    for o, block in zip(occurrences, blocks, strict=True):
        if o.rendering:
            key = o.concept, cluster_of(termbase, o.concept, o.rendering, lang)
            concepts.setdefault(o.concept, len(concepts))
            places.append((block, columns.setdefault(key, len(columns))))
    counts = np.zeros((weights.shape[1], len(columns)))
    np.add.at(counts, tuple(np.array(places, dtype=int).reshape(-1, 2).T), 1)
    owner = np.zeros((len(columns), len(concepts)))
    for column, (concept, _) in enumerate(columns):
        owner[column, concepts[concept]] = 1
    return _pairs_within(weights, counts), _pairs_within(weights, counts @ owner)


def _pairs_within(weights: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts ordered pairs of occurrences in one column, for each resample.

    A block drawn twice must not agree with its own copy, which would raise every consistency:
    pairs are taken inside each copy and between different blocks only.
    """
    together = (weights @ counts) ** 2
    with_copies = weights**2 @ counts**2
    inside = weights @ (counts * (counts - 1))
    result: NDArray[np.float64] = (together - with_copies + inside).sum(axis=1)
    return result


def _bounds(values: NDArray[np.float64]) -> tuple[float, float]:
    ordered = np.sort(values)
    low = len(ordered) // 40
    return float(ordered[low]), float(ordered[len(ordered) - low - 1])

"""sacrebleu behind one adapter: the only file that calls it, private parts included.

sacrebleu computes the statistics; shapes are checked before (`check_shape`). The dependency is
pinned to 2.6, and the test suite compares every option with sacrebleu's own command.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from xindaya.metrics.metric import Progress, Rows, check_shape, reference_counts
from xindaya.pairs import Segment, UsageError

__all__ = ["BLEU", "CHRF", "TER", "signature", "statistics"]

# Its warnings repeat what our own checks report with more care.
logging.getLogger("sacrebleu").setLevel(logging.ERROR)

_BLOCK = 256  # segments whose references are held at once


def statistics(
    metric: Any,
    segments: Sequence[Segment],
    outputs: Sequence[Sequence[str]],
    *,
    dtype: type[np.generic],
    width: int,
    progress: Progress | None = None,
) -> Rows:
    """Runs a sacrebleu metric over the texts, block by block.

    Args:
        metric: A ``sacrebleu.metrics`` instance without cached references.
        segments: Every one with at least one reference.
        outputs: One sequence of texts a system.
        dtype: Of the result.
        width: Number of statistics a segment.
        progress: Called as work is done.

    Returns:
        Array of shape (systems, segments, width).

    Raises:
        UsageError: If shapes differ or a segment has no reference.
    """
    check_shape(segments, outputs)
    if 0 in reference_counts(segments):
        bare = next(s.id for s in segments if all(r is None for r in s.references))
        raise UsageError(f"segment {bare!r} has no reference")
    rows = np.zeros((len(outputs), len(segments), width), dtype=dtype)
    for start in range(0, len(segments), _BLOCK):
        block = segments[start : start + _BLOCK]
        # One function transposes from "references of a segment" to sacrebleu's "reference sets".
        cache = metric._cache_references(list(zip(*(s.references for s in block), strict=True)))
        for system, texts in enumerate(outputs):
            for offset, reference in enumerate(cache):
                hypothesis = metric._preprocess_segment(texts[start + offset])
                rows[system, start + offset] = metric._compute_segment_statistics(
                    hypothesis, reference
                )
            if progress:
                progress(len(block))
    return rows


def signature(metric: Any, segments: Sequence[Segment]) -> str:
    """Returns sacrebleu's signature of a metric over these segments."""
    counts = reference_counts(segments)
    metric.num_refs = counts.pop() if len(counts) == 1 else -1
    return str(metric.get_signature().format())

"""sacrebleu as a backend: the oracle of the others, and the way out where they have limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xindaya.metrics.engine.arrays import draw_counts, logarithms
from xindaya.metrics.engine.interface import (
    Progress,
    References,
    Texts,
    add_up,
    references_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "bleu_rows",
    "bleu_totals",
    "chrf_rows",
    "chrf_totals",
    "draw_counts",
    "logarithms",
    "name",
    "ter_rows",
    "ter_totals",
]

name = "sacrebleu"


def bleu_rows(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_rows`."""
    return _array(bleu_lists(outputs, references, tokenize, progress), 10, "int64")


def bleu_totals(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_totals`."""
    return _sums(bleu_lists(outputs, references, tokenize, progress), 10)


def chrf_rows(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, whitespace: bool = False, eps_smoothing: bool = False, threads: int = 0,
    progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_rows`."""
    metric = _chrf(char_order, word_order, beta, whitespace, eps_smoothing)
    lists = _lists(metric, outputs, references, progress)
    return _array(lists, 3 * (char_order + word_order), "int64")


def chrf_totals(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, whitespace: bool = False, eps_smoothing: bool = False, threads: int = 0,
    progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_totals`."""
    metric = _chrf(char_order, word_order, beta, whitespace, eps_smoothing)
    lists = _lists(metric, outputs, references, progress)
    return _sums(lists, 3 * (char_order + word_order))


def ter_rows(
    outputs: Texts, references: References, *, normalized: bool = False,
    asian_support: bool = False, no_punct: bool = False, case_sensitive: bool = False,
    threads: int = 0, progress: Progress = None,
) -> NDArray[np.float64]:  # fmt: skip
    """See `xindaya.metrics.engine.ter_rows`."""
    metric = _ter(normalized, asian_support, no_punct, case_sensitive)
    return _array(_lists(metric, outputs, references, progress), 2, "float64")


def ter_totals(
    outputs: Texts, references: References, *, normalized: bool = False,
    asian_support: bool = False, no_punct: bool = False, case_sensitive: bool = False,
    threads: int = 0, progress: Progress = None,
) -> list[list[float]]:  # fmt: skip
    """See `xindaya.metrics.engine.ter_totals`."""
    metric = _ter(normalized, asian_support, no_punct, case_sensitive)
    return _sums(_lists(metric, outputs, references, progress), 2)


def bleu_lists(
    outputs: Texts, references: References, tokenize: str, progress: Progress
) -> list[list[list[Any]]]:
    """Returns BLEU rows as lists, one a system and segment."""
    from sacrebleu.metrics.bleu import BLEU

    return _lists(BLEU(tokenize=tokenize, force=True), outputs, references, progress)


def _chrf(
    char_order: int, word_order: int, beta: int, whitespace: bool, eps_smoothing: bool
) -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(
        char_order=char_order, word_order=word_order, beta=beta, whitespace=whitespace,
        eps_smoothing=eps_smoothing,
    )  # fmt: skip


def _ter(normalized: bool, asian_support: bool, no_punct: bool, case_sensitive: bool) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(
        normalized=normalized, asian_support=asian_support, no_punct=no_punct,
        case_sensitive=case_sensitive,
    )  # fmt: skip


def _lists(
    metric: Any, outputs: Texts, references: References, progress: Progress
) -> list[list[list[Any]]]:
    rows: list[list[list[Any]]] = [[] for _ in outputs]
    for segment in range(len(references)):
        texts = [metric._preprocess_segment(r) for r in references_of(references, segment)]
        known = metric._extract_reference_info(texts)
        for system, stream in enumerate(outputs):
            output = metric._preprocess_segment(stream[segment])
            rows[system].append(metric._compute_segment_statistics(output, known))
        if progress:
            progress(len(outputs))
    return rows


def _array(lists: list[list[list[Any]]], width: int, dtype: str) -> NDArray[Any]:
    import numpy as np

    segments = len(lists[0]) if lists else 0
    return np.array(lists, dtype=dtype).reshape(len(lists), segments, width)


def _sums(lists: list[list[list[Any]]], width: int) -> list[list[Any]]:
    return [[add_up(row[column] for row in rows) for column in range(width)] for rows in lists]

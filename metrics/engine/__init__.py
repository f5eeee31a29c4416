"""The engine: sacrebleu's statistics, fast.

Three backends with one interface compute the same numbers:

==========  ===========  ==========================================================
``name``    forced by    what it is
==========  ===========  ==========================================================
kernel      kernel       the compiled extension, without NumPy
numpy       fallback     NumPy and bulk string operations, where nothing is compiled
sacrebleu   sacrebleu    sacrebleu itself, the oracle of both
==========  ===========  ==========================================================

The first that can be imported is used; the environment variable ``XINDAYA_ENGINE`` forces one.
The functions here check shapes; everything else is in the backends.

All take ``outputs`` (one sequence of texts a system) and ``references`` (the references of each
segment, `None` where one is missing), lower-cased already if that is wanted. ``threads`` is the
number of threads, 0 for as many as the machine has once that pays. ``progress`` is called with the
number of (system, segment) pairs just done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xindaya.metrics.engine import sacre
from xindaya.metrics.engine.interface import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "TOKENIZERS",
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

TOKENIZERS = ("none", "char", "13a", "zh")
"""What `bleu_rows` cuts itself; for others, cut first, join with spaces, and pass ``none``."""


def _choose(wanted: str) -> Engine:
    if wanted not in ("", "kernel", "fallback", "sacrebleu"):
        raise ImportError(f"XINDAYA_ENGINE is {wanted!r}; expected kernel, fallback or sacrebleu")
    if wanted == "sacrebleu":
        return sacre
    if wanted != "fallback":
        try:
            from xindaya.metrics.engine import kernel
        except ImportError:
            if wanted:
                raise
        else:
            return kernel
    from xindaya.metrics.engine import fallback

    return fallback


_engine = _choose(os.environ.get("XINDAYA_ENGINE", ""))

name: str = _engine.name
"""Which backend computes, for reports."""


def bleu_rows(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    tokenize: str,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> NDArray[np.int64]:
    """Computes BLEU statistics.

    Args:
        outputs: One sequence of texts a system.
        references: The references of each segment.
        tokenize: One of `TOKENIZERS`.
        threads: How many to use; 0 to choose.
        progress: Called as work is done.

    Returns:
        Array of shape (systems, segments, 10): hyp_len, ref_len, correct1-4, total1-4.

    Raises:
        ValueError: If lengths differ, a segment has no reference, or the tokenizer is unknown.
        TypeError: If a text is not a string.
    """
    _check(outputs, references, tokenize)
    return _engine.bleu_rows(
        outputs, references, tokenize=tokenize, threads=threads, progress=progress
    )


def bleu_totals(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    tokenize: str,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> list[list[int]]:
    """As `bleu_rows`, summed over the segments, and without importing NumPy where compiled."""
    _check(outputs, references, tokenize)
    return _engine.bleu_totals(
        outputs, references, tokenize=tokenize, threads=threads, progress=progress
    )


def chrf_rows(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    char_order: int = 6,
    word_order: int = 0,
    beta: int = 2,
    whitespace: bool = False,
    eps_smoothing: bool = False,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> NDArray[np.int64]:
    """Computes chrF statistics.

    Args:
        outputs: One sequence of texts a system.
        references: The references of each segment; the one with the best F-score counts.
        char_order: Longest character n-gram.
        word_order: Longest word n-gram.
        beta: Weight of recall in that F-score.
        whitespace: Count white space as characters; computed by sacrebleu itself.
        eps_smoothing: How that F-score is smoothed; with several references computed by sacrebleu
            itself.
        threads: How many to use; 0 to choose.
        progress: Called as work is done.

    Returns:
        Array of shape (systems, segments, 3 * (char_order + word_order)): hyp, ref and match for
        each character order, then for each word order.

    Raises:
        ValueError: If lengths differ, a segment has no reference, or an order is negative.
        TypeError: If a text is not a string.
    """
    _check(outputs, references, orders=(char_order, word_order))
    if whitespace or (eps_smoothing and any(len(some) > 1 for some in references)):
        return sacre.chrf_rows(
            outputs, references, char_order=char_order, word_order=word_order, beta=beta,
            whitespace=whitespace, eps_smoothing=eps_smoothing, progress=progress,
        )  # fmt: skip
    return _engine.chrf_rows(
        outputs, references, char_order=char_order, word_order=word_order, beta=beta,
        threads=threads, progress=progress,
    )  # fmt: skip


def chrf_totals(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    char_order: int = 6,
    word_order: int = 0,
    beta: int = 2,
    whitespace: bool = False,
    eps_smoothing: bool = False,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> list[list[int]]:
    """As `chrf_rows`, summed over the segments, and without importing NumPy where compiled."""
    _check(outputs, references, orders=(char_order, word_order))
    if whitespace or (eps_smoothing and any(len(some) > 1 for some in references)):
        return sacre.chrf_totals(
            outputs, references, char_order=char_order, word_order=word_order, beta=beta,
            whitespace=whitespace, eps_smoothing=eps_smoothing, progress=progress,
        )  # fmt: skip
    return _engine.chrf_totals(
        outputs, references, char_order=char_order, word_order=word_order, beta=beta,
        threads=threads, progress=progress,
    )  # fmt: skip


def ter_rows(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    normalized: bool = False,
    asian_support: bool = False,
    no_punct: bool = False,
    case_sensitive: bool = False,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> NDArray[np.float64]:
    """Computes TER statistics.

    Args:
        outputs: One sequence of texts a system.
        references: The references of each segment.
        normalized: Separate punctuation first.
        asian_support: With `normalized`, split Chinese into characters.
        no_punct: Remove punctuation first.
        case_sensitive: Do not lower-case first.
        threads: How many to use; 0 to choose.
        progress: Called as work is done.

    Returns:
        Array of shape (systems, segments, 2): fewest edits, mean length of the references.

    Raises:
        ValueError: If lengths differ or a segment has no reference.
        TypeError: If a text is not a string.
    """
    _check(outputs, references)
    return _engine.ter_rows(
        outputs, references, normalized=normalized, asian_support=asian_support,
        no_punct=no_punct, case_sensitive=case_sensitive, threads=threads, progress=progress,
    )  # fmt: skip


def ter_totals(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    *,
    normalized: bool = False,
    asian_support: bool = False,
    no_punct: bool = False,
    case_sensitive: bool = False,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
) -> list[list[float]]:
    """As `ter_rows`, summed in sacrebleu's order, and without importing NumPy where compiled."""
    _check(outputs, references)
    return _engine.ter_totals(
        outputs, references, normalized=normalized, asian_support=asian_support,
        no_punct=no_punct, case_sensitive=case_sensitive, threads=threads, progress=progress,
    )  # fmt: skip


def draw_counts(drawn: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Counts how often each sample drew each segment.

    Args:
        drawn: Numbers of segments, of shape (samples, segments).

    Returns:
        Counts of the same shape.
    """
    return _engine.draw_counts(drawn)


def logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns natural logarithms of numbers above 0, to the last bit those of `math.log`.

    NumPy's own may differ there.
    """
    return _engine.logarithms(values)


def _check(
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
    tokenize: str = "none",
    orders: tuple[int, ...] = (),
) -> None:
    if tokenize not in TOKENIZERS:
        raise ValueError(f"tokenizer {tokenize!r}; expected one of {', '.join(TOKENIZERS)}")
    if any(order < 0 for order in orders):
        raise ValueError("an n-gram order is negative")
    for position, texts in enumerate(outputs):
        if isinstance(texts, str):
            raise TypeError(f"outputs[{position}] is one str; expected a sequence of texts")
        if len(texts) != len(references):
            raise ValueError(
                f"outputs[{position}] has {len(texts)} texts for {len(references)} segments"
            )

"""The compiled backend: cuts the work into blocks, runs them in threads, collects the rows.

A block is small enough for its texts to stay in the processor's cache, so memory does not depend
on the size of the corpus; the kernel works on it without the interpreter's lock.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xindaya.metrics.engine import sacre
from xindaya.metrics.engine.interface import (
    Progress,
    References,
    Texts,
    add_up,
    cores,
    references_of,
)

from xindaya.metrics.engine import _kernel  # isort: skip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

name = "kernel"

_TOKENIZERS = {"none": 0, "char": 1, "13a": 2, "zh": 3}
_MAX_ORDER = 8  # sacrebleu computes longer n-grams
_BLOCK = 1 << 18  # characters
_TER_BLOCK = 1 << 14  # TER takes a hundred times longer
_WORTH_THREADS = 8  # blocks

_Block = Callable[[Any, Any, int, int, Any, bool], None]
"""A kernel function with its options: outputs, references, start, stop, buffer, totals."""


def draw_counts(drawn: NDArray[np.uint32]) -> NDArray[np.float32]:
    """See `xindaya.metrics.engine.draw_counts`."""
    import numpy as np

    counts = np.zeros(drawn.shape, dtype=np.float32)
    if drawn.size:
        _kernel.count_draws(drawn.data, counts.data, drawn.shape[1])
    return counts


def logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """See `xindaya.metrics.engine.logarithms`."""
    import numpy as np

    result = np.array(values, dtype=np.float64, order="C")
    _kernel.logarithms(result.data)
    return result


def bleu_rows(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_rows`."""
    return _rows(_bleu(tokenize), 10, outputs, references, threads, progress)


def bleu_totals(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_totals`."""
    return _totals(_bleu(tokenize), 10, outputs, references, threads, progress)


def chrf_rows(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, threads: int = 0, progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_rows`."""
    if max(char_order, word_order) > _MAX_ORDER:
        return sacre.chrf_rows(
            outputs, references, char_order=char_order, word_order=word_order, beta=beta,
            progress=progress,
        )  # fmt: skip
    width = 3 * (char_order + word_order)
    block = _chrf(char_order, word_order, beta)
    return _rows(block, width, outputs, references, threads, progress)


def chrf_totals(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, threads: int = 0, progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_totals`."""
    if max(char_order, word_order) > _MAX_ORDER:
        return sacre.chrf_totals(
            outputs, references, char_order=char_order, word_order=word_order, beta=beta,
            progress=progress,
        )  # fmt: skip
    width = 3 * (char_order + word_order)
    block = _chrf(char_order, word_order, beta)
    return _totals(block, width, outputs, references, threads, progress)


def ter_rows(
    outputs: Texts, references: References, *, normalized: bool = False,
    asian_support: bool = False, no_punct: bool = False, case_sensitive: bool = False,
    threads: int = 0, progress: Progress = None,
) -> NDArray[np.float64]:  # fmt: skip
    """See `xindaya.metrics.engine.ter_rows`."""
    import numpy as np

    flags = normalized, asian_support, no_punct
    rows = np.zeros((len(outputs), len(references), 2))
    for start, stop, block, counts in _ter_blocks(
        outputs, references, flags, case_sensitive, threads, progress
    ):
        found = np.frombuffer(block, dtype=np.int64).reshape(len(outputs), stop - start, 2)
        rows[:, start:stop, 0] = found[:, :, 0]
        rows[:, start:stop, 1] = found[:, :, 1] / np.array(counts)
    return rows


def ter_totals(
    outputs: Texts, references: References, *, normalized: bool = False,
    asian_support: bool = False, no_punct: bool = False, case_sensitive: bool = False,
    threads: int = 0, progress: Progress = None,
) -> list[list[float]]:  # fmt: skip
    """See `xindaya.metrics.engine.ter_totals`."""
    flags = normalized, asian_support, no_punct
    totals = [[0.0, 0.0] for _ in outputs]
    for start, stop, block, counts in _ter_blocks(
        outputs, references, flags, case_sensitive, threads, progress
    ):
        size = stop - start
        for system, total in enumerate(totals):
            mine = block[2 * size * system : 2 * size * (system + 1)]
            total[0] = add_up([total[0], *mine[0::2]])
            lengths = map(float.__truediv__, map(float, mine[1::2]), map(float, counts))
            total[1] = add_up([total[1], *lengths])
    return totals


# ---- Blocks ----------------------------------------------------------------------------------


def _bleu(tokenize: str) -> _Block:
    tokenizer = _TOKENIZERS[tokenize]

    def block(
        outputs: Any, references: Any, start: int, stop: int, rows: Any, totals: bool
    ) -> None:
        _kernel.bleu(outputs, references, start, stop, rows, totals, tokenizer)

    return block


def _chrf(char_order: int, word_order: int, beta: int) -> _Block:
    def block(
        outputs: Any, references: Any, start: int, stop: int, rows: Any, totals: bool
    ) -> None:
        _kernel.chrf(outputs, references, start, stop, rows, totals, char_order, word_order, beta)

    return block


def _rows(
    block: _Block, width: int, outputs: Texts, references: References, threads: int,
    progress: Progress,
) -> NDArray[np.int64]:  # fmt: skip
    import numpy as np

    rows = np.zeros((len(outputs), len(references), width), dtype=np.int64)

    def run(part: tuple[int, int]) -> int:
        block(outputs, references, *part, rows, False)
        return part[1] - part[0]

    for size in _spread(run, _parts(outputs, references, _BLOCK), threads):
        if progress:
            progress(size * len(outputs))
    return rows


def _totals(
    block: _Block, width: int, outputs: Texts, references: References, threads: int,
    progress: Progress,
) -> list[list[int]]:  # fmt: skip
    sums = [0] * (len(outputs) * width)

    def run(part: tuple[int, int]) -> tuple[int, array[int]]:
        mine = array("q", bytes(8 * len(sums)))
        block(outputs, references, *part, mine, True)
        return part[1] - part[0], mine

    for size, mine in _spread(run, _parts(outputs, references, _BLOCK), threads):
        sums = [a + b for a, b in zip(sums, mine, strict=True)]
        if progress:
            progress(size * len(outputs))
    return [sums[width * k : width * (k + 1)] for k in range(len(outputs))]


def _ter_blocks(
    outputs: Texts, references: References, flags: tuple[bool, bool, bool], case_sensitive: bool,
    threads: int, progress: Progress,
) -> Iterator[tuple[int, int, array[int], list[int]]]:  # fmt: skip
    """Yields start, stop, rows of (edits, summed reference lengths), and reference counts."""

    def fold(text: str) -> str:
        return text if case_sensitive else text.lower()

    def run(part: tuple[int, int]) -> tuple[int, int, array[int], list[int]]:
        start, stop = part
        texts = [[fold(text) for text in stream[start:stop]] for stream in outputs]
        known = [[fold(r) for r in references_of(references, k)] for k in range(start, stop)]
        rows = array("q", bytes(8 * 2 * len(outputs) * (stop - start)))
        _kernel.ter(texts, known, 0, stop - start, rows, False, *flags)
        return start, stop, rows, [len(texts) for texts in known]

    for found in _spread(run, _parts(outputs, references, _TER_BLOCK), threads):
        yield found
        if progress:
            progress((found[1] - found[0]) * len(outputs))


def _parts(outputs: Texts, references: References, characters: int) -> list[tuple[int, int]]:
    """Cuts the segments into ranges of about so many characters, judged by the references."""
    parts, start, size = [], 0, 0
    for k, texts in enumerate(references):
        longest = 0
        for text in texts:  # a plain loop, since `max` over a generator takes five times as long
            if isinstance(text, str) and len(text) > longest:
                longest = len(text)
        size += (len(outputs) + 1) * (1 + longest)
        if size >= characters:
            parts.append((start, k + 1))
            start, size = k + 1, 0
    if start < len(references):
        parts.append((start, len(references)))
    return parts


def _spread(
    run: Callable[[tuple[int, int]], Any], parts: Sequence[tuple[int, int]], threads: int
) -> Iterable[Any]:
    """Yields the results of all parts in order, from several threads where that pays.

    Parts are handed out one by one, so that threads end together whatever their texts' lengths,
    and no further ahead than keeps every thread busy.
    """
    if threads <= 0:
        threads = cores() if len(parts) >= _WORTH_THREADS else 1
    threads = min(threads, len(parts))
    if threads <= 1:
        yield from map(run, parts)
        return
    # Not at the top: it brings the logging, which takes longer than a small file.
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(threads, thread_name_prefix="xindaya")
    try:
        waiting = [pool.submit(run, part) for part in parts[: 2 * threads]]
        for k in range(len(parts)):
            yield waiting[k % len(waiting)].result()
            if k + len(waiting) < len(parts):
                waiting[k % len(waiting)] = pool.submit(run, parts[k + len(waiting)])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

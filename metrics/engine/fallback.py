"""The backend without compiled code: bulk string operations and NumPy, the same integers.

Segments are taken in blocks; a block whose keys do not fit 64 bits is halved, and a single segment
that still does not fit (thousands of different characters) is left to sacrebleu, as is TER.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.engine import bulk, sacre
from xindaya.metrics.engine.arrays import draw_counts, logarithms
from xindaya.metrics.engine.interface import Progress, References, Texts, references_of
from xindaya.metrics.engine.matching import DoesNotFitError, Integers, Layout, number
from xindaya.metrics.engine.sacre import ter_rows, ter_totals

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

name = "numpy"

_ORDER = 4
_BLOCK = 1 << 16  # reference characters
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_Known = list[list[str]]
"""The references of each segment, none missing."""

_Compute = Callable[[Texts, _Known], Integers]
"""Computes the rows of a block."""


def bleu_rows(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_rows`."""

    def compute(texts: Texts, known: _Known) -> Integers:
        return _bleu(texts, known, tokenize)

    def oracle(texts: Texts, known: _Known) -> Integers:
        return sacre.bleu_rows(texts, known, tokenize=tokenize)

    return _blocks(compute, oracle, 2 + 2 * _ORDER, outputs, references, progress)


def bleu_totals(
    outputs: Texts, references: References, *, tokenize: str, threads: int = 0,
    progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.bleu_totals`."""
    rows = bleu_rows(outputs, references, tokenize=tokenize, progress=progress)
    return [[int(x) for x in total] for total in rows.sum(axis=1)]


def chrf_rows(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, threads: int = 0, progress: Progress = None,
) -> NDArray[np.int64]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_rows`."""

    def compute(texts: Texts, known: _Known) -> Integers:
        return _chrf(texts, known, char_order, word_order, beta)

    def oracle(texts: Texts, known: _Known) -> Integers:
        return sacre.chrf_rows(
            texts, known, char_order=char_order, word_order=word_order, beta=beta
        )

    width = 3 * (char_order + word_order)
    return _blocks(compute, oracle, width, outputs, references, progress)


def chrf_totals(
    outputs: Texts, references: References, *, char_order: int = 6, word_order: int = 0,
    beta: int = 2, threads: int = 0, progress: Progress = None,
) -> list[list[int]]:  # fmt: skip
    """See `xindaya.metrics.engine.chrf_totals`."""
    rows = chrf_rows(
        outputs, references, char_order=char_order, word_order=word_order, beta=beta,
        progress=progress,
    )  # fmt: skip
    return [[int(x) for x in total] for total in rows.sum(axis=1)]


# ---- Blocks ----------------------------------------------------------------------------------


def _blocks(
    compute: _Compute, oracle: _Compute, width: int, outputs: Texts, references: References,
    progress: Progress,
) -> Integers:  # fmt: skip
    rows: Integers = np.zeros((len(outputs), len(references), width), dtype=np.int64)

    def fill(start: int, stop: int, known: _Known) -> None:
        texts = [stream[start:stop] for stream in outputs]
        try:
            rows[:, start:stop] = compute(texts, known)
        except DoesNotFitError:
            if stop - start == 1:
                rows[:, start:stop] = oracle(texts, known)
                return
            half = (stop - start) // 2
            fill(start, start + half, known[:half])
            fill(start + half, stop, known[half:])

    start, known, size = 0, [], 0
    for k in range(len(references)):
        known.append(references_of(references, k))
        size += 1 + len(known[-1][0])
        if size >= _BLOCK or k + 1 == len(references):
            fill(start, k + 1, known)
            if progress:
                progress(len(known) * len(outputs))
            start, known, size = k + 1, [], 0
    return rows


def _counts(lengths: Integers, order: int) -> Integers:
    """Numbers of n-grams in texts of these lengths, shape (segments, order)."""
    counts: Integers = np.maximum(lengths[:, None] - np.arange(order), 0)
    return counts


# ---- BLEU ------------------------------------------------------------------------------------


def _bleu(outputs: Texts, known: _Known, tokenize: str) -> Integers:
    segments = len(known)
    sides = max(map(len, known))
    # One stream a reference; a segment with fewer repeats its first, which changes no maximum.
    streams = [
        bulk.tokens([r[k] if k < len(r) else r[0] for r in known], tokenize) for k in range(sides)
    ]
    numbers: list[dict[str, int]] = [{} for _ in known]
    ref_symbols = [_number_words(stream, numbers) for stream in streams]
    unknown = max(map(len, numbers), default=0) + 1
    layout = Layout(_ORDER, segments, unknown, sides.bit_length())
    ref_lengths = np.array([list(map(len, stream)) for stream in streams])
    ref_keys = [
        layout.keys(symbols, lengths, side + 1)
        for side, (symbols, lengths) in enumerate(zip(ref_symbols, ref_lengths, strict=True))
    ]
    rows = np.zeros((len(outputs), segments, 2 + 2 * _ORDER), dtype=np.int64)
    for row, texts in zip(rows, outputs, strict=True):
        words = bulk.tokens(texts, tokenize)
        lengths = np.array(list(map(len, words)))
        symbols = _find_words(words, numbers, unknown)
        row[:, 0] = lengths
        row[:, 1] = _closest(ref_lengths, lengths)
        row[:, 2 : 2 + _ORDER] = layout.matches(
            layout.keys(symbols, lengths, 0), ref_keys, lengths + ref_lengths.sum(axis=0)
        )
        row[:, 2 + _ORDER :] = _counts(lengths, _ORDER)
    return rows


def _number_words(stream: Sequence[Sequence[str]], numbers: list[dict[str, int]]) -> Integers:
    symbols: list[int] = []
    for words, known in zip(stream, numbers, strict=True):
        symbols += [known.setdefault(word, len(known) + 1) for word in words]
    return np.array(symbols, dtype=np.int64)


def _find_words(
    stream: Sequence[Sequence[str]], numbers: list[dict[str, int]], unknown: int
) -> Integers:
    symbols: list[int] = []
    for words, known in zip(stream, numbers, strict=True):
        symbols += map(known.get, words, repeat(unknown))
    return np.array(symbols, dtype=np.int64)


def _closest(ref_lengths: Integers, lengths: Integers) -> Integers:
    """The closest reference length, the shorter of two equally close."""
    # Twice the distance, plus one for a longer reference: equal distances are then told apart.
    gap = ref_lengths - lengths
    best = np.argmin(2 * abs(gap) + (gap > 0), axis=0)
    closest: Integers = ref_lengths[best, np.arange(len(lengths))]
    return closest


# ---- chrF ------------------------------------------------------------------------------------


def _chrf(outputs: Texts, known: _Known, char_order: int, word_order: int, beta: int) -> Integers:
    rows = np.zeros((len(outputs), len(known), 3 * (char_order + word_order)), dtype=np.int64)
    best = np.full(rows.shape[:2], -1.0)
    for side in range(max(map(len, known))):
        # Segments with fewer references repeat their first, which never scores strictly better.
        texts = [r[side] if side < len(r) else r[0] for r in known]
        found = np.concatenate(
            [
                _chrf_characters(outputs, texts, char_order),
                _chrf_words(outputs, texts, word_order),
            ],
            axis=2,
        )
        if side == 0:
            rows = found
        if max(map(len, known)) > 1:
            scores = _f_scores(found, beta)
            better = scores > best
            rows = np.where(better[:, :, None], found, rows)
            best = np.where(better, scores, best)
    return rows


def _chrf_characters(outputs: Texts, references: Sequence[str], order: int) -> Integers:
    ref_symbols, ref_lengths = _code_points(references)
    streams = [_code_points(texts) for texts in outputs]
    ref_numbers, numbers, unknown = number(order, ref_symbols, ref_lengths, streams)
    layout = Layout(order, len(references), unknown, 1)
    return _triples(
        layout, (ref_numbers, ref_lengths),
        [(n, lengths) for n, (_, lengths) in zip(numbers, streams, strict=True)],
    )  # fmt: skip


def _chrf_words(outputs: Texts, references: Sequence[str], order: int) -> Integers:
    if not order:
        return np.zeros((len(outputs), len(references), 0), dtype=np.int64)
    numbers: list[dict[str, int]] = [{} for _ in references]
    words = [_peel(text) for text in references]
    ref = _number_words(words, numbers), np.array(list(map(len, words)))
    unknown = max(map(len, numbers), default=0) + 1
    streams = []
    for texts in outputs:
        words = [_peel(text) for text in texts]
        lengths = np.array(list(map(len, words)))
        streams.append((_find_words(words, numbers, unknown), lengths))
    return _triples(Layout(order, len(references), unknown, 1), ref, streams)


def _triples(
    layout: Layout, reference: tuple[Integers, Integers],
    streams: Sequence[tuple[Integers, Integers]],
) -> Integers:  # fmt: skip
    """Counts hyp, ref and match by order; hyp is 0 where the reference has no such n-gram."""
    symbols, ref_lengths = reference
    keys = layout.keys(symbols, ref_lengths, 1)
    in_reference = _counts(ref_lengths, layout.order)
    rows = np.zeros((len(streams), len(ref_lengths), layout.order, 3), dtype=np.int64)
    for row, (symbols, lengths) in zip(rows, streams, strict=True):
        row[:, :, 0] = np.where(in_reference > 0, _counts(lengths, layout.order), 0)
        row[:, :, 1] = in_reference
        row[:, :, 2] = layout.matches(
            layout.keys(symbols, lengths, 0), [keys], lengths + ref_lengths
        )
    return rows.reshape(len(streams), len(ref_lengths), 3 * layout.order)


def _code_points(texts: Sequence[str]) -> tuple[Integers, Integers]:
    """Returns the code points of all texts without whitespace, and how many each has."""
    bare = ["".join(text.split()) for text in texts]
    # surrogatepass: a lone surrogate is a symbol like any other.
    points = np.frombuffer("".join(bare).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return points.astype(np.int64), np.array(list(map(len, bare)))


def _peel(text: str) -> list[str]:
    """Words with one ASCII punctuation mark peeled off, at the end or else at the beginning."""
    words: list[str] = []
    for word in text.split():
        if len(word) > 1 and word[-1] in _PUNCTUATION:
            words += (word[:-1], word[-1])
        elif len(word) > 1 and word[0] in _PUNCTUATION:
            words += (word[0], word[1:])
        else:
            words.append(word)
    return words


def _f_scores(rows: Integers, beta: int) -> NDArray[np.float64]:
    """Sacrebleu's F-score of rows of shape (…, 3 * orders), operation by operation."""
    hyp, ref, match = (rows[..., k::3].astype(np.float64) for k in range(3))
    both = (hyp > 0) & (ref > 0)
    precision, recall = np.zeros((2, *rows.shape[:-1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        for n in range(hyp.shape[-1]):
            precision += np.where(both[..., n], match[..., n] / hyp[..., n], 0)
            recall += np.where(both[..., n], match[..., n] / ref[..., n], 0)
        effective = both.sum(axis=-1)
        precision, recall = precision / effective, recall / effective
        factor = beta**2
        scores = (1 + factor) * precision * recall
        scores /= factor * precision + recall
    return np.where(precision + recall > 0, 100 * scores, 0.0)

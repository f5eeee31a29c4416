"""The compiled engine (see ``_kernel.c``): rows of a block of segments, written into a buffer.

`rows` is C-contiguous memory of 64-bit integers of shape (systems, segments, columns) or, with
`totals`, (systems, columns), to which the block is added.
"""

from collections.abc import Sequence

from typing_extensions import Buffer

_Texts = Sequence[Sequence[str]]
_References = Sequence[Sequence[str | None]]

def bleu(
    outputs: _Texts,
    references: _References,
    start: int,
    stop: int,
    rows: Buffer,
    totals: bool,
    tokenizer: int,
    /,
) -> None: ...
def chrf(
    outputs: _Texts,
    references: _References,
    start: int,
    stop: int,
    rows: Buffer,
    totals: bool,
    char_order: int,
    word_order: int,
    beta: float,
    /,
) -> None: ...
def ter(
    outputs: _Texts,
    references: _References,
    start: int,
    stop: int,
    rows: Buffer,
    totals: bool,
    normalized: bool,
    asian_support: bool,
    no_punct: bool,
    /,
) -> None: ...
def count_draws(draws: Buffer, counts: Buffer, segments: int, /) -> None: ...
def logarithms(values: Buffer, /) -> None: ...

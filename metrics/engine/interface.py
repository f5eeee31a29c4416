"""What a backend of the engine offers; ``metrics/engine/__init__.py`` documents the functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Texts = Sequence[Sequence[str]]
References = Sequence[Sequence[str | None]]
Progress = Callable[[int], None] | None
Number = TypeVar("Number", int, float)


class Engine(Protocol):
    """The interface; each backend is a module that has it."""

    name: str

    def bleu_rows(
        self, outputs: Texts, references: References, *, tokenize: str, threads: int,
        progress: Progress,
    ) -> NDArray[np.int64]: ...  # fmt: skip

    def bleu_totals(
        self, outputs: Texts, references: References, *, tokenize: str, threads: int,
        progress: Progress,
    ) -> list[list[int]]: ...  # fmt: skip

    def chrf_rows(
        self, outputs: Texts, references: References, *, char_order: int, word_order: int,
        beta: int, threads: int, progress: Progress,
    ) -> NDArray[np.int64]: ...  # fmt: skip

    def chrf_totals(
        self, outputs: Texts, references: References, *, char_order: int, word_order: int,
        beta: int, threads: int, progress: Progress,
    ) -> list[list[int]]: ...  # fmt: skip

    def ter_rows(
        self, outputs: Texts, references: References, *, normalized: bool, asian_support: bool,
        no_punct: bool, case_sensitive: bool, threads: int, progress: Progress,
    ) -> NDArray[np.float64]: ...  # fmt: skip

    def ter_totals(
        self, outputs: Texts, references: References, *, normalized: bool, asian_support: bool,
        no_punct: bool, case_sensitive: bool, threads: int, progress: Progress,
    ) -> list[list[float]]: ...  # fmt: skip

    def draw_counts(self, drawn: NDArray[np.uint32]) -> NDArray[np.float32]: ...

    def logarithms(self, values: NDArray[np.float64]) -> NDArray[np.float64]: ...


def references_of(references: References, segment: int) -> list[str]:
    """Returns a segment's references without the missing ones.

    Raises:
        TypeError: If they are one string instead of a sequence, or one is no string.
        ValueError: If there are none.
    """
    texts = references[segment]
    if isinstance(texts, str):
        raise TypeError(f"references[{segment}] is one str; expected a sequence")
    found = [text for text in texts if text is not None]
    if not found:
        raise ValueError(f"segment {segment} has no reference")
    for text in found:
        if not isinstance(text, str):
            raise TypeError(f"expected a str, found {text!r}")
    return found


def cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def add_up(numbers: Iterable[Number]) -> Number:
    """Adds one number after another, as sacrebleu does.

    Not the built-in `sum`, which from Python 3.12 on compensates for rounding: better, but not
    the same last bit.
    """
    return reduce(add, numbers, 0)

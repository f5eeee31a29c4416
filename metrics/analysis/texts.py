"""Tokens as numbers: what n-grams and words are counted on, and how much of it is affordable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

import numpy as np

from xindaya.metrics.bleu import tokenizer_for
from xindaya.metrics.engine import bulk
from xindaya.metrics.evaluation import Evaluation
from xindaya.pairs import Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

Cut = Callable[[Sequence[str]], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens of one text, segment after segment.

    Attributes:
        words: Number of each token's word, -1 for a word that no reference has.
        segments: Position of each token's segment, never falling.
    """

    words: NDArray[np.int32]
    segments: NDArray[np.int32]


class Coder:
    """Numbers the words of a corpus's references, and codes its texts; each system's once."""

    def __init__(self, cut: Cut, corpus: Corpus) -> None:
        self._cut = cut
        self._corpus = corpus
        self._outputs: dict[str, Tokens] = {}
        self._number: dict[str, int] = {}
        known = [self._lists(corpus.reference(name)) for name in corpus.reference_names]
        for word in chain.from_iterable(chain.from_iterable(known)):
            self._number.setdefault(word, len(self._number))
        self.references = [self._coded(lists) for lists in known]
        self.words = list(self._number)

    def output(self, system: str) -> Tokens:
        """Returns the tokens of a system's outputs."""
        if system not in self._outputs:
            self._outputs[system] = self.code(self._corpus.systems[system])
        return self._outputs[system]

    def code(self, texts: Sequence[str | None]) -> Tokens:
        """Returns the tokens of one text a segment; None has none."""
        return self._coded(self._lists(texts))

    def _lists(self, texts: Sequence[str | None]) -> list[list[str]]:
        return self._cut([text or "" for text in texts])

    def _coded(self, lists: list[list[str]]) -> Tokens:
        lengths = np.fromiter(map(len, lists), np.int64, len(lists))
        numbers = map(self._number.get, chain.from_iterable(lists), repeat(-1))
        return Tokens(
            np.fromiter(numbers, np.int32, int(lengths.sum())),
            np.repeat(np.arange(len(lists), dtype=np.int32), lengths),
        )


def metric_coder(evaluation: Evaluation) -> Coder:
    """Codes tokens as BLEU cuts them for the target language: 13a, or zh for Chinese.

    Case is ignored where the evaluation's BLEU ignores it.
    """
    tokenize = tokenizer_for(evaluation.corpus.target_lang)
    fold = any(getattr(metric, "lowercase", False) for metric in evaluation.metrics.values())

    def cut(texts: Sequence[str]) -> list[list[str]]:
        return bulk.tokens([text.lower() for text in texts] if fold else texts, tokenize)

    return Coder(cut, evaluation.corpus)


def affordable(evaluation: Evaluation, characters: int) -> tuple[str, ...]:
    """Chooses systems whose outputs have at most so many characters together.

    Returns:
        All systems in their order if they fit; else the baseline and the best by the first
        metric, as many as fit, and two in any case.
    """
    outputs = evaluation.corpus.systems
    chosen: list[str] = []
    for name in _ranked(evaluation):
        characters -= sum(map(len, outputs[name]))
        if characters >= 0 or len(chosen) < 2:
            chosen.append(name)
    return tuple(name for name in outputs if name in chosen)


def _ranked(evaluation: Evaluation) -> list[str]:
    """Returns the baseline, then the others from best to worst; one without a score goes last."""
    metric = next(iter(evaluation.metrics), None)
    if metric is None:
        return list(evaluation.systems)
    scores = evaluation.scores[metric]
    sign = -1 if evaluation.metrics[metric].higher_is_better else 1
    return sorted(
        evaluation.systems,
        key=lambda s: (s != evaluation.baseline, scores[s] != scores[s], sign * scores[s]),
    )

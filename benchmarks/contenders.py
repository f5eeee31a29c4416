"""The two that are compared in one process: sacrebleu at its best usage, and our backends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import sacrebleu.metrics
from common import Cost, run_here
from corpora import TestSet
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from xindaya.metrics import BLEU, CHRF, TER, Metric, Rows
from xindaya.metrics.metric import sum_rows

_CACHES = (
    Tokenizer13a.__call__, TokenizerRegexp.__call__, TokenizerZh.__call__,
    TokenizerZh._is_chinese_char, TercomTokenizer.__call__,
)  # fmt: skip


def forget() -> None:
    """Empties the caches of sacrebleu's tokenizers: a fresh process finds them empty."""
    for cached in _CACHES:
        cached.cache_clear()


@dataclass(frozen=True)
class Measure:
    """A metric as both know it.

    Attributes:
        name: As tables show it.
        ours: Our metric, for its score.
        function: Prefix of the backends' function.
        options: Arguments of both sides.
    """

    name: str
    ours: Metric
    function: str
    options: dict[str, Any]

    def sacrebleu(self, reference: Sequence[str] | None = None) -> Any:
        """Returns sacrebleu's metric, with its reference cache filled if a reference is given."""
        kind = getattr(sacrebleu.metrics, self.function.upper())
        more = {"force": True} if self.function == "bleu" else {}
        return kind(references=[reference] if reference else None, **self.options, **more)

    def rows(self, backend: ModuleType, tests: TestSet, threads: int) -> Rows:
        """Returns the rows that one of our backends computes."""
        function = getattr(backend, f"{self.function}_rows")
        references = [(text,) for text in tests.reference]
        found: Rows = function(tests.outputs, references, **self.options, threads=threads)
        return found

    def scores(self, backend: ModuleType, tests: TestSet, threads: int) -> list[float]:
        """Returns a corpus score a system."""
        return [self.ours.score(sum_rows(r)) for r in self.rows(backend, tests, threads)]


def bleu(tokenize: str) -> Measure:
    """Returns BLEU with a tokenizer."""
    return Measure(f"BLEU-{tokenize}", BLEU(tokenize=tokenize), "bleu", {"tokenize": tokenize})


CHRF_ = Measure("chrF", CHRF(), "chrf", {"word_order": 0})
CHRF_PP = Measure("chrF++", CHRF(word_order=2), "chrf", {"word_order": 2})


def ter(target: str) -> Measure:
    """Returns TER as it is computed for a language."""
    chinese = target == "zh"
    options = {"normalized": True, "asian_support": True} if chinese else {}
    return Measure("TER, one system", TER(**options), "ter", options)


class Oracle:
    """sacrebleu on a test set, and what it gives."""

    def __init__(self, measure: Measure, tests: TestSet) -> None:
        self.measure, self.tests = measure, tests
        self.metric = measure.sacrebleu(tests.reference)

    def scores(self) -> list[float]:
        """Returns a corpus score a system, from the reference cache."""
        return [self.metric.corpus_score(texts, None).score for texts in self.tests.outputs]

    def plain_scores(self) -> list[float]:
        """Returns the same without a reference cache, as most people call it."""
        metric, references = self.measure.sacrebleu(), [self.tests.reference]
        return [metric.corpus_score(texts, references).score for texts in self.tests.outputs]

    def segment_scores(self) -> list[list[float]]:
        """Returns a score a system and segment, from the reference cache."""
        score = self.metric._compute_score_from_stats
        found = (self.metric._extract_corpus_statistics(t, None) for t in self.tests.outputs)
        return [[score(row).score for row in rows] for rows in found]

    @cached_property
    def wanted(self) -> tuple[Rows, list[float]]:
        """Statistics of every system and segment, and corpus scores."""
        found = [self.metric._extract_corpus_statistics(t, None) for t in self.tests.outputs]
        return np.array(found), [self.metric._aggregate_and_compute(rows).score for rows in found]

    def verdict(self, rows: Rows) -> str:
        """Compares all statistics, and corpus scores to the last bit."""
        statistics, scores = self.wanted
        differing = int((np.asarray(rows) != statistics).sum())
        ours = [self.measure.ours.score(sum_rows(r)) for r in rows]
        differing += sum(a != b for a, b in zip(ours, scores, strict=True))
        return f"{differing} DIFFER" if differing else "equal"


def timed(function: Callable[[], Any]) -> Callable[[], Cost]:
    """Returns a candidate that runs in this process."""
    return lambda: run_here(function, forget)

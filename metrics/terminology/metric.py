"""Terminology as a metric like the others: its rows are counts of verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xindaya.metrics.metric import Metric, Progress, Rows, check_shape
from xindaya.metrics.segmentation import Segmenter
from xindaya.metrics.terminology.verdicts import Occurrence, TermChecker, Verdict, variant_of
from xindaya.pairs import Segment, Termbase
from xindaya.pairs.scripts import converter_signature
from xindaya.pairs.stemming import stemmer_signature

COLUMNS = (*(v.value for v in Verdict), "excused", "waived")
_COLUMN = {name: position for position, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class TermAdherence(Metric):
    """Share of resolved occurrences that use a preferred or admitted term, times 100.

    Attributes:
        termbase: The concepts.
        source_lang: Language of the sources.
        target_lang: Language of the outputs.
        fold_scripts: Match Simplified and Traditional Chinese forms together.
    """

    termbase: Termbase
    source_lang: str = "zh"
    target_lang: str = "en"
    fold_scripts: bool = False

    @property
    def name(self) -> str:
        return "Terms"

    @property
    def columns(self) -> tuple[str, ...]:
        return COLUMNS

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        check_shape(segments, outputs)
        checker = TermChecker(
            self.termbase, self.source_lang, self.target_lang, fold_scripts=self.fold_scripts,
            variant=variant_of(segments),
        )  # fmt: skip
        spans = checker.source_spans(segments)
        rows = np.zeros((len(outputs), len(segments), len(COLUMNS)), dtype=np.int64)
        for system, texts in enumerate(outputs):
            rows[system] = count_verdicts(checker.check(segments, spans, texts), len(segments))
            if progress:
                progress(len(segments))
        return rows

    def score(self, row: Sequence[Any]) -> float:
        return 100 * (adherence(row) or 0.0)

    def signature(self, segments: Sequence[Segment]) -> str:
        scripts = f"folded-{converter_signature()}" if self.fold_scripts else "apart"
        return (
            f"terms:{self.termbase.sha256[:12]}|match:longest|zh:{Segmenter().signature}"
            f"|scripts:{scripts}|en:{stemmer_signature()}|version:2"
        )


def count_verdicts(occurrences: Sequence[Occurrence] | Any, segments: int) -> Rows:
    """Counts verdicts into rows of shape (segments, columns); a waived one counts only as such."""
    rows = np.zeros((segments, len(COLUMNS)), dtype=np.int64)
    for o in occurrences:
        rows[o.segment, _COLUMN["waived" if o.waived else o.verdict.value]] += 1
        rows[o.segment, _COLUMN["excused"]] += o.excused
    return rows


def adherence(row: Sequence[Any]) -> float | None:
    """Preferred and admitted over all resolved occurrences, in [0, 1]; None if none resolved."""
    resolved = _total(row) - row[_COLUMN[Verdict.UNRESOLVED]]
    kept = row[_COLUMN[Verdict.PREFERRED]] + row[_COLUMN[Verdict.ADMITTED]]
    return float(kept / resolved) if resolved else None


def preferred_rate(row: Sequence[Any]) -> float | None:
    """Preferred over all resolved occurrences, in [0, 1]; None if none resolved."""
    resolved = _total(row) - row[_COLUMN[Verdict.UNRESOLVED]]
    return float(row[_COLUMN[Verdict.PREFERRED]] / resolved) if resolved else None


def coverage(row: Sequence[Any]) -> float | None:
    """Resolved over all source occurrences, in [0, 1]; None if there is no occurrence."""
    total = _total(row)
    return float((total - row[_COLUMN[Verdict.UNRESOLVED]]) / total) if total else None


def _total(row: Sequence[Any]) -> int:
    return int(sum(row[_COLUMN[v]] for v in Verdict))

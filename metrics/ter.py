"""Translation edit rate (Snover et al. 2006) with sacrebleu's statistics and signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from xindaya.metrics import engine, oracle
from xindaya.metrics.metric import (
    LENGTH_0,
    About,
    Metric,
    Progress,
    Rows,
    check_options,
    check_shape,
    option,
    references_of,
)

if TYPE_CHECKING:
    from xindaya.pairs import Segment


@dataclass(frozen=True)
class TER(Metric):
    """Edits (insertions, deletions, substitutions, shifts) per reference word, times 100.

    Attributes:
        normalized: Separate punctuation first.
        asian_support: With `normalized`, split Chinese into characters; without both, a Chinese
            segment is one word and TER is all or nothing.
        no_punct: Remove punctuation first.
        case_sensitive: Do not lower-case first.
    """

    normalized: bool = option(False, About(bool, "Separate punctuation in TER", by_language=True))
    asian_support: bool = option(
        False, About(bool, "With --ter-normalized, split Chinese into characters", by_language=True)
    )
    no_punct: bool = option(False, About(bool, "Remove punctuation in TER"))
    case_sensitive: bool = option(False, About(bool, "Do not ignore case in TER"))

    cacheable: ClassVar[bool] = True
    explained: ClassVar[str] = "TER"
    prefix: ClassVar[str] = "ter_"
    higher_is_better: ClassVar[bool] = False
    averages: ClassVar[bool] = True
    empty_reference: ClassVar[str] = LENGTH_0

    def __post_init__(self) -> None:
        check_options(self)

    @property
    def name(self) -> str:
        return "TER"

    @property
    def columns(self) -> tuple[str, ...]:
        return ("edits", "ref_len")

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        check_shape(segments, outputs)
        references = references_of(segments)
        return engine.ter_rows(outputs, references, **self._options, progress=progress)

    def totals(
        self,
        references: Sequence[Sequence[str | None]],
        outputs: Sequence[Sequence[str]],
        *,
        threads: int = 0,
    ) -> list[list[float]]:
        return engine.ter_totals(outputs, references, **self._options, threads=threads)

    def score(self, row: Sequence[Any]) -> float:
        edits, ref_len = row
        if ref_len > 0:
            return 100 * (edits / ref_len)  # type: ignore[no-any-return]
        return 100.0 if edits > 0 else 0.0

    def scores(self, rows: Rows) -> Rows:
        import numpy as np

        edits, lengths = rows.T
        empty = lengths <= 0
        result: Rows = 100 * (edits / np.where(empty, 1, lengths).astype(lengths.dtype))
        return np.where(empty, 100.0 * (edits > 0), result) if empty.any() else result

    def signature(self, segments: Sequence[Segment]) -> str:
        return oracle.signature(
            segments,
            case="mixed" if self.case_sensitive else "lc",
            tok="tercom",
            norm=self.normalized,
            punct=not self.no_punct,
            asian=self.asian_support,
        )

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "normalized": self.normalized,
            "asian_support": self.asian_support,
            "no_punct": self.no_punct,
            "case_sensitive": self.case_sensitive,
        }

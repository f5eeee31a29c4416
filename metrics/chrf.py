"""chrF and chrF++ (Popović 2015, 2017) with sacrebleu's statistics and signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from xindaya.metrics import engine, oracle
from xindaya.metrics.metric import (
    About,
    Metric,
    Progress,
    Rows,
    check_options,
    check_shape,
    lowered,
    narrowed,
    ngram_counts,
    option,
    references_of,
)
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.pairs import Segment


_MOST = 64  # far beyond any use; every order costs three columns a segment
_EPSILON = 1e-16  # sacrebleu's, after chrF++.py


@dataclass(frozen=True)
class CHRF(Metric):
    """Character n-gram F-score; chrF++ with `word_order` 2.

    Attributes:
        char_order: Longest character n-gram.
        word_order: Longest word n-gram; 0 for chrF. Words are split at spaces, so chrF++ counts
            an unsegmented Chinese clause as one word: prefer chrF for Chinese.
        beta: Weight of recall against precision.
        lowercase: Lower-case both sides first.
        whitespace: Count white space as characters, too.
        eps_smoothing: Average the F-scores of all orders, with a tiny number where there is no
            n-gram, as chrF++.py, NLTK and Moses do, instead of averaging over the orders that have
            n-grams.
    """

    char_order: int = option(
        6, About(int, "Longest character n-gram of chrF", short="cc", most=_MOST)
    )
    word_order: int = option(
        0, About(int, "Longest word n-gram of chrf (chrf++ has 2)", short="cw", most=_MOST)
    )
    beta: int = option(2, About(int, "Weight of recall against precision in chrF", most=1000))
    lowercase: bool = option(False, About(bool, "Ignore case in chrF"))
    whitespace: bool = option(False, About(bool, "Count white space as characters in chrF"))
    eps_smoothing: bool = option(False, About(bool, "Smooth chrF as chrF++.py, NLTK and Moses do"))

    cacheable: ClassVar[bool] = True
    prefix: ClassVar[str] = "chrf_"
    empty_reference: ClassVar[str] = "none"

    def __post_init__(self) -> None:
        check_options(self)
        if not self.char_order + self.word_order:
            raise UsageError("chrf_char_order and chrf_word_order are both 0; expected some n-gram")

    @property
    def explained(self) -> str:  # type: ignore[override]
        return "chrF++" if self.word_order else "chrF"

    @property
    def name(self) -> str:
        return f"chrF{self.beta}" + "+" * self.word_order

    @property
    def columns(self) -> tuple[str, ...]:
        orders = [f"char{n}" for n in range(1, self.char_order + 1)]
        orders += [f"word{n}" for n in range(1, self.word_order + 1)]
        return tuple(f"{side}_{order}" for order in orders for side in ("hyp", "ref", "match"))

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        check_shape(segments, outputs)
        texts, references = self._prepared(references_of(segments), outputs)
        return engine.chrf_rows(texts, references, **self._counted, progress=progress)

    def totals(
        self,
        references: Sequence[Sequence[str | None]],
        outputs: Sequence[Sequence[str]],
        *,
        threads: int = 0,
    ) -> list[list[int]]:
        texts, references = self._prepared(references, outputs)
        return engine.chrf_totals(texts, references, **self._counted, threads=threads)

    def pack(self, rows: Rows) -> Rows:
        # The counts of higher orders follow from those of the first, of characters and of words.
        first = [3 * k + side for k in self._firsts for side in (0, 1)]
        return narrowed(rows[..., [*first, *range(2, rows.shape[-1], 3)]])

    def unpack(self, packed: Rows) -> Rows:
        import numpy as np

        packed = super().unpack(packed)
        firsts = self._firsts
        columns: list[Rows] = []
        for place, (_, orders) in enumerate(firsts.items()):
            hyp, ref = (packed[..., 2 * place + side] for side in (0, 1))
            for mine, theirs in zip(
                ngram_counts(hyp, orders), ngram_counts(ref, orders), strict=True
            ):
                match = packed[..., 2 * len(firsts) + len(columns) // 3]
                # sacrebleu counts an output's n-grams only where the reference has some.
                columns += [np.where(theirs > 0, mine, 0), theirs, match]
        return np.stack(columns, axis=-1)

    @property
    def _firsts(self) -> dict[int, int]:
        """Place of the first order among all orders, and how many there are of its kind."""
        kinds = {0: self.char_order, self.char_order: self.word_order}
        return {place: orders for place, orders in kinds.items() if orders}

    def score(self, row: Sequence[Any]) -> float:
        if self.eps_smoothing:
            return float(self._smoothed(row))
        precision = recall = 0.0
        orders = 0
        for i in range(0, len(row), 3):
            hyp, ref, match = row[i : i + 3]
            if hyp > 0 and ref > 0:
                precision += match / hyp
                recall += match / ref
                orders += 1
        if orders == 0 or precision + recall == 0:
            return 0.0
        precision /= orders
        recall /= orders
        factor = self.beta**2
        f_score = (1 + factor) * precision * recall
        f_score /= factor * precision + recall
        return float(100 * f_score)

    def scores(self, rows: Rows) -> Rows:
        """As `score`, on all rows at once, with the same operations in the same order."""
        import numpy as np

        if self.eps_smoothing:
            return np.array([self._smoothed(row) for row in rows])
        kind = np.dtype(np.float32 if rows.dtype == np.float32 else np.float64)
        hyp, ref, match = (np.asarray(rows[:, i::3], dtype=kind) for i in range(3))
        both = (hyp > 0) & (ref > 0)
        precision, recall = np.zeros((2, len(rows)), dtype=kind)
        with np.errstate(invalid="ignore", divide="ignore"):
            for n in range(hyp.shape[1]):
                precision += np.where(both[:, n], match[:, n] / hyp[:, n], 0)
                recall += np.where(both[:, n], match[:, n] / ref[:, n], 0)
            orders = both.sum(axis=1).astype(kind)
            precision, recall = precision / orders, recall / orders
            factor = self.beta**2
            f_score = (1 + factor) * precision * recall
            f_score /= factor * precision + recall
        zero = ~(precision + recall > 0)
        result = np.where(zero, 0, 100 * f_score)
        # sacrebleu's list then holds a Python 0.0, which makes float64 of the whole array.
        return result.astype(np.float64) if zero.any() else result.astype(kind)

    def signature(self, segments: Sequence[Segment]) -> str:
        return oracle.signature(
            segments,
            case="lc" if self.lowercase else "mixed",
            eff=not self.eps_smoothing,
            nc=self.char_order,
            nw=self.word_order,
            space=self.whitespace,
        )

    def _smoothed(self, row: Sequence[Any]) -> Any:
        """The mean F-score of all orders, in the order of sacrebleu's operations."""
        score: Any = 0.0
        factor = self.beta**2
        for i in range(0, len(row), 3):
            hyp, ref, match = row[i : i + 3]
            precision = match / hyp if hyp > 0 else _EPSILON
            recall = match / ref if ref > 0 else _EPSILON
            divisor = factor * precision + recall
            score += (1 + factor) * precision * recall / divisor if divisor > 0 else _EPSILON
        return 100 * score / (len(row) // 3)

    @property
    def _counted(self) -> dict[str, Any]:
        """What decides the statistics: with several references, all that decides which is best."""
        return {
            "char_order": self.char_order,
            "word_order": self.word_order,
            "beta": self.beta,
            "whitespace": self.whitespace,
            "eps_smoothing": self.eps_smoothing,
        }

    def _prepared(
        self, references: Sequence[Sequence[str | None]], outputs: Sequence[Sequence[str]]
    ) -> tuple[Sequence[Sequence[str]], Sequence[Sequence[str | None]]]:
        return lowered(outputs, references) if self.lowercase else (outputs, references)

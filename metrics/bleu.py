"""BLEU (Papineni et al. 2002) with sacrebleu's statistics, smoothing and signature (Post 2018)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from xindaya.metrics import engine, oracle
from xindaya.metrics.metric import (
    LENGTH_0,
    About,
    Metric,
    Progress,
    Rows,
    builtin_sums,
    check_options,
    check_shape,
    lowered,
    mapped,
    narrowed,
    ngram_counts,
    option,
    references_of,
)
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.pairs import Segment

ORDER = 4
TOKENIZERS = ("13a", "zh", "char", "intl", "none", "jieba")
SMOOTHING = ("exp", "floor", "add-k", "none")
SMOOTH_DEFAULTS = {"floor": 0.1, "add-k": 1}
"""What is added by the ways of smoothing that take a number, as in sacrebleu."""

_LOG_OF_ZERO = -9999999999.0  # sacrebleu's stand-in for minus infinity


def tokenizer_for(target_lang: str, chosen: str | None = None, *, force: bool = False) -> str:
    """Chooses BLEU's tokenizer from the target language.

    Args:
        target_lang: ``zh`` or ``en``.
        chosen: The user's choice, if any.
        force: Allow a tokenizer that makes one word of a Chinese segment.

    Raises:
        UsageError: If the tokenizer is unknown, or does not fit Chinese and is not forced.
    """
    if chosen is None:
        return "zh" if target_lang == "zh" else "13a"
    if chosen not in TOKENIZERS:
        raise unknown_tokenizer(chosen)
    if target_lang == "zh" and chosen in ("13a", "intl", "none") and not force:
        raise UsageError(
            f"tokenizer {chosen!r} makes one word of a Chinese segment, so BLEU would say nothing; "
            "use zh, char or jieba (or --force, if that is really meant)"
        )
    return chosen


def unknown_tokenizer(name: str) -> UsageError:
    """Returns the error of a tokenizer that is not offered; some that sacrebleu has say why."""
    why = ""
    if name in ("ja-mecab", "ko-mecab"):
        why = ": it is for Japanese or Korean; Xindaya evaluates Chinese and English"
    elif name in ("spm", "flores101", "flores200", "spBLEU-1K"):
        why = ": it downloads a model, and Xindaya fetches nothing"
    return UsageError(f"unknown tokenizer {name!r}{why}; known: {', '.join(TOKENIZERS)}")


@dataclass(frozen=True)
class BLEU(Metric):
    """Corpus BLEU up to 4-grams.

    Attributes:
        tokenize: One of `TOKENIZERS`; ``jieba`` cuts into words with jieba's own dictionary and
            says so, with its version and hash, in the signature.
        lowercase: Lower-case both sides first.
        smooth: One of `SMOOTHING`, for precisions that are zero (Chen & Cherry 2014).
        smooth_value: For ``floor`` (default 0.1) and ``add-k`` (default 1).
        effective_order: Stop at the last order that has n-grams; always on for one segment, where
            four orders need not exist.
    """

    tokenize: str = option(
        "13a", About(str, "Tokenizer of BLEU", short="tok", choices=TOKENIZERS, by_language=True)
    )
    lowercase: bool = option(False, About(bool, "Ignore case in BLEU", short="lc"))
    smooth: str = option(
        "exp",
        About(str, "Smoothing of BLEU's zero precisions", "smooth_method", choices=SMOOTHING),
    )
    smooth_value: float | None = option(
        None,
        About(
            float,
            "Of --smooth-method floor (0.1 if not given) or add-k (1 if not given)",
            short="sv",
            most=1000,
        ),
    )
    effective_order: bool = option(
        False, About(bool, "Stop BLEU at the last order that has n-grams")
    )

    cacheable: ClassVar[bool] = True
    explained: ClassVar[str] = "BLEU"
    empty_reference: ClassVar[str] = LENGTH_0

    def __post_init__(self) -> None:
        if self.tokenize not in TOKENIZERS:
            raise unknown_tokenizer(self.tokenize)
        check_options(self)

    @property
    def name(self) -> str:
        return "BLEU"

    def remark(self, row: Sequence[Any]) -> str:
        if self.effective_order or row[-1] or not any(row[2 : 2 + ORDER]):
            return ""
        return (
            f"0 because no output has {ORDER} tokens in a row, although some agree; chrF measures "
            "such texts, or BLEU with --effective-order"
        )

    @property
    def columns(self) -> tuple[str, ...]:
        orders = range(1, ORDER + 1)
        return (
            "hyp_len",
            "ref_len",
            *(f"correct{n}" for n in orders),
            *(f"total{n}" for n in orders),
        )

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        check_shape(segments, outputs)
        texts, references, tokenize = self._prepared(references_of(segments), outputs)
        return engine.bleu_rows(texts, references, tokenize=tokenize, progress=progress)

    def totals(
        self,
        references: Sequence[Sequence[str | None]],
        outputs: Sequence[Sequence[str]],
        *,
        threads: int = 0,
    ) -> list[list[int]]:
        texts, references, tokenize = self._prepared(references, outputs)
        return engine.bleu_totals(texts, references, tokenize=tokenize, threads=threads)

    def pack(self, rows: Rows) -> Rows:
        return narrowed(rows[..., : 2 + ORDER])  # totals follow from the length of the output

    def unpack(self, packed: Rows) -> Rows:
        import numpy as np

        rows = super().unpack(packed)
        totals = ngram_counts(rows[..., 0], ORDER)
        return np.concatenate([rows, np.stack(totals, axis=-1)], axis=-1)

    def score(self, row: Sequence[Any]) -> float:
        return self._formula(row, self.effective_order)

    def segment_score(self, row: Sequence[Any]) -> float:
        return self._formula(row, effective_order=True)

    def scores(self, rows: Rows) -> Rows:
        """As `score`, on all rows at once where nothing needs smoothing."""
        import numpy as np

        correct, total = rows[:, 2 : 2 + ORDER], rows[:, 2 + ORDER :]
        plain = (correct > 0).all(axis=1) & (self.smooth != "add-k")
        # math's functions: NumPy's differ in the last bit.
        precisions = 100.0 * correct[plain] / total[plain]
        sums = builtin_sums(engine.logarithms(precisions.astype(np.float64)))
        means = np.fromiter(map(math.exp, (sums / ORDER).tolist()), np.float64)
        hyp, ref = rows[plain, :2].T.astype(np.float64)
        short = hyp < ref
        penalties = np.ones(len(hyp))
        penalties[short] = [math.exp(x) for x in (1 - ref[short] / hyp[short]).tolist()]
        result = np.empty(len(rows))
        result[plain] = penalties * means
        result[~plain] = [self.score(row) for row in rows[~plain]]
        return result

    def signature(self, segments: Sequence[Segment]) -> str:
        tokenize, smooth = self.tokenize, self.smooth
        if tokenize == "jieba":
            from xindaya.metrics.segmentation import Segmenter

            tokenize = Segmenter().signature
        if smooth in SMOOTH_DEFAULTS:
            smooth += f"[{self._smooth_value:.2f}]"
        return oracle.signature(
            segments,
            case="lc" if self.lowercase else "mixed",
            eff=self.effective_order,
            tok=tokenize,
            smooth=smooth,
        )

    def _prepared(
        self, references: Sequence[Sequence[str | None]], outputs: Sequence[Sequence[str]]
    ) -> tuple[Sequence[Sequence[str]], Sequence[Sequence[str | None]], str]:
        """Returns outputs, references and tokenizer as the engine takes them."""
        if self.lowercase:
            outputs, references = lowered(outputs, references)
        if self.tokenize in engine.TOKENIZERS:
            return outputs, references, self.tokenize
        return *mapped(_cutter(self.tokenize), outputs, references), "none"

    @property
    def _smooth_value(self) -> float:
        return SMOOTH_DEFAULTS[self.smooth] if self.smooth_value is None else self.smooth_value

    def _formula(self, row: Sequence[Any], effective_order: bool) -> float:
        """BLEU of a summed row, in the order of sacrebleu's operations.

        Kept in plain Python: `numpy.log` and `math.log` differ in the last bit, and so does
        `math.fsum` from the interpreter's own `sum`.
        """
        hyp_len, ref_len = int(row[0]), int(row[1])
        correct, total = list(row[2 : 2 + ORDER]), list(row[2 + ORDER :])
        if not any(correct):
            return 0.0
        penalty = math.exp(1 - ref_len / hyp_len) if hyp_len < ref_len else 1.0
        precisions = [0.0] * ORDER
        order, halving = ORDER, 1.0
        for n in range(ORDER):
            if self.smooth == "add-k" and n > 0:
                correct[n] += self._smooth_value
                total[n] += self._smooth_value
            if total[n] == 0:
                break
            if effective_order:
                order = n + 1
            if correct[n] != 0:
                precisions[n] = 100.0 * correct[n] / total[n]
            elif self.smooth == "exp":
                halving *= 2
                precisions[n] = 100.0 / (halving * total[n])
            elif self.smooth == "floor":
                precisions[n] = 100.0 * self._smooth_value / total[n]
        logs = [math.log(p) if p else _LOG_OF_ZERO for p in precisions[:order]]
        return penalty * math.exp(sum(logs) / order)


def _cutter(tokenize: str) -> Callable[[str], str]:
    """Returns what cuts a text into words for a tokenizer that the engine does not have."""
    if tokenize == "jieba":
        from xindaya.metrics.segmentation import Segmenter

        words = Segmenter().words
        return lambda text: " ".join(words(text))
    return oracle.tokenizer(tokenize)

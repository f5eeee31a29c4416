"""Metrics by the names people type, with defaults that fit the target language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xindaya.metrics.bleu import BLEU, tokenizer_for
from xindaya.metrics.chrf import CHRF
from xindaya.metrics.metric import Metric
from xindaya.pairs import UsageError


@dataclass(frozen=True, slots=True)
class MetricOptions:
    """What a user may choose for all metrics at once.

    Attributes:
        target_lang: Decides tokenizers.
        tokenize: BLEU tokenizer, or None for the language's own.
        lowercase: Ignore case in BLEU and chrF (TER ignores it anyway).
        force: Allow tokenizers that do not fit the language.
    """

    target_lang: str = "en"
    tokenize: str | None = None
    lowercase: bool = False
    force: bool = False


def _bleu(options: MetricOptions) -> Metric:
    tokenize = tokenizer_for(options.target_lang, options.tokenize, force=options.force)
    return BLEU(tokenize=tokenize, lowercase=options.lowercase)


def _ter(options: MetricOptions) -> Metric:
    from xindaya.metrics.ter import TER

    # Without both options a Chinese segment is one word, and TER all or nothing.
    chinese = options.target_lang == "zh"
    return TER(normalized=chinese, asian_support=chinese)


_METRICS: dict[str, Callable[[MetricOptions], Metric]] = {
    "bleu": _bleu,
    "chrf": lambda options: CHRF(lowercase=options.lowercase),
    "chrf++": lambda options: CHRF(word_order=2, lowercase=options.lowercase),
    "ter": _ter,
}
_ALIASES = {"chrf2": "chrf", "chrf2++": "chrf++", "chrfpp": "chrf++"}

METRIC_NAMES = tuple(_METRICS)


def make_metrics(names: Sequence[str], options: MetricOptions | None = None) -> dict[str, Metric]:
    """Builds metrics from names such as ``bleu`` or ``chrf++``.

    Returns:
        The name that sacrebleu prints (``BLEU``, ``chrF2``) to metric, in the order given.

    Raises:
        UsageError: If a name is unknown.
    """
    metrics = {}
    for name in names:
        key = _ALIASES.get(name.lower(), name.lower())
        if key not in _METRICS:
            import difflib

            close = difflib.get_close_matches(key, METRIC_NAMES, 1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            raise UsageError(f"unknown metric {name!r}{meant} (known: {', '.join(METRIC_NAMES)})")
        metric = _METRICS[key](options or MetricOptions())
        metrics[metric.name] = metric
    return metrics

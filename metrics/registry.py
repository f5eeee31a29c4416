"""Metrics by the names people type, and their options by the names people type.

The options are the fields of the metrics' dataclasses: command line and specs are made from
`OPTIONS`, so a field added there is offered everywhere. Defaults fit the target language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, NamedTuple

from xindaya.metrics.bleu import BLEU, tokenizer_for
from xindaya.metrics.chrf import CHRF
from xindaya.metrics.metric import About, Metric
from xindaya.metrics.ter import TER
from xindaya.pairs import UsageError


class Option(NamedTuple):
    """An option of a metric.

    Attributes:
        name: Key in a spec; the long option of the command line with ``-`` for ``_``.
        metric: Whose it is.
        field: Its field there.
        default: Value of the field where nothing is given.
        about: What the metric says of it.
    """

    name: str
    metric: type[Metric]
    field: str
    default: Any
    about: About


def _options_of(metric: type[Metric]) -> list[Option]:
    return [
        Option(metric.prefix + (about.name or f.name), metric, f.name, f.default, about)
        for f in fields(metric)  # type: ignore[arg-type]
        if (about := f.metadata["about"])
    ]


OPTIONS: Mapping[str, Option] = MappingProxyType(
    {option.name: option for metric in (BLEU, CHRF, TER) for option in _options_of(metric)}
)
"""Name to option, of all metrics."""


@dataclass(frozen=True, slots=True)
class MetricOptions:
    """What a user may choose for all metrics at once.

    Attributes:
        target_lang: Decides tokenizers.
        chosen: Values of `OPTIONS`; what is left out or None has its default.
        force: Allow a BLEU tokenizer that does not fit the language.
    """

    target_lang: str = "en"
    chosen: Mapping[str, Any] = field(default_factory=dict)
    force: bool = False

    def __post_init__(self) -> None:
        for name in self.chosen:
            if name not in OPTIONS:
                raise UsageError(f"unknown metric option {name!r}; known: {', '.join(OPTIONS)}")

    def of(self, metric: type[Metric]) -> dict[str, Any]:
        """Returns the arguments with which to make a metric."""
        return {
            OPTIONS[name].field: value
            for name, value in self.chosen.items()
            if value is not None and OPTIONS[name].metric is metric
        }


def _bleu(options: MetricOptions) -> Metric:
    given = options.of(BLEU)
    chosen = given.pop("tokenize", None)
    tokenize = tokenizer_for(options.target_lang, chosen, force=options.force)
    return BLEU(tokenize=tokenize, **given)


def _chrf_plus_plus(options: MetricOptions) -> Metric:
    # Its word order is what the name says; the option is for plain chrF.
    return CHRF(**options.of(CHRF) | {"word_order": 2})


def _ter(options: MetricOptions) -> Metric:
    # Without both options a Chinese segment is one word, and TER all or nothing.
    chinese = options.target_lang == "zh"
    return TER(**{"normalized": chinese, "asian_support": chinese} | options.of(TER))


_METRICS = {
    "bleu": _bleu,
    "chrf": lambda options: CHRF(**options.of(CHRF)),
    "chrf++": _chrf_plus_plus,
    "ter": _ter,
}
_ALIASES = {"chrf2": "chrf", "chrf2++": "chrf++", "chrfpp": "chrf++"}

METRIC_NAMES = tuple(_METRICS)


def is_metric_name(name: str) -> bool:
    """True for what `make_metrics` takes."""
    return _ALIASES.get(name.lower(), name.lower()) in _METRICS


def make_metrics(names: Sequence[str], options: MetricOptions | None = None) -> dict[str, Metric]:
    """Builds metrics from names such as ``bleu`` or ``chrf++``.

    Returns:
        The name that sacrebleu prints (``BLEU``, ``chrF2``) to metric, in the order given.

    Raises:
        UsageError: If a name or an option is unknown, or a value does not fit.
    """
    metrics: dict[str, Metric] = {}
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

"""Everything that can be measured, in one table: metrics by the names people type, and the termbase check.

Command line, specs, gates, run folders, history, reports and the pytest plug-in read it; none of
them has names of its own. A metric's options are the fields of its dataclass, and defaults fit the
target language.

A package adds a metric with one entry point, named as people type it::

    [project.entry-points."xindaya.metrics"]
    length = "my_package:LengthRatio"

It names a subclass of `Metric`, or a function from `MetricOptions` to one. Entry points are read when
a name is asked for that is none of ours, or when names are listed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from xindaya.metrics.bleu import BLEU, tokenizer_for
from xindaya.metrics.chrf import CHRF
from xindaya.metrics.metric import About, Metric
from xindaya.metrics.ter import TER
from xindaya.pairs import UsageError
from xindaya.pairs.errors import preview

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PLUGINS = "xindaya.metrics"
"""Group of the entry points."""

POINTS, SHARE, COUNT = "points", "share", "count"


class Measure(NamedTuple):  # cheaper to make than a dataclass: bare scores wait for it
    """Something that has a number for every system.

    Attributes:
        name: As views, files and gates write it: ``chrF2``, ``adherence``.
        higher_is_better: Whether more is better.
        unit: `POINTS`, or `SHARE` in [0, 1], or `COUNT`.
        digits: Decimals that it is shown with; a share is shown in per cent.
        heading: Of its column, where that is not its name.
        shown: Whether narrow lists show it unasked.
    """

    name: str
    higher_is_better: bool = True
    unit: str = POINTS
    digits: int = 2
    heading: str = ""
    shown: bool = True

    @property
    def head(self) -> str:
        """Heading of its column."""
        return self.heading or self.name

    @property
    def sign(self) -> str:
        """The direction in which it gets worse."""
        return "-" if self.higher_is_better else "+"


TERMS = "terms"
TERM_ERRORS = Measure(TERMS, higher_is_better=False, unit=COUNT, digits=0)
"""All term errors; what may be lost of it is ``terms:+0``."""


def _share(name: str, heading: str, *, shown: bool = True) -> Measure:
    return Measure(name, True, SHARE, 3, heading, shown)


def _count(name: str, *, more: bool = False, shown: bool = True) -> Measure:
    return Measure(name, more, COUNT, 0, name.capitalize(), shown)


TERM_MEASURES: Mapping[str, Measure] = MappingProxyType({
    measure.name: measure
    for measure in (
        _count("occurrences", more=True, shown=False),
        _share("adherence", "Adherence"),
        _share("preferred_rate", "Preferred", shown=False),
        _share("coverage", "Coverage"),
        _share("exclusive", "WMT26", shown=False),
        _share("overlapping", "WMT26 overlapping", shown=False),
        _share("ltcr", "Consistency (LTCR)"),
        _count("forbidden"),
        _count("drifting"),
        _count("waived", shown=False),
    )
})  # fmt: skip
"""The measures of a termbase check, each an attribute of `TermSummary`."""

SHOWN_SHARES, SHOWN_COUNTS = (
    tuple(name for name, m in TERM_MEASURES.items() if m.shown and m.unit == unit)
    for unit in (SHARE, COUNT)
)
"""Of them, those that narrow lists show: shares first, then counts."""


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


def _options_of(metric: type[Metric]) -> dict[str, Option]:
    options = [
        Option(metric.prefix + (about.name or f.name), metric, f.name, f.default, about)
        for f in fields(metric)  # type: ignore[arg-type]
        if (about := f.metadata.get("about"))
    ]
    return {option.name: option for option in options}


OPTIONS: Mapping[str, Option] = MappingProxyType(
    _options_of(BLEU) | _options_of(CHRF) | _options_of(TER)
)
"""Name to option, of the metrics that are ours."""


def plugin_options() -> dict[str, Option]:
    """Returns the options of all installed plug-ins by name."""
    found: dict[str, Option] = {}
    for name, metric in _plugin_classes():
        own: dict[str, Option] = _options_of(metric) if is_dataclass(metric) else {}
        if twice := [o for o in own if o in OPTIONS or (o in found and found[o].metric != metric)]:
            raise UsageError(
                f"the metric {name!r} of an installed package has an option {twice[0]!r}, which another "
                "metric has; it needs a prefix"
            )
        found |= own
    return found


def option_named(name: str) -> Option | None:
    """Returns an option, of ours or of a plug-in; None if there is none of that name."""
    return OPTIONS.get(name) or plugin_options().get(name)


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
            if option_named(name) is None:
                raise UsageError(f"unknown metric option {name!r}; known: {', '.join(OPTIONS)}")

    def of(self, metric: type[Metric]) -> dict[str, Any]:
        """Returns the arguments with which to make a metric."""
        chosen = [(option_named(name), value) for name, value in self.chosen.items()]
        return {
            option.field: value
            for option, value in chosen
            if option and value is not None and option.metric is metric
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


_METRICS: Mapping[str, Callable[[MetricOptions], Metric]] = {
    "bleu": _bleu,
    "chrf": lambda options: CHRF(**options.of(CHRF)),
    "chrf++": _chrf_plus_plus,
    "ter": _ter,
}
_ALIASES = {"chrf2": "chrf", "chrf2++": "chrf++", "chrfpp": "chrf++"}
_CLASSES: Mapping[str, type[Metric]] = {"BLEU": BLEU, "CHRF": CHRF, "TER": TER}

METRIC_NAMES = tuple(_METRICS)


def metric_names() -> tuple[str, ...]:
    """Returns what may be typed for a metric, names of plug-ins included."""
    return (*METRIC_NAMES, *_plugins())


def is_metric_name(name: str) -> bool:
    """True for what `make_metrics` takes."""
    name = name.lower()
    return _ALIASES.get(name, name) in _METRICS or name in _plugins()


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
        if key in _METRICS:
            metric = _METRICS[key](options or MetricOptions())
        elif key in (known := _plugins()):
            metric = _made(key, known[key], options or MetricOptions())
        else:
            meant = _meant(key, {known: known for known in metric_names()})
            raise UsageError(
                f"unknown metric {preview(name)}{meant} (known: "
                f"{', '.join(metric_names())}; --scores {name}=FILE takes scores computed elsewhere)"
            )
        metrics[metric.name] = metric
    return metrics


def metric_class(name: str) -> type[Metric]:
    """Returns the class that a saved run names, of ours or of a plug-in.

    Raises:
        LookupError: If there is none of that name: what a file names is never imported.
    """
    if name not in _CLASSES:
        for _, metric in _plugin_classes():
            if metric.__name__ == name:
                return metric
    return _CLASSES[name]


def measure_of(metric: Metric) -> Measure:
    """Returns what is known of a metric beside its formula."""
    return Measure(metric.name, metric.higher_is_better, digits=metric.digits)


def known_measures(metrics: Iterable[Metric] = ()) -> dict[str, Measure]:
    """Returns the measures that a rule may name: our metrics, these metrics, the termbase check."""
    every = (*make_metrics(METRIC_NAMES).values(), *metrics)
    return {m.name: measure_of(m) for m in every} | dict(TERM_MEASURES)


def measure_named(typed: str, known: Mapping[str, Any], unknown: str) -> str:
    """Returns the measure that is meant, whatever the case; ``chrf`` is ``chrF2``.

    Args:
        typed: What somebody typed.
        known: Names of the measures that there are.
        unknown: Begins the message if it is none of them.

    Raises:
        UsageError: If it is none of them.
    """
    names = {name.lower(): name for name in known}
    for short, make in _METRICS.items():
        printed = make(MetricOptions()).name.lower()
        if printed in names:
            names.setdefault(short, names[printed])
    key = typed.lower()
    key = key if key in names else _ALIASES.get(key, key)
    if key in names:
        return names[key]
    raise UsageError(f"{unknown}{_meant(key, names)} (known: {', '.join(known) or 'nothing'})")


def _meant(typed: str, known: Mapping[str, str]) -> str:
    import difflib  # a bare score makes no mistake

    close = difflib.get_close_matches(typed, known, 1)
    return f"; did you mean {known[close[0]]!r}?" if close else ""


def _plugins() -> dict[str, EntryPoint]:
    """Returns the metrics of installed packages by the names people type; ours go before."""
    from importlib.metadata import entry_points

    found = {point.name.lower(): point for point in entry_points(group=PLUGINS)}
    return {name: found[name] for name in sorted(found) if name not in {*_METRICS, *_ALIASES}}


def _loaded(name: str, point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # whatever somebody else's package raises
        package = f" of the package {point.dist.name}" if point.dist else ""
        raise UsageError(
            f"the metric {name!r}{package} cannot be loaded: {type(error).__name__}: {error}"
        ) from error


def _made(name: str, point: EntryPoint, options: MetricOptions) -> Metric:
    """Makes the metric of a plug-in."""
    from xindaya.metrics.scores import check_name

    found = _loaded(name, point)
    metric = found(**options.of(found)) if isinstance(found, type) else found(options)
    if not isinstance(metric, Metric):
        raise UsageError(
            f"the metric {name!r} ({point.value}) is a {type(metric).__name__}; expected a "
            "xindaya.metrics.Metric, or a function that returns one"
        )
    check_name(metric.name)
    return metric


def _plugin_classes() -> Iterator[tuple[str, type[Metric]]]:
    """Yields the plug-ins that can be loaded; of the others, whoever names one is told why."""
    for name, point in _plugins().items():
        with contextlib.suppress(UsageError):
            found = _loaded(name, point)
            metric = found if isinstance(found, type) else type(_made(name, point, MetricOptions()))
            if issubclass(metric, Metric):
                yield name, metric

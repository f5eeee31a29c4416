"""From a corpus to an evaluation: rows once, everything else from the rows."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xindaya.cache import StatisticsCache, Texts
from xindaya.findings import find_all
from xindaya.metrics import (
    Comparison,
    Evaluation,
    Interval,
    Metric,
    Provenance,
    Rows,
    Unscored,
    engine,
)
from xindaya.metrics.bleu import BLEU, tokenizer_for
from xindaya.metrics.judging.outcome import BOOTSTRAP_SAMPLES, JUDGED
from xindaya.metrics.metric import Progress, reference_counts
from xindaya.metrics.resampling import (
    bootstrap_scores,
    enough_for_interval,
    intervals,
    sacrebleu_p_values,
)
from xindaya.pairs import (
    Corpus,
    NothingToEvaluateError,
    UsageError,
)
from xindaya.pairs.direction import Direction, claimed, stated
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.settings import Settings, check_new

if TYPE_CHECKING:
    from xindaya.metrics import Terminology
    from xindaya.pairs import Termbase

StartProgress = Callable[[str, int], Progress]
"""Given a label and a total, returns the function to call with each step done."""


@dataclass(slots=True)
class _Draft:
    """The parts of an evaluation while they are being computed."""

    metrics: dict[str, Metric] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    unscored: list[Unscored] = field(default_factory=list)


def evaluate(
    corpus: Corpus | str | Path,
    *,
    metrics: str | Metric | Sequence[str | Metric] | None = None,
    termbase: Termbase | str | Path | None = None,
    source_lang: str | None = None,
    target_lang: str | None = None,
    settings: Settings | None = None,
    progress: StartProgress | None = None,
    command: str = "",
) -> Evaluation:
    """Evaluates every system of a corpus.

    Args:
        corpus: The corpus, or the path of one.
        metrics: Names such as ``bleu``, and metrics such as ``BLEU(tokenize="char")``; None for
            those of the settings.
        termbase: The termbase to check against, or the path of one.
        source_lang: ``zh`` or ``en``; None for what the data says.
        target_lang: The other one.
        settings: How to evaluate.
        progress: Told about long work; silent without.
        command: Shown in the report's provenance.

    Returns:
        The evaluation, a plain value.

    Raises:
        InputError: If a file is malformed, or the corpus goes another way than stated.
        UsageError: If a metric or a setting is unknown or does not fit.
        NothingToEvaluateError: If there is no segment or no system.
    """
    settings = settings or Settings()
    corpus = as_corpus(corpus, source_lang, target_lang)
    if isinstance(termbase, str | Path):
        from xindaya.pairs import read_termbase

        termbase = read_termbase(termbase)
    if not corpus.segments or not corpus.systems:
        what = "system" if corpus.segments else "segment"
        raise NothingToEvaluateError(f"{corpus.name}: no {what} to evaluate")
    start = progress or _silent
    chosen = choose_metrics(metrics, settings, corpus.target_lang)
    if settings.scores:
        from xindaya.scores import load_scores

        for source in settings.scores:
            check_new(source.title, chosen)
        chosen |= load_scores(settings.scores, corpus, cache=settings.cache, start=start)
    draft = _score(corpus, chosen, settings, start)
    baseline = _baseline(corpus, settings)
    interval_map, comparisons = _resample(corpus, draft, settings, baseline, start)
    terminology = _check_terms(corpus, termbase, draft, settings, start)
    return Evaluation(
        corpus=corpus,
        metrics=MappingProxyType(draft.metrics),
        signatures=MappingProxyType(draft.signatures),
        rows=MappingProxyType(draft.rows),
        provenance=provenance(settings.seed, command),
        intervals=MappingProxyType(interval_map),
        comparisons=tuple(comparisons),
        baseline=baseline,
        terminology=terminology,
        findings=find_all(corpus, terminology, waivers=settings.waivers, data=settings.check_data),
        unscored=tuple(draft.unscored),
    )


def provenance(seed: int, command: str = "") -> Provenance:
    """Returns the versions that decide the numbers."""
    packages = ("jieba", "numpy", "sacrebleu", "snowballstemmer")
    versions = {name: metadata.version(name) for name in packages}
    versions["python"] = platform.python_version()
    return Provenance(
        version=metadata.version("xindaya"),
        engine=engine.name,
        seed=seed,
        packages=MappingProxyType(dict(sorted(versions.items()))),
        command=command,
    )


def as_corpus(
    corpus: Corpus | str | Path, source_lang: str | None = None, target_lang: str | None = None
) -> Corpus:
    """Returns a corpus, read if it is the path of one.

    Raises:
        InputError: If a file is malformed, or the corpus goes another way than stated.
    """
    if not isinstance(corpus, Corpus):
        from xindaya.pairs import read_corpus

        return read_corpus(corpus, source_lang=source_lang, target_lang=target_lang)
    own = Direction(corpus.source_lang, corpus.target_lang, "as the corpus says")
    claimed(corpus.name, stated(source_lang, target_lang), own)
    return corpus


def choose_metrics(
    metrics: str | Metric | Sequence[str | Metric] | None, settings: Settings, target_lang: str
) -> dict[str, Metric]:
    """Returns metrics by the names that sacrebleu prints, in the order given.

    Args:
        metrics: Names and metrics; None for those of the settings.
        settings: How metrics that are only named are made.
        target_lang: Decides tokenizers, and which do not fit.

    Raises:
        UsageError: If a name is unknown, two metrics have one name, or a tokenizer does not fit.
    """
    if metrics is None:
        return settings.make_metrics(target_lang)
    chosen: dict[str, Metric] = {}
    for given in (metrics,) if isinstance(metrics, str | Metric) else metrics:
        if isinstance(given, Metric):
            made = {given.name: given}
            if isinstance(given, BLEU):
                tokenizer_for(target_lang, given.tokenize, force=settings.force)
        else:
            made = replace(settings, metrics=(given,)).make_metrics(target_lang)
        if twice := chosen.keys() & made.keys():
            raise UsageError(f"{min(twice)} twice among the metrics; expected each once")
        chosen |= made
    return chosen


def _score(
    corpus: Corpus, metrics: Mapping[str, Metric], settings: Settings, start: StartProgress
) -> _Draft:
    draft = _Draft()
    outputs = list(corpus.systems.values())
    no_reference, no_source = _no_reference(corpus), _no_source(corpus)
    cache = StatisticsCache.default() if settings.cache else None
    texts: Texts | None = None
    for name, metric in metrics.items():
        reason = (metric.needs_reference and no_reference) or (metric.needs_source and no_source)
        if reason:
            draft.unscored.append(Unscored(name, reason))
            continue
        step = start(name, len(outputs) * len(corpus.segments))
        signature = metric.signature(corpus.segments)
        if cache and metric.cacheable:
            texts = texts or Texts.of(corpus.segments, outputs)
            rows = cache.rows(metric, signature, texts, step)
        else:
            rows = metric.rows(corpus.segments, outputs, step)
        if bare := [
            s for s, of in zip(corpus.systems, metric.scored(rows), strict=True) if not of.any()
        ]:
            draft.unscored.append(Unscored(name, _nothing_scored(metric, corpus, bare[0])))
            continue
        draft.metrics[name], draft.signatures[name], draft.rows[name] = metric, signature, rows
    return draft


def _nothing_scored(metric: Metric, corpus: Corpus, system: str) -> str:
    """Says why a metric has no number: it has none of one of the systems."""
    reasons = metric.reasons(corpus.segments, corpus.systems[system])
    why = f" ({ascii_controls(next(iter(reasons)))})" if reasons else ""
    return f"no output of {system!r} was scored{why}"


def _no_source(corpus: Corpus) -> str:
    return "" if corpus.has_source else "the corpus has no source text"


def _no_reference(corpus: Corpus) -> str:
    """Says why reference-based metrics cannot be computed, or nothing if they can."""
    if not corpus.reference_names:
        return "the corpus has no reference"
    if 0 in reference_counts(corpus.segments):
        bare = [s.id for s in corpus.segments if all(r is None for r in s.references)]
        return f"{counted(len(bare), 'segment has', 'segments have')} no reference, the first is {bare[0]!r}"
    return ""


def _baseline(corpus: Corpus, settings: Settings) -> str:
    if settings.baseline is None:
        return next(iter(corpus.systems))
    if settings.baseline not in corpus.systems:
        raise UsageError(
            f"the baseline {settings.baseline!r} is none of the systems: "
            + ", ".join(corpus.systems)
        )
    return settings.baseline


def _resample(
    corpus: Corpus, draft: _Draft, settings: Settings, baseline: str, start: StartProgress
) -> tuple[dict[str, tuple[Interval | None, ...]], list[Comparison]]:
    interval_map: dict[str, tuple[Interval | None, ...]] = {}
    resampled = None
    if not draft.rows:
        return interval_map, []
    enough = any(enough_for_interval(rows) for found in draft.rows.values() for rows in found)
    if settings.confidence_samples and not enough:
        interval_map = {name: (None,) * len(found) for name, found in draft.rows.items()}
    elif settings.confidence_samples:
        step = start("Confidence intervals", 1)
        resampled = bootstrap_scores(
            draft.metrics, draft.rows, settings.confidence_samples, settings.seed
        )
        interval_map = {
            name: tuple(
                found if enough_for_interval(rows) else None
                for found, rows in zip(
                    intervals(scores, settings.seed), draft.rows[name], strict=True
                )
            )
            for name, scores in resampled.items()
        }
        step(1)
    if settings.test is None or len(corpus.systems) < 2:
        return interval_map, []
    step = start("Paired tests", 1)
    comparisons = _compare(list(corpus.systems), draft, settings, baseline, resampled)
    step(1)
    return interval_map, comparisons


def _compare(
    systems: Sequence[str],
    draft: _Draft,
    settings: Settings,
    baseline: str,
    resampled: Mapping[str, Rows] | None,
) -> list[Comparison]:
    """Judges every system against the baseline, with sacrebleu's p-values where asked for."""
    from xindaya.metrics.judging.family import judge, pairs_with

    pairs = pairs_with(baseline, systems, draft.rows)
    found = judge(draft.metrics, pairs, alpha=settings.alpha, seed=settings.seed)
    if settings.test == JUDGED or settings.test is None:
        return found
    same = (settings.test_samples or BOOTSTRAP_SAMPLES) == settings.confidence_samples
    # sacrebleu knows no segment without a score: its tests are made where there is none.
    whole = {n: rows for n, rows in draft.rows.items() if draft.metrics[n].scored(rows).all()}
    if not whole:
        return found
    p_values = sacrebleu_p_values(
        {name: draft.metrics[name] for name in whole},
        whole,
        first=systems.index(baseline),
        method=settings.test,
        samples=settings.test_samples,
        seed=settings.seed,
        resampled={n: resampled[n] for n in whole} if resampled and same else None,
    )
    return [
        replace(c, p_sacrebleu=p_values[c.metric][systems.index(c.system)])
        if c.metric in whole
        else c
        for c in found
    ]


def _check_terms(
    corpus: Corpus,
    termbase: Termbase | None,
    draft: _Draft,
    settings: Settings,
    start: StartProgress,
) -> Terminology | None:
    if termbase is None:
        return None
    from xindaya.metrics import TermAdherence, check_corpus
    from xindaya.pairs.checks import is_data_id

    metric = TermAdherence(termbase, corpus.source_lang, corpus.target_lang, settings.fold_scripts)
    if not corpus.has_source:
        draft.unscored.append(Unscored(metric.name, "the corpus has no source text"))
        return None
    draft.signatures[metric.name] = metric.signature(corpus.segments)
    texts = len(corpus.systems) + len(corpus.reference_names)
    return check_corpus(
        corpus,
        termbase,
        waivers=[w for w in settings.waivers if not is_data_id(w)],
        fold_scripts=settings.fold_scripts,
        seed=settings.seed,
        progress=start("Terminology", texts * len(corpus.segments)),
    )


def _silent(_label: str, _total: int) -> Progress:
    return lambda _done: None


def select_systems(corpus: Corpus, names: Sequence[str]) -> Corpus:
    """Returns the corpus with only these systems.

    Raises:
        UsageError: If one of them is not in the corpus.
    """
    for name in names:
        if name not in corpus.systems:
            known = ", ".join(corpus.systems) or "none"
            raise UsageError(f"no system {name!r} in the corpus; there are: {known}")
    chosen: Mapping[str, tuple[str, ...]] = {name: corpus.systems[name] for name in names}
    return corpus.with_systems(chosen)

"""Specs: ``NAME.mt.toml``, one evaluation written down.

::

    name = "release-7"                      # optional
    corpus = "corpus"                       # a corpus folder or file, NAME=FILE for the delivery of
                                            # somebody; or [files] below
    metrics = ["bleu", "chrf"]
    termbase = "terms.tsv"
    baseline = "vendor-a"
    systems = ["vendor-a", "vendor-b"]      # optional: only these
    gates = ["chrF2 >= 55", "forbidden <= 0"]
    fail_on = ["chrF2:-1.0", "terms:+0"]    # optional: allowed losses against the baseline file
    undecided = "pass"                      # or "fail": a loss that the data are too few to judge
    baseline_file = "release-7.json"        # optional: default .mt-baselines/<spec>.json
    waivers = "waivers.txt"                 # optional: accepted occurrences
    source_lang = "zh"                      # optional, as is target_lang: what the data does not say

    human = "human.tsv"                     # optional: people's scores, or a list of files of them

    [scores]                                # optional: measures that were computed elsewhere
    COMET = "comet.json"                    # a file, of COMET, MetricX, WMT26, …; or a table:
    mine = { command = ["python", "my_metric.py"], seconds = 600, batch = 100, cache = true }
    MetricX = { file = "metricx.jsonl", model = "google/metricx-24-hybrid-xl-v2p6", better = "lower" }

    [files]                                 # instead of corpus: one segment a line
    source = "test.zh"
    references = { A = "ref-a.en" }
    systems = { vendor-a = "a.en" }
    documents = "documents.txt"

    [options]
    tokenize = "13a"
    lowercase = false                       # in BLEU and chrF (chrf_lowercase: in chrF)
    smooth_method = "exp"                   # and every option of BLEU, chrF and TER that `score`
    chrf_beta = 2                           # has, with _ for -
    force = false                           # allow a tokenizer that does not fit the language
    test = "judged"                         # or "none"; "bootstrap", "approximate randomisation":
    test_samples = 1000                     # with sacrebleu's p-values (of so many samples) beside it
    confidence_samples = 1000
    seed = 12345
    alpha = 0.05                            # corrected p-values below it are significant
    fold_scripts = false                    # match Simplified and Traditional terms together

Paths are relative to the spec.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from xindaya.evaluation import evaluate, select_systems
from xindaya.gates import (
    Allowance,
    Policy,
    Rule,
    apply_gates,
    merge_allowances,
    parse_allowance,
    parse_rule,
)
from xindaya.metrics import Evaluation, Metric
from xindaya.metrics.measures import OPTIONS, TERMS, plugin_options
from xindaya.pairs import Corpus, UsageError, read_corpus, read_parallel
from xindaya.pairs.direction import claimed, stated
from xindaya.pairs.joining import read_delivery
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import printed_name
from xindaya.pairs.toml import TomlFile, read_toml
from xindaya.pairs.waivers import read_waivers
from xindaya.scores.sources import Source, merged, sources_in
from xindaya.settings import Settings, check_limit

BASELINE_FOLDER = ".mt-baselines"
_KEYS = (
    "name",
    "corpus",
    "metrics",
    "termbase",
    "waivers",
    "baseline",
    "systems",
    "gates",
    "fail_on",
    "baseline_file",
    "undecided",
    "source_lang",
    "target_lang",
    "scores",
    "human",
    "files",
    "options",
)
_FILES = ("source", "references", "systems", "documents", "source_lang", "target_lang")
_OPTIONS: dict[str, type] = {name: option.about.kind for name, option in OPTIONS.items()} | {
    "force": bool,
    "test": str,
    "test_samples": int,
    "confidence_samples": int,
    "seed": int,
    "alpha": float,
    "fold_scripts": bool,
    "undecided": str,
    "max_segment_chars": int,
}


@dataclass(frozen=True)
class Spec:
    """A spec as read and checked; nothing is loaded yet.

    Attributes:
        path: The spec file.
        name: Shown in reports.
        corpus: Path of the corpus, or None if `files` is given.
        human: Files of people's scores of the outputs.
        delivery: Whose delivery the corpus is; empty where it says itself what it holds.
        files: The ``[files]`` table with resolved paths.
        source_lang: As stated, or None; in the spec or in its ``[files]``.
        target_lang: Likewise.
        systems: Names to keep, or empty for all.
        termbase: Path of the termbase, or None.
        settings: How to evaluate.
        gates: Rules to meet.
        fail_on: Losses allowed against the baseline file.
        baseline_file: Where the baseline is, if the spec says so.
        undecided_fails: Whether a loss fails that the data are too few to judge.
        max_chars: Longest segment accepted.
    """

    path: Path
    name: str
    corpus: Path | None
    files: dict[str, Any]
    systems: tuple[str, ...]
    termbase: Path | None
    settings: Settings
    gates: tuple[Rule, ...]
    source_lang: str | None = None
    target_lang: str | None = None
    fail_on: tuple[Allowance, ...] = ()
    baseline_file: Path | None = None
    undecided_fails: bool = False
    max_chars: int = MAX_SEGMENT_CHARS
    delivery: str = ""
    human: tuple[Path, ...] = ()

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """What will be computed, by name; scores of files are not read yet."""
        return self.settings.expected_metrics()

    @property
    def baseline_path(self) -> Path:
        """Where the baseline is, or would be."""
        stem = self.path.name.removesuffix(".mt.toml")
        return self.baseline_file or self.path.parent / BASELINE_FOLDER / f"{stem}.json"

    @property
    def has_baseline(self) -> bool:
        """True if the spec asks to be compared with a baseline file, or has one."""
        return bool(self.fail_on or self.baseline_file) or self.baseline_path.is_file()

    @property
    def policy(self) -> Policy:
        """How losses against the baseline are judged."""
        return Policy(
            allowances=self.fail_on,
            alpha=self.settings.alpha,
            seed=self.settings.seed,
            undecided_fails=self.undecided_fails,
        )


def load_spec(path: str | Path) -> Spec:
    """Reads and checks a spec.

    Raises:
        InputError: If the file cannot be read.
        SpecError: If a key, type or value is wrong; the message names the line.
    """
    toml = read_toml(path)
    data = toml.data
    toml.check_keys(data, _KEYS)
    options = _table(toml, "options")
    known = _OPTIONS
    if not options.keys() <= known.keys():
        known = known | {name: option.about.kind for name, option in plugin_options().items()}
    toml.check_keys(options, tuple(known))
    for key, value in options.items():
        kind = known[key]
        if type(value) is not kind and not (kind is float and type(value) is int):
            raise toml.error(f"{key} = {value!r}; expected {kind.__name__}", key)
        if type(value) is int:
            try:
                check_limit(key, value)
            except UsageError as error:
                raise toml.error(str(error), key) from error
    if ("corpus" in data) == ("files" in data):
        raise toml.error("expected either corpus or [files]", "corpus")
    settings = _settings(toml, options)
    delivery, corpus = _corpus(toml)
    return Spec(
        path=toml.path,
        name=_string(toml, data, "name") or printed_name(toml.path.name.removesuffix(".mt.toml")),
        delivery=delivery,
        corpus=corpus,
        files=_files(toml),
        **_languages(toml),
        systems=_strings(toml, "systems"),
        termbase=_path(toml, data, "termbase"),
        settings=settings,
        gates=_gates(toml, settings),
        fail_on=_fail_on(toml, settings),
        baseline_file=_path(toml, data, "baseline_file"),
        undecided_fails=_undecided(toml, options),
        max_chars=options.get("max_segment_chars", MAX_SEGMENT_CHARS),
        human=_human(toml),
    )


def with_languages(spec: Spec, source_lang: str | None, target_lang: str | None) -> Spec:
    """Returns a spec with a direction stated beside it, as on the command line.

    Raises:
        InputError: If the spec states another.
    """
    given, own = stated(source_lang, target_lang), stated(spec.source_lang, spec.target_lang)
    own = own and replace(own, by="as the spec states")
    if given is None:
        return spec
    claimed(spec.path, given, own)
    source, target = given.tags
    return replace(spec, source_lang=source, target_lang=target)


def with_scores(spec: Spec, sources: Sequence[Source]) -> Spec:
    """Returns a spec with measures beside its own, as on the command line.

    Raises:
        UsageError: If it has one of the same name.
    """
    settings = replace(spec.settings, scores=merged([*spec.settings.scores, *sources]))
    settings.expected_metrics()
    return replace(spec, settings=settings)


def load_corpus(spec: Spec, notes: list[str] | None = None) -> Corpus:
    """Reads the corpus that a spec names, with the systems it chooses."""
    how: dict[str, Any] = {
        "source_lang": spec.source_lang,
        "target_lang": spec.target_lang,
        "max_chars": spec.max_chars,
        "notes": notes,
    }
    if spec.corpus is not None and spec.delivery:
        corpus = read_delivery(spec.corpus, spec.delivery, **how)
    elif spec.corpus is not None:
        corpus = read_corpus(spec.corpus, **how)
    else:
        corpus = read_parallel(**spec.files, name=spec.name, **how)
    return select_systems(corpus, spec.systems) if spec.systems else corpus


def run_spec(spec: Spec, *, notes: list[str] | None = None, **keywords: Any) -> Evaluation:
    """Evaluates a spec and applies its gates, those against the baseline file included.

    A gate that cannot be judged, because there is no baseline or it was measured otherwise, has not
    passed.

    Args:
        spec: What `load_spec` returned.
        notes: What the reader of the corpus left out, or found out, is added here.
        **keywords: Passed to `evaluate` (progress, command).

    Raises:
        InputError: If a file is malformed, or the baseline contradicts itself.
    """
    evaluation = evaluate(
        load_corpus(spec, notes), termbase=spec.termbase, settings=spec.settings, **keywords
    )
    evaluation = with_trust(evaluation, spec)
    gates = apply_gates(evaluation, spec.gates)
    if spec.has_baseline:
        from xindaya.baseline_files import read_baseline
        from xindaya.regressions import Judge

        gates += Judge(evaluation, read_baseline(spec.baseline_path), spec.policy).gate_results()
    return replace(evaluation, gates=gates)


def with_trust(evaluation: Evaluation, spec: Spec) -> Evaluation:
    """Returns an evaluation with what people's scores say of its measures, where the spec has some.

    Raises:
        InputError: If a file is malformed or does not fit the evaluation.
    """
    if not (spec.human and evaluation.metrics):
        return evaluation
    from xindaya.agreement import agree
    from xindaya.metrics.agreement.values import trust_of

    report = agree(evaluation, spec.human, seed=spec.settings.seed)
    return replace(evaluation, trust=trust_of(report))


def _corpus(toml: TomlFile) -> tuple[str, Path | None]:
    """Returns whose delivery the corpus is, if anyone's, and its path."""
    value = _string(toml, toml.data, "corpus")
    if value is None:
        return "", None
    name, _, file = value.partition("=")
    if file and not toml.beside(value).exists():
        return name, toml.beside(file)
    return "", toml.beside(value)


def _settings(toml: TomlFile, options: dict[str, Any]) -> Settings:
    own = [f.name for f in fields(Settings)]
    known = {k: v for k, v in options.items() if k in own}
    known["metric_options"] = {
        k: v for k, v in options.items() if k not in own and (k in OPTIONS or k not in _OPTIONS)
    }
    if known.get("test") == "none":
        known["test"] = None
    metrics = _strings(toml, "metrics") or Settings().metrics
    waivers = _path(toml, toml.data, "waivers")
    known["waivers"] = tuple(read_waivers(waivers)) if waivers else ()
    sources = sources_in(toml) if "scores" in toml.data else ()
    try:
        settings = Settings(
            metrics=metrics, baseline=_string(toml, toml.data, "baseline"), scores=sources, **known
        )
        settings.expected_metrics()  # for English, into which every tokenizer fits
        return settings
    except UsageError as error:
        said = str(error)
        keys = {"metric": "metrics", "paired test": "test"} | dict(
            zip(options, options, strict=True)
        )
        key = next((key for word, key in keys.items() if word in said), "options")
        raise toml.error(said, key) from error


def _gates(toml: TomlFile, settings: Settings) -> tuple[Rule, ...]:
    computed = settings.expected_metrics().values()
    rules = []
    for text in _strings(toml, "gates"):
        try:
            rules.append(parse_rule(text, computed))
        except UsageError as error:
            raise toml.error(str(error), text) from error
    return tuple(rules)


def _fail_on(toml: TomlFile, settings: Settings) -> tuple[Allowance, ...]:
    computed = settings.expected_metrics()
    allowances = []
    for text in _strings(toml, "fail_on"):
        try:
            allowance = _allowance(text, settings)
        except UsageError as error:
            raise toml.error(str(error), text) from error
        if allowance.measure not in (TERMS, *computed):
            raise toml.error(f"fail-on {text!r}: {allowance.measure} is none of the metrics", text)
        if allowance.measure == TERMS and "termbase" not in toml.data:
            raise toml.error(f"fail-on {text!r}: the spec has no termbase", text)
        allowances.append(allowance)
    return merge_allowances(allowances)


def _allowance(text: str, settings: Settings) -> Allowance:
    """Parses an allowance; of a measure whose direction only its file says, the sign is believed."""
    unsaid = {
        source.title.lower(): source for source in settings.scores if source.direction is None
    }
    name = text.partition(":")[0].partition("/")[0].strip().lower()
    metrics = [*settings.expected_metrics().values()]
    if name in unsaid and "+" in text:
        source = unsaid[name]
        metrics = [replace(source, stated={**source.stated, "higher_is_better": False}).placeholder]
    return parse_allowance(text, metrics)


def _human(toml: TomlFile) -> tuple[Path, ...]:
    """Returns the files of people's scores: one, or a list of them."""
    said = toml.data.get("human")
    files = (said,) if isinstance(said, str) else _strings(toml, "human")
    return tuple(toml.beside(file) for file in files)


def _undecided(toml: TomlFile, options: dict[str, Any]) -> bool:
    said = _string(toml, toml.data, "undecided") or options.get("undecided", "pass")
    if said not in ("pass", "fail"):
        raise toml.error(f'undecided = {said!r}; expected "pass" or "fail"', "undecided")
    return bool(said == "fail")


def _files(toml: TomlFile) -> dict[str, Any]:
    if "files" not in toml.data:
        return {}
    files = _table(toml, "files")
    toml.check_keys(files, _FILES)
    if not files.get("systems") and not files.get("references"):
        raise toml.error('no text in [files]; expected systems = { NAME = "FILE" }', "files")
    result: dict[str, Any] = {
        "source": _path(toml, files, "source"),
        "documents": _path(toml, files, "documents"),
    }
    for key in ("references", "systems"):
        table = files.get(key, {})
        if not isinstance(table, dict):
            raise toml.error(f'{key} must be a table: {{ NAME = "FILE" }}', key)
        result[key] = {name: _path(toml, table, name) for name in table}
    return result


def _languages(toml: TomlFile) -> dict[str, str | None]:
    """Returns the languages stated, in the spec or in its ``[files]`` table."""
    files = _table(toml, "files")
    languages = {}
    for key in ("source_lang", "target_lang"):
        outer, inner = _string(toml, toml.data, key), _string(toml, files, key)
        if outer and inner and outer != inner:
            raise toml.error(f"{key} = {inner!r} in [files] and {outer!r} above it", key)
        languages[key] = outer or inner
    try:
        stated(**languages)
    except UsageError as error:
        raise toml.error(str(error), "source_lang") from error
    return languages


def _table(toml: TomlFile, key: str) -> dict[str, Any]:
    value = toml.data.get(key, {})
    if not isinstance(value, dict):
        raise toml.error(f"{key} = {value!r}; expected a [{key}] table", key)
    return value


def _strings(toml: TomlFile, key: str) -> tuple[str, ...]:
    value = toml.data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise toml.error(f"{key} = {value!r}; expected a list of strings", key)
    return tuple(value)


def _string(toml: TomlFile, table: dict[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise toml.error(f"{key} = {value!r}; expected a string", key)
    return value


def _path(toml: TomlFile, table: dict[str, Any], key: str) -> Path | None:
    value = _string(toml, table, key)
    return toml.beside(value) if value is not None else None

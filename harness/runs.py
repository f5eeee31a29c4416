"""Run folders: an evaluation on disk, whole or not at all, and back.

``run.json`` (the JSON contract and what is needed to load it again), ``corpus.jsonl``,
``termbase.tsv``, ``rows/METRIC.npy``, ``scores/MEASURE.jsonl``, checksums of these, and as views ``segments.tsv`` and
``report.html`` (a large one with its texts in ``report/``).
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from xindaya.metrics import (
    Comparison,
    Evaluation,
    Finding,
    GateResult,
    Interval,
    Metric,
    Provenance,
    Rows,
    Unscored,
    check_corpus,
)
from xindaya.metrics.judging.outcome import Outcome
from xindaya.metrics.measures import metric_class
from xindaya.metrics.scores import Scores, check_name
from xindaya.metrics.terminology import current_id
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.metrics.trust import Trust
from xindaya.pairs import Corpus, InputError, read_termbase
from xindaya.pairs.errors import preview
from xindaya.pairs.files import FORCE, new_folder, write_bytes, write_text
from xindaya.pairs.formats.jsonl import format_jsonl
from xindaya.pairs.formats.termbase.tsv import write_termbase_tsv
from xindaya.reports.html import render_report
from xindaya.reports.machine import to_dict
from xindaya.reports.tsv import Value, tsv
from xindaya.run_corpus import OUTPUTS, corpus_of, left_out_of, run_content
from xindaya.run_sums import RUN, check_ours, write_sums
from xindaya.scores import Source
from xindaya.scores.files import format_scores, read_scores
from xindaya.settings import check_limit
from xindaya.stored import fit, made, read_array

_ROUNDING = 1e-9  # another Python adds logarithms up with other last bits (`builtin_sums`)


def save_run(
    evaluation: Evaluation,
    folder: str | Path,
    *,
    previous: Delivery | None = None,
    force: bool = False,
) -> None:
    """Writes a run folder.

    In silence, it replaces only an earlier run of the same texts, outputs and settings; nothing
    ever replaces a folder that holds what Xindaya did not write.

    Args:
        evaluation: What to save.
        folder: Where.
        previous: The last delivery, for the report to show beside this one; it is not saved.
        force: Replace an earlier run of other content, too.

    Raises:
        InputError: If the place is taken by something else, or cannot be written; what stands there
            is untouched.
    """

    def may_replace(place: Path) -> None:
        check_ours(place, force=force)
        if not force and not _is_same_run(place, evaluation):
            raise InputError(
                place, "an earlier run of other texts, outputs or settings", "the same, or a new place",
                hint=f"nothing was changed there; {FORCE}",
            )  # fmt: skip

    with new_folder(folder, may_replace=may_replace) as building:
        write_text(building / "corpus.jsonl", format_jsonl(evaluation.corpus))
        if evaluation.terminology is not None:
            write_termbase_tsv(evaluation.terminology.termbase, building / "termbase.tsv")
        for name, metric in evaluation.metrics.items():
            if isinstance(metric, Scores):
                write_text(building / _scores_file(name), format_scores(metric, evaluation.corpus))
            else:
                packed = metric.pack(evaluation.rows[name])
                _write_rows(building / "rows" / f"{name}.npy", packed)
        write_text(building / "segments.tsv", _segment_table(evaluation))
        for name, text in render_report(evaluation, previous=previous):
            write_text(building / name, text)
        content = to_dict(evaluation) | {"run": _run_section(evaluation)}
        write_text(building / RUN, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        write_sums(building)


def load_run(folder: str | Path) -> Evaluation:
    """Reads a run folder back into an equal evaluation.

    Raises:
        InputError: If the folder is no run folder, or its parts do not belong together.
    """
    folder = Path(folder)
    with run_content(folder) as content:
        return _load(folder, content)


def _load(folder: Path, content: Mapping[str, Any]) -> Evaluation:
    run, corpus = content["run"], corpus_of(folder, content)
    fit(run["signatures"], Mapping[str, str], "signatures")
    fit(content["baseline"], str, "baseline")
    metrics = {name: _metric(folder, corpus, name, m) for name, m in run["metrics"].items()}
    rows = {
        name: metric.rows(corpus.segments, list(corpus.systems.values()))
        if isinstance(metric, Scores)
        else metric.unpack(_read_rows(folder / "rows" / f"{name}.npy", corpus))
        for name, metric in metrics.items()
    }
    termbase = read_termbase(folder / "termbase.tsv") if content["termbase"] else None
    if termbase is not None:
        said = content["termbase"]
        termbase = replace(termbase, name=said["name"], left_out=left_out_of(said))
        _check_term_settings(run["terminology"])
    evaluation = Evaluation(
        corpus=corpus,
        metrics=MappingProxyType(metrics),
        signatures=MappingProxyType(run["signatures"]),
        rows=MappingProxyType(rows),
        provenance=made(Provenance, run["evaluation"]),
        intervals={
            n: tuple(i and made(Interval, i) for i in v) for n, v in run["intervals"].items()
        },
        comparisons=_comparisons(content["comparisons"]),
        baseline=content["baseline"],
        terminology=check_corpus(corpus, termbase, **run["terminology"]) if termbase else None,
        findings=tuple(_finding(corpus, f) for f in content["findings"]),
        unscored=tuple(made(Unscored, u) for u in content["unscored"]),
        gates=tuple(made(GateResult, g) for g in content["gates"]),
        trust=tuple(made(Trust, t) for t in content.get("trust", ())),
    )
    for system in content["systems"]:
        for name, score in system["scores"].items():
            fit(score, float, f"{name} of {system['name']!r}")
            if not abs(evaluation.scores[name][system["name"]] - score) <= _ROUNDING:
                raise InputError(
                    folder / "rows" / f"{name}.npy",
                    f"rows that give {system['name']!r} another {name} than {score!r}",
                    f"the rows that {RUN} was written with",
                    hint="evaluate again; the folder was changed, or an older version wrote it",
                )
    return evaluation


def _metric(folder: Path, corpus: Corpus, name: str, entry: Mapping[str, Any]) -> Metric:
    """Makes a metric of a run again.

    Raises:
        InputError: If it is that of a package that is not installed.
    """
    check_name(name)
    if entry["type"] == Scores.__name__:
        source = Source(name, {"": folder / _scores_file(name)})
        return replace(read_scores(source, corpus), notes=tuple(entry["options"].get("notes", ())))
    try:
        return made(metric_class(entry["type"]), entry["options"])
    except LookupError as error:
        raise InputError(
            folder / RUN, f"the metric {preview(name)} of a package that is not here",
            "metrics of Xindaya or of installed packages", hint="install the package that scored the run",
        ) from error  # fmt: skip


def _scores_file(name: str) -> str:
    return f"scores/{name}.jsonl"


def _comparisons(entries: Sequence[Mapping[str, Any]]) -> tuple[Comparison, ...]:
    """Reads the comparisons; empty if an older version wrote them, which judged otherwise."""
    known = {f.name for f in fields(Comparison)}
    return tuple(
        made(
            Comparison,
            {k: v for k, v in e.items() if k in known} | {"outcome": Outcome(e["verdict"])},
        )
        for e in entries
        if e.get("verdict")
    )


def _finding(corpus: Corpus, content: Mapping[str, Any]) -> Finding:
    finding = made(Finding, content)
    about_term = finding.kind.endswith("-term")
    return replace(finding, id=current_id(corpus, finding.id)) if about_term else finding


def _run_section(evaluation: Evaluation) -> dict[str, Any]:
    """Returns what the JSON contract leaves out and loading needs."""
    corpus = evaluation.corpus
    texts = [
        t
        for s in corpus.segments
        for t in (s.source, *s.references)
        if t is not None
    ]  # fmt: skip
    outputs = (t for column in corpus.systems.values() for t in column)
    provenance = asdict(replace(evaluation.provenance, packages={}))
    return {
        "titles": dict(corpus.titles),
        OUTPUTS: corpus.outputs_sha256,
        "licence": corpus.licence,
        "provenance": corpus.provenance,
        "max_chars": max([1, *map(len, texts), *map(len, outputs)]),
        "signatures": dict(evaluation.signatures),
        "metrics": {
            name: {"type": type(metric).__name__, "options": metric.saved()}
            for name, metric in evaluation.metrics.items()
        },
        "terminology": _term_settings(evaluation),
        "intervals": {n: [i and asdict(i) for i in v] for n, v in evaluation.intervals.items()},
        "evaluation": provenance | {"packages": dict(evaluation.provenance.packages)},
    }


def _term_settings(evaluation: Evaluation) -> dict[str, Any]:
    """Returns the arguments with which the termbase check can be repeated."""
    if evaluation.terminology is None:
        return {}
    t = evaluation.terminology
    return {
        "waivers": sorted(t.waivers),
        "fold_scripts": "scripts:folded" in evaluation.signatures["Terms"],
        "seed": t.seed,
    }


def _check_term_settings(settings: Mapping[str, Any]) -> None:
    fit(settings["waivers"], tuple[str, ...], "waivers")
    fit(settings["fold_scripts"], bool, "fold_scripts")
    fit(settings["seed"], int, "seed")
    check_limit("seed", settings["seed"])


def _is_same_run(folder: Path, evaluation: Evaluation) -> bool:
    """True if a run folder says that it was made of the same texts, outputs and settings."""
    new = to_dict(evaluation) | {"run": _run_section(evaluation)}
    with run_content(folder) as old:
        if _settings(old) != json.loads(json.dumps(_settings(new))):
            return False
        if OUTPUTS in old["run"]:
            hashes = old["corpus"]["sha256"], old["run"][OUTPUTS]
            return hashes == (evaluation.corpus.sha256, evaluation.corpus.outputs_sha256)
        corpus = corpus_of(folder, old)
        return corpus.same_texts(evaluation.corpus) and corpus.systems == evaluation.corpus.systems


def _settings(content: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what was asked of a run: its numbers follow from this and the texts."""
    run = content["run"]
    return {
        **{key: run[key] for key in ("signatures", "metrics", "terminology")},
        "seed": run["evaluation"]["seed"],
        "intervals": [i and i["samples"] for of in run["intervals"].values() for i in of],
        "baseline": content["baseline"],
        "termbase": content["termbase"] and content["termbase"]["sha256"],
        "tests": [[c.get("method"), c.get("samples")] for c in content["comparisons"]],
        "gates": [[g["system"], g["rule"]] for g in content["gates"]],
    }


def _segment_table(evaluation: Evaluation) -> str:
    """Returns segment scores as TSV: one row a segment and system."""
    names = list(evaluation.metrics)
    rows: list[list[Value]] = []
    for system in evaluation.systems:
        columns = [evaluation.segment_scores[name][system] for name in names]
        for position, segment in enumerate(evaluation.corpus.segments):
            scores = (s if (s := c[position]) == s else None for c in columns)
            rows.append([segment.id, segment.document, system, *scores])
    return tsv(["id", "document", "system", *names], rows)


def _write_rows(path: Path, rows: Rows) -> None:
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    write_bytes(path, buffer.getvalue())


def _read_rows(path: Path, corpus: Corpus) -> Rows:
    rows = read_array(path)
    if rows.ndim != 3 or rows.shape[:2] != (len(corpus.systems), len(corpus.segments)):
        raise InputError(path, f"rows of shape {rows.shape}", "one a system and segment")
    return rows

"""From a run folder to the numbers that are remembered of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xindaya.metrics.history import (
    RecordedRun,
    RenderingCount,
    RunNumbers,
    Score,
    TermForms,
)
from xindaya.metrics.measures import TERM_MEASURES, Measure
from xindaya.pairs import InputError, read_termbase
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.jsonl import read_json
from xindaya.run_corpus import OUTPUTS, corpus_of
from xindaya.run_sums import RECORD, check_sums
from xindaya.store.folders import SCHEMA_VERSION

_TEXTS = ("recorded", "name", "note", "version", "sha256")


def read_numbers(folder: Path) -> RunNumbers:
    """Reads the numbers of a recorded run.

    Raises:
        InputError: If the folder is not as a run was recorded.
    """
    record = read_record(folder)
    check_sums(folder)
    content = _parse(folder / "run.json")
    try:
        run = _run(folder.name, record, content)
        if OUTPUTS not in content["run"]:  # of 0.1.0, where a file's name was in the hash
            run = replace(run, corpus_sha256=corpus_of(folder, content).sha256)
        concepts = dict.fromkeys(t["concept"] for t in content["terms"])
        return RunNumbers(
            run,
            tuple(_renderings(folder.name, content)),
            tuple(_forms(folder, run, concepts)) if run.termbase_sha256 else (),
        )
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise InputError(
            folder, f"content that does not fit ({error!r})", "a recorded run"
        ) from error


def read_record(folder: Path) -> dict[str, Any]:
    """Reads what was written about a run when it was recorded.

    Raises:
        InputError: If there is no such thing, or it is of a later version.
    """
    record = _parse(folder / RECORD)
    if record.get("schema_version") != SCHEMA_VERSION:
        raise InputError(
            folder / RECORD,
            f"schema version {record.get('schema_version')!r}",
            str(SCHEMA_VERSION),
            hint="was it recorded by a later version of Xindaya?",
        )
    labels = record.get("labels")
    if not isinstance(labels, dict):
        raise InputError(folder / RECORD, f"labels {preview(str(labels))}", "names to texts")
    texts = {name: record.get(name) for name in _TEXTS} | {f"label {k}": labels[k] for k in labels}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise InputError(folder / RECORD, f"{preview(name)}: {preview(str(text))}", "a text")
    return record


def _parse(path: Path) -> dict[str, Any]:
    content: Any = read_json(path, "a recorded run")
    if not isinstance(content, dict):
        raise InputError(path, "no JSON object", "a recorded run")
    return content


def _run(run: str, record: Mapping[str, Any], content: Mapping[str, Any]) -> RecordedRun:
    corpus, termbase = content["corpus"], content["termbase"] or {}
    gates = [gate["passed"] for gate in content["gates"]]
    return RecordedRun(
        id=run,
        recorded=record["recorded"],
        name=record["name"],
        note=record["note"],
        labels=dict(record["labels"]),
        version=record["version"],
        corpus=corpus["name"],
        corpus_sha256=corpus["sha256"],
        segments=corpus["segments"],
        documents=corpus["documents"],
        source_lang=corpus["source_lang"],
        target_lang=corpus["target_lang"],
        termbase=termbase.get("name", ""),
        termbase_sha256=termbase.get("sha256", ""),
        terms_signature=termbase.get("signature", ""),
        baseline=content["baseline"],
        systems=tuple(s["name"] for s in content["systems"]),
        gates_passed=gates.count(True),
        gates_failed=gates.count(False),
        scores=tuple(_scores(content)),
    )


def _scores(content: Mapping[str, Any]) -> Iterator[Score]:
    metrics = content["metrics"]
    for system in content["systems"]:
        for metric in metrics:
            name = metric["name"]
            low, high = system["intervals"].get(name, (None, None))
            yield Score(
                system["name"],
                name,
                metric["signature"],
                _number(system["scores"].get(name)),
                _number(low),
                _number(high),
                metric["higher_is_better"],
                metric.get("digits", Measure.digits),
            )
        terms = system.get("terminology")
        for name, measure in TERM_MEASURES.items() if terms else ():
            low, high = terms["intervals"].get(name, (None, None))
            yield Score(
                system["name"],
                name,
                content["termbase"]["signature"],
                _number(terms.get(name)),
                _number(low),
                _number(high),
                measure.higher_is_better,
                measure.digits,
            )


def _number(value: float | None) -> float | None:
    """Returns a finite float; anything else is no number to draw a line through."""
    return float(value) if value is not None and math.isfinite(value) else None


def _renderings(run: str, content: Mapping[str, Any]) -> Iterator[RenderingCount]:
    for term in content["terms"]:
        if term["is_reference"]:
            continue
        head = (run, term["system"], term["concept"], term["term"])
        for r in term["renderings"]:
            yield RenderingCount(*head, r["text"], r["status"], r["count"])
        if missing := term["occurrences"] - term["resolved"]:
            yield RenderingCount(*head, "", "unresolved", missing)


def _forms(folder: Path, run: RecordedRun, concepts: Mapping[str, None]) -> Iterator[TermForms]:
    """Lists the source forms of the concepts that occur, so that any of them finds the concept."""
    for concept in read_termbase(folder / "termbase.tsv").concepts:
        if concept.id in concepts:
            forms = dict.fromkeys(t.text for t in concept.terms if t.lang == run.source_lang)
            yield TermForms(concept.id, tuple(forms))

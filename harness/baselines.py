"""Baselines: what each system scored when a person last accepted it.

A `SystemRecord` holds everything a later comparison needs: scores, signatures, hashes, the rows
of the paired test and the state of the terms, but no text. How records stand in files is the
business of `xindaya.baseline_files`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xindaya.metrics import Evaluation, Rows
from xindaya.metrics.changes import is_error, signature_changes
from xindaya.metrics.terminology import Occurrence, Verdict, occurrence_id
from xindaya.pairs import ComparabilityError, Corpus, Segment
from xindaya.pairs.errors import preview

_PARTS = ("ids or documents", "sources", "references")
CHECKSUM_COLUMNS = len(_PARTS)


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """One metric of one system: its score, its signature and its rows (segments, columns)."""

    score: float
    signature: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class TermRecord:
    """The termbase check of one system.

    Attributes:
        termbase: Hash of the termbase.
        signature: Of the check.
        measures: ``occurrences``, ``resolved``, ``adherence``, ``coverage``, ``ltcr``.
        errors: Number of term errors, as `term_errors` lists them.
        forbidden: Ids of occurrences with a forbidden rendering.
        critical_unresolved: Ids of unresolved occurrences of critical concepts.
    """

    termbase: str
    signature: str
    measures: Mapping[str, float | None]
    errors: int
    forbidden: tuple[str, ...]
    critical_unresolved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SystemRecord:
    """What one system scored on one corpus.

    Attributes:
        corpus: Hash of the corpus.
        checksums: One row a segment, to say what changed: ids and documents, source, references.
        outputs: Hash of the outputs.
        metrics: Metric name to record.
        terms: The termbase check, if there was one.
    """

    corpus: str
    checksums: Rows
    outputs: str
    metrics: Mapping[str, MetricRecord]
    terms: TermRecord | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted state of the systems of one spec or test.

    Attributes:
        path: The file.
        owner: The spec, or the id of the test, that the file belongs to.
        systems: System name to record.
    """

    path: Path
    owner: str
    systems: Mapping[str, SystemRecord]


def record_of(evaluation: Evaluation, system: str) -> SystemRecord:
    """Takes down what a later evaluation of the system is compared with."""
    position = evaluation.systems.index(system)
    return SystemRecord(
        corpus=evaluation.corpus.sha256,
        checksums=checksums(evaluation.corpus),
        outputs=hash_texts(evaluation.corpus.systems[system]),
        metrics={
            name: MetricRecord(
                evaluation.scores[name][system],
                evaluation.signatures[name],
                evaluation.rows[name][position],
            )
            for name in evaluation.metrics
        },
        terms=_term_record(evaluation, system),
    )


def hash_texts(texts: tuple[str, ...]) -> str:
    """Returns the hash of a list of texts."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def term_errors(evaluation: Evaluation, system: str) -> list[Occurrence]:
    """Lists the occurrences that are rendered wrongly, or not at all without an excuse."""
    if evaluation.terminology is None:
        return []
    return [o for o in evaluation.terminology.systems[system] if is_error(o)]


def critical_unresolved(evaluation: Evaluation, system: str) -> list[Occurrence]:
    """Lists the term errors that leave a critical concept without any rendering."""
    if evaluation.terminology is None:
        return []
    concepts = evaluation.terminology.termbase.by_id
    return [
        o
        for o in term_errors(evaluation, system)
        if o.verdict is Verdict.UNRESOLVED and concepts[o.concept].critical
    ]


def id_of(evaluation: Evaluation, occurrence: Occurrence) -> str:
    """Names an occurrence as findings and waivers do."""
    return occurrence_id(evaluation.corpus.segments[occurrence.segment], occurrence)


def check_comparable(
    record: SystemRecord, evaluation: Evaluation, system: str, metric: str = ""
) -> None:
    """Refuses a comparison of numbers that were not measured alike.

    Args:
        record: The baseline of the system.
        evaluation: What is compared with it.
        system: Name of the system.
        metric: Name of the metric, or empty for terms.

    Raises:
        ComparabilityError: If corpus, signature or termbase differ; the message says what changed.
    """
    changes = [*corpus_changes(record, evaluation.corpus)]
    changes += (
        metric_changes(record, evaluation, metric) if metric else term_changes(record, evaluation)
    )
    if changes:
        raise ComparabilityError(
            f"{system}: {metric or 'terms'} cannot be compared with the baseline:"
            + "".join(f"\n  {change}" for change in changes)
        )


def checksums(corpus: Corpus) -> Rows:
    """Returns one row of checksums a segment, in the order of `_PARTS`."""
    table = [[zlib.crc32(json.dumps(part).encode()) for part in _parts(s)] for s in corpus.segments]
    return np.array(table, dtype=np.int64).reshape(len(table), CHECKSUM_COLUMNS)


def _parts(segment: Segment) -> tuple[object, ...]:
    return [segment.id, segment.document], segment.source, segment.references


def _term_record(evaluation: Evaluation, system: str) -> TermRecord | None:
    terminology = evaluation.terminology
    if terminology is None:
        return None
    summary = terminology.summary(system)
    errors = term_errors(evaluation, system)
    return TermRecord(
        termbase=terminology.termbase.sha256,
        signature=evaluation.signatures["Terms"],
        measures={
            "occurrences": summary.occurrences,
            "resolved": summary.resolved,
            "adherence": summary.adherence,
            "coverage": summary.coverage,
            "ltcr": summary.ltcr,
        },
        errors=len(errors),
        forbidden=tuple(id_of(evaluation, o) for o in errors if o.verdict is Verdict.FORBIDDEN),
        critical_unresolved=tuple(
            id_of(evaluation, o) for o in critical_unresolved(evaluation, system)
        ),
    )


def corpus_changes(record: SystemRecord, corpus: Corpus) -> Iterator[str]:
    """Yields how a test set differs from that of the baseline, in words."""
    if record.corpus == corpus.sha256:
        return
    then, now = record.checksums, checksums(corpus)
    if len(then) != len(now):
        yield f"corpus: {len(then)} segments then, {len(now)} now"
        return
    differs = then != now
    for column, part in enumerate(_PARTS):
        places = np.flatnonzero(differs[:, column])
        if len(places):
            first = preview(corpus.segments[int(places[0])].id)
            count = f"{len(places)} segment" + "s" * (len(places) != 1)
            yield f"corpus: the {part} of {count} changed, the first is {first}"
    if not differs.any():
        yield "corpus: the languages or the number of reference sets changed"


def metric_changes(record: SystemRecord, evaluation: Evaluation, metric: str) -> Iterator[str]:
    """Yields how a metric was measured otherwise for the baseline, in words."""
    if metric not in record.metrics:
        known = ", ".join(record.metrics) or "no metric"
        yield f"{metric}: not in the baseline, which has {known}"
    elif metric not in evaluation.signatures:
        yield f"{metric}: in the baseline, and not computed now"
    else:
        then, now = record.metrics[metric].signature, evaluation.signatures[metric]
        yield from signature_changes(metric, then, now)


def term_changes(record: SystemRecord, evaluation: Evaluation) -> Iterator[str]:
    """Yields how terms were checked otherwise for the baseline, in words."""
    if record.terms is None or evaluation.terminology is None:
        yield "terms: checked on one side only"
        return
    then, now = record.terms.termbase, evaluation.terminology.termbase.sha256
    if then != now:
        yield f"termbase: {then[:12]} then, {now[:12]} now"
    else:
        yield from signature_changes(
            "terms", record.terms.signature, evaluation.signatures["Terms"]
        )

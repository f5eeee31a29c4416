"""What can be compared: the record of one system, taken from an evaluation or read from a file."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.metric import Rows
from xindaya.metrics.terminology import Occurrence, Verdict, occurrence_id
from xindaya.pairs import Corpus, Segment

PARTS = ("ids or documents", "sources", "references")
"""What a row of checksums is of, a column each."""


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
    return [o for o in evaluation.terminology.systems[system] if o.is_error]


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


def checksums(corpus: Corpus) -> Rows:
    """Returns one row of checksums a segment, in the order of `PARTS`."""
    table = [[zlib.crc32(json.dumps(part).encode()) for part in _parts(s)] for s in corpus.segments]
    return np.array(table, dtype=np.int64).reshape(len(table), len(PARTS))


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

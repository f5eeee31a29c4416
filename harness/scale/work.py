"""One block, in whatever process: read, score, sum. Texts are dropped as soon as they are summed."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xindaya.evaluation import provenance
from xindaya.metrics import Metric, Rows, engine
from xindaya.metrics.terminology import TermChecker
from xindaya.pairs import InputError, Segment, Termbase, UsageError, XindayaError, read_termbase
from xindaya.scale.blocks import Block
from xindaya.scale.kept import write_block
from xindaya.scale.layout import Layout
from xindaya.scale.readers import Reader, Row, reader_for
from xindaya.scale.sums import Edge, Sums, digest_of, id_hash

_CHUNK = 100_000
"""Characters scored at once: little memory, and too little for the kernel to start threads.

A worker is one core's worth; `xindaya.metrics.engine.kernel` spreads 8 parts or more over all
cores, and a part is 16,384 characters where TER is computed.
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """A termbase by its place, the hash that the file there must have, and the variant it is read for."""

    path: str
    sha256: str
    fold_scripts: bool = False
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What all blocks of a corpus have in common.

    Attributes:
        metrics: To compute.
        layout: The texts.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        terms: The termbase to check, if any.
        max_chars: Longest text accepted.
        keep_rows: Folder to write rows into, if any.
    """

    metrics: tuple[Metric, ...]
    layout: Layout
    source_lang: str
    target_lang: str
    terms: Terms | None
    max_chars: int
    keep_rows: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A block and what to do with it; small, and picklable."""

    block: Block
    job: Job


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that a user can cause, as a value: exceptions do not all survive pickling."""

    kind: type[XindayaError]
    arguments: tuple[str, ...]
    line: int | None = None
    hint: str = ""

    @classmethod
    def of(cls, error: XindayaError) -> Refusal:
        """Takes an error apart."""
        if isinstance(error, InputError):
            arguments = (str(error.path), error.found, error.expected)
            return cls(type(error), arguments, error.line, error.hint)
        return cls(type(error), (str(error),))

    def error(self) -> XindayaError:
        """Puts the error together again."""
        if issubclass(self.kind, InputError):
            path, found, expected = self.arguments
            return self.kind(path, found, expected, line=self.line, hint=self.hint)
        return self.kind(*self.arguments)


def score_block(task: Task) -> Sums | Refusal:
    """Scores one block.

    Raises:
        OSError: If reading fails in a way that may pass; whoever runs the block may try again.
    """
    try:
        return _score(task)
    except XindayaError as error:
        return Refusal.of(error)


@functools.cache
def software() -> str:
    """Names what the numbers depend on in this process."""
    known = provenance(0)
    packages = {n: v for n, v in known.packages.items() if n not in ("numpy", "python")}
    parts = {"xindaya": known.version, **packages}
    return ", ".join(f"{name} {version}" for name, version in parts.items())


def _score(task: Task) -> Sums:
    block, job = task.block, task.job
    reader = reader_for(block.path, job.source_lang, job.target_lang, job.max_chars)
    _check_unchanged(block)
    checker = _checker(job.terms, job.source_lang, job.target_lang) if job.terms else None
    sums = Sums(software={software()}, engines={engine.name})
    documents = _Documents(block, whole=checker is not None)
    kept: dict[str, list[Rows]] = {metric.name: [] for metric in job.metrics}
    ids: list[int] = []
    for segments, outputs in _chunks(reader, task):
        sums.segments += len(segments)
        for segment in segments:
            if segment.id:
                ids.append(id_hash(segment.id))
            sums.digest += digest_of(segment)
            sums.reference_counts.add(sum(r is not None for r in segment.references))
            documents.see(segment.document)
        bare = sum(all(r is None for r in s.references) for s in segments)
        sums.bare += bare
        if not bare:
            for metric in job.metrics:
                rows = metric.rows(segments, outputs)
                sums.add_rows(metric.name, rows)
                if job.keep_rows:
                    kept[metric.name].append(rows)
        if checker:
            _check_terms(sums, checker, job.layout, segments, outputs)
    sums.digest %= 1 << 256
    sums.runs = documents.runs
    sums.edges = documents.edges()
    sums.ids = np.array(ids, dtype=np.uint64)
    if job.keep_rows and sums.segments and not sums.bare:
        joined = {name: np.concatenate(parts, axis=1) for name, parts in kept.items()}
        write_block(job.keep_rows, block.number, joined)
    return sums


def _check_unchanged(block: Block) -> None:
    size = Path(block.path).stat().st_size
    if size != block.size:
        raise InputError(
            block.path, f"{size:,} bytes", f"{block.size:,}, as when it was cut into blocks"
        )


def _chunks(reader: Reader, task: Task) -> Iterator[tuple[list[Segment], list[list[str]]]]:
    """Yields segments and the outputs of each system, little at a time.

    Where terminology is checked, a document stays together.
    """
    block, job = task.block, task.job
    whole = job.terms is not None
    held: list[Row] = []
    size = 0
    for row in reader.rows(block.start, block.stop, job.layout):
        segment, texts = row
        if size >= _CHUNK and not (whole and held[-1][0].document == segment.document):
            yield _columns(held, len(job.layout.systems))
            held, size = [], 0
        held.append(row)
        size += len(segment.source or "") + sum(map(len, texts))
        size += sum(len(r) for r in segment.references if r is not None)
    if held:
        yield _columns(held, len(job.layout.systems))


def _columns(rows: list[Row], systems: int) -> tuple[list[Segment], list[list[str]]]:
    return [s for s, _ in rows], [[texts[k] for _, texts in rows] for k in range(systems)]


def _check_terms(
    sums: Sums,
    checker: TermChecker,
    layout: Layout,
    segments: list[Segment],
    outputs: list[list[str]],
) -> None:
    spans = checker.source_spans(segments)
    for name, texts in zip(layout.systems, outputs, strict=True):
        sums.terms.count((name, False), checker.check(segments, spans, texts))
    for k, name in enumerate(layout.references):
        references = [s.references[k] for s in segments]
        sums.terms.count((name, True), checker.check(segments, spans, references))


@functools.lru_cache(maxsize=2)
def _checker(terms: Terms, source_lang: str, target_lang: str) -> TermChecker:
    """Returns a checker, made once a process."""
    termbase: Termbase = read_termbase(terms.path).in_variant(terms.variant)
    if termbase.sha256 != terms.sha256:
        raise UsageError(
            f"{terms.path}: a worker found another termbase there ({termbase.sha256[:12]}) than "
            f"the one this run started with ({terms.sha256[:12]})"
        )
    return TermChecker(termbase, source_lang, target_lang, fold_scripts=terms.fold_scripts)


class _Documents:
    """Follows the documents of a block.

    Args:
        block: Where they are.
        whole: Refuse a document that is not in one piece.
    """

    def __init__(self, block: Block, *, whole: bool) -> None:
        self._block, self._whole = block, whole
        self._seen: set[str] = set()
        self._first = self._last = ""
        self._segments = 0
        self.runs = 0

    def see(self, document: str) -> None:
        """Takes the document of the next segment."""
        if self._segments == 0:
            self._first = document
        if self._segments == 0 or document != self._last:
            self.runs += 1
            if self._whole and document in self._seen:
                raise _scattered(self._block.path, document)
            if self._whole:
                self._seen.add(document)
        self._last = document
        self._segments += 1

    def edges(self) -> dict[int, Edge]:
        """Returns the ends of the block, if it holds anything."""
        if not self._segments:
            return {}
        first, last = (
            (name, True) if name else (self._block.path, False)
            for name in (self._first, self._last)
        )
        return {self._block.number: Edge(self._segments, first, last)}


def _scattered(path: str, document: str) -> InputError:
    return InputError(
        path,
        f"document {document!r} in two places",
        "the rows of a document one after another",
        hint="acronyms are judged by document: sort the file by document, or leave --terms out",
    )

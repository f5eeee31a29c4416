"""What a block returns, and how it adds up: exactly, so that no order changes a bit.

Integers are exact as they are. TER's mean reference lengths are floats: each is taken as the
fraction it is, fractions are added without rounding, and only the total is rounded, once. So the
total is the float nearest to the true sum (what `math.fsum` of all rows would give). sacrebleu adds
floats one after another and may differ from that in the last bit where a segment has three
references, or five or more; with one, two or four both are exact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from xindaya.metrics import Rows
from xindaya.pairs import Segment
from xindaya.scale.terms import TermSums

Exact = int | Fraction

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a block begins and ends.

    Attributes:
        segments: How many it has.
        first: Document of its first segment: the path of the file where none is named.
        last: Document of its last segment.
    """

    segments: int
    first: tuple[str, bool]
    last: tuple[str, bool]


@dataclass
class Sums:
    """The sums of a block, or of several.

    Attributes:
        segments: How many.
        bare: Those of them without a reference, which no metric can score.
        digest: Sum of the hashes of the segments modulo 2^256.
        rows: Metric name to one summed row a system.
        terms: Counts of the termbase check.
        reference_counts: The different numbers of references that segments have.
        runs: Changes of document, counting the start of a block as one.
        edges: Block number to its two ends.
        software: What the numbers depend on, as the process that computed them has it.
        engines: Backends that computed statistics.
        ids: Hashes of the ids of one block, 64 bits each; not added up.
    """

    segments: int = 0
    bare: int = 0
    digest: int = 0
    rows: dict[str, list[list[Exact]]] = field(default_factory=dict)
    terms: TermSums = field(default_factory=TermSums)
    reference_counts: set[int] = field(default_factory=set)
    runs: int = 0
    edges: dict[int, Edge] = field(default_factory=dict)
    software: set[str] = field(default_factory=set)
    engines: set[str] = field(default_factory=set)
    ids: Rows | None = field(default=None, compare=False)

    def add(self, other: Sums) -> None:
        """Adds other sums; any order of additions gives equal totals."""
        self.segments += other.segments
        self.bare += other.bare
        self.digest = (self.digest + other.digest) % _MODULUS
        for name, rows in other.rows.items():
            self._add_rows(name, rows)
        self.terms.add(other.terms)
        self.reference_counts |= other.reference_counts
        self.runs += other.runs
        self.edges |= other.edges
        self.software |= other.software
        self.engines |= other.engines

    def add_rows(self, name: str, rows: Rows) -> None:
        """Adds rows of shape (systems, segments, columns)."""
        self._add_rows(name, [exact_sum(system) for system in rows])

    def _add_rows(self, name: str, rows: list[list[Exact]]) -> None:
        mine = self.rows.get(name)
        if mine is None:
            self.rows[name] = [list(row) for row in rows]
            return
        self.rows[name] = [
            [a + b for a, b in zip(x, y, strict=True)] for x, y in zip(mine, rows, strict=True)
        ]


def exact_sum(rows: Rows) -> list[Exact]:
    """Sums rows of shape (segments, columns) without rounding."""
    if rows.dtype.kind in "iu":
        return [int(x) for x in rows.sum(axis=0, dtype=np.int64)]
    return [_exact_float_sum(column) for column in rows.T]


def _exact_float_sum(column: Any) -> Exact:
    # Few values repeat many times: lengths and edits are small numbers.
    values, counts = np.unique(column, return_counts=True)
    pairs = zip(values.tolist(), counts.tolist(), strict=True)
    return sum((Fraction(value) * n for value, n in pairs), Fraction())


def plain(row: Sequence[Exact]) -> list[Any]:
    """Returns a summed row as numbers that a metric scores: each fraction rounded once."""
    return [float(x) if isinstance(x, Fraction) else x for x in row]


def digest_of(segment: Segment) -> int:
    """Hashes what a segment is scored against; see `corpus_hash`."""
    row = [segment.id, segment.document, segment.source, *segment.references]
    return int.from_bytes(hashlib.sha256(json.dumps(row).encode()).digest(), "big")


def id_hash(identity: str) -> int:
    """Hashes an id to 64 bits, to find one that stands twice."""
    return int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=8).digest(), "big")


def corpus_hash(sums: Sums, source_lang: str, target_lang: str, references: int) -> str:
    """Returns the hash of a corpus as a set of segments, which no cut and no order changes.

    It is not `Corpus.sha256`, which depends on the order. It tells corpora apart that were mixed
    up; it is no protection against one that was made to collide.
    """
    content = ["sum", source_lang, target_lang, references, sums.segments, f"{sums.digest:064x}"]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()

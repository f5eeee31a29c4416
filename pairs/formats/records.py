"""From rows with ids to a corpus: the one place where readers hand over what they found."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.direction import Direction, settled
from xindaya.pairs.errors import InputError, NothingToEvaluateError
from xindaya.pairs.sources import printed_name


@dataclass(slots=True)
class Record:
    """One segment as a format gave it: references and outputs by name."""

    id: str
    line: int | None = None
    source: str | None = None
    document: str = ""
    domain: str = ""
    references: dict[str, str | None] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


class Run(NamedTuple):
    """Segments with a source and one translation, as columns of equal length.

    Large files are mostly made of them, and columns move many times faster than records.

    Attributes:
        ids: As in `Record`, and so the other columns.
        sources: Never missing.
        targets: Never missing.
        documents: Empty where there is none.
        domains: Likewise.
        extras: The columns of each segment; an object may stand in several places.
        side: What the translation is: ``reference:NAME`` or ``system:NAME``.
    """

    ids: Sequence[str]
    sources: Sequence[str]
    targets: Sequence[str]
    documents: Sequence[str]
    domains: Sequence[str]
    extras: Sequence[Mapping[str, str]]
    side: str = "reference:A"

    def records(self) -> Iterator[Record]:
        """Yields the same as records."""
        kind, _, name = self.side.partition(":")
        is_reference = kind == "reference"
        for id_, source, target, document, domain, extra in zip(*self[:6], strict=True):
            own = {name: target}
            sides = (own, {}) if is_reference else ({}, own)
            yield Record(id_, None, source, document, domain, *sides, extra)


def build_corpus(
    path: str | Path,
    records: Sequence[Record],
    *,
    name: str,
    direction: Direction | None,
    notes: list[str] | None = None,
    titles: Mapping[str, str] | None = None,
    licence: str = "",
    provenance: str = "",
    left_out: Sequence[LeftOut] = (),
) -> Corpus:
    """Joins records into a corpus.

    Args:
        path: Where they come from, for errors.
        records: One a segment.
        name: Of the corpus.
        direction: What is stated or the data says; None to ask the texts.
        notes: What the texts say of the direction is added here.
        titles: Document to title.
        licence: As the corpus says.
        provenance: As the corpus says.
        left_out: What the reader did not take.

    Raises:
        InputError: If an id repeats or is empty, a system lacks an output for a segment, or the
            texts contradict the direction.
        NothingToEvaluateError: If there is no record.
    """
    if not records:
        raise NothingToEvaluateError(f"{path}: no segment to evaluate")
    name = printed_name(name)
    lines: dict[str, int | None] = {}
    reference_names: dict[str, None] = {}
    system_names: dict[str, None] = {}
    for record in records:
        if not record.id:
            raise InputError(path, "an empty id", "a segment id", line=record.line)
        if record.id in lines:
            first = lines[record.id]
            where = f" (first on line {first})" if first else ""
            raise InputError(path, f"id {record.id!r} twice{where}", "unique ids", line=record.line)
        lines[record.id] = record.line
        if not record.references.keys() <= reference_names.keys():
            reference_names.update(dict.fromkeys(record.references))
        if not record.systems.keys() <= system_names.keys():
            system_names.update(dict.fromkeys(record.systems))
    for record in records if system_names else ():
        for system in system_names:
            if system not in record.systems:
                raise InputError(
                    path,
                    f"no output of system {system!r} for segment {record.id!r}",
                    "one output a segment (an empty one is allowed)",
                    line=record.line,
                )
    decided = settled(path, direction, (r.source for r in records), _targets(records), notes)
    stated = bool(decided.columns({}))
    segments = tuple(
        [
            Segment(
                r.id, r.source, tuple([r.references.get(n) for n in reference_names]),
                r.document, r.domain, decided.columns(with_values(r.extra)) if stated else with_values(r.extra),
            )
            for r in records
        ]
    )  # fmt: skip
    systems = {s: tuple(r.systems[s] for r in records) for s in system_names}
    return Corpus(
        name=name,
        source_lang=decided.source,
        target_lang=decided.target,
        segments=segments,
        reference_names=tuple(reference_names),
        systems=MappingProxyType(systems),
        titles=MappingProxyType(dict(titles or {})),
        licence=licence,
        provenance=provenance,
        left_out=tuple(left_out),
    )


def _targets(records: Sequence[Record]) -> Iterator[str | None]:
    """Yields the references or, where no segment has one, the outputs."""
    groups = (r.references.values() for r in records)
    if not any(text for r in records for text in r.references.values()):
        groups = (r.systems.values() for r in records)
    return itertools.chain.from_iterable(groups)


def records_of(corpus: Corpus) -> Iterator[Record]:
    """Yields the segments of a corpus as records, which writers take."""
    for position, s in enumerate(corpus.segments):
        yield Record(
            id=s.id,
            source=s.source,
            document=s.document,
            domain=s.domain,
            references=dict(zip(corpus.reference_names, s.references, strict=True)),
            systems={n: outputs[position] for n, outputs in corpus.systems.items()},
            extra=s.extra,
        )


def with_values(extra: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the columns that have a value: in a table, none and an empty one are the same."""
    return extra if all(extra.values()) else {k: v for k, v in extra.items() if v}

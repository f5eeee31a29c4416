"""The data model: segments, documents, references and the outputs of systems, joined by id.

A `Corpus` is complete by construction: every system has an output for every segment. What does not
fit together is refused where it is read, with the place named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import check_languages
from xindaya.pairs.errors import InputError


@dataclass(frozen=True, slots=True)
class Segment:
    """One aligned passage.

    Attributes:
        id: Unique in the corpus.
        source: Source text, or None where the corpus has no source side.
        references: One entry a reference set; None where this segment has none in that set (an
            empty string is a real, empty reference).
        document: Id of the document the segment belongs to; empty where nobody named one: texts
            are the same whatever their file is called.
        domain: Free label of the document, for slicing; may be empty.
        extra: What else the file says of the segment, by column (``translator``, ``state``,
            ``note``, ``display:source``, …). Only views use it: it is not part of a hash or score.
    """

    id: str
    source: str | None
    references: tuple[str | None, ...] = ()
    document: str = ""
    domain: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Corpus:
    """Segments in reading order and the outputs of the systems that translated them.

    Attributes:
        name: Shown in reports.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        segments: In reading order, document by document.
        reference_names: One name a reference set, as many as each segment has references.
        systems: System name to one output a segment, in segment order.
        titles: Document id to title, where known.
        licence: Of the text, as its owner states it.
        provenance: Where the text comes from.
        left_out: What the file has besides, and why it is no part of the corpus.
    """

    name: str
    source_lang: str
    target_lang: str
    segments: tuple[Segment, ...]
    reference_names: tuple[str, ...] = ()
    systems: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    licence: str = ""
    provenance: str = ""
    left_out: tuple[LeftOut, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        check_languages(self.source_lang, self.target_lang)
        if duplicate := first_duplicate(s.id for s in self.segments):
            raise InputError(self.name, f"segment id {duplicate!r} twice", "unique segment ids")
        for segment in self.segments:
            if len(segment.references) != len(self.reference_names):
                raise InputError(
                    self.name,
                    f"{len(segment.references)} references for segment {segment.id!r}",
                    f"{len(self.reference_names)} ({', '.join(self.reference_names)})",
                )
        for system, outputs in self.systems.items():
            if len(outputs) != len(self.segments):
                raise InputError(
                    self.name,
                    f"{len(outputs)} outputs of system {system!r}",
                    f"{len(self.segments)}, one a segment",
                )

    @property
    def has_source(self) -> bool:
        """True if every segment has a source text."""
        return all(s.source is not None for s in self.segments)

    @cached_property
    def documents(self) -> dict[str, tuple[int, ...]]:
        """Document id to the positions of its segments, in order of first appearance."""
        places: dict[str, list[int]] = {}
        for position, segment in enumerate(self.segments):
            places.setdefault(segment.document, []).append(position)
        return {document: tuple(indices) for document, indices in places.items()}

    @cached_property
    def sha256(self) -> str:
        """Hash of what scores are measured against: languages, ids, documents, source, references.

        Outputs are not part of it: two deliveries on one test set have the same hash. Nor is a
        name: a document that nobody named has none.
        """
        return self._hash("")

    @cached_property
    def sha256_named(self) -> str:
        """The hash that 0.1.0 gave, which called such a document after the corpus."""
        return self._hash(self.name) if "" in self.documents else self.sha256

    def is_known_as(self, sha256: str) -> bool:
        """True if a hash, of this version or of 0.1.0, is that of these texts."""
        return sha256 in (self.sha256, self.sha256_named)

    def same_texts(self, other: Corpus) -> bool:
        """True if both are the same test set, whatever their files are called."""
        return self.is_known_as(other.sha256) or other.is_known_as(self.sha256)

    @cached_property
    def outputs_sha256(self) -> str:
        """Hash of the outputs of all systems."""
        content = [[name, list(outputs)] for name, outputs in self.systems.items()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def document_name(self, document: str) -> str:
        """Returns what a view calls a document: one that nobody named, after the corpus."""
        return document or self.name

    def _hash(self, unnamed: str) -> str:
        digest = hashlib.sha256()
        head = [self.source_lang, self.target_lang, len(self.reference_names)]
        digest.update(json.dumps(head).encode())
        for s in self.segments:
            row = [s.id, s.document or unnamed, s.source, *s.references]
            digest.update(json.dumps(row, ensure_ascii=True).encode())
        return digest.hexdigest()

    def reference(self, name: str) -> tuple[str | None, ...]:
        """Returns the texts of one reference set, in segment order."""
        position = self.reference_names.index(name)
        return tuple(s.references[position] for s in self.segments)

    def with_systems(self, systems: Mapping[str, Sequence[str]]) -> Corpus:
        """Returns the same corpus with these systems instead of its own."""
        return replace(self, systems=MappingProxyType({k: tuple(v) for k, v in systems.items()}))


def digest_of(texts: Iterable[str | None]) -> bytes:
    """Returns the SHA-256 of texts in their order; no two sequences have the same bytes."""
    digest = hashlib.sha256()
    for text in texts:
        raw = None if text is None else text.encode("utf-8", "surrogatepass")
        digest.update(b"-" if raw is None else b"%d:%b" % (len(raw), raw))
    return digest.digest()


def first_duplicate(items: Iterable[str]) -> str | None:
    """Returns the first item that was seen before, or None."""
    seen: set[str] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None

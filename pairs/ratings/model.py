"""What a file of human scores says, before it is joined to any corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.formats.marot import MqmError


@dataclass(frozen=True, slots=True)
class Ratings:
    """Human scores as their file gives them: of segments, of systems, or MQM errors.

    Attributes:
        name: Of the file.
        kind: ``segments``, ``systems``, or ``mqm``, whose scores are yet to be made of its errors.
        measure: Name of the column the scores come from, such as ``Z.SCR``; ``MQM`` for errors.
        segments: System name to segment id to score, None where nobody scored.
        systems: System name to score.
        ordered: True if the file names no segments: its n-th score of a system is segment n's.
        corpus: The texts that were rated, if the file has them.
        errors: Errors with their places, and a row ``No-error`` for each output without any.
        notes: What a reader should know, a sentence each.
        left_out: What of the file is no score, error or rated text.
    """

    name: str
    kind: str
    measure: str
    segments: Mapping[str, Mapping[str, float | None]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    systems: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    ordered: bool = False
    corpus: Corpus | None = None
    errors: tuple[MqmError, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def system_names(self) -> tuple[str, ...]:
        """The systems that are scored, in the order of the file."""
        if self.corpus is not None and not self.segments:
            return tuple(self.corpus.systems)
        return tuple(self.segments or self.systems)

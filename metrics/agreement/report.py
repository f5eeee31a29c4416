"""What ``xindaya agree`` says: one agreement a file of human scores, and what was joined how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xindaya.metrics.agreement.flags import FlagAgreement
from xindaya.metrics.agreement.values import Agreement
from xindaya.metrics.evaluation import Provenance


@dataclass(frozen=True, slots=True)
class HumanFile:
    """A file of human scores and how it fits the corpus.

    Attributes:
        name: Of the file, without its folder.
        kind: ``segments``, ``systems`` or ``mqm``.
        measure: What the scores are called there.
        orientation: Which end is good, and what that is read from.
        only_corpus: Systems of the corpus without a human score.
        only_human: Systems scored there that are not in the corpus.
        notes: What else a reader should know, a sentence each.
    """

    name: str
    kind: str
    measure: str
    orientation: str
    only_corpus: tuple[str, ...]
    only_human: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileAgreement:
    """How far the metrics agree with one file of human scores.

    Attributes:
        file: The file.
        agreement: The numbers.
        flags: How terminology flags meet marked errors; empty without spans or a termbase.
    """

    file: HumanFile
    agreement: Agreement
    flags: tuple[FlagAgreement, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything the views of ``xindaya agree`` show.

    Attributes:
        corpus: Name of the corpus.
        segments: Its number of segments.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        signatures: Metric name to signature.
        higher_is_better: Metric name to its direction.
        files: One a file of human scores.
        provenance: Versions and seed.
    """

    corpus: str
    segments: int
    source_lang: str
    target_lang: str
    signatures: Mapping[str, str]
    higher_is_better: Mapping[str, bool]
    files: tuple[FileAgreement, ...]
    provenance: Provenance

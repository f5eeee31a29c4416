"""Aligned passages, corpora and termbases: the data model, and readers and writers of formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xindaya.pairs.errors import (
    ComparabilityError,
    InputError,
    NothingToEvaluateError,
    SpecError,
    UsageError,
    XindayaError,
)
from xindaya.pairs.lazy import lazy_names

if TYPE_CHECKING:
    from xindaya.pairs.corpus import Corpus, Segment
    from xindaya.pairs.formats import (
        read_corpus,
        read_parallel,
        read_termbase,
        write_corpus,
        write_parallel,
        write_termbase,
        write_termbase_tsv,
    )
    from xindaya.pairs.termbase import Case, Concept, Match, Status, Term, Termbase

__all__ = [
    "Case",
    "ComparabilityError",
    "Concept",
    "Corpus",
    "InputError",
    "Match",
    "NothingToEvaluateError",
    "Segment",
    "SpecError",
    "Status",
    "Term",
    "Termbase",
    "UsageError",
    "XindayaError",
    "read_corpus",
    "read_parallel",
    "read_termbase",
    "write_corpus",
    "write_parallel",
    "write_termbase",
    "write_termbase_tsv",
]

# Formats bring their own dependencies, and a bare score needs neither corpora nor termbases.
__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(__all__, "xindaya.pairs.formats")
    | dict.fromkeys(("Corpus", "Segment"), "xindaya.pairs.corpus")
    | dict.fromkeys(
        ("Case", "Concept", "Match", "Status", "Term", "Termbase"), "xindaya.pairs.termbase"
    ),
)

"""Aligned passages, corpora and termbases: the data model, and readers and writers of formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.errors import (
    ComparabilityError,
    InputError,
    NothingToEvaluateError,
    SpecError,
    UsageError,
    XindayaError,
)
from xindaya.pairs.lazy import lazy_names
from xindaya.pairs.termbase import Case, Concept, Match, Status, Term, Termbase

if TYPE_CHECKING:
    from xindaya.pairs.formats import (
        read_corpus,
        read_parallel,
        read_termbase,
        write_corpus,
        write_parallel,
        write_termbase,
        write_termbase_tsv,
    )

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

# Formats bring their own dependencies, so they are loaded when one is used.
__getattr__ = lazy_names(
    __name__,
    {n: "xindaya.pairs.formats" for n in __all__ if n.startswith(("read_", "write_"))},
)

"""Xindaya: Chinese–English translation evaluation.

The public face. Importing it costs next to nothing; NumPy, pandas, sacrebleu and jieba are loaded
when they are first needed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xindaya.evaluation import Settings, evaluate
    from xindaya.metrics import Evaluation
    from xindaya.pairs import (
        ComparabilityError,
        Corpus,
        InputError,
        NothingToEvaluateError,
        Segment,
        SpecError,
        Termbase,
        UsageError,
        XindayaError,
        read_corpus,
        read_parallel,
        read_termbase,
        write_corpus,
    )
    from xindaya.reports.html import render_html
    from xindaya.runs import load_run, save_run
    from xindaya.spec import load_spec, run_spec

__all__ = [
    "ComparabilityError",
    "Corpus",
    "Evaluation",
    "InputError",
    "NothingToEvaluateError",
    "Segment",
    "Settings",
    "SpecError",
    "Termbase",
    "UsageError",
    "XindayaError",
    "evaluate",
    "load_run",
    "load_spec",
    "read_corpus",
    "read_parallel",
    "read_termbase",
    "render_html",
    "run_spec",
    "save_run",
    "write_corpus",
]

_HOMES = {
    "Evaluation": "xindaya.metrics",
    "Settings": "xindaya.evaluation",
    "evaluate": "xindaya.evaluation",
    "load_run": "xindaya.runs",
    "load_spec": "xindaya.spec",
    "render_html": "xindaya.reports.html",
    "run_spec": "xindaya.spec",
    "save_run": "xindaya.runs",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "xindaya.pairs")), name)

"""Xindaya: Chinese–English translation evaluation.

The public face. Importing it costs next to nothing; NumPy, pandas, sacrebleu and jieba are loaded
when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xindaya.evaluation import evaluate
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
    from xindaya.settings import Settings
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

_HOMES = dict.fromkeys(__all__, "xindaya.pairs") | {
    "Evaluation": "xindaya.metrics",
    "Settings": "xindaya.settings",
    "evaluate": "xindaya.evaluation",
    "load_run": "xindaya.runs",
    "load_spec": "xindaya.spec",
    "render_html": "xindaya.reports.html",
    "run_spec": "xindaya.spec",
    "save_run": "xindaya.runs",
}


def __getattr__(name: str) -> Any:
    # Not at the top: importing `xindaya` is to cost next to nothing.
    from xindaya.pairs.lazy import lazy_names

    return lazy_names(__name__, _HOMES)(name)

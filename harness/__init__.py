"""Xindaya: Chinese–English translation evaluation.

The public face. Importing it costs next to nothing; NumPy, pandas, sacrebleu and jieba are loaded
when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xindaya.api import align, check_terms, compare, discover
    from xindaya.evaluation import evaluate
    from xindaya.metrics import BLEU, CHRF, TER, Evaluation
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
    from xindaya.scoring import Score, score
    from xindaya.settings import Settings
    from xindaya.spec import load_spec, run_spec

    __version__: str

_HOMES = {
    "xindaya.api": ("align", "check_terms", "compare", "discover"),
    "xindaya.evaluation": ("evaluate",),
    "xindaya.metrics": ("BLEU", "CHRF", "TER", "Evaluation"),
    "xindaya.pairs": (
        "ComparabilityError",
        "Corpus",
        "InputError",
        "NothingToEvaluateError",
        "Segment",
        "SpecError",
        "Termbase",
        "UsageError",
        "XindayaError",
        "read_corpus",
        "read_parallel",
        "read_termbase",
        "write_corpus",
    ),
    "xindaya.reports.html": ("render_html",),
    "xindaya.runs": ("load_run", "save_run"),
    "xindaya.scoring": ("Score", "score"),
    "xindaya.settings": ("Settings",),
    "xindaya.spec": ("load_spec", "run_spec"),
}

__all__ = [  # noqa: RUF022 - as `sorted` has them
    "BLEU",
    "CHRF",
    "ComparabilityError",
    "Corpus",
    "Evaluation",
    "InputError",
    "NothingToEvaluateError",
    "Score",
    "Segment",
    "Settings",
    "SpecError",
    "TER",
    "Termbase",
    "UsageError",
    "XindayaError",
    "__version__",
    "align",
    "check_terms",
    "compare",
    "discover",
    "evaluate",
    "load_run",
    "load_spec",
    "read_corpus",
    "read_parallel",
    "read_termbase",
    "render_html",
    "run_spec",
    "save_run",
    "score",
    "write_corpus",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    # Not at the top: importing `xindaya` is to cost next to nothing.
    if name == "__version__":
        from importlib import metadata

        return metadata.version("xindaya")
    from xindaya.pairs.lazy import lazy_names

    return lazy_names(__name__, {n: home for home, names in _HOMES.items() for n in names})(name)

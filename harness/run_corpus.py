"""What a run folder says of itself, and its corpus, without its numbers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xindaya.pairs import Corpus, InputError
from xindaya.pairs.account import LeftOut
from xindaya.pairs.formats.jsonl import read_json, read_jsonl
from xindaya.reports.machine import SCHEMA_VERSION
from xindaya.run_sums import RUN, check_sums
from xindaya.stored import fit, made

OUTPUTS = "outputs_sha256"
"""Key of a run's hash of its outputs, which folders of 0.1.0 lack."""

# What content of the wrong shape may raise, whoever wrote checksums for it.
_MISFITS = (
    LookupError, TypeError, ValueError, AttributeError, ArithmeticError, EOFError, MemoryError,
)  # fmt: skip


def read_run_corpus(folder: str | Path) -> Corpus:
    """Reads the corpus of a run folder.

    Raises:
        InputError: If the folder is no run folder, or was changed.
    """
    with run_content(Path(folder)) as content:
        return corpus_of(Path(folder), content)


@contextlib.contextmanager
def run_content(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Reads ``run.json``; what then turns out not to fit is an error of the folder.

    Raises:
        InputError: If the folder is no run folder, was changed, or has content of another shape.
    """
    path = folder / RUN
    if not path.is_file():
        raise InputError(folder, f"no {RUN}", "a run folder", hint="was it killed?")
    check_sums(folder)
    try:
        content = read_json(path, "a run of ours")
        if content["schema_version"] != SCHEMA_VERSION:
            raise InputError(
                path, f"schema version {content['schema_version']!r}", str(SCHEMA_VERSION),
                hint="was it written by another version of Xindaya?",
            )  # fmt: skip
        yield content
    except _MISFITS as error:
        raise InputError(path, f"content that does not fit ({error!r})", "a run of ours") from error


def left_out_of(content: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Reads what was left out of a corpus or termbase; a folder of 0.1.0 does not say it."""
    return tuple(made(LeftOut, item) for item in content.get("left_out", ()))


def corpus_of(folder: Path, content: Mapping[str, Any]) -> Corpus:
    """Reads the corpus that the content of a run names.

    0.1.0 called a document that nobody had named after the corpus; it has no name here.
    """
    run = content["run"]
    corpus = replace(
        read_jsonl(
            folder / "corpus.jsonl",
            source_lang=content["corpus"]["source_lang"],
            target_lang=content["corpus"]["target_lang"],
            max_chars=run["max_chars"],
        ),
        name=content["corpus"]["name"],
        titles=MappingProxyType(run["titles"]),
        licence=run["licence"],
        provenance=run["provenance"],
        left_out=left_out_of(content["corpus"]),
    )
    fit(run["titles"], Mapping[str, str], "titles")
    for name in ("licence", "provenance"):
        fit(run[name], str, name)
    fit(corpus.name, str, "name")
    if corpus.sha256 != content["corpus"]["sha256"]:
        raise InputError(folder / "corpus.jsonl", "a changed corpus", "the corpus of the run")
    if OUTPUTS in run:
        return corpus
    bare = (replace(s, document="") if s.document == corpus.name else s for s in corpus.segments)
    return replace(corpus, segments=tuple(bare))

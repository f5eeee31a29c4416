"""Readers and writers, chosen by what a path is: a corpus folder, TSV or JSONL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.folder import MANIFEST, read_folder, write_folder
from xindaya.pairs.formats.jsonl import read_jsonl, write_jsonl
from xindaya.pairs.formats.termbase_tsv import read_termbase_tsv, write_termbase_tsv
from xindaya.pairs.formats.termbases import read_termbase, write_termbase
from xindaya.pairs.formats.text import read_parallel, write_parallel
from xindaya.pairs.formats.tsv import read_tsv, write_tsv
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

__all__ = [
    "read_corpus",
    "read_folder",
    "read_jsonl",
    "read_parallel",
    "read_termbase",
    "read_termbase_tsv",
    "read_tsv",
    "write_corpus",
    "write_folder",
    "write_jsonl",
    "write_parallel",
    "write_termbase",
    "write_termbase_tsv",
    "write_tsv",
]

_READERS: dict[str, Callable[..., Corpus]] = {
    ".tsv": read_tsv,
    ".jsonl": read_jsonl,
}
_WRITERS: dict[str, Callable[[Corpus, str | Path], None]] = {
    ".tsv": write_tsv,
    ".jsonl": write_jsonl,
    "": write_folder,
}


def read_corpus(
    path: str | Path,
    *,
    source_lang: str = "zh",
    target_lang: str = "en",
    max_chars: int = MAX_SEGMENT_CHARS,
) -> Corpus:
    """Reads a corpus from a corpus folder, a ``.tsv`` or a ``.jsonl`` file.

    The languages are those of the manifest for a folder, and the arguments for a file.

    Raises:
        InputError: If the path is of no known kind, or its content is malformed.
    """
    path = Path(path)
    if path.name == MANIFEST:
        path = path.parent
    if path.is_dir():
        return read_folder(path, max_chars=max_chars)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            path,
            f"the ending {path.suffix!r}",
            f"a folder with {MANIFEST}, or one of {', '.join(_READERS)}",
        )
    return reader(path, source_lang=source_lang, target_lang=target_lang, max_chars=max_chars)


def write_corpus(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus in the format that the path's ending names; no ending means a folder."""
    path = Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InputError(path, f"the ending {path.suffix!r}", f"one of {', '.join(_WRITERS)}")
    writer(corpus, path)

"""The argument that is a run folder or a corpus."""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs import Corpus


def read_texts(path: Path, source_lang: str, target_lang: str) -> Corpus:
    """Reads the corpus of a run folder, or a corpus; a run knows its own languages."""
    if (path / "run.json").is_file():
        from xindaya.runs import load_run

        return load_run(path).corpus
    from xindaya.pairs import read_corpus

    return read_corpus(path, source_lang=source_lang, target_lang=target_lang)

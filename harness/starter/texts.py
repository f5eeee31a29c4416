"""The texts that a suite measures: a sample that it brings along, or the user's own files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from xindaya.pairs import Corpus, UsageError, read_corpus, read_parallel

FOLDER = "translation"
"""Where a suite stands in a repository."""

_SAMPLE = Path(str(resources.files("xindaya.starter"))) / "sample"


@dataclass(frozen=True, slots=True)
class Texts:
    """What is measured.

    Attributes:
        root: The top of the repository.
        corpus: A corpus in one piece, or None if there are files.
        files: Arguments of `read_parallel`: source, references, systems, documents.
        languages: Those stated, source_lang and target_lang.
        termbase: The termbase, if there is one.
        copied: Files that the suite brings along, into its folder.
    """

    root: Path
    corpus: Path | None = None
    files: Mapping[str, Any] = field(default_factory=dict)
    languages: Mapping[str, Any] = field(default_factory=dict)
    termbase: Path | None = None
    copied: tuple[Path, ...] = ()

    def load(self, name: str) -> Corpus:
        """Reads the texts as a spec of this name will."""
        if self.corpus is not None:
            return read_corpus(self.corpus, **self.languages)
        return read_parallel(**self.files, **self.languages, name=name)

    def named(self, path: Path) -> str:
        """Returns a path as the spec writes it: relative to its folder.

        Raises:
            UsageError: If it is outside the repository, where no build would find it.
        """
        if path in self.copied:
            return path.name
        # Not resolved: a link inside the repository may lead to a store outside.
        root, file = (Path(os.path.normpath(p.absolute())) for p in (self.root, path))
        if not file.is_relative_to(root):
            raise UsageError(
                f"{path} is outside of {root}, which the build checks out\n"
                "  hint: copy it there, or name the top of the repository: xindaya init DIR …"
            )
        return Path(os.path.relpath(file, root / FOLDER)).as_posix()


def sample_texts(root: Path) -> Texts:
    """Returns the sample: a dozen segments, a reference, two systems and a termbase."""
    systems = {name: _SAMPLE / f"{name}.en" for name in ("vendor-a", "vendor-b")}
    source, reference, terms = (
        _SAMPLE / name for name in ("source.zh", "reference.en", "terms.tsv")
    )
    return Texts(
        root,
        files={
            "source": source,
            "references": {"A": reference},
            "systems": systems,
        },
        languages={"source_lang": "zh", "target_lang": "en"},
        termbase=terms,
        copied=(source, reference, *systems.values(), terms),
    )

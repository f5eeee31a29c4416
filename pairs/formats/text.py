"""One segment a line: source, references and any number of system outputs in parallel files."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.direction import (
    DEFAULT,
    HOW_TO_STATE,
    LANGUAGES,
    Direction,
    claimed,
    direction_of_files,
    said,
    stated,
)
from xindaya.pairs.errors import InputError, NothingToEvaluateError, preview
from xindaya.pairs.files import new_folder, write_text
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, read_lines
from xindaya.pairs.sources import printed_name

_DOCUMENTS = "documents.txt"
_FILE = re.compile(r"(reference|system)\.(.+)\.(zh|en)")


def read_parallel(
    *,
    source: str | Path | None,
    references: Mapping[str, str | Path],
    systems: Mapping[str, str | Path],
    documents: str | Path | None = None,
    source_lang: str | None = None,
    target_lang: str | None = None,
    name: str = "corpus",
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads parallel line files into a corpus; segment ids are the line numbers from 1.

    Args:
        source: Source file, if there is one.
        references: Reference name to file.
        systems: System name to file.
        documents: File with the document id of each line; without it all lines are one document.
        source_lang: ``zh`` or ``en``; None for what the names of the files and their texts say.
        target_lang: The other one.
        name: Name of the corpus.
        encoding: Encoding of all files.
        max_chars: Longest line accepted.
        notes: What the texts say of the direction is added here.

    Raises:
        InputError: If a file cannot be read, two files differ in their number of lines, or they
            are not in the languages stated.
        NothingToEvaluateError: If the files are all empty, or none is given.
    """
    name = printed_name(name)
    paths: list[Path] = [
        Path(p) for p in (source, documents, *references.values(), *systems.values()) if p
    ]
    if not paths:
        raise NothingToEvaluateError("no file given: nothing to evaluate")
    texts = {p: read_lines(p, encoding=encoding, max_chars=max_chars) for p in paths}
    _check_lengths([(p, texts[p]) for p in dict.fromkeys(paths)])

    def column(path: str | Path | None) -> list[str] | None:
        return texts[Path(path)] if path else None

    sources, document_ids = column(source), column(documents)
    count = len(texts[paths[0]])
    if not count:
        raise NothingToEvaluateError(f"{paths[0]}: no segment to evaluate")
    direction = direction_of_files(
        source, list((references or systems).values()), texts.__getitem__,
        source_lang=source_lang, target_lang=target_lang, notes=notes,
    )  # fmt: skip
    columns, extra = [texts[Path(p)] for p in references.values()], direction.columns({})
    segments = tuple(
        Segment(
            id=str(position + 1),
            source=sources[position] if sources else None,
            references=tuple(column[position] for column in columns),
            document=document_ids[position] if document_ids else "",
            extra=extra,
        )
        for position in range(count)
    )
    return Corpus(
        name=name,
        source_lang=direction.source,
        target_lang=direction.target,
        segments=segments,
        reference_names=tuple(references),
        systems=MappingProxyType({n: tuple(texts[Path(p)]) for n, p in systems.items()}),
    )


def read_text_folder(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a folder of line files named as `write_parallel` names them.

    Args:
        path: The folder.
        source_lang: ``zh`` or ``en``; None for what the names of the files say.
        target_lang: The other one.
        encoding: Encoding of all files.
        max_chars: Longest line accepted.
        notes: Translations into the source language, which are left out, are added here.

    Raises:
        InputError: If a file cannot be read, two files differ in their number of lines, or the
            folder goes both ways and nobody states which is meant.
    """
    folder = Path(path)
    files = [(f, match) for f in sorted(folder.iterdir()) if (match := _FILE.fullmatch(f.name))]
    direction = _direction_of_folder(
        folder, stated(source_lang, target_lang), [match[3] for _, match in files]
    )
    groups: dict[str, dict[str, Path]] = {"reference": {}, "system": {}}
    for file, match in files:
        if match[3] == direction.target:
            groups[match[1]][match[2]] = file
        elif notes is not None:
            notes.append(f"{file.name} is no translation from {direction}, left out")
    source, documents = folder / f"source.{direction.source}", folder / _DOCUMENTS
    return read_parallel(
        source=source if source.exists() else None,
        references=groups["reference"],
        systems=groups["system"],
        documents=documents if documents.exists() else None,
        source_lang=direction.tags[0],
        target_lang=direction.tags[1],
        name=folder.resolve().name,
        encoding=encoding,
        max_chars=max_chars,
        notes=notes,
    )


def _direction_of_folder(
    folder: Path, given: Direction | None, targets: Sequence[str]
) -> Direction:
    """Decides by the names of the files, of which the targets' languages are given."""
    sources = [lang for lang in LANGUAGES if (folder / f"source.{lang}").exists()]
    if len(sources) == 1:
        named = said(sources[0], None, f"as source.{sources[0]} is called")
    elif len(set(targets)) == 1:
        named = said(None, targets[0], f"as its translations are called (….{targets[0]})")
    elif given is None:
        raise InputError(folder, "files of both directions", "a direction", hint=HOW_TO_STATE)
    else:
        named = None
    return claimed(folder, given, named) or DEFAULT


def is_text_folder(path: Path) -> bool:
    """True if a folder has line files of which `read_text_folder` makes a corpus."""
    return any(_FILE.fullmatch(file.name) for file in path.iterdir())


def write_parallel(corpus: Corpus, folder: str | Path) -> None:
    """Writes a corpus as line files: ``source.LANG``, ``reference.NAME.LANG``, ``system.NAME.LANG``.

    Raises:
        InputError: If a text holds a line break, which a line file cannot carry.
    """
    folder, lang = Path(folder), corpus.target_lang
    contents: dict[str, str] = {}
    files: dict[str, Sequence[str | None]] = {}
    if any(corpus.documents):
        files[_DOCUMENTS] = [s.document for s in corpus.segments]
    if corpus.has_source:
        files[f"source.{corpus.source_lang}"] = [s.source for s in corpus.segments]
    for name in corpus.reference_names:
        files[f"reference.{name}.{lang}"] = corpus.reference(name)
    for name, outputs in corpus.systems.items():
        files[f"system.{name}.{lang}"] = outputs
    for file, lines in files.items():
        safe = re.sub(r"[^\w.+-]", "_", file)
        for number, line in enumerate(lines, 1):
            if line is None or "\n" in line or line.endswith("\r"):
                raise InputError(
                    folder / safe,
                    "a missing reference" if line is None else f"a line break in {preview(line)}",
                    "one line a segment",
                    line=number,
                    hint="write TSV or JSONL instead",
                )
        if safe in contents:
            raise InputError(
                folder / safe, "two names for one file", "names that differ in letters"
            )
        content = "".join(f"{line}\n" for line in lines)
        # A byte order mark that is text is read back only behind one that is not.
        contents[safe] = "\ufeff" + content if content.startswith("\ufeff") else content
    # Only now that every file can be written is any; a folder of other files gets one by one.
    whole = not folder.is_dir() or not any(folder.iterdir())
    with new_folder(folder) if whole else contextlib.nullcontext(folder) as place:
        for safe, content in contents.items():
            write_text(place / safe, content)


def _check_lengths(files: Sequence[tuple[Path, Sequence[str]]]) -> None:
    """Raises InputError for the first file whose length differs from the first file's."""
    first_path, first = files[0]
    for path, lines in files[1:]:
        if len(lines) == len(first):
            continue
        message = f"{len(lines):,} lines"
        expected = f"{len(first):,}, as {first_path} has"
        if not lines or not first:
            raise InputError(path, message, expected)
        split = parting_line(first, lines)
        raise InputError(
            path,
            message,
            expected,
            hint=f"the files seem to part company at line {split + 1}:\n"
            f"    {first_path.name}: {preview(_line(first, split))}\n"
            f"    {path.name}: {preview(_line(lines, split))}",
        )


def parting_line(first: Sequence[str], second: Sequence[str]) -> int:
    """Finds where the longer of two parallel files has its extra lines.

    The lines before the place are compared at the same number, those after it shifted by the
    difference in length; the place with the greatest similarity in total wins (linear time).

    Returns:
        The position from 0 of the first extra line in the longer file.
    """
    if len(first) > len(second):
        first, second = second, first
    shift = len(second) - len(first)
    same = [_similarity(a, b) for a, b in zip(first, second, strict=False)]
    shifted = [_similarity(a, b) for a, b in zip(first, second[shift:], strict=True)]
    total = best = sum(shifted)
    place = 0
    for position, (before, after) in enumerate(zip(same, shifted, strict=True), 1):
        total += before - after
        if total > best:
            best, place = total, position
    return place


_LATIN_WORD = re.compile(r"[A-Za-z]{2,}|\d+")


def _similarity(first: str, second: str) -> float:
    """Rough likeness in [0, 2] of two lines in the same or in different languages."""
    a, b = set(_LATIN_WORD.findall(first)), set(_LATIN_WORD.findall(second))
    shared = len(a & b) / len(a | b) if a | b else 0.0
    sizes = len(first.encode()), len(second.encode())
    return shared + (min(sizes) + 1) / (max(sizes) + 1)


def _line(lines: Sequence[str], position: int) -> str:
    return lines[position] if position < len(lines) else "(end of file)"

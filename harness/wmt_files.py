"""Reading the files of WMT's terminology tasks: references, dictionaries, submissions, samples.

2025 has one document a line (``{"zh": …, "en": …, "proper": {…}, "random": {…}}``). 2026 has one
JSON object for a test set, with documents, paragraphs and annotated segments, and a list of texts
for a submission; its paragraphs are those of the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xindaya.metrics.terminology.wmt import normalized
from xindaya.pairs import InputError, NothingToEvaluateError, UsageError
from xindaya.pairs.errors import preview
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.termbase.csv_ import read_whole
from xindaya.pairs.formats.termbase.wmt25 import MODES
from xindaya.pairs.lines import read_lines
from xindaya.wmt_terms import Annotator, Task, Wanted, paragraphs

_MAX_CHARS = 50_000_000


def read_documents(path: Path, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Reads documents, one a line, with a text in these languages, and dictionaries that are some."""
    rows = []
    for number, line in enumerate(read_lines(path, max_chars=_MAX_CHARS), 1):
        row = parse_json(path, line, number)
        if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in languages):
            wanted = " and ".join(f'"{language}"' for language in languages)
            raise InputError(path, "no document", f"an object with texts {wanted}", line=number)
        for mode in MODES:
            if row.get(mode) and not _is_dictionary(row[mode]):
                found = f"{mode} = {preview(str(row[mode]))}"
                raise InputError(path, found, "{term: [renderings]}", line=number)
        rows.append(row)
    return rows


def read_systems(
    inputs: Sequence[str], lang: str, expected: tuple[int, int]
) -> dict[str, list[str]]:
    """Reads submissions, and joins those of one system in the order given.

    Args:
        inputs: ``NAME=FILE`` each.
        lang: Language of the texts.
        expected: Number of files and of documents that each system must have.

    Raises:
        UsageError: If an argument has no name, or a system has other numbers.
        NothingToEvaluateError: If no document is expected.
    """
    files, documents = expected
    systems: dict[str, list[str]] = {}
    given: dict[str, int] = {}
    for argument in inputs:
        name, equals, file = argument.partition("=")
        if not equals or not file:
            raise UsageError(f"--input {argument!r}: expected NAME=FILE")
        systems.setdefault(name, []).extend(_texts(Path(file), lang))
        given[name] = given.get(name, 0) + 1
    for name, texts in systems.items():
        if given[name] != files or len(texts) != documents:
            raise UsageError(
                f"system {name!r} has {given[name]} files with {len(texts)} documents for "
                f"{files} reference files with {documents}"
            )
    if not documents:
        raise NothingToEvaluateError("the reference files hold no document")
    return systems


def read_tasks(path: Path, source_lang: str, target_lang: str) -> list[Task]:
    """Reads references of either year as the rule of 2026 needs them.

    Where occurrences are annotated (2026), those are asked for; else those of the dictionary's
    terms that stand in the source.
    """
    if path.suffix.lower() == ".json":
        return list(_test_set(path, source_lang, target_lang))
    tasks = []
    made: dict[str, Annotator] = {}  # one for all documents of a year, which share a dictionary
    for row in read_documents(path, (source_lang, target_lang)):
        sources = paragraphs(row[source_lang])
        found = []
        for mode in MODES:
            terms = row.get(mode) or {}
            key = str(terms)
            if key not in made:
                made[key] = Annotator(terms, source_lang, target_lang)
            found.append(made[key](sources))
        tasks.append(Task(found[0], found[1], row[target_lang]))
    return tasks


def read_sample(path: Path, source_lang: str) -> list[str]:
    """Returns the source texts of a translated sample: a list of pairs, or one a line."""
    if path.suffix.lower() != ".json":
        return [row[source_lang] for row in read_documents(path, (source_lang,))]
    rows = parse_json(path, read_whole(path), 1)
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get(source_lang), str) for row in rows
    ):
        raise InputError(path, "no sample", f'a list of objects with a text "{source_lang}"')
    return [row[source_lang] for row in rows]


def _texts(path: Path, lang: str) -> list[str]:
    if path.suffix.lower() != ".json":
        return [row[lang] for row in read_documents(path, (lang,))]
    texts = parse_json(path, read_whole(path), 1)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError(path, "no submission", "a list of texts, one a document")
    return texts


def _test_set(path: Path, source_lang: str, target_lang: str) -> Iterator[Task]:
    content = parse_json(path, read_whole(path), 1)
    try:
        given = content["source_lang"], content["target_lang"]
        if given != (source_lang, target_lang):
            raise InputError(path, f"texts from {given[0]} to {given[1]}",
                             f"{source_lang} to {target_lang}")  # fmt: skip
        glossary = content.get("glossary") or {}
        proper, control = (_entries(glossary.get(mode) or []) for mode in MODES)
        accepted = {normalized(term): targets for term, targets in proper.items()}
        random = Annotator(control, source_lang, target_lang)
        for document in content["documents"]:
            rows = document["paragraphs"]
            yield Task(
                [list(_annotated(row, accepted)) for row in rows],
                random([row["source"] for row in rows]),
                "\n\n".join(row.get("reference") or "" for row in rows),
            )
    except (KeyError, TypeError, AttributeError) as error:
        expected = "a test set of 2026: documents, paragraphs, segments, terms"
        raise InputError(path, f"{type(error).__name__}: {error}", expected) from error


def _entries(entries: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Returns the terms of a glossary and all that may stand for each."""
    if any(isinstance(e["targets"], str) for e in entries):
        raise TypeError("targets are a text, not a list of texts")
    return {
        str(e.get("source_clean") or e["source"]): [*e["targets"], *(e.get("targets_extra") or ())]
        for e in entries
    }


def _annotated(
    paragraph: Mapping[str, Any], accepted: Mapping[str, Sequence[str]]
) -> Iterator[Wanted]:
    for segment in paragraph.get("segments") or ():
        for term in segment.get("terms") or ():
            own = (term["target"], term.get("target_inflected") or term["target"])
            forms = {str(form) for form in (*own, *accepted.get(normalized(term["source"]), ()))}
            yield Wanted(term["source"], frozenset(forms))


def _is_dictionary(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(targets, list) and all(isinstance(target, str) for target in targets)
        for targets in value.values()
    )

"""DeepL glossaries: two columns without a header, source first, as TSV or CSV.

Two more columns may say the language of each form, as DeepL's own exports do.

Rules of DeepL's API documentation: no source form twice, no empty form, no control character, at
most 1,024 bytes a form and 10 MiB a glossary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.direction import other_language
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.termbase.csv_ import csv_records
from xindaya.pairs.formats.termbase.losses import lost
from xindaya.pairs.formats.termbase.pairs import Pair, termbase_of_pairs
from xindaya.pairs.formats.termbase.words import language_of
from xindaya.pairs.lines import iter_lines
from xindaya.pairs.termbase import Concept, Match, Status, Term, Termbase

MAX_FORM_BYTES = 1024
MAX_GLOSSARY_BYTES = 10 << 20
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def read_deepl(
    path: str | Path, *, delimiter: str = "\t", source_lang: str = "zh", lenient: bool = False
) -> Termbase:
    """Reads a DeepL glossary.

    Args:
        path: The file.
        delimiter: A tab for TSV, which has no quoting, or what separates the columns of a CSV.
        source_lang: Language of the first column, ``zh`` or ``en``.
        lenient: As in `termbase_of_pairs`.

    Raises:
        InputError: If a line has not two columns or a form is empty.
        NothingToEvaluateError: If there is no line.
    """
    path = Path(path)
    records = list(_records(path, delimiter))
    named = next((tags_of(cells) for _, cells in records if tags_of(cells)), None)
    source_lang = (named and language_of(named[0])) or source_lang
    pairs = list(_pairs(path, delimiter, records, source_lang))
    found = [pair for pair in pairs if isinstance(pair, Pair)]
    left_out = [item for item in pairs if isinstance(item, LeftOut)]
    return termbase_of_pairs(path, found, source_lang, lenient=lenient, left_out=left_out)


def tags_of(cells: Sequence[str]) -> tuple[str, str] | None:
    """Returns the language tags in the third and the fourth column, None if they are no such."""
    if len(cells) != 4 or not all(_TAG.fullmatch(cell.strip()) for cell in cells[2:]):
        return None
    return cells[2].strip(), cells[3].strip()


def write_deepl(termbase: Termbase, path: str | Path, *, source_lang: str = "zh") -> list[str]:
    """Writes a DeepL glossary as TSV.

    Each preferred or admitted source form of a concept goes with its first preferred target form.

    Returns:
        What the glossary cannot hold, one message a kind.

    Raises:
        InputError: If nothing is left, the glossary is too large, or it cannot be written.
    """
    entries, losses = _entries(termbase, source_lang, other_language(source_lang))
    text = "".join(f"{source}\t{target}\n" for source, target in entries.items())
    if not entries:
        raise InputError(path, "no pair that a DeepL glossary can hold", "a preferred form")
    if (size := len(text.encode())) > MAX_GLOSSARY_BYTES:
        raise InputError(path, f"a glossary of {size:,} bytes", f"at most {MAX_GLOSSARY_BYTES:,}")
    write_text(path, text)
    return losses


def _pairs(
    path: Path, delimiter: str, records: Iterable[tuple[int, list[str]]], source_lang: str
) -> Iterator[Pair | LeftOut]:
    for line, cells in records:
        tags = tags_of(cells)
        if len(cells) != 2 and not tags:
            raise InputError(
                path,
                f"{len(cells)} columns ({preview(delimiter.join(cells), 50)})",
                "two: source and target; or four: their languages too",
                line=line,
            )
        source, target = cells[:2]
        if not target.strip():
            raise InputError(path, "an empty target form", "a form", line=line)
        if tags is None:
            yield Pair(line, source, target)
        elif {language_of(tag) for tag in tags} != {"zh", "en"}:
            yield LeftOut(f"line {line}", "pairs of other languages", " ".join(cells))
        elif language_of(tags[0]) == source_lang:
            yield Pair(line, source, target, *tags)
        else:
            yield Pair(line, target, source, *reversed(tags))


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    if delimiter != "\t":
        yield from csv_records(path, delimiter)
        return
    for line, text in enumerate(iter_lines(path), 1):
        if text:
            yield line, text.split("\t")


def _entries(
    termbase: Termbase, source_lang: str, target_lang: str
) -> tuple[dict[str, str], list[str]]:
    entries: dict[str, str] = {}
    untranslated, unusable, repeated, others = [], [], [], []
    for concept in termbase.in_variant().concepts:
        sources = _usable(concept, source_lang, (Status.PREFERRED, Status.ADMITTED))
        targets = _usable(concept, target_lang, (Status.PREFERRED,))
        unusable += [
            t.text for t in concept.terms if t.match is not Match.PATTERN and not _fits(t.text)
        ]
        if not sources or not targets:
            untranslated.append(concept.id)
            continue
        kept = {*sources, targets[0]}
        others += [t.text for t in concept.terms if t.text not in kept and _fits(t.text)]
        for source in sources:
            if source in entries:
                repeated.append(source)
            else:
                entries[source] = targets[0]
    conditions = [c.id for c in termbase.concepts if c.context]
    return entries, [
        *lost("concepts without a source form and a preferred target form", untranslated),
        *lost("forms with a control character, or over 1,024 bytes", unusable),
        *lost("source forms that stand in several concepts (the first is kept)", repeated),
        *lost("forms besides the preferred one", others),
        *lost("concepts lose the condition on their context", conditions),
    ]


def _usable(concept: Concept, lang: str, statuses: tuple[Status, ...]) -> list[str]:
    def usable(term: Term) -> bool:
        return term.status in statuses and term.match is not Match.PATTERN and _fits(term.text)

    return [term.text.strip() for term in concept.in_language(lang) if usable(term)]


def _fits(text: str) -> bool:
    controls = any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)
    return bool(text.strip()) and not controls and len(text.encode()) <= MAX_FORM_BYTES

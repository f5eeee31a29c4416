"""Tables with headed columns: what each column is, by its name or by an option.

The project's own names are ``id``, ``document``, ``domain``, ``source``, ``reference``,
``reference:NAME`` and ``system:NAME``; ``zh`` and ``en`` are source and target, whichever way the
table goes. In spreadsheets the
names people use are understood too (*Chinese (PRC)*, *译文*, *Status*). Any other column is kept
with the segment under its own name; an empty cell there is no value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    DEFAULT,
    LANGUAGES,
    SAMPLE,
    Direction,
    language,
    language_of,
    other_language,
    said,
    told,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.sources import plain_name

REFERENCE, SYSTEM = "reference:", "system:"
HEAD = ("id", "document", "domain", "source")

_LANGUAGES = {
    "zh": ("zh", "chinese", "中文", "汉语", "漢語", "简体中文", "繁體中文", "繁体中文"),
    "en": ("en", "english", "英文", "英语", "英語"),
}
_NAMES = {
    "id": (
        "id",
        "segment id",
        "segment",
        "seg id",
        "segid",
        "no",
        "no.",
        "nr.",
        "#",
        "编号",
        "序号",
    ),
    "document": ("document", "doc", "file", "filename", "file name", "文件", "文档"),
    "domain": ("domain", "领域"),
    "source": ("source", "src", "source text", "source segment", "original", "原文"),
    "target": ("target", "tgt", "translation", "target text", "target segment", "译文", "译文文本"),
    "translator": ("translator", "译者", "译员"),
    "state": ("state", "status", "状态"),
    "match": ("match", "match %", "匹配率"),
    "note": ("note", "notes", "comment", "comments", "备注"),
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
_BRACKETS = re.compile(r"\s*[(（].*[)）]\s*\Z")


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a table are to be read.

    Attributes:
        direction: As stated; None for what the columns say.
        source: Name of the source column, if it is to be told.
        target: Name of the target column, likewise.
        side: What the target column is: ``reference:NAME`` or ``system:NAME``.
        loose: Understand the names that people use, and make up ids where there are none.
    """

    direction: Direction | None = None
    source: str | None = None
    target: str | None = None
    side: str = TARGET
    loose: bool = True

    def roles(self, path: Path, header: Sequence[str]) -> dict[str, str]:
        """Returns the role of each column, by its name.

        Raises:
            InputError: If a name repeats, a named column is missing, or no column has a text.
        """
        for position, name in enumerate(header):
            if name in header[:position]:
                raise InputError(path, f"column {name!r} twice", "unique column names", line=1)
        check_sides(path, header)
        roles: dict[str, str] = {}
        for wanted, role in ((self.source, "source"), (self.target, self.side)):
            if wanted is None:
                continue
            if wanted not in header:
                close = difflib.get_close_matches(wanted, header, 1)
                raise InputError(
                    path, f"the columns {', '.join(header)}", f"a column named {wanted!r}", line=1,
                    hint=f"is {close[0]!r} meant?" if close else "",
                )  # fmt: skip
            roles[wanted] = role
        for name in header:
            role = self._role(name)
            if name not in roles and (role == name or role not in roles.values()):
                roles[name] = role
        roles |= {name: name for name in header if name not in roles}
        if not any(_is_text(role) for role in roles.values()):
            raise InputError(
                path,
                f"the columns {', '.join(header)}",
                "a text column: source, reference, reference:NAME or system:NAME",
                line=1,
                hint="name the columns with --source-column and --target-column"
                if self.loose
                else "",
            )
        return roles

    def _role(self, name: str) -> str:
        if lang := self._tag(name):
            return "source" if lang == (self.direction or DEFAULT).source else self.side
        if name == "reference":
            return TARGET
        if not self.loose or _is_ours(name):
            return name
        role = _ROLE_OF.get(_plain(name), name)
        return self.side if role == "target" else role

    def _tag(self, name: str) -> str | None:
        """Returns the language that a column is called after."""
        if not self.loose or name in LANGUAGES or _is_ours(name):
            return name if name in LANGUAGES else None
        plain = _plain(name)
        for lang, names in _LANGUAGES.items():
            if plain in names or (language(plain) == lang and re.fullmatch(r"[\w-]{2,10}", plain)):
                return lang
        return None

    def said(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Direction | None:
        """Returns the direction that the columns say; None where none is called after a language.

        Texts that are a target by the name of their column decide, then a source; without any, the
        language that stands first is the source.

        Args:
            header: Names of the columns.
            rows: Cells of the first rows.
        """
        by = "as its columns say"
        tags = {name: lang for name in header if (lang := self._tag(name))}
        if found := said(tags.get(self.source or ""), tags.get(self.target or ""), by):
            return found
        if not tags:
            return None
        sides: dict[str, list[int]] = {"source": [], "target": []}
        for place, name in enumerate(header):
            named = {self.source: "source", self.target: self.side}.get(name)
            role = named or ("" if name in tags else self._role(name))
            if _is_text(role):
                sides["source" if role == "source" else "target"].append(place)

        def spoken(side: str) -> str | None:
            return language_of(cells[place] for cells in rows for place in sides[side])

        if lang := spoken("target"):
            return Direction(other_language(lang), lang, by)
        first, *more = dict.fromkeys(tags.values())
        if sides["source"]:
            lang = spoken("source") if more else other_language(first)
            return Direction(lang, other_language(lang), by) if lang else None
        return Direction(first, other_language(first), by) if more else None


def corpus_of_table(
    path: Path,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Columns,
    *,
    max_chars: int,
    notes: list[str] | None = None,
) -> Corpus:
    """Makes a corpus of a table's rows, each given with its line number; raises as `read_rows`."""
    header = [name.strip() for name in header]
    rows = iter(rows)
    first = list(islice(rows, SAMPLE))
    if columns.direction is None:
        found = columns.said(header, [cells for _, cells in first])
        columns = replace(columns, direction=found and told(path, found, notes))
    records = list(read_rows(path, header, chain(first, rows), columns, max_chars=max_chars))
    direction = columns.direction
    return build_corpus(path, records, name=plain_name(path).stem, direction=direction, notes=notes)


def check_sides(path: Path, header: Sequence[str]) -> None:
    """Raises InputError for a column of references or outputs that does not say whose they are."""
    for name in header:
        if name.strip() in (REFERENCE, SYSTEM):
            raise InputError(path, f"the column {name!r}", f"{name.strip()}NAME", line=1)


def read_rows(
    path: Path,
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Columns,
    *,
    max_chars: int,
    ids: Ids | None = None,
) -> Iterator[Record]:
    """Yields the records of a table's rows, each given with its line number.

    Raises:
        InputError: As `Columns.roles`; and if a cell is too long, or there is no id column where
            one is needed.
    """
    header = [name.strip() for name in header]
    roles = columns.roles(path, header)
    has_ids = "id" in roles.values()
    ids = ids or Ids()
    for line, cells in rows:
        record = Record(id="", line=line)
        extra: dict[str, str] = {}
        for name, cell in zip(header, cells, strict=True):
            if len(cell) > max_chars:
                raise InputError(
                    path,
                    f"a cell of {len(cell):,} characters in column {name!r}",
                    f"at most {max_chars:,}",
                    line=line,
                    hint="raise --max-segment-chars if such segments are meant",
                )
            role = roles[name]
            if role in ("id", *HEAD):
                setattr(record, role, cell)
            elif _is_text(role):
                put(record, role, cell)
            elif cell:
                extra[role] = cell
        record.extra = extra
        if not has_ids:
            record.id = ids.give(None)
        yield record


def column_names(corpus: Corpus) -> list[str]:
    """Returns the columns that a corpus needs in a table."""
    names = list(HEAD if corpus.has_source else HEAD[:3])
    names += [REFERENCE + n for n in corpus.reference_names]
    names += [SYSTEM + n for n in corpus.systems]
    names += dict.fromkeys(key for s in corpus.segments for key in s.extra)
    return names


def cells_of(path: str | Path, record: Record) -> Mapping[str, str]:
    """Returns a record as cells by column.

    Raises:
        InputError: If a reference is missing, or a column of its own has one of our names.
    """
    cells = {
        "id": record.id,
        "document": record.document,
        "domain": record.domain,
        "source": record.source or "",
    }
    for name, text in record.references.items():
        if text is None:
            raise InputError(
                path,
                f"no reference {name!r} for segment {record.id!r}",
                "a text in every cell",
                hint="write JSONL instead: it tells a missing text from an empty one",
            )
        cells[REFERENCE + name] = text
    for name, text in record.systems.items():
        cells[SYSTEM + name] = text
    for key, value in record.extra.items():
        if (
            not key
            or key in ("zh", "en", "reference", *HEAD)
            or key.startswith((REFERENCE, SYSTEM))
        ):
            raise InputError(path, f"a column called {preview(key)}", "a name that is not ours")
        cells[key] = value
    return cells


def _is_ours(name: str) -> bool:
    return name in HEAD or name.startswith((REFERENCE, SYSTEM))


def _plain(name: str) -> str:
    return _BRACKETS.sub("", name.strip().lower()).replace("_", " ")


def _is_text(role: str) -> bool:
    return role == "source" or role.startswith((REFERENCE, SYSTEM))

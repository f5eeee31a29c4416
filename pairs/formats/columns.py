"""Tables with headed columns: what each column is, by its name or by an option.

The project's own names are ``id``, ``document``, ``domain``, ``source``, ``reference``,
``reference:NAME`` and ``system:NAME``; ``zh`` and ``en`` are source and target. In spreadsheets the
names people use are understood too (*Chinese (PRC)*, *译文*, *Status*). Any other column is kept
with the segment under its own name; an empty cell there is no value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.records import Record
from xindaya.pairs.formats.sides import TARGET, language, put

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
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        source: Name of the source column, if it is to be told.
        target: Name of the target column, likewise.
        side: What the target column is: ``reference:NAME`` or ``system:NAME``.
        loose: Understand the names that people use, and make up ids where there are none.
    """

    source_lang: str = "zh"
    target_lang: str = "en"
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
        aliases = {self.source_lang: "source", self.target_lang: self.side, "reference": TARGET}
        if name in aliases:
            return aliases[name]
        if not self.loose or name in HEAD or name.startswith((REFERENCE, SYSTEM)):
            return name
        plain = _BRACKETS.sub("", name.strip().lower()).replace("_", " ")
        role = _ROLE_OF.get(plain, name)
        for lang, names in _LANGUAGES.items():
            if plain in names or (language(plain) == lang and re.fullmatch(r"[\w-]{2,10}", plain)):
                role = aliases.get(lang, name)
        return self.side if role == "target" else role


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


def _is_text(role: str) -> bool:
    return role == "source" or role.startswith((REFERENCE, SYSTEM))

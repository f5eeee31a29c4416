"""Tables with headed columns: what each column is, by its name or by an option.

The project's own names are ``id``, ``document``, ``domain``, ``source``, ``reference``,
``reference:NAME`` and ``system:NAME``; ``zh`` and ``en`` are source and target, whichever way the
table goes. In spreadsheets the names people use are understood too (see `headings`). Any other column
is kept with the segment under its own name; an empty cell there is no value.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    DEFAULT,
    LANGUAGES,
    Direction,
    is_variant,
    language_of,
    other_language,
    said,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.headings import language_named, role_named, variant_named
from xindaya.pairs.formats.records import Record
from xindaya.pairs.formats.sides import TARGET

REFERENCE, SYSTEM = "reference:", "system:"
HEAD = ("id", "document", "domain", "source")


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a table are to be read.

    Attributes:
        direction: As stated; None for what the columns say.
        source: Name of the source column, if it is to be told.
        target: Name of the target column, likewise.
        side: What the target column is: ``reference:NAME`` or ``system:NAME``.
        sheet: Name of the sheet of a workbook to read; None for all that have such columns.
        loose: Understand the names that people use, and make up ids where there are none.
    """

    direction: Direction | None = None
    source: str | None = None
    target: str | None = None
    side: str = TARGET
    sheet: str | None = None
    loose: bool = True

    def roles(self, path: Path, header: Sequence[str], line: int = 1) -> dict[str, str]:
        """Returns the role of each column, by its name.

        Raises:
            InputError: If a name repeats, a named column is missing, or no column has a text.
        """
        for position, name in enumerate(header):
            if name in header[:position]:
                raise InputError(
                    path, f"column {preview(name)} twice", "unique column names", line=line
                )
        check_sides(path, header, line)
        roles: dict[str, str] = {}
        for wanted, role in ((self.source, "source"), (self.target, self.side)):
            if wanted is None:
                continue
            if wanted not in header:
                close = difflib.get_close_matches(wanted, header, 1)
                raise InputError(
                    path, f"the columns {shown(header)}", f"a column named {wanted!r}", line=line,
                    hint=f"is {close[0]!r} meant?" if close else "",
                )  # fmt: skip
            roles[wanted] = role
        variants = self._variants(path, header, line)
        for name in header:
            role = variants.get(name) or self._role(name)
            if name not in roles and (role == name or role not in roles.values()):
                roles[name] = role
        roles |= {name: name for name in header if name not in roles}
        if not any(is_text(role) for role in roles.values()):
            raise InputError(
                path,
                f"the columns {shown(header)}",
                "a text column: source, reference, reference:NAME or system:NAME",
                line=line,
                hint="name the columns with --source-column and --target-column"
                if self.loose
                else "",
            )
        return roles

    def _variants(self, path: Path, header: Sequence[str], line: int) -> dict[str, str]:
        """Returns the roles of columns in several variants of one language.

        A variant that is stated chooses among them; without, translations are called after theirs.
        """
        if not self.loose:
            return {}
        way = self.direction or DEFAULT
        roles: dict[str, str] = {}
        for lang, wanted, named in (
            (way.source, way.source_tag, self.source), (way.target, way.target_tag, self.target),
        ):  # fmt: skip
            tags = {n: tag for n in header if self._tag(n) == lang and (tag := variant_named(n))}
            if named or len({*tags.values()}) < 2:
                continue
            chosen = [n for n, tag in tags.items() if is_variant(tag, wanted or lang, sure=False)]
            if not chosen:
                raise InputError(path, f"the columns {shown(tags)}", f"one in {wanted}", line=line)
            roles |= {n: n for n in tags if n not in chosen}
            if lang == way.target and not wanted:
                roles |= {n: f"{self.side.partition(':')[0]}:{tag}" for n, tag in tags.items()}
        return roles

    def heading(self, rows: Sequence[Sequence[str]]) -> int | None:
        """Returns the place of the first row that names both sides of a translation, or None.

        Above it may stand a title, or a small table of the job's data, whose rows (*Source language
        | Chinese*) name one side and a language.

        Args:
            rows: Cells of the first rows.
        """
        if not self.loose:
            return 0 if rows else None
        wanted = {self.source, self.target} - {None}
        ours = not wanted and any(is_side(cell.strip()) for cell in rows[0]) if rows else False
        for place, cells in enumerate(rows[:1] if ours else rows):
            if wanted:
                if wanted <= {cell.strip() for cell in cells}:
                    return place
            elif self.names_both(cells) and not self._is_data(rows, place):
                below = rows[place + 1] if place + 1 < len(rows) else ()
                # *Source | Target* above *zh-CN | en-US*: the languages say more.
                return place + (self.names_both(below) and all(map(language_named, below)))
        return None

    def lone_heading(self, rows: Sequence[Sequence[str]]) -> int | None:
        """Returns 0 if the first row names columns of one side, such as a reference alone."""
        cells = [cell.strip() for cell in rows[0]]
        # One language twice is a word and its translation.
        twice = sum(bool(self._tag(cell)) for cell in cells) > 1
        return 0 if self._sides(cells) and not twice and not self._is_data(rows, 0) else None

    def names_both(self, cells: Sequence[str]) -> bool:
        """True if a row names both sides of a translation."""
        return len(self._sides(cells)) > 1

    def _sides(self, cells: Sequence[str]) -> set[str]:
        """Returns what a row names: ``source``, ``target``, languages."""
        found = set()
        for cell in map(str.strip, cells):
            if lang := self._tag(cell):
                found.add(lang)
            elif is_text(role := self._role(cell)):
                found.add("source" if role == "source" else "target")
        return found

    def _is_data(self, rows: Sequence[Sequence[str]], place: int) -> bool:
        """True if what a row seems to name is said again above or below it, as data is."""
        cells = [cell.strip() for cell in rows[place]]
        if any(map(str.isdecimal, cells)):  # a number names nothing
            return True
        below = rows[place + 1 :]
        for column, cell in enumerate(cells):
            others = below or rows[:place]
            under = [r[column].strip() for r in others if column < len(r) and r[column].strip()]
            if not under or not (lang := self._tag(cell)):
                continue
            if all(cell == c or (_is_code(cell, c) and self._tag(c) == lang) for c in under):
                return True
        if not self._sides(cells) & {*LANGUAGES}:
            return False
        # A row of a table whose first column says what the second is.
        beside = [r for r in (*rows[place - 1 : place], *below[:1]) if r]
        return any(
            is_text(self._role(cell)) and not self._tag(cell)
            and any(c < len(r) and role_named(r[c]) in ("source", "target") for r in beside)
            for c, cell in enumerate(cells)
        )  # fmt: skip

    def _role(self, name: str) -> str:
        if lang := self._tag(name):
            return "source" if lang == (self.direction or DEFAULT).source else self.side
        if name == "reference":
            return TARGET
        if not self.loose or is_ours(name):
            return name
        role = role_named(name) or name
        return self.side if role == "target" else role

    def _tag(self, name: str) -> str | None:
        """Returns the language that a column is called after."""
        if not self.loose or name in LANGUAGES or is_ours(name):
            return name if name in LANGUAGES else None
        return language_named(name)

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
            if is_text(role):
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


def check_sides(path: Path, header: Sequence[str], line: int = 1) -> None:
    """Raises InputError for a column of references or outputs that does not say whose they are."""
    for name in header:
        if name.strip() in (REFERENCE, SYSTEM):
            raise InputError(path, f"the column {name!r}", f"{name.strip()}NAME", line=line)


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


def is_ours(name: str) -> bool:
    """True for a name that the project itself gives to a column."""
    return name in HEAD or name.startswith((REFERENCE, SYSTEM))


def labels(cells: Sequence[str]) -> list[str]:
    """Returns the names in a heading: by their place where there is none, numbered where one repeats."""
    names: list[str] = []
    for place, cell in enumerate(map(str.strip, cells), 1):
        name = cell or f"column {place}"
        if name in names and not name.startswith((REFERENCE, SYSTEM)):
            name = f"{name} {place}"
        names.append(name)
    return names


def _is_code(*names: str) -> bool:
    """True for codes such as ``zh`` and ``EN-us``."""
    return all(name.isascii() and len(name.partition("-")[0]) <= 3 for name in names)


def shown(names: Iterable[str]) -> str:
    """Returns names of columns for a message, not too many."""
    text = ", ".join(names)
    return text if len(text) <= 200 else f"{text[:199]}…"


def is_side(role: str) -> bool:
    """True for the role of a column that holds a reference or an output."""
    return role.startswith((REFERENCE, SYSTEM))


def is_text(role: str) -> bool:
    """True for the role of a column that holds texts of a side."""
    return role == "source" or is_side(role)

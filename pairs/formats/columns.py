"""Tables with headed columns: what each column is, by its name or by an option.

The project's own names are ``id``, ``document``, ``domain``, ``source``, ``reference``,
``reference:NAME`` and ``system:NAME``; ``zh`` and ``en`` are source and target, whichever way the
table goes. In spreadsheets the names people use are understood too (see `headings`). Any other column
is kept with the segment under its own name; an empty cell there is no value.

`Tables` is the one reader of headed tables: it finds the heading, joins the tables of a file that have
the same columns, and accounts for all it does not take.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    DEFAULT,
    LANGUAGES,
    SAMPLE,
    Direction,
    language_of,
    other_language,
    said,
    told,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.headings import language_named, role_named
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import TARGET, parse_side
from xindaya.pairs.sources import plain_name

REFERENCE, SYSTEM = "reference:", "system:"
HEAD = ("id", "document", "domain", "source")

_SCANNED = 40  # first rows of a table among which its heading is looked for
_MAX_LEFT_OUT = 32 << 20  # characters
_NO_TEXT = "rows without a text"

Row = tuple[int, Sequence[str]]
Fit = Callable[[list[str], dict[str, str], Iterator[Row]], tuple[list[str], Iterator[Row]]]
"""Makes the rows below a heading as wide as it: names, their roles, rows; returns names and rows."""


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
                    path, f"the columns {_shown(header)}", f"a column named {wanted!r}", line=line,
                    hint=f"is {close[0]!r} meant?" if close else "",
                )  # fmt: skip
            roles[wanted] = role
        for name in header:
            role = self._role(name)
            if name not in roles and (role == name or role not in roles.values()):
                roles[name] = role
        roles |= {name: name for name in header if name not in roles}
        if not any(is_text(role) for role in roles.values()):
            raise InputError(
                path,
                f"the columns {_shown(header)}",
                "a text column: source, reference, reference:NAME or system:NAME",
                line=line,
                hint="name the columns with --source-column and --target-column"
                if self.loose
                else "",
            )
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
        ours = not wanted and any(_is_side(cell.strip()) for cell in rows[0]) if rows else False
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
        if not self.loose or _is_ours(name):
            return name
        role = role_named(name) or name
        return self.side if role == "target" else role

    def _tag(self, name: str) -> str | None:
        """Returns the language that a column is called after."""
        if not self.loose or name in LANGUAGES or _is_ours(name):
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


class Tables:
    """The headed tables of one file, joined to a corpus.

    Attributes:
        left_out: What is in none of its segments.
    """

    def __init__(
        self, path: Path, columns: Columns, *, max_chars: int, notes: list[str] | None = None
    ) -> None:
        self.path, self.columns, self.left_out = path, columns, list[LeftOut]()
        self._max_chars, self._notes = max_chars, notes
        self._parts: list[tuple[str, list[Record]]] = []
        self._lone: list[tuple[str, list[Row], Fit]] = []  # tables that name one side
        self._own: set[str] = set()  # roles of the tables read
        self._seen: tuple[int, Sequence[str]] | None = None
        self._direction = columns.direction

    @property
    def found(self) -> bool:
        """True once a table was read."""
        return bool(self._own)

    @property
    def empty(self) -> bool:
        """True while no table has had a row."""
        return self._seen is None

    def add(self, place: str, rows: Iterable[Row], fit: Fit, *, names: Sequence[str] = ()) -> None:
        """Reads a table, if it has a heading and the same columns as the first such table.

        Args:
            place: Which table of the file it is, such as ``sheet Terms``; empty if it is the only one.
            rows: Its rows with their numbers.
            fit: Makes the rows as wide as the heading.
            names: The heading, if none of the rows is.

        Raises:
            InputError: As `Columns.roles`, and if a cell is too long.
        """
        rows = iter(rows)
        first = list(islice(rows, SAMPLE))
        if not first:
            return
        self._seen = self._seen or first[0]
        texts = [cells for _, cells in first[:_SCANNED]]
        at = -1 if names else self.columns.heading(texts)
        if at is not None:
            self._read(place, first, rows, fit, at, names)
        elif (at := self.columns.lone_heading(texts)) is not None:
            self._lone.append((place, [*first, *rows], fit))
        else:
            self.leave_out(place, chain(first, rows), "rows of tables without headings")

    def _read(
        self, place: str, first: list[Row], rows: Iterable[Row], fit: Fit, at: int,
        names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Reads a table whose heading is one of its first rows, or above them."""
        line, heading = first[at] if at >= 0 else (first[0][0], names)
        header = _labels(heading) if self.columns.loose else [name.strip() for name in heading]
        body = first[at + 1 :]
        columns = self._directed(header, [cells for _, cells in body])
        roles = columns.roles(self.path, header, line)
        own = {role for role in roles.values() if role == "id" or is_text(role)}
        if self.found and own != self._own:
            self.leave_out(place, chain(first, rows), "rows of tables with other headings")
            return
        self._own = own
        self.leave_out(place, first[:at] if at > 0 else (), "rows above the headings")
        header, below = fit(header, roles, chain(body, rows))
        self._parts.append((place, list(self._records(place, heading, header, roles, below))))

    def corpus(self) -> Corpus:
        """Returns the corpus of all tables read.

        Raises:
            InputError: If no table has a heading, or as `build_corpus`.
        """
        for place, rows, fit in self._lone:
            if self.found:
                self.leave_out(place, rows, "rows of tables with other headings")
            else:
                self._read(place, rows, (), fit, 0)
        if not self.found:
            line, cells = self._seen or (1, ())
            if self.columns.source or self.columns.target:
                self.columns.roles(self.path, _labels(cells), line)
            raise InputError(
                self.path, f"the columns {_shown(_labels(cells))}",
                "a first row that names the columns, such as Source | Target, or zh | en",
                line=line, hint="name the columns with --source-column and --target-column",
            )  # fmt: skip
        records = self._joined()
        return build_corpus(
            self.path, records, name=plain_name(self.path).stem, direction=self._direction,
            notes=self._notes, left_out=self.left_out,
        )  # fmt: skip

    def source_language(self) -> str:
        """Returns the language of the sources read so far; that of the default, if there are none."""
        direction = self._direction or DEFAULT
        sources = (record.source for _, records in self._parts for record in records)
        return (self._direction is None and language_of(sources)) or direction.source

    def leave_out(self, place: str, rows: Iterable[Row], reason: str) -> None:
        """Accounts for rows, one by one.

        Raises:
            InputError: If they are too much text to keep.
        """
        size = 0
        for line, cells in rows:
            text = "\t".join(filter(None, cells))
            size += len(text)
            if size > _MAX_LEFT_OUT:
                raise InputError(
                    self.path, f"over {_MAX_LEFT_OUT:,} characters of {reason}",
                    "tables whose first row names the columns", line=line,
                )  # fmt: skip
            if text.strip():
                self.left_out.append(LeftOut(_place(place, line), reason, text))

    def _directed(self, header: list[str], rows: list[Sequence[str]]) -> Columns:
        """Returns the columns with the direction that is stated, or that the first table says."""
        if self._direction is None:
            found = self.columns.said(header, rows)
            self._direction = found and told(self.path, found, self._notes)
        return replace(self.columns, direction=self._direction)

    def _records(
        self, place: str, heading: Sequence[str], header: list[str], roles: dict[str, str],
        rows: Iterator[Row],
    ) -> Iterator[Record]:  # fmt: skip
        """Yields the records of the rows below a heading."""
        kinds = [(at, roles.get(name, name)) for at, name in enumerate(header)]
        heads = [(at, role) for at, role in kinds if role in HEAD]
        texts = [(at, *parse_side(role)) for at, role in kinds if _is_side(role)]
        references = [(at, name) for at, kind, name in texts if kind == "reference"]
        systems = [(at, name) for at, kind, name in texts if kind == "system"]
        extra = [(at, role) for at, role in kinds if role not in HEAD and not _is_side(role)]
        # In tables of other tools a row without texts is a total or a title, whatever its id.
        foreign = any(is_text(roles[name]) and not _is_ours(name) for name in roles)
        loose, again = self.columns.loose, [*heading]
        for line, cells in rows:
            if max(map(len, cells)) > self._max_chars:
                raise self._too_long(line, header, cells)
            record = Record(id="", line=line)
            for at, role in heads:
                setattr(record, role, cells[at])
            record.references = {name: cells[at] for at, name in references}
            record.systems = {name: cells[at] for at, name in systems}
            record.extra = {role: cells[at] for at, role in extra if cells[at]}
            if loose and (foreign or not record.id) and not _has_text(record):
                self.leave_out(place, ((line, cells),), _NO_TEXT)
            elif loose and cells[0] == again[0] and len(again) > 1 and cells[: len(again)] == again:
                self.leave_out(place, ((line, cells),), "headings that stand again")
            else:
                yield record

    def _too_long(self, line: int, header: list[str], cells: Sequence[str]) -> InputError:
        name, cell = max(zip(header, cells, strict=True), key=lambda item: len(item[1]))
        return InputError(
            self.path,
            f"a cell of {len(cell):,} characters in column {preview(name)}",
            f"at most {self._max_chars:,}",
            line=line,
            hint="raise --max-segment-chars if such segments are meant",
        )

    def _joined(self) -> list[Record]:
        """Returns all records, with ids where they have none; tables are told apart where ids repeat."""
        own = [[r.id for r in records if r.id] for _, records in self._parts]
        apart = len(set().union(*own)) < sum(len(set(ids)) for ids in own)
        for place, records in self._parts if apart else ():
            for record in records:
                record.id = record.id and f"{place.partition(' ')[2] or place}/{record.id}"
        records = [record for _, part in self._parts for record in part]
        # An id that only some rows of the project's own table lack is a mistake in it.
        if self.columns.loose or not any(record.id for record in records):
            ids = Ids().fill([record.id for record in records])
            for record, given in zip(records, ids, strict=True):
                record.id = given
        return records


def exact(path: Path) -> Fit:
    """Returns a `Fit` that refuses rows of another width."""

    def checked(names: list[str], rows: Iterator[Row]) -> Iterator[Row]:
        for line, cells in rows:
            if len(cells) != len(names):
                raise InputError(path, f"{len(cells)} fields", f"{len(names)}", line=line)
            yield line, cells

    return lambda names, _, rows: (names, checked(names, rows))


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


def _labels(cells: Sequence[str]) -> list[str]:
    """Returns the names in a heading: by their place where there is none, numbered where one repeats."""
    names: list[str] = []
    for place, cell in enumerate(map(str.strip, cells), 1):
        name = cell or f"column {place}"
        if name in names and not name.startswith((REFERENCE, SYSTEM)):
            name = f"{name} {place}"
        names.append(name)
    return names


def _has_text(record: Record) -> bool:
    texts = record.source or "", *record.references.values(), *record.systems.values()
    return any(text and not text.isspace() for text in texts)


def _is_code(*names: str) -> bool:
    """True for codes such as ``zh`` and ``EN-us``."""
    return all(name.isascii() and len(name.partition("-")[0]) <= 3 for name in names)


def _place(table: str, line: int) -> str:
    return f"{table}, row {line}" if table else f"line {line}"


def _shown(names: Iterable[str]) -> str:
    shown = ", ".join(names)
    return shown if len(shown) <= 200 else f"{shown[:199]}…"


def _is_side(role: str) -> bool:
    return role.startswith((REFERENCE, SYSTEM))


def is_text(role: str) -> bool:
    """True for the role of a column that holds texts of a side."""
    return role == "source" or _is_side(role)

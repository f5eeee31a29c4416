"""Headed tables: the one reader of XLSX, CSV, TSV and tables in Word files.

It finds the row that names the columns, joins the tables of a file that have the same ones, and accounts
for all it does not take.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    DEFAULT,
    SAMPLE,
    Direction,
    language_of,
    other_language,
    told,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.columns import HEAD, Columns, is_ours, is_side, is_text, labels, shown
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.inline import WRITTEN_TAGS, add_columns, read_written
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import parse_side
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted

SCANNED = 40
"""First rows of a table among which its heading is looked for."""

_MARK = re.compile(r"\{[\w^]+[>}]|\[\d+\}|<\d+/?>")
_MAX_LEFT_OUT = 32 << 20  # characters
_NO_TEXT = "rows without a text"

Row = tuple[int, Sequence[str]]
Fit = Callable[[list[str], dict[str, str], Iterator[Row]], tuple[list[str], Iterator[Row]]]
"""Makes the rows below a heading as wide as it: names, their roles, rows; returns names and rows."""


class Tables:
    """The headed tables of one file, joined to a corpus.

    Attributes:
        left_out: What is in none of its segments.
        between: What separates the cells of a row in the file, if a text could hold it, too.
    """

    between = ""

    def __init__(
        self, path: Path, columns: Columns, *, max_chars: int, notes: list[str] | None = None
    ) -> None:
        self.path, self.columns, self.left_out = path, columns, list[LeftOut]()
        self._max_chars, self._notes = max_chars, notes
        self._parts: list[tuple[str, list[Record]]] = []
        # Tables that name one side, or have a heading alone: read if there is no other.
        self._lone: list[tuple[str, list[Row], Fit, int]] = []
        self._own: set[str] = set()  # roles of the tables read
        self._roles: list[str] = []  # those of the columns of the last one
        self._foreign = False  # a table has texts in columns of other names than ours
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
        texts = [cells for _, cells in first[:SCANNED]]
        at = -1 if names else self.columns.heading(texts)
        if at == len(first) - 1 and self.columns.loose:
            self._lone.append((place, first, fit, at))
        elif at is not None:
            self._read(place, first, rows, fit, at, names)
        elif (at := self.columns.lone_heading(texts)) is not None:
            self._lone.append((place, [*first, *rows], fit, at))
        else:
            self.leave_out(place, chain(first, rows), "rows of tables without headings")

    def _read(
        self, place: str, first: list[Row], rows: Iterable[Row], fit: Fit, at: int,
        names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Reads a table whose heading is one of its first rows, or above them."""
        line, heading = first[at] if at >= 0 else (first[0][0], names)
        header = labels(heading) if self.columns.loose else [name.strip() for name in heading]
        body = first[at + 1 :]
        columns = self._directed(header, [cells for _, cells in body])
        roles = columns.roles(self.path, header, line)
        own = {role for role in roles.values() if role == "id" or is_text(role)}
        if self.found and own != self._own:
            self.leave_out(place, chain(first, rows), "rows of tables with other headings")
            return
        self._own = own
        above = first[: max(at, 0)]
        if self.between:
            above = [(n, [banner(cells, self.between, len(heading))]) for n, cells in above]
        self.leave_out(place, above, "rows above the headings")
        header, below = fit(header, roles, chain(body, rows))
        self._roles = [roles.get(name, name) for name in header]
        self._parts.append((place, list(self._records(place, heading, header, roles, below))))

    def carry(self, place: str, merged: Iterable[tuple[int, int, int]]) -> None:
        """Gives the cells that are merged over several rows of a table to all of these.

        A name (id, document, domain, a column of its own) belongs to each row. Texts beside one merged
        text are one segment.

        Args:
            place: The table that was added last.
            merged: Column, first and last row of each such cell.
        """
        records = self._parts[-1][1] if self._parts and self._parts[-1][0] == place else []
        at = {record.line: record for record in records}
        roles = dict(enumerate(self._roles))
        # Rows that become one segment carry nothing.
        for column, first, last in sorted(merged, key=lambda m: not is_text(roles.get(m[0], ""))):
            others = [at[line] for line in range(first + 1, last + 1) if line in at]
            why = "of which the first has the text"
            own, role = at.get(first), roles.get(column)
            if own and others and role:
                if is_text(role):
                    why = "which are one segment"
                    _join(own, others)
                    gone = {at.pop(other.line).line for other in others}
                    records[:] = [record for record in records if record.line not in gone]
                else:
                    why = "whose text all of them have"
                    _carry(own, others, role)
            self.left_out.append(
                LeftOut(_place(place, first), f"cells merged over several rows, {why}")
            )

    def corpus(self) -> Corpus:
        """Returns the corpus of all tables read.

        Raises:
            InputError: If no table has a heading, or as `build_corpus`.
        """
        for place, rows, fit, at in self._lone:
            if self.found:
                self.leave_out(place, rows, "rows of tables with other headings")
            else:
                self._read(place, rows, (), fit, at)
        if not self.found:
            line, cells = self._seen or (1, ())
            if self.columns.source or self.columns.target:
                self.columns.roles(self.path, labels(cells), line)
            raise InputError(
                self.path, f"the columns {shown(labels(cells))}",
                "a first row that names the columns, such as Source | Target, or zh | en",
                line=line, hint="name the columns with --source-column and --target-column",
            )  # fmt: skip
        records = self._joined()
        if self._foreign:
            records = self._without_tags(records)
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
            sources = (record.source for _, records in self._parts for record in records)
            found = self.columns.said(header, rows)
            if found and (lang := language_of(sources)):  # the tables before say more
                found = Direction(lang, other_language(lang), "as its first table shows")
            self._direction = found and told(self.path, found, self._notes)
        return replace(self.columns, direction=self._direction)

    def _records(
        self, place: str, heading: Sequence[str], header: list[str], roles: dict[str, str],
        rows: Iterator[Row],
    ) -> Iterator[Record]:  # fmt: skip
        """Yields the records of the rows below a heading."""
        kinds = [(at, roles.get(name, name)) for at, name in enumerate(header)]
        heads = [(at, role) for at, role in kinds if role in HEAD]
        texts = [(at, *parse_side(role)) for at, role in kinds if is_side(role)]
        references = [(at, name) for at, kind, name in texts if kind == "reference"]
        systems = [(at, name) for at, kind, name in texts if kind == "system"]
        extra = [(at, role) for at, role in kinds if role not in HEAD and not is_side(role)]
        # In tables of other tools a row without texts is a total or a title, whatever its id.
        foreign = any(is_text(roles[name]) and not is_ours(name) for name in roles)
        self._foreign |= foreign
        loose, again = self.columns.loose, [*heading]
        places = [at for at, role in kinds if is_text(role)]
        for line, cells in rows:
            if max(map(len, cells)) > self._max_chars:
                raise self._too_long(line, header, cells)
            own = {role: cells[at] for at, role in heads}
            if loose and (foreign or not own.get("id")) and not _says(cells, places):
                self.leave_out(place, ((line, cells),), _NO_TEXT)
            elif loose and cells[0] == again[0] and len(again) > 1 and cells[: len(again)] == again:
                self.leave_out(place, ((line, cells),), "headings that stand again")
            else:
                yield Record(
                    own.get("id", ""), line, own.get("source"),
                    own.get("document", ""), own.get("domain", ""),
                    {name: cells[at] for at, name in references},
                    {name: cells[at] for at, name in systems},
                    {role: cells[at] for at, role in extra if cells[at]},
                )  # fmt: skip

    def _without_tags(self, records: list[Record]) -> list[Record]:
        """Takes tags out of the texts that a translation tool wrote them into.

        A pair of them on both sides of a segment is sure to be tags. ``{1}`` alone may be what a
        program fills in: it stays text, and is named.
        """
        if not _MARK.search("\n".join(r.source or "" for r in records)):
            return records
        for tags in WRITTEN_TAGS:
            if any(_shared(record, tags, _pairs) for record in records):
                for record in filter(_has_text, records):
                    _take_tags(record, tags)
                    if not _has_text(record):
                        place = _place("", record.line or 0)
                        self.left_out.append(LeftOut(place, "rows of tags alone"))
                        record.id = ""
                return [record for record in records if record.id]
        marked = [r for r in records if any(_shared(r, tags, _singles) for tags in WRITTEN_TAGS)]
        if marked and self._notes is not None:
            many, first = counted(len(marked), "segment"), preview(marked[0].id)
            what = "such as {1}, that may be tags: they are read as text"
            self._notes.append(f"{self.path}: {many} with marks on both sides, {what} ({first})")
        return records

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


def _carry(own: Record, others: Sequence[Record], role: str) -> None:
    """Gives what a row says in a column to those below it, where they say nothing."""
    for number, record in enumerate(others, 2):
        if role == "id":
            record.id = record.id or (own.id and f"{own.id}#{number}")
        elif role in HEAD:
            setattr(record, role, getattr(record, role) or getattr(own, role))
        elif text := own.extra.get(role):
            record.extra = {role: text, **record.extra}


def _join(own: Record, others: Sequence[Record]) -> None:
    """Adds to a row what those below it say, which share a text with it."""
    for record in others:
        own.source = own.source and _lines(own.source, record.source)
        for side, more in (own.references, record.references), (own.systems, record.systems):
            side.update({name: _lines(side[name], text) for name, text in more.items()})
        said = {**record.extra, **({"ids": record.id} if record.id else {})}
        own.extra = {**own.extra, **{n: _lines(own.extra.get(n), text) for n, text in said.items()}}


def _lines(*texts: str | None) -> str:
    return "\n".join(filter(None, texts))


def banner(cells: Sequence[str], between: str, width: int) -> str:
    """Returns a row above a table as it stands: a sentence, which only the table cuts into cells.

    Args:
        cells: The row.
        between: What separates cells.
        width: Cells of the table; a spreadsheet fills its rows up with empty ones.
    """
    text = between.join(cells)
    return text if len(cells) < width else text.rstrip(between)


def exact(path: Path) -> Fit:
    """Returns a `Fit` that refuses rows of another width."""

    def checked(names: list[str], rows: Iterator[Row]) -> Iterator[Row]:
        for line, cells in rows:
            if len(cells) != len(names):
                raise InputError(path, f"{len(cells)} fields", f"{len(names)}", line=line)
            yield line, cells

    return lambda names, _, rows: (names, checked(names, rows))


def _pairs(text: str, tags: re.Pattern[str]) -> set[str]:
    found = list(tags.finditer(text))
    return {m["open"] for m in found if m["open"]} & {m["close"] for m in found if m["close"]}


def _singles(text: str, tags: re.Pattern[str]) -> set[str]:
    return {m["single"] for m in tags.finditer(text) if m["single"]}


def _shared(
    record: Record, tags: re.Pattern[str], of: Callable[[str, re.Pattern[str]], set[str]]
) -> bool:
    """True if the source and a translation have the same tags, and one at least."""
    own = of(record.source or "", tags)
    others = (*record.references.values(), *record.systems.values())
    return bool(own) and any(of(text, tags) == own for text in others if text)


def _take_tags(record: Record, tags: re.Pattern[str]) -> None:
    extra = dict(record.extra)

    def plain(side: str, text: str) -> str:
        content = read_written(text, tags)
        add_columns(extra, side, content)
        return content.text

    record.source = record.source and plain("source", record.source)
    for name, text in record.references.items():
        record.references[name] = text and plain(f"reference:{name}", text)
    for name, text in record.systems.items():
        record.systems[name] = plain(f"system:{name}", text)
    record.extra = extra


def _has_text(record: Record) -> bool:
    texts = record.source or "", *record.references.values(), *record.systems.values()
    return any(text and not text.isspace() for text in texts)


def _says(cells: Sequence[str], places: Sequence[int]) -> bool:
    """True if a cell at one of some places has a text."""
    for at in places:  # noqa: SIM110 - a generator costs more than the rest of a row
        if (text := cells[at]) and not text.isspace():
            return True
    return False


def _place(table: str, line: int) -> str:
    return f"{table}, row {line}" if table else f"line {line}"

"""Tables in Word files, as the document reads in the end: source in one column, translation in another.

What was inserted or moved here with tracked changes is text; what was deleted or moved away, hidden,
or set above a word as its reading is not, and is named. Content controls, text boxes and fields are
read through. Each table has a heading of its own (*Source | Target*, *原文 | 译文*) or, with two columns
and no heading, is read by the script of its texts. No Word library is needed: tables are simple XML.

Runs in the style that CAT tools give to tags (``<2>`` of Trados) are tags: see `inline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import DEFAULT, language_of, other_language, stated
from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.columns import Columns, is_text
from xindaya.pairs.formats.headed import Fit, Row, Tables
from xindaya.pairs.formats.inline import DISPLAY
from xindaya.pairs.formats.workbook import MAX_CELLS, OfficeFile, open_office
from xindaya.pairs.formats.xml import attributes, local_name
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_BESIDE = re.compile(r"word/(comments|footnotes|endnotes|header|footer)[0-9]*\.xml")

_GONE = {
    "del": "pieces deleted with tracked changes", "moveFrom": "pieces moved with tracked changes",
    "rt": "readings above words", "vanish": "hidden pieces",
    "showingPlcHdr": "placeholders of content controls", "vMerge": "pieces under merged cells",
}  # fmt: skip
"""What is no text in the end, by the element that says so."""

_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NO_TEXT = frozenset(("instrText", "delInstrText", "pPr", "rPr", "sdtPr", "sectPr", "tcPr", "tblPr",
                      "trPr"))  # fmt: skip
_OFF = frozenset(("0", "false", "off", "none"))
_TAG_STYLES = frozenset(("tag", "mqinternal", "tw4wininternal", "tw4winexternal"))
_TAG = re.compile(r"<(/?)([^<>/]+)(/?)>|([\[{])([^\[\]{}]+)([\]}])|\S+")
_UNLABELLED = re.compile(r"[⟦⟧/\s]+")


class _Text:
    """What stands in a paragraph, a cell or a box, piece by piece.

    Attributes:
        plain: Its text.
        shown: The same with placeholders for tags.
        left: What is no text: the reason, and the characters.
    """

    def __init__(self, plain: str = "", shown: str = "") -> None:
        self.plain, self.shown = [plain], [shown]
        self.left: list[tuple[str, str]] = []
        self._tag: list[str] = []  # of a tag, which may go on in the next run

    def add(self, text: str, gone: str = "", *, tag: bool = False) -> None:
        """Adds characters that are text, a piece of a tag, or gone for a reason of `_GONE`."""
        if gone:
            self.left.append((gone, text))
        elif tag:
            self._tag.append(text)
        elif text:
            self.end()
            self.plain.append(text)
            self.shown.append(text)

    def end(self) -> None:
        """Ends a tag."""
        if self._tag:
            self.shown.append(_TAG.sub(_placeholder, "".join(self._tag)))
            self._tag.clear()

    def join(self, other: _Text, between: str = "") -> None:
        """Adds another part, and what parts the two if neither is empty."""
        other.end()
        self.end()
        self.left += other.left
        if any(other.shown):
            between = between if any(self.shown) else ""
            self.plain += [between, *other.plain]
            self.shown += [between, *other.shown]

    def cell(self, *, continues: bool = False, span: int = 1) -> _Cell:
        """Returns it as a cell."""
        self.end()
        return _Cell("".join(self.plain), "".join(self.shown), continues, span)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell.

    Attributes:
        plain: Its text.
        shown: The same with placeholders for tags.
        continues: It is the same as the one above.
        span: How many columns it takes.
    """

    plain: str = ""
    shown: str = ""
    continues: bool = False
    span: int = 1


_Rows = list[tuple[int, list[_Cell]]]


def read_docx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    columns: Columns | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from the tables of a Word file; the rest of it is left out and named.

    Raises:
        InputError: If the file is no DOCX, has no table, or its columns are not understood.
    """
    path = Path(path)
    layout = columns or Columns(stated(source_lang, target_lang))
    tables = Tables(path, layout, max_chars=max_chars, notes=notes)
    with open_office(path, "DOCX") as book:
        _Document(book, tables).read()
    if tables.empty:
        raise InputError(path, "no table", "a table with a column for each language")
    return tables.corpus()


class _Document:
    """Reads the tables of a document, one after the other."""

    def __init__(self, book: OfficeFile, tables: Tables) -> None:
        self._book, self._tables = book, tables
        self._hidden, self._tag_styles = _styles(book)
        self._waiting: list[tuple[str, _Rows, list[str]]] = []  # tables without a heading
        self._inner: list[_Rows] = []  # tables inside a cell that have one
        self._count = 0
        self._paragraph = ""  # the style of the paragraph that is read

    def read(self) -> None:
        """Adds all tables, and accounts for what stands outside them."""
        table: etree._Element | None = None
        rows: _Rows = []
        for element in self._book.elements(_DOCUMENT, ("tr", "p"), outermost=True):
            above = next((e for e in element.iterancestors() if local_name(e) == "tbl"), None)
            if above is not table:
                self._add(rows)
                table, rows = above, []
            if above is None:
                self._leave_out("the document", element, "paragraphs outside tables")
            elif cells := self._row(element, f"table {self._count + 1}, row {len(rows) + 1}"):
                rows.append((len(rows) + 1, cells))
        self._add(rows)
        for place, rows, names in self._waiting:
            self._tables.add(place, _plain(rows), self._fit(place, rows), names=names)
        for part in sorted(self._book.parts):
            if kind := _BESIDE.fullmatch(part):
                for element in self._book.elements(part, ("p",), outermost=True):
                    self._leave_out(kind[1], element, "paragraphs beside the document")

    def _add(self, rows: _Rows) -> None:
        """Adds a table, and those inside it.

        One without a heading that stands above those that have one says something about the job;
        below them it goes on.
        """
        inner, self._inner = self._inner, []
        if rows:
            self._count += 1
            rows = _on_grid(rows)
            place, plain = f"table {self._count}", _plain(rows)
            texts = [cells for _, cells in plain]
            names = [] if self._names_columns(texts) else self._by_script(texts)
            if names and not self._tables.found:
                self._waiting.append((place, rows, names))
            else:
                self._tables.add(place, plain, self._fit(place, rows), names=names)
            if self._tables.found:
                for earlier, old, _ in self._waiting:
                    self._tables.leave_out(earlier, _plain(old), "rows of tables without headings")
                self._waiting.clear()
        for more in inner:
            self._add(more)

    def _names_columns(self, texts: Sequence[Sequence[str]]) -> bool:
        columns = self._tables.columns
        return columns.heading(texts) is not None or bool(columns.source or columns.target)

    def _by_script(self, texts: Sequence[Sequence[str]]) -> list[str]:
        """Returns names for two columns in two languages; none for other tables."""
        if any(len(cells) > 2 for cells in texts):
            return []
        pairs = [cells for cells in texts if len(cells) == 2]
        left, right = (language_of(cells[side] for cells in pairs) for side in (0, 1))
        if left == right:
            return []
        first = left or other_language(right or DEFAULT.source)
        names = ["source", "target"]
        return names if first == self._tables.source_language() else names[::-1]

    def _fit(self, place: str, rows: _Rows) -> Fit:
        """Returns what makes rows as wide as the heading, with columns of texts as they are shown."""
        cells = dict(rows)

        def fitted(
            names: list[str], roles: dict[str, str], below: Iterator[Row]
        ) -> tuple[list[str], Iterator[Row]]:
            kinds = [roles[name] for name in names]
            texts = [place for place, role in enumerate(kinds) if is_text(role)]
            header = [*names, *(DISPLAY + kinds[text] for text in texts)]
            return header, map(partial(_shown, texts=texts), whole(kinds, below))

        def whole(kinds: list[str], below: Iterator[Row]) -> Iterator[tuple[int, list[_Cell]]]:
            group: list[list[_Cell]] = []  # rows that are one, as a text of theirs is
            begin, above = 0, [_Cell()] * len(kinds)
            for line, plain in below:
                own = cells[line]
                if len(own) != len(kinds):
                    reason = f"rows without {len(kinds)} cells"
                    self._tables.leave_out(place, ((line, plain),), reason)
                    continue
                own = [*map(_carried, above, own, kinds)]
                if group and any(
                    c.continues and is_text(k) for c, k in zip(own, kinds, strict=True)
                ):
                    ids = [c.plain for c, kind in zip(own, kinds, strict=True) if kind == "id"]
                    self._tables.leave_out(place, ((line, ids),), "ids of rows that go on")
                    group.append(own)
                    continue
                if group:
                    yield begin, [*map(_joined, zip(*group, strict=True), kinds)]
                group, begin, above = [own], line, own
            if group:
                yield begin, [*map(_joined, zip(*group, strict=True), kinds)]

        return fitted

    def _leave_out(self, place: str, element: etree._Element, reason: str) -> None:
        text = _Text()
        self._walk([element], text)
        self._account(place, text)
        if (shown := text.cell().shown).strip():
            self._tables.left_out.append(LeftOut(place, reason, shown))

    def _account(self, place: str, text: _Text) -> None:
        for gone, pieces in groupby(text.left, itemgetter(0)):
            if (left := "".join(piece for _, piece in pieces)).strip():
                self._tables.left_out.append(LeftOut(place, _GONE[gone], left))

    def _row(self, row: etree._Element, place: str) -> list[_Cell]:
        """Returns the cells of a row; none if it is empty in the end."""
        gone = next(
            (n for e in row.iterancestors() if (n := local_name(e)) in ("del", "moveFrom")), ""
        )
        if _says(row, "trPr", "del"):
            gone = "del"
        elif _says(row, "trPr", "hidden"):
            gone = gone or "vanish"
        cells = []
        for cell in _cells(row):
            text = _Text()
            deleted = "del" if _says(cell, "tcPr", "cellDel") else ""
            merge = _property(cell, "tcPr", "vMerge")
            continues = merge is not None and _value(merge) != "restart"
            self._walk(cell, text, gone or deleted or ("vMerge" if continues else ""))
            self._account(place, text)
            span = _value(_property(cell, "tcPr", "gridSpan"))
            if not deleted:
                width = int(span) if span.isdecimal() and len(span) < 4 else 1
                cells.append(text.cell(continues=continues, span=width))
        return cells if any(c.shown.strip() or c.continues for c in cells) and not gone else []

    def _walk(
        self, parts: Iterable[etree._Element], text: _Text, gone: str = "", *, tag: bool = False
    ) -> None:
        """Adds what parts of a document say in the end."""
        for part in parts:
            name = local_name(part)
            if name == "t":
                text.add(part.text or "", gone, tag=tag)
            elif name == "delText":
                text.add(part.text or "", gone or "del")
            elif name in _SIGNS:
                text.add(_SIGNS[name], gone, tag=tag)
            elif name == "sym":
                text.add(_symbol(part), gone, tag=tag)
            elif name in ("del", "moveFrom", "rt"):
                self._walk(part, text, gone or name)
            elif name == "r":
                style = _value(_property(part, "rPr", "rStyle"))
                is_tag = style.lower() in _TAG_STYLES or style in self._tag_styles
                self._walk(part, text, gone or self._vanish(part, style), tag=is_tag)
            elif name == "sdt":
                empty = _says(part, "sdtPr", "showingPlcHdr")
                self._walk(part, text, gone or ("showingPlcHdr" if empty else ""))
            elif name == "AlternateContent":
                choices = [e for e in part if local_name(e) == "Choice"] or [*part]
                self._walk(choices[:1], text, gone, tag=tag)
            elif name in ("p", "txbxContent"):
                inner, around = _Text(), self._paragraph
                self._paragraph = _value(_property(part, "pPr", "pStyle"))
                self._walk(part, inner, gone)
                self._paragraph = around
                text.join(inner, "\n" if name == "p" else "")
            elif name == "tbl":
                self._table(part, text, gone)
            elif name not in _NO_TEXT:
                self._walk(part, text, gone, tag=tag)

    def _table(self, table: etree._Element, text: _Text, gone: str) -> None:
        """Keeps a table inside a cell for later, if it has a heading; else it is text."""
        place = f"table {self._count + 1}"
        found = [self._row(row, place) for row in _inside(table, "tr")] if not gone else []
        rows = [(number, cells) for number, cells in enumerate(filter(None, found), 1)]
        if (
            self._tables.columns.heading([[c.plain for c in cells] for _, cells in rows])
            is not None
        ):
            self._inner.append(rows)
            return
        for _, cells in rows:
            line = _Text()
            for cell in cells:
                line.join(_Text(cell.plain, cell.shown), "\t")
            text.join(line, "\n")
        if gone:
            for row in _inside(table, "tr"):
                self._walk(row, text, gone)

    def _vanish(self, run: etree._Element, style: str) -> str:
        own = _property(run, "rPr", "vanish")
        if own is not None:
            return "" if _value(own) in _OFF else "vanish"
        return "vanish" if self._hidden & {style, self._paragraph} else ""


def _styles(book: OfficeFile) -> tuple[set[str], set[str]]:
    """Returns the ids of the styles that hide text, and of those that CAT tools give to tags."""
    hidden, tags, above = dict[str, bool](), set[str](), dict[str, str]()
    for style in book.elements(_STYLES, ("style",)) if _STYLES in book.parts else ():
        own = next((v for k, v in attributes(style).items() if k == "styleId"), "")
        values = {local_name(e): _value(e) for e in style}
        above[own] = values.get("basedOn", "")
        if values.get("name", "").lower() in _TAG_STYLES:
            tags.add(own)
        if (vanish := _property(style, "rPr", "vanish")) is not None:
            hidden[own] = _value(vanish) not in _OFF

    def hides(style: str) -> bool:
        seen = set()
        while style in above and style not in hidden and style not in seen:
            seen.add(style)
            style = above[style]
        return hidden.get(style, False)

    return set(filter(hides, above)), tags


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return _inside(row, "tc")


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yields the rows or cells of a table through content controls, custom XML and the like."""
    for part in parent:
        if local_name(part) == name:
            yield part
        elif local_name(part) not in ("tc", "p"):
            yield from _inside(part, name)


def _property(element: etree._Element | None, group: str, name: str) -> etree._Element | None:
    """Returns a property of a run, paragraph, cell or row."""
    for part in element if element is not None else ():
        if local_name(part) == group:
            return next((e for e in part if local_name(e) == name), None)
    return None


def _says(element: etree._Element, group: str, name: str) -> bool:
    """True if a property is switched on."""
    found = _property(element, group, name)
    return found is not None and _value(found) not in _OFF


def _value(element: etree._Element | None) -> str:
    return attributes(element).get("val", "") if element is not None else ""


def _symbol(element: etree._Element) -> str:
    """Returns a character that was inserted from a list of symbols."""
    code = attributes(element).get("char", "")
    found = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    return chr(found) if found and not 0xD800 <= found < 0xE000 else ""


def _placeholder(tag: re.Match[str]) -> str:
    """Returns what stands for a tag: ``<2>``, ``</2>``, ``<2/>`` (Trados); ``[1}``, ``{1]`` (memoQ)."""
    closes, name, single, left, number, right = tag.groups()
    if number:
        name = number
        closes, single = left == "{" and right == "]", (left, right) in (("{", "}"), ("[", "]"))
    label = _UNLABELLED.sub("_", name or tag[0])
    return f"⟦{'/' if closes else ''}{label}{'/' if single or not name else ''}⟧"


def _plain(rows: _Rows) -> list[tuple[int, list[str]]]:
    return [(line, [cell.plain for cell in cells]) for line, cells in rows]


def _shown(row: tuple[int, list[_Cell]], texts: Sequence[int]) -> Row:
    """Returns a row with texts in its columns of texts, and what is shown of them after it."""
    line, cells = row
    own = [cell.plain if place in texts else cell.shown for place, cell in enumerate(cells)]
    tagged = ("" if (cell := cells[place]).shown == cell.plain else cell.shown for place in texts)
    return line, [*own, *tagged]


def _on_grid(rows: _Rows) -> _Rows:
    """Returns rows with a cell a column, where some have cells that take several.

    Where all rows have as many cells, these are the columns, however their edges lie. A row of one
    cell is a title.
    """
    wide = [cells for _, cells in rows if len(cells) > 1]
    if len({*map(len, wide)}) < 2 or len({sum(c.span for c in cells) for cells in wide}) > 1:
        return rows
    if sum(c.span for cells in wide for c in cells) > MAX_CELLS:
        return rows
    return [
        (line, [c for cell in cells for c in (cell, *[_Cell()] * (cell.span - 1))])
        for line, cells in rows
    ]


def _joined(column: Sequence[_Cell], kind: str) -> _Cell:
    """Returns what cells say that stand beside one merged cell."""
    if len(column) == 1 or kind == "id":
        return column[0]
    said = [cell for cell in column if cell.shown]
    return _Cell("\n".join(c.plain for c in said), "\n".join(c.shown for c in said))


def _carried(above: _Cell, own: _Cell, kind: str) -> _Cell:
    """Returns a cell with what is merged into it from above, where all segments below share it."""
    return above if own.continues and kind in ("document", "domain") else own

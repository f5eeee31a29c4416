"""Writing TMX 1.4, one unit at a time, so that `read_tmx` gives the same segments again.

References and outputs are one ``<tuv>`` each in the target language; one that is not reference A
says so in ``<prop type="x-side">``. Placeholders of inline tags become ``<bpt>``, ``<ept>``,
``<it>`` and ``<ph>`` again, without the codes they once held.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from xindaya.pairs.direction import language, variant
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import open_atomic
from xindaya.pairs.formats.inline import (
    DISPLAY,
    displayed,
    split_inline,
    tags_in,
    write_inline,
)
from xindaya.pairs.formats.records import Record, Run
from xindaya.pairs.formats.sides import TARGET, texts_of
from xindaya.pairs.formats.tmx_columns import COLUMN, DOCUMENT, DOMAIN, SIDE
from xindaya.pairs.formats.xml_text import (
    TAG,
    TAG_END,
    XmlText,
    attribute_value,
    escaped,
    escaped_all,
    is_attribute_value,
)

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="xindaya" creationtoolversion="1" segtype="block" o-tmf="xindaya" \
adminlang="en" srclang="{lang}" datatype="plaintext"/>
<body>
"""
_TAIL = "</body>\n</tmx>\n"
_BATCH = 1_000
_MOST_COLUMNS = 1_000
_SHORT = 200  # characters of tags that are remembered
_FIRST_MARK = 0xE000  # of the private use area
_MARKS = re.compile("([\ue000-\uf8ff])")
_XML_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_REPEATED = re.compile(r"#\d+\Z")
_TAGS = {
    "open": "<bpt{}/>",
    "close": "<ept{}/>",
    "single": "<ph{}/>",
    "lone-open": '<it pos="begin"{}/>',
    "lone-close": '<it pos="end"{}/>',
}


def write_tmx_records(
    records: Iterable[Record | Run],
    path: str | Path,
    *,
    source_lang: str = "zh",
    target_lang: str = "en",
) -> int:
    """Writes records, or runs of them, as TMX, as they come.

    Returns:
        How many were left out because they have no translation at all.

    Raises:
        InputError: If a record has no source, or a text holds what XML cannot carry; the old file
            is intact.
    """
    path = Path(path)
    units = _Units(path, source_lang, target_lang)
    with open_atomic(path) as stream:
        stream.write(_HEAD.format(lang=source_lang).encode())
        for batch in units.of(_in_runs(records)):
            stream.write(batch)
        stream.write(_TAIL.encode())
    return units.without_translation


def _in_runs(items: Iterable[Record | Run]) -> Iterator[Record | Run]:
    """Joins records with a source and reference A alone into runs; the order stays."""
    rows: list[Record] = []
    for item in items:
        joins = isinstance(item, Record) and _is_simple(item)
        if rows and (not joins or len(rows) >= _BATCH):
            yield _run_of(rows)
            rows = []
        if isinstance(item, Record) and joins:
            rows.append(item)
        else:
            yield item
    if rows:
        yield _run_of(rows)


def _is_simple(record: Record) -> bool:
    return (
        record.source is not None
        and len(record.references) == 1
        and record.references.get("A") is not None
        and not record.systems
    )


def _run_of(records: Sequence[Record]) -> Run:
    return Run(
        [r.id for r in records],
        [r.source or "" for r in records],
        [r.references["A"] or "" for r in records],
        [r.document for r in records],
        [r.domain for r in records],
        [r.extra for r in records],
    )


class _Template(NamedTuple):
    """How units with the same columns are spelled.

    Attributes:
        markup: With ``%b`` where a value stands.
        values: The places of the values: 0 id, 1 source, 2 translation, 3 document, 4 domain, 5 and
            above those of the columns.
        attributes: Those that stand in an attribute.
    """

    markup: bytes
    values: tuple[int, ...]
    attributes: tuple[int, ...]


class _Units:
    """Renders records as units, plain ones by the hundred."""

    def __init__(self, path: Path, source_lang: str, target_lang: str) -> None:
        self._path = path
        self._xml = XmlText(path, "TMX")
        self._source_lang, self._target_lang = source_lang, target_lang
        self._templates: dict[tuple[object, ...], _Template | None] = {}
        self.without_translation = 0

    def of(self, items: Iterable[Record | Run]) -> Iterator[bytes]:
        """Yields the text of one or more units."""
        for item in items:
            yield self._run(item) if isinstance(item, Run) else self._unit(item).encode()

    def _run(self, run: Run) -> bytes:
        filled = self._filled(run)
        if filled is None:
            # One by one: each is escaped as it needs, and an error names its segment.
            return "".join(map(self._unit, run.records())).encode()
        return filled

    def _filled(self, run: Run) -> bytes | None:
        """Returns all units of a run at once; None if one is to be spelled by itself."""
        markup: list[bytes] = []
        texts: list[str] = []
        tags = 0
        for (document, domain, *names), columns in _groups(run):
            template = self._template(run.side, document, domain, names)
            size = len(columns[0])
            if template is None or any("" in column for column in columns[5:]):
                return None
            for place, name in (1, "source"), (2, run.side):
                if (column := DISPLAY + name) in names:
                    cells = _with_tags(columns[5 + names.index(column)], columns[place])
                    if cells is None:
                        return None
                    columns[place], many = cells
                    tags += many
            if not is_attribute_value(
                "".join(map("".join, map(columns.__getitem__, template.attributes)))
            ):
                return None
            width = len(template.values)
            filled = [""] * (width * size)
            for n, place in enumerate(template.values):
                filled[n::width] = columns[place]
            texts += filled
            markup.append(template.markup * size)
        escaped = escaped_all(texts, tags)
        return None if escaped is None else b"".join(markup) % tuple(escaped)

    def _template(
        self, side: str, document: bool, domain: bool, names: Sequence[str]
    ) -> _Template | None:
        """Returns how units with such columns are spelled; None where that hangs on what they say."""
        kind = (side, document, domain, *names)
        if kind not in self._templates:
            if len(self._templates) >= _BATCH:
                self._templates.clear()
            self._templates[kind] = self._new_template(side, document, domain, names)
        return self._templates[kind]

    def _new_template(
        self, side: str, document: bool, domain: bool, names: Sequence[str]
    ) -> _Template | None:
        if _MARKS.search("".join((side, *names))) or len(names) > _MOST_COLUMNS:
            return None
        # The unit whose values are marks says where each value goes.
        marks = map(chr, itertools.count(_FIRST_MARK))
        id_, a, b, own, theirs = itertools.islice(marks, 5)
        columns = {
            k: mark for k, mark in zip(names, marks, strict=False) if not k.startswith(DISPLAY)
        }
        own, theirs = own if document else "", theirs if domain else ""
        run = Run([id_], [a], [b], [own], [theirs], [columns], side)
        try:
            pieces = _MARKS.split(self._unit(next(run.records())))
        except InputError:
            return None
        places = [ord(mark) - _FIRST_MARK for mark in pieces[1::2]]
        return _Template(
            "%b".join(piece.replace("%", "%%") for piece in pieces[::2]).encode(),
            tuple(places),
            tuple(n for n, before in zip(places, pieces[::2], strict=False) if before[-1:] == '"'),
        )

    def _unit(self, record: Record) -> str:
        segment, texts = record.id, texts_of(record)
        if record.source is None:
            raise InputError(
                self._path, f"no source for segment {preview(segment)}", "a source in each"
            )
        if not texts:
            self.without_translation += 1
            return ""
        unit, fields, first, second = self._attributes(record)
        source = self._seg(record, "source", record.source)
        variants = [f"<tuv{first}><seg>{source}</seg></tuv>"]
        for position, (side, text) in enumerate(texts.items()):
            own = self._lang(self._tag(record.extra, side), segment) if position else second
            prop = "" if (position, side) == (0, TARGET) else self._field(SIDE, side, segment)
            seg = self._seg(record, side, text)
            variants.append(f"<tuv{own}>{prop}<seg>{seg}</seg></tuv>")
        tuid = self._xml.attribute("tuid", segment, segment)
        return f"<tu{tuid}{unit}>{fields}{''.join(variants)}</tu>\n"

    def _tag(self, extra: Mapping[str, str], side: str) -> str:
        """Returns the language tag of a translation: its own, that of its name, that of the first."""
        kind, _, name = side.partition(":")
        if tag := extra.get(f"lang:target:{name}"):
            return tag
        if kind == "reference" and language(name) == self._target_lang and any(variant(name)):
            return name
        return extra.get("lang:target", self._target_lang)

    def _seg(self, record: Record, side: str, text: str) -> str:
        segment = record.id
        pieces = write_inline(displayed(record.extra, side, text), text)
        if pieces is None:
            return self._xml.content(text, segment)
        out = []
        for kind, label, piece in pieces:
            if kind == "text":
                out.append(self._xml.content(piece, segment))
            else:
                self._xml.check(label, segment)
                out.append(_markup_of(kind, escaped(label)))
        return "".join(out)

    def _lang(self, tag: str, segment: str) -> str:
        return self._xml.attribute("xml:lang", tag, segment)

    def _field(self, kind: str, text: str, segment: str) -> str:
        content = self._xml.content(text, segment)
        return f"<prop{self._xml.attribute('type', kind, segment)}>{content}</prop>"

    def _attributes(self, record: Record) -> tuple[str, str, str, str]:
        """Renders the columns: attributes of the unit, its fields, attributes of both texts."""
        extra, segment = dict(record.extra), record.id
        first = next(iter(texts_of(record)), TARGET)
        values = {
            "tu": "",
            "source": self._lang(extra.pop("lang:source", self._source_lang), segment),
            "target": self._lang(extra.pop("lang:target", "") or self._tag({}, first), segment),
        }
        if translator := extra.pop("translator", ""):
            values["target"] += self._xml.attribute("changeid", translator, segment)
            extra.pop("target:changeid", None)
        fields = ""
        if record.document:
            fields += self._field(DOCUMENT, record.document, segment)
        if record.domain:
            fields += self._field(DOMAIN, record.domain, segment)
        for key, value in extra.items():
            level, _, name = key.partition(":")
            own = level in values and _XML_NAME.fullmatch(name) and name not in ("tuid", "lang")
            if key.startswith((DISPLAY, "lang:target:")):
                continue
            if own:
                values[level] += self._xml.attribute(name, value, segment)
            elif _REPEATED.sub("", key) == "note":
                fields += f"<note>{self._xml.content(value, segment)}</note>"
            elif key.startswith("prop:"):
                kind = _REPEATED.sub("", key).removeprefix("prop:")
                fields += self._field(kind, value, segment)
            else:
                fields += self._field(COLUMN + key, value, segment)
        return values["tu"], fields, values["source"], values["target"]


def _markup_of(kind: str, label: str) -> str:
    name = "i" if kind in ("open", "close") else "x"
    return _TAGS[kind].format(f' {name}="{attribute_value(label)}"')


def _groups(run: Run) -> Iterator[tuple[tuple[Any, ...], list[Sequence[str]]]]:
    """Cuts a run where units are spelled otherwise: what they have, and columns with all of it."""
    size, alike = len(run.ids), (run.documents, run.domains, run.extras)
    if all(column.count(column[0]) == size for column in alike):
        own = ([value] * size for value in run.extras[0].values())
        yield _kind((*run[:3], *(column[0] for column in alike))), [*run[:5], *own]
        return
    for kind, group in itertools.groupby(zip(*run[:6], strict=True), _kind):
        *columns, extras = zip(*group, strict=True)
        yield kind, [*columns, *zip(*(extra.values() for extra in extras), strict=True)]


def _kind(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Returns what units are spelled alike by: the columns they have."""
    return bool(row[3]), bool(row[4]), *row[5]


def _with_tags(shown: Sequence[str], texts: Sequence[str]) -> tuple[list[str], int] | None:
    """Returns texts with their tags as `escaped_all` takes them, and how many tags there are.

    Args:
        shown: Their display strings.
        texts: The texts.

    Returns:
        None if some are to be spelled one by one.
    """
    pieces = split_inline("\0".join(shown), "\0".join(texts))
    if pieces is None or not all(map(str.strip, texts)):
        return None
    placeholders = pieces[1::2]
    tags = "".join(placeholders)
    if any(odd in tags for odd in (TAG, TAG_END, "\0", '"')):
        return None
    ends = ["\0" * piece.count("\0") for piece in pieces[::2]]
    in_each = "".join(itertools.chain(*zip(placeholders, ends[1:], strict=True))).split("\0")
    marked = (
        _marked_up(own) if len(own) < _SHORT else _marked_up.__wrapped__(own)
        for own in in_each
        if own
    )
    pieces[1::2] = itertools.chain.from_iterable(marked)
    cells = "".join(pieces).split("\0")
    return (cells, len(placeholders)) if len(cells) == len(texts) else None


@lru_cache(1_000)
def _marked_up(placeholders: str) -> list[str]:
    tags = (_markup_of(kind, label) for kind, label in tags_in(placeholders))
    return [f"{TAG}{tag[1:-1]}{TAG_END}" for tag in tags]

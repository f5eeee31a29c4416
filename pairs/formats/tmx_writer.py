"""Writing TMX 1.4, one unit at a time, so that `read_tmx` gives the same segments again.

References and outputs are one ``<tuv>`` each in the target language; one that is not reference A
says so in ``<prop type="x-side">``. Placeholders of inline tags become ``<bpt>``, ``<ept>``,
``<it>`` and ``<ph>`` again, without the codes they once held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xindaya.pairs.direction import language, variant
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import open_atomic
from xindaya.pairs.formats.inline import DISPLAY, displayed, write_inline
from xindaya.pairs.formats.records import Record, Run
from xindaya.pairs.formats.sides import TARGET, texts_of
from xindaya.pairs.formats.tmx_columns import COLUMN, DOCUMENT, DOMAIN, SIDE
from xindaya.pairs.formats.xml_text import XmlText, interleaved, is_attribute_value

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="xindaya" creationtoolversion="1" segtype="block" o-tmf="xindaya" \
adminlang="en" srclang="{lang}" datatype="plaintext"/>
<body>
"""
_TAIL = "</body>\n</tmx>\n"
_BATCH = 1_000
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
    """Joins plain records that share their columns into runs; the order stays."""
    run: list[Record] = []
    for item in items:
        plain = isinstance(item, Record) and _is_plain(item)
        if run and (not plain or len(run) >= _BATCH or item.extra != run[0].extra):
            yield _run_of(run)
            run = []
        if isinstance(item, Record) and plain:
            run.append(item)
        else:
            yield item
    if run:
        yield _run_of(run)


def _is_plain(record: Record) -> bool:
    return (
        record.source is not None
        and len(record.references) == 1
        and record.references.get("A") is not None
        and not (record.systems or record.document or record.domain or _is_tagged(record.extra))
    )


def _run_of(records: Sequence[Record]) -> Run:
    return Run(
        [r.id for r in records],
        [r.source or "" for r in records],
        [r.references["A"] or "" for r in records],
        records[0].extra,
    )


class _Units:
    """Renders records as units, plain ones by the hundred."""

    def __init__(self, path: Path, source_lang: str, target_lang: str) -> None:
        self._path = path
        self._xml = XmlText(path, "TMX")
        self._source_lang, self._target_lang = source_lang, target_lang
        self.without_translation = 0

    def of(self, items: Iterable[Record | Run]) -> Iterator[bytes]:
        """Yields the text of one or more units."""
        for item in items:
            yield self._run(item) if isinstance(item, Run) else self._unit(item).encode()

    def _run(self, run: Run) -> bytes:
        unit, fields, first, second = self._attributes(Record("", extra=run.extra))
        filled = interleaved(
            ('<tu tuid="', run.ids),
            (f'"{unit}>{fields}<tuv{first}><seg>', run.sources),
            (f"</seg></tuv><tuv{second}><seg>", run.targets),
            end="</seg></tuv></tu>\n",
        )
        if filled is None or not is_attribute_value("".join(run.ids)):
            # One by one: each is escaped as it needs, and an error names its segment.
            return "".join(map(self._unit, run.records())).encode()
        return filled

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
                name = "i" if kind in ("open", "close") else "x"
                out.append(_TAGS[kind].format(self._xml.attribute(name, label, segment)))
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


def _is_tagged(extra: Mapping[str, str]) -> bool:
    return bool(extra) and any(key.startswith(DISPLAY) for key in extra)

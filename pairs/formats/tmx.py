"""Reading TMX 1.4, one unit at a time, whatever the size of the file.

Of each ``<tu>`` the first ``<tuv>`` in the source language is the source; the ``<tuv>`` in the
target language are its translations: ``reference:A`` and, if there are more, B, C, …, or what a
``<prop type="x-side">`` in it says (`write_tmx` writes one). Units without both languages are
skipped and counted. Columns: ``document`` and ``domain`` from properties of these names,
``translator`` (``changeid``, else ``creationid``), ``note``, ``prop:TYPE``, and other attributes as
``tu:NAME``, ``source:NAME``, ``target:NAME``; ``lang:source`` and ``lang:target`` where the tag says
more than ``zh`` or ``en``.

Plain units (an id, two texts without tags, nothing else) are taken by the hundred with XPath, in
one call for all their texts; any other unit is walked through element by element. That is what
keeps reading nearly as fast as parsing.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from lxml import etree

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.inline import DISPLAY, UnknownInlineError, read_inline
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import TARGET, language, put
from xindaya.pairs.formats.xml import (
    CHUNK,
    Feeder,
    attributes,
    check_root,
    line_of,
    local_name,
    open_xml,
)
from xindaya.pairs.lines import MAX_SEGMENT_CHARS

SIDE = "x-side"
DOCUMENT, DOMAIN = "x-document", "x-domain"
COLUMN = "x-column:"

_DOCUMENTS = frozenset((DOCUMENT, "document", "x-filename", "filename", "file"))
_DOMAINS = frozenset((DOMAIN, "domain"))
_END = b"</tu>"

# How often each must occur in n plain units; together they leave no other way to build them.
_SHAPE = etree.XPath(
    "concat(count(*), ' ', count(tu/@*), ' ', count(tu/*[2]), ' ', count(tu/*[3]), ' ', "
    "count(tu/tuv), ' ', count(tu/tuv/@*), ' ', count(tu/tuv/*), ' ', count(tu/tuv/*[2]), ' ', "
    "count(tu/tuv/seg/node()), ' ', count(tu/tuv/seg/node()[2]))"
)
_PLAIN = "{0} {0} {0} 0 {1} {1} {1} 0 {1} 0"


def _strings(path: str) -> Callable[[etree._Element], list[str]]:
    found: Any = etree.XPath(path, smart_strings=False)
    return cast("Callable[[etree._Element], list[str]]", found)


_IDS = _strings("tu/@tuid")
_TEXTS = _strings("tu/tuv/seg/text()")
_LANGUAGES = _strings("tu/tuv/@xml:lang")

_Fields = tuple[tuple[str, str, str], ...]  # prop or note, type, text


class _Variant(NamedTuple):
    values: dict[str, str]
    fields: _Fields
    text: str
    display: str


@dataclass
class TmxReader:
    """Reads the units of a TMX file as records.

    Args:
        path: The file.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        target: What the first translation of a unit is, unless it says so itself.
        max_chars: Longest text accepted.

    Attributes:
        skipped: Units so far that lack one of the languages.
    """

    path: Path
    source_lang: str = "zh"
    target_lang: str = "en"
    target: str = TARGET
    max_chars: int = MAX_SEGMENT_CHARS
    skipped: int = 0
    ids: Ids = field(default_factory=Ids)
    _shared: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Record]:
        """Yields the records.

        Raises:
            InputError: If the file is no TMX, or a text is too long.
        """
        with open_xml(self.path) as stream:
            # The end of the body gives no event, so that its children are ours to remove.
            feeder = Feeder(self.path, ("start",), ("body",))
            body: etree._Element | None = None
            for chunk in _whole_units(stream):
                for _, element in feeder.feed(chunk):
                    check_root(self.path, element, ("tmx",))
                    body = element if body is None else body
                if body is not None and len(body) > 1:
                    # The last child may be incomplete: it stays for the next round.
                    yield from self._batch(body, len(body) - 1)
                    feeder.progress()
            feeder.close()
            if body is None:
                raise InputError(self.path, "no <body>", "TMX: a <tmx> with a <body>")
            yield from self._batch(body, len(body))

    def notes(self) -> list[str]:
        """Says what was left out or renamed."""
        notes = []
        if self.skipped:
            pair = f"{self.source_lang} and {self.target_lang}"
            notes.append(f"{self.skipped} units without both {pair}, skipped")
        if self.ids.generated:
            notes.append(f"{self.ids.generated} units without an own id, called after their place")
        return notes

    def _batch(self, body: etree._Element, count: int) -> Iterator[Record]:
        """Yields the first units, and removes them."""
        size = len(body)
        if _SHAPE(body) == _PLAIN.format(size, 2 * size):
            ids, texts, languages = _IDS(body), _TEXTS(body), _LANGUAGES(body)
            if (len(ids), len(texts), len(languages)) == (size, 2 * size, 2 * size):
                yield from self._plain(
                    zip(ids, texts[::2], texts[1::2], languages[::2], languages[1::2], strict=True),
                    count,
                )
                del body[:count]
                return
        for unit in list(body)[:count]:
            if record := self._walked(unit):
                yield record
        del body[:count]

    def _plain(
        self, units: Iterable[tuple[str, str, str, str, str]], count: int
    ) -> Iterator[Record]:
        give, longest, simple = self.ids.give, self.max_chars, self.target == TARGET
        pair: tuple[str, str] | None = None
        wanted, source_first = False, True
        extra: dict[str, str] = {}
        for tuid, first, second, a, b in itertools.islice(units, count):
            if (a, b) != pair:
                # One mapping for a whole run of units: writers notice, and memory too.
                pair = (a, b)
                wanted, source_first, extra = self._pair(a, b)
            given = give(tuid)
            if not wanted:
                self.skipped += 1
                continue
            if len(first) > longest or len(second) > longest:
                raise self._too_long(given, max(len(first), len(second)), None)
            if not source_first:
                first, second = second, first
            record = Record(given, None, first, "", "", {"A": second}, {}, extra)
            if not simple:
                record.references = {}
                put(record, self.target, second)
            yield record

    def _pair(self, a: str, b: str) -> tuple[bool, bool, dict[str, str]]:
        languages = (language(a), language(b))
        source_first = languages == (self.source_lang, self.target_lang)
        wanted = source_first or languages == (self.target_lang, self.source_lang)
        tags = (a, b) if source_first else (b, a)
        variants = [_Variant({"lang": tag}, (), "", "") for tag in tags]
        extra = self._columns({}, (), variants[0], variants[1])[2]
        # Equal columns are one object, across batches too.
        return wanted, source_first, self._shared.setdefault(tags, extra)

    def _walked(self, unit: etree._Element) -> Record | None:
        line = line_of(unit)
        if local_name(unit) != "tu":
            raise InputError(self.path, f"<{local_name(unit)}> in the body", "<tu>", line=line)
        values = attributes(unit)
        variants = [self._variant(v, line) for v in unit if local_name(v) == "tuv"]
        sources = [v for v in variants if language(v.values.get("lang", "")) == self.source_lang]
        targets = [v for v in variants if language(v.values.get("lang", "")) == self.target_lang]
        own = values.get("tuid")
        given = self.ids.give(own)
        if not sources or not targets:
            self.skipped += 1
            return None
        source = sources[0]
        document, domain, columns = self._columns(values, _fields(unit), source, targets[0])
        extra = dict(columns)
        record = Record(given, line, source.text, document, domain, {}, {}, extra)
        if source.display != source.text:
            extra[DISPLAY + "source"] = source.display
        for variant in (source, *targets):
            if len(variant.text) > self.max_chars:
                raise self._too_long(given, len(variant.text), line)
        for position, target in enumerate(targets):
            side = self._side(record, target, position)
            put(record, side, target.text)
            if target.display != target.text:
                extra[DISPLAY + side] = target.display
        return record

    def _side(self, record: Record, target: _Variant, position: int) -> str:
        said = next((text for _, kind, text in target.fields if kind == SIDE), "")
        kind, _, name = said.partition(":")
        taken = {f"reference:{n}" for n in record.references}
        taken |= {f"system:{n}" for n in record.systems}
        if kind in ("reference", "system") and name and said not in taken:
            return said
        if position == 0:
            return self.target
        letters = (f"reference:{c}" for c in string.ascii_uppercase)
        return next((s for s in letters if s not in taken), f"reference:{position}")

    def _variant(self, variant: etree._Element, line: int | None) -> _Variant:
        segment = next((s for s in variant if local_name(s) == "seg"), None)
        if segment is None:
            raise InputError(self.path, "a <tuv> without <seg>", "a <seg> in each", line=line)
        try:
            text, display = read_inline(segment)
        except UnknownInlineError as error:
            raise InputError(
                self.path, f"{preview(str(error))} in a <seg>", "TMX inline tags", line=line
            ) from error
        values = attributes(variant)
        return _Variant(values, _fields(variant), text, display)

    def _columns(
        self, unit: dict[str, str], fields: _Fields, source: _Variant, target: _Variant
    ) -> tuple[str, str, dict[str, str]]:
        extra: dict[str, str] = {}
        own = {
            "tu": {k: v for k, v in unit.items() if k != "tuid"},
            "source": dict(source.values),
            "target": dict(target.values),
        }
        for side, plain in (("source", self.source_lang), ("target", self.target_lang)):
            tag = own[side].pop("lang", plain)
            if tag != plain:
                extra[f"lang:{side}"] = tag
        for level in ("target", "tu"):
            names = [n for n in ("changeid", "creationid") if own[level].get(n)]
            if names and "translator" not in extra:
                extra["translator"] = own[level].pop(names[0])
        for level, values in own.items():
            extra |= {f"{level}:{name}": value for name, value in values.items()}
        document = domain = ""
        levels = ("", fields), ("source-", source.fields), ("target-", target.fields)
        for prefix, entries in levels:
            for kind, name, text in entries:
                if name.lower() in _DOCUMENTS and not document:
                    document = text
                elif name.lower() in _DOMAINS and not domain:
                    domain = text
                elif name.startswith(COLUMN):
                    _add(extra, name.removeprefix(COLUMN), text)
                elif name != SIDE:
                    _add(extra, prefix + (f"prop:{name}" if kind == "prop" else "note"), text)
        return document, domain, {k: v for k, v in extra.items() if v}

    def _too_long(self, segment: str, size: int, line: int | None) -> InputError:
        return InputError(
            self.path,
            f"a text of {size:,} characters in unit {preview(segment)}",
            f"at most {self.max_chars:,}",
            line=line,
            hint="raise --max-segment-chars if such segments are meant",
        )


def _whole_units(stream: IO[bytes]) -> Iterator[bytes]:
    """Cuts a file where units end, if it can: a batch without a part of a unit is a plain one."""
    rest = b""
    while chunk := stream.read(CHUNK):
        cut = chunk.rfind(_END) + len(_END)
        if cut >= len(_END):
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            yield rest + chunk
            rest = b""
    yield rest


def read_tmx(
    path: str | Path,
    *,
    source_lang: str = "zh",
    target_lang: str = "en",
    target: str = TARGET,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from TMX; what was left out is added to `notes`.

    Raises:
        InputError: If the file is no TMX.
        NothingToEvaluateError: If it has no unit in both languages.
    """
    path = Path(path)
    reader = TmxReader(path, source_lang, target_lang, target, max_chars)
    records = list(reader)
    if notes is not None:
        notes += reader.notes()
    return build_corpus(
        path, records, name=path.stem, source_lang=source_lang, target_lang=target_lang
    )


def _fields(element: etree._Element) -> _Fields:
    return tuple(
        (local_name(child), child.get("type", ""), child.text or "")
        for child in element
        if local_name(child) in ("prop", "note")
    )


def _add(extra: dict[str, str], name: str, text: str) -> None:
    number, key = 2, name
    while key in extra:
        key, number = f"{name}#{number}", number + 1
    extra[key] = text

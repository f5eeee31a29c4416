"""Reading TMX 1.4, one unit at a time, whatever the size of the file.

Of each ``<tu>`` the first ``<tuv>`` in the source language is the source; the ``<tuv>`` in the
target language are its translations: ``reference:A`` and, if there are more, B, C, …, or what a
``<prop type="x-side">`` in it says (`write_tmx` writes one). Units without both languages are
skipped and counted. Columns: ``document`` and ``domain`` from properties of these names,
``translator`` (``changeid``, else ``creationid``), ``note``, ``prop:TYPE``, and other attributes as
``tu:NAME``, ``source:NAME``, ``target:NAME``; ``lang:source`` and ``lang:target`` where the tag says
more than ``zh`` or ``en``.

Plain units (an id, two texts without tags, nothing else) are taken by the hundred with XPath, as
columns; any other unit is walked through element by element. That is what keeps reading nearly as
fast as parsing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from lxml import etree

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import DEFAULT, Direction, language, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.inline import DISPLAY, UnknownInlineError, read_inline
from xindaya.pairs.formats.records import Record, Run, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.xml import (
    CHUNK,
    Feeder,
    attributes,
    check_root,
    iter_elements,
    line_of,
    local_name,
    open_xml,
)
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted, lettered

SIDE = "x-side"
DOCUMENT, DOMAIN = "x-document", "x-domain"
COLUMN = "x-column:"

_DOCUMENTS = frozenset((DOCUMENT, "document", "x-filename", "filename", "file"))
_DOMAINS = frozenset((DOMAIN, "domain"))
_END = b"</tu>"
_FIRST = 1 << 12  # bytes read first: with the header in them, their units are walked


def _strings(path: str) -> Callable[[etree._Element], list[str]]:
    found: Any = etree.XPath(path, smart_strings=False)
    return cast("Callable[[etree._Element], list[str]]", found)


_IDS = _strings("tu/@tuid")
_LANGUAGES = (_strings("tu/tuv[1]/@xml:lang"), _strings("tu/tuv[2]/@xml:lang"))
_CONTENTS = _strings("tu/tuv/seg[1]/node()")
_ATTRIBUTES = etree.XPath("count(tu/@*) + count(tu/tuv/@*)")
_PLAIN_TAGS = 10  # <tu>, two <tuv>, two <seg>, and their ends

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
        source_lang: ``zh`` or ``en``; None for what the data says (`xindaya.pairs.direction`).
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
        for item in self.batches():
            if isinstance(item, Run):
                yield from item.records()
            else:
                yield item

    def batches(self) -> Iterator[Run | Record]:
        """Yields the records, plain ones as runs.

        Raises:
            InputError: As iterating does.
        """
        with open_xml(self.path) as stream:
            # The end of the body gives no event, so that its children are ours to remove.
            feeder = Feeder(self.path, ("start",), ("body",))
            body: etree._Element | None = None
            whole = False  # True where the parser stands between two units
            for chunk in _whole_units(stream):
                left = 0 if body is None else len(body)
                for _, element in feeder.feed(chunk):
                    check_root(self.path, element, ("tmx",))
                    body = element if body is None else body
                if body is not None and len(body) > left:
                    # The last child of the round before is complete now; the last of this one may
                    # not be, unless the batch is proven plain.
                    yield from self._walk(body, left)
                    run = None
                    if whole and chunk.endswith(_END) and self.target == TARGET:
                        run = self._run(body, feeder)
                    if run is not None:
                        yield run
                    else:
                        yield from self._walk(body, len(body) - 1)
                        # In a comment or in CDATA the end of a unit is none.
                        whole = chunk.endswith(_END) and b"<!" not in chunk.rpartition(b"<body")[2]
                    feeder.progress()
                else:
                    whole = False
            feeder.close()
            if body is None:
                raise InputError(self.path, "no <body>", "TMX: a <tmx> with a <body>")
            yield from self._walk(body, len(body))

    def notes(self) -> list[str]:
        """Says what was left out or renamed."""
        notes = []
        if self.skipped:
            pair = f"{self.source_lang} and {self.target_lang}"
            notes.append(f"{counted(self.skipped, 'unit')} without both {pair}, skipped")
        if self.ids.generated:
            notes.append(
                f"{counted(self.ids.generated, 'unit')} without an own id, called after their place"
            )
        return notes

    def _walk(self, body: etree._Element, count: int) -> Iterator[Record]:
        """Yields the first units, and removes them."""
        for unit in list(itertools.islice(body, count)):
            if record := self._walked(unit):
                yield record
        del body[:count]

    def _run(self, body: etree._Element, feeder: Feeder) -> Run | None:
        """Takes all units if each is (an id and) two texts in one and the same pair of languages.

        The bytes begin and end between units. Every node found below needs its two tags, and there
        are exactly as many in the bytes: so there is nothing else.
        """
        size = len(body)
        if feeder.tags != _PLAIN_TAGS * size:
            return None
        ids, first, second = _IDS(body), *(of(body) for of in _LANGUAGES)
        if not len(first) == len(second) == size or len(ids) not in (0, size):
            return None
        # A "=" may stand in a text, too: then the attributes are counted.
        expected = len(ids) + 2 * size
        if feeder.equals != expected and _ATTRIBUTES(body) != expected:
            return None
        texts = _CONTENTS(body)
        if len(texts) != 2 * size or set(map(type, texts)) != {str}:
            return None
        if len(set(first)) > 1 or len(set(second)) > 1:
            return None
        wanted, source_first, extra = self._pair(first[0], second[0])
        if not wanted or max(map(len, texts)) > self.max_chars:
            return None
        del body[:]
        sides = (texts[::2], texts[1::2]) if source_first else (texts[1::2], texts[::2])
        return Run(self.ids.give_all(ids or [""] * size), *sides, extra)

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
        letters = (f"reference:{lettered(n)}" for n in itertools.count())
        return next(s for s in letters if s not in taken)

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


def direction_of_tmx(path: Path, source_lang: str | None, target_lang: str | None) -> Direction:
    """Returns what is stated, else what ``srclang`` says in the header or the first unit.

    A memory may be read either way, so that what is stated contradicts nothing.

    Raises:
        InputError: If the file is no TMX.
    """
    if given := stated(source_lang, target_lang):
        return given
    with open_xml(path) as stream:
        for element in iter_elements(path, stream, ("header", "tu"), roots=("tmx",)):
            if found := said(element.get("srclang"), None, "as its srclang says"):
                return found
            if local_name(element) == "tu":
                break
    return DEFAULT


def _whole_units(stream: IO[bytes]) -> Iterator[bytes]:
    """Cuts a file where units end, if it can: a batch without a part of a unit may be a plain one."""
    rest, size = b"", min(_FIRST, CHUNK)
    while chunk := stream.read(size):
        cut = chunk.rfind(_END) + len(_END)
        if cut >= len(_END):
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            yield rest + chunk
            rest = b""
        size = CHUNK
    yield rest


def read_tmx(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
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
    direction = direction_of_tmx(path, source_lang, target_lang)
    reader = TmxReader(path, direction.source, direction.target, target, max_chars)
    records = list(reader)
    if notes is not None:
        notes += reader.notes()
    return build_corpus(path, records, name=plain_name(path).stem, direction=direction, notes=notes)


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

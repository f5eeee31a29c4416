"""Reading TMX 1.4, one unit at a time, whatever the size of the file.

Of each ``<tu>`` one ``<tuv>`` in the source language is the source; the ``<tuv>`` in the target
language are its translations. If a unit of the file has them in two variants (``zh-CN`` and
``zh-TW``), each is named by its tag, ``reference:zh-TW``, in all units; stating a variant chooses
one. Otherwise they are ``reference:A`` and, if there are more, B, C, …. What a
``<prop type="x-side">`` says goes before (`write_tmx` writes one).

Columns: ``document`` and ``domain`` from properties of these names, ``translator`` (``changeid``,
else ``creationid``), ``note``, ``prop:TYPE``, and other attributes as ``tu:NAME``, ``source:NAME``,
``target:NAME``, of a further translation ``target:B:NAME``; ``lang:source`` and ``lang:target`` where
the tag says more than ``zh`` or ``en``. Other languages, the header and units without both languages
are left out by name.

Plain units (an id, two texts without tags, nothing else) are taken by the hundred with XPath, as
columns; any other unit is walked through element by element. That is what keeps reading nearly as
fast as parsing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import (
    DEFAULT,
    Direction,
    canonical,
    is_variant,
    language,
    said,
    stated,
    variant,
)
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import Ids
from xindaya.pairs.formats.inline import (
    Content,
    UnknownInlineError,
    add_columns,
    is_tags_alone,
    read_inline,
    sub_flows,
)
from xindaya.pairs.formats.records import Record, Run, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.tmx_columns import Columns, Fields, fields_of, side_of
from xindaya.pairs.formats.xml import (
    CHUNK,
    Feeder,
    attributes,
    check_root,
    iter_elements,
    line_of,
    local_name,
    open_xml,
    texts_within,
)
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted, lettered

_END = b"</tu>"
_FIRST = 1 << 12  # bytes read first: with the header in them, their units are walked


def _strings(path: str) -> Callable[[etree._Element], list[str]]:
    found: Any = etree.XPath(path, smart_strings=False)
    return cast("Callable[[etree._Element], list[str]]", found)


_IDS = _strings("tu/@tuid")
_LANGUAGES = (_strings("tu/tuv[1]/@xml:lang"), _strings("tu/tuv[2]/@xml:lang"))
_CONTENTS = _strings("tu/tuv/seg[1]/node()")
_ATTRIBUTES = etree.XPath("count(tu/@*) + count(tu/tuv/@*)")
_BETWEEN = etree.XPath("boolean((text() | tu/text() | tu/tuv/text())[normalize-space()])")
_PLAIN_TAGS = 10  # <tu>, two <tuv>, two <seg>, and their ends
_TAG = re.compile(rb"""lang\s*=\s*["']([^"'<>]{0,60})["']""")


class _Variant(NamedTuple):
    values: dict[str, str]
    fields: Fields
    content: Content
    element: etree._Element | None = None
    again: Sequence[str] = ()  # texts of further <seg>

    @property
    def tag(self) -> str:
        return self.values.get("lang", "")


@dataclass
class TmxReader:
    """Reads the units of a TMX file as records.

    Args:
        path: The file.
        source_lang: A tag of Chinese or English; one with a variant chooses it.
        target_lang: One of the other language.
        target: What the first translation of a unit is, unless it says so itself.
        max_chars: Longest text accepted.

    Attributes:
        left_out: What is no part of a record, so far.
    """

    path: Path
    source_lang: str = "zh"
    target_lang: str = "en"
    target: str = TARGET
    max_chars: int = MAX_SEGMENT_CHARS
    left_out: list[LeftOut] = field(default_factory=list)
    ids: Ids = field(default_factory=Ids)
    _shared: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    _by_tag: bool = False
    _source_tag: str = ""

    def __post_init__(self) -> None:
        self._languages = language(self.source_lang), language(self.target_lang)

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
        self._by_tag = _has_variants(self.path, self.target_lang)
        with open_xml(self.path) as stream:
            # The end of the body gives no event, so that its children are ours to remove.
            feeder = Feeder(self.path, ("start",), ("body",))
            body: etree._Element | None = None
            whole = False  # True where the parser stands between two units
            for chunk in _whole_units(stream):
                left = 0 if body is None else len(body)
                for _, element in feeder.feed(chunk):
                    check_root(self.path, element, ("tmx",))
                    if body is None:
                        body = element
                        self._look_at(body)
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
        """Says which units had to be named."""
        if not self.ids.generated:
            return []
        return [
            f"{counted(self.ids.generated, 'unit')} without an own id, called after their place"
        ]

    def _look_at(self, body: etree._Element) -> None:
        """Leaves out, by name, what stands before the units."""
        for element in body.itersiblings(preceding=True):
            if texts := texts_within(element):
                place = f"line {line_of(element)}"
                self.left_out.append(LeftOut(place, "texts in the header", "\n".join(texts)))

    def _leave(self, unit: str, reason: str, element: etree._Element | None) -> None:
        texts = [] if element is None else texts_within(element)
        self.left_out.append(LeftOut(f"unit {unit}", reason, "\n".join(texts)))

    def _walk(self, body: etree._Element, count: int) -> Iterator[Record]:
        """Yields the first units, and removes them."""
        between = _BETWEEN(body)
        if body.text and not body.text.isspace():
            self._stray_text(body, [body.text])
            body.text = None
        for unit in list(itertools.islice(body, count)):
            if between:
                self._stray(unit)
            yield from self._walked(unit)
        del body[:count]

    def _stray(self, unit: etree._Element) -> None:
        """Leaves out, by name, text where TMX has none."""
        texts = [unit.tail, unit.text]
        for child in unit:
            texts.append(child.tail)
            if local_name(child) == "tuv":
                texts += [child.text, *(c.tail for c in child)]
        self._stray_text(unit, texts)

    def _stray_text(self, element: etree._Element, texts: list[str | None]) -> None:
        if text := "".join(t for t in texts if t and not t.isspace()):
            place = f"line {line_of(element)}"
            self.left_out.append(LeftOut(place, "texts between elements", text))

    def _run(self, body: etree._Element, feeder: Feeder) -> Run | None:
        """Takes all units if each is (an id and) two texts in one and the same pair of languages.

        The bytes begin and end between units. Every node found below needs its two tags, and there
        are exactly as many in the bytes: so there is nothing else.
        """
        size = len(body)
        if feeder.tags != _PLAIN_TAGS * size or self._by_tag:
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
        if not wanted or max(map(len, texts)) > self.max_chars or _BETWEEN(body):
            return None
        del body[:]
        sides = (texts[::2], texts[1::2]) if source_first else (texts[1::2], texts[::2])
        return Run(self.ids.give_all(ids or [""] * size), *sides, extra)

    def _pair(self, a: str, b: str) -> tuple[bool, bool, dict[str, str]]:
        source_first = (language(a), language(b)) == self._languages
        tags = (a, b) if source_first else (b, a)
        wanted = all(
            is_variant(tag, want, sure=False)
            for tag, want in zip(tags, (self.source_lang, self.target_lang), strict=True)
        )
        source, target = (_Variant({"lang": tag}, [], Content("", "")) for tag in tags)
        extra = self._columns({}, [], source, [(TARGET, target)])[2]
        # Equal columns are one object, across batches too.
        return wanted, source_first, self._shared.setdefault(tags, extra)

    def _walked(self, unit: etree._Element) -> Iterator[Record]:
        line = line_of(unit)
        if local_name(unit) != "tu":
            raise InputError(self.path, f"<{local_name(unit)}> in the body", "<tu>", line=line)
        values, fields = attributes(unit), fields_of(unit)
        variants = [self._variant(v, line) for v in unit if local_name(v) == "tuv"]
        given = self.ids.give(values.get("tuid"))
        sources = self._chosen(variants, self.source_lang)
        targets = self._chosen(variants, self.target_lang)
        if not sources or not targets:
            self._leave(
                given, f"units without both {self.source_lang} and {self.target_lang}", unit
            )
            return
        source = self._source(sources)
        if len(variants) > 1 + len(targets):
            self._leave_others(given, variants, [source, *targets])
        if is_tags_alone(source.content, *(t.content for t in targets)):
            self._leave(given, "units of tags alone", unit)
            return
        if again := [text for v in (source, *targets) for text in v.again]:
            text = "\n".join(again)
            self.left_out.append(LeftOut(f"unit {given}", "second texts of a variant", text))
        sides = list(zip(self._sides(targets), targets, strict=True))
        document, domain, extra = self._columns(values, fields, source, sides)
        contents = {side: target.content for side, target in sides}
        yield from self._records(given, line, document, domain, source.content, contents, extra)

    def _records(
        self,
        given: str,
        line: int | None,
        document: str,
        domain: str,
        source: Content,
        targets: dict[str, Content],
        extra: dict[str, str],
    ) -> Iterator[Record]:
        """Yields a segment, and its sub-flows after it."""
        languages = {k: v for k, v in extra.items() if k.startswith("lang:")} if source.subs else {}
        record = Record(given, line, source.text, document, domain, {}, {}, extra)
        add_columns(extra, "source", source)
        for side, content in targets.items():
            put(record, side, content.text)
            add_columns(extra, side, content)
        for content in (source, *targets.values()):
            if len(content.text) > self.max_chars:
                raise self._too_long(given, len(content.text), line)
        yield record
        pairs, alone = sub_flows(source, targets)
        for number, (sub, others) in enumerate(pairs, 1):
            own = self.ids.part(f"{given}.sub{number}")
            yield from self._records(own, line, document, domain, sub, others, dict(languages))
        for text in alone:
            self.left_out.append(LeftOut(f"unit {given}", "sub-flows of the target alone", text))

    def _chosen(self, variants: list[_Variant], wanted: str) -> list[_Variant]:
        """Returns the texts in a language and variant; else those that may be in it."""
        own = [v for v in variants if is_variant(v.tag, wanted)]
        return own or [v for v in variants if is_variant(v.tag, wanted, sure=False)]

    def _source(self, sources: list[_Variant]) -> _Variant:
        """Returns the source: in the variant of the units before, if a unit has several."""
        source = next((s for s in sources if s.tag == self._source_tag), sources[0])
        self._source_tag = self._source_tag or source.tag
        return source

    def _leave_others(self, given: str, variants: list[_Variant], taken: list[_Variant]) -> None:
        for other in variants:
            if any(other is t for t in taken):
                continue
            ours = language(other.tag) in self._languages
            reason = (
                f"texts in another variant, {other.tag}" if ours else "texts in other languages"
            )
            self._leave(given, reason, other.element)

    def _sides(self, targets: list[_Variant]) -> list[str]:
        """Returns what each translation of a unit is: as it says itself, else by tag or position."""
        sides: list[str] = []
        for position, target in enumerate(targets):
            said = side_of(target.fields)
            if not said or said in sides:
                said = next(s for s in self._names(target, position) if s not in sides)
            sides.append(said)
        return sides

    def _names(self, target: _Variant, position: int) -> Iterator[str]:
        """Yields what a translation that does not say it itself may be called."""
        if self._by_tag:
            name = f"{self.target.partition(':')[0]}:{canonical(target.tag)}"
            yield name
            yield from (f"{name}#{n}" for n in itertools.count(2))
        if not position:
            yield self.target
        yield from (f"reference:{lettered(n)}" for n in itertools.count())

    def _variant(self, element: etree._Element, line: int | None) -> _Variant:
        content, fields, again = None, [], list[str]()
        for child in element:
            name = local_name(child)
            if name == "seg" and content is None:
                content = self._content(child, line)
            elif name == "seg":
                again += texts_within(child)
            elif name in ("prop", "note"):
                fields.append((name, child.get("type", ""), child.text or ""))
        if content is None:
            raise InputError(self.path, "a <tuv> without <seg>", "a <seg> in each", line=line)
        return _Variant(attributes(element), fields, content, element, again)

    def _content(self, segment: etree._Element, line: int | None) -> Content:
        try:
            return read_inline(segment)
        except UnknownInlineError as error:
            raise InputError(
                self.path, f"{preview(str(error))} in a <seg>", "TMX inline tags", line=line
            ) from error

    def _columns(
        self,
        unit: dict[str, str],
        fields: Fields,
        source: _Variant,
        targets: Sequence[tuple[str, _Variant]],
    ) -> tuple[str, str, dict[str, str]]:
        """Returns document, domain and the other columns of a unit."""
        columns = Columns()
        levels = [("source", source)]
        plain, first = self._languages
        if source.tag and source.tag != plain:
            columns.extra["lang:source"] = source.tag
        for side, target in targets:
            name = side.partition(":")[2]
            level = f"target:{name}" if len(levels) > 1 else "target"
            levels.append((level, target))
            if target.tag and target.tag not in (first, name):
                columns.extra[f"lang:{level}"] = target.tag
            first = first if len(levels) > 2 else target.tag or first
        columns.translator(targets[0][1].values, unit)
        columns.attributes("tu", unit)
        columns.fields("", fields)
        for level, text in levels:
            columns.attributes(level, text.values)
            columns.fields(level.replace(":", "-") + "-", text.fields)
        return columns.document, columns.domain, columns.extra

    def _too_long(self, segment: str, size: int, line: int | None) -> InputError:
        found = f"a text of {size:,} characters in unit {preview(segment)}"
        hint = "raise --max-segment-chars if such segments are meant"
        return InputError(self.path, found, f"at most {self.max_chars:,}", line=line, hint=hint)


def _has_variants(path: Path, wanted: str) -> bool:
    """True if a unit has texts in two variants of a language, and no one variant is wanted."""
    if any(variant(wanted)):
        return False
    tags: set[bytes] = set()
    with open_xml(path) as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            tags.update(_TAG.findall(rest + chunk))
            rest = chunk[-100:]
        ours = {tag for tag in tags if language(tag.decode("latin-1")) == language(wanted)}
        if len(ours) == 1:
            return False
        stream.seek(0)
        for unit in iter_elements(path, stream, ("tu",)):
            variants = [v for v in unit if local_name(v) == "tuv" and not side_of(fields_of(v))]
            found = {canonical(attributes(v).get("lang", "")) for v in variants}
            if len([tag for tag in found if language(tag) == language(wanted)]) > 1:
                return True
    return False


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
    """Reads a corpus from TMX; which units had to be named is added to `notes`.

    Raises:
        InputError: If the file is no TMX.
        NothingToEvaluateError: If it has no unit in both languages.
    """
    path = Path(path)
    direction = direction_of_tmx(path, source_lang, target_lang)
    reader = TmxReader(path, *direction.tags, target, max_chars)
    records = list(reader)
    if notes is not None:
        notes += reader.notes()
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=direction, notes=notes,
        left_out=reader.left_out,
    )  # fmt: skip

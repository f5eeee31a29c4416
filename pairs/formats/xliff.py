"""Reading XLIFF 1.2 and 2.x, and what CAT tools make of 1.2: SDLXLIFF, MQXLIFF and MXLIFF.

A segment is a ``<trans-unit>`` (1.2), a ``<mrk mtype="seg">`` in its ``<seg-source>`` (1.2,
SDLXLIFF) or a ``<segment>`` of a ``<unit>`` (2.x). Marks are joined by ``mid``, repeated ones in
order, and by order alone where one has none; where only the source is segmented, the unit is one
segment. Its document is the ``original`` of its file. Its id is the unit's (``u17`` by place, if it
has none), ``UNIT.MRK`` where a unit has several segments, and the number Trados shows in SDLXLIFF;
if ids repeat between files, ``DOCUMENT/ID``, and in one file ``ID#2``. A segment without ``<target>``
has no translation; an empty one is an empty translation.

Columns: every attribute of the unit, its target and its segment (``state``, ``match``, ``locked``,
``translator``, … by one name for all tools), ``note``, ``comment``, ``alt-trans`` and what else a
unit holds, on its first segment; ``lang:source`` and ``lang:target`` where the tag says more than
``zh`` or ``en``. What is neither is left out by name, an embedded file too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, first_duplicate
from xindaya.pairs.direction import DEFAULT, Direction, is_variant, language, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.ids import distinct
from xindaya.pairs.formats.inline import (
    Content,
    Surroundings,
    UnknownInlineError,
    add_columns,
    is_tags_alone,
    native_codes,
    read_inline,
    sub_flows,
)
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.xliff_outside import DEFINITIONS, Outside, left_out
from xindaya.pairs.formats.xml import (
    attributes,
    iter_elements,
    line_of,
    local_name,
    open_xml,
    texts_within,
    unescaped,
)
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import counted

_UNITS = ("trans-unit", "unit")
_TRANSLATORS = (
    "lastchanginguser",
    "lastchangeduser",
    "last_modified_by",
    "modified-by",
    "created_by",
    "created-by",
    "translator",
)
_COLUMNS = {
    "conf": "state", "match-quality": "match", "percent": "match", "status": "state",
    "subState": "substate",
}  # fmt: skip
_SAID = frozenset((  # otherwise, or they say nothing
    "id", "lang", "mid", "space", "translate", "canResegment", "source-language", "target-language",
))  # fmt: skip
_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))
_TAKEN = frozenset((
    "source", "seg-source", "target", "seg-defs", "segment", "ignorable",
    "originalData", "tunit-metadata",  # the codes of tags
))  # fmt: skip
_PLURALS = {"notes": "note", "comments": "comment"}
_Mark = tuple[object, int]
_Around = tuple[Surroundings, Surroundings]  # of source and target


class _Reader:
    def __init__(
        self, path: Path, direction: Direction | None, target: str, max_chars: int
    ) -> None:
        self.path, self._target, self._max_chars = path, target, max_chars
        self._stated = self.direction = direction
        self.left_out: list[LeftOut] = []
        self._codes: set[str] = set()
        self.renamed: list[str] = []
        self._file: etree._Element | None = None
        self._files: list[str] = []
        self._place: dict[int, int] = {}  # of a record, its file
        self._unnamed: list[tuple[Record, int, str]] = []
        self._outside = Outside(path)
        self.elsewhere: tuple[str, str, str] | None = None

    def records(self) -> list[Record]:
        """Returns the segments of all files, with ids that tell them apart."""
        records = list(self._read())
        self._name(records)
        comments = (r.extra["comment"] for r in records if "comment" in r.extra)
        self.left_out += [*self._outside.left_out(comments), *native_codes(self._codes)]
        return records

    def _read(self) -> Iterator[Record]:
        wanted = (*_UNITS, *DEFINITIONS)
        number = 0
        with open_xml(self.path) as stream:
            for element in iter_elements(
                self.path, stream, wanted, roots=("xliff",), between=self._outside.between
            ):
                name = local_name(element)
                if name in _UNITS:
                    number += 1
                    yield from self._unit(element, name, number)
                else:
                    self._outside.define(element)

    def _unit(self, unit: etree._Element, name: str, number: int) -> Iterator[Record]:
        file = next((a for a in unit.iterancestors() if local_name(a) == "file"), None)
        values = {} if file is None else attributes(file)
        document = values.get("original") or values.get("id", "")
        if file is not self._file or not self._files:
            self._file = file
            self._files.append(document)
        above = [attributes(a) for a in unit.iterancestors()]
        tags = self._languages(unit, [attributes(unit), *above])
        own = unescaped(str(unit.get("id", ""))) if name == "unit" else str(unit.get("id", ""))
        if self._is_elsewhere(tags):
            reason = f"units in another variant, {' to '.join(filter(None, tags))}"
            self.left_out.append(left_out(unit, own, reason))
            return
        if any(a.get("translate") == "no" for a in (attributes(unit), *above)):
            self._outside.lock(unit, own)
            return
        around = self._outside.around(unit)
        beside = self._beside(unit, around[0])
        read = self._segments if name == "trans-unit" else self._parts
        for record in read(unit, own, document, around):
            extra = dict(record.extra)
            for key, text in beside.items():
                _append(extra, key, text)
            beside = {}
            self._tag(extra, tags)
            record.extra = extra
            self._place[id(record)] = len(self._files) - 1
            if not own:
                self._unnamed.append((record, number, record.id))
            yield record
        if beside:
            text = "\n".join(beside.values())
            self.left_out.append(LeftOut(f"unit {own}", "notes of units without a segment", text))

    def _tag(self, extra: dict[str, str], tags: tuple[str, str]) -> None:
        wanted = self.direction or DEFAULT
        sides = zip(("source", "target"), tags, (wanted.source, wanted.target), strict=True)
        for side, tag, plain in sides:
            if tag and tag != plain:
                extra.setdefault(f"lang:{side}", tag)

    def _languages(self, unit: etree._Element, above: list[dict[str, str]]) -> tuple[str, str]:
        """Returns the tags of a unit's source and target, once they are known to be ours."""
        names = (("source-language", "srcLang"), ("target-language", "trgLang"))
        tags = [next((a[n] for a in above for n in side if a.get(n)), "") for side in names]
        target = next((c for c in unit if local_name(c) == "target"), None)
        if target is not None:
            tags[1] = attributes(target).get("lang") or tags[1]
        if self.direction is None:
            self.direction = said(tags[0], tags[1], "as its first file says")
        wanted = self.direction or DEFAULT
        for side, tag, expected in zip(names, tags, (wanted.source, wanted.target), strict=True):
            if tag and language(tag) != expected:
                by = f", {wanted.by}" if self.direction else ""
                raise InputError(
                    self.path, f"{side[0]} {tag!r}", f"{expected!r}{by}", line=line_of(unit),
                    hint="name the languages of the file with -sl and -tl",
                )  # fmt: skip
        return tags[0], tags[1]

    def _is_elsewhere(self, tags: tuple[str, str]) -> bool:
        """True if a variant is stated and the file is in another."""
        wanted = self._stated.tags if self._stated else ("", "")
        names = "source-language", "target-language"
        for name, tag, want in zip(names, tags, wanted, strict=True):
            if tag and want and not is_variant(tag, want, sure=False):
                self.elsewhere = name, tag, want
                return True
        return False

    def _segments(
        self, unit: etree._Element, own: str, document: str, around: _Around
    ) -> Iterator[Record]:
        """XLIFF 1.2: the whole unit, or its marked segments."""
        parts = {local_name(c): c for c in reversed(unit) if isinstance(c.tag, str)}
        if "source" not in parts:
            raise InputError(self.path, "a unit without <source>", "one", line=line_of(unit))
        target, segmented = parts.get("target"), parts.get("seg-source", parts["source"])
        marked = _marked(segmented)
        shared = _columns(attributes(unit))
        shared |= _columns({} if target is None else attributes(target))
        translated = _marked(target)
        pairs: list[tuple[str, etree._Element, etree._Element | None]]
        if not marked or (len(marked) > 1 and not translated and _outside(target).strip()):
            pairs = [("", parts["source"], target)]
        elif not translated and _outside(target).strip():
            pairs = [(_mid(marked[0]), marked[0], target)]
        else:
            pairs = self._joined(unit, marked, translated)
            for side, element in (("source", segmented), ("target", target)):
                if (text := _outside(element)).strip():
                    place = f"unit {own}, {side}"
                    self.left_out.append(LeftOut(place, "texts outside the marked segments", text))
        trados = _trados_columns(parts.get("seg-defs"))
        mids = [mid for mid, *_ in pairs]
        by_mid = all(mids) and len(set(mids)) == len(mids)
        for number, (mid, source, translation) in enumerate(pairs, 1):
            columns = shared | _columns(trados.get(mid, {}))
            identifier = f"{own}.{mid if by_mid else number}" if len(pairs) > 1 else own
            if mid in trados and by_mid:
                identifier = mid
            yield from self._read_pair(identifier, document, source, translation, columns, around)

    def _joined(
        self, unit: etree._Element, marked: list[etree._Element], translated: list[etree._Element]
    ) -> list[tuple[str, etree._Element, etree._Element | None]]:
        """Joins the marks of both languages; those of the target alone are left out."""
        named = all(map(_mid, marked)) and all(map(_mid, translated))
        targets = _keyed(translated, named=named)
        pairs = [
            (_mid(source), source, targets.pop(key, None))
            for key, source in _keyed(marked, named=named).items()
        ]
        for mark in targets.values():
            text = "".join(map(str, mark.itertext()))
            if text.strip():
                place = f"unit {unit.get('id', '')}, mark {_mid(mark)}"
                reason = "target segments without a source segment"
                self.left_out.append(LeftOut(place, reason, text))
        return pairs

    def _parts(
        self, unit: etree._Element, own: str, document: str, around: _Around
    ) -> Iterator[Record]:
        """XLIFF 2: the segments of a unit."""
        segments = [s for s in unit if local_name(s) == "segment"]
        for part in unit:
            text = "".join(map(str, part.itertext())) if local_name(part) == "ignorable" else ""
            if text.strip():
                self.left_out.append(LeftOut(f"unit {own}", "texts said to be ignorable", text))
        self._codes.update(around[0].codes.values())
        shared = _columns(attributes(unit))
        names = [str(s.get("id") or place) for place, s in enumerate(segments, 1)]
        by_name = len(set(names)) == len(names)
        for place, segment in enumerate(segments, 1):
            parts = {local_name(c): c for c in segment if isinstance(c.tag, str)}
            if "source" not in parts:
                raise InputError(self.path, "a segment without <source>", "one", line=line_of(unit))
            name = names[place - 1] if by_name else place
            identifier = f"{own}.{name}" if len(segments) > 1 else own
            columns = shared | _columns(attributes(segment))
            yield from self._read_pair(
                identifier, document, parts["source"], parts.get("target"), columns, around
            )

    def _read_pair(
        self,
        identifier: str,
        document: str,
        source: etree._Element,
        target: etree._Element | None,
        extra: dict[str, str],
        around: _Around,
    ) -> Iterator[Record]:
        line = line_of(source)
        texts = self._content(source, line, around[0])
        translation = None if target is None else self._content(target, line, around[1])
        self._codes.update(texts.codes, translation.codes if translation else ())
        yield from self._paired(identifier, document, line, texts, translation, extra)

    def _paired(
        self,
        identifier: str,
        document: str,
        line: int | None,
        source: Content,
        target: Content | None,
        extra: dict[str, str],
    ) -> Iterator[Record]:
        """Yields a segment, and its sub-flows after it."""
        if is_tags_alone(source, target):
            text = source.deleted + (target.deleted if target else "")
            self.left_out.append(LeftOut(f"unit {identifier}", "units of tags alone", text))
            return
        record = Record(identifier, line, source.text, document, extra=extra)
        add_columns(extra, "source", source)
        put(record, self._target, None if target is None else target.text)
        if target is not None:
            add_columns(extra, self._target, target)
        comments = source.comments + (target.comments if target else ())
        if authors := "\n".join(filter(None, (self._outside.authors.get(c) for c in comments))):
            extra["commented-by"] = authors
        yield record
        pairs, alone = sub_flows(source, {} if target is None else {self._target: target})
        for number, (sub, others) in enumerate(pairs, 1):
            own, other = f"{identifier}.sub{number}", others.get(self._target)
            yield from self._paired(own, document, line, sub, other, {})
        why = "sub-flows of the target alone"
        self.left_out += [LeftOut(f"unit {identifier}", why, text) for text in alone]

    def _content(self, element: etree._Element, line: int | None, around: Surroundings) -> Content:
        try:
            content = read_inline(element, around)
        except UnknownInlineError as error:
            raise InputError(
                self.path, f"{preview(str(error))} in a text", "XLIFF inline tags", line=line
            ) from error
        if len(content.text) > self._max_chars:
            raise InputError(
                self.path, f"a text of {len(content.text):,} characters",
                f"at most {self._max_chars:,}", line=line,
                hint="raise --max-segment-chars if such segments are meant",
            )  # fmt: skip
        return content

    def _beside(self, unit: etree._Element, around: Surroundings) -> dict[str, str]:
        """Returns what a unit holds beside its texts: notes, other translations, metadata."""
        extra: dict[str, str] = {}
        for child in unit:
            name = local_name(child)
            if name in _TAKEN or not isinstance(child.tag, str):
                continue
            if name == "alt-trans":
                self._alternative(extra, child, around)
            elif name == "matches":
                for match in child:
                    self._alternative(extra, match, around)
            else:
                _append(extra, _PLURALS.get(name, name), _text_in(child, name))
        return extra

    def _alternative(
        self, extra: dict[str, str], element: etree._Element, around: Surroundings
    ) -> None:
        """Adds another translation of a unit: a match of a memory, a machine's."""
        values = attributes(element)
        base = key = f"alt-trans:{values['origin']}" if values.get("origin") else "alt-trans"
        number = 2
        while any(k == key or k.startswith(f"{key}:") for k in extra):
            key, number = f"{base}#{number}", number + 1
        for child in element:
            name = local_name(child)
            if name == "seg-source":  # the source again
                continue
            if name in ("source", "target"):
                content = self._content(child, line_of(child), around)
                for text in (content.text, content.deleted, *(sub.text for sub in content.subs)):
                    _append(extra, key if name == "target" else f"{key}:source", text)
            else:
                _append(extra, f"{key}:{name}", "\n".join(texts_within(child)))
        for name in ("match-quality", "matchQuality", "score"):
            if values.get(name):
                extra[f"{key}:match"] = values[name]

    def _name(self, records: list[Record]) -> None:
        """Gives ids to units without one, and tells equal ids of several files apart."""
        taken = {r.id for r in records}
        for record, number, rest in self._unnamed:
            record.id = f"u{number}{rest}"
            while record.id in taken:
                record.id += "_"
            taken.add(record.id)
        for _, group in groupby(records, lambda r: self._place[id(r)]):
            own = list(group)
            self._call(own, [r.id for r in own])
        if not first_duplicate(r.id for r in records):
            return
        if first_duplicate(f"{r.document}/{r.id}" for r in records):
            names = list(distinct(self._files))
            for record in records:
                record.document = names[self._place[id(record)]]
        self._call(records, [f"{r.document}/{r.id}" for r in records])

    def _call(self, records: list[Record], names: list[str]) -> None:
        for record, name, given in zip(records, names, distinct(names), strict=True):
            self.renamed += [given] if given != name else []
            record.id = given


def read_xliff(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    target: str = TARGET,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from XLIFF 1.2, SDLXLIFF, MQXLIFF, MXLIFF or XLIFF 2.

    Raises:
        InputError: If the file is no XLIFF, or is in other languages.
        NothingToEvaluateError: If it has no segment.
    """
    path = Path(path)
    given = stated(source_lang, target_lang)
    reader = _Reader(path, given, target, max_chars)
    records = reader.records()
    if not records and given and reader.elsewhere:
        side, tag, expected = reader.elsewhere
        raise InputError(path, f"{side} {tag!r}", f"{expected!r}, {given.by}")
    if notes is not None and reader.renamed:
        many, first = counted(len(reader.renamed), "segment"), preview(reader.renamed[0])
        notes.append(f"{path}: {many} with the id of another in the same file, called {first}")
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=reader.direction, notes=notes,
        left_out=reader.left_out,
    )  # fmt: skip


def _marked(element: etree._Element | None) -> list[etree._Element]:
    """Returns the segments marked in a 1.2 source or target, in order."""
    if element is None:
        return []
    marks = [m for m in element.iter("{*}mrk") if m.get("mtype") == "seg"]
    return [m for m in marks if not any(a.get("mtype") == "seg" for a in m.iterancestors("{*}mrk"))]


def _mid(mark: etree._Element) -> str:
    return str(mark.get("mid", ""))


def _keyed(marks: Iterable[etree._Element], *, named: bool) -> dict[_Mark, etree._Element]:
    """Returns marks by number and how often it stood before; or by place, where one has none."""
    seen = Counter[object]()
    keyed: dict[_Mark, etree._Element] = {}
    for mark in marks:
        name = _mid(mark) if named else None
        keyed[name, seen[name]] = mark
        seen[name] += 1
    return keyed


def _outside(element: etree._Element | None) -> str:
    """Returns the text of a 1.2 source or target that no mark holds; sub-flows, but no codes of tags."""
    texts: list[str] = []
    levels = ["text"]
    for event, node in () if element is None else etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            name, level = local_name(node), levels[-1]
            if level == "mark" or node.get("mtype") == "seg":
                level = "mark"
            elif name in _CODES or name == "sub":
                level = "text" if name == "sub" else "code"
            levels.append(level)
            texts += [node.text or ""] if level == "text" else []
        else:
            levels.pop()
            texts += [node.tail or ""] if levels[-1] == "text" and node is not element else []
    return "".join(texts)


def _text_in(element: etree._Element, name: str) -> str:
    """Returns the text of what a unit holds beside its texts; of notes to the last blank."""
    if name in ("note", "notes"):
        notes = [element] if name == "note" else list(element)
        return "\n".join(filter(None, (str(note.text or "") for note in notes)))
    return "\n".join(text.strip() for text in texts_within(element))


def _columns(values: Mapping[str, str]) -> dict[str, str]:
    """Returns attributes as columns, by one name for all tools."""
    translator = next((n for n in _TRANSLATORS if values.get(n)), None)
    columns = {
        _COLUMNS.get(name, name): value
        for name, value in values.items()
        if name not in _SAID and name != translator
    }
    return columns | ({"translator": values[translator]} if translator else {})


def _trados_columns(definitions: etree._Element | None) -> dict[str, dict[str, str]]:
    """Returns what ``<sdl:seg-defs>`` says of each segment: attributes and named values."""
    columns = {}
    for segment in () if definitions is None else definitions:
        values = attributes(segment)
        for value in segment.iter("{*}value", "{*}prev-origin"):
            before = "prev-origin:" if value.getparent() is not segment else ""
            if local_name(value) == "value":
                values.setdefault(before + str(value.get("key", "value")), value.text or "")
            else:
                own = attributes(value).items()
                values |= {f"prev-origin:{name}": text for name, text in own}
        columns[str(segment.get("id", ""))] = values
    return columns


def _append(extra: dict[str, str], key: str, text: str) -> None:
    """Adds a text to a column, on a line of its own."""
    if text:
        extra[key] = f"{extra[key]}\n{text}" if key in extra else text

"""Reading XLIFF 1.2 and 2.x, and what CAT tools make of 1.2: SDLXLIFF and MQXLIFF.

A segment is a ``<trans-unit>`` (1.2), a ``<mrk mtype="seg">`` in its ``<seg-source>`` (1.2,
SDLXLIFF) or a ``<segment>`` of a ``<unit>`` (2.x). Its document is the ``original`` of its file.
Its id is the unit's, ``UNIT.MRK`` where a unit has several segments, and the number Trados shows in
SDLXLIFF; if ids repeat between files, ``DOCUMENT/ID``. A segment without ``<target>`` has no
translation; an empty one is an empty translation. Columns: ``state``, ``state-qualifier``,
``match`` (per cent), ``origin``, ``translator``, ``locked``, ``resname``, ``note``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from xindaya.pairs.corpus import Corpus, first_duplicate
from xindaya.pairs.direction import DEFAULT, Direction, language, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.inline import DISPLAY, UnknownInlineError, read_inline
from xindaya.pairs.formats.records import Record, build_corpus
from xindaya.pairs.formats.sides import TARGET, put
from xindaya.pairs.formats.xml import (
    attributes,
    iter_elements,
    line_of,
    local_name,
    open_xml,
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
    "created_by",
    "translator",
)
_COLUMNS = {
    "approved": "approved", "conf": "state", "locked": "locked", "match-quality": "match",
    "origin": "origin", "percent": "match", "resname": "resname", "state": "state",
    "state-qualifier": "state-qualifier", "status": "state", "subState": "substate",
}  # fmt: skip


class _Reader:
    def __init__(
        self, path: Path, direction: Direction | None, target: str, max_chars: int
    ) -> None:
        self.path, self._target, self._max_chars = path, target, max_chars
        self.direction = direction
        self.untranslatable = 0

    def records(self) -> Iterator[Record]:
        with open_xml(self.path) as stream:
            for unit in iter_elements(self.path, stream, _UNITS, roots=("xliff",)):
                above = [attributes(a) for a in unit.iterancestors()]
                file = next((a for a in unit.iterancestors() if local_name(a) == "file"), None)
                self._check_languages(above, line_of(unit))
                if any(a.get("translate") == "no" for a in (attributes(unit), *above)):
                    self.untranslatable += 1
                    continue
                values = {} if file is None else attributes(file)
                document = values.get("original") or values.get("id", "")
                one = local_name(unit) == "trans-unit"
                yield from self._segments(unit, document) if one else self._parts(unit, document)

    def _check_languages(self, above: list[dict[str, str]], line: int | None) -> None:
        names = (("source-language", "srcLang"), ("target-language", "trgLang"))
        tags = [next((a[n] for a in above for n in side if a.get(n)), None) for side in names]
        if self.direction is None:
            self.direction = said(tags[0], tags[1], "as its first file says")
        wanted = self.direction or DEFAULT
        for side, tag, expected in zip(names, tags, (wanted.source, wanted.target), strict=True):
            if tag and language(tag) != expected:
                by = f", {wanted.by}" if self.direction else ""
                raise InputError(
                    self.path, f"{side[0]} {tag!r}", f"{expected!r}{by}", line=line,
                    hint="name the languages of the file with -sl and -tl",
                )  # fmt: skip

    def _segments(self, unit: etree._Element, document: str) -> Iterator[Record]:
        """XLIFF 1.2: the whole unit, or its marked segments."""
        parts = {local_name(c): c for c in reversed(unit) if isinstance(c.tag, str)}
        if "source" not in parts:
            raise InputError(self.path, "a unit without <source>", "one", line=line_of(unit))
        extra = self._columns(attributes(unit))
        extra |= self._columns(attributes(parts["target"]) if "target" in parts else {})
        extra |= _notes(unit)
        marked = _marked(parts.get("seg-source"))
        own = str(unit.get("id", ""))
        if not marked:
            yield self._record(own, document, parts["source"], parts.get("target"), extra)
            return
        targets = _marked(parts.get("target"))
        trados = _trados_columns(parts.get("seg-defs"))
        for mid, source in marked.items():
            if mid in trados:
                identifier = mid
                columns = extra | self._columns(trados[mid])
            else:
                identifier, columns = (f"{own}.{mid}" if len(marked) > 1 else own), extra
            yield self._record(identifier, document, source, targets.get(mid), dict(columns))

    def _parts(self, unit: etree._Element, document: str) -> Iterator[Record]:
        """XLIFF 2: the segments of a unit."""
        own = unescaped(str(unit.get("id", "")))
        segments = [s for s in unit if local_name(s) == "segment"]
        extra = _notes(next((n for n in unit if local_name(n) == "notes"), None))
        for place, segment in enumerate(segments, 1):
            parts = {local_name(c): c for c in segment if isinstance(c.tag, str)}
            if "source" not in parts:
                raise InputError(self.path, "a segment without <source>", "one", line=line_of(unit))
            identifier = f"{own}.{segment.get('id') or place}" if len(segments) > 1 else own
            columns = extra | self._columns(attributes(segment))
            yield self._record(identifier, document, parts["source"], parts.get("target"), columns)

    def _record(
        self,
        identifier: str,
        document: str,
        source: etree._Element,
        target: etree._Element | None,
        extra: dict[str, str],
    ) -> Record:
        line = line_of(source)
        text, display = self._text(source, line)
        record = Record(identifier, line, text, document, extra=extra)
        if display != text:
            extra[DISPLAY + "source"] = display
        if target is None:
            put(record, self._target, None)
            return record
        text, display = self._text(target, line)
        put(record, self._target, text)
        if display != text:
            extra[DISPLAY + self._target] = display
        return record

    def _text(self, element: etree._Element, line: int | None) -> tuple[str, str]:
        try:
            text, display = read_inline(element)
        except UnknownInlineError as error:
            raise InputError(
                self.path, f"{preview(str(error))} in a text", "XLIFF inline tags", line=line
            ) from error
        if len(text) > self._max_chars:
            raise InputError(
                self.path, f"a text of {len(text):,} characters", f"at most {self._max_chars:,}",
                line=line, hint="raise --max-segment-chars if such segments are meant",
            )  # fmt: skip
        return text, display

    def _columns(self, values: dict[str, str]) -> dict[str, str]:
        columns = {_COLUMNS[name]: value for name, value in values.items() if name in _COLUMNS}
        translator = next((values[n] for n in _TRANSLATORS if values.get(n)), "")
        return columns | ({"translator": translator} if translator else {})


def read_xliff(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    target: str = TARGET,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from XLIFF 1.2, SDLXLIFF, MQXLIFF or XLIFF 2; skipped units go to `notes`.

    Raises:
        InputError: If the file is no XLIFF, is in other languages, or repeats an id in one file.
        NothingToEvaluateError: If it has no segment.
    """
    path = Path(path)
    reader = _Reader(path, stated(source_lang, target_lang), target, max_chars)
    records = list(reader.records())
    if first_duplicate(r.id for r in records):
        for record in records:
            record.id = f"{record.document}/{record.id}"
    if notes is not None and reader.untranslatable:
        notes.append(f'{counted(reader.untranslatable, "unit")} with translate="no", skipped')
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=reader.direction, notes=notes
    )


def _marked(element: etree._Element | None) -> dict[str, etree._Element]:
    """Returns the segments marked in a 1.2 source or target, by their number."""
    if element is None:
        return {}
    return {str(m.get("mid", "")): m for m in element.iter("{*}mrk") if m.get("mtype") == "seg"}


def _trados_columns(definitions: etree._Element | None) -> dict[str, dict[str, str]]:
    """Returns what ``<sdl:seg-defs>`` says of each segment: attributes and named values."""
    if definitions is None:
        return {}
    columns = {}
    for segment in definitions:
        values = attributes(segment)
        for value in segment:
            if local_name(value) == "value" and value.get("key"):
                values.setdefault(str(value.get("key")), value.text or "")
        columns[values.get("id", "")] = values
    return columns


def _notes(element: etree._Element | None) -> dict[str, str]:
    if element is None:
        return {}
    texts = [n.text for n in element if isinstance(n.tag, str) and local_name(n) == "note"]
    note = "\n".join(text for text in texts if text)
    return {"note": note} if note else {}

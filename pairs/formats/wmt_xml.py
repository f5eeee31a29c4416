"""WMT XML: documents with a source, several references (``translator``) and several systems.

Ids are those of the ``<seg>``; where they repeat between documents, as WMT's do, ``DOCUMENT:ID``.
A reference may lack segments; a system must have them all. The shape is that of the test sets since
WMT21, as taken apart by wmt-conference/wmt-format-tools.

Nothing overwrites anything. A ``<doc>`` with the id of another one belongs to it if it adds to it (in
one collection), and is a document ``ID (2)`` if it says a text again. A second reference or system of
one name is ``NAME (2)``; references without a name are A, B and so on, after those that have one.
What an attribute says of a document, other than its domain, is a column (``doc:testsuite``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus, first_duplicate
from xindaya.pairs.direction import DEFAULT, LANGUAGES, Direction, claimed, language, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.records import Record, build_corpus, records_of
from xindaya.pairs.formats.xml import attributes, iter_elements, line_of, local_name, open_xml
from xindaya.pairs.formats.xml_text import XmlText
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import lettered

_NAMED_BY = {"src": "", "ref": "translator", "hyp": "system"}
"""What names a text of each kind."""

_Text = tuple[str, str, int]  # kind, name, and the how-manieth of that name
_SOURCE: _Text = ("src", "", 1)


def read_wmt_xml(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from WMT XML; texts in other languages, and text outside segments, are left out.

    Raises:
        InputError: If it is no such file, an id repeats in a text, or a system is incomplete.
        NothingToEvaluateError: If it has no segment.
    """
    path = Path(path)
    given = stated(source_lang, target_lang)
    reader = _Reader(path, given, max_chars)
    root: etree._Element | None = None
    with open_xml(path) as stream:
        for document in iter_elements(path, stream, ("doc",), roots=("dataset", "mteval")):
            root = document.getroottree().getroot() if root is None else root
            reader.leave_out(_OUTSIDE, document, _before(document))
            reader.read(document)
    if root is not None:
        reader.leave_out(_OUTSIDE, root, map(str, root.itertext()))
    records = reader.named()
    if not records:
        claimed(path, given, reader.said)
    if first_duplicate(r.id for r in records):
        for record in records:
            record.id = f"{record.document}:{record.id}"
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=given or reader.said, notes=notes,
        left_out=reader.left_out,
    )  # fmt: skip


_OUTSIDE = "texts outside a segment"


def _before(document: etree._Element) -> Iterator[str]:
    """Yields what stands between the last document and this one."""
    above: etree._Element | None = document
    while above is not None:
        for sibling in above.itersiblings(preceding=True):
            yield from map(str, (*sibling.itertext(), sibling.tail or ""))
        above = above.getparent()
        if above is not None:
            yield above.text or ""
            above.text = None


class _Reader:
    """Collects the texts of documents; they get their names when all were seen."""

    def __init__(self, path: Path, given: Direction | None, max_chars: int) -> None:
        self.path, self._max_chars, self._given = path, max_chars, given
        self.said: Direction | None = None
        """Which way the first document goes that says it."""
        self.left_out: list[LeftOut] = []
        self._records: dict[tuple[str, str], tuple[Record, dict[_Text, str]]] = {}
        self._collections: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def read(self, document: etree._Element) -> None:
        """Takes the texts of a document."""
        about = attributes(document)
        if not about.get("id"):
            raise InputError(self.path, "a <doc> without id", "an id", line=line_of(document))
        self.said = self.said or _said(document)
        direction = self._given or self.said or DEFAULT
        self.leave_out(_OUTSIDE, document, (document.text or "", *(e.tail or "" for e in document)))
        found: dict[str, tuple[int | None, dict[_Text, str]]] = {}
        for element in document:
            kind = local_name(element)
            expected = direction.source if kind == "src" else direction.target
            if kind not in _NAMED_BY:
                self.leave_out(_OUTSIDE, element, map(str, element.itertext()))
            elif language(str(element.get("lang", expected))) != expected:
                what = "texts in other languages"
                self.leave_out(what, element, map(str, element.itertext()))
            else:
                self._add(element, kind, about["id"], found)
        collection = _collection(document)
        name = self._home(about["id"], collection, found)
        extra = {f"doc:{k}": v for k, v in about.items() if k not in ("id", "domain", "origlang")}
        extra["doc:collection"] = collection
        if language(about.get("origlang", direction.source)) != direction.source:
            extra["doc:origlang"] = about["origlang"]
        for own, (line, texts) in found.items():
            record = Record(
                own, line, document=name, domain=about.get("domain", ""), extra=dict(extra)
            )
            _, kept = self._records.setdefault((name, own), (record, {}))
            if _SOURCE in kept and _SOURCE in texts:
                self._leave("sources that stand twice", line, texts[_SOURCE])
            kept |= texts

    def named(self) -> list[Record]:
        """Returns all segments with their references and systems by name."""
        names = _names(key for _, texts in self._records.values() for key in texts)
        for record, texts in self._records.values():
            record.source = texts.get(_SOURCE)
            record.references |= {names[k]: t for k, t in texts.items() if k[0] == "ref"}
            record.systems |= {names[k]: t for k, t in texts.items() if k[0] == "hyp"}
        return [record for record, _ in self._records.values()]

    def leave_out(self, reason: str, where: etree._Element, texts: Iterable[str]) -> None:
        """Accounts for texts that are in no segment."""
        text = "".join(texts)
        if text.strip():
            self._leave(reason, line_of(where), text)

    def _leave(self, reason: str, line: int | None, text: str) -> None:
        self.left_out.append(LeftOut(f"line {line}", reason, text))

    def _add(
        self,
        element: etree._Element,
        kind: str,
        document: str,
        found: dict[str, tuple[int | None, dict[_Text, str]]],
    ) -> None:
        """Adds the segments of one text to those of its document."""
        self.leave_out(_OUTSIDE, element, _beside_segments(element))
        segments = self._segments(element, kind, document)
        name = str(element.get(_NAMED_BY[kind]) or "") if _NAMED_BY[kind] else ""
        key = next(
            (kind, name, n)
            for n in itertools.count(1)
            if not any((kind, name, n) in found[own][1] for own in segments if own in found)
        )
        for own, (line, text) in segments.items():
            if kind == "src" and key != _SOURCE:
                self._leave("further sources of a segment", line, text)
            else:
                found.setdefault(own, (line, {}))[1][key] = text

    def _segments(
        self, element: etree._Element, kind: str, document: str
    ) -> dict[str, tuple[int | None, str]]:
        """Returns segment id to line and text."""
        segments: dict[str, tuple[int | None, str]] = {}
        for segment in element.iter("{*}seg"):
            own, line = str(segment.get("id", "")), line_of(segment)
            content = "".join(map(str, segment.itertext()))
            if own in segments:
                raise InputError(
                    self.path, f"id {own!r} twice in a {kind} of document {document!r}",
                    "unique ids", line=line,
                )  # fmt: skip
            if len(content) > self._max_chars:
                raise InputError(
                    self.path, f"a text of {len(content):,} characters",
                    f"at most {self._max_chars:,}", line=line,
                    hint="raise --max-segment-chars if such segments are meant",
                )  # fmt: skip
            segments[own] = line, content
        return segments

    def _home(
        self,
        document: str,
        collection: str,
        found: dict[str, tuple[int | None, dict[_Text, str]]],
    ) -> str:
        """Returns the name of a document: the last of this id, if this adds to it, or a new one."""
        for number in itertools.count(self._numbers.get(document, 1)):
            name = document if number == 1 else f"{document} ({number})"
            kept = {
                own: self._records[name, own][1] for own in found if (name, own) in self._records
            }
            if self._collections.setdefault(name, collection) == collection and not any(
                key in texts and not (key == _SOURCE and texts[key] == text)
                for own, texts in kept.items()
                for key, text in found[own][1].items()
            ):
                break
        self._numbers[document] = number
        return name


def _beside_segments(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if local_name(child) != "seg":
            yield from _beside_segments(child)
        yield child.tail or ""


def _collection(document: etree._Element) -> str:
    above = document.getparent()
    inside = above is not None and local_name(above) == "collection"
    return str(above.get("id", "")) if above is not None and inside else ""


def _names(keys: Iterable[_Text]) -> dict[_Text, str]:
    """Gives every reference and system a name of its own."""
    every = dict.fromkeys(keys)
    names = {key: key[1] for key in every if key[1] and key[2] == 1}
    taken = {(key[0], name) for key, name in names.items()}
    for kind, own, number in every:
        if (kind, own, number) in names or kind == "src":
            continue
        if not own and kind == "ref":
            free: Iterator[str] = map(lettered, itertools.count())
        else:
            called = own or "system"
            first = itertools.count(number)
            free = (f"{called} ({n})" if n > 1 else called for n in first)
        name = next(name for name in free if (kind, name) not in taken)
        taken.add((kind, name))
        names[kind, own, number] = name
    return names


def _said(document: etree._Element) -> Direction | None:
    """Returns the direction of a document, by its source's language and else its translations'."""
    tags = [(local_name(text), str(text.get("lang", ""))) for text in document]
    known = [(kind, tag) for kind, tag in tags if kind in _NAMED_BY and language(tag) in LANGUAGES]
    source = next((tag for kind, tag in known if kind == "src"), None)
    target = next((tag for kind, tag in known if kind != "src"), None)
    return said(source, None if source else target, "as its lang attributes say")


def write_wmt_xml(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as WMT XML.

    Raises:
        InputError: If a text holds what XML cannot carry.
    """
    write_text(path, "".join(_lines(corpus, Path(path))))


def _lines(corpus: Corpus, path: Path) -> Iterator[str]:
    xml = XmlText(path, "WMT XML")

    def block(kind: str, lang: str, name: tuple[str, str], texts: list[tuple[str, str]]) -> str:
        own = xml.attribute(*name, texts[0][0]) if name[0] else ""
        rows = "".join(
            f"<seg{xml.attribute('id', i, i)}>{xml.content(text, i)}</seg>\n" for i, text in texts
        )
        return f'<{kind} lang="{lang}"{own}>\n<p>\n{rows}</p>\n</{kind}>\n'

    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<dataset{xml.attribute('id', corpus.name, corpus.name)}>\n"
    groups = itertools.groupby(records_of(corpus), key=lambda r: (r.document, r.domain))
    for (document, domain), group in groups:
        records = list(group)
        head = xml.attribute("id", corpus.document_name(document), document)
        head += f' origlang="{corpus.source_lang}"'
        head += xml.attribute("domain", domain, document) if domain else ""
        yield f"<doc{head}>\n"
        sources = [(r.id, r.source) for r in records if r.source is not None]
        if len(sources) not in (0, len(records)):
            missing = next(r.id for r in records if r.source is None)
            raise InputError(path, f"no source for segment {preview(missing)}", "all or none")
        if sources:
            yield block("src", corpus.source_lang, ("", ""), sources)
        for name in corpus.reference_names:
            texts = [(r.id, t) for r in records if (t := r.references[name]) is not None]
            if texts:
                yield block("ref", corpus.target_lang, ("translator", name), texts)
        for name in corpus.systems:
            texts = [(r.id, r.systems[name]) for r in records]
            yield block("hyp", corpus.target_lang, ("system", name), texts)
        yield "</doc>\n"
    yield "</dataset>\n"

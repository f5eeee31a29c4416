"""WMT XML: documents with a source, several references (``translator``) and several systems.

Ids are those of the ``<seg>``; where they repeat between documents, as WMT's do, ``DOCUMENT:ID``.
A reference may lack segments; a system must have them all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from xindaya.pairs.corpus import Corpus, first_duplicate
from xindaya.pairs.direction import DEFAULT, LANGUAGES, Direction, claimed, language, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.records import Record, build_corpus, records_of
from xindaya.pairs.formats.xml import iter_elements, line_of, local_name, open_xml
from xindaya.pairs.formats.xml_text import XmlText
from xindaya.pairs.lines import MAX_SEGMENT_CHARS
from xindaya.pairs.sources import plain_name

_SIDES = ("src", "ref", "hyp")


def read_wmt_xml(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from WMT XML; texts in other languages are skipped and go to `notes`.

    Raises:
        InputError: If it is no such file, an id repeats in a document, or a system is incomplete.
        NothingToEvaluateError: If it has no segment.
    """
    path = Path(path)
    given = stated(source_lang, target_lang)
    reader = _Reader(path, given, max_chars)
    with open_xml(path) as stream:
        for document in iter_elements(path, stream, ("doc",), roots=("dataset", "mteval")):
            reader.read(document)
    records = list(reader.records.values())
    if not records:
        claimed(path, given, reader.said)
    if first_duplicate(r.id for r in records):
        for record in records:
            record.id = f"{record.document}:{record.id}"
    if notes is not None and reader.foreign:
        notes.append(f"{reader.foreign} texts in other languages, skipped")
    direction = given or reader.said
    return build_corpus(path, records, name=plain_name(path).stem, direction=direction, notes=notes)


class _Reader:
    def __init__(self, path: Path, given: Direction | None, max_chars: int) -> None:
        self.path, self._max_chars, self._given = path, max_chars, given
        self.said: Direction | None = None
        """Which way the first document goes that says it."""
        self.records: dict[tuple[str, str], Record] = {}
        self.foreign = 0

    def read(self, document: etree._Element) -> None:
        name, domain = str(document.get("id", "")), str(document.get("domain", ""))
        if not name:
            raise InputError(self.path, "a <doc> without id", "an id", line=line_of(document))
        self.said = self.said or _said(document)
        direction = self._given or self.said or DEFAULT
        for text in document:
            kind = local_name(text)
            if kind not in _SIDES:
                continue
            expected = direction.source if kind == "src" else direction.target
            if language(str(text.get("lang", expected))) != expected:
                self.foreign += 1
                continue
            seen = set()
            for segment in text.iter("{*}seg"):
                own, line = str(segment.get("id", "")), line_of(segment)
                content = "".join(map(str, segment.itertext()))
                if own in seen:
                    raise InputError(
                        self.path, f"id {own!r} twice in a {kind} of document {name!r}",
                        "unique ids", line=line,
                    )  # fmt: skip
                seen.add(own)
                if len(content) > self._max_chars:
                    raise InputError(
                        self.path, f"a text of {len(content):,} characters",
                        f"at most {self._max_chars:,}", line=line,
                        hint="raise --max-segment-chars if such segments are meant",
                    )  # fmt: skip
                record = self.records.setdefault(
                    (name, own), Record(own, line, document=name, domain=domain)
                )
                if kind == "src":
                    record.source = content
                elif kind == "ref":
                    record.references[str(text.get("translator") or "A")] = content
                else:
                    record.systems[str(text.get("system") or "system")] = content


def _said(document: etree._Element) -> Direction | None:
    """Returns the direction of a document, by its source's language and else its translations'."""
    tags = [(local_name(text), str(text.get("lang", ""))) for text in document]
    known = [(kind, tag) for kind, tag in tags if kind in _SIDES and language(tag) in LANGUAGES]
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

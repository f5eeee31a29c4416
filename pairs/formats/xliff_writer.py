"""Writing XLIFF 1.2 and 2.0, so that `read_xliff` gives the same segments again.

One ``<file>`` a document, one translation a segment: the first reference, or the first system where
there is none. Version 2 writes characters that XML cannot carry as ``<cp>``; 1.2 refuses them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import language
from xindaya.pairs.errors import InputError, UsageError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.inline import displayed, write_inline
from xindaya.pairs.formats.records import Record, records_of
from xindaya.pairs.formats.xml_text import XmlText, attribute_value, name_token

_HEADS = {
    "1.2": '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:xindaya="urn:xindaya">\n',
    "2.0": '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"{languages} xmlns:xindaya="urn:xindaya">\n',
}
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STATES_2 = frozenset(("initial", "translated", "reviewed", "final"))
# XLIFF 1.2, section 3: state and state-qualifier; what begins with x- is free.
_VALUES = {
    "state": frozenset((
        "final", "needs-adaptation", "needs-l10n", "needs-review-adaptation", "needs-review-l10n",
        "needs-review-translation", "needs-translation", "new", "signed-off", "translated",
    )),
    "state-qualifier": frozenset((
        "exact-match", "fuzzy-match", "id-match", "leveraged-glossary", "leveraged-inherited",
        "leveraged-mt", "leveraged-repository", "leveraged-tm", "mt-suggestion",
        "rejected-grammar", "rejected-inaccurate", "rejected-length", "rejected-spelling",
        "tm-suggestion",
    )),
    "match": frozenset[str](),  # of <alt-trans> alone
}  # fmt: skip
_FREE = re.compile(r"x-[^\s<]+")
_TAGS = {
    "1.2": {
        "open": "<bx{id}/>", "lone-open": "<bx{id}/>", "close": "<ex{id}/>",
        "lone-close": "<ex{id}/>", "single": "<x{id}/>",
    },
    "2.0": {
        "open": "<sc{id}/>", "lone-open": '<sc{id} isolated="yes"/>', "close": "<ec{ref}/>",
        "lone-close": '<ec{id} isolated="yes"/>', "single": "<ph{id}/>",
    },
}  # fmt: skip
_LANGUAGES = ("lang:source", "lang:target")
_NAMES = ("source-language", "target-language")
KEPT = frozenset(("note", "state", "state-qualifier", "match", "resname", *_LANGUAGES))
KEPT_2 = frozenset(("note", "state", *_LANGUAGES))


def write_xliff(
    corpus: Corpus, path: str | Path, *, version: str = "1.2", side: str | None = None
) -> None:
    """Writes a corpus as XLIFF.

    Args:
        corpus: The corpus; every segment has a source.
        path: The file.
        version: ``1.2`` or ``2.0``.
        side: The translation to write: ``reference:NAME`` or ``system:NAME``.

    Raises:
        InputError: If a source is missing, or a text holds what XML cannot carry.
    """
    if version not in _HEADS:
        raise UsageError(f"XLIFF {version}: expected {' or '.join(_HEADS)}")
    side = side or main_side(corpus)
    writer = _Writer(Path(path), version, corpus, side)
    write_text(path, "".join(writer.lines()))


def main_side(corpus: Corpus) -> str:
    """Returns the translation that a bilingual file of a corpus holds."""
    if corpus.reference_names or not corpus.systems:
        return f"reference:{next(iter(corpus.reference_names), 'A')}"
    return f"system:{next(iter(corpus.systems))}"


class _Writer:
    def __init__(self, path: Path, version: str, corpus: Corpus, side: str) -> None:
        self._path, self._version, self._corpus, self._side = path, version, corpus, side
        self._xml = XmlText(path, f"XLIFF {version}")
        self._tags = (corpus.source_lang, corpus.target_lang)

    def lines(self) -> Iterator[str]:
        corpus, attribute = self._corpus, self._xml.attribute
        two = self._version == "2.0"
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        self._tags = self._languages(s.extra for s in corpus.segments)
        source, target = self._tags
        yield _HEADS[self._version].format(
            languages=f' srcLang="{source}" trgLang="{target}" xml:space="preserve"'
        )
        keys = () if two else _LANGUAGES
        groups = itertools.groupby(
            records_of(corpus), key=lambda r: (r.document, *map(r.extra.get, keys))
        )
        for number, ((document, *_), group) in enumerate(groups, 1):
            records = list(group)
            original = attribute("original", corpus.document_name(document), document)
            if two:
                yield f'<file id="f{number}"{original}>\n'
                yield from map(self._unit_2, records)
                yield "</file>\n"
                continue
            source, target = self._languages(r.extra for r in records)
            yield (
                f'<file{original} source-language="{source}" '
                f'target-language="{target}" datatype="plaintext" xml:space="preserve">'
                "<body>\n"
            )
            yield from map(self._unit_1, records)
            yield "</body></file>\n"
        yield "</xliff>\n"

    def _languages(self, columns: Iterable[Mapping[str, str]]) -> tuple[str, str]:
        """Returns the tags that all segments agree on, escaped; else the languages."""
        plain = self._corpus.source_lang, self._corpus.target_lang
        tags = [set[str](), set[str]()]
        for extra in columns:
            for found, key, lang in zip(tags, _LANGUAGES, plain, strict=True):
                tag = extra.get(key, lang)
                found.add(tag if language(tag) == lang else lang)
        source, target = (
            attribute_value(self._xml.content(found.pop() if len(found) == 1 else lang, ""))
            for found, lang in zip(tags, plain, strict=True)
        )
        return source, target

    def _unit_1(self, record: Record) -> str:
        extra, attribute = record.extra, self._xml.attribute
        head = attribute("id", record.id, record.id)
        if "resname" in extra:
            head += attribute("resname", extra["resname"], record.id)
        source, target = self._texts(record)
        states = "".join(
            attribute(_attribute(name, extra[name]), extra[name], record.id)
            for name in _VALUES
            if name in extra and target is not None
        )
        return f"<trans-unit{head}><source>{source}</source>{_target(target, states)}{self._note(record)}</trans-unit>\n"

    def _unit_2(self, record: Record) -> str:
        source, target = self._texts(record)
        state = record.extra.get("state", "")
        known = state in _STATES_2
        states = self._xml.attribute("state", state, record.id) if known else ""
        own = self._xml.attribute("xindaya:state", state, record.id) if state and not known else ""
        for name, tag, all_have in zip(
            _NAMES, self._languages([record.extra]), self._tags, strict=True
        ):
            own += f' xindaya:{name}="{tag}"' if tag != all_have else ""
        note = self._note(record)
        notes = f"<notes>{note}</notes>" if note else ""
        return (
            f'<unit id="{name_token(record.id)}"{own}>{notes}<segment{states}>'
            f"<source>{source}</source>{_target(target, '')}</segment></unit>\n"
        )

    def _texts(self, record: Record) -> tuple[str, str | None]:
        if record.source is None:
            raise InputError(
                self._path, f"no source for segment {preview(record.id)}", "a source in each"
            )
        kind, _, name = self._side.partition(":")
        texts = record.references if kind == "reference" else record.systems
        target = texts.get(name)
        return (
            self._inline(record, "source", record.source),
            None if target is None else self._inline(record, self._side, target),
        )

    def _inline(self, record: Record, side: str, text: str) -> str:
        pieces = write_inline(displayed(record.extra, side, text), text)
        if pieces is None:
            return self._content(text, record.id)
        tags = _TAGS[self._version]
        out = []
        for kind, label, piece in pieces:
            if kind == "text":
                out.append(self._content(piece, record.id))
                continue
            token = name_token(label) if self._version == "2.0" and not label.isdecimal() else label
            out.append(
                tags[kind].format(
                    id=self._xml.attribute("id", token, record.id),
                    ref=self._xml.attribute("startRef", token, record.id),
                )
            )
        return "".join(out)

    def _content(self, text: str, segment: str) -> str:
        if self._version == "1.2" or not _CONTROL.search(text):
            return self._xml.content(text, segment)
        pieces = _CONTROL.split(text)
        codes = [f'<cp hex="{ord(c):04X}"/>' for c in _CONTROL.findall(text)]
        escaped = [self._xml.content(piece, segment) for piece in pieces]
        return "".join(a + b for a, b in itertools.zip_longest(escaped, codes, fillvalue=""))

    def _note(self, record: Record) -> str:
        if not record.extra.get("note"):
            return ""
        return f"<note>{self._xml.content(record.extra['note'], record.id)}</note>"


def _attribute(name: str, value: str) -> str:
    """Returns the attribute of a ``<target>`` that may have a value."""
    if value in _VALUES[name] or (name != "match" and _FREE.fullmatch(value)):
        return name
    return f"xindaya:{'match-quality' if name == 'match' else name}"


def _target(text: str | None, attributes: str) -> str:
    return "" if text is None else f"<target{attributes}>{text}</target>"

"""Writing XLIFF 1.2 and 2.0, so that `read_xliff` gives the same segments again.

One ``<file>`` a document, one translation a segment: the first reference, or the first system where
there is none. Version 2 writes characters that XML cannot carry as ``<cp>``; 1.2 refuses them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.errors import InputError, UsageError, preview
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.inline import displayed, write_inline
from xindaya.pairs.formats.records import Record, records_of
from xindaya.pairs.formats.xml_text import XmlText, name_token

_HEADS = {
    "1.2": '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n',
    "2.0": '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"{languages}>\n',
}
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STATES_2 = frozenset(("initial", "translated", "reviewed", "final"))
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
KEPT = frozenset(("note", "state", "state-qualifier", "match", "resname"))
KEPT_2 = frozenset(("note", "state"))


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

    def lines(self) -> Iterator[str]:
        corpus, attribute = self._corpus, self._xml.attribute
        languages = (corpus.source_lang, corpus.target_lang)
        two = self._version == "2.0"
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield _HEADS[self._version].format(
            languages=f' srcLang="{languages[0]}" trgLang="{languages[1]}" xml:space="preserve"'
        )
        groups = itertools.groupby(records_of(corpus), key=lambda r: r.document)
        for number, (document, records) in enumerate(groups, 1):
            original = attribute("original", corpus.document_name(document), document)
            if two:
                yield f'<file id="f{number}"{original}>\n'
                yield from map(self._unit_2, records)
                yield "</file>\n"
                continue
            yield (
                f'<file{original} source-language="{languages[0]}" '
                f'target-language="{languages[1]}" datatype="plaintext" xml:space="preserve">'
                "<body>\n"
            )
            yield from map(self._unit_1, records)
            yield "</body></file>\n"
        yield "</xliff>\n"

    def _unit_1(self, record: Record) -> str:
        extra, attribute = record.extra, self._xml.attribute
        head = attribute("id", record.id, record.id)
        if "resname" in extra:
            head += attribute("resname", extra["resname"], record.id)
        source, target = self._texts(record)
        state = "".join(
            attribute(name, extra[key], record.id)
            for key, name in (("state", "state"), ("state-qualifier", "state-qualifier"),
                              ("match", "match-quality"))
            if key in extra and target is not None
        )  # fmt: skip
        return f"<trans-unit{head}><source>{source}</source>{_target(target, state)}{self._note(record)}</trans-unit>\n"

    def _unit_2(self, record: Record) -> str:
        source, target = self._texts(record)
        state = record.extra.get("state", "")
        states = self._xml.attribute("state", state, record.id) if state in _STATES_2 else ""
        note = self._note(record)
        notes = f"<notes>{note}</notes>" if note else ""
        return (
            f'<unit id="{name_token(record.id)}">{notes}<segment{states}>'
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


def _target(text: str | None, attributes: str) -> str:
    return "" if text is None else f"<target{attributes}>{text}</target>"

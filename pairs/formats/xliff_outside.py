"""What an XLIFF file says outside a unit, and units need: comments, codes of tags, protected texts.

Trados keeps comments and the codes of tags before the units, Phrase the codes in the unit, XLIFF 2
in ``<originalData>``. A unit that is not translated may be the protected text in another's. What no
unit needs is left out by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.formats.inline import PHRASE_TAGS, Surroundings
from xindaya.pairs.formats.xml import (
    attributes,
    iter_elements,
    line_of,
    local_name,
    open_xml,
    texts_within,
)

DEFINITIONS = ("cmt-def", "tag-defs", "internal-file", "skeleton")
"""Elements outside the units to be given to `Outside.define`."""

_PHRASE = re.compile(r"https?://www\.memsource\.com/mxlf/")


class _Locked(NamedTuple):
    left_out: LeftOut
    source: str
    target: str


class Outside:
    """Collects what stands outside the units of a file.

    Args:
        path: The file.

    Attributes:
        authors: Text of a comment to who wrote it and when.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.authors: dict[str, str] = {}
        self._left_out: list[LeftOut] = []
        self._comments: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._locked: dict[str, _Locked] = {}
        self._in_place: set[str] = set()
        self._scanned = False

    def left_out(self, comments: Iterable[str]) -> Iterator[LeftOut]:
        """Yields what no unit needed, given the comments on all segments."""
        yield from self._left_out
        yield from (
            unit.left_out for key, unit in self._locked.items() if key not in self._in_place
        )
        lines = {line for comment in comments for line in comment.split("\n")}
        for key, text in self._comments.items():
            if not lines.issuperset(text.split("\n")):
                yield LeftOut(f"comment {key}", "comments that no segment points at", text)

    def define(self, element: etree._Element) -> None:
        """Takes one of `DEFINITIONS`."""
        name = local_name(element)
        if name not in ("cmt-def", "tag-defs"):
            self._embedded(element)
            return
        if name == "tag-defs":
            self._codes = {
                str(tag.get("id")): "".join(map(str, tag.itertext()))
                for tag in element.iterfind("{*}tag")
            }
            return
        texts = [t.strip() for t in texts_within(element)]
        self._comments[str(element.get("id"))] = text = "\n".join(texts)
        by = (attributes(c) for c in element.iter("{*}Comment"))
        names = ("severity", "user", "date")
        self.authors[text] = "\n".join(", ".join(v[n] for n in names if v.get(n)) for v in by)

    def _embedded(self, element: etree._Element) -> None:
        size = sum(map(len, element.itertext()))
        if size:
            place = f"line {line_of(element)}: {size:,} characters"
            self._left_out.append(LeftOut(place, "embedded files"))

    def between(self, element: etree._Element) -> None:
        """Names the texts that stand outside the units."""
        found: dict[str, list[str]] = {}
        for node in element.iter(etree.Element):
            found.setdefault(local_name(node), []).append(node.text or "")
            parent = node.getparent()
            if node.tail and parent is not None:
                found.setdefault(local_name(parent), []).append(node.tail)
        for name, texts in found.items():
            if (text := "".join(texts)).strip():
                place = f"line {line_of(element)}"
                self._left_out.append(LeftOut(place, f"texts in <{name}> outside the units", text))

    def lock(self, unit: etree._Element, own: str) -> None:
        """Remembers a unit that is not translated: it may stand in another's text."""
        texts = [
            "".join(map(str, c.itertext()))
            for side in ("source", "target")
            for c in unit.iterfind("{*}" + side)
        ]
        out = left_out(unit, own, 'units with translate="no"')
        key = own or out.text
        if key in self._locked and self._locked[key].left_out != out:
            # Another file's, whose segments have been read.
            self._left_out += [] if key in self._in_place else [self._locked[key].left_out]
            self._in_place.discard(key)
        self._locked[key] = _Locked(out, *(texts[:1] or [""]), *(texts[-1:] or [""]))

    def around(self, unit: etree._Element) -> tuple[Surroundings, Surroundings]:
        """Returns what the file says of the tags of a unit, for source and target."""
        codes = self._codes | {
            f"#{data.get('id')}": data.text or ""
            for data in unit.iterfind("{*}originalData/{*}data")
        }
        for mark in unit.iterfind("{*}tunit-metadata/{*}mark"):
            codes[str(mark.get("id"))] = mark.findtext("{*}content") or ""
        root = unit.getroottree().getroot()
        phrase = any(_PHRASE.match(uri) for uri in root.nsmap.values() if uri)
        tags = PHRASE_TAGS if phrase else None
        return (
            Surroundings(codes, self._comments, self._protected_source, tags),
            Surroundings(codes, self._comments, self._protected_target, tags),
        )

    def _protected_source(self, xid: str) -> str | None:
        unit = self._protected(xid)
        return unit and unit.source

    def _protected_target(self, xid: str) -> str | None:
        unit = self._protected(xid)
        return unit and unit.target

    def _protected(self, xid: str) -> _Locked | None:
        if xid not in self._locked and not self._scanned:
            self._scan()
        if xid in self._locked:
            self._in_place.add(xid)
        return self._locked.get(xid)

    def _scan(self) -> None:
        """Looks for units that stand after those that need them."""
        self._scanned = True
        with open_xml(self._path) as stream:
            for unit in iter_elements(self._path, stream, ("trans-unit",)):
                if unit.get("translate") == "no" and unit.get("id") not in self._locked:
                    self.lock(unit, str(unit.get("id", "")))


def left_out(unit: etree._Element, own: str, reason: str) -> LeftOut:
    """Returns the account of a whole unit."""
    texts = (text.strip() for text in texts_within(unit, without="seg-source"))
    return LeftOut(f"unit {own}", reason, "\n".join(texts))

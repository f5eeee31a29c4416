"""An XML file in pieces of complete units, whatever its size: those of TMX, the rows of a sheet.

expat checks that it is well formed, which costs a third of a tree; who needs a tree of some units makes
one of them alone.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.xml import CHUNK, Gap, check_root_name, local_name, parsed

BETWEEN = "\1"
"""Joins texts: a character that XML has not."""

_UNUSUAL = "<!", "<?", "\0", "\1", "\2"  # what no XML has may stand before the check comes to it
# Comments, instructions and character data; the last two alternatives are not complete yet.
_ASIDE = re.compile(r"<!--(?s:.*?)-->|<!\[CDATA\[(?s:.*?)\]\]>|<\?(?s:.*?)\?>|<[!?](?s:.*)")
_START = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ENTITY = re.compile("&[^;]*;")
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#9;": "\t", "&#10;": "\n", "&#13;": "\r",
            "&apos;": "'", "&amp;": "&"}  # fmt: skip


class UnusualError(Exception):
    """A spelling that a pattern does not know: what it finds may be wrong."""


class Form(NamedTuple):
    """What a document is made of, by local names.

    Attributes:
        root: Its root; empty for any.
        body: What holds the units.
        unit: A unit.
    """

    root: str
    body: str
    unit: str


class Batch:
    """Units of a body, complete, and what stands between them.

    Args:
        path: The file, for errors.
        text: As it stands there, each line ended by a line feed.
        around: What the document has before it, so that it parses.
        closed: What it needs after it.
        before: Lines before it.
        name: Of the body.

    Attributes:
        before: As given.
        lines: How many it has itself.
    """

    def __init__(
        self, path: Path, text: str, around: str, closed: str, before: int, name: str
    ) -> None:
        self._path, self._text, self._around, self._closed = path, text, around, closed
        self.before, self.lines, self._name = before, text.count("\n"), name

    @cached_property
    def body(self) -> etree._Element:
        """The body with these units alone."""
        whole = f"{self._around}{self._text}{self._closed}"
        root = parsed(self._path, whole, self.before)
        return next(element for element in root.iter() if local_name(element) == self._name)

    def spellings(self) -> Iterator[str]:
        """Yields the units as they stand in the file, if it may be usual, and as libxml2 writes them."""
        if not any(odd in self._text for odd in _UNUSUAL):
            yield self._text
        text = etree.tostring(self.body, encoding="unicode", with_tail=False)
        yield text[text.index(">") + 1 : text.rindex("</") if len(text) > 1 else None]


def batches_of(
    path: Path, stream: IO[bytes], form: Form, outside: Callable[[etree._Element, int, str], None]
) -> Iterator[Batch]:
    """Yields what the body of a document holds, piece by piece.

    Args:
        path: The file, for errors.
        stream: Its content.
        form: What it is made of.
        outside: Is given the document without that: up to the body first, then after it; the lines that
            its line numbers lack; which part it is, ``header`` or ``end``. A document without a body is
            all end.

    Raises:
        InputError: If it has another root, or is no well-formed XML.
    """
    check = _Check(path, form)
    raw = bytearray()
    while not check.found:
        chunk = stream.read(CHUNK)
        check.feed(chunk)
        raw += chunk
        if not (chunk or check.found):
            outside(parsed(path, bytes(raw)), 0, "end")
            return
    decode = _decoder(bytes(raw[:4]), check.encoding).decode
    head, text = decode(bytes(raw[: check.place])), decode(bytes(raw[check.place :]))
    start = _START.match(text)
    end = start.end() if start else len(text)
    body_end = f"</{check.name}>"
    has_end = text[end - 2] == "/"
    whole = f"{head}{text[:end]}{'' if has_end else body_end}{check.closed}"
    outside(parsed(path, whole), 0, "header")
    before = _with_line_feeds(whole).count("\n")
    rest, last, wait = [f"{body_end if has_end else ''}{text[end:]}"], False, 0
    size, ended = len(rest[0]), False
    while True:
        if not ended and (size >= wait or last):
            text = "".join(rest)
            place, ended = _complete(text, check.name, form.unit)
            if place:
                units = _with_line_feeds(text[:place])
                batch = Batch(path, units, check.opened, body_end + check.closed, before, form.body)
                yield batch
                before += batch.lines
                check.gap.end()
            rest = [text[place:]]
            # What a unit lacks still may come in many pieces.
            size = len(rest[0])
            wait = 0 if place else 2 * size
        if last:
            break
        chunk = stream.read(CHUNK)
        check.feed(chunk)
        last = not chunk
        rest.append(decode(chunk, last))
        size += len(rest[-1])
    outside(parsed(path, check.opened + "".join(rest), before), before, "end")


def _complete(text: str, body: str, unit: str) -> tuple[int, bool]:
    """Returns where the last complete unit ends, 0 if none does, and whether that is all of the body."""
    if "<!" in text or "<?" in text:
        text = _ASIDE.sub(lambda aside: " " * len(aside[0]), text)
    if f"</{body}" in text and (end := re.search(rf"</{re.escape(body)}\s*>", text)):
        return end.start(), True
    if (place := text.rfind(f"</{unit}>")) >= 0:
        return place + len(f"</{unit}>"), False
    ends = re.finditer(rf"</(?:[^\s<>/:]+:)?{unit}\s*>", text)
    return max((end.end() for end in ends), default=0), False


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoder(start: bytes, encoding: str) -> Any:
    """Returns what makes text of a file's bytes."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    elif 0 in start[:2]:
        encoding = "utf-16-be" if start[0] == 0 else "utf-16-le"
    elif start[:3] == codecs.BOM_UTF8:
        encoding = "utf-8-sig"
    return codecs.getincrementaldecoder(encoding)()


class _Check:
    """Checks that a document is well formed, and finds its body.

    Attributes:
        found: Whether it was found.
        name: What it is called, with its prefix.
        place: Bytes before it.
        opened: The start tags down to its own, after a document type.
        closed: The end tags of the elements around it.
        encoding: As the file states it.
        gap: Counts what is fed.
    """

    def __init__(self, path: Path, form: Form) -> None:
        self._path, self._form, self.gap = path, form, Gap(path)
        self.found, self.place, self.encoding, self.name = False, 0, "utf-8", ""
        self._above: list[tuple[str, str]] = []
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.XmlDeclHandler = self._declared

    def feed(self, chunk: bytes) -> None:
        """Checks a piece; the last is empty.

        Raises:
            InputError: If it is no well-formed XML or has another root, or too much stands in one unit.
        """
        self.gap.add(chunk)
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            found = f"no well-formed XML ({expat.ErrorString(error.code)})"
            raise InputError(self._path, found, "XML", line=error.lineno or None) from error

    @property
    def opened(self) -> str:
        return "<!DOCTYPE x SYSTEM ''>" + "".join(start for _, start in self._above)

    @property
    def closed(self) -> str:
        return "".join(f"</{name}>" for name, _ in self._above[-2::-1])

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._above:
            root = name.rpartition(":")[2]
            roots = (self._form.root,) if self._form.root else ()
            check_root_name(self._path, root, roots, self._parser.CurrentLineNumber)
        spelled = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self._above.append((name, f"<{name}{spelled}>"))
        if name.rpartition(":")[2] == self._form.body:
            self.found, self.name, self.place = True, name, self._parser.CurrentByteIndex
            self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def _end(self, _name: str) -> None:
        self._above.pop()


def has_usual_entities(text: str) -> bool:
    """True if `unescaped` knows all escapes in a text."""
    return "&" not in text or _ESCAPES.keys() >= set(_ENTITY.findall(text))


def all_unescaped(texts: Sequence[str], joined: str = "") -> Sequence[str]:
    """Undoes the escapes in texts; `joined` is what they are together, if that is known."""
    joined = joined or BETWEEN.join(texts)
    return unescaped(joined).split(BETWEEN) if "&" in joined else texts


def unescaped(text: str) -> str:
    """Undoes the escapes of XML."""
    if "&" in text:
        found = set(_ENTITY.findall(text))  # in one pass: most texts have one or two kinds
        for escape, character in _ESCAPES.items():
            if escape in found:
                text = text.replace(escape, character)
    return text

"""A TMX file in pieces of complete units, whatever its size.

expat checks that it is well formed, which costs a third of a tree; who needs a tree of some units makes
one of them alone.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lxml import etree

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.xml import CHUNK, Gap, bare_name, check_root_name, parsed

_UNUSUAL = "<!", "<?", "\0", "\1", "\2"  # what no XML has may stand before the check comes to it
# Comments, instructions and character data; the last two alternatives are not complete yet.
_ASIDE = re.compile(r"<!--(?s:.*?)-->|<!\[CDATA\[(?s:.*?)\]\]>|<\?(?s:.*?)\?>|<[!?](?s:.*)")
_START = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_UNIT_END = re.compile(r"</(?:[^\s<>/:]+:)?tu\s*>")


class Batch:
    """Units of a body, complete, and what stands between them.

    Args:
        path: The file, for errors.
        text: As it stands there, each line ended by a line feed.
        around: What the document has before it, so that it parses.
        closed: What it needs after it.
        before: Lines before it.

    Attributes:
        before: As given.
        lines: How many it has itself.
    """

    def __init__(self, path: Path, text: str, around: str, closed: str, before: int) -> None:
        self._path, self._text, self._around, self._closed = path, text, around, closed
        self.before, self.lines = before, text.count("\n")

    @cached_property
    def body(self) -> etree._Element:
        """The body with these units alone."""
        whole = f"{self._around}{self._text}{self._closed}"
        return _body_of(parsed(self._path, whole, self.before))

    def spellings(self) -> Iterator[str]:
        """Yields the units as they stand in the file, if it may be usual, and as libxml2 writes them."""
        if not any(odd in self._text for odd in _UNUSUAL):
            yield self._text
        text = etree.tostring(self.body, encoding="unicode", with_tail=False)
        yield text[text.index(">") + 1 : text.rindex("</") if len(text) > 1 else None]


def batches_of(
    path: Path, stream: IO[bytes], outside: Callable[[etree._Element, int, str], None]
) -> Iterator[Batch]:
    """Yields what the body of a TMX file holds, piece by piece.

    Args:
        path: The file, for errors.
        stream: Its content.
        outside: Is given the document without that: up to the body first, then after it; the lines that
            its line numbers lack; which part it is, ``header`` or ``end``.

    Raises:
        InputError: If it is no TMX.
    """
    check = _Check(path)
    raw = bytearray()
    while not check.found:
        chunk = stream.read(CHUNK)
        check.feed(chunk)
        raw += chunk
        if not (chunk or check.found):
            raise InputError(path, "no <body>", "TMX: a <tmx> with a <body>")
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
            place, ended = _complete(text, check.name)
            if place:
                units = _with_line_feeds(text[:place])
                batch = Batch(path, units, check.opened, body_end + check.closed, before)
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


def _complete(text: str, body: str) -> tuple[int, bool]:
    """Returns where the last complete unit ends, 0 if none does, and whether that is all of the body."""
    if "<!" in text or "<?" in text:
        text = _ASIDE.sub(lambda aside: " " * len(aside[0]), text)
    if f"</{body}" in text and (end := re.search(rf"</{re.escape(body)}\s*>", text)):
        return end.start(), True
    if (place := text.rfind("</tu>")) >= 0:
        return place + len("</tu>"), False
    return max((m.end() for m in _UNIT_END.finditer(text)), default=0), False


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _body_of(root: etree._Element) -> etree._Element:
    return next(e for e in root.iter() if isinstance(e.tag, str) and bare_name(e.tag) == "body")


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
    """Checks that a file is well formed TMX, and finds its body.

    Attributes:
        found: Whether it was found.
        name: What it is called, with its prefix.
        place: Bytes before it.
        opened: The start tags down to its own, after a document type.
        closed: The end tags of the elements around it.
        encoding: As the file states it.
        gap: Counts what is fed.
    """

    def __init__(self, path: Path) -> None:
        self._path, self.gap = path, Gap(path)
        self.found, self.place, self.encoding, self.name = False, 0, "utf-8", ""
        self._above: list[tuple[str, str]] = []
        parser = self._parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.XmlDeclHandler = self._declared

    def feed(self, chunk: bytes) -> None:
        """Checks a piece; the last is empty.

        Raises:
            InputError: If the file is no well-formed TMX, or too much stands in one unit.
        """
        self.gap.add(chunk)
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            found = f"no well-formed XML ({expat.ErrorString(error.code)})"
            raise InputError(self._path, found, "XML", line=error.lineno or None) from error

    @property
    def opened(self) -> str:
        return "<!DOCTYPE tmx SYSTEM ''>" + "".join(start for _, start in self._above)

    @property
    def closed(self) -> str:
        return "".join(f"</{name}>" for name, _ in self._above[-2::-1])

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._above:
            line = self._parser.CurrentLineNumber
            check_root_name(self._path, name.rpartition(":")[2], ("tmx",), line)
        spelled = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        self._above.append((name, f"<{name}{spelled}>"))
        if name.rpartition(":")[2] == "body":
            self.found, self.name, self.place = True, name, self._parser.CurrentByteIndex
            self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def _end(self, _name: str) -> None:
        self._above.pop()

"""An XML file in pieces of complete units, whatever its size: those of TMX, the rows of a sheet.

Pieces are cut out as they are spelled. Who takes one apart by a pattern that leaves nothing over has proven
it well formed; else expat checks it, which costs a third of a tree, or libxml2 makes a tree of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from lxml import etree

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.xml import CHUNK, SAFE, Gap, local_name, parsed, well_formed

BETWEEN = "\1"
"""Joins texts: a character that XML has not."""

_UNUSUAL = "<!", "<?", "]]>", "\ufffe", "\uffff"
_PROLOG = 1_000  # bytes that say the encoding
_CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
# Comments, instructions, character data and a document type; the last one is not complete yet.
_ASIDE = re.compile(
    r"<!--(?s:.*?)-->|<!\[CDATA\[(?s:.*?)\]\]>|<\?(?s:.*?)\?>"
    r"""|<!DOCTYPE(?:[^<>\[\]"']|"[^"]*"|'[^']*'|\[[^\]]*\])*>|<[!?](?s:.*)"""
)
_START = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_ENTITY = re.compile("&[^;]*;?")
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#9;": "\t", "&#10;": "\n", "&#13;": "\r",
            "&apos;": "'", "&amp;": "&"}  # fmt: skip
_Outside = Callable[[etree._Element, int, str], None]


class UnusualError(Exception):
    """A spelling that a pattern does not know: what it finds may be wrong."""


class Form(NamedTuple):
    """What a document is made of, by local names.

    Attributes:
        body: What holds the units.
        unit: A unit.
    """

    body: str
    unit: str


class Batch:
    """Units of a body, complete, and what stands between them.

    Args:
        path: The file, for errors.
        text: As it stands there, each line ended by a line feed.
        frame: What the document has before and after it, so that it parses.
        before: Lines before it.
        name: Of the body.
        sound: Whether its characters are all such as XML has.

    Attributes:
        before: As given.
        lines: How many it has itself.
    """

    def __init__(
        self, path: Path, text: str, frame: tuple[str, str], before: int, name: str, sound: bool
    ) -> None:
        self._path, self._text, self._frame, self._name = path, text, frame, name
        self._sound = sound and not any(odd in text for odd in _UNUSUAL)
        self._checked = False
        self.before, self.lines = before, text.count("\n")

    @cached_property
    def body(self) -> etree._Element:
        """The body with these units alone."""
        start, end = self._frame
        root = parsed(self._path, f"{start}{self._text}{end}", self.before)
        return next(element for element in root.iter() if local_name(element) == self._name)

    def spellings(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yields the units as they stand in the file, if it may be usual, and as libxml2 writes them.

        Beside each is what checks that it is well formed, if a pattern does not.
        """
        if self._sound:
            yield self._text, self._check
        text = etree.tostring(self.body, encoding="unicode", with_tail=False)
        yield text[text.index(">") + 1 : text.rindex("</") if len(text) > 1 else None], lambda: None

    def _check(self) -> None:
        """Raises InputError unless it is well formed."""
        start, end = self._frame
        if not self._checked:
            with well_formed(self._path, self.before):
                expat.ParserCreate().Parse(f"{start}{self._text}{end}", True)
        self._checked = True


def batches_of(path: Path, stream: IO[bytes], form: Form, outside: _Outside) -> Iterator[Batch]:
    """Yields what the body of a document holds, piece by piece.

    Args:
        path: The file, for errors.
        stream: Its content.
        form: What it is made of.
        outside: Is given the document without that: up to the body first, then after it; the lines that
            its line numbers lack; which part it is, ``header`` or ``end``. A document without a body is
            all end.

    Raises:
        InputError: If it is no well-formed XML, or too much stands in one unit.
    """
    pieces = _Pieces(path, stream)
    start = re.compile(rf"<(?:[^\s<>/:]+:)?{form.body}(?=[\s/>])")
    while not (found := start.search(_without_asides(pieces.text))) or not (
        tag := _START.match(pieces.text, found.start())
    ):
        if pieces.last:
            outside(parsed(path, pieces.text), 0, "end")
            return
        pieces.more(double=True)
    name, is_empty = found[0][1:], tag[0].endswith("/>")
    body_end = f"</{name}>"
    head = pieces.cut(tag.end())
    body = _started(path, head)
    outside(body.getroottree().getroot(), 0, "header")
    frame = _frame(body)
    before = _with_line_feeds(head).count("\n")
    if is_empty:
        pieces.text = body_end + pieces.text
    ended = False
    while not ended:
        place, ended = _complete(pieces.text, name, form.unit)
        if place:
            units = _with_line_feeds(pieces.cut(place))
            batch = Batch(path, units, frame, before, form.body, pieces.sound)
            yield batch
            before += batch.lines
        if pieces.last:
            break
        if not ended:
            pieces.more(double=not place)
    while not pieces.last:
        pieces.more(double=True)
    outside(parsed(path, frame[0] + pieces.text, before), before, "end")


class _Pieces:
    """The text of a file, of which what was cut off is forgotten.

    Attributes:
        text: What was read and not cut off.
        last: True at the end of the file.
        sound: False once a character was read that XML has not, or that may be none.
    """

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path, self._stream, self._gap = path, stream, Gap(path)
        start = stream.read(CHUNK + _PROLOG)
        self._decoder = _decoder(start)
        self.text, self.last, self.sound = "", False, True
        self._take(start)

    def more(self, *, double: bool = False) -> None:
        """Reads on; as much again as there is, where what a unit lacks may come in many pieces."""
        parts, size = [self.text], 0
        wanted = max(1, len(self.text)) if double else 1
        while size < wanted and not self.last:
            self.text = ""
            self._take(self._stream.read(CHUNK))
            parts.append(self.text)
            size += len(self.text)
        self.text = "".join(parts)

    def cut(self, place: int) -> str:
        """Returns what stands before a place, and forgets it."""
        piece, self.text = self.text[:place], self.text[place:]
        self._gap.end()
        return piece

    def _take(self, chunk: bytes) -> None:
        self._gap.add(chunk)
        self.last = not chunk
        self.sound &= len(chunk.translate(None, _CONTROLS)) == len(chunk)
        try:
            self.text += self._decoder.decode(chunk, self.last)
        except UnicodeDecodeError as error:
            raise InputError(self._path, f"no well-formed XML ({error.reason})", "XML") from error


def _started(path: Path, head: str) -> etree._Element:
    """Returns the last element of a document that ends with its start."""
    parser: Any = etree.XMLPullParser(("start",), encoding="utf-8", **SAFE)
    with well_formed(path):
        parser.feed(head.encode())
    started: list[etree._Element] = [element for _, element in parser.read_events()]
    return started[-1]


def _frame(body: etree._Element) -> tuple[str, str]:
    """Returns the start tags down to a body, after a document type, and their end tags."""
    starts, ends = ["<!DOCTYPE x SYSTEM ''>"], list[str]()
    for element in (*reversed([*body.iterancestors()]), body):
        attributes: Any = dict(element.items())
        namespaces: Any = element.nsmap
        alone = etree.Element(element.tag, attributes, namespaces)
        tag = etree.tostring(alone, encoding="unicode").removesuffix("/>")
        starts.append(f"{tag}>")
        ends.append(f"</{tag[1:].split(' ')[0]}>")
    return "".join(starts), "".join(reversed(ends))


def _without_asides(text: str) -> str:
    """Returns as much text, with blanks where comments and the like stand."""
    if "<!" in text or "<?" in text:
        return _ASIDE.sub(lambda aside: " " * len(aside[0]), text)
    return text


def _complete(text: str, body: str, unit: str) -> tuple[int, bool]:
    """Returns where the last complete unit ends, 0 if none does, and whether that is all of the body."""
    text = _without_asides(text)
    if f"</{body}" in text and (end := re.search(rf"</{re.escape(body)}\s*>", text)):
        return end.start(), True
    if (place := text.rfind(f"</{unit}>")) >= 0:
        return place + len(f"</{unit}>"), False
    ends = re.finditer(rf"</(?:[^\s<>/:]+:)?{unit}\s*>", text)
    return max((end.end() for end in ends), default=0), False


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoder(start: bytes) -> Any:
    """Returns what makes text of a file that begins so; its prolog was read before."""
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    encoding = declared[1].decode() if declared else "utf-8"
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    elif 0 in start[:2]:
        encoding = "utf-16-be" if start[0] == 0 else "utf-16-le"
    elif start.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    return codecs.getincrementaldecoder(encoding)()


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

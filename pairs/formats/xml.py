"""Reading XML from strangers: no entities, no DTD, no network, little memory, lines in errors.

A parser is fed in pieces, so that what was read can be forgotten, and so that what lies between two
units can be measured before a hostile file fills the memory with it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Literal
from xml.parsers import expat

from lxml import etree

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.sources import open_bytes

CHUNK = 1 << 18
"""Bytes that are fed to the parser at once."""

_MAX_GAP_BYTES = 64 << 20
_MAX_GAP_MARKS = 500_000
_MAX_INSIDE = 200_000  # elements in an outermost one
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


_Event = Literal["start", "end"]


class _PrologEnd(Exception):  # noqa: N818 - ends a parse, reports nothing
    pass


class Feeder:
    """Feeds XML to a parser and watches how much stands between two units.

    Args:
        path: Named in errors.
        events: ``start``, ``end``.
        tags: Local names of the elements that give events, in any namespace.

    Attributes:
        tags: How often ``<`` stood in the last piece.
        equals: How often ``=``. A node needs one of them: to count them is cheap, and bounds what
            the tree can take.
    """

    def __init__(self, path: Path, events: Sequence[_Event], tags: tuple[str, ...]) -> None:
        self.path = path
        self._parser: Any = etree.XMLPullParser(
            events=events, tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False,
            no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        self._bytes = self._marks = self.tags = self.equals = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[str, etree._Element]]:
        """Feeds a piece and gives its events."""
        self.tags, self.equals = chunk.count(b"<"), chunk.count(b"=")
        self._bytes += len(chunk)
        self._marks += self.tags + self.equals
        if self._bytes > _MAX_GAP_BYTES or self._marks > _MAX_GAP_MARKS:
            raise InputError(
                self.path,
                f"{self._bytes >> 20:,} MB or {self._marks:,} tags and attributes in one unit",
                f"at most {_MAX_GAP_BYTES >> 20} MB and {_MAX_GAP_MARKS:,}",
            )
        with self._errors():
            self._parser.feed(chunk)
        events: Iterator[tuple[str, etree._Element]] = self._parser.read_events()
        return events

    def progress(self) -> None:
        """Says that a unit was read and forgotten."""
        self._bytes = self._marks = 0

    def close(self) -> Iterator[tuple[str, etree._Element]]:
        """Ends the document and gives the last events."""
        with self._errors():
            self._parser.close()
        events: Iterator[tuple[str, etree._Element]] = self._parser.read_events()
        return events

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except etree.XMLSyntaxError as error:
            raise InputError(
                self.path, f"no well-formed XML ({error.msg})", "XML", line=error.lineno or None
            ) from error


@contextlib.contextmanager
def open_xml(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file whose prolog declares no entity.

    Raises:
        InputError: If it cannot be read or declares an entity.
    """
    with open_bytes(path) as stream:
        refuse_entities(path, stream)
        yield stream


def iter_elements(
    path: Path, stream: IO[bytes], tags: tuple[str, ...], *, roots: tuple[str, ...] = ()
) -> Iterator[etree._Element]:
    """Yields the elements with these local names, in any namespace, as soon as they are complete.

    What has been yielded is forgotten on the next step; its ancestors keep their attributes.

    Raises:
        InputError: If it is no well-formed XML or has another root.
    """
    feeder = Feeder(path, ("end",), tags)
    root_seen = False
    for _, element in _events(feeder, stream):
        if not root_seen:
            check_root(path, element, roots)
            root_seen = True
        yield element
        _forget(element)
        feeder.progress()


def iter_outermost(
    path: Path, stream: IO[bytes], tags: Container[str], *, roots: tuple[str, ...] = ()
) -> Iterator[etree._Element]:
    """Yields the outermost elements with these local names, in any namespace.

    Unlike `iter_elements`, it does not yield what stands inside a yielded element, counts the
    elements there, forgets what stands between two of them, and sees the root before all else.

    Raises:
        InputError: If it is no well-formed XML, has another root, or too much in one element.
    """
    feeder = Feeder(path, ("start", "end"), ("*",))
    root_seen = False
    wanted: etree._Element | None = None
    inside = 0
    for event, element in _events(feeder, stream):
        if not root_seen:
            check_root(path, element, roots)
            root_seen = True
        if event == "start":
            if wanted is not None:
                inside += 1
                if inside > _MAX_INSIDE:
                    raise InputError(
                        path, f"over {_MAX_INSIDE:,} elements in one", "smaller ones",
                        line=line_of(wanted),
                    )  # fmt: skip
            elif local_name(element) in tags:
                wanted, inside = element, 0
            continue
        if wanted is not None:
            if element is not wanted:
                continue
            yield wanted
            wanted = None
        _forget(element)
        feeder.progress()


def _events(feeder: Feeder, stream: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    while chunk := stream.read(CHUNK):
        yield from feeder.feed(chunk)
    yield from feeder.close()


def check_root(path: Path, element: etree._Element, roots: tuple[str, ...]) -> None:
    """Raises InputError if the document's root has another name than these."""
    root = element.getroottree().getroot()
    name = local_name(root)
    if roots and name not in roots:
        raise InputError(
            path, f"<{name}> as the root", f"<{'> or <'.join(roots)}>", line=line_of(root)
        )


def refuse_entities(path: Path, stream: IO[bytes]) -> None:
    """Reads up to the root's start and refuses a declared entity; rewinds the stream.

    A document type declaration may stand there (``<!DOCTYPE tmx SYSTEM "tmx14.dtd">``) and is never
    fetched.

    Raises:
        InputError: If an entity is declared, or what comes before the root is no XML.
    """
    parser = expat.ParserCreate()

    def entity(name: str, *_: object) -> None:
        raise InputError(
            path,
            f"a declaration of the entity {preview(name)}",
            "XML without <!ENTITY>",
            line=parser.CurrentLineNumber,
            hint="entities can read files or fill the memory; write out what they stand for",
        )

    def start(*_: object) -> None:
        raise _PrologEnd

    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    # Small pieces at first: most prologs are short.
    size, read = 1 << 12, 0
    try:
        while chunk := stream.read(size):
            read += len(chunk)
            if read > _MAX_GAP_BYTES:
                raise InputError(path, f"no element in {read:,} bytes", "XML")
            parser.Parse(chunk)
            size = 1 << 16
        parser.Parse(b"", True)
    except _PrologEnd:
        stream.seek(0)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise InputError(
            path, f"no well-formed XML ({error})", "XML in UTF-8 or UTF-16",
            line=getattr(error, "lineno", None),
        ) from error  # fmt: skip


def local_name(element: etree._Element) -> str:
    """Returns the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attributes(element: etree._Element) -> dict[str, str]:
    """Returns the attributes by local name (``xml:lang`` is ``lang``)."""
    return {str(k).rpartition("}")[2]: str(v) for k, v in element.items()}


def line_of(element: etree._Element) -> int | None:
    """Returns the line an element begins on."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def unescaped(text: str) -> str:
    """Undoes the escapes of characters that an id cannot hold: ``_x0020_`` is a space."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else match[0]

    return _ESCAPED.sub(character, text)


def _forget(element: etree._Element) -> None:
    """Frees an element and what stood before it, at every level."""
    element.clear()
    above: etree._Element | None = element
    while above is not None:
        parent = above.getparent()
        if parent is None:
            return
        while above.getprevious() is not None:
            del parent[0]
        above = parent

"""Reading XML from strangers: no entities, no DTD, no network, little memory, lines in errors.

A parser is fed in pieces, so that what was read can be forgotten, and so that what lies between two
units can be measured before a hostile file fills the memory with it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Literal
from xml.parsers import expat

from lxml import etree

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.sources import open_bytes

CHUNK = 1 << 16
"""Bytes that are fed to the parser at once: what is made of them stays near the processor."""

_MAX_GAP_BYTES = 64 << 20
_MAX_GAP_MARKS = 500_000
_MAX_INSIDE = 200_000  # elements in an outermost one
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


_Event = Literal["start", "end"]
SAFE: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip


class _PrologEnd(Exception):  # noqa: N818 - ends a parse, reports nothing
    pass


class Gap:
    """Counts what is read between two units, which a hostile file would fill the memory with."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = self._marks = 0

    def add(self, chunk: bytes) -> None:
        """Counts a piece.

        Raises:
            InputError: If it is too much.
        """
        self._bytes += len(chunk)
        # A node needs one of them: to count them is cheap, and bounds what a tree can take.
        self._marks += chunk.count(b"<") + chunk.count(b"=")
        if self._bytes > _MAX_GAP_BYTES or self._marks > _MAX_GAP_MARKS:
            raise InputError(
                self._path,
                f"{self._bytes >> 20:,} MB or {self._marks:,} tags and attributes in one unit",
                f"at most {_MAX_GAP_BYTES >> 20} MB and {_MAX_GAP_MARKS:,}",
            )

    def end(self) -> None:
        """Says that a unit was read and forgotten."""
        self._bytes = self._marks = 0


class _Feeder:
    """Feeds XML to a parser and watches how much stands between two units.

    Args:
        path: Named in errors.
        events: ``start``, ``end``.
        tags: Local names of the elements that give events, in any namespace.
        huge: Accept a single text of over 10 million characters, such as an embedded file.
    """

    def __init__(
        self, path: Path, events: Sequence[_Event], tags: tuple[str, ...], *, huge: bool = False
    ) -> None:
        self._path, self._gap = path, Gap(path)
        self._parser: Any = etree.XMLPullParser(
            events=events, tag=[f"{{*}}{tag}" for tag in tags], huge_tree=huge, **SAFE
        )
        self.progress = self._gap.end

    def events(self, stream: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
        """Feeds a document and gives its events."""
        while chunk := stream.read(CHUNK):
            self._gap.add(chunk)
            with well_formed(self._path):
                self._parser.feed(chunk)
            yield from self._parser.read_events()
        with well_formed(self._path):
            self._parser.close()
        yield from self._parser.read_events()


@contextlib.contextmanager
def well_formed(path: Path, before: int = 0) -> Iterator[None]:
    """Turns errors of the parser into an InputError; `before` are lines that it was not given."""
    try:
        yield
    except (etree.XMLSyntaxError, expat.ExpatError) as error:
        why = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else error.msg
        line = error.lineno and error.lineno + before
        raise InputError(path, f"no well-formed XML ({why})", "XML", line=line or None) from error


def parsed(path: Path, text: str, before: int = 0) -> etree._Element:
    """Returns the root of a document, or of a part of one made whole.

    Args:
        path: The file, for errors.
        text: The document.
        before: Lines of the file before it.

    Raises:
        InputError: If it is no well-formed XML.
    """
    with well_formed(path, before):
        return etree.fromstring(text.encode(), etree.XMLParser(encoding="utf-8", **SAFE))


@contextlib.contextmanager
def open_xml(path: Path, *roots: str) -> Iterator[IO[bytes]]:
    """Opens a file whose prolog declares no entity.

    Args:
        path: The file.
        roots: Which local names the root may have; any if none is given.

    Raises:
        InputError: If it cannot be read, declares an entity or has another root.
    """
    with open_bytes(path) as stream:
        refuse_entities(path, stream, roots)
        yield stream


def iter_elements(
    path: Path,
    stream: IO[bytes],
    tags: tuple[str, ...],
    *,
    roots: tuple[str, ...] = (),
    between: Callable[[etree._Element], None] | None = None,
) -> Iterator[etree._Element]:
    """Yields the elements with these local names, in any namespace, as soon as they are complete.

    What has been yielded is forgotten on the next step; its ancestors keep their attributes.

    Args:
        path: The file, for errors.
        stream: Its content.
        tags: The local names.
        roots: Which local names the root may have.
        between: Is given all that stands between the elements, before it is forgotten: complete
            elements, and their tails. Texts of any length are accepted then.

    Raises:
        InputError: If it is no well-formed XML or has another root.
    """
    feeder = _Feeder(path, ("end",), tags, huge=between is not None)
    root: etree._Element | None = None
    for _, element in feeder.events(stream):
        if root is None:
            check_root(path, element, roots)
            root = element.getroottree().getroot()
        yield element
        _forget(element, between)
        feeder.progress()
    if between is not None and root is not None:
        between(root)


def iter_outermost(
    path: Path, stream: IO[bytes], tags: Container[str], *, roots: tuple[str, ...] = ()
) -> Iterator[etree._Element]:
    """Yields the outermost elements with these local names, in any namespace.

    Unlike `iter_elements`, it does not yield what stands inside a yielded element, counts the
    elements there, forgets what stands between two of them, and sees the root before all else.

    Raises:
        InputError: If it is no well-formed XML, has another root, or too much in one element.
    """
    feeder = _Feeder(path, ("start", "end"), ("*",))
    root_seen = False
    wanted: etree._Element | None = None
    inside = 0
    for event, element in feeder.events(stream):
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


def check_root(path: Path, element: etree._Element, roots: tuple[str, ...]) -> None:
    """Raises InputError if the document's root has another name than these."""
    root = element.getroottree().getroot()
    _check_name(path, local_name(root), roots, line_of(root))


def _check_name(path: Path, name: str, roots: tuple[str, ...], line: int | None) -> None:
    """Raises InputError if a root has another local name than these."""
    if roots and name not in roots:
        raise InputError(path, f"<{name}> as the root", f"<{'> or <'.join(roots)}>", line=line)


def refuse_entities(path: Path, stream: IO[bytes], roots: tuple[str, ...] = ()) -> None:
    """Reads up to the root's start and refuses a declared entity; rewinds the stream.

    A document type declaration may stand there (``<!DOCTYPE tmx SYSTEM "tmx14.dtd">``) and is never
    fetched.

    Raises:
        InputError: If an entity is declared, the root has another name than `roots`, or what comes
            before it is no XML.
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

    def start(name: str, _: object) -> None:
        _check_name(path, name.rpartition(":")[2], roots, parser.CurrentLineNumber)
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


@lru_cache(1_000)
def bare_name(tag: str) -> str:
    """Returns a name without its namespace."""
    return tag.rpartition("}")[2]


def local_name(element: etree._Element) -> str:
    """Returns the name of an element without its namespace."""
    tag = element.tag
    return bare_name(tag if isinstance(tag, str) else str(tag))


def attributes(element: etree._Element) -> dict[str, str]:
    """Returns the attributes by local name (``xml:lang`` is ``lang``)."""
    pairs: Any = element.items()
    return {bare_name(name): value for name, value in pairs}


def texts_within(element: etree._Element, *, without: str = "") -> list[str]:
    """Returns the texts within an element that are not blank, in order.

    Args:
        element: The element.
        without: Local name of elements whose content is not looked at.
    """
    texts: list[str] = []
    inside = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        hidden = bool(without) and local_name(node) == without
        if event == "start":
            inside += hidden
            text = node.text
        else:
            inside -= hidden
            text = node.tail if node is not element else None
        if text and not inside and not text.isspace():
            texts.append(text)
    return texts


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


def _forget(
    element: etree._Element, between: Callable[[etree._Element], None] | None = None
) -> None:
    """Frees an element and what stood before it, at every level."""
    clear: Any = element.clear  # the stubs lack what it takes
    clear(keep_tail=True)
    above: etree._Element | None = element
    while above is not None:
        parent = above.getparent()
        if parent is None:
            return
        while above.getprevious() is not None:
            if between is not None:
                between(parent[0])
            del parent[0]
        above = parent

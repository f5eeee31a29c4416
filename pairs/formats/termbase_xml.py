"""Reading XML from strangers: no entities, no DTD, no network, little memory, lines in errors."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from xindaya.pairs.errors import InputError, preview

MAX_BYTES = 256 << 20
"""Largest XML file that is read."""

MAX_ELEMENTS = 200_000
"""Most elements inside one yielded element."""

_CHUNK = 1 << 16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


class _PrologEnd(Exception):  # noqa: N818 - ends a parse, reports nothing
    pass


def iter_xml(
    path: Path,
    tags: tuple[str, ...],
    *,
    roots: tuple[str, ...] = (),
    content: bytes | None = None,
) -> Iterator[etree._Element]:
    """Yields the elements with these names, in any namespace, as soon as they are complete.

    What has been yielded is forgotten on the next step, so memory holds one of them at a time. A
    document type declaration may stand in the file (``<!DOCTYPE martif SYSTEM "…">``) and is never
    fetched; one that declares an entity is refused.

    Args:
        path: The file.
        tags: Local names. Elements inside a yielded element are not yielded themselves.
        roots: Local names that the root may have; any if empty.
        content: The XML, if it does not stand in the file itself but, say, in an archive there.

    Raises:
        InputError: If it is no well-formed XML, declares an entity, has another root, or is too
            large.
    """
    try:
        size = path.stat().st_size if content is None else len(content)
        if size > MAX_BYTES:
            raise InputError(path, f"{size:,} bytes of XML", f"at most {MAX_BYTES:,}")
        with path.open("rb") if content is None else io.BytesIO(content) as stream:
            _refuse_entities(path, stream)
            stream.seek(0)
            yield from _elements(path, stream, tags, roots)
    except OSError as error:
        raise InputError(
            path, f"a file that cannot be read ({error.strerror or error})", "a readable file"
        ) from error


def local_name(element: etree._Element) -> str:
    """Returns the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def line_of(element: etree._Element) -> int | None:
    """Returns the line an element begins on."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def unescaped(text: str) -> str:
    """Undoes the escapes of characters that XML or an id cannot hold: ``_x0020_`` is a space."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else match[0]

    return _ESCAPED.sub(character, text)


def _refuse_entities(path: Path, stream: IO[bytes]) -> None:
    """Reads up to the root's start and refuses a declared entity, before anything expands it."""
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
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except _PrologEnd:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(path, f"no well-formed XML ({error})", "XML", line=line) from error


def _elements(
    path: Path, stream: IO[bytes], tags: tuple[str, ...], roots: tuple[str, ...]
) -> Iterator[etree._Element]:
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    wanted: etree._Element | None = None
    inside = 0
    try:
        for event, element in events:
            name = local_name(element)
            if event == "start":
                if roots and element.getparent() is None and name not in roots:
                    raise InputError(
                        path, f"<{name}> as the root", f"<{'> or <'.join(roots)}>",
                        line=line_of(element),
                    )  # fmt: skip
                if wanted is not None:
                    inside += 1
                    if inside > MAX_ELEMENTS:
                        raise InputError(
                            path, f"over {MAX_ELEMENTS:,} elements in one", "smaller ones",
                            line=line_of(wanted),
                        )  # fmt: skip
                elif name in tags:
                    wanted, inside = element, 0
                continue
            if wanted is not None and element is not wanted:
                continue
            if wanted is not None:
                yield wanted
                wanted = None
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise InputError(
            path, f"no well-formed XML ({error.msg})", "XML", line=error.lineno or None
        ) from error


def _forget(element: etree._Element) -> None:
    """Frees an element and what stood before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]

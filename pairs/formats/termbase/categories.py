"""TBX data categories: how an element of TBX v2, v3 DCA or v3 DCT becomes a named field, and back.

DCA writes ``<termNote type="partOfSpeech">noun</termNote>``, DCT ``<min:partOfSpeech>noun</…>``;
both become the field ``termNote:partOfSpeech``. An element with more structure than a type and a
text (``descripGrp``, ``xref`` with a target) becomes the field ``xml:NAME`` with its canonical XML
as value. A second field of a name gets ``#2`` after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from xindaya.pairs.formats.xml import local_name
from xindaya.pairs.formats.xml_text import escaped

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
"""Of TBX v3; v2 has none."""

TYPED = ("termNote", "descrip", "admin")
"""Elements whose ``type`` attribute names the category."""

_OF_CATEGORY: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        ("administrativeStatus", "normativeAuthorization", "termType", "partOfSpeech",
         "grammaticalGender", "grammaticalNumber", "register", "termLocation",
         "geographicalUsage", "transferComment", "usageNote"), "termNote",
    )
    | dict.fromkeys(("subjectField", "definition", "context", "example"), "descrip")
    | dict.fromkeys(("source", "customerSubset", "projectSubset"), "admin")
)  # fmt: skip
_V3_NAMES = {"langSet": "langSec", "tig": "termSec", "ntig": "termSec", "termEntry": "conceptEntry"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OWN_FIELD = "xindaya-field:"
_BREAKS = re.compile(r"\s*[\t\n\r]\s*")
_NUMBER = re.compile(r"#[0-9]+\Z")


def text_of(element: etree._Element) -> str:
    """Returns the text of an element; line breaks of pretty printing become spaces.

    ``xml:space="preserve"`` keeps the text as it is.
    """
    text = "".join(str(piece) for piece in element.itertext())
    if element.get(_SPACE) == "preserve":
        return text
    return _BREAKS.sub(" ", text.strip(" \t\n\r"))


def field_of(element: etree._Element) -> tuple[str, str]:
    """Returns the name and the value of the field that an element is."""
    name, text = local_name(element), text_of(element)
    attributes = {a for a in element.attrib if a != _SPACE}
    if len(element) == 0 and text:
        category = element.get("type", "")
        if name in TYPED and _is_core(element) and attributes == {"type"} and category:
            if name == "admin" and category.startswith(_OWN_FIELD):
                return category.removeprefix(_OWN_FIELD), text
            return f"{name}:{category}", text
        if name == "note" and _is_core(element) and not attributes:
            return "tbx:note", text
        if not _is_core(element) and name in _OF_CATEGORY and not attributes:
            return f"{_OF_CATEGORY[name]}:{name}", text
    return f"xml:{_V3_NAMES.get(name, name)}", _canonical(element)


def put(fields: dict[str, str], name: str, value: str) -> None:
    """Adds a field under its name, or under the next numbered one if that is taken."""
    fields[_next_name(fields, name)] = value


def fields_xml(fields: Mapping[str, str], reserved: frozenset[str] = frozenset()) -> list[str]:
    """Returns the elements that `field_of` reads as these fields.

    A field that no element stands for, such as a column of a table, becomes an ``admin``.

    Args:
        fields: The fields of a concept, a language section or a term.
        reserved: Names whose elements are read as something else there.
    """
    written: dict[str, str] = {}
    elements = []
    for name, value in fields.items():
        plain = _NUMBER.sub("", name)
        own = plain in reserved or _next_name(written, plain) != name
        element = None if own else _element(plain, value)
        elements.append(element or typed_xml("admin", _OWN_FIELD + name, value))
        if element:
            written[name] = value
    return elements


def typed_xml(element: str, category: str, text: str) -> str:
    """Returns a DCA element."""
    return f"<{element} type={_attribute(category)}{_space(text)}>{escaped(text)}</{element}>"


def plain_xml(element: str, text: str) -> str:
    """Returns an element without a type."""
    return f"<{element}{_space(text)}>{escaped(text)}</{element}>"


def attribute_xml(name: str, value: str) -> str:
    """Returns an attribute with a space before it."""
    return f" {name}={_attribute(value)}"


def _element(name: str, value: str) -> str | None:
    """Returns the element that `field_of` reads as this field, or None if there is none."""
    kind, _, category = name.partition(":")
    if kind in TYPED and category and not category.startswith(_OWN_FIELD):
        return typed_xml(kind, category, value)
    if name == "tbx:note":
        return plain_xml("note", value)
    if kind == "xml" and _is_canonical(category, value):
        return value
    return None


def _is_canonical(name: str, value: str) -> bool:
    """True if the value is XML that would be read as the field ``xml:NAME`` with this value."""
    if "<!" in value or not value.startswith("<"):
        return False
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        element = etree.fromstring(value, parser)
        return field_of(element) == (f"xml:{name}", value)
    except (etree.XMLSyntaxError, ValueError):
        return False


def _canonical(element: etree._Element) -> str:
    """Returns exclusive canonical XML with the names of TBX v3."""
    return etree.tostring(_as_v3(element), method="c14n", exclusive=True).decode()


def _as_v3(element: etree._Element) -> etree._Element:
    """Returns a copy without prefixes for the elements of TBX itself."""
    name = local_name(element)
    tag = f"{{{NAMESPACE}}}{_V3_NAMES.get(name, name)}" if _is_core(element) else element.tag
    prefixes: Any = {None: NAMESPACE}
    own = etree.Element(tag, {str(a): str(v) for a, v in element.attrib.items()}, nsmap=prefixes)
    kept = element.get(_SPACE) == "preserve"
    own.text = element.text if kept else _BREAKS.sub(" ", element.text or "")
    for part in element:
        copied = _as_v3(part)
        copied.tail = part.tail if kept else _BREAKS.sub(" ", part.tail or "")
        own.append(copied)
    return own


def _is_core(element: etree._Element) -> bool:
    return etree.QName(element).namespace in (None, NAMESPACE)


def _next_name(fields: Mapping[str, str], name: str) -> str:
    number, found = 1, name
    while found in fields:
        number += 1
        found = f"{name}#{number}"
    return found


def _space(text: str) -> str:
    kept = text != text.strip(" \t\n\r") or any(c in text for c in "\t\n\r")
    return ' xml:space="preserve"' if kept else ""


def _attribute(text: str) -> str:
    return quoteattr(text, {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})

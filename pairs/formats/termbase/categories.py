"""TBX data categories: how an element of TBX v2, v3 DCA or v3 DCT becomes a named field, and back.

DCA writes ``<termNote type="partOfSpeech">noun</termNote>``, DCT ``<min:partOfSpeech>noun</…>``;
both become the field ``termNote:partOfSpeech``, whatever other attributes they have: those are the
fields ``termNote:partOfSpeech@id`` and so on. An element with more structure (``descripGrp``) or
without a category becomes the field ``xml:NAME`` with its canonical XML as value. A second field of
a name gets ``#2`` after it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from xindaya.pairs.formats.xml import local_name
from xindaya.pairs.formats.xml_text import escaped

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
"""Of TBX v3; v2 has none."""

NOTE = "note"
"""Of a term: the first one, which the model knows; its attributes are ``note@id`` and so on."""

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
_XML = "{http://www.w3.org/XML/1998/namespace}"
_SPACE = f"{_XML}space"
_OWN_FIELD = "xindaya-field:"
_BREAKS = re.compile(r"\s*[\t\n\r]\s*")
_NUMBER = re.compile(r"#[0-9]+\Z")
_ATTRIBUTE = re.compile(r"(.+)@((?!xml)[A-Za-z_][A-Za-z0-9_.-]*|xml:lang)\Z", re.DOTALL)
_BREAKING = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_SAYS_STATUS = frozenset(
    ("administrativestatus", "normativeauthorization", "status", "termstatus", "usagestatus",
     "approvalstatus", "状态", "狀態")
)  # fmt: skip


def text_of(element: etree._Element) -> str:
    """Returns the text of an element; line breaks of pretty printing become spaces.

    ``xml:space="preserve"`` keeps the text as it is.
    """
    text = "".join(str(piece) for piece in element.itertext())
    if element.get(_SPACE) == "preserve":
        return text
    return _BREAKS.sub(" ", text.strip(" \t\n\r"))


def field_of(element: etree._Element) -> tuple[str, str, dict[str, str]]:
    """Returns the name and the value of the field that an element is, and its other attributes."""
    name, text = local_name(element), text_of(element)
    others = {_attribute_name(a): str(v) for a, v in element.attrib.items() if a != _SPACE}
    if len(element) == 0 and text and all(map(_is_plain_name, others)):
        if _is_core(element):
            category = others.pop("type", "") if name in TYPED else ""
            if name == "admin" and category.startswith(_OWN_FIELD):
                return category.removeprefix(_OWN_FIELD), text, others
            if category:
                return f"{name}:{category}", text, others
            if name == "note" and "type" not in others:
                return "tbx:note", text, others
        elif name in _OF_CATEGORY and "type" not in others:
            return f"{_OF_CATEGORY[name]}:{name}", text, others
    return f"xml:{_V3_NAMES.get(name, name)}", _canonical(element), {}


def says_status(element: etree._Element) -> bool:
    """True for an element that holds the usage status of a term, however it is spelled."""
    category = element.get("type", "") if _is_core(element) else local_name(element)
    typed = local_name(element) in (*TYPED, "note") or not _is_core(element)
    return typed and re.sub(r"[\s_-]", "", category).lower() in _SAYS_STATUS


def put(fields: dict[str, str], name: str, value: str) -> str:
    """Adds a field under its name, or the next numbered one if that is taken; returns the name."""
    taken = _next_name(fields, name)
    fields[taken] = value
    return taken


def put_element(fields: dict[str, str], element: etree._Element, prefix: str = "") -> None:
    """Adds the field that an element is, and those of its attributes."""
    name, value, attributes = field_of(element)
    put_attributes(fields, put(fields, prefix + name, value), attributes)


def put_attributes(fields: dict[str, str], name: str, attributes: Mapping[str, str]) -> None:
    """Adds the attributes of the element that the field of this name is."""
    for attribute, value in attributes.items():
        put(fields, f"{name}@{attribute}", value)


def attributes_of(element: etree._Element, *known: str) -> dict[str, str]:
    """Returns the attributes besides those that are known, as far as a field can hold them."""
    named = {_attribute_name(a): str(v) for a, v in element.attrib.items()}
    return {n: v for n, v in named.items() if v and n not in known and _is_plain_name(n)}


def fields_xml(
    fields: Mapping[str, str],
    reserved: frozenset[str] = frozenset(),
    own: Mapping[str, str] | None = None,
) -> list[str]:
    """Returns the elements that `field_of` reads as these fields.

    A field that no element stands for, such as a column of a table, becomes an ``admin``.

    Args:
        fields: The fields of a concept, a language section or a term.
        reserved: Names whose elements are read as something else there.
        own: Fields that stand first, whatever is reserved; `NOTE` is the note of a term, before
            further ones (``tbx:note``).
    """
    own = own or {}
    attributes = _attributes_by_field(fields)
    plainly = dict(own)  # what stands as an element of its own category
    for name in fields:
        plain = _NUMBER.sub("", name)
        free = plain not in reserved and not _ATTRIBUTE.match(name)
        if free and _next_name(plainly, plain) == name and _element(name, fields):
            plainly[name] = name
    elements = [
        plain_xml(NOTE, own[name], attributes.get(name))
        if name == NOTE
        else _element(name, own, attributes.get(name)) or ""
        for name in own
    ]
    for name, value in fields.items():
        match = _ATTRIBUTE.match(name)
        if name in plainly and name not in own:
            elements.append(_element(name, fields, attributes.get(name)) or "")
        elif not (match and match[2] != "type" and match[1] in plainly) or match[1][:4] == "xml:":
            elements.append(typed_xml("admin", _OWN_FIELD + name, value))
    return elements


def fields_by_section(
    extra: Mapping[str, str], tags: Container[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Tells the fields of a concept from those of its language sections (``zh/NAME``)."""
    general: dict[str, str] = {}
    by_tag: dict[str, dict[str, str]] = {}
    for name, value in extra.items():
        tag, slash, rest = name.partition("/")
        if slash and tag in tags:
            by_tag.setdefault(tag, {})[rest] = value
        else:
            general[name] = value
    return general, by_tag


def typed_xml(
    element: str, category: str, text: str, attributes: Mapping[str, str] | None = None
) -> str:
    """Returns a DCA element."""
    return plain_xml(element, text, {"type": category, **(attributes or {})})


def plain_xml(element: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """Returns an element with these attributes."""
    start = element + "".join(attribute_xml(*item) for item in (attributes or {}).items())
    return f"<{start}{_space(text)}>{escaped(text)}</{element}>"


def attribute_xml(name: str, value: str) -> str:
    """Returns an attribute with a space before it."""
    return f" {name}={quoteattr(value, _BREAKING)}"


def _attributes_by_field(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Returns the attributes that fields such as ``descrip:definition@id`` give to others."""
    found: dict[str, dict[str, str]] = {}
    for name, value in fields.items():
        if (match := _ATTRIBUTE.match(name)) and match[2] != "type":
            found.setdefault(match[1], {})[match[2]] = value
    return found


def _element(
    name: str, fields: Mapping[str, str], attributes: Mapping[str, str] | None = None
) -> str | None:
    """Returns the element that `field_of` reads as this field, or None if there is none."""
    kind, _, category = _NUMBER.sub("", name).partition(":")
    value = fields[name]
    if kind in TYPED and category and not category.startswith(_OWN_FIELD):
        return typed_xml(kind, category, value, attributes)
    if kind == "tbx" and category in ("note", "term"):
        return plain_xml(category, value, attributes)
    if kind == "xml" and _is_canonical(category, value):
        return value
    return None


def parsed(value: str) -> etree._Element | None:
    """Returns the element that the value of a field ``xml:NAME`` is, None if it is no XML."""
    if "<!" in value or not value.startswith("<"):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(value, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _is_canonical(name: str, value: str) -> bool:
    """True if the value is XML that would be read as the field ``xml:NAME`` with this value."""
    element = parsed(value)
    return element is not None and field_of(element) == (f"xml:{name}", value, {})


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


def _attribute_name(name: Any) -> str:
    return str(name).replace(_XML, "xml:")


def _is_plain_name(name: str) -> bool:
    """True for an attribute that can be written without a namespace of its own."""
    return bool(_ATTRIBUTE.match(f"-@{name}"))

"""Which property, note or attribute of a TMX unit is which column of its segment."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from xindaya.pairs.formats.xml import local_name

SIDE = "x-side"
DOCUMENT, DOMAIN = "x-document", "x-domain"
COLUMN = "x-column:"

_DOCUMENTS = frozenset((DOCUMENT, "document", "x-filename", "filename", "file"))
_DOMAINS = frozenset((DOMAIN, "domain"))
Fields = list[tuple[str, str, str]]
"""Properties and notes: ``prop`` or ``note``, type, text."""


def fields_of(element: etree._Element) -> Fields:
    """Returns the properties and notes of a unit or text."""
    return [
        (name, child.get("type", ""), child.text or "")
        for child in element
        if (name := local_name(child)) in ("prop", "note")
    ]


def side_of(fields: Fields) -> str:
    """Returns what a translation says that it is; empty if it does not."""
    side = next((text for _, kind, text in fields if kind == SIDE), "")
    kind, _, name = side.partition(":")
    return side if name and kind in ("reference", "system") else ""


@dataclass
class Columns:
    """The columns of a unit, as they are found."""

    document: str = ""
    domain: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    _said: tuple[dict[str, str], str] | None = None

    def translator(self, *levels: dict[str, str]) -> None:
        """Takes who wrote the translation, from the first level that says it."""
        for values in levels:
            for name in ("changeid", "creationid"):
                if values.get(name):
                    self.extra["translator"] = values[name]
                    self._said = values, name
                    return

    def attributes(self, level: str, values: dict[str, str]) -> None:
        """Takes what no other column says."""
        for name, value in values.items():
            if value and name not in ("tuid", "lang") and self._said != (values, name):
                self.extra[f"{level}:{name}"] = value

    def fields(self, prefix: str, fields: Fields) -> None:
        """Takes properties and notes."""
        for kind, name, text in fields:
            if not text or name == SIDE:
                continue
            if name.startswith(COLUMN):
                self._add(name.removeprefix(COLUMN), text)
            elif name.lower() in _DOCUMENTS and not self.document:
                self.document = text
            elif name.lower() in _DOMAINS and not self.domain:
                self.domain = text
            else:
                self._add(prefix + (f"prop:{name}" if kind == "prop" else "note"), text)

    def _add(self, name: str, text: str) -> None:
        number, key = 2, name
        while key in self.extra:
            key, number = f"{name}#{number}", number + 1
        self.extra[key] = text

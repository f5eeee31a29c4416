"""Writing text as XML: escapes, and a clear error for what XML cannot carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from xindaya.pairs.errors import InputError, preview

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_BYTES = bytes(b for b in range(32) if b not in b"\t\n\r")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_NOT_NAME = re.compile(r"\A[0-9.-]|_(?=x[0-9A-Fa-f]{4,6}_)|[^A-Za-z0-9_.\u3400-\u9fff-]")


class XmlText:
    """Escapes the texts of one file; names the segment when a text cannot be written.

    Args:
        path: The file, for errors.
        form: What it is called in errors: ``TMX``.
        unit: What a text belongs to.
        instead: The format that can carry every text.
    """

    def __init__(
        self, path: Path, form: str, *, unit: str = "segment", instead: str = "JSONL"
    ) -> None:
        self._path, self._form, self._unit, self._instead = path, form, unit, instead

    def content(self, text: str, segment: str) -> str:
        """Returns text for between two tags."""
        self.check(text, segment)
        return escaped(text)

    def contents(self, texts: Sequence[str], segments: Sequence[str]) -> list[str]:
        """Returns many texts for between two tags, equally many for each segment."""
        joined = "\0".join(texts)
        # At C speed: the separators are the only characters that XML cannot carry.
        if self._is_odd(joined, len(texts) - 1):
            each = len(texts) // len(segments)
            for place, text in enumerate(texts):
                self.check(text, segments[place // each])
        return escaped(joined).split("\0")

    def _is_odd(self, joined: str, separators: int) -> bool:
        try:
            raw = joined.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            return True
        odd = len(raw) - len(raw.translate(None, _BAD_BYTES)) != separators
        return odd or any(c in raw for c in _NO_CHARACTERS)

    def attribute(self, name: str, value: str, segment: str) -> str:
        """Returns ``name="value"`` with a space before it."""
        return f' {name}="{attribute_value(self.content(value, segment))}"'

    def check(self, text: str, segment: str) -> None:
        """Raises InputError if a character cannot stand in XML."""
        if bad := _UNWRITABLE.search(text):
            raise InputError(
                self._path,
                f"the character U+{ord(bad[0]):04X} in {self._unit} {preview(segment)}",
                f"text that {self._form} can carry",
                hint=f"take the character out, or write {self._instead}",
            )


def attribute_value(content: str) -> str:
    """Returns escaped text for between two quotes."""
    if content.isalnum():
        return content
    # A parser turns white space in an attribute into plain spaces.
    return content.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def escaped(text: str) -> str:
    """Returns text for between two tags."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A parser turns a bare carriage return into a line feed.
    return text.replace("\r", "&#13;")


def replaced(text: str) -> str:
    """Returns text with U+FFFD in place of what XML cannot carry."""
    return _UNWRITABLE.sub("\ufffd", text)


def name_token(text: str) -> str:
    """Returns an id that XML allows anywhere: other characters become ``_x0020_``."""
    return _NOT_NAME.sub(lambda m: f"_x{ord(m[0]):04X}_", text)

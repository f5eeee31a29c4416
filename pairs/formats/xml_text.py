"""Writing text as XML: escapes, and a clear error for what XML cannot carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from xindaya.pairs.errors import InputError, preview

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAD_BYTES = bytes(b for b in range(32) if b not in b"\t\n\r")
_SHORT = 100
TAG, TAG_END = "\1", "\2"
"""Stand for ``<`` and ``>`` where markup is mixed with text: XML cannot carry them."""

# A parser turns a bare carriage return into a line feed.
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
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

    def attribute(self, name: str, value: str, segment: str) -> str:
        """Returns ``name="value"`` with a space before it."""
        self.check(value, segment)
        # Attributes repeat from unit to unit; long ones would fill the memory.
        return (
            _attribute(name, value) if len(value) < _SHORT else _attribute.__wrapped__(name, value)
        )

    def check(self, text: str, segment: str) -> None:
        """Raises InputError if a character cannot stand in XML."""
        if bad := _UNWRITABLE.search(text):
            raise InputError(
                self._path,
                f"the character U+{ord(bad[0]):04X} in {self._unit} {preview(segment)}",
                f"text that {self._form} can carry",
                hint=f"take the character out, or write {self._instead}",
            )


def escaped_all(texts: Sequence[str], tags: int = 0) -> list[bytes] | None:
    """Returns texts for between two tags, in UTF-8, at the speed of C.

    Args:
        texts: The texts.
        tags: How many tags stand in them, between `TAG` and `TAG_END` rather than ``<`` and ``>``.

    Returns:
        None if a text has a character that XML cannot carry, or more than so many tags.
    """
    joined = "\0".join(texts)
    try:
        raw = joined.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    odd = len(raw) - len(raw.translate(None, _BAD_BYTES))
    if odd != len(texts) - 1 + 2 * tags or "\ufffe" in joined or "\uffff" in joined:
        return None
    if tags and not joined.count(TAG) == joined.count(TAG_END) == tags:
        return None
    for old, new in (*_ESCAPES, (TAG, "<"), (TAG_END, ">")) if tags else _ESCAPES:
        raw = raw.replace(old.encode(), new.encode())
    return raw.split(b"\0")


@lru_cache(10_000)
def _attribute(name: str, value: str) -> str:
    return f' {name}="{attribute_value(escaped(value))}"'


def is_attribute_value(content: str) -> bool:
    """True if text needs no other escapes between two quotes than elsewhere."""
    return not any(c in content for c in '"\n\t')


def attribute_value(content: str) -> str:
    """Returns escaped text for between two quotes."""
    # A parser turns white space in an attribute into plain spaces.
    return content.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def escaped(text: str) -> str:
    """Returns text for between two tags."""
    for old, new in _ESCAPES:
        text = text.replace(old, new)
    return text


def replaced(text: str) -> str:
    """Returns text with U+FFFD in place of what XML cannot carry."""
    return _UNWRITABLE.sub("\ufffd", text)


def name_token(text: str) -> str:
    """Returns an id that XML allows anywhere: other characters become ``_x0020_``."""
    return _NOT_NAME.sub(lambda m: f"_x{ord(m[0]):04X}_", text)

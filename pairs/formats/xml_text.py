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
_MARKS = "\1\2\3\4\5\6\7\b"
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


def interleaved(*columns: tuple[str, Sequence[str]], end: str) -> bytes | None:
    """Returns the rows of a table as XML: each cell escaped, with the markup before it.

    Args:
        columns: Markup that stands before each cell of a column, and the cells.
        end: Markup that ends a row.

    Returns:
        All rows in UTF-8, at C speed; None if a text has a character that XML cannot carry.
    """
    rows, width = len(columns[0][1]), 2 * len(columns) + 1
    parts = [_MARKS[len(columns)]] * (width * rows)
    for place, (_, cells) in enumerate(columns):
        # Characters that XML has not stand where the markup will.
        parts[2 * place :: width] = [_MARKS[place]] * rows
        parts[2 * place + 1 :: width] = cells
    joined = "".join(parts)
    try:
        raw = joined.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    odd = len(raw) - len(raw.translate(None, _BAD_BYTES)) - (len(columns) + 1) * rows
    if odd or "\ufffe" in joined or "\uffff" in joined:
        return None
    for old, new in _ESCAPES:
        raw = raw.replace(old.encode(), new.encode())
    for mark, markup in zip(_MARKS, (*(before for before, _ in columns), end), strict=False):
        raw = raw.replace(mark.encode(), markup.encode())
    return raw


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

"""Characters that cannot be seen, made visible: a control that reorders text must not hide."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# What the report calls them; any other is shown as U+XXXX.
NAMES = {
    "\x00": "NUL", "\t": "TAB", "\n": "LF", "\r": "CR", "\x1b": "ESC", "\x7f": "DEL",
    "\xad": "SHY", "\u061c": "ALM", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
    "\u200e": "LRM", "\u200f": "RLM", "\u2028": "LSEP", "\u2029": "PSEP", "\u202a": "LRE",
    "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip

# A character class that Python and JavaScript read alike: controls, format characters, lone
# surrogates, tags. Written with escapes because the script gets it as data.
_BASIC = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
)
SCRIPT_PATTERN = "[" + _BASIC + r"\u{e0000}-\u{e0fff}]"
_PATTERN = re.compile("[" + _BASIC + r"\U000e0000-\U000e0fff]")


def label(character: str) -> str:
    """Returns the short name of an invisible character."""
    return NAMES.get(character, f"U+{ord(character):04X}")


def visible(text: str) -> Markup:
    """Escapes a text and shows its invisible characters as chips."""
    parts = re.split(f"({_PATTERN.pattern})", text)  # every other part is an invisible character
    return Markup("").join(
        _chip(part) if position % 2 else escape(part) for position, part in enumerate(parts)
    )


def plain(text: str) -> str:
    """Returns a text for attributes and SVG titles, invisible characters as ``[NAME]``."""
    return _PATTERN.sub(lambda m: f"[{label(m.group())}]", text)


def _chip(character: str) -> Markup:
    return Markup('<span class="chip">{}</span>').format(label(character))

"""Inline tags: one string for scoring, one with placeholders for display, and their count.

``Press <g id="1">OK</g><x id="2"/>`` is *Press OK* for a metric and *Press ⟦1⟧OK⟦/1⟧⟦2/⟧* for a
person. The second is kept in the segment's columns as ``display:source``, ``display:reference:A``
or ``display:system:NAME``, only where there are tags. What a tag stands for (the code in a TMX
``<ph>``) is not kept.

One table serves TMX, XLIFF 1.2 and XLIFF 2: where they share a name they share its meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.formats.xml import attributes, local_name

DISPLAY = "display:"

_PAIRS = frozenset(("g", "hi", "pc"))  # what they hold is text, and they are tags
_TEXTS = frozenset(("mrk",))  # what they hold is text, and they only annotate it
_OPENS = frozenset(("bpt", "bx", "sc"))
_CLOSES = frozenset(("ept", "ex", "ec"))
_SINGLES = frozenset(("ph", "x", "it", "ut"))
_MARKS = frozenset(("sm", "em"))  # empty, and annotate
_DELETED = frozenset(("x-sdl-deleted",))
_PLACEHOLDER = re.compile(r"⟦(/?)([^⟦⟧/\s]+)(/?)⟧")
_UNLABELLED = re.compile(r"[⟦⟧/\s]+")


class UnknownInlineError(ValueError):
    """An element that no inline markup has."""


@dataclass(frozen=True, slots=True)
class TagMismatch:
    """A segment whose tags differ between the source and one of its translations.

    Attributes:
        segment: Its id.
        side: ``reference:NAME`` or ``system:NAME``.
        missing: Tags of the source that the translation lacks, as placeholders.
        added: Tags of the translation that the source lacks.
    """

    segment: str
    side: str
    missing: tuple[str, ...]
    added: tuple[str, ...]


def read_inline(element: etree._Element) -> tuple[str, str]:
    """Returns the text of an element, and the same with placeholders for its tags.

    Raises:
        UnknownInlineError: If there is an element that no inline markup has.
    """
    if not len(element):
        text = element.text or ""
        return text, text
    plain: list[str] = []
    shown: list[str] = []
    _walk(element, plain, shown)
    return "".join(plain), "".join(shown)


def write_inline(display: str, text: str) -> list[tuple[str, str, str]] | None:
    """Cuts a display string into (kind, label, text) for a writer.

    Returns:
        Pieces of kind ``text``, ``open``, ``close``, ``lone-open``, ``lone-close`` or ``single``;
        None if the string without its placeholders is not `text`, so that `text` must stand alone.
    """
    if _PLACEHOLDER.sub("", display) != text:
        return None
    found = list(_PLACEHOLDER.finditer(display))
    pieces: list[tuple[str, str, str]] = []
    place = 0
    opened = Counter(m[2] for m in found if not m[1] and not m[3])
    closed = Counter(m[2] for m in found if m[1])
    for match in found:
        pieces.append(("text", "", display[place : match.start()]))
        place = match.end()
        kind = "close" if match[1] else "single" if match[3] else "open"
        if kind != "single" and opened[match[2]] != closed[match[2]]:
            kind = f"lone-{kind}"
        pieces.append((kind, match[2], ""))
    pieces.append(("text", "", display[place:]))
    return pieces


def displayed(extra: Mapping[str, str], side: str, text: str) -> str:
    """Returns the display string of a side, which is its text where there are no tags."""
    return extra.get(DISPLAY + side, text)


def tags_of(extra: Mapping[str, str], side: str, text: str) -> Counter[str]:
    """Counts the tags of a side, as placeholders."""
    if DISPLAY + side not in extra:
        return Counter()
    shown = Counter(m[0] for m in _PLACEHOLDER.finditer(extra[DISPLAY + side]))
    # What looks like a placeholder in the text itself is text.
    shown.subtract(Counter(m[0] for m in _PLACEHOLDER.finditer(text)))
    return +shown


def tag_mismatches(corpus: Corpus) -> list[TagMismatch]:
    """Lists the segments whose tags differ between the source and a reference or an output.

    Tags are compared by their placeholders, however often each occurs; their order is free, since
    translation moves words. A missing text has no tags to compare.
    """
    return list(_mismatches(corpus))


def _mismatches(corpus: Corpus) -> Iterator[TagMismatch]:
    for position, s in enumerate(corpus.segments):
        if not any(key.startswith(DISPLAY) for key in s.extra):
            continue
        source = tags_of(s.extra, "source", s.source or "")
        sides: dict[str, str | None] = {
            f"reference:{n}": text
            for n, text in zip(corpus.reference_names, s.references, strict=True)
        }
        sides |= {f"system:{n}": outputs[position] for n, outputs in corpus.systems.items()}
        for side, text in sides.items():
            if text is None:
                continue
            target = tags_of(s.extra, side, text)
            missing, added = source - target, target - source
            if missing or added:
                yield TagMismatch(
                    s.id, side, tuple(sorted(missing.elements())), tuple(sorted(added.elements()))
                )


def _walk(element: etree._Element, plain: list[str], shown: list[str]) -> None:
    _add(element.text, plain, shown)
    for child in element:
        _tag(child, plain, shown)
        _add(child.tail, plain, shown)


def _tag(tag: etree._Element, plain: list[str], shown: list[str]) -> None:
    if not isinstance(tag.tag, str):
        raise UnknownInlineError(str(tag.text))
    name, values = local_name(tag), attributes(tag)
    if name in _TEXTS:
        if values.get("mtype") not in _DELETED:
            _walk(tag, plain, shown)
    elif name in _PAIRS:
        label = _label(values, "id", "x", shown)
        shown.append(f"⟦{label}⟧")
        _walk(tag, plain, shown)
        shown.append(f"⟦/{label}⟧")
    elif name in _OPENS or (name == "it" and values.get("pos") in ("begin", "open")):
        shown.append(f"⟦{_label(values, 'i', 'rid', shown)}⟧")
    elif name in _CLOSES or (name == "it" and values.get("pos") in ("end", "close")):
        shown.append(f"⟦/{_label(values, 'i', 'rid', shown)}⟧")
    elif name in _SINGLES:
        shown.append(f"⟦{_label(values, 'id', 'x', shown)}/⟧")
    elif name == "cp":
        # XLIFF 2: a character that XML itself cannot hold.
        _add(_character(values.get("hex", "")), plain, shown)
    elif name not in _MARKS:
        raise UnknownInlineError(f"<{name}>")


def _label(values: dict[str, str], first: str, second: str, shown: list[str]) -> str:
    """Returns what both ends of a tag, and both languages, call it."""
    names = (first, second, "startRef", "id", "x")
    own = next((values[n] for n in names if values.get(n)), "")
    # Without a name the place in the segment stands in: the same tags in the same order match.
    return _UNLABELLED.sub("_", own) or str(1 + sum(s.startswith("⟦") for s in shown))


def _character(digits: str) -> str:
    try:
        character = chr(int(digits, 16))
        character.encode()
    except (ValueError, OverflowError) as error:
        raise UnknownInlineError(f'<cp hex="{digits}">') from error
    return character


def _add(text: str | None, plain: list[str], shown: list[str]) -> None:
    if text:
        plain.append(text)
        shown.append(text)

"""Complete units of TMX, taken apart by the hundred as columns.

A pattern takes them apart as they are spelled, at the speed of C. It knows the usual spelling: double quotes, one space between
attributes, no CDATA, no comments. Units spelled otherwise are parsed by libxml2, which writes them out
so; one that the pattern does not know then either is left to be walked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xindaya.pairs.formats.inline import alone
from xindaya.pairs.formats.tmx_columns import Fields
from xindaya.pairs.formats.xml import bare_name
from xindaya.pairs.formats.xml_stream import (
    BETWEEN,
    UnusualError,
    all_unescaped,
    has_usual_entities,
    unescaped,
)

ODD = "\2"
"""Stands in a display string where a tag is that must be walked."""

_SHORT = 200  # characters of markup that are remembered: a hostile file would fill the memory
_MOST = 10_000
_LONGEST = 1_000  # characters of the markup of a unit that a pattern is made of
_SAMPLE = 10_000  # characters in which units must be alike before a pattern is made
_MARK = "\0"  # as all marks: a character that XML has not

_NAMED = r' [^\s="<>/:]+(?:(?<= xml):lang)?="[^"<>\t\n]*"'
_USUAL = re.compile(rf"(?:{_NAMED})*\s*/?")
_USUAL_TAG = re.compile(rf'/?[^\s="<>/:]+(?:{_NAMED})*\s*/?')

_OPEN = "[^<>]*(?<!/)>"
_FIELDS = rf"(?:\s*+<(?:prop|note)(?=[ />])(?:[^<>]*/>|{_OPEN}[^<]*</(?:prop|note)>))*"
_VARIANT = (
    rf"\s*+<tuv(?=[ >])({_OPEN}{_FIELDS})\s*+"
    rf"<seg(?:{_NAMED})*+\s*+(?:/>|>([^<]*(?:<(?!/seg>)[^<]*)*)</seg>)\s*+</tuv>"
)
_UNITS = re.compile(
    rf'\s*+<tu(?=[ >])(?: tuid="([^"]*)")?({_OPEN}{_FIELDS})'
    rf"{_VARIANT}{_VARIANT}\s*+</tu>|((?s:.+?</tu>|.+))"
)
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)="([^"]*)"')
_FIELD = re.compile(r"<(prop|note)([^<>]*?)(?:/>|>([^<]*)</)")
# A tag with a native code in it is one: what it means, its code may say.
_TAGS = re.compile(r"<((?:(?:bpt|ept|ph|it|ut)(?=[ >])[^<>]*(?<!/)>[^<]*</)?[^<>]*)>")


class Rows(NamedTuple):
    """Units as they are spelled, in columns.

    Attributes:
        tuids: Their ids, where that is the first attribute.
        units: The other attributes and the fields, which `level_of` reads.
        firsts: Those of the first text.
        first_segs: What the first text holds.
        seconds: As `firsts`, of the second.
        second_segs: As `first_segs`.
        others: All of a unit that must be walked; the rest is empty there.
    """

    tuids: Sequence[str]
    units: Sequence[str]
    firsts: Sequence[str]
    first_segs: Sequence[str]
    seconds: Sequence[str]
    second_segs: Sequence[str]
    others: Sequence[str]


class Level(NamedTuple):
    """The attributes and fields of a unit or a text.

    Attributes:
        names: What they are called, with the language tag: alike for most units.
        values: What they say, in the same order.
    """

    names: tuple[str, ...]
    values: tuple[str, ...]

    def filled(self, values: Sequence[str]) -> tuple[dict[str, str], Fields]:
        """Returns attributes and fields as walking gives them, with these values."""
        own: dict[str, str] = {}
        fields: Fields = []
        for name, value in zip(self.names, values, strict=True):
            if name.startswith("<"):
                kind, _, rest = name[1:].partition(" ")
                given = {bare_name(key): text for key, text in _ATTRIBUTE.findall(f" {rest}")}
                text = "" if name.endswith("=") else value
                fields.append((kind, unescaped(given.get("type", "")), text))
            else:
                name, constant, text = name.partition("=")
                own[name.rpartition(":")[2]] = unescaped(text) if constant else value
        return own, fields


class Said(NamedTuple):
    """What a unit says beside its texts.

    Attributes:
        side: What its translation is.
        source_first: Whether the first text is the source.
        tuid: Empty if there is none.
        document: Likewise.
        domain: Likewise.
        extra: Its other columns.
    """

    side: str
    source_first: bool
    tuid: str
    document: str
    domain: str
    extra: Mapping[str, str]

    def run(self, first: Sequence[str], second: Sequence[str]) -> tuple[Sequence[Any], ...]:
        """Returns the columns of units that all say this, but for their ids."""
        size = len(first)
        own = [self.document] * size, [self.domain] * size, [self.extra] * size
        return (first, second, *own) if self.source_first else (second, first, *own)


class Plan:
    """Where the columns of a unit stand in what it says: the same for all units with its names.

    Args:
        said: What a unit says whose values are `marks`.
    """

    def __init__(self, said: Said) -> None:
        self._side, self._source_first = said.side, said.source_first
        self._names = tuple(said.extra)
        self._constants: list[str] = []
        texts = said.tuid, said.document, said.domain, *said.extra.values()
        self._places = [self._place(text) for text in texts]

    def _place(self, text: str) -> int:
        if text.startswith(_MARK):
            return int(text[1:])
        self._constants.append(text)
        return -len(self._constants)

    def said(self, *levels: Level) -> Said:
        """Returns what a unit says, and its texts."""
        values = [value for level in levels for value in level.values] + self._constants[::-1]
        tuid, document, domain, *others = [values[place] for place in self._places]
        extra = dict(zip(self._names, others, strict=True))
        return Said(self._side, self._source_first, tuid, document, domain, extra)


def marked(*levels: Level) -> list[tuple[dict[str, str], Fields]]:
    """Returns attributes and fields of each level, in which every value says its place."""
    places = itertools.count()
    return [level.filled([f"{_MARK}{next(places)}" for _ in level.names]) for level in levels]


def rows_of(inside: str, check: Callable[[], None]) -> Rows | None:
    """Returns units by their spelling; None if something between them is none, or has an entity.

    Args:
        inside: The units.
        check: Checks that they are well formed.

    Raises:
        UnusualError: If its ids are spelled otherwise than here.
    """
    if not has_usual_entities(inside):
        return None
    inside = inside.rstrip()
    if (alike := _alike(inside)) is not None:
        return alike
    check()
    rows = _UNITS.findall(inside)
    if not rows:
        return None
    tuids, units, firsts, first_segs, seconds, second_segs, others = zip(*rows, strict=True)
    if not all(map(_is_unit, others)):
        return None
    return Rows(_ids(tuids), units, firsts, first_segs, seconds, second_segs, others)


def _alike(inside: str) -> Rows | None:
    """Returns units that differ in ids and in texts without tags only; None if they are no such.

    Most files hold no others, and a pattern of constants takes them apart several times as fast.
    """
    first = _UNITS.match(inside)
    if first is None or first[4] is None or first[6] is None:
        return None
    has_ids = first[1] is not None
    gaps = [first.span(1) if has_ids else (first.start(2),) * 2, first.span(4), first.span(6)]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), first.end()]
    constants = tuple(inside[start:end] for start, end in zip(starts, ends, strict=True))
    sample = inside[:_SAMPLE]
    others = sample.count("</tu>") - 1
    if sum(map(len, constants)) > _LONGEST or any(sample.count(c) < others for c in constants[1:3]):
        return None  # not worth a pattern
    rows = _pattern(constants, has_ids).findall(inside)
    tuids, first_segs, second_segs, rests = zip(*rows, strict=True)
    if any(rests):
        return None
    count = len(rows)
    unit, one, two = ([head] * count for head in first.group(2, 3, 5))
    return Rows(_ids(tuids), unit, one, first_segs, two, second_segs, ("",) * count)


def _ids(tuids: Sequence[str]) -> Sequence[str]:
    joined = BETWEEN.join(tuids)
    if any(odd in joined for odd in "<>\t\n"):
        raise UnusualError
    return all_unescaped(tuids, joined)


@lru_cache(100)
def _pattern(constants: Sequence[str], has_ids: bool) -> re.Pattern[str]:
    before, head, middle, after = map(re.escape, constants)
    tuid = '([^"<]*)' if has_ids else "()"
    return re.compile(f"{before}{tuid}{head}([^<]*){middle}([^<]*){after}|((?s:.+))")


def _is_unit(rest: str) -> bool:
    return not rest or rest.lstrip().startswith("<tu")


def contents_of(segments: Sequence[str]) -> tuple[Sequence[str], Sequence[str], list[str]]:
    """Returns the texts to be scored, the display strings and the native codes of what segments hold."""
    joined = BETWEEN.join(segments)
    if "<" not in joined:
        texts = all_unescaped(segments, joined)
        return texts, texts, []
    pieces = _TAGS.split(joined)
    if "&" in joined:
        pieces[::2] = unescaped("\0".join(pieces[::2])).split("\0")
    plain = "".join(pieces[::2]).split(BETWEEN)
    tags = pieces[1::2]
    pieces[1::2] = map(_placeholders.__getitem__, tags)
    codes = [_code(tag) for tag in dict.fromkeys(tags) if ">" in tag]
    return plain, "".join(pieces).split(BETWEEN), codes


def _code(markup: str) -> str:
    return unescaped(markup.partition(">")[2].rpartition("</")[0])


class _Placeholders(dict[str, str]):
    """What stands for a tag in a display string."""

    def __missing__(self, markup: str) -> str:
        placeholder = self._of(markup)
        if len(markup) < _SHORT and len(self) < _MOST:
            self[markup] = placeholder
        return placeholder

    def _of(self, markup: str) -> str:
        tag, has_code, _ = markup.partition(">")
        if not _USUAL_TAG.fullmatch(tag):
            raise UnusualError
        if not (has_code or tag.endswith("/")):
            return ODD  # what it holds is more than a code
        name, _, rest = tag.removesuffix("/").partition(" ")
        values = ((key, unescaped(value)) for key, value in _ATTRIBUTE.findall(f" {rest}"))
        placeholder, is_break = alone.__wrapped__(name, _code(markup), *values)
        return ODD if is_break or not placeholder else placeholder


_placeholders = _Placeholders()


def level_of(head: str) -> Level:
    """Reads the attributes and fields of a unit or a text."""
    return _level(head) if len(head) < _SHORT else _level.__wrapped__(head)


@lru_cache(_MOST)
def _level(head: str) -> Level:
    attributes, _, fields = head.partition(">")
    if not _USUAL.fullmatch(attributes):
        raise UnusualError
    pairs = _ATTRIBUTE.findall(attributes)
    names = [f"{n}={v}" if n.endswith("lang") else n for n, v in pairs]
    values = [value for _, value in pairs]
    if fields:
        found = _FIELD.findall(fields)
        if not all(_USUAL.fullmatch(rest) for _, rest, _ in found):
            raise UnusualError
        names += [f"<{kind}{rest}" for kind, rest, _ in found]
        values += [text for _, _, text in found]
    if "" in values:
        # An empty one is none: that makes another kind of unit.
        names = [n if v or n[-1] == "=" else f"{n}=" for n, v in zip(names, values, strict=True)]
    if "&" in head:
        values = [unescaped(value) for value in values]
    return Level(tuple(names), tuple(values))

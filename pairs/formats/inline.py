"""Inline content: one string for scoring, one with placeholders for display, and what else is in it.

``Press <g id="1">OK</g><x id="2"/>`` is *Press OK* for a metric and *Press ⟦1⟧OK⟦/1⟧⟦2/⟧* for a
person. The second is kept in the segment's columns as ``display:source``, ``display:reference:A``
or ``display:system:NAME``, only where there are tags. Of what may stand in a text

- a **tag** glues (``H<sub>2</sub>O`` is H2O); its native code is markup and not kept;
- a **break** (a line or page break, a tab: by its type, its equivalent text or its code) is a blank,
  unless it stands at an end or beside white space;
- a **protected** text stands in its place, as a pair of tags around it;
- a **sub-flow** (``<sub>``: a footnote, the text of an attribute) is a text of its own;
- a tracked **deletion** and a **comment** are no part of the text, and handed over beside it.

One table serves TMX, XLIFF 1.2 and XLIFF 2: where they share a name they share its meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.formats.xml import attributes, bare_name

DISPLAY = "display:"

_KINDS = {
    "g": "pair", "hi": "pair", "pc": "pair",  # what they hold is text, and they are tags
    "mrk": "mark",  # what it holds is text, and it only annotates it
    "bpt": "open", "bx": "open", "sc": "open",
    "ept": "close", "ex": "close", "ec": "close",
    "ph": "single", "x": "single", "it": "single", "ut": "single",
    "sm": "note", "em": "note",  # empty, and annotate
    "cp": "character",
}  # fmt: skip
_ENDS = {"begin": "open", "open": "open", "end": "close", "close": "close"}  # of an <it>
_DELETED = frozenset(("x-sdl-deleted",))
_DEEPEST = 100
_SHORT = 100
# As XLIFF, TMX and the filters of tools call it: lb, x-lb, x-html-br, xlf:lb, LineBreak.
_BREAK_KIND = re.compile(
    r"(?:.*[-:_])?(?:lb|pb|br|cr|tab|(?:soft|hard|line|page|column)?[-_]?break|newline|line-?feed)",
    re.IGNORECASE,
)
_BREAK_CODE = re.compile(
    r"\s*(?:(?:\\(?:line|par|tab|[nrt])|&#(?:0*(?:9|10|13)|x0*[9ad]);)\s*)+\Z"
    # memoQ writes a character as a tag.
    r"|\s*(?:<|&lt;)mq:ch\s+val=(?:\"|&quot;)(?:[\n\r\t\u2028]|&(?:amp;)?#(?:9|10|13|x[9ad]|8232|x2028);)+"
    r"|.*(?:<|&lt;)(?:\s*/)?\s*(?:[\w-]+:)?"
    r"(?:br|cr|tab|hr|p|line-?break|page-?break)(?=[\s/>]|&gt;)",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER = re.compile(r"⟦(/?)([^⟦⟧/\s]+)(/?)⟧")
_PLACED = re.compile(r"(⟦/?[^⟦⟧/\s]+/?⟧)")
_SHOWN = {"open": "⟦{}⟧", "pair": "⟦{}⟧", "close": "⟦/{}⟧", "single": "⟦{}/⟧"}
_UNLABELLED = re.compile(r"[⟦⟧/\s]+")
PHRASE_TAGS = re.compile(r"\{(?P<open>[\w^]+)>|<(?P<close>[\w^]+)\}|\{(?P<single>\d+)\}")
"""Tags as Phrase writes them into a text: ``{b>bold<b}``, ``{1}``."""
WRITTEN_TAGS = (
    PHRASE_TAGS,
    re.compile(r"\[(?P<open>\d+)\}|\{(?P<close>\d+)\]|\{(?P<single>\d+)\}"),
    re.compile(r"<(?P<open>\d+)>|</(?P<close>\d+)>|<(?P<single>\d+)/>"),
)
"""Tags as Phrase, memoQ (``[1}bold{1]``) and Trados (``<1>bold</1>``) write them into tables."""


class UnknownInlineError(ValueError):
    """An element that no inline markup has."""


class Content(NamedTuple):
    """What an element with inline content holds.

    Attributes:
        text: To be scored.
        display: The same with a placeholder for each tag.
        deleted: What was deleted in it, tracked.
        comments: On parts of it.
        subs: Its sub-flows.
        codes: What its tags hold that is none: native codes.
    """

    text: str
    display: str
    deleted: str = ""
    comments: tuple[str, ...] = ()
    subs: tuple[Content, ...] = ()
    codes: tuple[str, ...] = ()


def native_codes(codes: Iterable[str]) -> list[LeftOut]:
    """Accounts for the codes of a file's tags, each once: placeholders stand for them."""
    why = "native codes of tags, which placeholders stand for"
    return [LeftOut("inline tags", why, code) for code in sorted({*codes}) if code.strip()]


def _unprotected(_id: str) -> str | None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """What a file says elsewhere of the tags in a text.

    Attributes:
        codes: Id of a tag, or ``#`` and its reference to data, to the code it stands for.
        comments: Id of a comment to its text.
        protected: Gives the text that an ``xid`` stands for, or None.
        as_text: How tags are written into the text itself, in groups ``open``, ``close``, ``single``.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    protected: Callable[[str], str | None] = _unprotected
    as_text: re.Pattern[str] | None = None


_NOTHING = Surroundings()


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


def read_inline(element: etree._Element, around: Surroundings = _NOTHING) -> Content:
    """Returns what an element holds.

    Raises:
        UnknownInlineError: If there is an element that no inline markup has.
    """
    if not len(element) and around.as_text is None:
        text = element.text or ""
        return Content(text, text)
    reader = _Reader(around)
    reader.walk(element)
    return reader.content()


def read_written(text: str, tags: re.Pattern[str]) -> Content:
    """Returns what a text holds into which tags are written."""
    reader = _Reader(Surroundings(as_text=tags))
    reader.add(text)
    return reader.content()


def add_columns(extra: dict[str, str], side: str, content: Content) -> None:
    """Adds what is not scored of a side's content to the columns of its segment."""
    if content.display != content.text:
        extra[DISPLAY + side] = content.display
    if content.deleted:
        extra[f"deleted:{side}"] = content.deleted
    if content.comments:
        extra["comment"] = "\n".join(filter(None, (extra.get("comment"), *content.comments)))


def is_tags_alone(*contents: Content | None) -> bool:
    """True if there are tags and no text, so that there is nothing to translate."""
    given = [c for c in contents if c is not None]
    return any(c.display != c.text for c in given) and not any(
        c.text.strip() or c.subs for c in given
    )


def sub_flows(
    source: Content, targets: Mapping[str, Content]
) -> tuple[list[tuple[Content, dict[str, Content]]], list[str]]:
    """Joins the sub-flows of a source and its translations, by position.

    Returns:
        Each sub-flow of the source with its translations by side, and the texts of those that stand
        in a translation alone.
    """
    pairs = [
        (sub, {side: c.subs[n] for side, c in targets.items() if n < len(c.subs)})
        for n, sub in enumerate(source.subs)
    ]
    alone = [sub.text for c in targets.values() for sub in c.subs[len(source.subs) :]]
    return pairs, alone


def split_inline(display: str, text: str) -> list[str] | None:
    """Cuts a display string into texts (the 1st, 3rd, …) and placeholders between them.

    Returns:
        None if the string without its placeholders is not `text`, or that has no letter, so that
        `text` must stand alone: tags without text are no segment.
    """
    pieces = _PLACED.split(display)
    return pieces if "".join(pieces[::2]) == text and text.strip() else None


def tags_in(placeholders: str) -> Iterator[tuple[str, str]]:
    """Yields kind (``open``, ``close``, ``lone-open``, ``lone-close`` or ``single``) and label."""
    found = list(_PLACEHOLDER.finditer(placeholders))
    opened = Counter(m[2] for m in found if not m[1] and not m[3])
    closed = Counter(m[2] for m in found if m[1])
    for match in found:
        kind = "close" if match[1] else "single" if match[3] else "open"
        lone = kind != "single" and opened[match[2]] != closed[match[2]]
        yield f"lone-{kind}" if lone else kind, match[2]


def write_inline(display: str, text: str) -> list[tuple[str, str, str]] | None:
    """Cuts a display string into (kind, label, text) for a writer.

    Returns:
        Pieces of kind ``text``, or of a tag as in `tags_in`; None as from `split_inline`.
    """
    pieces = split_inline(display, text)
    if pieces is None:
        return None
    mixed = [("text", "", pieces[0])]
    for (kind, label), piece in zip(tags_in("".join(pieces[1::2])), pieces[2::2], strict=True):
        mixed += (kind, label, ""), ("text", "", piece)
    return [piece for piece in mixed if piece[1] or piece[2]]


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


class _Reader:
    """Walks through an element and collects its content."""

    def __init__(self, around: Surroundings, depth: int = 0) -> None:
        self._around, self._depth = around, depth
        self._plain: list[str] = []
        self._shown: list[str] = []
        self._tags = 0
        self._break = False  # one stands since the last text
        self._deleted: list[str] = []
        self._comments: list[str] = []
        self._subs: list[Content] = []
        self._codes: list[str] = []

    def content(self) -> Content:
        return Content(
            "".join(self._plain), "".join(self._shown), "".join(self._deleted),
            tuple(dict.fromkeys(self._comments)), tuple(self._subs), tuple(self._codes),
        )  # fmt: skip

    def walk(self, element: etree._Element) -> None:
        if self._depth > _DEEPEST:
            raise UnknownInlineError(f"tags in tags, over {_DEEPEST} deep")
        self._depth += 1
        self.add(element.text)
        for child in element:
            self._tag(child)
            self.add(child.tail)
        self._depth -= 1

    def _tag(self, tag: etree._Element) -> None:
        name, code = tag.tag, tag.text or ""
        if not isinstance(name, str):
            raise UnknownInlineError(code)
        values: Any = tag.items()
        if not (len(tag) or self._around.codes) and _is_short(code, values):
            placeholder, is_break = alone(name, code, *values)
            if placeholder:
                self._show(placeholder)
                self._break |= is_break
                if code:
                    self._codes.append(code)
                return
        self._take(tag, bare_name(name))

    def _take(self, tag: etree._Element, name: str) -> None:
        kind, values = _KINDS.get(name), attributes(tag)
        if kind == "mark":
            self._mark(tag, values)
        elif kind == "pair":
            label = self._code("pair", values)
            self.walk(tag)
            self._show(f"⟦/{label}⟧")
        elif kind == "character":
            # XLIFF 2: a character that XML itself cannot hold.
            self._text(_character(values.get("hex", "")))
        elif kind == "note":
            self._comment(values)
        elif kind is None:
            raise UnknownInlineError(f"<{name}>")
        elif kind == "single" and values.get("xid"):
            self._protected(values)
        else:
            self._code(_end(name, kind, values), values, code=self._native(tag))

    def _mark(self, tag: etree._Element, values: dict[str, str]) -> None:
        if values.get("mtype") in _DELETED:
            reader = _Reader(self._around, self._depth)
            reader.walk(tag)
            self._deleted.append(reader.content().text)
        else:
            self._comment(values)
            self.walk(tag)

    def _comment(self, values: dict[str, str]) -> None:
        text = values.get("comment") or self._around.comments.get(values.get("cid", ""))
        if values.get("type") == "comment":
            text = values.get("value")
        if text:
            self._comments.append(text)

    def _protected(self, values: dict[str, str]) -> None:
        text = self._around.protected(values["xid"])
        label = self._code("single" if text is None else "pair", values)
        if text is not None:
            self._text(text)
            self._show(f"⟦/{label}⟧")

    def _native(self, tag: etree._Element) -> str:
        """Returns the code in a tag; what is translatable in it is a sub-flow."""
        code = [tag.text or ""]
        for child in tag:
            if isinstance(child.tag, str) and bare_name(child.tag) == "sub":
                reader = _Reader(self._around, self._depth)
                reader.walk(child)
                self._subs.append(reader.content())
            code.append(child.tail or "")
        self._codes += filter(None, code)
        return "".join(code)

    def _code(self, kind: str, values: Mapping[str, str], code: str = "") -> str:
        """Shows a tag, remembers a break, and returns what the tag is called."""
        # Without a name the place in the segment stands in: the same tags in the same order match.
        label = _label(kind, values) or str(1 + self._tags)
        self._show(_SHOWN[kind].format(label))
        if kind != "close" and (_is_break(values, code) or self._stands_for_break(values)):
            self._break = True
        return label

    def _stands_for_break(self, values: Mapping[str, str]) -> bool:
        codes = self._around.codes
        if not codes:
            return False
        reference = values.get("dataRef") or values.get("dataRefStart")
        return _is_break_code(codes.get(f"#{reference}" if reference else values.get("id", ""), ""))

    def _show(self, placeholder: str) -> None:
        self._shown.append(placeholder)
        self._tags += 1

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._around.as_text is None:
            self._text(text)
            return
        place = 0
        for tag in self._around.as_text.finditer(text):
            self._text(text[place : tag.start()])
            kind = str(tag.lastgroup)
            self._code(kind, {"id": tag[kind]})
            place = tag.end()
        self._text(text[place:])

    def _text(self, text: str) -> None:
        if not text:
            return
        if (
            self._break
            and self._plain
            and not (self._plain[-1][-1:].isspace() or text[0].isspace())
        ):
            text = " " + text
        self._break = False
        self._plain.append(text)
        self._shown.append(text)


@lru_cache(1_000)
def alone(tag: str, code: str, *attributes: tuple[str, str]) -> tuple[str, bool]:
    """Returns placeholder and break of a tag that says all of itself; else an empty placeholder."""
    values = {bare_name(name): value for name, value in attributes}
    name = bare_name(tag)
    kind = _end(name, _KINDS.get(name, ""), values)
    label = _label(kind, values)
    if kind not in ("open", "close", "single") or not label or values.get("xid"):
        return "", False
    return _SHOWN[kind].format(label), kind != "close" and _is_break(values, code)


def _is_short(code: str, values: Sequence[tuple[str, str]]) -> bool:
    """True for a tag that may be remembered: a hostile one would fill the memory."""
    for _, value in values:
        if len(value) > _SHORT:
            return False
    return len(code) < _SHORT


def _end(name: str, kind: str, values: Mapping[str, str]) -> str:
    return _ENDS.get(values.get("pos", ""), kind) if name == "it" else kind


def _label(kind: str, values: Mapping[str, str]) -> str:
    """Returns what both ends of a tag, and both languages, call it; empty if it has no name."""
    first, second = ("i", "rid") if kind in ("open", "close") else ("id", "x")
    own = values.get(first) or values.get(second) or values.get("startRef")
    return _UNLABELLED.sub("_", own or values.get("id") or values.get("x") or "")


def _is_break(values: Mapping[str, str], code: str) -> bool:
    """True if a tag stands for white space: by its type, its equivalent text, or its code."""
    for name in ("ctype", "type", "subType"):
        if (kind := values.get(name)) and _BREAK_KIND.fullmatch(kind):
            return True
    equivalent = values.get("equiv-text") or values.get("equiv") or ""
    return bool(equivalent.isspace() or _is_break_code(equivalent) or _is_break_code(code))


def _is_break_code(code: str) -> bool:
    if not code or code.isspace():
        return not {*"\n\r\t"}.isdisjoint(code)
    return _BREAK_CODE.match(code) is not None


def _character(digits: str) -> str:
    try:
        character = chr(int(digits, 16))
        character.encode()
    except (ValueError, OverflowError) as error:
        raise UnknownInlineError(f'<cp hex="{digits}">') from error
    return character

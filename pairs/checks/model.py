"""What a check sees and what it says: texts in parallel, hits in them, findings with ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.errors import ascii_controls

Severity = Literal["note", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Worst first."""

SOURCE = "source"


class Spot(NamedTuple):
    """A stretch of a text that a finding is about.

    Attributes:
        side: ``source`` or ``target``.
        start: Characters before it.
        end: Characters up to its end.
    """

    side: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DataFinding:
    """Something in the data that a person should look at; the data stay as they are.

    Attributes:
        id: ``kind/text/segment``: the same input gives the same id, so that it can be waived.
        kind: Id of the check.
        text: Name of the system or reference set, ``source``, or empty for the corpus. A name that
            stands for two texts has ``reference:`` or ``system:`` before it.
        segment: Segment id, or empty where no single one is meant.
        message: One sentence with the evidence. It may quote hostile text: views escape it.
        severity: ``error`` for what is certainly broken, ``warning`` for what probably is, ``note``
            for what one should know.
        message_zh: The same sentence in Chinese; empty where there is none yet.
        spots: The stretches of source and target that it speaks of; empty where it is about a text
            as a whole.
    """

    id: str
    kind: str
    text: str
    segment: str
    message: str
    severity: Severity
    message_zh: str = ""
    spots: tuple[Spot, ...] = ()


class Hit(NamedTuple):
    """A finding of a check before it has a name.

    Attributes:
        severity: How bad.
        message: The sentence in English.
        chinese: The same sentence in Chinese.
        spots: What stands where, on both sides.
    """

    severity: Severity
    message: str
    chinese: str = ""
    spots: tuple[Spot, ...] = ()


class Place(NamedTuple):
    """A hit with the text and the position of the segment; position -1 is the whole text."""

    text: str
    position: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Column:
    """One text of the corpus: the source, a reference set, or the output of a system.

    Attributes:
        name: As findings give it.
        lang: ``zh`` or ``en``.
        lines: One a segment; None where the segment has no such text.
    """

    name: str
    lang: str
    lines: tuple[str | None, ...]


class Texts:
    """The texts of a corpus side by side, as the checks walk over them."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.segments: tuple[Segment, ...] = corpus.segments
        self.source = Column(SOURCE, corpus.source_lang, tuple(s.source for s in corpus.segments))
        taken = [SOURCE, *corpus.reference_names, *corpus.systems]

        def named(kind: str, name: str) -> str:
            unique = taken.count(name) == 1
            self.names[f"{kind}:{name}"] = shown = name if unique else f"{kind}:{name}"
            return shown

        self.names: dict[str, str] = {}  # side of a segment's display text to column name
        references = [
            Column(named("reference", name), corpus.target_lang, corpus.reference(name))
            for name in corpus.reference_names
        ]
        systems = [
            Column(named("system", name), corpus.target_lang, outputs)
            for name, outputs in corpus.systems.items()
        ]
        self.targets: tuple[Column, ...] = (*references, *systems)

    @cached_property
    def all(self) -> tuple[Column, ...]:
        """Source first, then references, then systems."""
        return (self.source, *self.targets)

    @cached_property
    def pairs(self) -> tuple[tuple[int, str, list[tuple[Column, str]]], ...]:
        """Position, source and targets of every segment that has a visible source.

        Targets that are missing or blank are left out: `empty` speaks of them.
        """
        return tuple(
            (
                position,
                source,
                [
                    (column, line)
                    for column in self.targets
                    if (line := column.lines[position]) and visible(line)
                ],
            )
            for position, source in enumerate(self.source.lines)
            if source and visible(source)
        )


Run = Callable[[Texts], Iterable[Place]]


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the table of checks.

    Attributes:
        id: Also the kind of its findings.
        finds: What it finds, as a phrase.
        decides: How it decides, in a sentence or two.
        run: The check itself.
        default: Whether it runs unless it is asked for.
    """

    id: str
    finds: str
    decides: str
    run: Run
    default: bool = True


def each_text(look: Callable[[str, str], Hit | None]) -> Run:
    """Makes a check of a function of one line and its language."""

    def run(texts: Texts) -> Iterator[Place]:
        for column in texts.all:
            for position, line in enumerate(column.lines):
                if line and (hit := look(line, column.lang)):
                    side = SOURCE if column.name == SOURCE else "target"
                    spots = tuple(spot._replace(side=side) for spot in hit.spots)
                    yield Place(column.name, position, hit._replace(spots=spots))

    return run


def each_pair(look: Callable[[str, str, str], Hit | None]) -> Run:
    """Makes a check of a function of a source, a target and the target's language."""

    def run(texts: Texts) -> Iterator[Place]:
        for position, source, targets in texts.pairs:
            for column, target in targets:
                if hit := look(source, target, column.lang):
                    yield Place(column.name, position, hit)

    return run


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def visible(text: str) -> bool:
    """True if a text has a character that shows."""
    text = text.strip()
    if not text or text[0].isalnum() or text.isascii():
        return bool(text)
    return bool(text.translate(_INVISIBLE).strip())


def quoted(text: str, width: int = 40) -> str:
    """Quotes a piece of text for a message, cut in the middle where it is long, on one line."""
    if len(text) > width:
        text = f"{text[: width - width // 3]}…{text[-(width // 3) :]}"
    return f"“{ascii_controls(text)}”"


def listed(items: Iterable[str], limit: int = 4, *, chinese: bool = False) -> str:
    """Joins evidence for a message in English or Chinese, each piece once, no more than `limit`."""
    unique = list(dict.fromkeys(items))
    if chinese:
        more = f"等{len(unique)}处" if len(unique) > limit else ""
        return "、".join(unique[:limit]) + more
    more = f" and {len(unique) - limit} more" if len(unique) > limit else ""
    return ", ".join(unique[:limit]) + more


def evidence(
    severity: Severity, english: str, chinese: str, items: Iterable[str], limit: int = 4,
    spots: tuple[Spot, ...] = (),
) -> Hit:  # fmt: skip
    """Makes a hit of a sentence in both languages; what was found is listed after each."""
    found = list(items)
    shown, shown_zh = listed(found, limit), listed(found, limit, chinese=True)
    return Hit(severity, f"{english}: {shown}.", f"{chinese}：{shown_zh}。", spots)


def marked(pattern: re.Pattern[str], line: str) -> tuple[Spot, ...]:
    """Returns where a pattern stands in a line; `each_text` says of which side."""
    return tuple(Spot("", *m.span()) for m in pattern.finditer(line))

"""What a format cannot hold of a corpus: said before it is lost, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from xindaya.pairs.corpus import Corpus, Segment
from xindaya.pairs.formats.inline import DISPLAY
from xindaya.pairs.formats.records import Record

_SHOWN = 4
_BREAKS = str.maketrans("\t\n\r", "   ")


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format has a place for, beside ids, one source and one translation.

    Attributes:
        ids: The ids themselves.
        many: Several references, and systems beside them.
        references: References at all.
        documents: Document of each segment.
        domain: Label of a document.
        titles: Titles, licence and provenance.
        missing: A missing translation, told from an empty one.
        column: Which columns of its own a segment may have.
        breaks: Tabs and line breaks in a column.
    """

    ids: bool = True
    many: bool = True
    references: bool = True
    documents: bool = True
    domain: bool = True
    titles: bool = False
    missing: bool = True
    column: Callable[[str], bool] = field(default=lambda _: True)
    breaks: bool = True


def fit(corpus: Corpus, holds: Holds, side: str) -> tuple[Corpus, list[str]]:
    """Returns the corpus as a format can hold it, and what is lost in it, one message a kind.

    Args:
        corpus: The corpus.
        holds: What the format can hold.
        side: The one translation that a bilingual format writes.
    """
    losses: list[str] = []
    if not holds.ids:
        given = [s.id for n, s in enumerate(corpus.segments, 1) if s.id != str(n)]
        losses += _lost("segment ids", given)
    if not holds.many:
        sides = [f"reference {n}" for n in corpus.reference_names if side != f"reference:{n}"]
        sides += [f"system {n}" for n in corpus.systems if side != f"system:{n}"]
        losses += _lost("translations", sides)
    if not holds.references:
        losses += _lost("references", corpus.reference_names)
    if not holds.documents and len(corpus.documents) > 1:
        losses += _lost("documents", list(corpus.documents))
    if not holds.domain:
        losses += _lost(
            "domains", list(dict.fromkeys(s.domain for s in corpus.segments if s.domain))
        )
    if not holds.titles:
        losses += _lost("titles of documents", [t for t in corpus.titles.values() if t])
        heads = {"licence": corpus.licence, "provenance": corpus.provenance}
        losses += _lost("statements", [name for name, text in heads.items() if text])
    keys = dict.fromkeys(key for s in corpus.segments for key in s.extra)
    losses += _lost("columns", [key for key in keys if not holds.column(key)])
    cleaner = Cleaner(holds)
    segments = tuple(cleaner.segment(s) for s in corpus.segments)
    return replace(corpus, segments=segments), losses + cleaner.losses()


class Cleaner:
    """Replaces, and counts, what tables cannot hold: missing texts, breaks in columns."""

    def __init__(self, holds: Holds) -> None:
        self._holds = holds
        self._missing = self._breaks = 0

    def segment(self, segment: Segment) -> Segment:
        """Returns the segment as the format can hold it."""
        extra = self._extra(segment.extra)
        references = segment.references
        if not self._holds.missing and None in references:
            self._missing += references.count(None)
            references = tuple(text or "" for text in references)
        if extra is segment.extra and references is segment.references:
            return segment
        return replace(segment, references=references, extra=extra)

    def records(self, records: Iterable[Record], references: Iterable[str]) -> Iterable[Record]:
        """Yields records as the format can hold them, with a text in each of these references."""
        for record in records:
            record.extra = self._extra(record.extra)
            for name in references:
                if record.references.get(name) is None:
                    self._missing += 1
                    record.references[name] = ""
            yield record

    def losses(self) -> list[str]:
        """Says what was replaced."""
        losses = []
        if self._missing:
            losses.append(f"{self._missing} missing translations, written as empty")
        if self._breaks:
            losses.append(f"{self._breaks} tabs or line breaks in columns, written as spaces")
        return losses

    def _extra(self, extra: Mapping[str, str]) -> Mapping[str, str]:
        if not all(map(self._holds.column, extra)):
            extra = {k: v for k, v in extra.items() if self._holds.column(k)}
        if self._holds.breaks or not any(_has_break(v) or _has_break(k) for k, v in extra.items()):
            return extra
        self._breaks += sum(_has_break(v) for v in extra.values())
        return {k.translate(_BREAKS): v.translate(_BREAKS) for k, v in extra.items()}


def is_display(key: str) -> bool:
    """True for the columns that hold texts with placeholders."""
    return key.startswith(DISPLAY)


def _has_break(text: str) -> bool:
    return "\t" in text or "\n" in text or "\r" in text


def _lost(what: str, names: Iterable[str]) -> list[str]:
    names = list(names)
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return [f"{len(names)} {what}: {shown}"]

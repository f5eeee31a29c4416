"""Which text of a corpus discovery looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.sentences import Passage
from xindaya.pairs import Corpus, UsageError


@dataclass(frozen=True, slots=True)
class ChosenText:
    """A translation in a corpus.

    Attributes:
        name: Of the system or reference set.
        passages: The source with this translation.
        reference: The first reference, if the text is a system's and there is one.
    """

    name: str
    passages: tuple[Passage, ...]
    reference: tuple[str, ...] | None


def choose_text(corpus: Corpus, name: str | None = None) -> ChosenText:
    """Takes one translation out of a corpus; a missing reference counts as empty.

    Args:
        corpus: With a Chinese source text in every segment.
        name: A system or a reference set; by default the first system, else the first reference.

    Raises:
        UsageError: If there is no such text, or the source is not Chinese.
    """
    if corpus.source_lang != "zh" or not corpus.has_source:
        raise UsageError(
            f"{corpus.name}: discovery proposes terms of a Chinese source text (-sl zh states it)"
        )
    names = [*corpus.systems, *corpus.reference_names]
    chosen = name or next(iter(names), "")
    if chosen not in names:
        raise UsageError(f"{corpus.name}: no text {chosen!r}; it has {', '.join(names) or 'none'}")
    references = [_complete(corpus.reference(r)) for r in corpus.reference_names]
    if chosen in corpus.systems:
        targets, reference = corpus.systems[chosen], next(iter(references), None)
    else:
        targets, reference = references[corpus.reference_names.index(chosen)], None
    passages = tuple(
        Passage(segment.source or "", target, segment.document)
        for segment, target in zip(corpus.segments, targets, strict=True)
    )
    return ChosenText(chosen, passages, reference)


def _complete(texts: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(text or "" for text in texts)

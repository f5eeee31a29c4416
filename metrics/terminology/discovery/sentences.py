"""Passages to sentence pairs of tokens: what the aligner learns from.

Shorter pairs leave less to guess, so a passage is cut into its sentences where both sides have
equally many. Terms that are known beforehand are one token wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from xindaya.metrics.segmentation import Segmenter, running_ends
from xindaya.metrics.terminology.discovery.compounds import join
from xindaya.metrics.terminology.discovery.sequences import Gram
from xindaya.metrics.terminology.discovery.words import english_tokens
from xindaya.metrics.terminology.matching import matcher_for
from xindaya.pairs import Termbase
from xindaya.pairs.align.split import chinese_sentences, english_sentences
from xindaya.pairs.folding import fold


class Passage(NamedTuple):
    """A Chinese passage, its English translation, and the document they belong to."""

    source: str
    target: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence, or a passage that could not be cut, and its translation.

    Attributes:
        segment: Position of its passage.
        source: Chinese tokens.
        target: English tokens.
        offsets: Where each English token begins in `text`.
        text: The English text.
    """

    segment: int
    source: tuple[str, ...]
    target: tuple[str, ...]
    offsets: tuple[int, ...]
    text: str

    def target_text(self, start: int, end: int) -> str:
        """Returns a span of English tokens, half open, as the text has it."""
        return self.text[self.offsets[start] : self.offsets[end - 1] + len(self.target[end - 1])]

    def joined(self, compounds: frozenset[Gram]) -> SentencePair:
        """Returns the pair with compounds as one token."""
        return replace(self, source=tuple(join(self.source, compounds)))


@dataclass(frozen=True, slots=True)
class Text:
    """A translated text as tokens.

    Attributes:
        pairs: Its sentence pairs, in reading order.
        known: The tokens that are terms of a termbase.
    """

    pairs: tuple[SentencePair, ...]
    known: frozenset[str]

    @property
    def source(self) -> list[tuple[str, ...]]:
        """The Chinese tokens of each sentence."""
        return [pair.source for pair in self.pairs]

    @property
    def target(self) -> list[tuple[str, ...]]:
        """The English tokens of each sentence."""
        return [pair.target for pair in self.pairs]

    def joined(self, compounds: frozenset[Gram]) -> Text:
        """Returns the text with compounds as one token."""
        return replace(self, pairs=tuple(pair.joined(compounds) for pair in self.pairs))


def read_text(passages: Iterable[Passage], termbase: Termbase | None = None) -> Text:
    """Cuts passages into sentence pairs of tokens.

    Args:
        passages: Chinese and English.
        termbase: Its Chinese forms are one token wherever they stand.
    """
    words = Segmenter()
    terms = matcher_for(termbase, "zh") if termbase else None
    pairs: list[SentencePair] = []
    known: set[str] = set()
    for segment, passage in enumerate(passages):
        for source, target in _sentences(fold(passage.source).text, fold(passage.target).text):
            spans = [(s.start, s.end) for s in terms.find(source)] if terms else []
            known.update(source[start:end] for start, end in spans)
            english = list(english_tokens(target))
            pairs.append(
                SentencePair(
                    segment=segment,
                    source=tuple(chinese_tokens(source, words, spans)),
                    target=tuple(token for token, _ in english),
                    offsets=tuple(offset for _, offset in english),
                    text=target,
                )
            )
    return Text(tuple(pairs), frozenset(known))


def chinese_tokens(
    text: str, words: Segmenter, terms: Sequence[tuple[int, int]] = ()
) -> Iterator[str]:
    """Yields the words of a text; each of the given spans, in order, is one token."""
    inside = {offset for start, end in terms for offset in range(start + 1, end)}
    cuts = set(running_ends(words.words(text))) - inside
    for start, end in pairwise(sorted(cuts.union(*terms))):
        if token := text[start:end].strip():
            yield token


def _sentences(source: str, target: str) -> Iterator[tuple[str, str]]:
    chinese, english = chinese_sentences(source), english_sentences(target)
    if len(chinese) == len(english):
        yield from zip(chinese, english, strict=True)
    else:
        yield source, target

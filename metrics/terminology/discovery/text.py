"""What discovery reads: passages cut into sentence pairs, and these into tokens.

Shorter pairs leave less to guess, so a passage is cut into its sentences, and these are matched in
order by their lengths and by the figures and names that both sides hold. Terms that are known
beforehand are one token wherever they stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import regex

from xindaya.metrics.segmentation import Segmenter, running_ends
from xindaya.metrics.terminology.discovery.words import english_tokens
from xindaya.metrics.terminology.matching import matcher_for
from xindaya.pairs import Corpus, Termbase, UsageError
from xindaya.pairs.align.length import chinese_length, english_length
from xindaya.pairs.align.split import chinese_sentences, english_sentences
from xindaya.pairs.folding import fold
from xindaya.pairs.scripts import simplified_roughly


class Passage(NamedTuple):
    """A passage, its translation, and the document they belong to."""

    source: str
    target: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence as tokens.

    Attributes:
        words: As they are compared: Chinese in Simplified characters.
        starts: Where each begins in `text`.
        ends: Where each ends.
        text: The sentence as written.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    text: str

    def written(self, start: int, end: int) -> str:
        """Returns the tokens of a half-open span as the text has them."""
        return self.text[self.starts[start] : self.ends[end - 1]]

    def joined(self, runs: Iterable[tuple[int, int]]) -> Tokens:
        """Returns the sentence with each of the given runs of tokens, in order, as one token."""
        inside = {place for start, end in runs for place in range(start + 1, end)}
        if not inside:
            return self
        cuts = [k for k in range(len(self.words) + 1) if k not in inside]
        return Tokens(
            tuple("".join(self.words[a:b]) for a, b in pairwise(cuts)),
            tuple(self.starts[a] for a in cuts[:-1]),
            tuple(self.ends[b - 1] for b in cuts[1:]),
            self.text,
        )


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence and its translation; or a passage that could not be cut.

    Attributes:
        segment: Position of its passage.
        source: Its tokens.
        target: The tokens of its translation.
    """

    segment: int
    source: Tokens
    target: Tokens


@dataclass(frozen=True, slots=True)
class Text:
    """A translated text as tokens.

    Attributes:
        pairs: Its sentence pairs, in reading order.
        lang: Language of the source, ``zh`` or ``en``.
        known: The source tokens that are terms of a termbase, each as the words of its tokens.
    """

    pairs: tuple[SentencePair, ...]
    lang: str
    known: frozenset[tuple[str, ...]] = frozenset()

    @property
    def source(self) -> list[tuple[str, ...]]:
        """The source words of each sentence."""
        return [pair.source.words for pair in self.pairs]

    @property
    def target(self) -> list[tuple[str, ...]]:
        """The target words of each sentence."""
        return [pair.target.words for pair in self.pairs]

    def rewritten(self, chinese: Callable[[Tokens], Tokens]) -> Text:
        """Returns the text with the Chinese side of every pair changed."""
        if self.lang == "zh":
            pairs = [replace(pair, source=chinese(pair.source)) for pair in self.pairs]
        else:
            pairs = [replace(pair, target=chinese(pair.target)) for pair in self.pairs]
        return replace(self, pairs=tuple(pairs))

    @property
    def chinese(self) -> list[tuple[str, ...]]:
        """The Chinese words of each sentence."""
        return self.source if self.lang == "zh" else self.target


def read_text(
    passages: Iterable[Passage], termbase: Termbase | None = None, lang: str = "zh"
) -> Text:
    """Cuts passages into sentence pairs of tokens.

    Args:
        passages: In either direction between Chinese and English.
        termbase: Its forms are known terms; the Chinese ones are one token wherever they stand.
        lang: Language of the source.
    """
    chinese, english = _ChineseReader(termbase), _EnglishReader(termbase)
    readers = (chinese, english) if lang == "zh" else (english, chinese)
    pairs = tuple(
        SentencePair(segment, readers[0].read(source), readers[1].read(target))
        for segment, passage in enumerate(passages)
        for source, target in sentence_pairs(passage.source, passage.target, lang)
    )
    return Text(pairs, lang, frozenset(readers[0].known))


class _ChineseReader:
    def __init__(self, termbase: Termbase | None) -> None:
        self._words = Segmenter()
        self._terms = matcher_for(termbase, "zh") if termbase else None
        self.known: set[tuple[str, ...]] = set()

    def read(self, text: str) -> Tokens:
        folded = fold(text)
        simple = simplified_roughly(folded.text)
        spans = [(s.start, s.end) for s in self._terms.find(folded.text)] if self._terms else []
        self.known.update((simple[start:end],) for start, end in spans)
        inside = {offset for start, end in spans for offset in range(start + 1, end)}
        cuts = sorted((set(running_ends(self._words.words(simple))) - inside).union(*spans))
        whole = [(a, b) for a, b in pairwise(cuts) if simple[a:b].strip()]
        raw = [folded.raw_span(a, b) for a, b in whole]
        words = tuple(simple[a:b].strip() for a, b in whole)
        return Tokens(words, tuple(a for a, _ in raw), tuple(b for _, b in raw), text)


class _EnglishReader:
    def __init__(self, termbase: Termbase | None) -> None:
        self._terms = matcher_for(termbase, "en") if termbase else None
        self.known: set[tuple[str, ...]] = set()

    def read(self, text: str) -> Tokens:
        folded = fold(text)
        found = list(english_tokens(folded.text))
        for span in self._terms.find(folded.text) if self._terms else ():
            self.known.add(tuple(w for w, at in found if span.start <= at < span.end))
        raw = [folded.raw_span(at, at + len(word)) for word, at in found]
        words = tuple(word for word, _ in found)
        return Tokens(words, tuple(a for a, _ in raw), tuple(b for _, b in raw), text)


_ANCHOR = regex.compile(r"\d[\d.,]*|[A-Za-z][A-Za-z&]+")
_LONGEST = 60  # sentences of a passage: longer ones are left whole
# (source sentences, target sentences, cost): how sentences are joined, one to one the cheapest.
_JOINS = (
    (1, 1, 0.0), (1, 2, 1.5), (2, 1, 1.5), (1, 3, 3.0), (3, 1, 3.0), (2, 2, 3.0),
    (1, 4, 4.5), (4, 1, 4.5), (2, 3, 4.5), (3, 2, 4.5), (1, 0, 6.0), (0, 1, 6.0),
)  # fmt: skip
_WORST = 6.0  # what the lengths of a join can cost


def sentence_pairs(source: str, target: str, lang: str = "zh") -> Iterator[tuple[str, str]]:
    """Cuts a passage and its translation into pairs of sentences, or of runs of them.

    The cheapest way through both in order: joining sentences costs, as do lengths that do not fit
    (the square of the log ratio over the variance of `xindaya.pairs.align.length`) and each figure
    or Latin name that stands on one side only.

    Args:
        source: The passage.
        target: Its translation.
        lang: Language of the source.
    """
    chinese, english = (source, target) if lang == "zh" else (target, source)
    zh, en = chinese_sentences(chinese), english_sentences(english)
    if len(zh) < 2 or len(en) < 2 or max(len(zh), len(en)) > _LONGEST:
        yield source, target
        return
    for a, b, c, d in _cheapest(zh, en):
        one, other = "".join(zh[a:b]), " ".join(en[c:d])
        yield (one, other) if lang == "zh" else (other, one)


def _cheapest(zh: Sequence[str], en: Sequence[str]) -> list[tuple[int, int, int, int]]:
    to_zh = [0.0, *_sums(chinese_length(s) for s in zh)]
    to_en = [0.0, *_sums(english_length(s) for s in en)]
    ratio = math.log(to_en[-1] / to_zh[-1])
    zh_anchors, en_anchors = _anchors(zh), _anchors(en)
    both = set().union(*zh_anchors) & set().union(*en_anchors)

    def cost(i: int, a: int, j: int, b: int) -> float:
        if not a or not b:
            return 0.0
        length = to_zh[i] - to_zh[i - a]
        apart = math.log((to_en[j] - to_en[j - b]) / length) - ratio
        alone = set().union(*zh_anchors[i - a : i]) ^ set().union(*en_anchors[j - b : j])
        return min(apart**2 / (2 * (0.02 + 0.9 / length)), _WORST) + len(alone & both)

    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(zh) + 1):
        for j in range(len(en) + 1):
            if i or j:
                best[i, j] = min(
                    (best[i - a, j - b][0] + fixed + cost(i, a, j, b), (i - a, j - b))
                    for a, b, fixed in _JOINS
                    if i >= a and j >= b
                )
    steps, at = [], (len(zh), len(en))
    while at != (0, 0):
        before = best[at][1]
        steps.append((before[0], at[0], before[1], at[1]))
        at = before
    return steps[::-1]


def _anchors(sentences: Sequence[str]) -> list[set[str]]:
    return [{m.rstrip(".,").lower() for m in _ANCHOR.findall(s)} for s in sentences]


def _sums(lengths: Iterable[float]) -> Iterator[float]:
    total = 0.0
    for length in lengths:
        total += length
        yield total


@dataclass(frozen=True, slots=True)
class ChosenText:
    """A translation in a corpus.

    Attributes:
        name: Of the system or reference set.
        passages: The source with this translation.
        reference: The first reference, if the text is a system's and there is one.
        lang: Language of the source.
    """

    name: str
    passages: tuple[Passage, ...]
    reference: tuple[str, ...] | None
    lang: str = "zh"

    def passages_from(self, lang: str) -> tuple[Passage, ...]:
        """Returns the passages with the side in this language as the source."""
        if lang == self.lang:
            return self.passages
        return tuple(Passage(p.target, p.source, p.document) for p in self.passages)


def choose_text(corpus: Corpus, name: str | None = None) -> ChosenText:
    """Takes one translation out of a corpus; a missing reference counts as empty.

    Args:
        corpus: With a source text in every segment.
        name: A system or a reference set; by default the first system, else the first reference.

    Raises:
        UsageError: If there is no such text, or no source.
    """
    if not corpus.has_source:
        raise UsageError(f"{corpus.name}: discovery proposes terms of a source text; it has none")
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
    return ChosenText(chosen, passages, reference, corpus.source_lang)


def _complete(texts: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(text or "" for text in texts)

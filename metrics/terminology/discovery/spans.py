"""The spans of target sentences that can render a term, and what each of them says.

A span's words are compared as numbers whose sums stand for multisets of words, so that all spans of
a text are listed by arithmetic over flat arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.cells import Floats, Ints
from xindaya.metrics.terminology.discovery.words import (
    BREAKS,
    Key,
    acronyms,
    is_chinese,
    is_content,
    is_coordinating,
    is_edge,
    is_linking,
    may_close,
    normal_form,
)

MOST_WORDS = 7  # content words of a rendering
_MAX_WIDTH = 11  # tokens
_AND = 0.85  # what an *and* or a hyphen inside a span costs
_LINKING = 0.75  # what another linking word does
_ARTICLE = 0.85  # an article does
_FUNCTION = 0.6  # what any other function word does
_EVERYDAY = 0.85  # and an everyday word
_TORN = 0.75  # an edge inside a hyphened word does
_ALONE = 0.6  # what an everyday word costs that is all there is
CLOSE = 0.7  # of its worth a longer span keeps with one linking word more


@dataclass(frozen=True)
class Spans:
    """All spans of a text's target sentences that can render a term.

    They open and close with words that renderings open and close with, and cross no break. Of a
    sentence s, the spans are ``at[s]`` to ``at[s + 1]``.

    Attributes:
        at: Shape (sentences + 1,).
        start: First token of each span in its sentence, shape (spans,).
        end: The one after its last, shape (spans,).
        key: Its words, shape (spans,).
        worth: What speaks against it by itself, in (0, 1], shape (spans,).
        sentences: Number of sentences that hold each key, shape (keys,).
        cut: Whether a key always stands inside the same longer one, shape (keys,).
        words: Keys of the single words of each key, shape (keys, most words), -1 for none.
        meaning: What each key says, acronyms read as what they stand for, shape (keys,).
        names: The normal forms of each meaning.
    """

    at: Ints
    start: Ints
    end: Ints
    key: Ints
    worth: Floats
    sentences: Ints
    cut: NDArray[np.bool_]
    words: Ints
    meaning: Ints
    names: list[Key]

    def of(self, sentence: int) -> slice:
        """Returns the spans of a sentence."""
        return slice(int(self.at[sentence]), int(self.at[sentence + 1]))

    @cached_property
    def keys(self) -> list[Ints]:
        """The distinct keys of each sentence."""
        return [np.unique(self.key[self.of(s)]) for s in range(len(self.at) - 1)]


def read_spans(sentences: Sequence[Sequence[str]]) -> Spans:
    """Lists the spans of target sentences.

    Args:
        sentences: Target tokens.
    """
    long = {short: tuple(normal_form(t) for t in words if is_content(t))
            for short, words in acronyms(sentences).items()}  # fmt: skip
    tokens = _Tokens.of(sentences, long)
    columns = [tokens.spans(size) for size in range(1, MOST_WORDS + 1)]
    start, end, code, worth, first, last = (
        np.concatenate(parts) for parts in zip(*columns, strict=True)
    )
    sentence = tokens.sentence[first]
    order = np.lexsort((end, start, sentence))
    start, end, code, worth, first, last, sentence = (
        a[order] for a in (start, end, code, worth, first, last, sentence)
    )
    codes, one, key = np.unique(code, return_index=True, return_inverse=True)
    at = np.searchsorted(sentence, np.arange(len(sentences) + 1))
    seen = np.unique(key * np.int64(max(len(sentences), 1)) + sentence) // max(len(sentences), 1)
    held = np.bincount(seen, minlength=len(codes))
    cut = _cut_short(start, end, sentence, key, worth, len(codes)) & (held > 1)
    words = tokens.words_of(first[one], last[one])
    said: dict[Key, int] = {}
    meaning = [said.setdefault(tokens.name(a, b), len(said))
               for a, b in zip(first[one].tolist(), last[one].tolist(), strict=True)]  # fmt: skip
    places = np.searchsorted(codes, words)
    single = (
        np.where(codes[np.minimum(places, len(codes) - 1)] == words, places, -1)
        if len(codes)
        else words
    )
    return Spans(at, start, end, key, worth, held, cut, np.where(words == 0, -1, single),
                 np.array(meaning, np.int64), list(said))  # fmt: skip


@dataclass(frozen=True)
class _Tokens:
    """The content words of all sentences, one after the other.

    Attributes:
        place: Where each stands in its sentence.
        sentence: Its sentence.
        opens: Whether it may open a rendering.
        closes: Whether it may close one.
        clause: Number of breaks before it, in the text.
        torn: Whether a hyphen stands before it and after it, shape (2, words).
        code: A number for its normal form, as good as different for all: sums stand for multisets.
        cost: Log of what the words before it, from the content word before, cost inside a span, and
            what itself costs if it is inside, summed up to it, shape (2, words).
        forms: Its normal forms: several, if it is an acronym.
    """

    place: Ints
    sentence: Ints
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    clause: Ints
    torn: NDArray[np.bool_]
    code: NDArray[np.uint64]
    cost: Floats
    forms: list[tuple[str, ...]]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[str]], long: Mapping[str, tuple[str, ...]]) -> _Tokens:
        known: dict[str, tuple[str, ...]] = {}
        rows: list[tuple[int, int, bool, bool, int, bool, bool, float, float]] = []
        forms: list[tuple[str, ...]] = []
        surface: list[tuple[str, ...]] = []
        numbers: dict[str, int] = {}

        def _number(form: str) -> int:
            return numbers.setdefault(form, _mixed(len(numbers) + 1))

        clause = 0
        between = own = 0.0
        for number, tokens in enumerate(sentences):
            clause += 1
            for place, token in enumerate(tokens):
                if token in BREAKS:
                    clause += 1
                elif not is_content(token):
                    between += float(np.log(_cost(token)))
                else:
                    edge = is_edge(token)
                    closes = may_close(token)
                    if token not in known:
                        known[token] = _forms(token, long)
                    forms.append(known[token])
                    surface.append(tuple(token) if is_chinese(token) else (normal_form(token),))
                    before, after = tokens[max(place - 1, 0) : place], tokens[place + 1 : place + 2]
                    rows.append((place, number, edge, closes, clause, "-" in before, "-" in after,
                                 between, own))  # fmt: skip
                    own += 0.0 if edge else float(np.log(_EVERYDAY))
        table = np.array(rows, np.float64).reshape(-1, 9).T
        codes: dict[tuple[str, ...], int] = {}
        for form in surface:
            codes.setdefault(form, sum(map(_number, form)) & _MASK)
        code = np.array([codes[form] for form in surface], np.uint64)
        return cls(table[0].astype(np.int64), table[1].astype(np.int64), table[2] > 0,
                   table[3] > 0, table[4].astype(np.int64), table[5:7] > 0, code, table[7:], forms)  # fmt: skip

    def spans(self, size: int) -> tuple[Ints, Ints, NDArray[np.uint64], Floats, Ints, Ints]:
        """Returns start, end, code, worth, first and last word of the spans of so many words."""
        first = np.arange(max(len(self.place) - size + 1, 0))
        last = first + size - 1
        fits = (
            ((self.opens[first] & self.closes[last]) | (size == 1))
            & (self.sentence[first] == self.sentence[last])
            & (self.clause[first] == self.clause[last])
            & (self.place[last] - self.place[first] < _MAX_WIDTH)
        )  # fmt: skip
        first, last = first[fits], last[fits]
        with np.errstate(over="ignore"):
            total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(self.code, dtype=np.uint64)])
            code = total[last + 1] - total[first]
        worth = np.exp(
            self.cost[0][last] - self.cost[0][first] + self.cost[1][last] - self.cost[1][first]
        )
        worth = worth * np.where(self.torn[0][first] | self.torn[1][last], _TORN, 1.0)
        if size == 1:
            worth = np.where(self.opens[first], worth, worth * _ALONE)
        return self.place[first], self.place[last] + 1, code, worth, first, last

    def words_of(self, first: Ints, last: Ints) -> NDArray[np.uint64]:
        """Returns the codes of the words of spans, 0 where there are fewer, shape (spans, most)."""
        words = np.zeros((len(first), MOST_WORDS), np.uint64)
        for k in range(MOST_WORDS):
            inside = first + k <= last
            words[inside, k] = self.code[first[inside] + k]
        return words

    def name(self, first: int, last: int) -> Key:
        return tuple(sorted(form for forms in self.forms[first : last + 1] for form in forms))


def _cost(token: str) -> float:
    """Returns what a function word inside a span costs."""
    if is_coordinating(token):
        return _AND
    if token in ("a", "an", "the"):
        return _ARTICLE
    return _LINKING if is_linking(token) else _FUNCTION


_MASK = (1 << 64) - 1


def _mixed(number: int) -> int:
    """Spreads a number over 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    z = (number * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def _forms(token: str, long: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Returns what a target token says: its characters, an acronym's words, or its normal form."""
    if is_chinese(token):
        return tuple(token)
    if sum(c.isupper() for c in token) > 1 and token.removesuffix("s").lower() in long:
        return long[token.removesuffix("s").lower()]
    return (normal_form(token),)


def _cut_short(
    start: Ints, end: Ints, sentence: Ints, key: Ints, worth: Floats, keys: int
) -> NDArray[np.bool_]:
    """Says which keys always stand inside the same longer one, shape (keys,)."""
    if not len(key):
        return np.zeros(keys, np.bool_)
    width = int(end.max(initial=0)) + 1
    places = (sentence * width + start) * width + end  # sorted, as the spans are
    first_end = _next_of(sentence * width + end)
    last_start = _next_of(-(sentence * width + start)) * -1

    def longer(wanted: Ints) -> Ints:
        at = np.minimum(np.searchsorted(places, wanted), max(len(places) - 1, 0))
        close = (places[at] == wanted) & (worth[at] > CLOSE * worth)
        return np.where(close, key[at], -1)

    rightwards = longer((sentence * width + start) * width + (first_end - sentence * width))
    leftwards = longer((last_start) * width + end)
    cut = np.zeros(keys, np.bool_)
    for beside in (rightwards, leftwards):
        least, most = np.full(keys, np.iinfo(np.int64).max), np.full(keys, -1)
        np.minimum.at(least, key, beside)
        np.maximum.at(most, key, beside)
        cut |= (least == most) & (least >= 0)
    return cut


def _next_of(values: Ints) -> Ints:
    """Returns for each value the next larger one that occurs, or itself."""
    ordered = np.unique(values)
    at = np.minimum(np.searchsorted(ordered, values) + 1, max(len(ordered) - 1, 0))
    return ordered[at] if len(ordered) else values

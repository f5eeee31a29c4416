"""Term candidates from a text itself: words and word sequences worth watching for drift.

A sequence is proposed if it recurs, its words attract each other, what surrounds it varies, no
longer proposal occurs exactly as often, and it opens and closes with words that terms open and
close with. Two Chinese words that the general language hardly knows are proposed even if they stand
together only once: 管网治网. A single Chinese word is proposed if it is nominal and the text uses it
more than the general language does (log-likelihood ratio, Dunning 1993); a single English one if it
is no everyday word.

Chinese words that no dictionary has (网信, 大模型) come in single characters from the segmenter.
Characters that recur together are one token to the aligner (`compounds`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from xindaya.metrics.terminology.discovery.text import Text
from xindaya.metrics.terminology.discovery.words import (
    BREAKS,
    is_chinese,
    is_content,
    is_edge,
    is_linking,
    normal_form,
)

Gram = tuple[str, ...]
"""The normal forms of a term's tokens."""

_LONGEST = 8  # tokens
_MOST_CHARACTERS = 24
_LEAST_ATTRACTION = 2.0  # bits
_LEAST_FREEDOM = 0.5  # bits
_BOUND = 6.0  # attraction in bits from which a sequence needs no freedom
_LEAST_KEYNESS = 6.63  # chi-squared, one degree of freedom, p = 0.01
_VERB_KEYNESS = 15.0  # from which a verb is a speciality, too: 加息
_RARE = 1e-6  # share of the general language below which a word is a speciality
_LONGEST_COMPOUND = 4  # characters
_COMPOUND_ATTRACTION = 3.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed term.

    Attributes:
        gram: The normal forms of its tokens.
        score: Strength; candidates are sorted by it.
        name: Whether it has the shape of a name, and not of a verb with its object.
    """

    gram: Gram
    score: float
    name: bool


def propose(text: Text, *, least: int = 2) -> list[Candidate]:
    """Proposes terms of the source side.

    Args:
        text: Read and, if Chinese, with its compounds joined.
        least: Occurrences from which a sequence is taken seriously.

    Returns:
        Candidates, strongest first; ties in the order of code points.
    """
    forms = [tuple(map(normal_form, tokens)) for tokens in text.source]
    found = Sequences.of(forms, text.source, longest=_LONGEST, least=least)
    lexicon = look_up({word for tokens in forms for word in tokens}) if text.lang == "zh" else None
    scores = dict(_sequences(found))
    scores |= dict(_single(found, lexicon, least))
    if lexicon:
        scores |= dict(_special_pairs(forms, found, lexicon))
    covered = _covered(scores, found)
    known = {tuple(map(normal_form, term)) for term in text.known}
    if lexicon:
        covered -= {gram for gram in covered if len(gram) == 1 and lexicon.is_proper(gram[0])}
    scores = {gram: score for gram, score in scores.items() if gram not in covered}
    scores |= dict.fromkeys(known, math.inf)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [
        Candidate(gram, score, gram in known or _is_name(gram, lexicon)) for gram, score in ranked
    ]


def _sequences(found: Sequences) -> Iterator[tuple[Gram, float]]:
    for gram, count in found.counts.items():
        if len(gram) > 1 and sum(map(len, gram)) <= _MOST_CHARACTERS * (1 + gram[0].isascii()):
            attraction, freedom = found.attraction(gram), found.freedom[gram]
            free = freedom >= _LEAST_FREEDOM or (attraction >= _BOUND and count > 2)
            if attraction >= _LEAST_ATTRACTION and free:
                yield gram, count * attraction * (0.5 + freedom)


def _single(
    found: Sequences, lexicon: Dictionary | None, least: int
) -> Iterator[tuple[Gram, float]]:
    for gram, count in found.counts.items():
        word = gram[0]
        if len(gram) > 1 or len(word) < 2 or not any(c.isalpha() for c in word):
            continue
        if lexicon is None:
            if count > least:
                yield gram, float(count)
        else:
            keyness = _keyness(count, found.total, lexicon, word)
            named = lexicon.is_proper(word) and count > least
            nominal = _LEAST_KEYNESS if lexicon.is_nominal(word) else _VERB_KEYNESS
            if named or keyness >= nominal:
                yield gram, max(keyness, float(count))


def _special_pairs(
    sentences: Sequence[Gram], found: Sequences, lexicon: Dictionary
) -> Iterator[tuple[Gram, float]]:
    """Yields neighbours that both recur here and are both rare elsewhere, with a low score."""
    special = {
        gram[0]
        for gram in found.counts
        if len(gram) == 1 and len(gram[0]) > 1 and is_chinese(gram[0])
        and lexicon.share(gram[0]) < _RARE
    }  # fmt: skip
    for tokens in sentences:
        for pair in pairwise(tokens):
            if special.issuperset(pair) and pair not in found.counts and pair[0] != pair[1]:
                yield pair, _LEAST_KEYNESS


def _is_name(gram: Gram, lexicon: Dictionary | None) -> bool:
    """True if a sequence has the shape of a name; a single English word may be any word."""
    return lexicon.is_name(gram) if lexicon else len(gram) > 1


def _covered(scores: Mapping[Gram, float], found: Sequences) -> set[Gram]:
    """Returns the sequences that a longer proposal contains every time, if not as one of two."""
    return {
        part
        for gram in scores
        for size in range(1, len(gram))
        for part, rest in ((gram[:size], gram[size:]), (gram[-size:], gram[:-size]))
        if found.counts.get(part) == found.counts.get(gram) and not any(map(is_linking, rest))
    }


def _keyness(count: int, total: int, lexicon: Dictionary, word: str) -> float:
    """Signed log-likelihood ratio of a word's two frequencies; negative where it is rarer here."""
    general, general_total = max(lexicon.count(word), 1), lexicon.total
    share = (count + general) / (total + general_total)
    ratio = 2 * (
        count * math.log(count / (total * share))
        + general * math.log(general / (general_total * share))
    )
    return ratio if count / total > general / general_total else -ratio


def compounds(text: Text, *, least: int = 2) -> frozenset[Gram]:
    """Finds the sequences of Chinese tokens that are one word in this text.

    They are the characters that the segmenter, which knows no such word, has cut apart.

    Args:
        text: With Chinese on either side.
        least: Occurrences from which a sequence is taken seriously.
    """
    lexicon = look_up({word for tokens in text.chinese for word in tokens})
    closed = {word for term in text.known for word in term}

    def usable(token: str) -> bool:
        return token not in closed and is_chinese(token) and not lexicon.is_grammar(token)

    found = Sequences.of(text.chinese, text.chinese, longest=_LONGEST_COMPOUND, least=least,
                         usable=usable)  # fmt: skip
    return frozenset(
        gram
        for gram in found.counts
        if _is_compound(gram)
        and found.attraction(gram) >= _COMPOUND_ATTRACTION
        and found.freedom[gram] >= _LEAST_FREEDOM
    )


def _is_compound(gram: Gram) -> bool:
    return len(gram) > 1 and all(len(token) == 1 for token in gram)


def runs(tokens: Sequence[str], grams: Collection[Gram]) -> list[tuple[int, int]]:
    """Returns where sequences stand in a sentence, leftmost and longest first, none overlapping."""
    longest = max(map(len, grams), default=0)
    found, start = [], 0
    while start < len(tokens):
        for size in range(min(longest, len(tokens) - start), 1, -1):
            if tuple(tokens[start : start + size]) in grams:
                found.append((start, start + size))
                start += size - 1
                break
        start += 1
    return found


@dataclass(frozen=True)
class Sequences:
    """The recurring sequences of a text.

    Attributes:
        counts: Sequence, single words included, to its occurrences.
        everything: Any sequence of tokens to its occurrences, as far as `attraction` needs it.
        total: Tokens of the text.
        freedom: Sequence to its branching entropy in bits, that of its poorer side (Luo and Sun
            2003): 0 if the same word always stands beside it. Sentence edges, punctuation and
            function words bind nothing.
    """

    counts: dict[Gram, int]
    everything: Counter[Gram]
    total: int
    freedom: dict[Gram, float]

    @classmethod
    def of(
        cls,
        sentences: Sequence[Sequence[str]],
        written: Sequence[Sequence[str]],
        *,
        longest: int,
        least: int,
        usable: Callable[[str], bool] = is_edge,
    ) -> Sequences:
        """Counts the sequences that open and close with usable tokens and cross no break.

        Args:
            sentences: Tokens, as they are compared.
            written: The same as the text has them.
            longest: Tokens of the longest sequence.
            least: Occurrences from which a sequence recurs.
            usable: Says which tokens may open or close one.
        """
        frequent = Counter(token for tokens in sentences for token in tokens)
        counts: Counter[Gram] = Counter()
        before: defaultdict[Gram, Counter[str]] = defaultdict(Counter)
        after: defaultdict[Gram, Counter[str]] = defaultdict(Counter)
        for number, (tokens, own) in enumerate(zip(sentences, written, strict=True)):
            edges = [
                usable(t) and frequent[form] >= least for t, form in zip(own, tokens, strict=True)
            ]
            beside = _beside(number, tokens, own)
            for start, end in _spans(own, edges, longest):
                gram = tuple(tokens[start:end])
                counts[gram] += 1
                before[gram][beside[start]] += 1
                after[gram][beside[end + 1]] += 1
        kept = {gram: count for gram, count in counts.items() if count >= least}
        freedom = {gram: min(_entropy(before[gram]), _entropy(after[gram])) for gram in kept}
        return cls(kept, _parts(sentences, kept), sum(map(len, sentences)), freedom)

    def attraction(self, gram: Gram) -> float:
        """Returns the pointwise mutual information (Church and Hanks 1990) of the weakest split.

        ``log2(c(xy) · N / (c(x) · c(y)))``, in bits; infinite for a single word.
        """
        together = self.counts[gram] * self.total
        return min(
            (
                math.log2(together / (self.everything[gram[:cut]] * self.everything[gram[cut:]]))
                for cut in range(1, len(gram))
            ),
            default=math.inf,
        )


def _spans(tokens: Sequence[str], edges: Sequence[bool], longest: int) -> Iterator[tuple[int, int]]:
    """Yields half-open spans between usable edges, with linking words and brackets inside."""
    for start in range(len(tokens)):
        if not edges[start]:
            continue
        inside = 0  # open brackets
        for end in range(start + 1, min(start + longest, len(tokens)) + 1):
            token = tokens[end - 1]
            if token in ("(", "（"):
                inside += 1
            elif token in (")", "）") and inside:
                inside -= 1
            elif token in BREAKS or not (is_content(token) or is_linking(token)):
                break
            elif edges[end - 1] and not inside:
                yield start, end


def _beside(number: int, tokens: Sequence[str], written: Sequence[str]) -> list[str]:
    """Returns what stands beside each token; what binds nothing is one of its own each time."""
    free = [
        form if is_content(token) else f"<{number}/{place}"
        for place, (form, token) in enumerate(zip(tokens, written, strict=True))
    ]
    return [f"<{number}", *free, f">{number}"]


def _parts(sentences: Iterable[Sequence[str]], grams: Iterable[Gram]) -> Counter[Gram]:
    """Counts the beginnings and ends of sequences wherever they stand."""
    wanted = {part for gram in grams for k in range(1, len(gram)) for part in (gram[:k], gram[k:])}
    longest = max(map(len, wanted), default=0)
    openings = {gram[:2] for gram in wanted}
    counts: Counter[Gram] = Counter()
    for tokens in sentences:
        words = tuple(tokens)
        for start in range(len(words)):
            if (words[start],) in wanted:
                counts[(words[start],)] += 1
            if words[start : start + 2] in openings:
                for end in range(start + 2, min(start + longest, len(words)) + 1):
                    if (part := words[start:end]) in wanted:
                        counts[part] += 1
    return counts


def _entropy(neighbours: Counter[str]) -> float:
    total = sum(neighbours.values())
    return -sum(n / total * math.log2(n / total) for n in neighbours.values())


_NOMINAL = ("n", "vn", "an", "j", "l", "i", "x", "g")
_GRAMMAR = frozenset("cdefmopqrtuy")  # first letters


class Entry(NamedTuple):
    """A line of the dictionary: occurrences in its corpus, and the part of speech (ICTCLAS tags)."""

    frequency: int
    tag: str


@dataclass(frozen=True)
class Dictionary:
    """Some entries of jieba's dictionary.

    Attributes:
        entries: Word to its entry; a word that is not here is not in the dictionary.
        total: Occurrences of all words, those left out included.
    """

    entries: Mapping[str, Entry]
    total: int

    def share(self, word: str) -> float:
        """Returns the relative frequency of a word in the general language."""
        return self.count(word) / self.total

    def count(self, word: str) -> int:
        """Returns how often the general language uses a word."""
        return self.entries[word].frequency if word in self.entries else 0

    def is_nominal(self, word: str) -> bool:
        """True if a word can be a term, or the head of one; what is unknown can."""
        return word not in self.entries or self.entries[word].tag.startswith(_NOMINAL)

    def is_proper(self, word: str) -> bool:
        """True for the names of people, places and institutions."""
        return word in self.entries and self.entries[word].tag.startswith(("nr", "ns", "nt", "nz"))

    def is_grammar(self, word: str) -> bool:
        """True for particles, pronouns, adverbs, numerals, measure words and the like."""
        return word in self.entries and self.entries[word].tag[0] in _GRAMMAR

    def is_name(self, gram: Gram) -> bool:
        """True if a sequence has the shape of a name: 网络/综合/治理/体系, not 健全/体系."""
        opens = self.is_nominal(gram[0]) or self.entries[gram[0]].tag.startswith(
            ("a", "b", "z", "s")
        )
        closes = self.is_nominal(gram[-1]) or self.entries[gram[-1]].tag.startswith("v")
        return opens and closes and not any(map(self.is_grammar, gram))


def look_up(words: Collection[str]) -> Dictionary:
    """Reads the entries of some words; the file is read once from end to end."""
    import jieba

    wanted = {word.encode() for word in words}
    # A line is a word, its count and its tag.
    cells = Path(jieba.__file__).with_name("dict.txt").read_bytes().split()
    entries = {
        word.decode(): Entry(int(cells[3 * k + 1]), cells[3 * k + 2].decode())
        for k, word in enumerate(cells[::3])
        if word in wanted
    }
    total = sum(map(int, cells[1::3]))
    return Dictionary(entries, total)

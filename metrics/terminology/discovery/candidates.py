"""Chinese term candidates from a text itself: words and word sequences worth watching for drift.

A sequence is proposed if it recurs, its words attract each other, what surrounds it varies, no
longer sequence occurs exactly as often, and it reads like a name: it opens with a noun or an
adjective and closes with a noun. Two words that the general language hardly knows are proposed even
if they stand together only once: 管网治网. A single word is proposed if it is nominal and the text
uses it more than the general language does (log-likelihood ratio, Dunning 1993).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xindaya.metrics.terminology.discovery.dictionary import Dictionary
from xindaya.metrics.terminology.discovery.sequences import Gram, Sequences, recurring
from xindaya.metrics.terminology.discovery.words import is_chinese, is_content

_LONGEST = 5
_LEAST_ATTRACTION = 2.0
_LEAST_FREEDOM = 0.5
_LEAST_KEYNESS = 10.83  # chi-squared, one degree of freedom, p = 0.001
_RARE = 1e-6  # share of the general language below which a word is a speciality


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed term.

    Attributes:
        tokens: Its words; joined, they are the term.
        score: Strength; candidates are sorted by it.
    """

    tokens: Gram
    score: float

    @property
    def text(self) -> str:
        """The term as written."""
        return "".join(self.tokens)


def propose(
    sentences: Sequence[Sequence[str]],
    dictionary: Dictionary,
    *,
    known: Collection[str] = (),
    least: int = 2,
) -> list[Candidate]:
    """Proposes terms.

    Args:
        sentences: The text as tokens.
        dictionary: With the words of the text.
        known: Tokens that are proposed in any case: the terms of a termbase.
        least: Occurrences from which a sequence is taken seriously.

    Returns:
        Candidates, strongest first; ties in the order of code points.
    """

    def usable(token: str) -> bool:
        return len(token) > 1 and is_chinese(token) and is_content(token)

    found = recurring(sentences, usable, longest=_LONGEST, least=least)
    scores = dict(_special_pairs(sentences, found, dictionary))
    for gram in found.maximal():
        if len(gram) > 1 and _is_name(gram, dictionary):
            attraction, freedom = found.attraction(gram), found.freedom[gram]
            if attraction >= _LEAST_ATTRACTION and freedom >= _LEAST_FREEDOM:
                scores[gram] = found.counts[gram] * attraction * (0.5 + freedom)
    for gram, count in found.counts.items():
        keyness = _keyness(count, found.total, dictionary, gram[0]) if len(gram) == 1 else 0.0
        if keyness >= _LEAST_KEYNESS and dictionary.is_nominal(gram[0]):
            scores[gram] = keyness
    scores |= dict.fromkeys(((term,) for term in known), math.inf)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Candidate(gram, score) for gram, score in ranked]


def find_all(tokens: Sequence[str], term: Gram) -> list[tuple[int, int]]:
    """Returns every occurrence of a term in a sentence as a half-open span of tokens."""
    size = len(term)
    return [
        (at, at + size)
        for at in range(len(tokens) - size + 1)
        if tokens[at] == term[0] and tuple(tokens[at : at + size]) == term
    ]


def _is_name(gram: Gram, dictionary: Dictionary) -> bool:
    """True if a sequence has the shape of a name: 网络/综合/治理/体系, not 健全/体系."""
    opens = dictionary.is_modifier(gram[0])
    closes = dictionary.is_nominal(gram[-1]) or dictionary.is_verb(gram[-1])
    return opens and closes and not any(dictionary.is_grammar(word) for word in gram)


def _special_pairs(
    sentences: Sequence[Sequence[str]], found: Sequences, dictionary: Dictionary
) -> Iterator[tuple[Gram, float]]:
    """Yields neighbours that both recur here and are both rare elsewhere, with a low score."""
    special = {
        gram[0]
        for gram in found.counts
        if len(gram) == 1 and len(gram[0]) > 1 and dictionary.share(gram[0]) < _RARE
    }
    for tokens in sentences:
        for pair in pairwise(tokens):
            if special.issuperset(pair) and pair not in found.counts and pair[0] != pair[1]:
                yield pair, _LEAST_KEYNESS


def _keyness(count: int, total: int, dictionary: Dictionary, word: str) -> float:
    """Signed log-likelihood ratio of a word's two frequencies; negative where it is rarer here."""
    general, general_total = max(dictionary.count(word), 1), dictionary.total
    share = (count + general) / (total + general_total)
    ratio = 2 * (
        count * math.log(count / (total * share))
        + general * math.log(general / (general_total * share))
    )
    return ratio if count / total > general / general_total else -ratio

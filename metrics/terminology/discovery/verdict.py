"""From renderings to a verdict: is this term rendered in more than one way?

An extracted rendering can be wrong, so a second rendering is no proof by itself. An occurrence
counts against a term only where its sentence does *not* hold the usual rendering unclaimed: if the
words are there, the extraction has missed them. A part of the usual rendering, a longer cut of it or
another derivation of its words (Iran, Iranian) is no second rendering either. What remains is
weighed by its links, and by how surely the term's other occurrences are read.

How much of what drifts is the reading's own doing? Measured in two ways, because no reading is free
of error. *Witnesses* are terms that the text itself shows to be consistent: the usual rendering
stands in every sentence of the term at least as often as the term does. Where anything else is read
there, the reading is wrong: a lower bound. The *reference*, where there is one, is read in the same
way: what drifts there is noise, or variation that a professional thought right: an upper bound.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.renderings import Occurrence, Rendering
from xindaya.metrics.terminology.discovery.words import Key, is_chinese, normal_form
from xindaya.metrics.terminology.measures import ltcr_pairs

EVIDENCE = 0.35
"""Evidence from which drift is reported (`benchmarks/discovery.py`)."""

_RELIABILITY = 6  # power of the share of the other occurrences that are read for sure
_NESTED = 0.1  # what an occurrence inside a longer term says of this one's usual rendering
_STEM = 4  # letters that two derivations of one word share at least
_MISSING: Key = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Occurrences with the same rendering.

    Attributes:
        key: The normal forms of its content words.
        places: Which of the term's occurrences, in order.
        read: Those of them whose span was read off the links, and not given back (`corrected`).
        confidence: Probability that at least one of them is right, were their links independent.
    """

    key: Key
    places: tuple[int, ...]
    read: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How one term is rendered.

    Attributes:
        keys: The rendering of each occurrence, empty where there is none.
        extracted: The same before any was given back to the usual rendering.
        clusters: Renderings, the usual one first.
        corrected: Occurrences given back to the usual rendering because their sentence holds it
            unclaimed.
        evidence: Probability that at least one rendering other than the usual one is right.
    """

    keys: tuple[Key, ...]
    extracted: tuple[Key, ...]
    clusters: tuple[Cluster, ...]
    corrected: tuple[int, ...]
    evidence: float

    def alike(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Yields renderings, cuts and derivations of the usual one as that one."""
        usual = self.clusters[0].key if self.clusters else _MISSING
        return (usual if key and same_words(key, usual) else key for key in keys)


def distribution(
    occurrences: Sequence[Occurrence],
    renderings: Sequence[Rendering | None],
    names: Sequence[Key],
    targets: Sequence[Sequence[str]],
    inside: Sequence[bool] = (),
) -> Distribution:
    """Clusters the renderings of one term and weighs those that are not the usual one.

    Args:
        occurrences: The term's occurrences.
        renderings: What was extracted for each, in the same order.
        names: The normal forms of each rendering's number (`Spans.names`).
        targets: The target tokens of each sentence.
        inside: Whether an occurrence is part of a longer term: it says nothing against this one.
    """
    extracted = [names[r.key] if r else _MISSING for r in renderings]
    usual = _usual(extracted, renderings, inside)
    keys, corrected = _given_back(occurrences, extracted, usual, targets)
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key != _MISSING:
            members[key].append(place)
    clusters = []
    for key, places in members.items():
        read = [place for place in places if place not in corrected]
        sure = 1 - math.prod(1 - r.confidence for p in read if (r := renderings[p]) is not None)
        clusters.append(Cluster(key, tuple(places), tuple(read), sure))
    clusters.sort(key=lambda c: (c.key != usual, -len(c.places), -c.confidence, c.key))
    evidence = _evidence(clusters, keys, [targets[o.sentence] for o in occurrences])
    return Distribution(
        tuple(keys), tuple(extracted), tuple(clusters), tuple(sorted(corrected)), evidence
    )


def _evidence(
    clusters: Sequence[Cluster], keys: Sequence[Key], sentences: Sequence[Sequence[str]]
) -> float:
    """Returns the probability that at least one rendering other than the usual one is right.

    A rendering is believed as far as its links are, and as far as the term's other occurrences can
    be read: where few of them have a rendering that is sure, the reading itself is in doubt.

    Args:
        clusters: The renderings, the usual one first.
        keys: The rendering of each occurrence.
        sentences: The target tokens of the sentence of each.
    """
    usual = clusters[0].key if clusters else _MISSING
    plain = sum(
        same_words(key, usual) if key else holds(target, usual) > 0
        for key, target in zip(keys, sentences, strict=True)
    )
    others = [c for c in clusters[1:] if not same_words(c.key, usual) and _is_word(c.key)]
    sure = plain + sum(len(c.places) * c.confidence for c in others)
    doubt = 1.0
    for cluster in others:
        own = len(cluster.places)
        rest = len(keys) - own
        read = (sure - own * cluster.confidence) / rest if rest else 0.0
        doubt *= 1 - cluster.confidence * read**_RELIABILITY
    return 1 - doubt


def _is_word(key: Key) -> bool:
    return any(c.isalpha() for word in key for c in word)


def same_words(one: Key, other: Key) -> bool:
    """True if one rendering is a part, the initials, or another derivation of the other's words."""
    fewer, more = sorted((list(one), list(other)), key=len)
    if len(fewer) == 1 < len(more) and sorted(fewer[0]) == sorted(word[0] for word in more):
        return True
    derived = len(fewer) == len(more)  # a part has the very words
    for word in fewer:
        match = next((w for w in more if w == word or (derived and _related(word, w))), None)
        if match is None:
            return False
        more.remove(match)
    return True


def _related(one: str, other: str) -> bool:
    if one == other or is_chinese(one):
        return one == other
    shared = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    shared = min(len(one), len(other)) if shared is None else shared
    return shared >= _STEM and 2 * shared >= max(len(one), len(other))


def _contains(key: Key, part: Key) -> bool:
    return not Counter(part) - Counter(key)


def holds(target: Sequence[str], key: Key) -> int:
    """Counts how often a sentence holds all words of a rendering: as often as the rarest one."""
    stems = _stems(tuple(target))
    return min((stems[word] // n for word, n in Counter(key).items()), default=0)


@functools.lru_cache(maxsize=1 << 14)
def _stems(target: tuple[str, ...]) -> Counter[str]:
    """Counts the normal forms of a sentence, the characters of a Chinese one."""
    return Counter(
        form for token in target for form in (token if is_chinese(token) else (normal_form(token),))
    )


def _usual(
    keys: Sequence[Key], renderings: Sequence[Rendering | None], inside: Sequence[bool]
) -> Key:
    weight: defaultdict[Key, float] = defaultdict(float)
    for place, (key, rendering) in enumerate(zip(keys, renderings, strict=True)):
        if rendering is not None:
            weight[key] += (1 + rendering.confidence / 2) * (
                _NESTED if inside and inside[place] else 1
            )
    return min(weight, key=lambda key: (-weight[key], key), default=_MISSING)


def _given_back(
    occurrences: Sequence[Occurrence],
    extracted: Sequence[Key],
    usual: Key,
    targets: Sequence[Sequence[str]],
) -> tuple[list[Key], set[int]]:
    """Gives occurrences to the usual rendering where their sentence has its words to spare."""
    keys, corrected = list(extracted), set()
    claimed = Counter(
        o.sentence for o, key in zip(occurrences, extracted, strict=True) if key == usual
    )
    for place, occurrence in enumerate(occurrences):
        spare = (
            keys[place] != _MISSING
            and not _contains(keys[place], usual)
            and (holds(targets[occurrence.sentence], usual) > claimed[occurrence.sentence])
        )
        if spare:
            claimed[occurrence.sentence] += 1
            keys[place] = usual
            corrected.add(place)
    return keys, corrected


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """How far from perfect consistency the reading of consistent terms is.

    Attributes:
        terms: Witnesses.
        occurrences: Their occurrences with a rendering.
        misread: Those that were read as something other than the usual rendering.
        inconsistency: ``1 - LTCR`` pooled over the witnesses, before any reading was corrected; None
            without witnesses.
        reference: ``1 - LTCR`` of the reference, pooled over the terms proposed for the text and
            corrected as the text's own numbers are; None without a reference.
    """

    terms: int
    occurrences: int
    misread: int
    inconsistency: float | None
    reference: float | None = None


class Witnesses:
    """Adds up the terms that a text shows to be consistent.

    Args:
        least: Occurrences from which a term can be a witness.
        targets: The target tokens of each sentence.
    """

    def __init__(self, least: int, targets: Sequence[Sequence[str]]) -> None:
        self._least = least
        self._targets = targets
        self._terms = self._misread = 0
        self._readings: list[Counter[str]] = []

    def add(self, occurrences: Sequence[Occurrence], found: Distribution) -> None:
        """Counts a term if it is a witness."""
        if len(occurrences) < self._least or not found.clusters:
            return
        usual = found.clusters[0].key
        wanted = Counter(o.sentence for o in occurrences)
        if all(holds(self._targets[sentence], usual) >= n for sentence, n in wanted.items()):
            self._terms += 1
            read = [key for key in found.alike(found.extracted) if key]
            self._misread += sum(key != usual for key in read)
            self._readings.append(count_keys(read))

    def floor(self, reference: float | None) -> NoiseFloor:
        """Returns what has been measured."""
        return NoiseFloor(
            terms=self._terms,
            occurrences=sum(sum(counts.values()) for counts in self._readings),
            misread=self._misread,
            inconsistency=inconsistency(self._readings),
            reference=reference,
        )


def count_keys(keys: Iterable[Key]) -> Counter[str]:
    """Counts renderings; occurrences without one are left out."""
    return Counter(" ".join(key) for key in keys if key)


def inconsistency(readings: Iterable[Mapping[str, int]]) -> float | None:
    """Returns ``1 - LTCR``, pooled over terms (Lyu et al. 2021), or None without any pair."""
    sums = [ltcr_pairs(counts) for counts in readings]
    agreeing, pairs = sum(a for a, _ in sums), sum(p for _, p in sums)
    return 1 - agreeing / pairs if pairs else None

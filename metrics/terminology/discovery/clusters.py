"""From renderings to a verdict: is this term rendered in more than one way?

An extracted rendering can be wrong, so a second rendering is no proof by itself. An occurrence
counts against a term only where its sentence does *not* hold the dominant rendering unclaimed: if
the words are there, the extraction has missed them. What remains is weighed by its links.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.spans import Occurrence, Rendering
from xindaya.metrics.terminology.discovery.words import Key, cluster_key, normal_form

EVIDENCE = 0.07
"""Evidence from which drift is reported.

Chosen on annotated articles (``benchmarks/discovery.py``): of consistent terms one or two in a
hundred reach it, of terms with a single deviating rendering seven or eight in ten or more.
"""

_SINGLE = 0.5  # a rendering seen once is worth half: words left over by an omission look the same
_MISSING: Key = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Occurrences with the same rendering.

    Attributes:
        key: The stems of its content words.
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
        extracted: The same before any was given back to the dominant rendering.
        clusters: Renderings, the dominant one first.
        corrected: Occurrences given back to the dominant rendering because their sentence holds it
            unclaimed.
        evidence: Probability that at least one rendering other than the dominant one is right.
    """

    keys: tuple[Key, ...]
    extracted: tuple[Key, ...]
    clusters: tuple[Cluster, ...]
    corrected: tuple[int, ...]
    evidence: float


def distribution(
    occurrences: Sequence[Occurrence], renderings: Sequence[Rendering | None]
) -> Distribution:
    """Clusters the renderings of one term and weighs those that are not the dominant one.

    Args:
        occurrences: The term's occurrences.
        renderings: What was extracted for each, in the same order.
    """
    extracted = [
        cluster_key(o.target[span.start : span.end]) if span else _MISSING
        for o, span in zip(occurrences, renderings, strict=True)
    ]
    dominant = _dominant(extracted, renderings)
    keys, corrected = _give_back(occurrences, extracted, dominant)
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key != _MISSING:
            members[key].append(place)
    clusters = []
    for key, places in members.items():
        read = [place for place in places if place not in corrected]
        sure = _any_of(renderings[place] for place in read)
        clusters.append(Cluster(key, tuple(places), tuple(read), sure))
    clusters.sort(key=lambda c: (c.key != dominant, -len(c.places), -c.confidence, c.key))
    doubt = math.prod(
        1 - c.confidence * (_SINGLE if len(c.places) == 1 else 1.0) for c in clusters[1:]
    )
    return Distribution(
        tuple(keys), tuple(extracted), tuple(clusters), tuple(sorted(corrected)), 1 - doubt
    )


def holds(target: Sequence[str], key: Key) -> int:
    """Counts how often a sentence holds all words of a rendering: as often as the rarest one."""
    stems = Counter(normal_form(token) for token in target)
    return min((stems[word] for word in key), default=0)


def _dominant(keys: Sequence[Key], renderings: Sequence[Rendering | None]) -> Key:
    weight: defaultdict[Key, float] = defaultdict(float)
    for key, span in zip(keys, renderings, strict=True):
        if span is not None:
            weight[key] += 1 + span.confidence / 2
    return min(weight, key=lambda key: (-weight[key], key), default=_MISSING)


def _give_back(
    occurrences: Sequence[Occurrence], extracted: Sequence[Key], dominant: Key
) -> tuple[list[Key], set[int]]:
    """Gives occurrences to the dominant rendering where their sentence has its words to spare."""
    keys, corrected = list(extracted), set()
    claimed = Counter(
        o.sentence for o, key in zip(occurrences, extracted, strict=True) if key == dominant
    )
    for place, occurrence in enumerate(occurrences):
        spare = keys[place] not in (dominant, _MISSING) and (
            holds(occurrence.target, dominant) > claimed[occurrence.sentence]
        )
        if spare:
            claimed[occurrence.sentence] += 1
            keys[place] = dominant
            corrected.add(place)
    return keys, corrected


def _any_of(renderings: Iterable[Rendering | None]) -> float:
    return 1 - math.prod(1 - span.confidence for span in renderings if span is not None)

"""Words learned from the document itself: which Chinese n-gram goes with which English stem.

Over the beads of an earlier pass, an n-gram and a stem that occur in the same beads more often than
chance allows are taken for translations. The measure is the log-likelihood ratio G² of Dunning,
"Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19(1),
1993; a stem keeps its best n-grams only, as in Melamed's competitive linking (2000).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from xindaya.pairs.align.beads import Step
from xindaya.pairs.align.evidence import Evidence, Floats, Ints

SURE = 0.6
"""Confidence from which a bead is believed."""

_LEAST_G2 = 9.0
_LEAST_DICE = 0.5
_PER_STEM = 2
_KIND_WEIGHT, _OWN_WEIGHT = 10.0, 3.0
"""How many observations a feature's kind, and its prior, are worth."""
_MOST_BEADS = 5000
"""Beads learned from: more would cost memory and teach nothing new."""


def learn_links(
    steps: Sequence[Step], zh: Sequence[set[str]], en: Sequence[set[str]]
) -> list[tuple[str, str]]:
    """Returns pairs (Chinese n-gram, English stem) found together in the believed beads.

    Args:
        steps: Beads of an earlier pass.
        zh: The n-grams of each Chinese line.
        en: The content stems of each English line.
    """
    beads = [s for s in steps if all(s.kind) and s.confidence >= SURE][:_MOST_BEADS]
    grams = _Vocabulary(_distinct([set().union(*zh[s.zh]) for s in beads]))
    stems = _Vocabulary([set().union(*en[s.en]) for s in beads])
    if not len(grams.names) or not len(stems.names):
        return []
    keys = np.concatenate([
        (s[:, None] * len(grams.names) + g[None, :]).ravel()
        for g, s in zip(grams.rows, stems.rows, strict=True)
    ])  # fmt: skip
    pairs, counts = np.unique(keys, return_counts=True)
    pairs, together = pairs[counts >= 2], counts[counts >= 2].astype(np.float64)
    s, g = np.divmod(pairs, len(grams.names))
    in_zh, in_en = grams.counts[g], stems.counts[s]
    g2 = _g2(together, in_zh, in_en, float(len(beads)))
    dice = 2 * together / (in_zh + in_en)
    good = (g2 >= _LEAST_G2) & (dice >= _LEAST_DICE)
    s, g, rank = s[good], g[good], dice[good] * g2[good]
    lengths = np.array([len(name) for name in grams.names], dtype=float)
    order = np.lexsort((-lengths[g], -rank))
    return _compete(
        [(grams.names[g[k]], stems.names[s[k]]) for k in order.tolist()]
    )  # fmt: skip


def learn_kept(steps: Sequence[Step], evidence: Evidence) -> dict[tuple[str, str], float]:
    """Re-estimates how often each feature is kept, from the believed beads.

    A feature's own record is shrunk towards that of its kind, and that towards what is usual.

    Args:
        steps: Beads of an earlier pass.
        evidence: The features of the document.
    """
    seen: dict[tuple[str, str], list[bool]] = defaultdict(list)
    of_kind: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for step in steps:
        if all(step.kind) and step.confidence >= SURE:
            for lang, key, found in evidence.found(step.zh, step.en):
                seen[lang, key].append(found)
                of_kind[lang, _kind(key)].append(found)
    kept = {}
    for lang, side in (("zh", evidence.zh), ("en", evidence.en)):
        for feature in side.features:
            usual = _shrunk(of_kind[lang, _kind(feature.key)], feature.kept, _KIND_WEIGHT)
            kept[lang, feature.key] = _shrunk(seen[lang, feature.key], usual, _OWN_WEIGHT)
    return kept


def _kind(key: str) -> str:
    kind = key.partition(":")[0]
    return key if kind == "p" else kind


def _shrunk(found: Sequence[bool], usual: float, weight: float) -> float:
    return (weight * usual + sum(found)) / (weight + len(found))


class _Vocabulary:
    """Names that occur in at least two beads, numbered, bead by bead."""

    def __init__(self, beads: Sequence[set[str]]) -> None:
        counts: dict[str, int] = defaultdict(int)
        for names in beads:
            for name in names:
                counts[name] += 1
        self.names = sorted(name for name, count in counts.items() if count >= 2)
        number = {name: k for k, name in enumerate(self.names)}
        self.counts: Floats = np.array([counts[name] for name in self.names], dtype=float)
        self.rows: list[Ints] = [
            np.array(sorted(number[n] for n in names if n in number), dtype=np.int64)
            for names in beads
        ]


def _distinct(beads: Sequence[set[str]]) -> list[set[str]]:
    """Drops n-grams that always occur with a longer one they overlap: they are one word."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, grams in enumerate(beads):
        for gram in grams:
            places[gram].append(place)
    groups: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for gram, where in places.items():
        if len(where) >= 2:
            groups[tuple(where)].append(gram)
    result: list[set[str]] = [set() for _ in beads]
    for beads_with, group in groups.items():
        bigrams: set[str] = set()
        for gram in sorted(group, key=lambda g: (-len(g), g)):
            own = {gram[k : k + 2] for k in range(len(gram) - 1)}
            if not own & bigrams:
                for place in beads_with:
                    result[place].add(gram)
            bigrams |= own
    return result


def _g2(both: Floats, first: Floats, second: Floats, total: float) -> Floats:
    """Returns Dunning's G² of 2x2 tables given their margins."""
    cells = (
        (both, first * second),
        (first - both, first * (total - second)),
        (second - both, (total - first) * second),
        (total - first - second + both, (total - first) * (total - second)),
    )
    result = np.zeros_like(both)
    for observed, margins in cells:
        expected = np.maximum(margins / total, 1e-12)
        result += np.where(
            observed > 0, 2 * observed * np.log(np.maximum(observed, 1e-12) / expected), 0.0
        )
    return result


def _compete(ranked: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keeps the best pairs: few n-grams a stem, one stem an n-gram, no n-gram inside another."""
    of_stem: dict[str, list[str]] = defaultdict(list)
    taken: dict[str, str] = {}
    for gram, stem in ranked:
        own = of_stem[stem]
        if len(own) >= _PER_STEM or taken.get(gram, stem) != stem:
            continue
        if any(gram in other or other in gram for other in own):
            continue
        own.append(gram)
        taken[gram] = stem
    return [(gram, stem) for stem, own in of_stem.items() for gram in own]

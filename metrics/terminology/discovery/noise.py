"""The noise floor: how inconsistent the aligner makes consistent terms look.

It is measured on the text at hand, in two ways that bound it.

*Witnesses* are terms that the text itself shows to be consistent: the usual rendering stands in
every sentence of the term at least as often as the term does. Where the aligner reads anything else
there, the aligner is wrong. Terms that it misreads everywhere are never witnesses, so this is a
lower bound.

The *reference*, where there is one, is read by the same aligner. What drifts there is noise, or
variation that a professional thought right: an upper bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.clusters import Distribution, holds
from xindaya.metrics.terminology.discovery.spans import Occurrence
from xindaya.metrics.terminology.discovery.words import Key
from xindaya.metrics.terminology.measures import ltcr_pairs


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """How far from perfect consistency the reading of consistent terms is.

    Attributes:
        terms: Witnesses.
        occurrences: Their occurrences with a rendering.
        misread: Those that the aligner read as something other than the usual rendering.
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
    """

    def __init__(self, least: int) -> None:
        self._least = least
        self._terms = self._misread = 0
        self._readings: list[Counter[str]] = []

    def add(self, occurrences: Sequence[Occurrence], found: Distribution) -> None:
        """Counts a term if it is a witness."""
        if len(occurrences) < self._least or not found.clusters:
            return
        usual = found.clusters[0].key
        wanted = Counter(o.sentence for o in occurrences)
        targets = {o.sentence: o.target for o in occurrences}
        if all(holds(targets[sentence], usual) >= n for sentence, n in wanted.items()):
            self._terms += 1
            self._misread += sum(bool(key) and key != usual for key in found.extracted)
            self._readings.append(count_keys(found.extracted))

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

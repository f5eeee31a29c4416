"""The passes: a wide search, then narrow ones that know what the earlier ones taught."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xindaya.pairs.align.beads import COMMON, MATCHES, Band, Kind, Scores, Step
from xindaya.pairs.align.document import Documents
from xindaya.pairs.align.evidence import Evidence, Floats, Side
from xindaya.pairs.align.learn import SURE, learn_kept, learn_links
from xindaya.pairs.align.length import LengthModel, LengthScore
from xindaya.pairs.align.search import Table, best_path, with_confidence

WIDE = 1000
"""English lines on either side of the diagonal that the first search considers."""

NARROW = 40
"""The same for later searches, around the path found before."""

PASSES = 1
"""Passes after learning; a second one measured no better."""


class _Knowledge(NamedTuple):
    """What one pass takes from the one before."""

    length: LengthModel
    links: Sequence[tuple[str, str]]
    kept: dict[tuple[str, str], float]


def align_units(documents: Documents) -> list[Step]:
    """Aligns two documents of at least one unit each."""
    zh, en = documents.zh_lengths, documents.en_lengths
    known = _Knowledge(LengthModel.of(zh, en), (), {})
    length, evidence = _models(documents, known)
    band = Band.around(_diagonal(zh, en), WIDE, len(en))
    path = best_path(Scores(length, evidence, band, COMMON))
    path = _narrow(length, evidence, path, COMMON)
    for number in range(1, PASSES + 1):
        known = _learn(documents, evidence, path, known)
        length, evidence = _models(documents, known)
        path = _narrow(length, evidence, path, MATCHES if number == PASSES else COMMON)
    return path


def _models(documents: Documents, known: _Knowledge) -> tuple[LengthScore, Evidence]:
    zh, en, links = documents.features(known.links)
    evidence = Evidence(
        Side(zh, documents.zh_lengths), Side(en, documents.en_lengths), links, known.kept
    )
    return LengthScore(known.length, documents.zh_lengths, documents.en_lengths), evidence


def _narrow(
    length: LengthScore, evidence: Evidence, path: Sequence[Step], kinds: tuple[Kind, ...]
) -> list[Step]:
    """Searches around an earlier path, and rates the beads."""
    centre = np.zeros(evidence.zh.lines + 1, dtype=np.int64)
    for step in path:
        centre[step.zh.start + 1 : step.zh.stop + 1] = step.en.stop
    band = Band.around(centre, NARROW, evidence.en.lines)
    table: Table = []
    found = best_path(Scores(length, evidence, band, kinds), table)
    return with_confidence(band, table, found)


def _learn(
    documents: Documents, evidence: Evidence, path: Sequence[Step], known: _Knowledge
) -> _Knowledge:
    links = learn_links(path, documents.ngrams, documents.stems)
    sure = [s for s in path if s.kind == (1, 1) and s.confidence >= SURE]
    length = known.length.refit(
        [float(documents.zh_lengths[s.zh.start]) for s in sure],
        [float(documents.en_lengths[s.en.start]) for s in sure],
    )
    return _Knowledge(length, links, learn_kept(path, evidence))


def _diagonal(zh: Floats, en: Floats) -> Floats:
    """Expects each Chinese line where the same share of the English text has passed."""
    done = np.concatenate(([0.0], np.cumsum(zh))) / zh.sum()
    return np.asarray(np.searchsorted(np.cumsum(en) / en.sum(), done), dtype=np.float64)

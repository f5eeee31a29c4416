"""The spans that can render a term in one sentence, and how well the links agree with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.words import is_content

BREAKS = frozenset('.,;:!?()[]"“”—。，；：！？（）、')
"""No rendering runs across these."""

_MAX_WIDTH = 8  # tokens
_WEAK_LINK = 0.02  # below it a word is no edge of a span
_UNLINKED = 0.1  # what a word without links costs in a span
_ELSEWHERE = 0.2  # worth of a span to an occurrence if another of its sentence has all the links


@dataclass(frozen=True, slots=True)
class Rendering:
    """A span of target tokens, half open, and how sure the links are of it (0 to 1)."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a term.

    Attributes:
        sentence: Number of the sentence pair.
        source_span: The term's tokens, half open.
        target: The tokens of the target sentence.
        posteriors: Its links, shape (source tokens, target tokens).
    """

    sentence: int
    source_span: tuple[int, int]
    target: Sequence[str]
    posteriors: NDArray[Any]


def candidate_spans(
    together: Sequence[Occurrence],
) -> tuple[list[Rendering], list[NDArray[np.float64]]]:
    """Lists spans that begin and end with a content word linked to the term.

    The confidence of a span is an F-measure ``2·s / (c + t)`` of its links: s is the mass that it
    shares with the term, c what its words have in all, t what the term has in all.

    Args:
        together: All occurrences of one term in one sentence.

    Returns:
        The spans, and for each occurrence how near each span is to it, in (0, 1], shape (spans,).
    """
    links = np.asarray(together[0].posteriors, dtype=np.float64)
    tokens = together[0].target
    content = np.array([is_content(token) for token in tokens], dtype=bool)
    own = [links[slice(*occurrence.source_span)].sum(axis=0) * content for occurrence in together]
    ours = np.minimum(np.sum(own, axis=0), 1.0)
    others = links.copy()
    for occurrence in together:
        others[slice(*occurrence.source_span)] = 0.0
    theirs = others.max(axis=0)
    unlinked = _UNLINKED * np.maximum(1.0 - ours - theirs, 0.0)
    cost = np.where(content, ours + theirs + unlinked, 0.0)
    total = max(float(ours.sum()) / len(together), 1.0)
    inside, spent = _sums(ours), _sums(cost)
    edges = np.flatnonzero(ours > _WEAK_LINK).tolist()
    clause = np.cumsum([token in BREAKS for token in tokens]).tolist()
    spans = []
    for place, start in enumerate(edges):
        for end in edges[place:]:
            if end - start >= _MAX_WIDTH or clause[end] != clause[start]:
                break
            shared = float(inside[end + 1] - inside[start])
            held = float(spent[end + 1] - spent[start])
            spans.append(Rendering(start, end + 1, min(2 * shared / (held + total), 1.0)))
    if len(together) == 1:
        return spans, [np.ones(len(spans))]
    sums = [_sums(row) for row in own]
    masses = np.array([[row[s.end] - row[s.start] for s in spans] for row in sums])
    parts = masses / np.maximum(masses.sum(axis=0), 1e-9)
    return spans, list(_ELSEWHERE + (1 - _ELSEWHERE) * parts)


def _sums(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the sum before each place, so that a span's sum is a difference."""
    return np.concatenate([[0.0], np.cumsum(row)])

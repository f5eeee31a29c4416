"""Which rendering in a passage belongs to which source occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xindaya.metrics.terminology.english import stem
from xindaya.metrics.terminology.spans import Span
from xindaya.pairs import Concept

_SHORT_WORD = 3  # English words up to this length (the, of, and) make no two terms alike


class Assigner:
    """Pairs source occurrences with target spans inside a passage.

    Args:
        source_lang: Language of the sources, which decides when two source forms are alike.
    """

    def __init__(self, source_lang: str) -> None:
        self._source_lang = source_lang
        self._cache: dict[str, frozenset[str]] = {}

    def assign(
        self,
        sources: Sequence[Span],
        concepts: Sequence[str | None],
        targets: Sequence[Span],
        source_length: int,
        target_length: int,
    ) -> dict[int, int]:
        """Pairs spans at the least total distance of relative positions.

        First each concept's occurrences with its own renderings. A concept that is rendered
        nowhere in the passage may then take a span that no occurrence needs, if the two source
        forms are alike: a candidate for a wrong term.

        Args:
            sources: Source spans in order.
            concepts: Concept of each source span, or None if it has none here.
            targets: Target spans in order.
            source_length: Characters of the source.
            target_length: Characters of the target.

        Returns:
            Index of a source span to index of its target span.
        """
        source_places = [span.start / max(1, source_length) for span in sources]
        target_places = [span.start / max(1, target_length) for span in targets]
        wanted: dict[str, list[int]] = defaultdict(list)
        for i, concept in enumerate(concepts):
            if concept is not None:
                wanted[concept].append(i)
        offered: dict[str, list[int]] = defaultdict(list)
        for j, span in enumerate(targets):
            for form, _ in span.hits:
                offered[form.concept.id].append(j)
        pairs: dict[int, int] = {}
        taken: set[int] = set()

        def pair(rows: list[int], columns: list[int]) -> list[tuple[int, int]]:
            found = closest_pairs([source_places[i] for i in rows],
                                  [target_places[j] for j in columns])  # fmt: skip
            return [(rows[r], columns[c]) for r, c in found]

        for concept, rows in wanted.items():
            own = pair(rows, [j for j in offered.get(concept, ()) if j not in taken])
            pairs.update(own)
            taken.update(j for _, j in own)
        resolved = {concepts[i] for i in pairs}
        orphans = {
            i: self._pieces(sources[i])
            for i, concept in enumerate(concepts)
            if concept is not None and concept not in resolved
        }
        strangers = {j: self._pieces(span) for j, span in enumerate(targets) if j not in taken}
        # 中央网信办 rendered as 中央网信委's name is a likely confusion; two unrelated terms that
        # happen to stand in one passage are not.
        alike = {
            (i, j) for i, a in orphans.items() for j, b in strangers.items() if not a.isdisjoint(b)
        }
        lost, found = sorted({i for i, _ in alike}), sorted({j for _, j in alike})
        pairs.update(link for link in pair(lost, found) if link in alike)
        return pairs

    def _pieces(self, span: Span) -> frozenset[str]:
        """Returns what the likeness of a span's concepts is judged by."""
        first, *others = (self._pieces_of(form.concept) for form, _ in span.hits)
        return first.union(*others)

    def _pieces_of(self, concept: Concept) -> frozenset[str]:
        """Cuts a concept's source forms into pieces that like forms share.

        Pairs of characters in Chinese, stems of the longer words in English.
        """
        if concept.id not in self._cache:
            texts = [t.text for t in concept.terms if t.lang == self._source_lang]
            words = (w for t in texts for w in t.split())
            self._cache[concept.id] = (
                frozenset(t[i : i + 2] for t in texts for i in range(len(t) - 1))
                if self._source_lang == "zh"
                else frozenset(stem(w) for w in words if len(w) > _SHORT_WORD)
            )
        return self._cache[concept.id]


def closest_pairs(rows: Sequence[float], columns: Sequence[float]) -> list[tuple[int, int]]:
    """Pairs as many positions as possible at the least total distance.

    Both sides are sorted, so an optimal pairing never crosses and a dynamic programme over
    prefixes finds it in ``len(rows) * len(columns)`` steps.
    """
    if not rows or not columns:
        return []
    if len(rows) > len(columns):
        return [(r, c) for c, r in closest_pairs(columns, rows)]
    if len(rows) == 1:
        return [(0, min(range(len(columns)), key=lambda c: abs(rows[0] - columns[c])))]
    # best[r][c]: least cost of pairing the first r rows with some of the first c columns
    infinity = float("inf")
    best = [[0.0] * (len(columns) + 1)]
    for r, row in enumerate(rows, 1):
        line = [infinity] * (len(columns) + 1)
        for c in range(r, len(columns) + 1):
            line[c] = min(line[c - 1], best[r - 1][c - 1] + abs(row - columns[c - 1]))
        best.append(line)
    pairs, c = [], len(columns)
    for r in range(len(rows), 0, -1):
        while c > r and best[r][c - 1] <= best[r][c]:
            c -= 1
        pairs.append((r - 1, c - 1))
        c -= 1
    return pairs[::-1]

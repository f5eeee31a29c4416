"""Which rendering in a passage belongs to which source occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from xindaya.metrics.terminology.confusion import Confusion
from xindaya.metrics.terminology.spans import Span
from xindaya.pairs import Concept, Status

_EXACT = 10_000  # pairs of occurrences and renderings up to which all are weighed together
_WORSE = 10.0  # what a deprecated rendering costs beside one that is not: more than any distance


class Assigner:
    """Pairs source occurrences with target spans inside a passage.

    Args:
        source_lang: Language of the sources.
        target_lang: Language of the texts checked.
    """

    def __init__(self, source_lang: str, target_lang: str) -> None:
        self._confusion = Confusion(source_lang, target_lang)

    def assign(
        self,
        source: str,
        sources: Sequence[Span],
        concepts: Sequence[Concept | None],
        target: str,
        targets: Sequence[Span],
    ) -> dict[int, int]:
        """Pairs spans: as many as possible, at the least total distance of relative positions.

        First the occurrences with renderings of their own. A concept that is rendered nowhere in
        the passage may then take a span that no occurrence needs, if that is evidence of a wrong
        term.

        Args:
            source: The source text.
            sources: Source spans in order.
            concepts: Concept of each source span, or None if it has none here.
            target: The target text.
            targets: Target spans in order.

        Returns:
            Index of a source span to index of its target span.
        """
        expected = [span.start / max(1, len(source)) for span in sources]
        places = [span.start / max(1, len(target)) for span in targets]
        wanted: dict[str, list[int]] = defaultdict(list)
        for i, concept in enumerate(concepts):
            if concept is not None:
                wanted[concept.id].append(i)
        offered: dict[str, list[int]] = {concept: [] for concept in wanted}
        for j, span in enumerate(targets):
            for owner in dict.fromkeys(form.concept.id for form, _ in span.hits):
                if owner in offered:
                    offered[owner].append(j)
        pairs: dict[int, int] = {}
        for group in _sharing(offered):
            costs = (
                {
                    i: {j: abs(expected[i] - places[j]) + _worse(targets[j], c) for j in offered[c]}
                    for c in group
                    for i in wanted[c]
                }
                if _weighed_together(group, wanted, offered, targets)
                else None
            )
            pairs.update(
                _own(group, wanted, offered, expected, places)
                if costs is None
                else closest_matching(costs)
            )
        taken = set(pairs.values())
        resolved = {c.id for i in pairs if (c := concepts[i]) is not None}
        # 中央网信办 rendered as 中央网信委's name is a likely confusion; two unrelated terms that
        # happen to stand in one passage are not.
        evident = {
            (i, j)
            for i, concept in enumerate(concepts)
            if concept is not None and concept.id not in resolved
            for j, span in enumerate(targets)
            if j not in taken
            and self._confusion.is_evident(source, sources[i], concept, target, span)
        }
        lost, found = sorted({i for i, _ in evident}), sorted({j for _, j in evident})
        links = closest_pairs([expected[i] for i in lost], [places[j] for j in found])
        pairs.update((lost[r], found[c]) for r, c in links if (lost[r], found[c]) in evident)
        return pairs


def _sharing(offered: Mapping[str, Sequence[int]]) -> list[list[str]]:
    """Groups concepts that share a target span, in the order of their first occurrence."""
    group: dict[str, list[str]] = {concept: [concept] for concept in offered}
    owner: dict[int, str] = {}
    for concept, spans in offered.items():
        for span in spans:
            other = group[owner.setdefault(span, concept)]
            if other is not group[concept]:
                other += group[concept]
                group.update((member, other) for member in group[concept])
    return list({id(members): members for members in group.values()}.values())


def _weighed_together(
    group: Sequence[str],
    wanted: Mapping[str, Sequence[int]],
    offered: Mapping[str, Sequence[int]],
    targets: Sequence[Span],
) -> bool:
    """True if distance alone does not say which rendering is whose.

    Concepts share some, or there is a deprecated one, and others are enough: in "the outbreak of the
    epidemic" it may stand for another word.
    """
    if sum(len(wanted[c]) * len(offered[c]) for c in group) > _EXACT:
        return False
    return len(group) > 1 or any(
        len(offered[c]) > len(wanted[c]) and any(_worse(targets[j], c) for j in offered[c])
        for c in group
    )


def _worse(span: Span, concept: str) -> float:
    hit = span.hit_of(concept)
    return _WORSE if hit and hit[0].term.status is Status.DEPRECATED else 0.0


def _own(
    group: Sequence[str],
    wanted: Mapping[str, Sequence[int]],
    offered: Mapping[str, Sequence[int]],
    expected: Sequence[float],
    places: Sequence[float],
) -> dict[int, int]:
    """Pairs the occurrences of concepts with their renderings, one concept after the other."""
    pairs: dict[int, int] = {}
    for concept in group:
        rows = wanted[concept]
        columns = [j for j in offered[concept] if j not in pairs.values()]
        links = closest_pairs([expected[i] for i in rows], [places[j] for j in columns])
        pairs.update((rows[r], columns[c]) for r, c in links)
    return pairs


def closest_matching(costs: Mapping[int, Mapping[int, float]]) -> dict[int, int]:
    """Pairs as many rows with columns as possible, of such pairings one of the least total cost.

    Each row is added by a shortest augmenting path (Bellman & Ford), so that what is paired stays
    optimal for the rows so far.

    Args:
        costs: Row to the columns it may take, and what each costs.

    Returns:
        Row to its column.
    """
    pairs: dict[int, int] = {}
    owner: dict[int, int] = {}
    while True:
        reached = {
            row: (0.0, -1) for row in costs if row not in pairs
        }  # row: (cost, column before)
        columns: dict[int, tuple[float, int]] = {}  # column: (cost, row before)
        front = list(reached)
        while front:
            following = []
            for row in front:
                for column, cost in costs[row].items():
                    total = reached[row][0] + cost
                    if pairs.get(row) == column or total >= columns.get(column, _NEVER)[0] - _TINY:
                        continue
                    columns[column] = total, row
                    if (held := owner.get(column)) is not None:
                        reached[held] = total - costs[held][column], column
                        following.append(held)
            front = following
        free = [(cost, column) for column, (cost, _) in columns.items() if column not in owner]
        if not free:
            return pairs
        column = min(free)[1]
        while column >= 0:
            row = columns[column][1]
            before = reached[row][1]
            pairs[row], owner[column] = column, row
            column = before


_NEVER = (float("inf"), -1)
_TINY = 1e-12


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

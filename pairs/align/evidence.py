"""What the words and numbers of two lines say about whether they are translations.

Every line is a set of *features* (a number, a word, a mark). Features of the two languages that can
translate each other are *linked*. A feature f of a line is found in a bead if a feature linked to it
stands on the other side. With q the chance of that on a wrong side of the same length, and r the
chance that a translator keeps f visible, found says log((r + (1-r) q) / q) and not found says
log(1-r) (a naive Bayes likelihood ratio with a noisy-or, so a long other side proves little).
Both directions are added at reduced weight (see `beads`), since they largely see the same thing.

Sums over lines make merges cheap, and sparse postings make the matrix linear in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MAX_MERGE = 4
_LEAST_SHARE = 0.08
"""Least share of lines taken to hold a feature: neighbours speak of the same things."""
_CAP = 5.0
"""Most that one feature can say for a bead (a factor of 150)."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of thing a line can hold.

    Attributes:
        key: Its identity within the language.
        kept: Chance r that it is found in a true translation.
        by_length: True if longer text holds it more often by chance (words), False for what lines
            have or have not, like a closing full stop.
        expected: True if it counts as missing even where the other document has nothing like it,
            False for words of which it is not known what they would look like there.
    """

    key: str
    kept: float
    by_length: bool = True
    expected: bool = True


class Side:
    """One language's features, line by line, numbered."""

    def __init__(self, lines: Sequence[Iterable[Feature]], lengths: Floats) -> None:
        self.lengths = lengths
        self.totals = np.concatenate(([0.0], np.cumsum(lengths)))
        self.number: dict[str, int] = {}
        self.features: list[Feature] = []
        types, places = [], []
        for place, features in enumerate(lines):
            for feature in features:
                if feature.key not in self.number:
                    self.number[feature.key] = len(self.features)
                    self.features.append(feature)
                types.append(self.number[feature.key])
                places.append(place)
        pairs = np.unique(
            np.asarray(types, dtype=np.int64) * (len(lines) + 1) + np.asarray(places, np.int64)
        )
        self.types, self.places = np.divmod(pairs, len(lines) + 1)
        self.lines = len(lines)

    def mean_length(self) -> float:
        """Returns the mean length of a line, at least 1."""
        return max(1.0, float(self.lengths.mean())) if self.lines else 1.0


class Evidence:
    """Log-likelihood ratios of beads by their features.

    Args:
        zh: The Chinese lines.
        en: The English lines.
        links: Pairs (Chinese key, English key) that can translate each other.
        kept: Chances r learned from the document, by (``zh`` or ``en``, key).
    """

    def __init__(
        self,
        zh: Side,
        en: Side,
        links: Iterable[tuple[str, str]],
        kept: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        kept = kept or {}
        pairs = sorted({
            (zh.number[a], en.number[b]) for a, b in links if a in zh.number and b in en.number
        })  # fmt: skip
        self._en_in_zh = _Direction(en, zh, [(b, a) for a, b in pairs], "en", kept)
        self._zh_in_en = _Direction(zh, en, pairs, "zh", kept)
        self.zh, self.en = zh, en

    def en_row(self, i: int, a: int, low: int, high: int) -> Floats:
        """Scores English lines `low` to `high` against the Chinese lines i-a to i, one by one."""
        return self._en_in_zh.against_window(i, a, low, high)

    def zh_row(self, k: int, b: int, low: int, high: int) -> Floats:
        """Scores Chinese line k against the English windows of b lines ending at `low`…`high`-1."""
        return self._zh_in_en.of_line(k, b, low, high)

    def found(self, zh_lines: slice, en_lines: slice) -> list[tuple[str, str, bool]]:
        """Lists (language, key, found) of every linked feature of a bead."""
        return [
            *self._zh_in_en.seen(zh_lines, en_lines),
            *self._en_in_zh.seen(en_lines, zh_lines),
        ]


class _Direction:
    """Features of one side (own) looked for on the other side."""

    def __init__(
        self,
        own: Side,
        other: Side,
        links: list[tuple[int, int]],
        lang: str,
        kept: Mapping[tuple[str, str], float],
    ) -> None:
        self.own, self.other, self.lang = own, other, lang
        partners: dict[int, list[int]] = {}
        for mine, theirs in links:
            partners.setdefault(mine, []).append(theirs)
        starts = np.searchsorted(other.types, np.arange(len(other.features) + 1))
        where: dict[int, Ints] = {}
        for mine, all_theirs in partners.items():
            lines = [other.places[starts[t] : starts[t + 1]] for t in all_theirs]
            where[mine] = np.unique(np.concatenate(lines))
        n = len(own.features)
        self.counts = np.array([
            t in where or feature.expected for t, feature in enumerate(own.features)
        ], dtype=bool)  # fmt: skip
        r = np.array([kept.get((lang, f.key), f.kept) for f in own.features])
        self.r = np.clip(r, 0.02, 0.98)
        share = np.array([len(where.get(t, ())) for t in range(n)], dtype=float)
        share = np.clip((share + 0.5) / (other.lines + 1), _LEAST_SHARE, 0.98)
        self.by_length = np.array([f.by_length for f in own.features], dtype=bool)
        self.rate = -np.log1p(-share)  # of a line of mean length
        self.mean = other.mean_length()
        self.missing = np.where(self.counts, np.log1p(-self.r), 0.0) if n else np.zeros(0)
        base = np.bincount(own.places, self.missing[own.types], own.lines)
        self.base: Floats = base.astype(np.float64)
        # Postings: own lines of a type, and windows of other lines in which a type is found.
        self._own_keys = own.types * (own.lines + 1) + own.places  # sorted
        types = [np.full(len(lines), t, dtype=np.int64) for t, lines in where.items()]
        self._found_types = np.concatenate(types) if types else np.zeros(0, np.int64)
        self._found_lines = (
            np.concatenate(list(where.values())) if where else np.zeros(0, dtype=np.int64)
        )
        self._stride = other.lines + MAX_MERGE + 1
        self._by_type: dict[int, Ints] = {}
        self._by_window: dict[int, tuple[Ints, Ints]] = {}
        order = np.argsort(own.places, kind="stable")
        self._line_types = own.types[order]
        self._line_starts = np.searchsorted(own.places[order], np.arange(own.lines + 1))

    def against_window(self, end: int, size: int, low: int, high: int) -> Floats:
        """Scores own lines `low`…`high`-1 against other lines end-size…end-1."""
        if size not in self._by_window:
            self._by_window[size] = self._index_by_window(size)
        types, starts = self._by_window[size]
        found = types[starts[end] : starts[end + 1]]
        length = self.other.totals[end] - self.other.totals[end - size]
        bonus = self._bonus(found, np.where(self.by_length[found], length, self.mean))
        keys, stride = self._own_keys, self.own.lines + 1
        first = np.searchsorted(keys, found * stride + low)
        last = np.searchsorted(keys, found * stride + high)
        chosen = _ranges(first, last)
        score: Floats = self.base[low:high].copy()
        if len(chosen):
            score += np.bincount(
                keys[chosen] % stride - low, np.repeat(bonus, last - first), high - low
            )
        return score

    def of_line(self, line: int, size: int, low: int, high: int) -> Floats:
        """Scores an own line against windows of `size` other lines ending at low…high-1."""
        if size not in self._by_type:
            self._by_type[size] = self._windows(size)
        keys = self._by_type[size]
        mine = self._line_types[self._line_starts[line] : self._line_starts[line + 1]]
        first = np.searchsorted(keys, mine * self._stride + low)
        last = np.searchsorted(keys, mine * self._stride + high)
        chosen = _ranges(first, last)
        score = np.full(high - low, self.base[line])
        if len(chosen):
            types, ends = np.divmod(keys[chosen], self._stride)
            length = self.other.totals[ends] - self.other.totals[np.maximum(ends - size, 0)]
            bonus = self._bonus(types, np.where(self.by_length[types], length, self.mean))
            score += np.bincount(ends - low, bonus, high - low)
        return score

    def seen(self, own: slice, other: slice) -> list[tuple[str, str, bool]]:
        """Lists what of the own lines is found in the other lines."""
        size = other.stop - other.start
        if size > MAX_MERGE or not size or own.stop == own.start:
            return []
        if size not in self._by_window:
            self._by_window[size] = self._index_by_window(size)
        types, starts = self._by_window[size]
        found = set(types[starts[other.stop] : starts[other.stop + 1]].tolist())
        mine = self._line_types[self._line_starts[own.start] : self._line_starts[own.stop]]
        return [
            (self.lang, self.own.features[t].key, t in found)
            for t in dict.fromkeys(mine.tolist())
            if self.counts[t]
        ]

    def _bonus(self, types: Ints, length: Floats) -> Floats:
        chance = -np.expm1(-self.rate[types] * np.maximum(length / self.mean, 0.2))
        r = self.r[types]
        gain = np.minimum(np.log((r + (1 - r) * chance) / chance), _CAP)
        return np.asarray(gain - self.missing[types])

    def _windows(self, size: int) -> Ints:
        """Returns sorted keys (type, end) of the windows of `size` lines that hold a type."""
        ends = self._found_lines[:, None] + np.arange(1, size + 1)[None, :]
        keys = (self._found_types[:, None] * self._stride + ends).ravel()
        return np.unique(keys)

    def _index_by_window(self, size: int) -> tuple[Ints, Ints]:
        types, ends = np.divmod(self._windows(size), self._stride)
        order = np.argsort(ends, kind="stable")
        return types[order], np.searchsorted(ends[order], np.arange(self._stride + 1))


def _ranges(first: Ints, last: Ints) -> Ints:
    """Concatenates the ranges first[k]…last[k]-1."""
    sizes = last - first
    if not sizes.size or not (total := int(sizes.sum())):
        return np.zeros(0, dtype=np.int64)
    offsets = np.repeat(first - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    return np.asarray(offsets + np.arange(total), dtype=np.int64)

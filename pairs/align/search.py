"""Searches of the band: the best path, and how sure each of its beads is.

Lines without a counterpart come in runs (menus, credits, a paragraph left out), so the alignment is
a Markov chain over three states: in the text, in Chinese lines that stand alone, in English lines
that stand alone. Entering a run is rare, staying in it is cheap; a run of both languages is taken
Chinese first, so that there is one path for it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xindaya.pairs.align.beads import PRIORS, Band, Kind, Scores, Step
from xindaya.pairs.align.evidence import MAX_MERGE, Floats

Table = list[dict[Kind, Floats]]

_TEXT, _ZH, _EN = 0, 1, 2
_KINDS: tuple[Kind, ...] = ((1, 1), *(kind for kind in PRIORS if kind != (1, 1)))


class Chain(NamedTuple):
    """Logarithms of the chances to go from state to state."""

    text_text: float
    text_alone: float
    alone_alone: float
    zh_en: float
    zh_text: float
    en_text: float

    @classmethod
    def of(cls, enter: float = 0.07, stay: float = 0.65, both: float = 0.45) -> Chain:
        """Makes a chain.

        Args:
            enter: Chance that a line alone, of one or the other language, follows a match.
            stay: Chance that another one of the same language follows.
            both: Chance that a run ends in one of the other language, not in a match.
        """
        return cls(
            math.log(1 - enter), math.log(enter / 2), math.log(stay),
            math.log((1 - stay) * both), math.log((1 - stay) * (1 - both)), math.log(1 - stay),
        )  # fmt: skip

    def cooled(self, temperature: float) -> Chain:
        """Returns the chain with all logarithms divided."""
        return Chain(*(value / temperature for value in self))


CHAIN = Chain.of()
_START_ALONE = math.log(0.3)
"""Chance that a document starts with lines that stand alone; where it ends is free."""

_TEMPERATURE = 1.4
"""Divides log scores before they are read as chances: features overlap, so they say too much.

With it, of the beads of the tuning documents rated 0.5 to 0.6, say, between 50 and 65 % are right.
"""

# One number a cell: kind of match + 16 * state before the match + 64 * state before a Chinese line
# alone + 256 * state before an English line alone.
_Choices = npt.NDArray[np.uint16]


def best_path(scores: Scores, table: Table | None = None) -> list[Step]:
    """Returns the beads of the best alignment (Viterbi), covering every line in order.

    Args:
        scores: Scores of all matches of the band.
        table: Where to keep the scores of every row, for `with_confidence`; for narrow bands.
    """
    band, chain = scores.band, CHAIN
    rows: dict[int, tuple[Floats, npt.NDArray[np.intp]]] = {}  # best by any state, and which
    choices: list[_Choices] = []
    text = alone_zh = alone_en = np.zeros(0)
    for i in range(scores.zh_lines + 1):
        low, high = int(band.low[i]), int(band.high[i])
        size = high - low
        before_low = int(band.low[i - 1]) if i else 0
        above_text = _shifted(text, before_low, low, high) if i else np.full(size, -np.inf)
        above_zh = _shifted(alone_zh, before_low, low, high) if i else np.full(size, -np.inf)
        text = np.full(size, -np.inf)
        kind_of = np.zeros(size, dtype=np.uint16)
        if i == 0:
            text[0] = 0.0
        else:
            row = scores.row(i)
            if table is not None:
                table.append(row)
            for kind, score in row.items():
                a, b = kind
                total = score + _shifted(rows[i - a][0], int(band.low[i - a]), low - b, high - b)
                better = total > text
                text = np.where(better, total, text)
                kind_of[better] = _KINDS.index(kind)
        options = np.stack([above_text + chain.text_alone, above_zh + chain.alone_alone])
        from_zh = options.argmax(axis=0)
        alone_zh = options.max(axis=0)
        if i == 0:
            alone_zh[0] = _START_ALONE
        alone_en, from_en = _run_of_english(text, alone_zh, chain, at_start=i == 0)
        states = np.stack([text + chain.text_text, alone_zh + chain.zh_text,
                           alone_en + chain.en_text])  # fmt: skip
        rows[i] = states.max(axis=0), states.argmax(axis=0)
        rows.pop(i - MAX_MERGE, None)
        choice = kind_of + 64 * from_zh + 256 * from_en
        choices.append(choice.astype(np.uint16) + (16 * rows[i][1]).astype(np.uint16))
    last = int(np.argmax([text[-1], alone_zh[-1], alone_en[-1]]))
    return _walk_back(scores, choices, last)


def _run_of_english(
    text: Floats, alone_zh: Floats, chain: Chain, *, at_start: bool
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Returns the best scores of paths that end in an English line alone, and what was before."""
    entries = np.stack([text + chain.text_alone, alone_zh + chain.zh_en])
    first = _START_ALONE if at_start else -np.inf
    entry = np.concatenate(([first], entries.max(axis=0)[:-1]))
    slope = chain.alone_alone * np.arange(len(text))
    running = np.maximum.accumulate(entry - slope) + slope
    came = np.concatenate(([0], entries.argmax(axis=0)[:-1]))
    return running, np.where(running > entry + 1e-9, _EN, came)


def _walk_back(scores: Scores, choices: list[_Choices], state: int) -> list[Step]:
    steps: list[Step] = []
    i, j = scores.zh_lines, scores.en_lines
    while i or j:
        code = int(choices[i][j - int(scores.band.low[i])])
        if state == _TEXT:
            a, b = _KINDS[code % 16]
            # The state before the match is kept where the match starts.
            start = int(choices[i - a][j - b - int(scores.band.low[i - a])])
            state = start // 16 % 4
        elif state == _ZH:
            (a, b), state = (1, 0), code // 64 % 4
        else:
            (a, b), state = (0, 1), code // 256
        steps.append(Step(slice(i - a, i), slice(j - b, j)))
        i, j = i - a, j - b
    return steps[::-1]


def with_confidence(band: Band, rows: Table, path: list[Step]) -> list[Step]:
    """Gives each bead its posterior chance among all alignments of the (narrow) band.

    For a match that is the chance of just this match, for a line alone that it is alone. By the
    forward–backward algorithm, with scores divided by a temperature (in place: a long document has
    many).
    """
    chain = CHAIN.cooled(_TEMPERATURE)
    for one in rows:
        for row in one.values():
            row /= _TEMPERATURE
    table = rows
    forward, backward = _forward(band, table, chain), _backward(band, table, chain)
    whole = np.logaddexp.reduce(forward[-1][:, -1])
    zh_alone, en_alone = _alone(band, forward, backward)
    result = []
    for step in path:
        (a, b), i, j = step.kind, step.zh.stop, step.en.stop
        if a and b:
            origin = _ahead(forward[i - a], chain)[j - b - int(band.low[i - a])]
            at = j - int(band.low[i])
            chance = origin + table[i - 1][a, b][at] + backward[i][_TEXT, at]
        else:
            chance = zh_alone[i] if a else en_alone[j]
        result.append(Step(step.zh, step.en, float(np.exp(min(0.0, chance - whole)))))
    return result


def _alone(band: Band, forward: list[Floats], backward: list[Floats]) -> tuple[Floats, Floats]:
    """Returns, by line, the log sums of all paths on which a line of either side stands alone."""
    zh = np.full(len(forward), -np.inf)
    en = np.full(int(band.high[-1]), -np.inf)
    for i, (ahead, behind) in enumerate(zip(forward, backward, strict=True)):
        through = ahead + behind
        zh[i] = np.logaddexp.reduce(through[_ZH])
        low, high = int(band.low[i]), int(band.high[i])
        en[low:high] = np.logaddexp(en[low:high], through[_EN])
    return zh, en


def _ahead(states: Floats, chain: Chain) -> Floats:
    """Sums over states: a match, or the end, may follow."""
    return np.asarray(np.logaddexp(
        states[_TEXT] + chain.text_text,
        np.logaddexp(states[_ZH] + chain.zh_text, states[_EN] + chain.en_text),
    ))  # fmt: skip


def _forward(band: Band, table: Table, chain: Chain) -> list[Floats]:
    """Returns, by row, the log sums of all paths from the start to each state."""
    start = _START_ALONE / _TEMPERATURE
    forward: list[Floats] = []
    ahead: list[Floats] = []
    for i in range(len(table) + 1):
        low, high = int(band.low[i]), int(band.high[i])
        states = np.full((3, high - low), -np.inf)
        if i == 0:
            states[_TEXT, 0] = 0.0
            states[_ZH, 0] = start
        else:
            for (a, b), score in table[i - 1].items():
                before = _shifted(ahead[i - a], int(band.low[i - a]), low - b, high - b)
                states[_TEXT] = np.logaddexp(states[_TEXT], score + before)
            above, above_low = forward[i - 1], int(band.low[i - 1])
            states[_ZH] = np.logaddexp(
                _shifted(above[_TEXT], above_low, low, high) + chain.text_alone,
                _shifted(above[_ZH], above_low, low, high) + chain.alone_alone,
            )
        entry = np.logaddexp(states[_TEXT] + chain.text_alone, states[_ZH] + chain.zh_en)
        first = [start if i == 0 else -np.inf]
        states[_EN] = _along(np.concatenate((first, entry[:-1])), chain.alone_alone)
        forward.append(states)
        ahead.append(_ahead(states, chain))
    return forward


def _backward(band: Band, table: Table, chain: Chain) -> list[Floats]:
    """Returns, by row, the log sums of all paths from each state to the end."""
    n = len(table)
    backward: list[Floats] = [np.zeros((3, 0))] * (n + 1)
    for i in range(n, -1, -1):
        low, high = int(band.low[i]), int(band.high[i])
        match = np.full(high - low, -np.inf)
        end = np.full(high - low, -np.inf)
        if i == n:
            end[-1] = 0.0
        for a in range(1, min(MAX_MERGE, n - i) + 1):
            for (zh, b), score in table[i + a - 1].items():
                if zh == a:
                    after = score + backward[i + a][_TEXT]
                    match = np.logaddexp(
                        match, _shifted(after, int(band.low[i + a]), low + b, high + b)
                    )
        next_zh = np.full(high - low, -np.inf)
        if i < n:
            next_zh = _shifted(backward[i + 1][_ZH], int(band.low[i + 1]), low, high)
        states = np.empty((3, high - low))
        # An English line alone is followed by a match or by another one.
        leave = np.logaddexp(match + chain.en_text, end)
        states[_EN] = _along(leave[::-1], chain.alone_alone)[::-1]
        next_en = np.concatenate((states[_EN, 1:], [-np.inf]))
        states[_ZH] = np.logaddexp(
            np.logaddexp(match + chain.zh_text, end),
            np.logaddexp(next_zh + chain.alone_alone, next_en + chain.zh_en),
        )
        states[_TEXT] = np.logaddexp(
            np.logaddexp(match + chain.text_text, end),
            np.logaddexp(next_zh, next_en) + chain.text_alone,
        )
        backward[i] = states
    return backward


def _shifted(row: Floats, row_low: int, low: int, high: int) -> Floats:
    """Returns the entries low…high-1 of a row that starts at `row_low`; -inf outside of it."""
    result = np.full(high - low, -np.inf)
    first, last = max(low, row_low), min(high, row_low + len(row))
    if first < last:
        result[first - low : last - low] = row[first - row_low : last - row_low]
    return result


def _along(row: Floats, cost: float) -> Floats:
    """Adds the paths that take English lines alone: a running log-sum along the row."""
    slope = cost * np.arange(len(row))
    return np.asarray(np.logaddexp.accumulate(row - slope) + slope)

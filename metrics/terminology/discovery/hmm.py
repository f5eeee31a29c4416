"""Word order: a hidden Markov model of the jumps between neighbours' links.

Of two equal words in one sentence, the one near the previous word's link is likelier (Vogel, Ney
and Tillmann 1996). The words of one side are steps, those of the other side the states that explain
them; a step may also be explained by the empty word, which leaves the state (Och and Ney 2003).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xindaya.metrics.terminology.discovery.cells import BLOCK_CELLS, Floats, Ints, offsets
from xindaya.metrics.terminology.discovery.lexicon import TINY


@dataclass(frozen=True)
class Jumps:
    """How far from one step's state to the next one's.

    Attributes:
        near: Probability of each jump from -window to window, shape (2 * window + 1,).
        far: Share of jumps that go anywhere with equal chance.
        empty: Share of steps that no state explains.
    """

    near: Floats
    far: float
    empty: float

    @property
    def window(self) -> int:
        """The longest jump with a probability of its own."""
        return len(self.near) // 2

    def distances(self, states: int) -> Ints:
        """Returns the place in `near` of each move, longer jumps cut, shape (states, states)."""
        at = np.arange(states)
        cut: Ints = np.clip(at - at[:, None], -self.window, self.window)
        return cut + self.window

    def moves(self, states: int) -> Floats:
        """Returns p(state, not empty | previous state), shape (states, states)."""
        near = self.near[self.distances(states)]
        real = (1 - self.far) * near / near.sum(axis=1, keepdims=True) + self.far / states
        moves: Floats = (1 - self.empty) * real
        return moves


def first_jumps(window: int) -> Floats:
    """Returns probabilities before any training: the next word is likeliest."""
    weights: Floats = np.exp(-np.abs(np.arange(-window, window + 1) - 1) / 4.0)
    normal: Floats = weights / weights.sum()
    return normal


def forward_backward(
    emission: Floats,
    background: Floats,
    states: Ints,
    steps: Ints,
    jumps: Jumps,
    jump_counts: Floats | None = None,
) -> Floats:
    """Computes the posterior links of many sentences.

    Args:
        emission: p(step's word | state's word), sentence by sentence, states as rows, shape (cells,).
        background: p(step's word | empty word), shape (all steps,).
        states: Number of states of each sentence.
        steps: Number of steps of each sentence.
        jumps: The jump model.
        jump_counts: Expected jumps are added here, where given, shape of `jumps.near`.

    Returns:
        The probability that the state explains the step, shape (cells,).
    """
    posterior = np.zeros_like(emission)
    cell_at, step_at = offsets(states * steps), offsets(steps)
    for group in _groups(states, steps):
        size, length = int(states[group[0]]), int(steps[group].max())
        moves = jumps.moves(size)
        # From here on: shape (steps, sentences[, states]). Steps past a sentence's end say nothing.
        step = np.arange(length)[:, None]
        inside = step < steps[group]
        cell = cell_at[group][:, None] + np.arange(size) * steps[group][:, None]
        cell = np.where(inside[:, :, None], cell + step[:, :, None], 0)
        emit = np.where(inside[:, :, None], emission[cell] + TINY, 1.0)
        skip = np.where(inside, background[np.where(inside, step_at[group] + step, 0)] + TINY, 1.0)
        skip *= jumps.empty
        ahead, linked = np.empty_like(emit), np.empty_like(emit)
        before = np.full((len(group), size), 1.0 / size)
        for t in range(length):
            real = (before @ moves if t else before * (1 - jumps.empty)) * emit[t]
            before = real + before * skip[t][:, None]
            total = before.sum(axis=1, keepdims=True)
            before /= total
            linked[t], ahead[t] = real / total, before
        after = np.ones((len(group), size))
        for t in range(length - 1, -1, -1):
            linked[t] *= after / (ahead[t] * after).sum(axis=1, keepdims=True)
            emit[t] *= after
            after = emit[t] @ moves.T + after * skip[t][:, None]
            if t:
                emit[t] *= inside[t][:, None] / (ahead[t - 1] * after).sum(axis=1, keepdims=True)
            after /= after.mean(axis=1, keepdims=True)
        if jump_counts is not None:
            moved = moves * (ahead[:-1].reshape(-1, size).T @ emit[1:].reshape(-1, size))
            where = jumps.distances(size).ravel()
            jump_counts += np.bincount(where, moved.ravel(), minlength=len(jump_counts))
        within = np.broadcast_to(inside[:, :, None], cell.shape)
        posterior[cell[within]] = linked[within]
    return posterior


def _groups(states: Ints, steps: Ints) -> Iterator[Ints]:
    """Yields sentences of equally many states, in groups of bounded size; empty ones never."""
    order = np.lexsort((steps, states))
    order = order[(states[order] > 0) & (steps[order] > 0)]
    start = 0
    while start < len(order):
        size = states[order[start]]
        same = int(np.searchsorted(states[order], size, side="right"))
        end = start + 1
        while end < same and size * steps[order[end]] * (end + 1 - start) <= BLOCK_CELLS // 4:
            end += 1
        yield order[start:end]
        start = end

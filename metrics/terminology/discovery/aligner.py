"""A word aligner of our own: no dictionary, no pretrained model, only the sentence pairs.

1. *Characters*: model 1 between Chinese characters and English stems.
2. *Words*: model 1 between words, each word's table with a prior from its characters: a word seen
   once leans on its characters, a frequent one on itself.
3. *Order*: a hidden Markov model in both directions.
4. *Leftovers*: what no count explains is linked near its neighbours' links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xindaya.metrics.terminology.discovery.alignment import LinkTable, Sentences
from xindaya.metrics.terminology.discovery.cells import Block, Cells, Floats, Ints, offsets
from xindaya.metrics.terminology.discovery.hmm import Jumps, first_jumps, forward_backward
from xindaya.metrics.terminology.discovery.leftovers import link_leftovers
from xindaya.metrics.terminology.discovery.lexicon import (
    Prior,
    Tables,
    character_tables,
    estimate,
    train_model_1,
)
from xindaya.metrics.terminology.discovery.words import is_content, mostly_chinese, normal_form


@dataclass(frozen=True)
class HmmAligner:
    """Model 1 and a hidden Markov model in both directions, with a character prior.

    Attributes:
        character_iterations: Rounds of model 1 between characters and words.
        word_iterations: Rounds of model 1 between words.
        order_iterations: Rounds of the hidden Markov model.
        prior_weight: How many observations the characters' word is worth.
        smoothing: How many observations the bare frequency of a word is worth.
        empty: Share of words that render nothing.
        far: Share of jumps that go anywhere with equal chance.
        window: The longest jump that has its own probability.
    """

    character_iterations: int = 5
    word_iterations: int = 3
    order_iterations: int = 1
    prior_weight: float = 0.3
    smoothing: float = 3.0
    empty: float = 0.1
    far: float = 0.2
    window: int = 10

    def train(
        self,
        source: Sentences,
        target: Sentences,
        *,
        background: tuple[Sentences, Sentences] | None = None,
    ) -> LinkTable:
        """Learns from the pairs and aligns them; the same input always gives the same links.

        Raises:
            ValueError: The two sides have different numbers of sentences.
        """
        if len(source) != len(target):
            raise ValueError(f"{len(source)} source sentences for {len(target)} target sentences")
        # Characters are evidence on the Chinese side, so that side is always the left one.
        turned = mostly_chinese(target) and not mostly_chinese(source)
        left, right = _normal(target if turned else source), _normal(source if turned else target)
        aligned = len(left)
        if background is not None:
            left = left + _normal(background[turned])
            right = right + _normal(background[not turned])
        cells = Cells.of(left, right)
        if not len(cells.links):
            return _unlinked(source, target)
        model = self._trained(cells, left, right)
        links = self._links(model, [(source, target)[turned], (source, target)[not turned]])
        return _transposed(links, aligned) if turned else links

    def _trained(self, cells: Cells, left: Sentences, right: Sentences) -> _Model:
        characters = character_tables(cells, left, right, self.character_iterations)
        prior = Prior(characters, self.prior_weight, self.smoothing)
        tables = train_model_1(cells, self.word_iterations, prior)
        near = (first_jumps(self.window), first_jumps(self.window))
        model = _Model(cells, tables, self._jumps(near[0]), self._jumps(near[1]))
        for _ in range(self.order_iterations):
            counts = np.zeros(len(cells.keys))
            near = (np.ones(2 * self.window + 1), np.ones(2 * self.window + 1))
            for block in cells.blocks():
                forward, backward = model.posteriors(block, near)
                counts += np.bincount(block.links, forward * backward, minlength=len(counts))
            tables = estimate(cells, counts, prior)
            model = _Model(
                cells,
                tables,
                self._jumps(near[0] / near[0].sum()),
                self._jumps(near[1] / near[1].sum()),
            )
        return model

    def _jumps(self, near: Floats) -> Jumps:
        return Jumps(near, self.far, self.empty)

    def _links(self, model: _Model, sides: list[Sentences]) -> LinkTable:
        """Aligns the first sentences of the model's corpus, whose tokens are given."""
        count = len(sides[0])
        lengths = [side.lengths[:count] for side in (model.cells.left, model.cells.right)]
        at = offsets(lengths[0] * lengths[1])
        table = np.zeros(int(at[-1]), np.float16)
        for block in model.cells.blocks(count):
            forward, backward = model.posteriors(block)
            both = np.sqrt(forward * backward)
            for sentence in range(block.first, block.last):
                first, last = at[sentence : sentence + 2] - at[block.first]
                links = both[first:last].reshape(lengths[0][sentence], lengths[1][sentence])
                content = [np.array([is_content(t) for t in s[sentence]], bool) for s in sides]
                links = link_leftovers(links, *content)
                table[at[sentence] : at[sentence + 1]] = links.ravel()
        return LinkTable(table, at, np.stack(lengths, axis=1))


@dataclass(frozen=True)
class _Model:
    """A trained model of a corpus."""

    cells: Cells
    tables: Tables
    forward: Jumps
    backward: Jumps

    def posteriors(
        self, block: Block, jump_counts: tuple[Floats, Floats] | None = None
    ) -> tuple[Floats, Floats]:
        """Returns the posteriors of both directions in cell order; jumps are counted if asked."""
        forward = forward_backward(
            self.tables.forward[block.links],
            self.cells.right.shares[block.right_words],
            block.left_lengths,
            block.right_lengths,
            self.forward,
            jump_counts and jump_counts[0],
        )
        order = block.transposed
        turned = forward_backward(
            self.tables.backward[block.links][order],
            self.cells.left.shares[block.left_words],
            block.right_lengths,
            block.left_lengths,
            self.backward,
            jump_counts and jump_counts[1],
        )
        backward = np.empty_like(turned)
        backward[order] = turned
        return forward, backward


def _normal(sentences: Sentences) -> list[list[str]]:
    return [[normal_form(token) for token in tokens] for tokens in sentences]


def _transposed(links: LinkTable, sentences: int) -> LinkTable:
    """Changes the sides of every sentence."""
    cells = np.empty_like(links.cells)
    for sentence in range(sentences):
        first, last = links.offsets[sentence : sentence + 2]
        cells[first:last] = links.cells[first:last].reshape(links.shapes[sentence]).T.ravel()
    return LinkTable(cells, links.offsets, links.shapes[:, ::-1])


def _unlinked(source: Sentences, target: Sentences) -> LinkTable:
    """Nothing to learn from: every sentence pair has an empty side."""
    shapes = [(len(a), len(b)) for a, b in zip(source, target, strict=True)]
    sizes: Ints = np.array(shapes, np.int64).reshape(-1, 2)
    return LinkTable(np.zeros(0, np.float16), np.zeros(len(sizes) + 1, np.int64), sizes)

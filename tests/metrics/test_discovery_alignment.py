"""The word aligner: hand arithmetic on toys, symmetry, determinism, empty input."""

from __future__ import annotations

import numpy as np
import pytest

from xindaya.metrics.terminology.discovery import HmmAligner
from xindaya.metrics.terminology.discovery.cells import Cells
from xindaya.metrics.terminology.discovery.hmm import Jumps, first_jumps, forward_backward
from xindaya.metrics.terminology.discovery.leftovers import link_leftovers
from xindaya.metrics.terminology.discovery.lexicon import (
    Prior,
    Tables,
    character_tables,
    estimate,
    train_model_1,
)

ZH = [["房子", "大"], ["房子"], ["书", "大"], ["书"]] * 3
EN = [["big", "house"], ["house"], ["big", "book"], ["a", "book"]] * 3


def link(cells: Cells, left: str, right: str) -> int:
    key = cells.left.vocabulary[left] * len(cells.right.vocabulary) + cells.right.vocabulary[right]
    return int(np.searchsorted(cells.keys, key))


def test_cells_list_every_pair_once() -> None:
    cells = Cells.of([["a", "b"], ["a"]], [["x"], ["x", "y"]])
    assert cells.keys.tolist() == [-1, 0, 1, 2]  # dummy, a-x, a-y, b-x
    assert cells.links.tolist() == [1, 3, 1, 2]
    (block,) = cells.blocks()
    assert block.rows.tolist() == [0, 1, 2, 2]
    assert block.columns.tolist() == [0, 0, 1, 2]
    assert block.transposed.tolist() == [0, 1, 2, 3]


def test_model_1_by_hand() -> None:
    # Pairs: (a b | x y) and (a | x). First round, equal tables: posteriors are 1/2 forward and
    # backward in the first pair and 1 in the second: counts ax 1/4 + 1, ay = bx = by = 1/4.
    cells = Cells.of([["a", "b"], ["a"]], [["x", "y"], ["x"]])
    tables = train_model_1(cells, 1)
    assert tables.forward[link(cells, "a", "x")] == pytest.approx(1.25 / 1.5)
    assert tables.forward[link(cells, "b", "x")] == pytest.approx(0.5)
    # Second round: forward posterior of a-x is (5/6)/(5/6 + 1/2) = 5/8, backward the same;
    # of b-y: forward (1/2)/(1/6 + 1/2) = 3/4; so b-y 9/16, b-x (3/8)(1/4) = 3/32.
    tables = train_model_1(cells, 2)
    assert tables.forward[link(cells, "b", "y")] == pytest.approx((9 / 16) / (9 / 16 + 3 / 32))
    assert train_model_1(cells, 20).forward[link(cells, "b", "y")] > 0.99


def test_prior_is_a_dirichlet_mean() -> None:
    cells = Cells.of([["a"]], [["x", "y", "y"]])  # shares: x 1/3, y 2/3
    known = Tables(np.array([0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    tables = estimate(cells, np.array([0.0, 1.0, 3.0]), Prior(known, weight=2.0, smoothing=3.0))
    assert tables.forward[1:] == pytest.approx([(1 + 2 + 1) / 9, (3 + 0 + 2) / 9])


def test_characters_explain_a_new_word() -> None:
    zh, en = [["网络"], ["网站"], ["网民"]], [["net"], ["net"], ["net"]]
    cells = Cells.of(zh, en)
    assert character_tables(cells, zh, en, 3).forward[1:] == pytest.approx([1.0, 1.0, 1.0])


def test_words_spelled_alike_render_each_other() -> None:
    zh, en = [["2024", "年"]], [["in", "2024"]]
    cells = Cells.of(zh, en)
    assert character_tables(cells, zh, en, 1).forward[link(cells, "2024", "2024")] == 1.0


def brute_force(emit: np.ndarray, skip: np.ndarray, jumps: Jumps) -> np.ndarray:
    """Posteriors by summing over every path; a state is (place, explains the step or not)."""
    states, steps = emit.shape
    moves = jumps.moves(states)
    result, total = np.zeros_like(emit), 0.0
    for path in np.ndindex(*([2 * states] * steps)):
        p, before = 1.0, None
        for t, choice in enumerate(path):
            place, empty = choice % states, choice >= states
            if empty:
                p *= jumps.empty * skip[t] * (1 / states if before is None else place == before)
            else:
                first = (1 - jumps.empty) / states
                p *= emit[place, t] * (first if before is None else moves[before, place])
            before = place
        total += p
        for t, choice in enumerate(path):
            if choice < states:
                result[choice, t] += p
    return result / total


def test_hmm_equals_the_sum_over_all_paths() -> None:
    rng = np.random.default_rng(0)
    emit, skip = rng.random((2, 3)), rng.random(3)
    jumps = Jumps(first_jumps(2), far=0.2, empty=0.1)
    counts = np.zeros(5)
    found = forward_backward(
        emit.ravel(), skip, np.array([2]), np.array([3]), jumps, counts
    ).reshape(2, 3)
    assert found == pytest.approx(brute_force(emit, skip, jumps))
    assert counts.sum() == pytest.approx(found[:, 1:].sum())  # every real step but the first jumps


def test_hmm_keeps_sentences_apart() -> None:
    rng = np.random.default_rng(1)
    jumps = Jumps(first_jumps(3), far=0.2, empty=0.1)
    sizes = [(2, 3), (3, 1), (0, 2), (2, 4)]
    emits = [rng.random(size) for size in sizes]
    skips = [rng.random(size[1]) for size in sizes]
    together = forward_backward(
        np.concatenate([e.ravel() for e in emits]), np.concatenate(skips),
        np.array([s[0] for s in sizes]), np.array([s[1] for s in sizes]), jumps,
    )  # fmt: skip
    alone = [
        forward_backward(e.ravel(), s, np.array([e.shape[0]]), np.array([e.shape[1]]), jumps)
        for e, s in zip(emits, skips, strict=True)
    ]
    assert together == pytest.approx(np.concatenate(alone))


def test_leftovers_meet() -> None:
    links = np.array([[0.9, 0.0, 0.0], [0.0, 0.0, 0.0]])
    linked = link_leftovers(links, np.array([True, True]), np.array([True, True, False]))
    assert linked[1, 1] > 0.5
    assert linked[:, 2].sum() == 0.0  # a function word stays unlinked
    assert (linked >= links).all()
    assert (linked <= 1.0).all()


def test_learns_the_toy() -> None:
    links = HmmAligner(smoothing=0.5).train(ZH, EN).posteriors(0)
    assert links.shape == (2, 2)
    assert links[0].argmax() == 1  # 房子: house
    assert links[1].argmax() == 0  # 大: big


def test_both_directions_are_one_alignment() -> None:
    aligner = HmmAligner()
    there, back = aligner.train(ZH, EN), aligner.train(EN, ZH)
    for k in range(len(ZH)):
        assert np.array_equal(there.posteriors(k), back.posteriors(k).T)


def test_same_input_same_links() -> None:
    first, second = HmmAligner().train(ZH, EN), HmmAligner().train(ZH, EN)
    assert np.array_equal(first.cells, second.cells)


def test_background_teaches_and_is_not_aligned() -> None:
    table = HmmAligner().train(ZH[:1], EN[:1], background=(ZH[1:], EN[1:]))
    assert table.shapes.tolist() == [[2, 2]]
    assert table.posteriors(0)[0].argmax() == 1


def test_empty_sides() -> None:
    table = HmmAligner().train([[], ["大"], [], ["书"]], [["big"], [], [], ["book"]])
    assert [table.posteriors(k).shape for k in range(4)] == [(0, 1), (1, 0), (0, 0), (1, 1)]
    assert HmmAligner().train([], []).cells.shape == (0,)
    assert HmmAligner().train([[]], [["a"]]).posteriors(0).shape == (0, 1)


def test_sides_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 source sentences for 1"):
        HmmAligner().train([["大"], ["书"]], [["big"]])

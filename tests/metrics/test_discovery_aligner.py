"""The word aligner: hand arithmetic on toys, symmetry, determinism, empty input."""

from __future__ import annotations

import numpy as np
import pytest

from xindaya.metrics.terminology.discovery import Model1Aligner
from xindaya.metrics.terminology.discovery.aligner import (
    Prior,
    character_tables,
    estimate,
    link_leftovers,
    train_model_1,
)
from xindaya.metrics.terminology.discovery.cells import Cells, Tables

ZH = [["房子", "大"], ["房子"], ["书", "大"], ["书"]] * 3
EN = [["big", "house"], ["house"], ["big", "book"], ["a", "book"]] * 3


def link(cells: Cells, left: str, right: str) -> int:
    key = cells.left.vocabulary[left] * len(cells.right.vocabulary) + cells.right.vocabulary[right]
    return int(np.searchsorted(cells.keys, key))


def test_cells_list_every_pair_once() -> None:
    cells = Cells.of([["a", "b"], ["a"]], [["x"], ["x", "y"]])
    assert cells.keys.tolist() == [0, 1, 2]  # a-x, a-y, b-x
    assert cells.link.tolist() == [0, 2, 0, 1]
    assert cells.row.tolist() == [0, 1, 2, 2]
    assert cells.column.tolist() == [0, 0, 1, 2]


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
    known = Tables(np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    tables = estimate(cells, np.array([1.0, 3.0]), Prior(known, weight=2.0, smoothing=3.0))
    assert tables.forward == pytest.approx([(1 + 2 + 1) / 9, (3 + 0 + 2) / 9])


def test_characters_explain_a_new_word() -> None:
    zh, en = [["网络"], ["网站"], ["网民"]], [["net"], ["net"], ["net"]]
    cells = Cells.of(zh, en)
    assert character_tables(cells, zh, en, 3).forward == pytest.approx([1.0, 1.0, 1.0])


def test_words_spelled_alike_render_each_other() -> None:
    zh, en = [["2024", "年"]], [["in", "2024"]]
    cells = Cells.of(zh, en)
    assert character_tables(cells, zh, en, 1).forward[link(cells, "2024", "2024")] == 1.0


def test_neighbours_by_hand() -> None:
    # One sentence of 2 × 2 cells; the second right word is two tokens on. The cell (a, x) has the
    # neighbour (b, y): distances 1 and 2 differ by 1, so 0.7; and (b, y) has (a, x). The other two
    # are each other's neighbour in the opposite order: 0.3 of it.
    cells = Cells.of([["a", "b"]], [["x", "y"]], [[np.array([0, 1])], [np.array([0, 2])]])
    assert cells.beside(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(
        [4 * 0.7, 3 * 0.21, 2 * 0.21, 1 * 0.7]
    )


def test_leftovers_meet() -> None:
    cells = Cells.of([["a", "b"]], [["x", "y"]])
    links = np.array([0.9, 0.0, 0.0, 0.0])
    linked = link_leftovers(cells, links, np.ones(2))
    assert linked[3] > 0.5
    assert (linked >= links).all()
    assert (linked <= 1.0).all()


def test_learns_the_toy() -> None:
    links = Model1Aligner(smoothing=0.5).train(ZH, EN).posteriors(0)
    assert links.shape == (2, 2)
    assert links[0].argmax() == 1  # 房子: house
    assert links[1].argmax() == 0  # 大: big


def test_words_that_always_meet_are_told_apart_by_their_order() -> None:
    zh = [["自动", "驾驶", "技术"], ["研究", "自动", "驾驶"]] * 3
    en = [["autonomous", "driving", "technology"], ["study", "autonomous", "driving"]] * 3
    links = Model1Aligner(smoothing=0.5).train(zh, en).posteriors(0)
    assert links[0].argmax() == 0
    assert links[1].argmax() == 1


def test_function_words_stay_unlinked() -> None:
    links = Model1Aligner().train(ZH, EN).posteriors(3)  # 书: a book
    assert links[0].tolist()[0] == 0.0
    assert links[0].tolist()[1] > 0.5


def test_same_input_same_links() -> None:
    first, second = Model1Aligner().train(ZH, EN), Model1Aligner().train(ZH, EN)
    assert np.array_equal(first.cells, second.cells)


def test_background_teaches_and_is_not_aligned() -> None:
    table = Model1Aligner().train(ZH[:1], EN[:1], background=(ZH[1:], EN[1:]))
    assert table.sizes.tolist() == [[2, 2]]
    assert table.posteriors(0)[0].argmax() == 1


def test_empty_sides() -> None:
    table = Model1Aligner().train([[], ["大"], [], ["书"]], [["big"], [], [], ["book"]])
    assert [table.posteriors(k).shape for k in range(4)] == [(0, 1), (1, 0), (0, 0), (1, 1)]
    assert Model1Aligner().train([], []).cells.shape == (0,)
    assert Model1Aligner().train([[]], [["a"]]).posteriors(0).shape == (0, 1)


def test_sides_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 source sentences for 1"):
        Model1Aligner().train([["大"], ["书"]], [["big"]])

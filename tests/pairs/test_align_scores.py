"""Length, evidence and the search, with arithmetic done by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from xindaya.pairs.align.beads import PRIORS, Band, Scores, Step
from xindaya.pairs.align.evidence import Evidence, Feature, Side
from xindaya.pairs.align.learn import learn_links
from xindaya.pairs.align.length import LengthModel, LengthScore, chinese_length
from xindaya.pairs.align.search import CHAIN, best_path, with_confidence


def test_lengths_count_letters_as_part_of_a_character() -> None:
    # 4 characters and the full stop, and 3 letters at 0.3.
    assert chinese_length("使用GPS定位。") == pytest.approx(5 + 3 * 0.3)


def test_ratio_is_that_of_the_documents_and_follows_the_pairs() -> None:
    model = LengthModel.of(np.array([10.0, 30.0]), np.array([40.0, 120.0]))
    assert model.ratio == pytest.approx(math.log(4))
    # Ten pairs at exactly 3: (10 * log 3 + 3 * log 4) / 13, as the old ratio counts for three.
    refitted = model.refit([20.0] * 10, [60.0] * 10)
    assert refitted.ratio == pytest.approx((10 * math.log(3) + 3 * math.log(4)) / 13)
    # The spread is smaller than believed: no distance at all against ten at the old one.
    assert refitted.noise < model.noise


def test_length_score_of_one_to_one() -> None:
    zh, en = np.array([20.0, 40.0]), np.array([70.0, 140.0])
    model = LengthModel(ratio=math.log(3.5), floor=0.02, noise=0.9)
    score = LengthScore(model, zh, en).row(1, 1, 1, 2, 1)[0]
    # 70 = 3.5 * 20 exactly, so the density is that of the mean: 1 / sqrt(2 pi (0.02 + 0.9 / 20)).
    given = -0.5 * math.log(2 * math.pi * 0.065)
    # Against the background: mean of logs, deviation at least 0.6, one part in ten of 1/8.
    middle = (math.log(70) + math.log(140)) / 2
    distance = (math.log(70) - middle) / 0.6
    alone = math.log(0.9 * math.exp(-0.5 * distance**2) / (0.6 * math.sqrt(2 * math.pi)) + 0.1 / 8)
    assert score == pytest.approx(given - alone)


def _evidence(
    zh: list[list[str]], en: list[list[str]], links: list[tuple[str, str]], kept: float
) -> Evidence:
    sides = [
        Side([[Feature(key, kept, by_length=False) for key in line] for line in lines],
             np.full(len(lines), 10.0))
        for lines in (zh, en)
    ]  # fmt: skip
    return Evidence(sides[0], sides[1], links, {})


def test_evidence_of_found_and_missing() -> None:
    evidence = _evidence([["a"], [], []], [["A"], ["A"], []], [("a", "A")], kept=0.8)
    # "A" is found in one of three Chinese lines: share (1 + 0.5) / 4, so q = 0.375.
    found = math.log((0.8 + 0.2 * 0.375) / 0.375)
    missing = math.log(0.2)
    assert evidence.en_row(1, 1, 0, 3) == pytest.approx([found, found, 0.0])
    assert evidence.en_row(2, 1, 0, 3) == pytest.approx([missing, missing, 0.0])
    # Two Chinese lines, the first of which has it.
    assert evidence.en_row(2, 2, 0, 3) == pytest.approx([found, found, 0.0])
    # "a" is found in two of three English lines: q = 0.625.
    common = math.log((0.8 + 0.2 * 0.625) / 0.625)
    assert evidence.zh_row(0, 1, 1, 4) == pytest.approx([common, common, missing])
    assert evidence.found(slice(0, 1), slice(2, 3)) == [("zh", "a", False)]


def _brute_force(scores: Scores) -> tuple[float, list[Step]]:
    """Tries all alignments, a run of lines alone being Chinese first."""
    n, m = scores.zh_lines, scores.en_lines
    rows = {i: scores.row(i) for i in range(1, n + 1)}
    moves = [*PRIORS, (1, 0), (0, 1)]
    best = (-math.inf, [])

    def go(i: int, j: int, state: str, total: float, path: list[tuple[int, int]]) -> None:
        nonlocal best
        if (i, j) == (n, m):
            best = max(best, (total, path))
            return
        for a, b in moves:
            if i + a > n or j + b > m or (state == "en" and (a, b) == (1, 0)):
                continue
            if a and b:
                cost = {"text": CHAIN.text_text, "zh": CHAIN.zh_text, "en": CHAIN.en_text}[state]
                new = "text"
                cost += float(rows[i + a][a, b][j + b])
            else:
                new = "zh" if a else "en"
                cost = CHAIN.text_alone if state == "text" else (
                    CHAIN.alone_alone if state == new else CHAIN.zh_en)  # fmt: skip
                if not path:
                    # The document starts with a run.
                    cost = math.log(0.3) + CHAIN.alone_alone if a else math.log(0.3)
            go(i + a, j + b, new, total + cost, [*path, (a, b)])

    go(0, 0, "text", 0.0, [])
    return best


@pytest.mark.parametrize("seed", range(6))
def test_search_finds_what_trying_everything_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n, m = 3, 4
    zh = [[f"f{k}" for k in range(6) if draw.random() < 0.4] for _ in range(n)]
    en = [[f"F{k}" for k in range(6) if draw.random() < 0.4] for _ in range(m)]
    evidence = _evidence(zh, en, [(f"f{k}", f"F{k}") for k in range(6)], kept=0.9)
    lengths = draw.uniform(5, 40, n), draw.uniform(20, 120, m)
    length = LengthScore(LengthModel(math.log(3.5)), *lengths)
    band = Band.around([0] * (n + 1), 10, m)
    table: list[dict[tuple[int, int], np.ndarray]] = []
    path = best_path(Scores(length, evidence, band), table)
    _, expected = _brute_force(Scores(length, evidence, band))
    assert [step.kind for step in path] == expected
    confident = with_confidence(band, table, path)
    assert all(0 <= step.confidence <= 1 for step in confident)
    assert [(s.zh, s.en) for s in confident] == [(s.zh, s.en) for s in path]


def test_band_leaves_a_way_through() -> None:
    band = Band.around([0, 50, 50, 99], 3, 100)
    assert (band.low[0], band.high[-1]) == (0, 101)
    for (_, high), (low, _) in itertools.pairwise(zip(band.low, band.high, strict=True)):
        assert low < high


def test_words_are_learned_from_what_occurs_together() -> None:
    zh = [{"网信"}, {"网信"}, {"网信"}, set(), set(), set(), set(), set()]
    en = [{"cyberspac"}, {"cyberspac"}, {"cyberspac"}, *({"other"} for _ in range(5))]
    steps = [Step(slice(k, k + 1), slice(k, k + 1), 0.9) for k in range(8)]
    # G² of the table 3, 0, 0, 5: 2 (3 ln(8/3) + 5 ln(8/5)) = 10.6, above the threshold of 9.
    assert learn_links(steps, zh, en) == [("网信", "cyberspac")]
    doubted = [Step(s.zh, s.en, 0.2) for s in steps]
    assert learn_links(doubted, zh, en) == []

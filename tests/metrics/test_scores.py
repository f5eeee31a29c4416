"""Scores from elsewhere: found by their texts, averaged over what was scored, compared in pairs."""

import math

import numpy as np
import pytest

from xindaya.metrics.scores import ErrorSpan, Identity, Scores, SegmentScore, comparable
from xindaya.pairs import Segment, UsageError

SEGMENTS = [
    Segment("1", "甲", ("one",)),
    Segment("2", "乙", ("two",)),
    Segment("3", "甲", ("one",)),
]
A, B = ["one", "two", "one"], ["one", "three", "One"]
UNSCORED = SegmentScore(None, "longer than 512 tokens")


def made(*systems: list[float | None], outputs: list[list[str]], **identity: object) -> Scores:
    scores = [[UNSCORED if x is None else SegmentScore(x) for x in own] for own in systems]
    return Scores.of("COMET", Identity("COMET", **identity), SEGMENTS, outputs, scores)  # type: ignore[arg-type]


def test_rows_are_a_sum_and_a_count():
    metric = made([0.5, None, 0.5], [0.5, 0.25, 0.75], outputs=[A, B])
    rows = metric.rows(SEGMENTS, [B, A])
    assert rows.tolist() == [[[0.5, 1], [0.25, 1], [0.75, 1]], [[0.5, 1], [0, 0], [0.5, 1]]]
    assert metric.score(rows[0].sum(axis=0)) == 0.5  # 1.5 / 3
    assert metric.score(rows[1].sum(axis=0)) == 0.5  # 1 / 2, not 1 / 3
    assert math.isnan(metric.segment_score(rows[1][1]))
    assert metric.entry(SEGMENTS[1], "two") == UNSCORED


def test_other_texts_have_no_score():
    metric = made([0.5, 0.5, 0.5], outputs=[A])
    with pytest.raises(UsageError, match=r"segment '2', 'Two' \(1 output without\)"):
        metric.rows(SEGMENTS, [["one", "Two", "one"]])
    changed = [SEGMENTS[0], Segment("2", "丙", ("two",)), SEGMENTS[2]]
    with pytest.raises(UsageError, match="made from other texts"):
        metric.rows(changed, [A])
    other_reference = [Segment(s.id, s.source, ("ref",)) for s in SEGMENTS]
    with pytest.raises(UsageError):
        metric.rows(other_reference, [A])
    free = made([0.5, 0.5, 0.5], outputs=[A], reference=False)
    assert free.rows(other_reference, [A]).shape == (1, 3, 2)


def test_equal_outputs_of_a_segment_have_one_score():
    metric = made([0.2, 0.5, 0.2], [0.4, 0.5, 0.2], outputs=[A, A])
    first, second = metric.rows(SEGMENTS, [A, A])
    assert np.array_equal(first, second)
    assert first[0, 0] == pytest.approx(0.3)  # (0.2 + 0.4) / 2: segment 1
    assert first[2, 0] == 0.2  # the same texts in segment 3 were scored otherwise: by id


def test_a_comparison_is_made_on_what_both_have():
    metric = made([0.5, None, 0.9], [0.5, 0.1, None], outputs=[A, ["o", "t", "h"]])
    then, now = metric.paired(*metric.rows(SEGMENTS, [A, ["o", "t", "h"]]))
    assert then.tolist() == [[0.5, 1], [0, 0], [0, 0]]
    assert now.tolist() == [[0.5, 1], [0, 0], [0, 0]]


def test_the_signature_says_what_decides_the_numbers():
    identity = Identity(
        "XCOMET", "Unbabel/XCOMET-XL", revision="6a123c5", package="unbabel-comet", version="2.2.7",
        dtype="fp16", device="cuda", reference=True, source=True, cut_at=512, cut=3, failed=1,
    )  # fmt: skip
    assert str(identity) == (
        "measure:XCOMET|model:Unbabel/XCOMET-XL|rev:6a123c5|pkg:unbabel-comet|version:2.2.7|dtype:fp16"
        "|device:cuda|ref:yes|src:yes|max-tokens:512|cut:3|failed:1"
    )
    assert comparable(str(identity)).endswith("|max-tokens:512")
    assert str(Identity("a|b", extra=(("k", "x\ny"),))) == "measure:a b|model:unstated|k:x y"
    assert made([0.5, None, 0.5], outputs=[A]).identity.failed == 1


def test_spans_are_kept_with_their_score():
    spans = (ErrorSpan(0, 3, "major", "accuracy"),)
    given = [[SegmentScore(80, spans=spans), SegmentScore(90), SegmentScore(100)]]
    metric = Scores.of("judge", Identity("judge"), SEGMENTS, [A], given)
    # Segments 1 and 3 have the same texts and other scores.
    assert metric.entry(SEGMENTS[0], "one") == given[0][0]
    assert metric.entry(SEGMENTS[2], "one") == SegmentScore(100)


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", "1st", "x" * 41, "-a"])
def test_a_name_fits_files_and_gates(name):
    with pytest.raises(UsageError, match="expected a name"):
        Scores(name, Identity("x"), {})

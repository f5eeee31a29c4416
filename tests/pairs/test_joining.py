"""Deliveries of one source: which segment is which, and one corpus of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, Segment, UsageError
from xindaya.pairs.joining import alike, as_reference, join, match, read_delivery


def segments(*rows: tuple[str, str | None]) -> list[Segment]:
    return [Segment(identifier, source) for identifier, source in rows]


def corpus(name: str, *rows: tuple[str, str | None, str]) -> Corpus:
    own = segments(*((identifier, source) for identifier, source, _ in rows))
    return Corpus(name, "zh", "en", tuple(own), (), {name: tuple(text for *_, text in rows)})


def test_blanks_width_and_script_make_no_difference() -> None:
    assert alike(" ＡＢ　数\u200b据 ") == alike("AB數據") == "AB数据"
    assert alike(None) == ""


def test_an_id_decides_only_where_the_source_agrees_or_is_missing() -> None:
    ours = segments(("1", "甲"), ("2", "乙"), ("3", "丙"))
    # The ids are those of a tool, in another order: the source tells.
    assert match(segments(("1", "乙"), ("2", "甲")), ours) == {0: 1, 1: 0}
    assert match(segments(("3", None), ("9", None)), ours) == {0: 2}
    assert match(segments(("1", "丁")), ours) == {}


def test_a_source_that_stands_twice_is_told_by_id_witness_and_neighbours() -> None:
    ours = segments(("1", "好"), ("2", "甲"), ("3", "好"), ("4", "乙"))
    assert match(
        segments(
            ("3", "好"),
        ),
        ours,
    ) == {0: 2}
    # Between the same neighbours as the second one.
    assert match(segments(("x", "甲"), ("y", "好"), ("z", "乙")), ours)[1] == 2
    assert match(segments(("x", "好")), ours) == {0: 0}
    assert match(segments(("x", "好")), ours, lambda _a, b: b == 2) == {0: 2}


@given(st.lists(st.sampled_from("甲乙丙"), max_size=8), st.randoms(use_true_random=False))
def test_any_order_is_matched_whole(sources: list[str], random) -> None:
    ours = segments(*((str(n), source) for n, source in enumerate(sources)))
    theirs = segments(*((f"x{n}", f" {source} ") for n, source in enumerate(sources)))
    random.shuffle(theirs)
    found = match(theirs, ours)
    assert sorted(found.values()) == list(range(len(ours)))
    assert all(alike(theirs[a].source) == alike(ours[b].source) for a, b in found.items())


def test_join_keeps_what_all_have_and_lists_the_rest() -> None:
    first = corpus("a", ("1", "甲", "A1"), ("2", "乙", "A2"), ("3", "丙", "A3"))
    second = corpus("b", ("u1", "丙", "B3"), ("u2", "甲 ", "B1"), ("u3", "丁", "B4"))
    reference = as_reference(corpus("r", ("1", "甲", "R1")))
    joined, unmatched = join({"a": first, "b": second, "r": reference}, name="x")
    assert [s.id for s in joined.segments] == ["1", "3"]
    assert joined.systems == {"a": ("A1", "A3"), "b": ("B1", "B3")}
    # A reference that is missing leaves the segment in.
    assert joined.reference("r") == ("R1", None)
    assert joined.segments[0].extra == {"b:id": "u2", "b:source": "甲 "}
    assert unmatched == (("a", "2", "乙\nA2"), ("b", "u3", "丁\nB4"))
    assert [(item.place, item.text) for item in joined.left_out] == [
        ("a, 2", "乙\nA2"), ("b, u3", "丁\nB4"),
    ]  # fmt: skip


def test_what_cannot_be_joined() -> None:
    one = corpus("a", ("1", "甲", "A"))
    with pytest.raises(UsageError, match="system 'a' is in x and in y"):
        join({"x": one, "y": one})
    with pytest.raises(NothingToEvaluateError, match="no segment is in all of a, b"):
        join({"a": one, "b": corpus("b", ("2", "乙", "B"))})
    other = Corpus("b", "en", "zh", (Segment("1", "a"),), (), {"b": ("甲",)})
    with pytest.raises(UsageError, match="a goes from zh to en, b from en to zh"):
        join({"a": one, "b": other})


def test_a_delivery_is_never_a_reference(tmp_path: Path) -> None:
    path = tmp_path / "d.tsv"
    path.write_text("id\tsource\treference\n1\t甲乙丙\tOne two\n", "utf-8")
    assert read_delivery(path, "acme").systems == {"acme": ("One two",)}
    path.write_text("id\tzh\treference\tsystem:x\n1\t甲乙丙\tOne two\tUno\n", "utf-8")
    found = read_delivery(path, "acme")
    assert (found.systems, found.reference_names) == ({"acme": ("Uno",)}, ("A",))
    path.write_text("id\tzh\tsystem:x\tsystem:y\n1\t甲乙丙\tUno\tDos\n", "utf-8")
    with pytest.raises(InputError, match="outputs: x, y; expected one translation, that of acme"):
        read_delivery(path, "acme")
    assert set(read_delivery(path, "acme", own_names=True).systems) == {"x", "y"}
